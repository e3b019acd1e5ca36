/*
 * Tables drawn with +--+ and |, tables of ===, lists of lists, CSV. Cells are
 * cut out of their lines by columns as a terminal shows them.
 */

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text/lines.h"
#include "base/text/restructured_parts.h"
#include "base/text/unicode.h"
#include "base/utf8.h"

struct table {
	struct restructured *p;
	size_t edges[PAPER_COLUMNS + 1]; /* columns where cells begin */
	size_t count;                    /* of cells */
	struct buf cells[PAPER_COLUMNS]; /* of the row being read */
	bool any;                        /* it has something */
};

void restructured_cell(struct restructured *p, struct slice text)
{
	struct flow *flow = &p->paper.flow;
	struct buf part = BUF_INIT(p->lines.ceiling);
	size_t at = 0;

	text = slice_trim(text);
	while (at < text.len) {
		struct slice line = slice_trim(lines_next(text, &at)), next;
		bool item = line.len > 2 && line.at[1] == ' ' &&
		            strchr("-*+", line.at[0]);

		if (slice_starts(line, SLICE("| ")))
			line = slice_cut(line, 2, line.len);
		if (item) {
			flow_raw(flow, SLICE("-"));
			flow_space(flow);
			line = slice_trim(slice_cut(line, 2, line.len));
		}
		if (!slice_starts(line, SLICE(".. ")))
			buf_add(&part, line);
		next = slice_trim(lines_peek(text, at));
		if (at < text.len && next.len &&
		    !(next.len > 2 && next.at[1] == ' ' &&
		      strchr("-*+|", next.at[0]))) {
			buf_byte(&part, '\n');
			continue;
		}
		restructured_inline(p, buf_slice(&part));
		buf_reset(&part);
		if (at < text.len)
			flow_break(flow);
	}
	buf_release(&part);
}

static void table_init(struct table *t, struct restructured *p)
{
	size_t i;

	*t = (struct table){ .p = p };
	for (i = 0; i < PAPER_COLUMNS; i++)
		t->cells[i] = BUF_INIT(p->lines.ceiling);
}

static void table_row(struct table *t)
{
	size_t i;

	if (!t->any)
		return;
	paper_row_open(&t->p->paper);
	for (i = 0; i < t->count; i++) {
		if (paper_cell_open(&t->p->paper)) {
			restructured_cell(t->p, buf_slice(&t->cells[i]));
			paper_cell_close(&t->p->paper);
		}
		buf_reset(&t->cells[i]);
	}
	paper_row_close(&t->p->paper);
	t->any = false;
}

static void table_release(struct table *t)
{
	size_t i;

	table_row(t);
	paper_table_close(&t->p->paper);
	for (i = 0; i < PAPER_COLUMNS; i++)
		buf_release(&t->cells[i]);
}

/* Where in a line a column stands, in bytes, going on from *at at *column. */
static void go_to(struct slice s, size_t to, size_t *at, size_t *column)
{
	while (*at < s.len && *column < to) {
		uint32_t point = utf8_next(s, at);

		*column += (size_t)(point < 0x80 ? 1 : unicode_width(point));
	}
}

/* The part of a line between two columns. */
static struct slice between(struct slice s, size_t *at, size_t *column,
                            size_t from, size_t to)
{
	size_t start;

	go_to(s, from, at, column);
	start = *at;
	go_to(s, to, at, column);
	return slice_cut(s, start, *at);
}

static void cell_add(struct table *t, size_t i, struct slice text)
{
	if (t->cells[i].len)
		buf_byte(&t->cells[i], '\n');
	buf_add(&t->cells[i], line_trim_end(text));
	t->any |= !line_blank(text);
}

/* "+----+====+": its edges into t; false: it is none. */
static bool grid_border(struct table *t, struct slice s, bool first)
{
	size_t i;

	s = line_trim_end(s);
	if (s.len < 3 || s.at[0] != '+' || s.at[s.len - 1] != '+')
		return false;
	for (i = 0; i < s.len; i++)
		if (!strchr("+-=", s.at[i]))
			return false;
	for (i = 0; first && i < s.len; i++)
		if (s.at[i] == '+' && t->count < PAPER_COLUMNS)
			t->edges[t->count++] = i;
	if (first)
		t->count -= t->count > 0;
	return first ? t->count > 0 : true;
}

