/*
 * Reference resolution by RFC 3986, section 5.2, on text: parts are cut, not
 * decoded. Dots are removed from paths that were put together here only, so
 * that an absolute address stays as its author wrote it.
 */

#include "base/text/markdown_link.h"

/* scheme ":" "//" authority path "?" query "#" fragment; scheme, authority,
 * query and fragment with their marks, empty when not there. */
struct reference {
	struct slice scheme, authority, path, query, fragment;
};

static bool link_letter(char c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/* Length of "scheme:", or 0. */
static size_t link_scheme(struct slice s)
{
	size_t i;

	if (!s.len || !link_letter(s.at[0]))
		return 0;
	for (i = 1; i < s.len; i++) {
		char c = s.at[i];

		if (c == ':')
			return i + 1;
		if (!link_letter(c) && !(c >= '0' && c <= '9') && c != '+' &&
		    c != '-' && c != '.')
			return 0;
	}
	return 0;
}

static struct reference link_split(struct slice s)
{
	struct reference r = { 0 };
	size_t end = link_scheme(s);

	r.scheme = slice_cut(s, 0, end);
	s = slice_cut(s, end, s.len);
	end = slice_find(s, '#');
	r.fragment = slice_cut(s, end, s.len);
	s = slice_cut(s, 0, end);
	end = slice_find(s, '?');
	r.query = slice_cut(s, end, s.len);
	s = slice_cut(s, 0, end);
	if (slice_starts(s, SLICE("//"))) {
		end = 2 + slice_find(slice_cut(s, 2, s.len), '/');
		r.authority = slice_cut(s, 0, end);
		s = slice_cut(s, end, s.len);
	}
	r.path = s;
	return r;
}

/* Drops the last segment of what `out` holds from `start` on. */
static void link_up(struct buf *out, size_t start)
{
	size_t len = out->len;

	while (len > start && out->at[len - 1] != '/')
		len--;
	buf_cut(out, len > start ? len - 1 : start);
}

/* Appends `path` without its dot segments (section 5.2.4). */
static void link_dots(struct slice path, struct buf *out, size_t start)
{
	while (path.len) {
		size_t head = path.at[0] == '/';
		size_t end =
		        head + slice_find(slice_cut(path, head, path.len), '/');
		struct slice segment = slice_cut(path, head, end);
		bool last = end == path.len;

		if (slice_eq(segment, SLICE("..")))
			link_up(out, start);
		else if (!slice_eq(segment, SLICE(".")))
			buf_add(out, slice_cut(path, 0, end));
		if (last && (slice_eq(segment, SLICE("..")) ||
		             slice_eq(segment, SLICE("."))))
			buf_byte(out, '/');
		path = slice_cut(path, end, path.len);
	}
}

static void link_resolve(struct slice base, struct slice href, struct buf *out)
{
	struct reference r = link_split(href), b = link_split(base);
	size_t start;

	if (r.scheme.len || !b.scheme.len) {
		buf_add(out, href);
		return;
	}
	buf_add(out, b.scheme);
	buf_add(out, r.authority.len ? r.authority : b.authority);
	start = out->len;
	if (r.authority.len || (r.path.len && r.path.at[0] == '/')) {
		link_dots(r.path, out, start);
	} else if (!r.path.len) {
		buf_add(out, b.path);
		if (!r.query.len)
			r.query = b.query;
	} else {
		struct buf path = BUF_INIT(out->ceiling);
		size_t cut = b.path.len;

		while (cut && b.path.at[cut - 1] != '/')
			cut--;
		buf_add(&path, slice_cut(b.path, 0, cut));
		if (!cut)
			buf_byte(&path, '/');
		buf_add(&path, r.path);
		link_dots(buf_slice(&path), out, start);
		buf_release(&path);
	}
	buf_add(out, r.query);
	buf_add(out, r.fragment);
}

/* Whether parentheses pair up, as Markdown wants them in a target. */
static bool link_paired(struct slice s)
{
	size_t i, open = 0;

	for (i = 0; i < s.len; i++) {
		if (s.at[i] == '(')
			open++;
		if (s.at[i] == ')' && !open--)
			return false;
	}
	return !open;
}

static bool link_strange(unsigned char c, bool paired)
{
	return c <= ' ' || c == 0x7F || c == '<' || c == '>' || c == '"' ||
	       c == '\\' || c == '`' || c == '|' ||
	       (!paired && (c == '(' || c == ')'));
}

/* Appends `s` with what is strange percent encoded. */
static void link_encode(struct slice s, struct buf *out)
{
	bool paired = link_paired(s);
	size_t i, from = 0;

	for (i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.at[i];
		/* U+0080 to U+00A0: controls and the no-break space. */
		bool latin = c == 0xC2 && i + 1 < s.len &&
		             (unsigned char)s.at[i + 1] <= 0xA0;

		if (!link_strange(c, paired) && !latin)
			continue;
		buf_add(out, slice_cut(s, from, i));
		buf_addf(out, "%%%02X", c);
		if (latin)
			buf_addf(out, "%%%02X", (unsigned char)s.at[++i]);
		from = i + 1;
	}
	buf_add(out, slice_cut(s, from, s.len));
}

static bool link_has_scheme(struct slice s, const char *scheme)
{
	size_t i;

	for (i = 0; scheme[i]; i++)
		if (i >= s.len || (s.at[i] | 0x20) != (scheme[i] | 0x20))
			return false;
	return true;
}

/* Browsers ignore line ends and tabs inside an address: so did an attacker. */
static struct slice link_bare(struct slice s, struct buf *scratch)
{
	size_t i;

	s = slice_trim(s);
	for (i = 0; i < s.len && (unsigned char)s.at[i] >= ' '; i++)
		;
	if (i == s.len)
		return s;
	for (i = 0; i < s.len; i++)
		if ((unsigned char)s.at[i] >= ' ')
			buf_byte(scratch, s.at[i]);
	return buf_slice(scratch);
}

bool markdown_link(struct slice base, struct slice href, struct buf *out)
{
	struct buf bare = BUF_INIT(href.len), whole = BUF_INIT(out->ceiling);
	struct slice s = link_bare(href, &bare);
	bool good = s.len && !link_has_scheme(s, "javascript:") &&
	            !link_has_scheme(s, "vbscript:") &&
	            !link_has_scheme(s, "data:");

	if (good && base.len && !link_scheme(s)) {
		link_resolve(base, s, &whole);
		s = buf_slice(&whole);
	}
	if (good)
		link_encode(s, out);
	buf_release(&bare);
	buf_release(&whole);
	return good;
}
