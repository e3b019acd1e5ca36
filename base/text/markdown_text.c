/*
 * The way back, for Markdown as markdown.c writes it: one line is one block
 * or one row, except in fences and after a hard break. Marks are written
 * first, as if they were text, and taken out again when their other half
 * turns up; what has none was text. Every byte is looked at a bounded number
 * of times.
 */

#include <string.h>

#include "base/text/markdown.h"
#include "base/text/markdown_escape.h"

enum {
	PLAIN_MARKS = 16, /* open at once; the oldest are forgotten */
	PLAIN_RUN = 8     /* longer runs of * are text */
};

/* A mark that may still find its other half. */
struct plain_mark {
	char c; /* * ~ or [ */
	size_t run, at;
};

struct plain {
	struct buf *out;
	size_t start;
	struct plain_mark marks[PLAIN_MARKS];
	size_t mark_count;
	size_t fence, indent; /* backquotes of the fence we are in, its boxes */
	bool row;
};

/* Takes `len` bytes out of what was written; marks behind are forgotten. */
static void plain_remove(struct plain *p, size_t at, size_t len)
{
	struct buf *out = p->out;

	memmove(out->at + at, out->at + at + len, out->len - at - len);
	buf_cut(out, out->len - len);
}

static void plain_mark(struct plain *p, char c, size_t run)
{
	if (p->mark_count == PLAIN_MARKS) {
		memmove(p->marks, p->marks + 1,
		        (PLAIN_MARKS - 1) * sizeof(*p->marks));
		p->mark_count--;
	}
	p->marks[p->mark_count++] =
	        (struct plain_mark){ c, run, p->out->len - run };
}

/* The number + 1 of the last open mark of that kind, or 0. */
static size_t plain_find(const struct plain *p, char c)
{
	size_t i = p->mark_count;

	while (i && p->marks[i - 1].c != c)
		i--;
	return i;
}

/* A run of * or ~~: closes what it can, and what is left may open. */
static void plain_emphasis(struct plain *p, struct slice s, size_t at,
                           size_t run)
{
	char before = escape_before(s, at);
	char after = escape_after(s, at + run);
	bool left = escape_opens(before, after);
	bool right = escape_closes(before, after);
	size_t i;

	while (right && run && (i = plain_find(p, s.at[at]))) {
		struct plain_mark *m = &p->marks[i - 1];
		size_t n = m->run < run ? m->run : run;

		plain_remove(p, m->at + m->run - n, n);
		m->run -= n;
		run -= n;
		p->mark_count = m->run ? i : i - 1;
	}
	for (i = 0; i < run; i++)
		buf_byte(p->out, s.at[at]);
	if (left && run && !buf_full(p->out))
		plain_mark(p, s.at[at], run);
}

/* Length of "](target)" at `at` when it closes a link, or 0. */
static size_t plain_target(struct slice s, size_t at)
{
	size_t i, open = 0;

	if (at + 1 >= s.len || s.at[at + 1] != '(')
		return 0;
	for (i = at + 1; i < s.len; i++) {
		char c = s.at[i];

		if (c <= ' ' && c >= 0)
			return 0;
		if (c == ']' && i + 1 < s.len && s.at[i + 1] == '(')
			return 0;
		if (c == '(')
			open++;
		if (c == ')' && !--open)
			return i + 1 - at;
	}
	return 0;
}

/* Takes the code span at `at`; returns its length, or that of the quotes
 * when nothing closes it. */
