/*
 * What looks like a tag is read as far as its '>', values in quotes left out.
 * A scanner that knew exactly what the parser takes for a script would have to
 * be the parser; blanking '<' is right either way, for then no tag opens.
 */

#include "base/text/markup_scan.h"

#include <string.h>

#include "base/limits.h"

struct scan {
	enum markup_language language;
	struct slice s;
	size_t at;
	bool script; /* behind its tag, before its end */
	char *copy;  /* of `s`, once something was changed */
	struct arena *a;
};

static void change(struct scan *k, size_t at, char to)
{
	if (!k->copy) {
		k->copy = arena_new(k->a, k->s.len);
		memcpy(k->copy, k->s.at, k->s.len);
		k->s.at = k->copy;
	}
	k->copy[at] = to;
}

static bool is_gap(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' ||
	       c == '/';
}

/* Behind a value in quotes, if there is one behind '='. */
static size_t behind_value(struct slice s, size_t i)
{
	while (i < s.len && (s.at[i] == ' ' || s.at[i] == '\n'))
		i++;
	if (i < s.len && (s.at[i] == '"' || s.at[i] == '\''))
		i += slice_find(slice_cut(s, i + 1, s.len), s.at[i]) + 2;
	return i;
}

/* Whether the tokens (names, and values without quotes: an upper bound of the
 * attributes) of the tag at k->at are few; moves to where that is known. */
static bool few(struct scan *k)
{
	size_t i = k->at, tokens = 0;
	bool inside = false;

	while (i < k->s.len && k->s.at[i] != '>' &&
	       tokens <= LIMIT_ATTRIBUTES + 1) {
		char c = k->s.at[i++];

		if (is_gap(c)) {
			inside = false;
		} else if (c == '=') {
			inside = false;
			i = behind_value(k->s, i);
		} else if (!inside) {
			inside = true;
			tokens++;
			if (c == '@' && k->language == MARKUP_HTML)
				change(k, i - 1, '_');
		}
	}
	k->at = i < k->s.len ? i : k->s.len;
	return tokens <= LIMIT_ATTRIBUTES + 1;
}

/* Whether a tag opens where '<' was read: XML's names may begin with more. */
static bool opens(enum markup_language language, char c)
{
	char letter = c | 0x20;

	if (language == MARKUP_XML)
		return c != '/' && c != '!' && c != '?';
	return letter >= 'a' && letter <= 'z';
}

/* Behind what XML has that may hold any '<': those are no tags. */
static size_t over(struct slice s, size_t at)
{
	static const struct {
		struct slice open, close;
	} marks[] = {
		{ { "![CDATA[", 8 }, { "]]>", 3 } },
		{ { "!--", 3 }, { "-->", 3 } },
		{ { "?", 1 }, { "?>", 2 } },
	};
	struct slice rest = slice_cut(s, at, s.len);
	size_t i;

	for (i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
		if (!slice_starts(rest, marks[i].open))
			continue;
		at += marks[i].open.len;
		while (at < s.len &&
		       !slice_starts(slice_cut(s, at, s.len), marks[i].close))
			at++;
		break;
	}
	return at;
}

/* Whether the name at `at` is "script", in any case. */
static bool names_script(struct slice s, size_t at)
{
	static const char name[] = "script";
	size_t i;

	for (i = 0; name[i]; i++)
		if (at + i >= s.len || (s.at[at + i] | 0x20) != name[i])
			return false;
	return true;
}

/* Makes blanks of the '<' before letters from `from` to where we are. */
static void calm(struct scan *k, size_t from)
{
	size_t i;

	for (i = from; i < k->at; i++)
		if (k->s.at[i] == '<' && i + 1 < k->s.len &&
		    opens(k->language, k->s.at[i + 1]))
			change(k, i, ' ');
}

/* At what stands behind a '<'. */
static bool read_tag(struct scan *k)
{
	size_t from = k->at - 1;

	if (k->language == MARKUP_HTML && k->s.at[k->at] == '/' &&
	    names_script(k->s, k->at + 1))
		k->script = false;
	if (!opens(k->language, k->s.at[k->at]))
		return true;
	if (k->language == MARKUP_HTML && !k->script &&
	    names_script(k->s, k->at)) {
		k->script = true;
		return few(k);
	}
	if (few(k))
		return true;
	calm(k, from);
	return k->script;
}

bool markup_scan(enum markup_language language, struct slice *s,
                 struct arena *a)
{
	struct scan k = { language, *s, 0, false, NULL, a };

	while ((k.at += slice_find(slice_cut(k.s, k.at, k.s.len), '<') + 1) <
	       k.s.len) {
		if (!read_tag(&k))
			return false;
		if (language == MARKUP_XML)
			k.at = over(k.s, k.at);
	}
	*s = k.s;
	return true;
}
