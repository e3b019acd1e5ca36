/*
 * Blocks line by line. What is open (items, by their indentation, and blocks
 * between #+begin and #+end) stands on a stack.
 */

#include "base/text/org.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/memory.h"
#include "base/text/document_field.h"
#include "base/text/lines.h"
#include "base/text/org_parts.h"

enum container_kind {
	CONTAINER_ITEM,
	CONTAINER_TERM,
	CONTAINER_QUOTE,
	CONTAINER_PLAIN,
};

struct container {
	enum container_kind kind;
	bool ordered;
	size_t mark;       /* column of an item's mark */
	struct slice name; /* of a block */
};

struct org {
	struct paper paper;
	struct arena *a;
	struct document *d;
	struct slice text;
	size_t at;
	struct container *stack;
	size_t count, cap;
	size_t blanks;
	bool heading;         /* the last line was one, or about one */
	struct slice caption; /* of the next block */
	struct buf lines, title;
};

static struct container *top(struct org *p)
{
	return p->count ? &p->stack[p->count - 1] : NULL;
}

static bool is_item(const struct container *c)
{
	return c && c->kind <= CONTAINER_TERM;
}

static void push(struct org *p, struct container it)
{
	p->stack = memory_room(p->stack, p->count, &p->cap, sizeof(*p->stack));
	p->stack[p->count++] = it;
}

static void pop(struct org *p)
{
	switch (top(p)->kind) {
	case CONTAINER_ITEM:
		paper_item_close(&p->paper);
		paper_list_close(&p->paper);
		break;
	case CONTAINER_TERM:
		paper_definition_close(&p->paper);
		break;
	case CONTAINER_QUOTE:
		paper_quote_close(&p->paper);
		break;
	case CONTAINER_PLAIN:
		break;
	}
	p->count--;
}

static void pop_items(struct org *p)
{
	while (is_item(top(p)))
		pop(p);
}

static void put_caption(struct org *p)
{
	struct slice caption = p->caption;

	p->caption.len = 0;
	if (!caption.len)
		return;
	paper_title_open(&p->paper);
	org_inline(&p->paper, caption);
	paper_title_close(&p->paper);
}

/* ":a:b:" as tags of the document; false: it is no such thing. */
static bool add_tags(struct org *p, struct slice s)
{
	size_t at = 1;

	if (s.len < 3 || s.at[0] != ':' || s.at[s.len - 1] != ':')
		return false;
	while (at < s.len) {
		size_t end = at + slice_find(slice_cut(s, at, s.len), ':');

		document_field_item(p->d, p->a, SLICE("tags"),
		                    slice_cut(s, at, end));
		at = end + 1;
	}
	return true;
}

/* Where ":tag:tag:" begins at the end of a heading, or its length. */
static size_t heading_end(struct slice s)
{
	size_t i = s.len;

	if (s.len < 3 || s.at[s.len - 1] != ':')
		return s.len;
	while (i && (line_word(s.at[i - 1]) || strchr("@#%:", s.at[i - 1])))
		i--;
	return i < s.len && s.at[i] == ':' && i && s.at[i - 1] == ' ' ? i
	                                                              : s.len;
}

/* "* TODO [#A] Title :tag:" */
static bool block_heading(struct org *p, struct slice line)
{
	size_t level = line_run(line, '*');
	struct slice s, tags;

	if (!level || level >= line.len || line.at[level] != ' ')
		return false;
	while (p->count)
		pop(p);
	s = slice_trim(slice_cut(line, level, line.len));
	tags = slice_cut(s, heading_end(s), s.len);
	s = line_trim_end(slice_cut(s, 0, heading_end(s)));
	if (slice_starts(s, SLICE("COMMENT ")) ||
	    line_find(tags, SLICE(":noexport:")) < tags.len) {
		/* All below it is one. */
		while (p->at < p->text.len) {
			struct slice next = lines_peek(p->text, p->at);
			size_t other = line_run(next, '*');

			if (other && other <= level && other < next.len &&
			    next.at[other] == ' ')
				break;
			lines_next(p->text, &p->at);
		}
		return true;
	}
	paper_heading_open(&p->paper, (unsigned)(level > 6 ? 6 : level));
	level = line_find(s, SLICE("[#"));
	if (level + 3 < s.len && s.at[level + 3] == ']' && level < 20) {
		org_inline(&p->paper, slice_cut(s, 0, level));
		s = slice_trim(slice_cut(s, level + 4, s.len));
	}
	org_inline(&p->paper, s);
	paper_heading_close(&p->paper);
	p->heading = true;
	return true;
}

