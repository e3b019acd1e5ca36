/*
 * The prescan of the HTML standard, which looks at bytes before anyone knows
 * what characters they are: that works for all encodings that contain ASCII.
 */

#include "base/text/charset_sniff.h"

enum { SNIFF_MOST = 1024 };

static char lower(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

static bool is_letter(char c)
{
	return lower(c) >= 'a' && lower(c) <= 'z';
}

static bool same(struct slice a, struct slice small)
{
	size_t i;

	for (i = 0; i < a.len && i < small.len; i++)
		if (lower(a.at[i]) != small.at[i])
			return false;
	return a.len == small.len;
}

static size_t skip_space(struct slice s, size_t at)
{
	while (at < s.len && is_space(s.at[at]))
		at++;
	return at;
}

/* A value in quotes or without, at `at`; unquoted it ends at `stop` too. */
static struct slice value_at(struct slice s, size_t at, char stop)
{
	size_t from = at;

	if (at < s.len && (s.at[at] == '"' || s.at[at] == '\'')) {
		struct slice inside = slice_cut(s, at + 1, s.len);
		size_t end = slice_find(inside, s.at[at]);

		return end < inside.len ? slice_cut(inside, 0, end)
		                        : (struct slice){ 0 };
	}
	while (at < s.len && !is_space(s.at[at]) && s.at[at] != stop)
		at++;
	return slice_cut(s, from, at);
}

/* The first "charset =" and what it names. */
static struct slice charset_in(struct slice s)
{
	size_t at;

	for (at = 0; at + 7 < s.len; at++) {
		size_t value;

		if (!same(slice_cut(s, at, at + 7), SLICE("charset")))
			continue;
		value = skip_space(s, at + 7);
		if (value < s.len && s.at[value] == '=')
			return value_at(s, skip_space(s, value + 1), ';');
	}
	return (struct slice){ 0 };
}

struct slice charset_sniff_header(struct slice header)
{
	size_t semicolon = slice_find(header, ';');

	return charset_in(slice_cut(header, semicolon, header.len));
}

/* One attribute of the tag that is being read; false: the tag ends. */
static bool attribute_next(struct slice s, size_t *at, struct slice *name,
                           struct slice *value)
{
	size_t i = *at, from;

	while (i < s.len && (is_space(s.at[i]) || s.at[i] == '/'))
		i++;
	*at = i;
	if (i == s.len || s.at[i] == '>')
		return false;
	from = i++;
	while (i < s.len && !is_space(s.at[i]) && s.at[i] != '/' &&
	       s.at[i] != '>' && s.at[i] != '=')
		i++;
	*name = slice_cut(s, from, i);
	*value = slice_cut(s, i, i);
	*at = i;
	i = skip_space(s, i);
	if (i == s.len || s.at[i] != '=')
		return true;
	i = skip_space(s, i + 1);
	if (i == s.len)
		return false;
	*value = value_at(s, i, '>');
	if (s.at[i] == '"' || s.at[i] == '\'') {
		if (!value->at)
			return false;
		i += 2;
	}
	*at = i + value->len;
	return true;
}

/* The attributes of a <meta>: *at is moved behind them. */
static struct slice meta_read(struct slice s, size_t *at)
{
	struct slice charset = { 0 }, content = { 0 }, name, value;
	bool pragma = false;

	while (attribute_next(s, at, &name, &value)) {
		if (same(name, SLICE("charset")) && !charset.at)
			charset = value;
		else if (same(name, SLICE("content")) && !content.at)
			content = charset_in(value);
		else if (same(name, SLICE("http-equiv")))
			pragma |= same(value, SLICE("content-type"));
	}
	if (charset.at)
		return charset;
	return pragma ? content : charset;
}

/* Behind the next `end`, or the end of all. */
static size_t skip_to(struct slice s, size_t at, struct slice end)
{
	while (at < s.len && !slice_starts(slice_cut(s, at, s.len), end))
		at++;
	return at < s.len ? at + end.len : at;
}

static size_t skip_tag(struct slice s, size_t at)
{
	struct slice name, value;

	while (at < s.len && !is_space(s.at[at]) && s.at[at] != '>')
		at++;
	while (attribute_next(s, &at, &name, &value))
		;
	return at;
}

struct slice charset_sniff_meta(struct slice html)
{
	struct slice s = slice_cut(html, 0, SNIFF_MOST), found;
	size_t at = 0;

	while ((at += slice_find(slice_cut(s, at, s.len), '<')) < s.len) {
		struct slice tag = slice_cut(s, at, s.len);
		char next = tag.len > 1 ? tag.at[1] : '\0';
		bool closes =
		        next == '/' && tag.len > 2 && is_letter(tag.at[2]);

		if (slice_starts(tag, SLICE("<!--"))) {
			/* "<!-->" is a whole comment. */
			at = skip_to(s, at + 2, SLICE("-->"));
		} else if (same(slice_cut(tag, 0, 5), SLICE("<meta")) &&
		           tag.len > 5 &&
		           (is_space(tag.at[5]) || tag.at[5] == '/')) {
			at += 5;
			found = meta_read(s, &at);
			if (found.at)
				return found;
		} else if (is_letter(next) || closes) {
			at = skip_tag(s, at + 1 + closes);
		} else if (next == '!' || next == '/' || next == '?') {
			at = skip_to(s, at + 1, SLICE(">"));
		} else {
			at++;
		}
	}
	return (struct slice){ 0 };
}

struct slice charset_sniff_xml(struct slice xml)
{
	struct slice s = slice_cut(xml, 0, SNIFF_MOST), name, value;
	size_t at = 5;

	if (!slice_starts(s, SLICE("<?xml")) || s.len == 5 ||
	    !is_space(s.at[5]))
		return (struct slice){ 0 };
	s = slice_cut(s, 0, skip_to(s, 0, SLICE("?>")));
	while (attribute_next(s, &at, &name, &value))
		if (same(name, SLICE("encoding")))
			return value;
	return (struct slice){ 0 };
}