/* A line of cells: where no bar stands at an edge, the cell goes on. */
static void grid_line(struct table *t, struct slice s)
{
	size_t at = 0, column = 0, i, j;

	for (i = 0; i < t->count; i = j) {
		struct slice text;
		size_t start;

		go_to(s, t->edges[i] + 1, &at, &column);
		start = at;
		for (j = i + 1; j < t->count; j++) {
			go_to(s, t->edges[j], &at, &column);
			if (at >= s.len || s.at[at] == '|' || s.at[at] == '+')
				break;
		}
		if (j == t->count) {
			go_to(s, t->edges[j], &at, &column);
			if (at == s.len && at > start && s.at[at - 1] == '|')
				at--;
		}
		text = slice_cut(s, start, at);
		if (slice_starts(text, SLICE(" ")))
			text = slice_cut(text, 1, text.len);
		if (!line_only(slice_trim(text), '-'))
			cell_add(t, i, text);
	}
}

bool restructured_grid(struct restructured *p, struct slice line)
{
	size_t indent = line_indent(line);
	struct table t;

	if (!slice_starts(line_from(line, indent), SLICE("+-")))
		return false;
	table_init(&t, p);
	/* The last edge is that behind the last cell. */
	if (!grid_border(&t, line_from(line, indent), true))
		return false;
	paper_table_open(&p->paper, (unsigned)t.count, NULL);
	while (p->at < p->text.len) {
		struct slice s = lines_peek(p->text, p->at);

		s = line_from(s, indent);
		if (!s.len || (s.at[0] != '+' && s.at[0] != '|'))
			break;
		lines_next(p->text, &p->at);
		if (grid_border(&t, s, false))
			table_row(&t);
		else if (line_find(s, SLICE("+-")) < s.len)
			table_row(&t);
		else
			grid_line(&t, line_trim_end(s));
	}
	table_release(&t);
	return true;
}

/* "====  ===": columns where cells begin; false: it is none. */
static bool simple_border(struct table *t, struct slice s)
{
	size_t i;

	s = line_trim_end(s);
	for (i = 0; i < s.len; i++)
		if (s.at[i] != '=' && s.at[i] != ' ')
			return false;
	if (s.len < 3 || s.at[0] != '=' || (t && slice_find(s, ' ') == s.len))
		return false;
	for (i = 0; t && i < s.len; i++)
		if (s.at[i] == '=' && (!i || s.at[i - 1] == ' ') &&
		    t->count < PAPER_COLUMNS)
			t->edges[t->count++] = i;
	return true;
}

/* Whether the columns' gaps are blank in a line of dashes: spans. */
static bool simple_span(struct slice s)
{
	size_t i;

	s = line_trim_end(s);
	for (i = 0; i < s.len; i++)
		if (s.at[i] != '-' && s.at[i] != ' ')
			return false;
	return s.len > 2;
}

static void simple_line(struct table *t, struct slice s)
{
	size_t at = 0, column = 0, i;

	for (i = 0; i < t->count; i++) {
		struct slice text =
		        between(s, &at, &column, t->edges[i],
		                i + 1 < t->count ? t->edges[i + 1] : SIZE_MAX);

		if (!i && !line_blank(text))
			table_row(t);
		cell_add(t, i, text);
	}
}

