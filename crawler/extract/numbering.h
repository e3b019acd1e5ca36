#ifndef CRAWLER_EXTRACT_NUMBERING_H
#define CRAWLER_EXTRACT_NUMBERING_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/*
 * Numbers 0, 1, 2 ... for different 64-bit keys, in the order in which they
 * are first met. Keys are hashes: two things with the same one count as the
 * same thing, which here costs a guess and never more.
 */
struct numbering {
	struct arena *arena;
	uint64_t *keys;  /* by number */
	uint32_t *slots; /* number + 1, or 0 */
	size_t count, room;
};

void numbering_init(struct numbering *n, struct arena *a);

/* The number of `key`; n->count grows by one when it is new. */
uint32_t numbering_of(struct numbering *n, uint64_t key);

/* The same, or UINT32_MAX where it has none. */
uint32_t numbering_find(const struct numbering *n, uint64_t key);

/* Two hashes as one, their order telling. */
uint64_t numbering_mix(uint64_t a, uint64_t b);

#endif
