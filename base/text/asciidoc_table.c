/*
 * Tables: cells between bars with what a cell says of itself before its bar
 * ("2+^.>s|"), or lines of CSV. A row is full when its columns are; cells that
 * reach over several columns or rows leave the others empty.
 */

#include <string.h>

#include "base/text/asciidoc_parts.h"
#include "base/text/lines.h"

struct table {
	struct asciidoc *p;
	unsigned columns, column;
	char align[PAPER_COLUMNS], style[PAPER_COLUMNS];
	unsigned below[PAPER_COLUMNS]; /* rows that a cell above still takes */
	bool open;                     /* a row is */
};

struct cell {
	struct slice text;
	unsigned columns, rows, repeat;
	char style;
};

/* A number of columns or rows at *at, or 1. */
static unsigned cell_number(struct slice s, size_t *at)
{
	unsigned n = 0;

	while (*at < s.len && s.at[*at] >= '0' && s.at[*at] <= '9') {
		if (n < 1000)
			n = n * 10 + (unsigned)(s.at[*at] - '0');
		++*at;
	}
	return n ? n : 1;
}

/*
 * "3*", "2.3+", "^.>", "s" in front of a bar; false when `s` is no such thing.
 */
static bool cell_spec(struct slice s, struct cell *out)
{
	struct cell cell = { .columns = 1, .rows = 1, .repeat = 1 };
	size_t at = 0;
	unsigned first = cell_number(s, &at), second = 1;

	if (at < s.len && s.at[at] == '.' && at + 1 < s.len &&
	    s.at[at + 1] >= '0' && s.at[at + 1] <= '9') {
		at++;
		second = cell_number(s, &at);
	}
	if (at < s.len && s.at[at] == '*' && at) {
		cell.repeat = first;
		at++;
	} else if (at < s.len && s.at[at] == '+' && at) {
		cell.columns = first;
		cell.rows = second;
		at++;
	} else if (at) {
		return false;
	}
	while (at < s.len && strchr("<^>.", s.at[at]))
		at++;
	if (at < s.len && strchr("adehlmsv", s.at[at]))
		cell.style = s.at[at++];
	if (at != s.len)
		return false;
	*out = cell;
	return true;
}

/* "cols": "1,2a,^3", "3*", "<.^2m". */
static void table_columns(struct table *t, struct slice s)
{
	size_t at = 0;

	while (at < s.len && t->columns < PAPER_COLUMNS) {
		struct slice rest = slice_cut(s, at, s.len), part;
		size_t i, star;
		unsigned repeat = 1;
		char align = 0, style = 0;

		part = slice_trim(slice_cut(
		        rest, 0,
		        slice_find(rest,
		                   slice_find(s, ',') < s.len ? ',' : ';')));
		star = slice_find(part, '*');
		if (star < part.len) {
			i = 0;
			repeat = cell_number(part, &i);
		}
		for (i = 0; i < part.len; i++) {
			if (part.at[i] == '^')
				align = align ? align : 'c';
			else if (part.at[i] == '>')
				align = align ? align : 'r';
			else if (strchr("adehlmsv", part.at[i]))
				style = part.at[i];
		}
		for (; repeat && t->columns < PAPER_COLUMNS; repeat--) {
			t->align[t->columns] = align;
			t->style[t->columns++] = style;
		}
		at += slice_find(rest, slice_find(s, ',') < s.len ? ',' : ';') +
		      1;
	}
}

/* A cell's paragraphs and items, <br> between them. */
static void put_text(struct table *t, struct slice text)
{
	struct flow *flow = &t->p->paper.flow;
	struct buf part = BUF_INIT(t->p->lines.ceiling);
	size_t at = 0;

	while (at < text.len) {
		struct slice line = lines_next(text, &at), next;
		struct asciidoc_item item;
		bool is_item = asciidoc_item(line, &item) &&
		               item.kind < ASCIIDOC_TERMS;

		next = lines_peek(text, at);
		if (is_item) {
			flow_raw(flow, item.kind == ASCIIDOC_BULLETS
			                       ? SLICE("-")
			                       : SLICE("1."));
			flow_space(flow);
			line = item.text;
		}
		buf_add(&part, line);
		if (at < text.len && !line_blank(next) &&
		    !asciidoc_item(next, &item)) {
			buf_byte(&part, '\n');
			continue;
		}
		asciidoc_inline(t->p, buf_slice(&part));
		buf_reset(&part);
		if (at < text.len)
			flow_break(flow);
	}
	buf_release(&part);
}

static void row_end(struct table *t)
{
	if (t->open)
		paper_row_close(&t->p->paper);
	t->open = false;
	t->column = 0;
}

/* Cells that one above takes, and an empty one for each column beyond. */
static void put_empty(struct table *t)
{
	if (paper_cell_open(&t->p->paper))
		paper_cell_close(&t->p->paper);
	t->column++;
}

static void skip_taken(struct table *t)
{
	while (t->column < t->columns && t->below[t->column]) {
		t->below[t->column]--;
		put_empty(t);
	}
}

