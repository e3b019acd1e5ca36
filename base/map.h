#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/slice.h"

/*
 * A hash map from byte strings to one machine word each (a number or a
 * pointer, the caller's to interpret). Keys are copied. Order of iteration is
 * the order of insertion, so that what is printed from a map is the same on
 * every run. There is no removal.
 */
struct map_entry {
	struct slice key;
	uint64_t hash;
	union {
		int64_t number;
		uint64_t word;
		void *pointer;
	};
};

struct map {
	struct map_entry *entries; /* `count` of them, oldest first */
	size_t count, cap;
	uint32_t *slots; /* entry number + 1, or 0 */
	size_t slot_count;
	struct arena keys;
};

#define MAP_INIT ((struct map){ 0 })

/* Frees all; the map can be used again. What pointers lead to is not ours. */
void map_release(struct map *m);

/* Forgets all entries and keeps the memory. */
void map_reset(struct map *m);

/* NULL when there is none. Borrowed until the next map_put(). */
struct map_entry *map_get(const struct map *m, struct slice key);

/*
 * The entry of `key`, made with a zero word when it was not there (*added
 * says which; may be NULL). Borrowed until the next map_put().
 */
struct map_entry *map_put(struct map *m, struct slice key, bool *added);

/* The same where hash64() of the key is known. */
struct map_entry *map_put_hashed(struct map *m, struct slice key, uint64_t hash,
                                 bool *added);

#endif
