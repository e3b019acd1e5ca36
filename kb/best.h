#ifndef KB_BEST_H
#define KB_BEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "kb/segment_file.h"

/*
 * The k best passages so far: a heap with the worst on top. Of equal scores
 * the lower (post, part) is better, whichever segment it is in; within a
 * segment that is the lower document.
 */
struct candidate {
	double score;
	uint32_t segment, doc; /* number of the segment */
	int64_t post;          /* only when grouped by post */
};

struct best {
	const struct segment *const *segments;
	struct candidate *at; /* borrowed: room for k */
	size_t count, k;
	bool by_post; /* the best passage of each post */
};

/* The score under which nothing can enter any more; 0 until there are k. */
static inline double best_least(const struct best *b)
{
	return b->count == b->k ? b->at[0].score : 0;
}

/* Ties are settled by reading the segments. */
MUST_USE
bool best_offer(struct best *b, double score, uint32_t segment, uint32_t doc,
                struct fault *f);

/* Best first; the heap is gone. */
MUST_USE
bool best_sort(struct best *b, struct fault *f);

#endif
