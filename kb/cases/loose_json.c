/*
 * One pass from the opening brace, with the open brackets on a stack; each
 * token is written again as JSON has it. What decides whether a quote ends a
 * string is what stands behind it: a colon behind a name; a bracket, or a comma
 * and a new member, behind a value.
 */

#include "kb/cases/loose_json.h"

#include <string.h>

#include "base/json.h"
#include "base/limits.h"
#include "base/utf8.h"

enum {
	STARTS = 32,     /* braces that are tried */
	AHEAD = 256,     /* bytes a quote is judged by */
	NAME_MOST = 120, /* bytes of a member's name */
};

struct loose {
	struct slice text;
	size_t at;
	struct json_out out;
	struct buf word; /* the string being read */
	char open[LIMIT_DIGEST_DEPTH];
	int depth;
	bool cut;
};

static bool loose_is(struct slice text, size_t at, const char *word)
{
	return slice_starts(slice_cut(text, at, text.len), slice_of(word));
}

/* Bytes of the first of `words` (ends at NULL) that stands here, or 0. */
static size_t loose_any(struct slice text, size_t at, const char *const *words)
{
	for (; *words; words++)
		if (loose_is(text, at, *words))
			return strlen(*words);
	return 0;
}

static size_t blank_here(struct slice s, size_t at)
{
	static const char *const blanks[] = { " ",      "\t",     "\n",
		                              "\r",     "\u00A0", "\u3000",
		                              "\u200B", "\uFEFF", NULL };

	return loose_any(s, at, blanks);
}

static size_t comment_here(struct slice s, size_t at)
{
	struct slice rest = slice_cut(s, at, s.len);
	size_t i;

	if (slice_starts(rest, SLICE("//")))
		return slice_find(rest, '\n');
	if (!slice_starts(rest, SLICE("/*")))
		return 0;
	for (i = 2; i + 1 < rest.len; i++)
		if (rest.at[i] == '*' && rest.at[i + 1] == '/')
			return i + 2;
	return rest.len;
}

/* Behind blanks and comments; at most to `end`. */
static size_t blanks_end(struct slice s, size_t at, size_t end)
{
	s = slice_cut(s, 0, end);
	while (at < end) {
		size_t n = blank_here(s, at);

		if (!n)
			n = comment_here(s, at);
		if (!n)
			break;
		at += n;
	}
	return at;
}

static size_t comma_here(struct slice s, size_t at)
{
	static const char *const commas[] = { ",", "，", ";", "；", NULL };

	return loose_any(s, at, commas);
}

static size_t colon_here(struct slice s, size_t at)
{
	static const char *const colons[] = { ":", "：", "=>", "=", NULL };

	return loose_any(s, at, colons);
}

/* The quote that stands here and what would end it; 0: none. */
static size_t quote_here(struct slice s, size_t at, const char **close)
{
	static const char *const pairs[][2] = {
		{ "\"\"\"", "\"\"\"" }, { "'''", "'''" }, { "\"", "\"" },
		{ "'", "'" },           { "`", "`" },     { "“", "”" },
		{ "”", "”" },           { "‘", "’" },     { "「", "」" },
		{ "＂", "＂" },
	};
	size_t i;

	for (i = 0; i < sizeof(pairs) / sizeof(*pairs); i++)
		if (loose_is(s, at, pairs[i][0])) {
			*close = pairs[i][1];
			return strlen(pairs[i][0]);
		}
	return 0;
}

