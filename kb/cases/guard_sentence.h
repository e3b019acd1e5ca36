#ifndef KB_CASES_GUARD_SENTENCE_H
#define KB_CASES_GUARD_SENTENCE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"

/* The sentence of a line at *at, with the white space behind it; *ends:
 * whether a stop ended it, in any script. Very long ones come in parts. */
struct slice guard_sentence(struct slice line, size_t *at, bool *ends);

#endif
