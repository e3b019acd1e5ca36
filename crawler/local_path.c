/*
 * A path is compared with '/' as the lowest byte. Patterns are matched with
 * two places to go back to, one for the last `*` and one for the last `**`:
 * an earlier one of the same kind never has to be tried again, so matching
 * takes no recursion and no more than pattern times path squared steps, both
 * of which are short.
 */

#include "crawler/local_path.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/net/url.h"
#include "base/text/unicode.h"
#include "base/utf8.h"

enum { PATTERNS = 256, PATTERN_LONG = 512 };

struct local_pick {
	struct slice extensions, include, exclude;
};

static int rank(char c)
{
	return c == '/' ? 0 : (unsigned char)c + 1;
}

int local_path_compare(struct slice a, struct slice b)
{
	size_t i, n = a.len < b.len ? a.len : b.len;

	for (i = 0; i < n && a.at[i] == b.at[i]; i++)
		;
	if (i < n)
		return rank(a.at[i]) - rank(b.at[i]);
	return (a.len > b.len) - (a.len < b.len);
}

static struct slice next_part(struct slice *rest)
{
	struct slice part = slice_cut(*rest, 0, slice_find(*rest, '/'));

	*rest = slice_cut(*rest, part.len + 1, rest->len);
	return part;
}

bool local_path_is(struct slice path)
{
	bool ok = path.len > 0 && path.at[path.len - 1] != '/' &&
	          slice_find(path, '\0') == path.len;

	while (ok && path.len) {
		struct slice part = next_part(&path);

		ok = part.len && !slice_eq(part, SLICE(".")) &&
		     !slice_eq(part, SLICE(".."));
	}
	return ok;
}

struct slice local_path_name(struct slice path)
{
	size_t at = path.len;

	while (at && path.at[at - 1] != '/')
		at--;
	return slice_cut(path, at, path.len);
}

struct slice local_path_ending(struct slice path)
{
	struct slice name = local_path_name(path);
	size_t at = name.len;

	while (at && name.at[at - 1] != '.')
		at--;
	/* ".profile" has none. */
	return at > 1 ? slice_cut(name, at - 1, name.len) : SLICE("");
}

void local_path_escape(struct slice path, struct buf *out)
{
	bool first = true;

	while (path.len) {
		if (!first)
			buf_byte(out, '/');
		first = false;
		url_escape(next_part(&path), out);
	}
}

static void escape_byte(char c, struct buf *out)
{
	buf_addf(out, "%%%02X", (unsigned)(unsigned char)c);
}

/* How many bytes at the start of `s` make a control character or the end of a
 * line; 0: it is another one. */
static size_t control_at(struct slice s)
{
	unsigned char c = (unsigned char)s.at[0];

	if (c < 0x20 || c == 0x7f)
		return 1;
	if (c == 0xc2 && s.len > 1 && (unsigned char)s.at[1] < 0xa0)
		return 2; /* C1, with NEL */
	if (slice_starts(s, SLICE("\xe2\x80\xa8")) ||
	    slice_starts(s, SLICE("\xe2\x80\xa9")))
		return 3; /* LS, PS */
	return 0;
}

void local_path_id(struct slice path, struct buf *out)
{
	struct buf valid = BUF_INIT(3 * path.len + 8);
	size_t i = 0, good = 0; /* UTF-8 up to there */

	while (i < path.len) {
		struct slice rest = slice_cut(path, i, path.len);
		bool end = i == 0 || i + 1 == path.len;
		size_t n;

		if (i >= good)
			good = i + utf8_valid(rest);
		n = i < good ? control_at(rest) : 1;
		if (!n && end && *rest.at == ' ')
			n = 1;
		if (!n)
			buf_byte(&valid, path.at[i++]);
		while (n--)
			escape_byte(path.at[i++], &valid);
	}
	unicode_clean(buf_slice(&valid), out);
	buf_release(&valid);
}

void local_path_title(struct slice path, struct buf *out)
{
	struct slice name = local_path_name(path);
	struct buf id = BUF_INIT(UNICODE_CLEAN_MOST * (3 * name.len + 8));
	size_t i;

	name.len -= local_path_ending(name).len;
	local_path_id(name, &id);
	for (i = 0; i < id.len; i++) {
		bool divides = id.at[i] == '-' || id.at[i] == '_';

		buf_byte(out, divides ? ' ' : id.at[i]);
	}
	buf_release(&id);
}

void local_path_page(struct slice name, struct buf *out)
{
	size_t i;

	for (i = 0; i < name.len; i++)
		buf_byte(out, name.at[i] == ' ' ? '-' : name.at[i]);
	buf_text(out, ".md");
}

/* One character of `s`, or a byte that is none. */
static size_t step(struct slice s, size_t at)
{
	size_t n = 1;

	while (at + n < s.len && ((unsigned char)s.at[at + n] & 0xc0) == 0x80)
		n++;
	return n;
}

/* Where to go on when the pattern does not go on: what stands behind a star,
 * and how much of the text the star has taken. */
struct retreat {
	size_t pattern, text;
	bool set, parts; /* parts: it takes whole parts ("**" and '/') */
};

