#ifndef KB_RANK_H
#define KB_RANK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/fault.h"
#include "kb/analyzer.h"
#include "kb/search.h"

/*
 * Stage 2: the best of stage 1 once more, with their words in order. It only
 * reorders and folds; nothing comes in that stage 1 did not find.
 *
 * - Proximity: neighbours in the query that stand close together in the
 *   passage count extra, the closer the more.
 * - Feedback: terms that mark the first few passages, and not the collection,
 *   count a little for the others too.
 * - Near-duplicates: a passage whose text all but repeats a better one's is
 *   folded into it (on request).
 *
 * The words come from the segments' forward files. Where one of the passages
 * has none, all are analysed from their texts, which the caller then brings;
 * the ranking is the same.
 */
struct rank_item {
	struct hit hit;
	struct slice title, tags, heading, body; /* if rank_wants_texts() */
	size_t number;                           /* the caller's */
	size_t similar; /* passages folded into this one */
};

/* How many of stage 1 are looked at again. */
#define RANK_DEPTH 50

/* Whether the texts of these passages have to be there. */
bool rank_wants_texts(const struct hit *hits, size_t count);

struct rank_request {
	struct slice query;
	const struct index *index;
	const struct reader *reader;
	struct analyzer *analyzer;
	const struct search_result *found;
	bool fold;
};

/* The memory that one thread uses again and again. */
struct ranker;
struct ranker *ranker_new(void);
void ranker_free(struct ranker *r); /* NULL is allowed */

/*
 * Reorders `items`, at most RANK_DEPTH, which come in the order of stage 1;
 * *count shrinks by what was folded. Appends to `did` what was done, for
 * people. Ties fall by (post, part).
 */
MUST_USE
bool rank_items(struct ranker *r, const struct rank_request *q,
                struct rank_item *items, size_t *count, struct buf *did,
                struct fault *f);

#endif