static void put_cell(struct table *t, const struct cell *cell)
{
	struct paper *paper = &t->p->paper;
	struct slice text = slice_trim(cell->text);
	unsigned i;
	char style;

	if (!t->open)
		paper_row_open(paper);
	t->open = true;
	skip_taken(t);
	if (t->column >= t->columns) {
		row_end(t);
		paper_row_open(paper);
		t->open = true;
		skip_taken(t);
	}
	style = cell->style                 ? cell->style
	        : t->column < PAPER_COLUMNS ? t->style[t->column]
	                                    : 0;
	for (i = 0; i < cell->columns && t->column + i < t->columns; i++)
		t->below[t->column + i] = cell->rows - 1;
	if (paper_cell_open(paper)) {
		if ((style == 'l' || style == 'm') && text.len)
			flow_code(&paper->flow, text);
		else
			put_text(t, text);
		paper_cell_close(paper);
	}
	t->column++;
	for (i = 1; i < cell->columns && t->column < t->columns; i++)
		put_empty(t);
	while (t->column < t->columns && t->below[t->column] &&
	       t->column + 1 == t->columns && t->columns > 1)
		skip_taken(t);
	if (t->column >= t->columns)
		row_end(t);
}

/* The bars of the first line that has one: how many columns there are. */
static unsigned count_columns(struct slice body, char mark)
{
	size_t at = 0;
	unsigned n = 0;

	while (at < body.len && !n) {
		struct slice line = lines_next(body, &at);
		size_t i, from = 0;

		for (i = 0; i < line.len; i++) {
			struct cell cell = { .columns = 1, .repeat = 1 };

			if (line.at[i] != mark || (i && line.at[i - 1] == '\\'))
				continue;
			for (from = i; from && line.at[from - 1] != ' ' &&
			               line.at[from - 1] != mark;)
				from--;
			if (!cell_spec(slice_cut(line, from, i), &cell))
				cell.columns = cell.repeat = 1;
			n += cell.columns * cell.repeat;
			if (n > PAPER_COLUMNS)
				return PAPER_COLUMNS;
		}
	}
	return n;
}

static void put_repeated(struct table *t, struct cell *cell, struct slice text)
{
	struct buf clean = BUF_INIT(t->p->lines.ceiling);
	struct slice expanded;
	size_t i;

	for (i = 0; i < text.len; i++)
		if (text.at[i] != '\\' || i + 1 == text.len ||
		    text.at[i + 1] != '|')
			buf_byte(&clean, text.at[i]);
	expanded = asciidoc_expand(t->p, buf_slice(&clean));
	buf_reset(&clean);
	buf_add(&clean, expanded);
	cell->text = buf_slice(&clean);
	for (i = 0; i < cell->repeat && i < PAPER_COLUMNS; i++)
		put_cell(t, cell);
	buf_release(&clean);
}

/* Cells by bars: each says of itself in front of its own. */
static void table_bars(struct table *t, struct slice body, char mark)
{
	struct cell cell = { 0 }, next;
	size_t at = 0, from = 0, spec;
	bool any = false;

	for (; at <= body.len; at++) {
		if (at < body.len &&
		    (body.at[at] != mark || (at && body.at[at - 1] == '\\')))
			continue;
		spec = at;
		next = (struct cell){ .columns = 1, .rows = 1, .repeat = 1 };
		while (at < body.len && spec > from && at - spec < 12 &&
		       !strchr(" \n", body.at[spec - 1]))
			spec--;
		if (!cell_spec(slice_cut(body, spec, at), &next))
			spec = at;
		if (any)
			put_repeated(t, &cell, slice_cut(body, from, spec));
		any = true;
		cell = next;
		from = at + 1;
	}
}

/* Lines of CSV or DSV, fields in quotes over several of them. */
static void table_fields(struct table *t, struct slice body, char mark)
{
	struct buf field = BUF_INIT(t->p->lines.ceiling);
	bool quoted = false, blank = true;
	size_t at;

	for (at = 0; at <= body.len; at++) {
		char c = at < body.len ? body.at[at] : '\n';
		struct cell cell = { .columns = 1, .rows = 1, .repeat = 1 };

		if (c == '"' && mark == ',') {
			quoted = !quoted;
			if (quoted && at && body.at[at - 1] == '"')
				buf_byte(&field, c);
			blank = false;
			continue;
		}
		if (quoted && at < body.len) {
			buf_byte(&field, c);
			continue;
		}
		if (c != mark && c != '\n') {
			buf_byte(&field, c);
			blank &= c == ' ';
			continue;
		}
		if (c == mark || !blank || field.len) {
			cell.text = buf_slice(&field);
			put_cell(t, &cell);
		}
		buf_reset(&field);
		blank = c == '\n';
		if (blank)
			row_end(t);
	}
	buf_release(&field);
}

void asciidoc_table(struct asciidoc *p, struct slice body, char mark)
{
	struct table t = { .p = p };
	const struct asciidoc_style *style = &p->style;
	char separator = mark;

	if (slice_eq(style->format, SLICE("csv")))
		separator = ',';
	else if (slice_eq(style->format, SLICE("dsv")))
		separator = ':';
	if (style->separator.len == 1)
		separator = style->separator.at[0];
	table_columns(&t, style->columns);
	if (!t.columns)
		t.columns = count_columns(body, separator) +
		            (separator == ',' || separator == ':');
	if (!t.columns)
		return;
	if (t.columns > PAPER_COLUMNS)
		t.columns = PAPER_COLUMNS;
	paper_table_open(&p->paper, t.columns, t.align);
	if (separator == ',' || separator == ':' || separator == ';')
		table_fields(&t, body, separator);
	else
		table_bars(&t, body, separator);
	row_end(&t);
	paper_table_close(&p->paper);
}
