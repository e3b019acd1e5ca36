#ifndef KB_FEED_H
#define KB_FEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/slice.h"
#include "kb/tally.h"
#include "schema/store.h"

/*
 * Changed posts from the store, split into passages and analysed, on several
 * threads, given out in ascending order: what comes out does not depend on the
 * threads.
 */
struct feed {
	struct store *store;
	struct slice analyzer; /* the line */
	unsigned threads;
	bool forward;        /* keep the tokens in order too */
	bool few;            /* posts: not worth an analyzer's memory */
	int64_t after, upto; /* Changed numbers in (after, upto] */
};

/*
 * A few posts: `ids` are all that changed, the gone ones included; the tally
 * has the passages of those that are there, ascending by (post, part).
 */
typedef bool feed_fn(void *self, const int64_t *ids, size_t count,
                     const struct tally *tally, struct fault *f);

/* Ends with the fault of `fn` or the store, or FAULT_CANCELLED. */
MUST_USE
bool feed_run(const struct feed *feed, feed_fn *fn, void *self,
              struct fault *f);

/* How many posts it will give. */
MUST_USE
bool feed_count(const struct feed *feed, int64_t *out, struct fault *f);

#endif
