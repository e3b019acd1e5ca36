/*
 * Patterns are matched as they stand, one node at a time: pages are small, and
 * a table of patterns reads better than code.
 */

#include "crawler/stack_pick.h"

#include <string.h>

#include "base/clock.h"
#include "base/limits.h"

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool has_word(struct slice text, struct slice word)
{
	size_t i = 0, from;

	while (i < text.len) {
		while (i < text.len && is_blank(text.at[i]))
			i++;
		from = i;
		while (i < text.len && !is_blank(text.at[i]))
			i++;
		if (slice_eq(slice_cut(text, from, i), word))
			return true;
	}
	return false;
}

static bool contains(struct slice s, struct slice part)
{
	size_t i;

	for (i = 0; i + part.len <= s.len; i++)
		if (!memcmp(s.at + i, part.at, part.len))
			return true;
	return false;
}

/* "name", "name=value", "name^=value" or "name*=value". */
static bool matches_attribute(const struct markup *m,
                              const struct markup_node *n, struct slice test)
{
	size_t equals = slice_find(test, '=');
	struct slice wanted = slice_cut(test, equals + 1, test.len), value;
	char kind = '=', name[64];

	if (equals && equals < test.len &&
	    (test.at[equals - 1] == '^' || test.at[equals - 1] == '*'))
		kind = test.at[--equals];
	if (equals >= sizeof(name))
		return false;
	memcpy(name, test.at, equals);
	name[equals] = '\0';
	value = markup_attribute(m, n, name);
	if (!value.at)
		return false;
	if (equals == test.len)
		return true;
	if (kind == '^')
		return slice_starts(value, wanted);
	return kind == '*' ? contains(value, wanted) : slice_eq(value, wanted);
}

/* How long the part at the head of `p` is: up to the next of ".#[". */
static size_t part_length(struct slice p)
{
	size_t n = 1;

	if (p.at[0] == '[')
		return slice_find(p, ']') + 1;
	while (n < p.len && !strchr(".#[", p.at[n]))
		n++;
	return n;
}

static bool matches_one(const struct markup *m, const struct markup_node *n,
                        struct slice p)
{
	while (p.len) {
		size_t len = part_length(p);
		struct slice part = slice_cut(p, 0, len);
		struct slice rest = slice_cut(part, 1, part.len);
		bool ok;

		if (part.at[0] == '.')
			ok = has_word(markup_attribute(m, n, "class"), rest);
		else if (part.at[0] == '#')
			ok = slice_eq(markup_attribute(m, n, "id"), rest);
		else if (part.at[0] == '[')
			ok = matches_attribute(
			        m, n, slice_cut(rest, 0, rest.len - 1));
		else
			ok = slice_eq(n->name, part);
		if (!ok)
			return false;
		p = slice_cut(p, len, p.len);
	}
	return true;
}

bool pick_matches(const struct markup *m, uint32_t n, const char *pattern)
{
	struct slice p = slice_of(pattern);

	if (m->nodes[n].kind != MARKUP_ELEMENT)
		return false;
	while (p.len) {
		size_t comma = slice_find(p, ',');

		if (matches_one(m, &m->nodes[n], slice_cut(p, 0, comma)))
			return true;
		p = slice_cut(p, comma + 1, p.len);
	}
	return false;
}

uint32_t pick(const struct markup *m, uint32_t from, uint32_t end,
              const char *pattern)
{
	for (; from < end; from++)
		if (pick_matches(m, from, pattern))
			return from;
	return MARKUP_NONE;
}

uint32_t pick_in(const struct markup *m, uint32_t n, const char *pattern)
{
	if (n == MARKUP_NONE)
		return MARKUP_NONE;
	return pick(m, n + 1, markup_end(m, n), pattern);
}

struct slice pick_value(const struct markup *m, uint32_t n, const char *name)
{
	if (n == MARKUP_NONE)
		return (struct slice){ 0 };
	return markup_attribute(m, &m->nodes[n], name);
}

/* The length of the white space at `i`, U+00A0 included. */
static size_t blank_length(struct slice s, size_t i)
{
	if (is_blank(s.at[i]))
		return 1;
	return slice_starts(slice_cut(s, i, s.len), SLICE("\xC2\xA0")) ? 2 : 0;
}

/* Appends with runs of white space as one blank; *gap: one is owed. */
static void add_folded(struct slice s, bool *gap, struct buf *out)
{
	size_t i = 0, n;

	while (i < s.len) {
		if ((n = blank_length(s, i))) {
			*gap = true;
			i += n;
			continue;
		}
		if (*gap && out->len)
			buf_byte(out, ' ');
		*gap = false;
		buf_byte(out, s.at[i++]);
	}
}

struct slice pick_text(const struct markup *m, uint32_t n, struct arena *a)
{
	struct buf out = BUF_INIT(LIMIT_LINK);
	struct slice s = { 0 };
	bool gap = false;
	uint32_t end, i;

	if (n == MARKUP_NONE)
		return s;
	end = markup_end(m, n);
	for (i = n; i < end; i++) {
		if (m->nodes[i].kind == MARKUP_TEXT)
			add_folded(m->nodes[i].text, &gap, &out);
		else if (slice_eq(m->nodes[i].name, SLICE("br")))
			gap = true;
	}
	s = arena_copy(a, buf_slice(&out));
	buf_release(&out);
	return s;
}

/* The length of what separates thousands at `i`; 0: nothing does. Behind it
 * stand three digits. */
