#ifndef KB_RANK_H
#define KB_RANK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/fault.h"
#include "kb/analyzer.h"
#include "kb/search.h"

/*
 * Stage 2: the best of stage 1 once more, with their texts at hand. It only
 * reorders and folds; nothing comes in that stage 1 did not find.
 *
 * - Proximity: neighbours in the query that stand close together in the
 *   passage count extra, the closer the more.
 * - Feedback: terms that mark the first few passages, and not the collection,
 *   count a little for the others too.
 * - Near-duplicates: a passage whose text all but repeats a better one's is
 *   folded into it (on request).
 */
struct rank_item {
	struct hit hit;
	struct slice title, tags, heading, body;
	size_t number;  /* the caller's */
	size_t similar; /* passages folded into this one */
};

/* How many of stage 1 are looked at again. */
#define RANK_DEPTH 50

/* Only so much of each passage is looked at. */
#define RANK_BYTES (16 << 10)

struct rank_request {
	struct slice query;
	const struct index *index;
	const struct reader *reader;
	struct analyzer *analyzer;
	const struct search_result *found;
	bool fold;
};

/*
 * Reorders `items`, which come in the order of stage 1; *count shrinks by
 * what was folded. Appends to `did` what was done, for people. Ties fall by
 * (post, part).
 */
MUST_USE
bool rank_items(const struct rank_request *q, struct rank_item *items,
                size_t *count, struct buf *did, struct fault *f);

#endif
