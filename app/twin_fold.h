#ifndef APP_TWIN_FOLD_H
#define APP_TWIN_FOLD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/fault.h"
#include "kb/rank.h"
#include "schema/reader.h"
#include "schema/store.h"

/*
 * Of posts that are near-duplicates of each other one is enough. Nothing is
 * ever said of a post that the reader may not read.
 */

/*
 * Of each cluster with several posts among `items` (in the order of stage 1)
 * only the passages of one stay: of the posts whose best passage scores nine
 * tenths of the cluster's best, the one that twins_members() has first;
 * its best passage counts the others' as similar.
 */
MUST_USE
bool twin_fold(struct store *s, const struct reader *r, struct arena *a,
               struct rank_item *items, size_t *count, struct fault *f);

/* Another place of the same text. */
struct twin_place {
	struct slice id, link; /* public id; address, or empty */
};

/* The best few of a post's near-duplicates, without itself. */
MUST_USE
bool twin_places(struct store *s, const struct reader *r, struct arena *a,
                 int64_t post, struct twin_place **out, size_t *count,
                 struct fault *f);

#endif
