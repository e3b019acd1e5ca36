#ifndef APP_SERVE_INDEX_H
#define APP_SERVE_INDEX_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "kb/index.h"

/*
 * The index that a server's threads share. It follows the folder: each taking
 * looks whether there is a newer generation (a microsecond), one thread opens
 * it, and the others go on with the old one meanwhile. What a request has
 * taken stays open until it is dropped; the last to drop an old generation
 * closes it.
 *
 *	if (!serve_index_take(x, now, &lease, &f))
 *		return false;
 *	... lease.index ...
 *	serve_index_drop(&lease);
 */
struct serve_index;

struct serve_index *serve_index_new(const char *folder);

/* When nobody has anything taken. NULL is allowed. */
void serve_index_free(struct serve_index *x);

struct serve_lease {
	const struct index *index;
	struct serve_index *from; /* the rest belongs to serve_index.c */
	struct serve_view *view;
};

/* `now`: the wall clock. Without an index: FAULT_GONE "index-missing", or why
 * it cannot be opened; the next taking tries again. */
MUST_USE
bool serve_index_take(struct serve_index *x, int64_t now,
                      struct serve_lease *out, struct fault *f);
void serve_index_drop(struct serve_lease *lease);

/* How many times a newer generation was opened in place of an older one. */
uint64_t serve_index_turns(struct serve_index *x);

#endif
