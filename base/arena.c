/*
 * A list of chunks, newest first. A request that does not fit the newest gets
 * a new one, twice as large up to a limit, or its own when it is huge.
 */

#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { CHUNK_FIRST = 8 << 10, CHUNK_MOST = 1 << 20 };

struct arena_chunk {
	struct arena_chunk *older;
	size_t size;
	alignas(max_align_t) char bytes[];
};

void arena_release(struct arena *a)
{
	struct arena_chunk *c = a->chunk;

	while (c) {
		struct arena_chunk *older = c->older;

		free(c);
		c = older;
	}
	*a = ARENA_INIT;
}

void arena_reset(struct arena *a)
{
	struct arena_chunk *keep = a->chunk;
	struct arena_chunk *c = keep ? keep->older : NULL;

	if (keep && keep->size > CHUNK_MOST) {
		arena_release(a);
		return;
	}
	while (c) {
		struct arena_chunk *older = c->older;

		free(c);
		c = older;
	}
	if (keep)
		keep->older = NULL;
	a->used = 0;
	a->total = 0;
}

static void arena_grow(struct arena *a, size_t size)
{
	size_t want = a->chunk ? a->chunk->size * 2 : CHUNK_FIRST;
	struct arena_chunk *c;

	if (want > CHUNK_MOST)
		want = CHUNK_MOST;
	if (want < size)
		want = size;
	/* An overflow of the sum asks for SIZE_MAX bytes, which is refused. */
	c = memory_resize(
	        NULL,
	        want > SIZE_MAX - sizeof(*c) ? SIZE_MAX : want + sizeof(*c), 1);
	c->older = a->chunk;
	c->size = want;
	a->chunk = c;
	a->used = 0;
}

static void *arena_take(struct arena *a, size_t size)
{
	const size_t unit = alignof(max_align_t);
	void *at;

	size = size > SIZE_MAX - unit ? SIZE_MAX & ~(unit - 1)
	                              : (size + unit - 1) & ~(unit - 1);
	if (!a->chunk || size > a->chunk->size - a->used)
		arena_grow(a, size);
	at = a->chunk->bytes + a->used;
	a->used += size;
	a->total += size;
	return at;
}

void *arena_new(struct arena *a, size_t size)
{
	return memset(arena_take(a, size), 0, size);
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes))
		bytes = SIZE_MAX;
	return arena_new(a, bytes);
}

struct slice arena_copy(struct arena *a, struct slice s)
{
	char *at = arena_take(a, s.len + 1);

	if (s.len)
		memcpy(at, s.at, s.len);
	at[s.len] = '\0';
	return (struct slice){ at, s.len };
}