static bool word_byte(char c)
{
	return (unsigned char)c >= 0x80 || c == '_' || c == '-' || c == '$' ||
	       (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z');
}

/* Where a name without quotes ends; `at` itself: there is none. */
static size_t bare_end(struct slice s, size_t at)
{
	size_t from = at;

	while (at < s.len && at - from < NAME_MOST &&
	       (word_byte(s.at[at]) || (s.at[at] == ' ' && at > from)) &&
	       !colon_here(s, at) && !comma_here(s, at) &&
	       (s.at[at] == ' ' || !blank_here(s, at)))
		at++;
	while (at > from && s.at[at - 1] == ' ')
		at--;
	return at;
}

/* Whether a member with its colon stands here. */
static bool member_here(struct slice s, size_t at)
{
	const char *close;
	size_t open = quote_here(s, at, &close), end = at + open, most;

	most = s.len < end + NAME_MOST ? s.len : end + NAME_MOST;
	if (!open) {
		end = bare_end(s, at);
		return end > at && colon_here(s, blanks_end(s, end, most));
	}
	while (end < most && !loose_is(s, end, close) && s.at[end] != '\n')
		end++;
	if (end >= most || !loose_is(s, end, close))
		return false;
	return colon_here(s, blanks_end(s, end + strlen(close), most)) > 0;
}

/* Whether a value of a list may start here. */
static bool value_here(struct slice s, size_t at)
{
	const char *close;

	return at >= s.len || quote_here(s, at, &close) ||
	       strchr("{[(]})0123456789-", s.at[at]);
}

/* Whether what stands behind a quote says that it ended the string. */
static bool quote_ends(const struct loose *l, size_t at, bool name)
{
	struct slice s = l->text;
	size_t most = s.len < at + AHEAD ? s.len : at + AHEAD, next;
	bool line, list = l->open[l->depth - 1] != '}';

	next = blanks_end(s, at, most);
	line = memchr(s.at + at, '\n', next - at) != NULL;
	if (next >= s.len)
		return true;
	if (name)
		return colon_here(s, next) > 0;
	if (strchr("}])", s.at[next]))
		return true;
	if (!comma_here(s, next))
		return line &&
		       (list ? value_here(s, next) : member_here(s, next));
	next = blanks_end(s, next + comma_here(s, next), most);
	return next >= s.len || strchr("}])", s.at[next]) ||
	       (list ? value_here(s, next) : member_here(s, next));
}

static bool hex_read(struct slice s, uint32_t *out)
{
	size_t i;

	*out = 0;
	for (i = 0; i < 4 && i < s.len; i++) {
		const char *digits = "0123456789abcdef";
		const char *at = memchr(digits, s.at[i] | 0x20, 16);

		if (!at)
			return false;
		*out = *out << 4 | (uint32_t)(at - digits);
	}
	return i == 4;
}

static void word_point(struct loose *l, uint32_t point)
{
	char bytes[4];

	buf_add(&l->word, (struct slice){ bytes, utf8_put(bytes, point) });
}

/* \uXXXX, with its second half when it has one. False: it is none. */
static bool escape_point(struct loose *l)
{
	uint32_t high, low;

	if (!hex_read(slice_cut(l->text, l->at + 1, l->at + 5), &high))
		return false;
	l->at += 5;
	if (high >= 0xD800 && high < 0xDC00 &&
	    loose_is(l->text, l->at, "\\u") &&
	    hex_read(slice_cut(l->text, l->at + 2, l->at + 6), &low) &&
	    low >= 0xDC00 && low < 0xE000) {
		high = 0x10000 + ((high & 0x3FF) << 10) + (low & 0x3FF);
		l->at += 6;
	}
	word_point(l, high ? high : UTF8_REPLACEMENT);
	return true;
}

/* Behind a backslash. What no grammar knows was meant as it stands: a path of
 * Windows, a regular expression. */
static void escape_read(struct loose *l)
{
	static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
	const char *known;
	char c = l->text.at[l->at];

	if (c == 'u' && escape_point(l))
		return;
	l->at++;
	known = memchr(from, c, 5);
	if (known) {
		buf_byte(&l->word, to[known - from]);
		return;
	}
	if (word_byte(c))
		buf_byte(&l->word, '\\');
	buf_byte(&l->word, c);
}

/* A string into l->word; its end may be the text's. */
static void string_read(struct loose *l, size_t open, const char *close,
                        bool name)
{
	struct slice s = l->text;
	size_t n = strlen(close);

	l->at += open;
	while (l->at < s.len) {
		if (s.at[l->at] == '\\') {
			if (++l->at < s.len)
				escape_read(l);
			continue;
		}
		if (loose_is(s, l->at, close) &&
		    quote_ends(l, l->at + n, name)) {
			l->at += n;
			return;
		}
		buf_byte(&l->word, s.at[l->at++]);
	}
	l->cut = true;
	/* A character that lost its end. */
	buf_cut(&l->word, utf8_valid(buf_slice(&l->word)));
}

/* A value without quotes: up to what ends a value. */
static void bare_read(struct loose *l)
{
	struct slice s = l->text, word;
	size_t from = l->at;

	while (l->at < s.len && !strchr(",{}[]()\n", s.at[l->at]) &&
	       !loose_is(s, l->at, "，"))
		l->at++;
	word = slice_trim(slice_cut(s, from, l->at));
	buf_add(&l->word, word);
}

static void scalar_read(struct loose *l)
{
	static const char *const nothing[] = { "null",      "None", "nil",
		                               "undefined", "NaN",  NULL };
	const char *close;
	size_t open, n;

	buf_reset(&l->word);
	/* A prefix of Python: u'', r"". */
	if (strchr("urbf", l->text.at[l->at]) &&
	    quote_here(l->text, l->at + 1, &close))
		l->at++;
	open = quote_here(l->text, l->at, &close);
	if (open) {
		string_read(l, open, close, false);
		json_put_text(&l->out, buf_slice(&l->word));
		return;
	}
	bare_read(l);
	n = loose_any(buf_slice(&l->word), 0, nothing);
	if (n && n == l->word.len)
		json_put_null(&l->out);
	else
		json_put_text(&l->out, buf_slice(&l->word));
}

/* The member's name and its colon; false when there is none. */
static bool name_read(struct loose *l)
{
	const char *close;
	size_t open, from = l->at;

	buf_reset(&l->word);
	open = quote_here(l->text, l->at, &close);
	if (open) {
		string_read(l, open, close, true);
	} else {
		l->at = bare_end(l->text, l->at);
		buf_add(&l->word, slice_cut(l->text, from, l->at));
	}
	if (l->cut)
		return true;
	l->at = blanks_end(l->text, l->at, l->text.len);
	if (l->at >= l->text.len) {
		l->cut = true;
		return true;
	}
	if (l->at == from || l->word.len > NAME_MOST ||
	    !colon_here(l->text, l->at))
		return false;
	json_key(&l->out, buf_string(&l->word));
	l->at += colon_here(l->text, l->at);
	l->at = blanks_end(l->text, l->at, l->text.len);
	if (l->at < l->text.len && !strchr("}])", l->text.at[l->at]) &&
	    !comma_here(l->text, l->at))
		return true;
	json_put_null(&l->out);
	return true;
}

/* Whether the name just read still waits for its value. */
static bool name_waits(const struct loose *l)
{
	return !l->cut && l->at < l->text.len &&
	       !strchr("}])", l->text.at[l->at]) && !comma_here(l->text, l->at);
}

static bool loose_open(struct loose *l)
{
	char c = l->text.at[l->at++];

	if (l->depth == LIMIT_DIGEST_DEPTH)
		return false;
	json_open(&l->out, c == '{' ? '{' : '[');
	l->open[l->depth++] = c == '{' ? '}' : ']';
	return true;
}

static void loose_pop(struct loose *l)
{
	json_close(&l->out, l->open[--l->depth]);
}

/* A bracket closes what it fits, and what was left open within. */
static bool loose_close(struct loose *l)
{
	char c = l->text.at[l->at] == '}' ? '}' : ']';
	int i = l->depth;

	while (i > 0 && l->open[i - 1] != c)
		i--;
	if (!i)
		return false;
	l->at++;
	while (l->depth >= i)
		loose_pop(l);
	return true;
}

/* Blanks and commas between members. */
static void loose_between(struct loose *l)
{
	size_t from;

	do {
		from = l->at;
		l->at = blanks_end(l->text, l->at, l->text.len);
		if (l->at < l->text.len)
			l->at += comma_here(l->text, l->at);
	} while (l->at > from && l->at < l->text.len);
}

/* The object at l->at; false: this is none. */
static bool loose_object(struct loose *l)
{
	bool ok = loose_open(l);

	while (ok && l->depth) {
		loose_between(l);
		if (l->at >= l->text.len) {
			l->cut = true;
		} else if (strchr("}])", l->text.at[l->at])) {
			ok = loose_close(l);
			continue;
		} else if (l->open[l->depth - 1] == '}') {
			ok = name_read(l);
			if (!ok || !name_waits(l))
				goto next;
		}
		if (!l->cut && strchr("{[(", l->text.at[l->at]))
			ok = loose_open(l);
		else if (!l->cut)
			scalar_read(l);
	next:
		while (ok && l->cut && l->depth)
			loose_pop(l);
	}
	return ok && !buf_full(l->out.to) && !buf_full(&l->word);
}

/* As loose_object(), at a given place; what it wrote is taken back if not. */
static bool loose_try(struct slice text, size_t at, struct buf *out,
                      struct loose_json *found)
{
	struct loose l = {
		.text = text,
		.at = at,
		.word = BUF_INIT(LIMIT_DIGEST_REPLY),
	};
	size_t before = out->len;
	bool ok;

	json_start(&l.out, out);
	ok = loose_object(&l);
	buf_release(&l.word);
	if (!ok)
		buf_cut(out, before);
	*found = (struct loose_json){ at, l.at, l.cut };
	return ok;
}

bool loose_json_find(struct slice text, size_t from, struct buf *out,
                     struct loose_json *found)
{
	size_t at = from, first = text.len, before = out->len, tried;
	struct loose_json f;

	for (tried = 0; tried < STARTS; tried++) {
		at += slice_find(slice_cut(text, at, text.len), '{');
		if (at >= text.len)
			break;
		if (loose_try(text, at, out, &f)) {
			if (!f.cut) {
				*found = f;
				return true;
			}
			buf_cut(out, before);
			if (first == text.len)
				first = at;
		}
		at++;
	}
	return first < text.len && loose_try(text, first, out, found);
}