/* Lines that are about a heading and not shown. */
static bool block_planning(struct org *p, struct slice s)
{
	if (slice_starts(s, SLICE("CLOCK:")))
		return true;
	return p->heading && (slice_starts(s, SLICE("SCHEDULED:")) ||
	                      slice_starts(s, SLICE("DEADLINE:")) ||
	                      slice_starts(s, SLICE("CLOSED:")));
}

/* ":NAME:" up to ":END:". */
static bool block_drawer(struct org *p, struct slice s)
{
	size_t at = p->at, i;

	if (s.len < 3 || s.at[0] != ':' || s.at[s.len - 1] != ':')
		return false;
	for (i = 1; i + 1 < s.len; i++)
		if (!line_word(s.at[i]) && s.at[i] != '-')
			return false;
	while (at < p->text.len) {
		struct slice line = slice_trim(lines_next(p->text, &at));

		if (line_same(line, SLICE(":END:"))) {
			p->at = at;
			return true;
		}
		if (slice_starts(line, SLICE("* ")))
			break;
	}
	return false;
}

static void put_include(struct org *p, struct slice value)
{
	size_t end = slice_find(value, ' ');

	if (value.len && value.at[0] == '"') {
		value = slice_cut(value, 1, value.len);
		end = slice_find(value, '"');
	}
	value = slice_cut(value, 0, end);
	paper_paragraph(&p->paper);
	paper_image(&p->paper, value, value);
}

/* "#+KEY: value" */
static void keyword(struct org *p, struct slice key, struct slice value)
{
	if (line_same(key, SLICE("TITLE"))) {
		if (p->title.len)
			buf_byte(&p->title, ' ');
		buf_add(&p->title, value);
	} else if (line_same(key, SLICE("DATE"))) {
		if (p->d->created == CLOCK_NONE)
			p->d->created = org_date(value);
	} else if (line_same(key, SLICE("FILETAGS")) && add_tags(p, value)) {
		return;
	} else if (line_same(key, SLICE("CAPTION"))) {
		p->caption = value;
	} else if (line_same(key, SLICE("INCLUDE"))) {
		put_include(p, value);
	} else if (!line_same(key, SLICE("CATEGORY"))) {
		document_field(p->d, p->a, key, value);
	}
}

/* The lines up to "#+end_name", or to the end. */
static struct slice body_of(struct org *p, struct slice name)
{
	size_t from = p->at, end = p->at;

	while (p->at < p->text.len) {
		struct slice line = slice_trim(lines_next(p->text, &p->at));

		if (line_starts(line, SLICE("#+end_")) &&
		    line_same(slice_cut(line, 6, line.len), name))
			break;
		end = p->at;
	}
	return slice_cut(p->text, from, end);
}

/* Code without the commas that keep Org from reading it. */
static void put_code(struct org *p, struct slice language, struct slice body)
{
	struct buf code = BUF_INIT(p->lines.ceiling), plain = code;
	struct slice s;
	size_t at = 0;

	lines_unindent(body, SIZE_MAX, &code);
	s = buf_slice(&code);
	while (at < s.len) {
		struct slice line = lines_next(s, &at);

		if (slice_starts(line, SLICE(",*")) ||
		    slice_starts(line, SLICE(",#+")))
			line = slice_cut(line, 1, line.len);
		buf_add(&plain, line);
		buf_byte(&plain, '\n');
	}
	put_caption(p);
	paper_code(&p->paper, language, buf_slice(&plain));
	buf_release(&code);
	buf_release(&plain);
}

static void put_verse(struct org *p, struct slice body)
{
	size_t at = 0;

	paper_quote_open(&p->paper);
	paper_paragraph(&p->paper);
	while (at < body.len) {
		org_inline(&p->paper, slice_trim(lines_next(body, &at)));
		flow_break(&p->paper.flow);
	}
	paper_quote_close(&p->paper);
}

