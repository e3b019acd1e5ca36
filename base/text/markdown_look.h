#ifndef BASE_TEXT_MARKDOWN_LOOK_H
#define BASE_TEXT_MARKDOWN_LOOK_H

#include "base/text/markdown_tag.h"
#include "base/text/markup_tree.h"

/* What markdown.c asks about the tree before it writes: pure questions. */

/* TAG_INLINE for text. */
enum markdown_tag look_tag(const struct markup_node *n);

bool look_blank(struct slice s);

/* A number of an attribute, 0 to 99999999. */
int64_t look_number(struct slice s, int64_t otherwise);

/* The language of a <pre>, by its own class or that of the <code> in it. */
struct slice look_language(const struct markup *m, uint32_t pre);

/* Whether no item of a list holds a paragraph. */
bool look_tight(const struct markup *m, const struct markup_node *list);

/* Whether something inline may follow text `n` in its block. */
bool look_more(const struct markup *m, const struct markup_node *n);

enum { LOOK_COLUMNS = 64 };

/* Columns a cell takes. */
unsigned look_span(const struct markup *m, const struct markup_node *cell);

/*
 * How many columns a table has, and in `align` l, c, r or 0 for each; 0 when
 * no pipe table can hold it: blocks in cells, text between them, too wide.
 */
unsigned look_columns(const struct markup *m, uint32_t table,
                      char align[LOOK_COLUMNS]);

#endif