static size_t separator_length(struct slice s, size_t i)
{
	static const char *const separators[] = {
		",", ".", " ", "'", "\xC2\xA0", "\xE2\x80\xAF", "\xE2\x80\x89"
	};
	struct slice rest = slice_cut(s, i, s.len);
	size_t k;

	for (k = 0; k < sizeof(separators) / sizeof(*separators); k++) {
		struct slice it = slice_of(separators[k]);
		size_t n = it.len;

		if (slice_starts(rest, it) && rest.len >= n + 3 &&
		    is_digit(rest.at[n]) && is_digit(rest.at[n + 1]) &&
		    is_digit(rest.at[n + 2]) &&
		    (rest.len == n + 3 || !is_digit(rest.at[n + 3])))
			return n;
	}
	return 0;
}

bool pick_number(struct slice s, int64_t *out)
{
	size_t i = 0, gap;
	int64_t n = 0;
	bool minus;

	while (i < s.len && !is_digit(s.at[i]))
		i++;
	if (i == s.len)
		return false;
	minus = (i >= 1 && s.at[i - 1] == '-') ||
	        (i >= 3 && !memcmp(s.at + i - 3, "\xE2\x88\x92", 3));
	while (i < s.len && n < INT64_MAX / 100) {
		if (is_digit(s.at[i]))
			n = n * 10 + (s.at[i++] - '0');
		else if ((gap = separator_length(s, i)))
			i += gap;
		else
			break;
	}
	*out = minus ? -n : n;
	return true;
}

bool pick_id(struct slice s, const char *head, int64_t *out)
{
	struct slice wanted = slice_of(head);
	size_t i, from;

	for (i = 0; i + wanted.len < s.len; i++) {
		if (memcmp(s.at + i, wanted.at, wanted.len))
			continue;
		i = from = i + wanted.len;
		while (i < s.len && is_digit(s.at[i]))
			i++;
		return slice_number(slice_cut(s, from, i), out) && *out > 0;
	}
	return false;
}

int64_t pick_time(struct slice s)
{
	int64_t time;

	s = slice_trim(slice_cut(s, 0, slice_find(s, ',')));
	return clock_read(s, &time) ? time : CLOCK_NONE;
}

/* What a site adds within the text of a post. */
static bool is_foreign(const struct markup *m, uint32_t n)
{
	return pick_matches(m, n,
	                    "script,style,noscript,button,svg,iframe,"
	                    ".js-post-notice,aside.s-notice,.post-notice,"
	                    ".question-originals-of-duplicate,"
	                    ".question-status");
}

struct markup pick_part(const struct markup *m, uint32_t root, struct arena *a)
{
	uint32_t end = markup_end(m, root), i, count = 0;
	struct markup_node *nodes = arena_array(a, end - root, sizeof(*nodes));
	uint32_t *number = arena_array(a, end - root, sizeof(*number));
	uint32_t *last = arena_array(a, end - root, sizeof(*last));
	struct markup out = { 0 };

	for (i = root; i < end; i++) {
		struct markup_node *n = &nodes[count];
		uint32_t up;

		if (i > root && is_foreign(m, i)) {
			i = markup_end(m, i) - 1;
			continue;
		}
		*n = m->nodes[i];
		n->parent = n->first = n->next = MARKUP_NONE;
		number[i - root] = count;
		last[count] = MARKUP_NONE;
		if (i > root) {
			up = number[m->nodes[i].parent - root];
			n->parent = up;
			if (last[up] == MARKUP_NONE)
				nodes[up].first = count;
			else
				nodes[last[up]].next = count;
			last[up] = count;
		}
		count++;
	}
	out.nodes = nodes;
	out.node_count = count;
	out.attributes = m->attributes;
	return out;
}

static void add_escaped(struct slice s, bool value, struct buf *out)
{
	size_t i;

	for (i = 0; i < s.len; i++) {
		char c = s.at[i];

		if (c == '&')
			buf_text(out, "&amp;");
		else if (c == '<' && !value)
			buf_text(out, "&lt;");
		else if (c == '>' && !value)
			buf_text(out, "&gt;");
		else if (c == '"' && value)
			buf_text(out, "&quot;");
		else
			buf_byte(out, c);
	}
}

static bool is_void(struct slice name)
{
	static const char *const names[] = { "br",    "hr",    "img",  "input",
		                             "wbr",   "col",   "area", "embed",
		                             "meta",  "link",  "base", "param",
		                             "track", "source" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (slice_eq(name, slice_of(names[i])))
			return true;
	return false;
}

static void add_start(const struct markup *m, const struct markup_node *n,
                      struct buf *out)
{
	uint32_t i;

	buf_byte(out, '<');
	buf_add(out, n->name);
	for (i = 0; i < n->attribute_count; i++) {
		const struct markup_attribute *it =
		        &m->attributes[n->attribute + i];

		buf_byte(out, ' ');
		buf_add(out, it->name);
		buf_text(out, "=\"");
		add_escaped(it->value, true, out);
		buf_byte(out, '"');
	}
	buf_byte(out, '>');
}

static void add_end(const struct markup_node *n, struct buf *out)
{
	if (n->kind != MARKUP_ELEMENT || is_void(n->name))
		return;
	buf_text(out, "</");
	buf_add(out, n->name);
	buf_byte(out, '>');
}

void pick_html(const struct markup *m, struct buf *out)
{
	uint32_t i, up, after;

	for (i = 1; i < m->node_count; i++) {
		const struct markup_node *n = &m->nodes[i];

		if (n->kind == MARKUP_TEXT)
			add_escaped(n->text, false, out);
		else
			add_start(m, n, out);
		if (n->first != MARKUP_NONE)
			continue;
		/* It ends here, and with it all whose last node it is. */
		after = i + 1 < m->node_count ? m->nodes[i + 1].parent : 0;
		for (up = i; up != after && up; up = m->nodes[up].parent)
			add_end(&m->nodes[up], out);
	}
}
