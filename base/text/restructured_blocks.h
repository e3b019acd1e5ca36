#ifndef BASE_TEXT_RESTRUCTURED_BLOCKS_H
#define BASE_TEXT_RESTRUCTURED_BLOCKS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

/* Marks of blocks: pure questions about a line of reStructuredText. */

/* The byte that a line is made of, two times or more, if it can underline a
 * title; or 0. */
char restructured_adornment(struct slice line);

/* Columns a line takes on a terminal, without blanks at its end. */
size_t restructured_width(struct slice line);

/* Length of an item's mark with the blanks behind it, or 0. *number: of an
 * ordered one, 0 when it says none. */
size_t restructured_item(struct slice s, bool *ordered, int64_t *number);

/* Length of the options at the start of an option list's line, or 0. */
size_t restructured_option(struct slice s);

/* "name:: argument" behind the dots of a directive. */
bool restructured_explicit(struct slice s, struct slice *name,
                           struct slice *argument);

#endif
