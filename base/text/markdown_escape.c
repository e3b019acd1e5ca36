/*
 * The rules of CommonMark 0.30: line starts (sections 4 and 5), flanking runs
 * (6.2), entities (2.5). TeX is what MathJax takes for it, but for dollars
 * that look like a shell's or money. No answer looks further than the next
 * mark of the same kind or a fixed number of bytes, so that asking at every
 * byte stays linear.
 */

#include "base/text/markdown_escape.h"

#include <string.h>

enum { STRIKE_MOST = 200 };

const unsigned char escape_classes[256] = {
	[0x00 ... 0x08] = ESCAPE_DROP, ['\t'] = ESCAPE_SPACE,
	['\n'] = ESCAPE_SPACE,         [0x0B] = ESCAPE_DROP,
	['\f'] = ESCAPE_SPACE,         ['\r'] = ESCAPE_SPACE,
	[0x0E ... 0x1F] = ESCAPE_DROP, [' '] = ESCAPE_SPACE,
	['$'] = ESCAPE_MARK,           ['&'] = ESCAPE_MARK,
	['*'] = ESCAPE_MARK,           ['<'] = ESCAPE_MARK,
	['['] = ESCAPE_MARK,           ['\\'] = ESCAPE_MARK,
	[']'] = ESCAPE_MARK,           ['_'] = ESCAPE_MARK,
	['`'] = ESCAPE_MARK,           ['|'] = ESCAPE_MARK,
	['~'] = ESCAPE_MARK,           [0x7F] = ESCAPE_DROP,
	[0xC2] = ESCAPE_LATIN,
};

bool escape_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool escape_letter(char c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

bool escape_space(char c)
{
	return escape_class(c) == ESCAPE_SPACE || !c;
}

bool escape_punctuation(char c)
{
	return c > ' ' && c < 0x7F && !escape_digit(c) && !escape_letter(c);
}

size_t escape_run(struct slice s, size_t at)
{
	size_t n = 1;

	while (at + n < s.len && s.at[at + n] == s.at[at])
		n++;
	return n;
}

size_t escape_quotes(struct slice s)
{
	size_t most = 0, at = 0;

	while ((at += slice_find(slice_cut(s, at, s.len), '`')) < s.len) {
		size_t run = escape_run(s, at);

		if (run > most)
			most = run;
		at += run;
	}
	return most;
}

/* What CommonMark takes a sequence of UTF-8 for: white space ' ', punctuation
 * '.', a letter 'x'; ASCII is itself. The blocks are those in use: Latin-1,
 * general punctuation, CJK, full width. */
static char text_class(const unsigned char *p, size_t len)
{
	if (!len || p[0] < 0x80)
		return len ? (char)p[0] : 0;
	if (len >= 2 && p[0] == 0xC2)
		return p[1] == 0xA0 ? ' ' : p[1] < 0xC0 ? '.' : 'x';
	if (len >= 3 && ((p[0] == 0xE2 && (p[1] == 0x80 || p[1] == 0x81)) ||
	                 (p[0] == 0xE3 && p[1] == 0x80) ||
	                 (p[0] == 0xEF && p[1] >= 0xBC && p[2] < 0x90)))
		return '.';
	return 'x';
}

char escape_before(struct slice s, size_t at)
{
	const unsigned char *p = (const unsigned char *)s.at;
	size_t from = at;

	while (from && at - from < 4 && (p[--from] & 0xC0) == 0x80)
		;
	return at ? text_class(p + from, at - from) : 0;
}

char escape_after(struct slice s, size_t at)
{
	return at < s.len ? text_class((const unsigned char *)s.at + at,
	                               s.len - at)
	                  : 0;
}

bool escape_opens(char before, char after)
{
	return !escape_space(after) &&
	       (!escape_punctuation(after) || escape_space(before) ||
	        escape_punctuation(before));
}

bool escape_closes(char before, char after)
{
	return escape_opens(after, before);
}

bool escape_strikes(struct slice s, size_t at, size_t run)
{
	struct slice rest = slice_cut(s, at + run, at + run + STRIKE_MOST);
	size_t i;

	if (run > 1)
		return true;
	for (i = 1; i < rest.len; i++)
		if (rest.at[i] == '~' && !escape_space(rest.at[i - 1]))
			return true;
	return false;
}

bool escape_entity(struct slice s, size_t at)
{
	size_t i = at + 1, from;

	if (i < s.len && s.at[i] == '#')
		i++;
	from = i;
	while (i < s.len && i - from < 32 &&
	       (escape_letter(s.at[i]) || escape_digit(s.at[i])))
		i++;
	return i > from && i < s.len && s.at[i] == ';';
}

/* Whether the dollar at `at` can end TeX: not "$HOME/$USER", "$5 or $6". */
static bool tex_ends(struct slice s, size_t at)
{
	char after = at + 1 < s.len ? s.at[at + 1] : 0;

	return !escape_space(s.at[at - 1]) && !escape_letter(after) &&
	       !escape_digit(after) && (!after || !strchr("{(_", after));
}

size_t escape_tex(struct slice s, size_t at)
{
	struct slice rest = slice_cut(s, at, s.len);
	bool dollar = rest.at[0] == '$';
	size_t head = slice_starts(rest, SLICE("$$")) || !dollar ? 2 : 1;
	struct slice tail = slice_cut(rest, 0, head);
	size_t i;

	if (!dollar && slice_eq(tail, SLICE("\\(")))
		tail = SLICE("\\)");
	else if (!dollar && slice_eq(tail, SLICE("\\[")))
		tail = SLICE("\\]");
	else if (!dollar)
		return 0;
	if (rest.len <= head || (head == 1 && escape_space(rest.at[1])))
		return 0;
	for (i = head; i < rest.len && rest.at[i] != '`'; i++) {
		if (slice_starts(slice_cut(rest, i, rest.len), tail))
			return head == 2 || tex_ends(rest, i) ? i + head : 0;
		if (rest.at[i] != '\\')
			continue;
		/* It does not nest: what opens again was none. */
		if (!dollar && i + 1 < rest.len && rest.at[i + 1] == rest.at[1])
			return 0;
		i++;
	}
	return 0;
}

size_t escape_block(struct slice s)
{
	char c = s.len ? s.at[0] : '\0';
	size_t run = s.len ? escape_run(s, 0) : 0;
	char after = escape_after(s, run);
	size_t i;

	if (c == '>')
		return 0;
	if (c == '#')
		return run <= 6 && escape_space(after) ? 0 : SIZE_MAX;
	if (c == '-' || c == '+' || c == '*' || c == '=' || c == '_')
		return escape_space(after) ? 0 : SIZE_MAX;
	if (c == '~')
		return run > 2 ? 0 : SIZE_MAX;
	for (i = 0; i < s.len && i < 9 && escape_digit(s.at[i]); i++)
		;
	if (i && i < s.len && (s.at[i] == '.' || s.at[i] == ')') &&
	    escape_space(escape_after(s, i + 1)))
		return i;
	return SIZE_MAX;
}
