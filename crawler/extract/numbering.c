/*
 * Open addressing, at most half full; a table that is full is copied into one
 * of twice the size, and the old one stays in the arena until it is reset.
 */

#include "crawler/extract/numbering.h"

#include <string.h>

enum { NUMBERING_START = 128 };

/* The last steps of MurmurHash3 (Austin Appleby, public domain). */
static uint64_t scatter(uint64_t x)
{
	x ^= x >> 33;
	x *= 0xFF51AFD7ED558CCDu;
	x ^= x >> 33;
	x *= 0xC4CEB9FE1A85EC53u;
	return x ^ x >> 33;
}

uint64_t numbering_mix(uint64_t a, uint64_t b)
{
	return scatter(a * 0x9E3779B97F4A7C15u + b + 1);
}

static void make(struct numbering *n, size_t room)
{
	n->room = room;
	n->keys = arena_array(n->arena, room, sizeof(*n->keys));
	n->slots = arena_array(n->arena, 2 * room, sizeof(*n->slots));
}

void numbering_init(struct numbering *n, struct arena *a)
{
	*n = (struct numbering){ .arena = a };
	make(n, NUMBERING_START);
}

/* Where `key` is, or the free place where it belongs. */
static size_t place(const struct numbering *n, uint64_t key)
{
	size_t mask = 2 * n->room - 1, at = scatter(key) & mask;

	while (n->slots[at] && n->keys[n->slots[at] - 1] != key)
		at = (at + 1) & mask;
	return at;
}

static void grow(struct numbering *n)
{
	const uint64_t *old = n->keys;
	uint32_t i;

	make(n, 2 * n->room);
	memcpy(n->keys, old, n->count * sizeof(*old));
	for (i = 0; i < n->count; i++)
		n->slots[place(n, old[i])] = i + 1;
}

uint32_t numbering_of(struct numbering *n, uint64_t key)
{
	size_t at = place(n, key);

	if (n->slots[at])
		return n->slots[at] - 1;
	if (n->count == n->room) {
		grow(n);
		at = place(n, key);
	}
	n->keys[n->count++] = key;
	n->slots[at] = (uint32_t)n->count;
	return (uint32_t)n->count - 1;
}

uint32_t numbering_find(const struct numbering *n, uint64_t key)
{
	uint32_t slot = n->slots[place(n, key)];

	return slot ? slot - 1 : UINT32_MAX;
}
