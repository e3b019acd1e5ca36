#ifndef KB_CASES_GUARD_HIDE_H
#define KB_CASES_GUARD_HIDE_H

#include "base/buf.h"
#include "base/slice.h"

/*
 * What hides in a text: the stages that guard_in() runs before it reads
 * sentences. Each appends what may stay and returns enum guard_sign.
 */

/* Without characters nobody sees, terminal escapes, control characters and
 * stacks of marks. Joiners stay where scripts need them. */
unsigned guard_reveal(struct slice text, struct buf *out);

/* Special tokens of chat templates, tags of prompts, comments and pictures
 * become words in brackets; wide letters and digits are narrow behind it. */
unsigned guard_unmark(struct slice text, struct buf *out);

/* Runs that decode to text that reads become words in brackets. */
unsigned guard_decode(struct slice text, struct buf *out);

#endif
