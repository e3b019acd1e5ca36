#ifndef SCHEMA_STATUS_H
#define SCHEMA_STATUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/slice.h"
#include "schema/store.h"

/*
 * What the store says of itself beside its posts (posts_count()): for the
 * person who keeps it, so there is no reader.
 */
struct store_visit {
	struct slice space, channel;
	int64_t as_of; /* latest date in its content so far; CLOCK_NONE */
	bool finished;
};

struct store_status {
	int64_t version; /* migrations it has been through */
	int64_t bytes;   /* of the file */
	int64_t extras, comments, authors, links, gone, forgotten;
	int64_t waiting; /* answers without their question */
	int64_t changed, counted;
	/* Support cases, and what models were asked. */
	int64_t cases, digests, corrected, failed, folded, entries;
	int64_t model_calls;
	struct store_visit *visits; /* by space, channel, oldest first */
	size_t visit_count;
};

MUST_USE
bool store_status(struct store *s, struct arena *a, struct store_status *out,
                  struct fault *f);

#endif
