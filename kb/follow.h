#ifndef KB_FOLLOW_H
#define KB_FOLLOW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "kb/index.h"
#include "schema/store.h"

/*
 * Keeps an index up with a store that others write to, for as long as it is
 * wanted. What was committed is published first, and synced and merged after
 * that, on threads of their own, so that neither readers nor the next commit
 * wait for a disk or a merge:
 *
 *	follow_start(&w, folder, store, &options, f);
 *	for (;;) {
 *		follow_publish(w, now, &report, &moved, f);
 *		follow_tend(w, now, &tended, f);
 *		follow_wait(w, milliseconds);
 *	}
 *	follow_end(w, f);
 *
 * `now` is a clock that only goes forward, in milliseconds. The writer's lock
 * is held while there is something to do, not between. A power cut leaves the
 * last generation that was synced, or a newer one; kill -9 the last published.
 */
struct follower;

/* `folder`, the store and what the options point to are borrowed. */
MUST_USE
bool follow_start(struct follower **out, const char *folder, struct store *s,
                  const struct index_options *options, struct fault *f);

/*
 * Publishes what has changed since the last time, if anything has. *moved is
 * also true the first time, when the index is up to date already. FAULT_BUSY:
 * somebody else is writing; ask again. Any other fault is final.
 */
MUST_USE
bool follow_publish(struct follower *w, int64_t now, struct index_report *out,
                    bool *moved, struct fault *f);

struct follow_tended {
	bool merged; /* and published; then: */
	struct index_report report;
	uint64_t synced; /* this generation survives a power cut */
	bool idle;       /* nothing is under way */
};

/* Everything else: syncs, merges, removes what nobody needs. Never waits. */
MUST_USE
bool follow_tend(struct follower *w, int64_t now, struct follow_tended *out,
                 struct fault *f);

/* Until something that is under way is done, at most so long. */
void follow_wait(struct follower *w, int milliseconds);

/* The newest generation, until the next call; NULL before the first. */
const struct index *follow_index(const struct follower *w);

/* Ends the merges that are under way (nothing is lost by it), waits until what
 * was published is synced, frees. False when that failed. NULL is allowed. */
MUST_USE
bool follow_end(struct follower *w, struct fault *f);

#endif