static size_t plain_code(struct plain *p, struct slice s, size_t at)
{
	size_t quotes = escape_run(s, at), i = at + quotes, j;
	struct slice code;

	while (i < s.len) {
		size_t run;

		i += slice_find(slice_cut(s, i, s.len), '`');
		if (i >= s.len)
			break;
		run = escape_run(s, i);
		if (run == quotes) {
			code = slice_cut(s, at + quotes, i);
			if (code.len > 2 && code.at[0] == ' ' &&
			    code.at[code.len - 1] == ' ')
				code = slice_cut(code, 1, code.len - 1);
			for (j = 0; j < code.len; j++)
				if (!p->row || code.at[j] != '\\' ||
				    j + 1 == code.len || code.at[j + 1] != '|')
					buf_byte(p->out, code.at[j]);
			return i + run - at;
		}
		i += run;
	}
	buf_add(p->out, slice_cut(s, at, at + quotes));
	return quotes;
}

/* Length of a tag or address of ours at `at`, or 0. */
static size_t plain_tag(struct plain *p, struct slice s, size_t at)
{
	static const char *const tags[] = {
		"<kbd>", "</kbd>", "<sup>", "</sup>", "<sub>", "</sub>", "<br>",
	};
	struct slice rest = slice_cut(s, at, s.len);
	size_t i, end;

	for (i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
		if (slice_starts(rest, slice_of(tags[i]))) {
			if (tags[i][1] == 'b')
				buf_byte(p->out, ' ');
			return strlen(tags[i]);
		}
	if (!slice_starts(rest, SLICE("<http")))
		return 0;
	end = slice_find(rest, '>');
	if (end == rest.len)
		return 0;
	buf_add(p->out, slice_cut(rest, 1, end));
	return end + 1;
}

/* A backslash: the byte behind it is text, unless it starts TeX. */
static size_t plain_backslash(struct plain *p, struct slice s, size_t at)
{
	size_t tex = 0;

	if (at + 1 == s.len)
		return 1;
	if (s.at[at + 1] == '(' && !(at && s.at[at - 1] == ']'))
		tex = escape_tex(s, at);
	if (tex) {
		buf_add(p->out, slice_cut(s, at, at + tex));
		return tex;
	}
	if (!escape_punctuation(s.at[at + 1]))
		buf_byte(p->out, '\\');
	buf_byte(p->out, s.at[at + 1]);
	return 2;
}

/* What stands at `at` and may be a mark; returns how much was taken. */
static size_t plain_special(struct plain *p, struct slice s, size_t at)
{
	char c = s.at[at];
	size_t n = 0, i;

	switch (c) {
	case '\\':
		return plain_backslash(p, s, at);
	case '`':
		return plain_code(p, s, at);
	case '*':
	case '~':
		n = escape_run(s, at);
		if (c == '~' ? n != 2 : n > PLAIN_RUN) {
			buf_add(p->out, slice_cut(s, at, at + n));
			return n;
		}
		plain_emphasis(p, s, at, n);
		return n;
	case '<':
		n = plain_tag(p, s, at);
		if (n)
			return n;
		break;
	case '$':
		n = escape_tex(s, at);
		break;
	case ']':
		i = plain_find(p, '[');
		n = i ? plain_target(s, at) : 0;
		if (!n)
			break;
		plain_remove(p, p->marks[i - 1].at, 1);
		p->mark_count = i - 1;
		return n;
	case '|':
		if (p->row && at) {
			if (s.at[at - 1] != ' ')
				buf_byte(p->out, ' ');
			return at + 1 < s.len && s.at[at + 1] == ' ' ? 2 : 1;
		}
		break;
	default:
		break;
	}
	n = n ? n : 1;
	buf_add(p->out, slice_cut(s, at, at + n));
	if (c == '[' && !buf_full(p->out))
		plain_mark(p, '[', 1);
	return n;
}

static void plain_inline(struct plain *p, struct slice s)
{
	static const bool special[256] = {
		['\\'] = true, ['`'] = true, ['*'] = true,
		['~'] = true,  ['<'] = true, ['$'] = true,
		[']'] = true,  ['|'] = true, ['['] = true,
	};
	size_t at = 0, from = 0;

	p->mark_count = 0;
	while (at < s.len && !buf_full(p->out)) {
		if (!special[(unsigned char)s.at[at]]) {
			at++;
			continue;
		}
		buf_add(p->out, slice_cut(s, from, at));
		at += plain_special(p, s, at);
		from = at;
	}
	buf_add(p->out, slice_cut(s, from, at));
}

/* Length of a quote, item or definition mark at `at`, or 0. */
static size_t plain_box(struct slice s, size_t at)
{
	size_t i = at;

	if (i < s.len && s.at[i] == '>')
		return i + 1 < s.len && s.at[i + 1] == ' ' ? 2 : 1;
	if (i + 1 < s.len && memchr("-*:", s.at[i], 3) && s.at[i + 1] == ' ')
		return 2;
	while (i < s.len && i - at < 9 && s.at[i] >= '0' && s.at[i] <= '9')
		i++;
	if (i > at && i + 1 < s.len && (s.at[i] == '.' || s.at[i] == ')') &&
	    s.at[i + 1] == ' ')
		return i + 2 - at;
	return 0;
}

/* Bytes of boxes and spaces at the start of a line. */
static size_t plain_boxes(struct slice s)
{
	size_t at = 0, n;

	for (;;) {
		while (at < s.len && s.at[at] == ' ')
			at++;
		n = plain_box(s, at);
		if (!n)
			return at;
		at += n;
	}
}

/* A rule, or the line below a table's head: nothing to read. */
static bool plain_rule(struct slice s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (!memchr("|:- *", s.at[i], 5))
			return false;
	return s.len >= 3;
}

static bool plain_fence(struct plain *p, struct slice s, size_t boxes)
{
	size_t quotes;

	if (boxes >= s.len || s.at[boxes] != '`')
		return false;
	quotes = escape_run(s, boxes);
	if (quotes < 3 || slice_find(slice_cut(s, boxes + quotes, s.len), '`') <
	                          s.len - boxes - quotes)
		return false;
	p->fence = quotes;
	p->indent = boxes;
	return true;
}

static void plain_end(struct plain *p)
{
	if (p->out->len > p->start)
		buf_byte(p->out, '\n');
}

/* A line within a fence, its end included. */
static void plain_verbatim(struct plain *p, struct slice s)
{
	size_t quotes, boxes = 0;

	while (boxes < p->indent && boxes < s.len &&
	       (s.at[boxes] == ' ' || s.at[boxes] == '>'))
		boxes++;
	s = slice_cut(s, boxes, s.len);
	quotes = s.len && s.at[0] == '`' ? escape_run(s, 0) : 0;
	if (quotes >= p->fence && quotes == s.len) {
		p->fence = 0;
		return;
	}
	plain_end(p);
	buf_add(p->out, s);
}

static void plain_line(struct plain *p, struct slice s)
{
	size_t boxes = plain_boxes(s), level = 0;

	if (plain_fence(p, s, boxes))
		return;
	s = slice_cut(s, boxes, s.len);
	if (plain_rule(s))
		return;
	while (level < s.len && s.at[level] == '#')
		level++;
	if (level && level <= 6 && level < s.len && s.at[level] == ' ')
		s = slice_cut(s, level + 1, s.len);
	p->row = s.len > 1 && s.at[0] == '|' && s.at[s.len - 1] == '|';
	if (p->row)
		s = slice_trim(slice_cut(s, 1, s.len - 1));
	plain_end(p);
	plain_inline(p, s);
}

void markdown_text(struct slice markdown, struct buf *out)
{
	struct plain p = { .out = out, .start = out->len };
	size_t at = 0;

	while (at < markdown.len && !buf_full(out)) {
		struct slice line = slice_cut(markdown, at, markdown.len);

		line = slice_cut(line, 0, slice_find(line, '\n'));
		if (p.fence)
			plain_verbatim(&p, line);
		else
			plain_line(&p, line);
		at += line.len + 1;
	}
	while (out->len > p.start && out->at[out->len - 1] == '\n')
		buf_cut(out, out->len - 1);
}
