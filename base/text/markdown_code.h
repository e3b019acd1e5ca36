#ifndef BASE_TEXT_MARKDOWN_CODE_H
#define BASE_TEXT_MARKDOWN_CODE_H

#include "base/buf.h"
#include "base/text/markup_tree.h"

/*
 * Appends the lines of a block of code, whatever its highlighter made of them:
 * line ends, <br>, an element a line (blocks, list items, rows of a table,
 * spans behind each other). Line numbers and buttons are left out. What stands
 * in one line stays in one.
 */
void markdown_code(const struct markup *m, uint32_t pre, struct buf *out);

/* The language of a <pre>: of its own class, that of the <code> in it, or of
 * what is around it alone. */
struct slice markdown_code_language(const struct markup *m, uint32_t pre);

#endif
