#ifndef BASE_TEXT_MASK_LOOK_H
#define BASE_TEXT_MASK_LOOK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"

/* How much a run of characters looks drawn and not written: what its first
 * bytes are made of. */
struct look {
	size_t upper, lower, digit, sign, different;
};
struct look look_at(struct slice s);

bool looks_drawn(struct slice s); /* by a generator of keys */
bool looks_mixed(struct slice s); /* no plain word */

#endif
