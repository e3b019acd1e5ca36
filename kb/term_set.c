/* Open addressing; a slot holds the hash itself, so that only a true match
 * looks at the bytes. */

#include "kb/term_set.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/memory.h"

struct term_place {
	uint32_t from, len;
};

struct term_slot {
	uint64_t hash;
	uint32_t number; /* of the term, + 1; 0: free */
};

void term_set_release(struct term_set *s)
{
	buf_release(&s->bytes);
	free(s->terms);
	free(s->slots);
	*s = TERM_SET_INIT;
}

struct slice term_set_at(const struct term_set *s, size_t i)
{
	return slice_cut(buf_slice(&s->bytes), s->terms[i].from,
	                 s->terms[i].from + s->terms[i].len);
}

static void term_set_grow(struct term_set *s)
{
	struct term_slot *old = s->slots;
	size_t i, at, count = s->slot_count;

	s->slot_count = count ? 4 * count : 256;
	s->slots = memory_new(s->slot_count, sizeof(*s->slots));
	for (i = 0; i < count; i++) {
		if (!old[i].number)
			continue;
		at = old[i].hash & (s->slot_count - 1);
		while (s->slots[at].number)
			at = (at + 1) & (s->slot_count - 1);
		s->slots[at] = old[i];
	}
	free(old);
}

void term_set_add(struct term_set *s, struct slice term)
{
	uint64_t hash = hash64(term);
	size_t at, from = s->bytes.len;

	if (2 * s->count >= s->slot_count)
		term_set_grow(s);
	at = hash & (s->slot_count - 1);
	for (; s->slots[at].number; at = (at + 1) & (s->slot_count - 1))
		if (s->slots[at].hash == hash &&
		    slice_eq(term_set_at(s, s->slots[at].number - 1), term))
			return;
	buf_add(&s->bytes, term);
	if (buf_full(&s->bytes))
		return;
	s->terms = memory_room(s->terms, s->count, &s->room, sizeof(*s->terms));
	s->terms[s->count++] = (struct term_place){
		.from = (uint32_t)from,
		.len = (uint32_t)term.len,
	};
	s->slots[at] = (struct term_slot){ hash, (uint32_t)s->count };
}