bool restructured_simple(struct restructured *p, struct slice line)
{
	size_t indent = line_indent(line), ahead = p->at, borders = 0;
	struct table t;

	if (!slice_starts(line_from(line, indent), SLICE("==")))
		return false;
	table_init(&t, p);
	if (!simple_border(&t, line_from(line, indent)))
		return false;
	/* It must end somewhere: then it has one border more, or two. */
	while (ahead < p->text.len && borders < 2) {
		struct slice s = lines_next(p->text, &ahead);

		if (simple_border(NULL, line_from(s, indent))) {
			borders++;
			if (line_blank(lines_peek(p->text, ahead)))
				break;
		}
	}
	if (!borders)
		return false;
	paper_table_open(&p->paper, (unsigned)t.count, NULL);
	while (p->at < p->text.len) {
		struct slice s = line_from(lines_next(p->text, &p->at), indent);

		if (simple_border(NULL, s)) {
			table_row(&t);
			if (p->at >= p->text.len ||
			    line_blank(lines_peek(p->text, p->at)))
				break;
		} else if (line_blank(s)) {
			table_row(&t);
		} else if (!simple_span(s)) {
			simple_line(&t, s);
		}
	}
	table_release(&t);
	return true;
}

/* How many cells the first row has: items of the second level before the next
 * of the first. */
static size_t list_columns(struct slice body)
{
	size_t at = 0, n = 0;
	bool row = false;

	while (at < body.len) {
		struct slice s = slice_trim(lines_next(body, &at));
		bool starts = s.len > 1 && s.at[0] == '*' && s.at[1] == ' ';

		if (starts && row)
			break;
		row |= starts;
		if (starts)
			s = slice_trim(slice_cut(s, 1, s.len));
		n += row && s.len && s.at[0] == '-' &&
		     (s.len == 1 || s.at[1] == ' ');
	}
	return n < PAPER_COLUMNS ? n : PAPER_COLUMNS;
}

void restructured_list_table(struct restructured *p, struct slice body)
{
	struct table t;
	size_t at = 0, cell = 0, dash = SIZE_MAX;
	bool row = false;

	table_init(&t, p);
	t.count = list_columns(body);
	paper_table_open(&p->paper, (unsigned)t.count, NULL);
	while (at < body.len) {
		struct slice line = lines_next(body, &at);
		size_t column = line_indent(line);
		struct slice s = line_from(line, column);

		if (slice_starts(s, SLICE("* ")) && (!row || column < dash)) {
			table_row(&t);
			row = true;
			cell = 0;
			column += 2 + line_indent(slice_cut(s, 2, s.len));
			s = slice_trim(slice_cut(s, 2, s.len));
			dash = column;
		}
		if (row && column == dash && s.len && s.at[0] == '-' &&
		    (s.len == 1 || s.at[1] == ' ')) {
			cell++;
			s = slice_cut(s, 1, s.len);
			t.any = true;
		}
		if (row && cell && cell <= t.count)
			cell_add(&t, cell - 1, slice_trim(s));
	}
	table_release(&t);
}

/* Fields of CSV, in quotes over several lines. With `t` NULL it counts those
 * of the first row. */
static size_t csv(struct table *t, struct slice body)
{
	struct buf field = BUF_INIT(body.len + 1);
	size_t i, n = 0;
	bool quoted = false, some = false;

	for (i = 0; i <= body.len; i++) {
		char c = i < body.len ? body.at[i] : '\n';

		if (c == '"') {
			quoted = !quoted;
			if (quoted && i && body.at[i - 1] == '"')
				buf_byte(&field, c);
			some = true;
		} else if (i < body.len &&
		           (quoted || (c != ',' && c != '\n'))) {
			buf_byte(&field, c);
			some |= c != ' ' && c != '\t';
		} else if (c == ',' || some) {
			if (t && n < t->count)
				cell_add(t, n, slice_trim(buf_slice(&field)));
			n++;
			buf_reset(&field);
			some = c == ',';
			if (c == '\n' && !t)
				break;
			if (c == '\n') {
				t->any = true;
				table_row(t);
				n = 0;
			}
		}
	}
	buf_release(&field);
	return n < PAPER_COLUMNS ? n : PAPER_COLUMNS;
}

void restructured_csv_table(struct restructured *p, struct slice header,
                            struct slice body)
{
	struct table t;
	size_t columns = csv(NULL, header), others = csv(NULL, body);

	table_init(&t, p);
	t.count = columns > others ? columns : others;
	paper_table_open(&p->paper, (unsigned)t.count, NULL);
	if (header.len)
		csv(&t, header);
	csv(&t, body);
	table_release(&t);
}