static void open_block(struct org *p, struct slice name, struct slice rest)
{
	struct slice label = paper_admonition_label(name);
	struct container it = { .kind = CONTAINER_PLAIN, .name = name };

	if (line_same(name, SLICE("src"))) {
		put_code(p, slice_cut(rest, 0, slice_find(rest, ' ')),
		         body_of(p, name));
		return;
	}
	if (line_same(name, SLICE("example"))) {
		put_code(p, (struct slice){ 0 }, body_of(p, name));
		return;
	}
	if (line_same(name, SLICE("comment")) ||
	    line_same(name, SLICE("export"))) {
		body_of(p, name);
		return;
	}
	if (line_same(name, SLICE("verse"))) {
		put_verse(p, body_of(p, name));
		return;
	}
	put_caption(p);
	if (line_same(name, SLICE("quote"))) {
		it.kind = CONTAINER_QUOTE;
		paper_quote_open(&p->paper);
	} else if (label.len) {
		it.kind = CONTAINER_QUOTE;
		paper_admonition_open(&p->paper, label, (struct slice){ 0 });
	}
	push(p, it);
}

static void close_block(struct org *p, struct slice name)
{
	size_t i = p->count;

	while (i-- > 0) {
		if (is_item(&p->stack[i]) || !line_same(p->stack[i].name, name))
			continue;
		while (p->count > i)
			pop(p);
		return;
	}
}

/* "#+begin_src", "#+end_quote", "#+TITLE: x", "# comment". */
static bool block_hash(struct org *p, struct slice s)
{
	struct slice name, rest;
	size_t end;

	if (!s.len || s.at[0] != '#')
		return false;
	if (s.len == 1 || s.at[1] == ' ')
		return true;
	if (line_starts(s, SLICE("#+begin_"))) {
		s = slice_cut(s, 8, s.len);
		end = slice_find(s, ' ');
		name = slice_cut(s, 0, end);
		rest = slice_trim(slice_cut(s, end, s.len));
		open_block(p, name, rest);
		return true;
	}
	if (line_starts(s, SLICE("#+end_"))) {
		close_block(p, slice_cut(s, 6, s.len));
		return true;
	}
	end = slice_find(s, ':');
	if (s.at[1] != '+' || end == s.len)
		return false;
	keyword(p, slice_cut(s, 2, end),
	        slice_trim(slice_cut(s, end + 1, s.len)));
	return true;
}

/* ": text" as it is. */
static bool block_fixed(struct org *p, struct slice s)
{
	struct buf code = BUF_INIT(p->lines.ceiling);

	if (!s.len || s.at[0] != ':' || (s.len > 1 && s.at[1] != ' '))
		return false;
	for (;;) {
		buf_add(&code, slice_cut(s, 2, s.len));
		buf_byte(&code, '\n');
		if (p->at >= p->text.len)
			break;
		s = slice_trim(lines_peek(p->text, p->at));
		if (!s.len || s.at[0] != ':' || (s.len > 1 && s.at[1] != ' '))
			break;
		lines_next(p->text, &p->at);
	}
	paper_code(&p->paper, (struct slice){ 0 }, buf_slice(&code));
	buf_release(&code);
	return true;
}

static unsigned cells_of(struct slice s)
{
	unsigned n = 0;
	size_t i;

	for (i = 1; i < s.len; i++)
		n += s.at[i] == '|';
	return n + (s.at[s.len - 1] != '|');
}

static void put_row(struct org *p, struct slice s)
{
	size_t at = 1;

	paper_row_open(&p->paper);
	while (at < s.len) {
		size_t end = at + slice_find(slice_cut(s, at, s.len), '|');

		if (paper_cell_open(&p->paper)) {
			org_inline(&p->paper,
			           slice_trim(slice_cut(s, at, end)));
			paper_cell_close(&p->paper);
		}
		at = end + 1;
	}
	paper_row_close(&p->paper);
}

/* A row of "<l>", "<10>": how columns are to look. */
static bool is_cookies(struct slice s)
{
	size_t i;
	bool any = false;

	for (i = 0; i < s.len; i++) {
		if (!strchr("|<>lrc0123456789 ", s.at[i]))
			return false;
		any |= s.at[i] == '<';
	}
	return any;
}

