/*
 * Three steps: commonmark_containers.c makes every block that is set apart a
 * quote, then definitions of links are gathered, then lines are written as
 * they are but for underlined headings, fences, ends of lines and what
 * commonmark_inline.c does to the text of a paragraph.
 */

#include "base/text/commonmark_clean.h"

#include <string.h>

#include "base/text/commonmark_parts.h"
#include "base/text/front_matter.h"
#include "base/text/lines.h"
#include "base/text/markdown.h"
#include "base/text/markdown_escape.h"

struct clean {
	struct slice text; /* after the first step */
	struct commonmark_links defined;
	const struct document_links *links;
	struct document *d;
	struct arena *a;
	struct buf *out;
	size_t start;     /* of ours in out */
	bool blank;       /* a blank line is wanted before the next */
	struct slice gap; /* what stands in it: the quotes */
	bool indented;    /* the last line was indented code */
	bool list;        /* we are in one: deep lines are its own */
	bool first;       /* nothing but blanks so far */
};

static void put_gap(struct clean *c)
{
	if (c->blank && c->out->len > c->start) {
		buf_add(c->out, line_trim_end(c->gap));
		buf_byte(c->out, '\n');
	}
	c->blank = false;
}

/* The quotes at the start of a line, blanks between them. */
static struct slice quotes_of(struct slice line)
{
	size_t i, end = 0;

	for (i = 0; i < line.len && strchr("> ", line.at[i]); i++)
		if (line.at[i] == '>')
			end = i + 1;
	return slice_cut(line, 0, end);
}

static void want_blank(struct clean *c, struct slice line)
{
	struct slice quotes = quotes_of(line);

	if (!c->blank || quotes.len < c->gap.len)
		c->gap = quotes;
	c->blank = true;
}

/* What stands before lines that go on with one that has this lead. */
static void lead_of_rest(struct slice lead, char out[64], size_t *len)
{
	size_t i;

	*len = lead.len < 64 ? lead.len : 64;
	for (i = 0; i < *len; i++)
		out[i] = lead.at[i] == '>' ? '>' : ' ';
}

/* A heading's text without its closing # and {#anchor}. */
static struct slice heading_text(struct slice s)
{
	size_t end;

	s = slice_trim(s);
	if (s.len && s.at[s.len - 1] == '}') {
		for (end = s.len; end && s.at[end - 1] != '{'; end--)
			;
		if (end && end < s.len && strchr("#:.", s.at[end]))
			s = slice_trim(slice_cut(s, 0, end - 1));
	}
	for (end = s.len; end && s.at[end - 1] == '#'; end--)
		;
	if (!end || s.at[end - 1] == ' ')
		s = slice_trim(slice_cut(s, 0, end));
	return s;
}

static void put_heading(struct clean *c, struct slice lead, size_t level,
                        struct slice text)
{
	struct buf title = BUF_INIT(c->out->ceiling), plain = title;
	struct slice s;

	commonmark_inline(heading_text(text), false, SLICE(" "), &c->defined,
	                  c->links, &title);
	markdown_text(buf_slice(&title), &plain);
	s = slice_trim(buf_slice(&plain));
	if (c->first && level == 1 && !lead.len && s.len &&
	    (!c->d->title.len || line_same(c->d->title, s))) {
		c->d->title = arena_copy(c->a, s);
	} else if (s.len) {
		put_gap(c);
		buf_add(c->out, lead);
		buf_add(c->out, slice_cut(SLICE("######"), 0, level));
		buf_byte(c->out, ' ');
		for (size_t i = 0; i < title.len; i++)
			buf_byte(c->out,
			         title.at[i] == '\n' ? ' ' : title.at[i]);
		buf_byte(c->out, '\n');
		c->first = false;
	}
	buf_release(&title);
	buf_release(&plain);
	want_blank(c, lead);
}

static void put_backquotes(struct clean *c, size_t count)
{
	while (count--)
		buf_byte(c->out, '`');
}

