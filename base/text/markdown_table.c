/* The line below the head follows the first row, when its width is known. */

#include "base/text/markdown_table.h"

bool table_open(struct table *t, const struct markup *m, uint32_t n)
{
	struct table fresh = { .node = n };

	fresh.columns = look_columns(m, n, fresh.align);
	if (fresh.columns < 2)
		return false;
	*t = fresh;
	return true;
}

/* Empty cells where one from above reaches down. */
static void fill(struct table *t, struct flow *flow)
{
	while (t->column < t->columns && t->left[t->column]) {
		t->left[t->column++]--;
		buf_text(flow->out, " |");
	}
}

void table_row_open(struct table *t, struct flow *flow)
{
	if (t->row)
		flow_gap_set(flow, 1);
	flow_line(flow);
	buf_byte(flow->out, '|');
	t->column = 0;
}

/* The line below the head: | :-- | --- | --: | */
static void write_rule(const struct table *t, struct flow *flow)
{
	unsigned i;

	flow_line(flow);
	buf_byte(flow->out, '|');
	for (i = 0; i < t->columns; i++) {
		char align = t->align[i];

		buf_text(flow->out, align == 'c'   ? " :-: |"
		                    : align == 'r' ? " --: |"
		                    : align == 'l' ? " :-- |"
		                                   : " --- |");
	}
}

void table_row_close(struct table *t, struct flow *flow)
{
	for (; t->column < t->columns; t->column++) {
		if (t->left[t->column])
			t->left[t->column]--;
		buf_text(flow->out, " |");
	}
	if (!t->row++)
		write_rule(t, flow);
	flow_gap_set(flow, 1);
}

void table_cell_open(struct table *t, struct flow *flow)
{
	fill(t, flow);
	flow_cell_open(flow);
}

void table_cell_close(struct table *t, struct flow *flow,
                      const struct markup *m, const struct markup_node *cell)
{
	unsigned span = look_span(m, cell), rows = look_rows(m, cell), i;

	flow_cell_close(flow);
	for (i = 0; i < span; i++, t->column++) {
		if (t->column < LOOK_COLUMNS)
			t->left[t->column] = rows - 1;
		if (i)
			buf_text(flow->out, " |");
	}
}
