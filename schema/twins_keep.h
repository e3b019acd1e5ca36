#ifndef SCHEMA_TWINS_KEEP_H
#define SCHEMA_TWINS_KEEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/text/sketch.h"
#include "schema/rows.h"

/*
 * Keeping clusters of near-duplicates right. Triggers queue each post whose
 * text or title changes, in the transaction that changes it; working off a
 * queued post makes its sketch, finds its candidates, compares texts and joins
 * clusters, whole within a transaction. So the queue and the clusters always
 * agree, and what was killed is gone on with. For the files of this folder,
 * inside a transaction.
 */

enum { TWINS_AT_ONCE = 4 }; /* what one record may cost of the queue */

/* Works off at most `most` of the queue; *left: there is more. */
MUST_USE
bool twins_work(struct rows *r, size_t most, bool *left, struct fault *f);

/*
 * The post is going, or its text is: its sketch, bands and pairs go. Those it
 * connected are queued, unless they hang together without it.
 */
MUST_USE
bool twins_drop(struct rows *r, int64_t post, struct fault *f);

/* What is compared of a post, made in the arena from its row. */
struct twin_text {
	int64_t post;
	bool there; /* and of a kind that is compared */
	uint64_t hash;
	struct sketch_text text;
	struct sketch sketch;
};

MUST_USE
bool twins_text(struct rows *r, int64_t post, struct arena *a,
                struct twin_text *out, struct fault *f);

/* How alike two texts are, as TwinPairs has it. */
int64_t twins_alike(double alike);

#endif
