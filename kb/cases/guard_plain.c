#include "kb/cases/guard_plain.h"

#include <string.h>

#include "base/utf8.h"
#include "kb/cases/guard_hide.h"

enum { ENTITY_MOST = 10, TAG_MOST = 4096, ROUNDS_MOST = 4 };

static const struct {
	const char *name;
	char stands_for;
} entities[] = {
	{ "&lt;", '<' },      { "&gt;", '>' },    { "&amp;", '&' },
	{ "&quot;", '"' },    { "&apos;", '\'' }, { "&nbsp;", ' ' },
	{ "&lpar;", '(' },    { "&rpar;", ')' },  { "&colon;", ':' },
	{ "&sol;", '/' },     { "&grave;", '`' }, { "&lsqb;", '[' },
	{ "&rsqb;", ']' },    { "&excl;", '!' },  { "&tab;", ' ' },
	{ "&newline;", ' ' },
};

static bool stands(struct slice s, size_t at, const char *word)
{
	size_t i;

	for (i = 0; word[i]; i++) {
		char c = at + i < s.len ? s.at[at + i] : 0;

		if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != word[i])
			return false;
	}
	return true;
}

/* &#60; and &#x3C;: its end, or 0. */
static size_t number_entity(struct slice s, size_t at, uint32_t *point)
{
	size_t i = at + 2, start;
	bool hex = i < s.len && (s.at[i] == 'x' || s.at[i] == 'X');
	unsigned base = hex ? 16 : 10;

	if (i >= s.len || s.at[at + 1] != '#')
		return 0;
	for (start = i += hex, *point = 0; i < s.len && i - start < 8; i++) {
		unsigned char c = (unsigned char)(s.at[i] | 32);
		unsigned v = c >= '0' && c <= '9'   ? c - (unsigned)'0'
		             : c >= 'a' && c <= 'f' ? c - 'a' + 10u
		                                    : 99;

		if (s.at[i] < '0' || v >= base)
			break;
		*point = *point * base + v;
	}
	if (i == start || i >= s.len)
		return 0;
	return s.at[i] == ';' ? i + 1 : i;
}

