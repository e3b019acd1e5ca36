#ifndef SCHEMA_BATCH_H
#define SCHEMA_BATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "schema/rows.h"

/*
 * Writing in short transactions. A batch opens one at the first write, hands
 * out change numbers inside it, and commits at batch_pause() once it is older
 * than 80 ms, so that other writers wait at most 100 ms.
 */
struct batch {
	struct rows *rows;
	int64_t most;                       /* milliseconds it may last */
	int64_t began;                      /* monotonic milliseconds */
	int64_t changed, counted;           /* given out so far, while open */
	int64_t kept_changed, kept_counted; /* as the store has them */
};

void batch_init(struct batch *b, struct rows *r);

/* Opens the transaction if none is open. */
MUST_USE
bool batch_begin(struct batch *b, struct fault *f);

/* Whether the open transaction has lasted long enough. */
bool batch_due(const struct batch *b);

/* Commits if it is time; the caller's row is whole. */
MUST_USE
bool batch_pause(struct batch *b, struct fault *f);

/* Commits now, if a transaction is open. */
MUST_USE
bool batch_commit(struct batch *b, struct fault *f);

void batch_rollback(struct batch *b);

static inline bool batch_open(const struct batch *b)
{
	return b->rows->inside;
}

/* The next change number of either counter. */
static inline int64_t batch_changed(struct batch *b)
{
	return ++b->changed;
}

static inline int64_t batch_counted(struct batch *b)
{
	return ++b->counted;
}

#endif