static bool block_table(struct org *p, struct slice s)
{
	if (!s.len || s.at[0] != '|')
		return false;
	put_caption(p);
	paper_table_open(&p->paper, cells_of(s), NULL);
	for (;;) {
		if (!slice_starts(s, SLICE("|-")) && !is_cookies(s))
			put_row(p, s);
		if (p->at >= p->text.len)
			break;
		s = slice_trim(lines_peek(p->text, p->at));
		if (!s.len || s.at[0] != '|')
			break;
		lines_next(p->text, &p->at);
	}
	paper_table_close(&p->paper);
	return true;
}

/* \begin{...} up to its end. */
static bool block_latex(struct org *p, struct slice s)
{
	size_t from, end;
	struct slice name;

	if (!slice_starts(s, SLICE("\\begin{")))
		return false;
	name = slice_cut(s, 7, slice_find(s, '}'));
	from = (size_t)(s.at - p->text.at);
	end = from + s.len;
	while (p->at < p->text.len) {
		struct slice line = slice_trim(lines_next(p->text, &p->at));

		end = p->at;
		if (slice_starts(line, SLICE("\\end{")) &&
		    slice_starts(slice_cut(line, 5, line.len), name))
			break;
	}
	paper_code(&p->paper, SLICE("math"), slice_cut(p->text, from, end));
	return true;
}

/* Whether a line ends the paragraph before it. */
static bool ends_paragraph(struct org *p, struct slice line)
{
	struct slice s = slice_trim(line);
	struct org_item item;
	size_t stars = line_run(line, '*');

	if (!s.len || s.at[0] == '|' || slice_starts(s, SLICE("#+")) ||
	    slice_starts(s, SLICE("# ")) ||
	    (stars && stars < line.len && line.at[stars] == ' ') ||
	    slice_starts(s, SLICE(": ")) || slice_starts(s, SLICE("\\begin{")))
		return true;
	if (is_item(top(p)) && line_indent(line) <= top(p)->mark)
		return true;
	return org_item(line, &item);
}

static void put_text(struct org *p, struct slice first)
{
	buf_reset(&p->lines);
	buf_add(&p->lines, first);
	while (p->at < p->text.len &&
	       !ends_paragraph(p, lines_peek(p->text, p->at))) {
		buf_byte(&p->lines, '\n');
		buf_add(&p->lines, slice_trim(lines_next(p->text, &p->at)));
	}
	org_inline(&p->paper, buf_slice(&p->lines));
}

/* Closes what a line's indentation leaves. */
static void unwind(struct org *p, struct slice line, bool item, bool ordered,
                   bool term)
{
	size_t indent = line_indent(line);

	while (is_item(top(p)) && indent <= top(p)->mark) {
		struct container *c = top(p);

		if (item && indent == c->mark && c->ordered == ordered &&
		    term == (c->kind == CONTAINER_TERM))
			return;
		pop(p);
	}
}

static bool block_item(struct org *p, struct slice line)
{
	size_t indent = line_indent(line);
	struct org_item item;
	struct container *c;
	bool term;

	if (!org_item(line, &item))
		return false;
	term = item.term.len > 0;
	unwind(p, line, true, item.ordered, term);
	c = top(p);
	if (is_item(c) && c->mark == indent) {
		if (term)
			paper_definition_close(&p->paper);
		else
			paper_item_close(&p->paper);
	} else {
		if (!term)
			paper_list_open(&p->paper, item.ordered);
		push(p, (struct container){ .kind = term ? CONTAINER_TERM
		                                         : CONTAINER_ITEM,
		                            .ordered = item.ordered,
		                            .mark = indent });
	}
	if (term) {
		paper_term(&p->paper);
		org_inline(&p->paper, item.term);
		paper_definition_open(&p->paper);
	} else {
		paper_item_open(&p->paper, item.number);
	}
	if (item.check) {
		flow_raw(&p->paper.flow,
		         item.check == 'X' ? SLICE("[x]") : SLICE("[ ]"));
		flow_space(&p->paper.flow);
	}
	put_text(p, item.text);
	return true;
}

static bool block_rule(struct org *p, struct slice s)
{
	if (s.len < 5 || !line_only(s, '-'))
		return false;
	paper_rule(&p->paper);
	return true;
}

