/* Open addressing over an array of entries; the hash is XXH3. */

#include "base/map.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"

void map_release(struct map *m)
{
	free(m->entries);
	free(m->slots);
	arena_release(&m->keys);
	*m = MAP_INIT;
}

void map_reset(struct map *m)
{
	m->count = 0;
	arena_reset(&m->keys);
	if (m->slots)
		memset(m->slots, 0, m->slot_count * sizeof(*m->slots));
}

/* The slot that holds `key`, or the free one where it belongs. */
static size_t map_slot(const struct map *m, struct slice key, uint64_t hash)
{
	size_t i = hash & (m->slot_count - 1);

	while (m->slots[i]) {
		const struct map_entry *e = &m->entries[m->slots[i] - 1];

		if (e->hash == hash && slice_eq(e->key, key))
			break;
		i = (i + 1) & (m->slot_count - 1);
	}
	return i;
}

static void map_rehash(struct map *m)
{
	size_t i;

	m->slot_count = m->slot_count ? m->slot_count * 2 : 32;
	free(m->slots);
	m->slots = memory_new(m->slot_count, sizeof(*m->slots));
	for (i = 0; i < m->count; i++) {
		size_t at = m->entries[i].hash & (m->slot_count - 1);

		while (m->slots[at])
			at = (at + 1) & (m->slot_count - 1);
		m->slots[at] = (uint32_t)i + 1;
	}
}

struct map_entry *map_get(const struct map *m, struct slice key)
{
	size_t i;

	if (!m->count)
		return NULL;
	i = map_slot(m, key, hash64(key));
	return m->slots[i] ? &m->entries[m->slots[i] - 1] : NULL;
}

struct map_entry *map_put_hashed(struct map *m, struct slice key, uint64_t hash,
                                 bool *added)
{
	struct map_entry *e;
	size_t i;

	if (m->count * 4 >= m->slot_count * 3)
		map_rehash(m);
	i = map_slot(m, key, hash);
	if (added)
		*added = !m->slots[i];
	if (m->slots[i])
		return &m->entries[m->slots[i] - 1];
	m->entries =
	        memory_room(m->entries, m->count, &m->cap, sizeof(*m->entries));
	e = &m->entries[m->count++];
	*e = (struct map_entry){ .key = arena_copy(&m->keys, key),
		                 .hash = hash };
	m->slots[i] = (uint32_t)m->count;
	return e;
}

struct map_entry *map_put(struct map *m, struct slice key, bool *added)
{
	return map_put_hashed(m, key, hash64(key), added);
}
