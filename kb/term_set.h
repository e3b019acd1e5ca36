#ifndef KB_TERM_SET_H
#define KB_TERM_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/slice.h"

/*
 * The distinct terms of a text, in the order in which they first stand. Made
 * for queries of a megabyte: a look-up touches one place in memory.
 */
struct term_set {
	struct buf bytes;
	struct term_place *terms;
	size_t count, room;
	struct term_slot *slots;
	size_t slot_count;
};

/* A text within LIMIT_QUERY has no more bytes in its terms than this. */
#define TERM_SET_INIT ((struct term_set){ .bytes = BUF_INIT(LIMIT_QUERY * 16) })

void term_set_release(struct term_set *s);

/* Terms past the ceiling on bytes are left out. */
void term_set_add(struct term_set *s, struct slice term);

/* Borrowed until the next term_set_add(). */
struct slice term_set_at(const struct term_set *s, size_t i);

#endif