/* "[fn:1] text": the mark, and a paragraph. */
static bool block_note(struct org *p, struct slice line)
{
	size_t end = slice_find(line, ']');

	if (!slice_starts(line, SLICE("[fn:")) || end + 2 > line.len)
		return false;
	pop_items(p);
	paper_paragraph(&p->paper);
	flow_text(&p->paper.flow, SLICE("["), true);
	flow_text(&p->paper.flow, slice_cut(line, 4, end + 1), true);
	flow_space(&p->paper.flow);
	put_text(p, slice_trim(slice_cut(line, end + 1, line.len)));
	return true;
}

static void block(struct org *p, struct slice line)
{
	struct slice s = slice_trim(line);
	bool heading = p->heading;

	if (!s.len) {
		if (++p->blanks > 1)
			pop_items(p);
		return;
	}
	p->blanks = 0;
	p->heading = false;
	if (block_heading(p, line))
		return;
	p->heading = heading;
	if (block_planning(p, s) || block_drawer(p, s))
		return;
	p->heading = false;
	if (block_item(p, line))
		return;
	if (!line_starts(s, SLICE("#+end_")))
		unwind(p, line, false, false, false);
	if (block_hash(p, s) || block_fixed(p, s) || block_table(p, s) ||
	    block_latex(p, s) || block_rule(p, s) || block_note(p, line))
		return;
	put_caption(p);
	paper_paragraph(&p->paper);
	put_text(p, s);
}

bool org_item(struct slice line, struct org_item *out)
{
	size_t indent = line_indent(line), i = 0, mark;
	struct slice s = line_trim_end(line_from(line, indent));

	*out = (struct org_item){ 0 };
	if (s.len &&
	    (s.at[0] == '-' || s.at[0] == '+' || (s.at[0] == '*' && indent)))
		i = 1;
	while (!out->ordered && i < s.len && i < 9 && s.at[i] >= '0' &&
	       s.at[i] <= '9' && !(i == 1 && s.at[0] < '0'))
		i++;
	if (i && s.at[0] >= '0') {
		if (i >= s.len || (s.at[i] != '.' && s.at[i] != ')'))
			return false;
		slice_number(slice_cut(s, 0, i), &out->number);
		out->ordered = true;
		i++;
	}
	if (!i || (i < s.len && s.at[i] != ' '))
		return false;
	s = slice_trim(slice_cut(s, i, s.len));
	if (slice_starts(s, SLICE("[@"))) {
		i = slice_find(s, ']');
		slice_number(slice_cut(s, 2, i), &out->number);
		s = slice_trim(slice_cut(s, i + 1, s.len));
	}
	if (s.len > 2 && s.at[0] == '[' && s.at[2] == ']' &&
	    strchr(" X-", s.at[1])) {
		out->check = s.at[1];
		s = slice_trim(slice_cut(s, 3, s.len));
	}
	mark = out->ordered ? s.len : line_find(s, SLICE(" ::"));
	if (mark < s.len && (mark + 3 == s.len || s.at[mark + 3] == ' ')) {
		out->term = slice_cut(s, 0, mark);
		s = slice_trim(slice_cut(s, mark + 3, s.len));
	}
	out->text = s;
	return true;
}

static void put_document_title(struct org *p)
{
	struct buf text = BUF_INIT(LIMIT_LINK);
	struct paper_aside aside;

	paper_aside(&p->paper, &aside);
	org_inline(&p->paper, buf_slice(&p->title));
	paper_aside_end(&p->paper, &aside, &text);
	p->d->title = arena_copy(p->a, buf_slice(&text));
	buf_release(&text);
}

void org_read(struct slice text, const struct document_links *links,
              struct arena *a, struct document *d, struct buf *out)
{
	struct org p = {
		.a = a,
		.d = d,
		.text = text,
		.lines = BUF_INIT(out->ceiling),
		.title = BUF_INIT(LIMIT_LINK),
	};

	paper_init(&p.paper, links, out);
	while (p.at < text.len && !buf_full(out))
		block(&p, lines_next(text, &p.at));
	while (p.count)
		pop(&p);
	if (!d->title.len)
		put_document_title(&p);
	out->full |= buf_full(&p.lines);
	paper_release(&p.paper);
	buf_release(&p.lines);
	buf_release(&p.title);
	free(p.stack);
}
