#ifndef CRAWLER_CASES_REPLIES_H
#define CRAWLER_CASES_REPLIES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "schema/cases.h"

/*
 * Replies of one case as they came in parts, and as they stand in the store.
 * A reply is known by its time and who wrote it; pure functions.
 */
struct replies {
	const struct case_reply *list;
	size_t count;
};

/*
 * All of both in the order of time, each once: what came (whole or in part, in
 * whichever order) and what was there. Of the same reply, that which came
 * counts. What has been there stays: providers let old replies go, and show
 * those of a stretch of time alone.
 */
struct replies replies_join(struct replies came, struct replies there,
                            struct arena *a);

/* Whether everything that came is there just so. */
bool replies_hold(struct replies there, struct replies came);

#endif