/* The star takes more; false: it cannot. */
static bool take_more(struct retreat *r, struct slice text, bool slashes)
{
	if (!r->set || r->text >= text.len ||
	    (!slashes && text.at[r->text] == '/'))
		return false;
	r->text++;
	while (r->parts && text.at[r->text - 1] != '/')
		if (r->text++ >= text.len)
			return false;
	return true;
}

static bool glob(struct slice pattern, struct slice text)
{
	struct retreat star = { 0 }, stars = { 0 };
	size_t p = 0, t = 0;

	while (t < text.len || p < pattern.len) {
		char wanted = p < pattern.len ? pattern.at[p] : '\0';

		if (wanted == '*') {
			struct slice rest = slice_cut(pattern, p, pattern.len);
			bool start = t == 0 || text.at[t - 1] == '/';
			bool two = slice_starts(rest, SLICE("**"));
			bool parts = start && slice_starts(rest, SLICE("**/"));

			p += parts ? 3 : two ? 2 : 1;
			if (two)
				stars = (struct retreat){ p, t, true, parts };
			star = (struct retreat){ p, t, !two, false };
		} else if (t < text.len && wanted == '?' && text.at[t] != '/') {
			t += step(text, t);
			p++;
		} else if (t < text.len && wanted && wanted == text.at[t]) {
			t++;
			p++;
		} else if (take_more(&star, text, false)) {
			t = star.text;
			p = star.pattern;
		} else if (take_more(&stars, text, true)) {
			star.set = false;
			t = stars.text;
			p = stars.pattern;
		} else
			return false;
	}
	return true;
}

/* The pattern against a path, or what lies above it. */
static bool matches(struct slice pattern, struct slice path)
{
	struct slice rest = path;
	bool whole;

	while (pattern.len > 1 && pattern.at[pattern.len - 1] == '/')
		pattern.len--;
	whole = slice_find(pattern, '/') < pattern.len;
	if (slice_starts(pattern, SLICE("/")))
		pattern = slice_cut(pattern, 1, pattern.len);
	while (rest.len) {
		struct slice part = next_part(&rest);
		size_t end = (size_t)(part.at - path.at) + part.len;

		if (glob(pattern, whole ? slice_cut(path, 0, end) : part))
			return true;
	}
	return false;
}

static struct slice next_word(struct slice *rest)
{
	struct slice word;

	*rest = slice_trim(*rest);
	word = slice_cut(*rest, 0, slice_find(*rest, ' '));
	*rest = slice_cut(*rest, word.len, rest->len);
	return word;
}

static bool any_matches(struct slice patterns, struct slice path)
{
	struct slice word;

	while ((word = next_word(&patterns)).len)
		if (matches(word, path))
			return true;
	return false;
}

static bool check(struct slice patterns, const char *setting, struct fault *f)
{
	struct slice word;
	size_t count = 0;

	while ((word = next_word(&patterns)).len)
		if (++count > PATTERNS || word.len > PATTERN_LONG)
			return fault(f, FAULT_USAGE, "local-patterns",
			             "%s has more than %d patterns, or one "
			             "of more than %d bytes",
			             setting, PATTERNS, PATTERN_LONG);
	return true;
}

bool local_pick_new(struct local_pick **out, const struct conf_section *c,
                    struct fault *f)
{
	const struct local_pick p = {
		.extensions = conf_get(c, "extensions", LOCAL_EXTENSIONS),
		.include = conf_get(c, "include", ""),
		.exclude = conf_get(c, "exclude", ""),
	};
	struct slice rest = p.extensions, word;

	*out = NULL;
	while ((word = next_word(&rest)).len)
		if (word.len < 2 || word.at[0] != '.')
			return fault(f, FAULT_USAGE, "local-extensions",
			             "extensions are written .md .txt, not "
			             "'%.*s'",
			             SLICE_ARG(word));
	if (!check(p.include, "include", f) || !check(p.exclude, "exclude", f))
		return false;
	*out = memory_new(1, sizeof(**out));
	**out = p;
	return true;
}

void local_pick_free(struct local_pick *p)
{
	free(p);
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static bool same_word(struct slice a, struct slice b)
{
	size_t i = 0;

	while (i < a.len && i < b.len && lower(a.at[i]) == lower(b.at[i]))
		i++;
	return i == a.len && i == b.len;
}

static bool kept_apart(struct slice name)
{
	static const char *const names[] = { "CVS", "_darcs", "lost+found",
		                             "node_modules" };
	size_t i;

	if (slice_starts(name, SLICE(".")))
		return true;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (slice_eq(name, slice_of(names[i])))
			return true;
	return false;
}

bool local_pick_folder(const struct local_pick *p, struct slice path)
{
	return !kept_apart(local_path_name(path)) &&
	       !any_matches(p->exclude, path);
}

bool local_pick_file(const struct local_pick *p, struct slice path)
{
	struct slice ending = local_path_ending(path);
	struct slice rest = p->extensions, word;

	while ((word = next_word(&rest)).len && !same_word(word, ending))
		;
	return word.len && !kept_apart(local_path_name(path)) &&
	       !any_matches(p->exclude, path) &&
	       (!slice_trim(p->include).len || any_matches(p->include, path));
}
