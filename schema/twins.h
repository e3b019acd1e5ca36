#ifndef SCHEMA_TWINS_H
#define SCHEMA_TWINS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/slice.h"
#include "schema/reader.h"
#include "schema/store.h"

/*
 * Clusters of near-duplicates (docs/near-duplicates.md): posts connected by
 * pairs of which sketch_twins() holds, whatever their space and label. A
 * cluster's id is the lowest PostID in it. They are kept by whoever writes
 * posts (twins_keep.h); here they are read. Questions are in none.
 */
struct twin {
	int64_t post;
	struct slice space, native, link; /* made in the arena */
	int64_t shingles;
	bool cut; /* it could not be taken whole */
};

enum { TWINS_MEMBERS = 64 }; /* of a cluster that are put in order */

/* Whether there is any cluster at all: one look. */
MUST_USE
bool twins_any(struct store *s, bool *any, struct fault *f);

/* The cluster of a post, or 0. Says nothing about who may know. */
MUST_USE
bool twins_cluster(struct store *s, int64_t post, int64_t *cluster,
                   struct fault *f);

/*
 * Those of a cluster that the reader may read, at most `most` (and
 * TWINS_MEMBERS), best first: a whole text (taken whole, and with four fifths
 * of the longest one's shingles) before others; then one that others call
 * canonical or redirect to; public; the later modified; of the shorter address;
 * the lower PostID.
 */
MUST_USE
bool twins_members(struct store *s, const struct reader *r, int64_t cluster,
                   size_t most, struct arena *a, struct twin **out,
                   size_t *count, struct fault *f);

#endif