static size_t entity(struct slice s, size_t at, struct buf *out)
{
	char bytes[4];
	uint32_t point;
	size_t i, end = number_entity(s, at, &point);

	if (end) {
		if (point == '\n' || point == '\t')
			point = ' ';
		if (point >= ' ' && point != 0x7F)
			buf_add(out, (struct slice){ bytes,
			                             utf8_put(bytes, point) });
		return end;
	}
	for (i = 0; i < sizeof(entities) / sizeof(*entities); i++)
		if (stands(s, at, entities[i].name)) {
			buf_byte(out, entities[i].stands_for);
			return at + strlen(entities[i].name);
		}
	return 0;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* A tag, or what could be read as the beginning of one. Its end, or 0. */
static size_t tag_end(struct slice s, size_t at)
{
	size_t i = at + 1;
	char c = i < s.len ? s.at[i] : 0;

	if (!is_letter(c) && c != '/' && c != '!' && c != '?')
		return 0;
	while (i < s.len && i - at < TAG_MOST && s.at[i] != '>' &&
	       s.at[i] != '<')
		i++;
	return i < s.len && s.at[i] == '>' ? i + 1 : at + 1;
}

static void strip_tags(struct slice s, struct buf *out)
{
	size_t at = 0, end;

	while (at < s.len) {
		end = s.at[at] == '&' ? entity(s, at, out) : 0;
		if (!end && s.at[at] == '<')
			end = tag_end(s, at);
		if (!end) {
			buf_byte(out, s.at[at]);
			end = at + 1;
		}
		at = end;
	}
}

/* [words](address) and ![words](address): the end, and the words. */
static size_t link_end(struct slice s, size_t at, struct slice *words)
{
	size_t i = at + (s.at[at] == '!'), from;

	if (i >= s.len || s.at[i] != '[')
		return 0;
	for (from = ++i; i < s.len && i - from < TAG_MOST; i++)
		if (s.at[i] == ']' || s.at[i] == '[' || s.at[i] == '\n')
			break;
	if (i >= s.len || s.at[i] != ']')
		return 0;
	*words = slice_cut(s, from, i);
	if (i + 1 >= s.len || (s.at[i + 1] != '(' && s.at[i + 1] != '['))
		return 0;
	for (from = i += 2; i < s.len && i - from < TAG_MOST; i++)
		if (s.at[i] == ')' || s.at[i] == ']' || s.at[i] == '\n')
			break;
	return i < s.len && s.at[i] != '\n' ? i + 1 : 0;
}

/* The marks a line of Markdown begins with. */
static size_t line_marks(struct slice line)
{
	size_t i = 0, start;

	while (i < line.len && strchr(" \t>", line.at[i]))
		i++;
	start = i;
	while (i < line.len && line.at[i] == '#')
		i++;
	if (i > start)
		return i < line.len && line.at[i] != ' ' ? start : i;
	if (i + 1 < line.len && strchr("*+-", line.at[i]) &&
	    line.at[i + 1] == ' ')
		return i + 2;
	return i;
}

/* "|---|:--:|", "-----", "=====", "```": nothing but signs. */
static bool is_rule(struct slice line)
{
	size_t i;

	line = slice_trim(line);
	for (i = 0; i < line.len; i++)
		if (!strchr("|-:=*_~` +", line.at[i]) || !line.at[i])
			return false;
	return line.len >= 3;
}

static void strip_line(struct slice line, struct buf *out)
{
	size_t at, end;
	struct slice words;
	bool table;

	if (is_rule(line))
		return;
	at = line_marks(line);
	table = at < line.len && line.at[at] == '|';
	while (at < line.len) {
		char c = line.at[at];

		end = c == '[' || c == '!' ? link_end(line, at, &words) : 0;
		if (end) {
			buf_add(out, words);
			at = end;
			continue;
		}
		if (c == '`' || (c == '~' && stands(line, at, "~~")) ||
		    (c == '*' && stands(line, at, "**"))) {
			at += c == '`' ? 1 : 2;
			continue;
		}
		buf_byte(out, table && c == '|' ? ' ' : c);
		at++;
	}
}

static bool same_words(struct slice a, struct slice b)
{
	size_t i = 0, j = 0;

	for (;;) {
		while (i < a.len && strchr(" \t\r\n", a.at[i]) && a.at[i])
			i++;
		while (j < b.len && strchr(" \t\r\n", b.at[j]) && b.at[j])
			j++;
		if (i == a.len || j == b.len)
			return i == a.len && j == b.len;
		if (a.at[i++] != b.at[j++])
			return false;
	}
}

static void one_round(struct slice text, struct buf *middle, struct buf *out)
{
	struct slice rest;

	strip_tags(text, middle);
	for (rest = buf_slice(middle); rest.len;) {
		struct slice line = slice_cut(rest, 0, slice_find(rest, '\n'));

		strip_line(line, out);
		buf_byte(out, '\n');
		rest = slice_cut(rest, line.len + 1, rest.len);
	}
}

void guard_plain(struct slice text, struct buf *out, bool *changed)
{
	struct buf now = BUF_INIT(text.len * 4 + 64);
	struct buf middle = BUF_INIT(text.len * 4 + 64);
	struct buf next = BUF_INIT(text.len * 4 + 64);
	int round;

	guard_reveal(text, &now);
	/* What was taken out may have held apart what now is markup. */
	for (round = 0; round < ROUNDS_MOST; round++) {
		struct buf swap = now;
		bool same;

		buf_reset(&next);
		buf_reset(&middle);
		one_round(buf_slice(&now), &middle, &next);
		same = same_words(buf_slice(&now), buf_slice(&next));
		now = next;
		next = swap;
		if (same)
			break;
	}
	*changed = !same_words(text, buf_slice(&now));
	for (size_t i = 0; i < now.len; i++)
		if (round < ROUNDS_MOST || !strchr("<>`&", now.at[i]))
			buf_byte(out, now.at[i]);
	buf_release(&now);
	buf_release(&middle);
	buf_release(&next);
}
