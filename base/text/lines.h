#ifndef BASE_TEXT_LINES_H
#define BASE_TEXT_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/slice.h"

/* Text line by line, for the readers of plain-text markup. */

/* The line at *at without its end, moving *at behind it. *at < text.len is
 * the caller's to ensure. */
struct slice lines_next(struct slice text, size_t *at);

/* The same without moving. Empty at the end. */
struct slice lines_peek(struct slice text, size_t at);

bool line_blank(struct slice line);

/* Columns of white space at its start; tabs go to the next multiple of 8. */
size_t line_indent(struct slice line);

/* The line from that column on; less when the text starts before it. */
struct slice line_from(struct slice line, size_t column);

/* Without white space at its end. */
struct slice line_trim_end(struct slice line);

/* How often `c` stands at the start; whether that is all but white space. */
size_t line_run(struct slice line, char c);
bool line_only(struct slice line, char c);

/* ASCII letters alone count as equal in either case. */
bool line_same(struct slice a, struct slice b);
bool line_starts(struct slice line, struct slice head);

/* A letter or digit of ASCII, _ or any byte beyond it. */
bool line_word(char c);

/* Where `what` first stands, or s.len. */
size_t line_find(struct slice s, struct slice what);

/* Appends the lines of `text` without `column` columns of white space
 * (SIZE_MAX: as much as all have in common), and no blank ends. */
void lines_unindent(struct slice text, size_t column, struct buf *out);

#endif
