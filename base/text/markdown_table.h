#ifndef BASE_TEXT_MARKDOWN_TABLE_H
#define BASE_TEXT_MARKDOWN_TABLE_H

#include <stdbool.h>

#include "base/text/markdown_flow.h"
#include "base/text/markdown_look.h"

/*
 * A pipe table as it is written row by row. Its first row is its head; a cell
 * that takes several columns or rows stands in the first of them, and the
 * others are empty.
 */
struct table {
	uint32_t node; /* MARKUP_NONE: we are in none */
	unsigned columns, column, row;
	unsigned left[LOOK_COLUMNS]; /* rows that a cell above still takes */
	char align[LOOK_COLUMNS];    /* l, c, r or 0 */
};

/* False: no pipe table can hold it; then `t` is as it was. */
bool table_open(struct table *t, const struct markup *m, uint32_t n);

void table_row_open(struct table *t, struct flow *flow);
void table_row_close(struct table *t, struct flow *flow);
void table_cell_open(struct table *t, struct flow *flow);
void table_cell_close(struct table *t, struct flow *flow,
                      const struct markup *m, const struct markup_node *cell);

#endif
