#ifndef SCHEMA_TWINS_KEEP_H
#define SCHEMA_TWINS_KEEP_H

#include "base/arena.h"
#include "schema/held.h"
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

/* Whether the sketch of a post, if it has one and is not queued, is that of
 * its text. `h` has its content. */
MUST_USE
bool twins_check(struct rows *r, const struct held *h, struct arena *a,
                 bool *good, struct fault *f);

#endif
