#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

#include "base/slice.h"

/*
 * Memory for one item of work (a reply, a document, a request): taken bit by
 * bit, given back all at once. Nothing in an arena is ever freed alone.
 *
 *	struct arena a = ARENA_INIT;
 *	while (next(&item)) {
 *		work(&a, &item);
 *		arena_reset(&a);
 *	}
 *	arena_release(&a);
 */
struct arena {
	struct arena_chunk *chunk;
	size_t used, total;
};

#define ARENA_INIT ((struct arena){ 0 })

/* Frees everything; the arena can be used again. */
void arena_release(struct arena *a);

/* Forgets everything and keeps one chunk for the next item. */
void arena_reset(struct arena *a);

/* `size` zeroed bytes, aligned for any type. */
void *arena_new(struct arena *a, size_t size);

/* `count` zeroed members; an overflow ends the program as in memory.h. */
void *arena_array(struct arena *a, size_t count, size_t size);

/* A copy that lives as long as the arena, with a NUL behind (not counted). */
struct slice arena_copy(struct arena *a, struct slice s);

/* Bytes handed out since the last reset: for callers that set a ceiling. */
static inline size_t arena_total(const struct arena *a)
{
	return a->total;
}

#endif