/* A fence and its lines; returns where the text goes on. */
static size_t put_fence(struct clean *c, struct slice line, size_t at,
                        const struct commonmark_fence *f)
{
	size_t from = at, end = at, most = f->mark == '`' ? f->run - 1 : 2;
	size_t len;
	char lead[64];
	int closes = 0;

	while (at < c->text.len && !closes) {
		struct slice inner = lines_next(c->text, &at);

		closes = commonmark_fence_closes(f, inner);
		if (closes)
			break;
		if (f->mark == '~' && escape_quotes(inner) > most)
			most = escape_quotes(inner);
		end = at;
	}
	if (closes == 2)
		at = end;
	put_gap(c);
	buf_add(c->out, slice_cut(line, 0, f->lead));
	put_backquotes(c, most + 1);
	buf_add(c->out, f->info);
	buf_byte(c->out, '\n');
	buf_add(c->out, slice_cut(c->text, from, end));
	if (c->out->len && c->out->at[c->out->len - 1] != '\n')
		buf_byte(c->out, '\n');
	lead_of_rest(slice_cut(line, 0, f->lead), lead, &len);
	buf_add(c->out, (struct slice){ lead, len });
	put_backquotes(c, most + 1);
	buf_byte(c->out, '\n');
	c->first = false;
	return at;
}

/* Whether a line of text ends the paragraph before it. */
static bool starts_block(struct clean *c, struct slice line)
{
	struct commonmark_fence f;
	size_t lead = commonmark_lead(line);
	struct slice s = slice_cut(line, lead, line.len);

	(void)c;
	return line_blank(s) || s.at[0] == '#' || s.at[0] == '|' ||
	       commonmark_fence_opens(line, &f);
}

/* 1 or 2 when a line underlines the one before it, else 0. */
static size_t underline(struct slice line)
{
	struct slice s = slice_trim(line);

	if (line_indent(line) > 3 || !s.len)
		return 0;
	if (s.at[0] == '=' && line_only(s, '='))
		return 1;
	return s.at[0] == '-' && line_only(s, '-') ? 2 : 0;
}

/* Hard breaks are backslashes; white space at the end goes. */
static void put_lines(struct clean *c, struct slice s)
{
	size_t at = 0;

	while (at < s.len) {
		struct slice line = lines_next(s, &at);
		struct slice trimmed = line_trim_end(line);
		bool hard = line.len >= trimmed.len + 2 && at < s.len &&
		            trimmed.len && trimmed.at[trimmed.len - 1] != '|';

		if (!trimmed.len && c->out->len > c->start &&
		    c->out->at[c->out->len - 1] == '\n' &&
		    (c->out->len - c->start < 2 ||
		     c->out->at[c->out->len - 2] == '\n'))
			continue;
		if (at >= s.len && trimmed.len &&
		    trimmed.at[trimmed.len - 1] == '\\' &&
		    (trimmed.len < 2 || trimmed.at[trimmed.len - 2] != '\\'))
			trimmed.len--;
		buf_add(c->out, trimmed);
		buf_text(c->out, hard ? "\\\n" : "\n");
	}
}

/* Without blank lines at its ends. */
static struct slice trim_lines(struct slice s)
{
	while (s.len && s.at[0] == '\n')
		s = slice_cut(s, 1, s.len);
	while (s.len && s.at[s.len - 1] == '\n')
		s.len--;
	return s;
}

/* Text up to the end of its paragraph; returns where the next line is. */
static size_t put_paragraph(struct clean *c, size_t at)
{
	size_t from = at, end, level = 0, count = 0, len;
	struct slice line = lines_peek(c->text, at), text;
	struct buf done = BUF_INIT(c->out->ceiling);
	size_t lead = commonmark_lead(line);
	bool row = lead < line.len && line.at[lead] == '|';
	char rest[64];

	do {
		end = at + lines_peek(c->text, at).len;
		lines_next(c->text, &at);
		count++;
		if (row || at >= c->text.len)
			break;
		line = lines_peek(c->text, at);
		level = underline(line);
	} while (!level && !starts_block(c, line) &&
	         commonmark_lead(line) == line_indent(line));
	text = slice_cut(c->text, from, end);
	if (level && lead == line_indent(text)) {
		lines_next(c->text, &at);
		put_heading(c, slice_cut(text, 0, 0), level, slice_trim(text));
		return at;
	}
	lead_of_rest(slice_cut(text, 0, lead), rest, &len);
	commonmark_inline(text, row, (struct slice){ rest, len }, &c->defined,
	                  c->links, &done);
	if (!line_blank(buf_slice(&done))) {
		bool gap = slice_ends(buf_slice(&done), SLICE("\n"));

		put_gap(c);
		put_lines(c, trim_lines(buf_slice(&done)));
		c->first = false;
		if (gap)
			want_blank(c, text);
	}
	buf_release(&done);
	return at;
}

