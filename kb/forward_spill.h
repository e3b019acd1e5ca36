#ifndef KB_FORWARD_SPILL_H
#define KB_FORWARD_SPILL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/slice.h"
#include "kb/forward_write.h"
#include "kb/scratch.h"
#include "kb/tally.h"

/*
 * The tokens of a builder's passages on their way into the forward file: kept
 * aside, in a file when they are many, until all terms have their numbers.
 */
struct forward_spill {
	struct scratch file;
	bool used;
	uint32_t *record; /* the passage in hand */
	size_t room;
};

void forward_spill_release(struct forward_spill *s);

/* The tokens of a tally's passage. chains[t] is what the builder calls the
 * tally's term t. `beside` is a path as for scratch_init(). */
void forward_spill_add(struct forward_spill *s, const char *beside,
                       const struct tally *tally, size_t passage,
                       const uint32_t *chains);

/* Writes them all, in the order they came; places[c] is where the dictionary
 * has the builder's term c. */
MUST_USE
bool forward_spill_write(struct forward_spill *s, struct forward_writer *w,
                         const uint32_t *places, struct fault *f);

#endif
