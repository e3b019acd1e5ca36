#ifndef KB_TIERS_H
#define KB_TIERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

/*
 * Which segments to merge. Every passage that is written anew moves to a
 * segment at least half as large again as its own, so that single rows cost a
 * number of rewrites that grows with the logarithm of the index, and readers
 * meet few segments: SEGMENTS_MOST of a label, and while some of them are
 * being merged, no more than that and SEGMENTS_BESIDE others.
 */
enum {
	SEGMENTS_MOST = 10,
	SEGMENTS_BESIDE = 3,
	DEAD_PERCENT = 30,  /* a segment with more is rewritten, */
	DEAD_PASSAGES = 64, /* once there are that many */
};

/* A segment; one without live passages is none. */
struct tier {
	struct slice label;
	uint64_t number;
	uint32_t live, dead; /* passages */
	bool busy;           /* being merged, or not to be touched */
};

struct tier_choice {
	size_t *at;   /* smallest first; free() */
	size_t count; /* 0: nothing is to be merged */
	uint64_t passages;
};

/* The cheapest merge that is due; `all`: what makes one of every label. */
void tiers_choose(const struct tier *tiers, size_t count, bool all,
                  struct tier_choice *out);

#endif
