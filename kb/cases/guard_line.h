#ifndef KB_CASES_GUARD_LINE_H
#define KB_CASES_GUARD_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/slice.h"
#include "kb/cases/guard_words.h"

/*
 * Lines that are a conversation's or an answer's by their form: JSON with
 * roles or the fields of a digest, rows with a class in a column, boundaries.
 * enum guard_sign, or 0.
 */
unsigned guard_line(const struct guard_lexicon *l, struct slice line,
                    struct arena *a);

/* How many bytes of "Assistant: ..." are the speaker's name and its colon; 0:
 * none. *sure: nothing but a conversation with a model has it. */
size_t guard_speaker(struct slice line, bool *sure);

/* "services: ...": a field of a digest, which is odd behind an order. */
bool guard_key(struct slice line);

/* Whether a line could be what the one before said to write. */
bool guard_payload(struct slice line);

#endif