static bool is_rule(struct slice s)
{
	size_t i, n = 0;

	if (!s.len || !strchr("-*_", s.at[0]))
		return false;
	for (i = 0; i < s.len; i++) {
		if (s.at[i] != s.at[0] && s.at[i] != ' ')
			return false;
		n += s.at[i] == s.at[0];
	}
	return n > 2;
}

/* "{: .wide }" alone: about what is above it. */
static bool is_attributes(struct slice s)
{
	if (s.len < 3 || s.at[0] != '{' || s.at[s.len - 1] != '}')
		return false;
	s = slice_trim(slice_cut(s, 1, s.len - 1));
	return s.len && (s.at[0] == ':' || s.at[0] == '.') &&
	       slice_find(s, '}') == s.len;
}

/* A line as it is. */
static void put_line(struct clean *c, struct slice line)
{
	put_gap(c);
	buf_add(c->out, line);
	buf_byte(c->out, '\n');
	c->first = false;
}

/* The line at `at`, and what belongs to it; returns where the next is. */
static size_t clean_line(struct clean *c, size_t at)
{
	size_t next = at, lead, level;
	struct slice line = lines_next(c->text, &next), s;
	struct commonmark_fence f;

	lead = commonmark_lead(line);
	s = slice_trim(slice_cut(line, lead, line.len));
	if (line_blank(line) || (!s.len && quotes_of(line).len)) {
		want_blank(c, line);
		c->list &= true;
		return next;
	}
	if (lead > line_indent(line))
		c->list = true;
	else if (!line_indent(line) && c->blank)
		c->list = false;
	if (!c->list && line_indent(line) > 3 &&
	    (c->blank || c->indented || c->first)) {
		c->indented = true;
		put_line(c, line);
		return next;
	}
	c->indented = false;
	if (is_attributes(s))
		return next;
	if (commonmark_fence_opens(line, &f))
		return put_fence(c, line, next, &f);
	if (commonmark_definition(&c->defined, line, false))
		return next;
	if (is_rule(slice_trim(line))) {
		if (!c->first)
			put_line(c, SLICE("---"));
		return next;
	}
	level = line_run(s, '#');
	if (level && level <= 6 && (level == s.len || s.at[level] == ' ')) {
		put_heading(c, slice_cut(line, 0, lead), level,
		            slice_cut(s, level, s.len));
		return next;
	}
	return put_paragraph(c, at);
}

/* Definitions of links, anywhere but in fences. */
static void gather(struct clean *c)
{
	struct commonmark_fence f = { 0 };
	size_t at = 0;

	while (at < c->text.len) {
		struct slice line = lines_next(c->text, &at);
		int closes = f.mark ? commonmark_fence_closes(&f, line) : 0;

		if (f.mark && closes != 2) {
			if (closes)
				f.mark = 0;
			continue;
		}
		f.mark = 0;
		if (!commonmark_fence_opens(line, &f))
			commonmark_definition(&c->defined, line, true);
	}
}

void commonmark_clean(struct slice text, const struct document_links *links,
                      struct arena *a, struct document *d, struct buf *out)
{
	static const struct document_links none;
	struct buf contained = BUF_INIT(out->ceiling);
	struct clean c = {
		.links = links ? links : &none,
		.d = d,
		.a = a,
		.out = out,
		.start = out->len,
		.first = true,
	};
	size_t at = front_matter_read(text, a, d);

	commonmark_containers(slice_cut(text, at, text.len), &contained);
	c.text = buf_slice(&contained);
	gather(&c);
	for (at = 0; at < c.text.len && !buf_full(out);)
		at = clean_line(&c, at);
	while (out->len > c.start && strchr("\n ", out->at[out->len - 1]))
		buf_cut(out, out->len - 1);
	if (buf_full(&contained))
		out->full = true;
	commonmark_links_release(&c.defined);
	buf_release(&contained);
}
