#ifndef BASE_TEXT_MARKDOWN_LOOK_H
#define BASE_TEXT_MARKDOWN_LOOK_H

#include "base/text/markdown_tag.h"
#include "base/text/markup_tree.h"

/* What markdown.c asks about the tree before it writes: pure questions. */

/* TAG_INLINE for text. */
enum markdown_tag look_tag(const struct markup_node *n);

bool look_blank(struct slice s);

/* Whether an element has an attribute, whatever its value. */
bool look_has(const struct markup *m, const struct markup_node *n,
              const char *name);

/* Whether a <dd> says nothing of a term: wikis indent by such lists. */
bool look_indented(const struct markup *m, uint32_t dd);

/* Whether a <rt> needs brackets: none stand beside it for who has no ruby. */
bool look_bare(const struct markup *m, uint32_t rt);

/* The words on the tab of a panel: the element that labels it, a little before
 * it; MARKUP_NONE: there is none. */
uint32_t look_tab(const struct markup *m, uint32_t panel);

/* Whether it holds the tabs of panels that look_tab() finds. */
bool look_tabs(const struct markup *m, uint32_t n);

/* A number of an attribute, 0 to 99999999. */
int64_t look_number(struct slice s, int64_t otherwise);

/* Whether no item of a list holds a paragraph. */
bool look_tight(const struct markup *m, const struct markup_node *list);

/* Whether something inline may follow text `n` in its block. */
bool look_more(const struct markup *m, const struct markup_node *n);

enum {
	LOOK_COLUMNS = 64,
	LOOK_CELL = 1000, /* bytes of a cell with lists or code */
	LOOK_BLOCKS = 12, /* items and blocks of code in one */
};

/* Columns and rows a cell takes. */
unsigned look_rows(const struct markup *m, const struct markup_node *cell);
unsigned look_span(const struct markup *m, const struct markup_node *cell);

/*
 * How many columns a table has, and in `align` l, c, r or 0 for each; 0 when
 * no pipe table can hold it: headings, tables or long lists in cells, text
 * between them, too wide, or made for the place of things.
 */
unsigned look_columns(const struct markup *m, uint32_t table,
                      char align[LOOK_COLUMNS]);

#endif
