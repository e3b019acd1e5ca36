#ifndef KB_ENGINE_DECODE_H
#define KB_ENGINE_DECODE_H

#include <string.h>

#include "base/memory.h"
#include "kb/engine.h"
#include "kb/lanes.h"

/*
 * Part of engine_body.h: the postings of a list that is not dense, for the
 * documents of one window. Whatever the bytes are, documents ascend and are in
 * the segment; what cannot be is damage, and false.
 */

static inline uint32_t head_last(const struct engine_term *t, uint32_t block)
{
	return load32(t->list + 8 * (size_t)block);
}

static inline uint32_t full_blocks(const struct engine_term *t)
{
	return t->class == LIST_MIDDLE ? t->df / BLOCK : 0;
}

/* Where a block of a middle list begins; NULL: it cannot be there. */
static inline const unsigned char *block_at(const struct engine_term *t,
                                            uint32_t block)
{
	uint32_t offset = load32(t->list + 8 * (size_t)block + 4);
	size_t room = (size_t)(t->end - t->list);

	return offset < room ? t->list + offset : NULL;
}

static inline uint32_t block_base(const struct engine_term *t, uint32_t block)
{
	return block ? head_last(t, block - 1) + 1 : 0;
}

static inline void escape_add(struct engine_term *t, uint32_t at,
                              const struct tuple *tuple)
{
	struct engine_slot *s = t->slot;

	s->escapes = memory_room(s->escapes, t->escape_count, &s->escape_room,
	                         sizeof(*s->escapes));
	s->escapes[t->escape_count++] =
	        (struct engine_escape){ .at = at, .tuple = *tuple };
}

/* The tuples that stand behind a block with escapes. */
static inline bool decode_escapes(struct engine_term *t,
                                  const unsigned char *at)
{
	struct tuple tuple;
	uint64_t escapes[2];
	uint32_t i;

	codes_escapes(t->codes + t->count, escapes);
	for (i = 0; i < 2; i++)
		for (; escapes[i]; escapes[i] &= escapes[i] - 1) {
			uint32_t bit = (uint32_t)__builtin_ctzll(escapes[i]);

			if (!tuple_get(&at, t->end, &tuple))
				return false;
			escape_add(t, t->count + 64 * i + bit, &tuple);
		}
	return true;
}

/* Appends a whole block. */
static inline bool decode_block(struct engine_term *t, uint32_t block,
                                uint32_t passages)
{
	const unsigned char *at = block_at(t, block);
	uint32_t *docs = t->docs + t->count;
	unsigned bits;

	if (!at)
		return false;
	bits = *at++;
	if (bits > 32 || (size_t)(t->end - at) < 16 * bits + NIBBLES ||
	    !unpack_docs(at, bits, block_base(t, block), passages, docs) ||
	    docs[BLOCK - 1] != head_last(t, block))
		return false;
	at += 16 * bits;
	unpack_codes(at, t->codes + t->count);
	if (!decode_escapes(t, at + NIBBLES))
		return false;
	t->count += BLOCK;
	return true;
}

/* Appends postings that are written out: all of a short list, or the rest of
 * a middle one. */
static inline bool decode_written(struct engine_term *t,
                                  const unsigned char *at, uint64_t doc,
                                  uint32_t postings, const struct segment *s)
{
	while (postings--) {
		struct tuple tuple = { .tf = { [FIELD_BODY] = 1 } };
		uint64_t gap;
		unsigned code = 1;

		if (!varint_get(&at, t->end, &gap) || gap >> 1 >= s->count)
			return false;
		doc += gap >> 1;
		if (doc >= s->count)
			return false;
		if (gap & 1) {
			if (!tuple_get(&at, t->end, &tuple))
				return false;
			code = code_of(&tuple, s->body_only);
			if (!code)
				escape_add(t, t->count, &tuple);
		}
		t->codes[t->count] = (unsigned char)code;
		t->docs[t->count++] = (uint32_t)doc++;
	}
	return true;
}

static inline bool decode_rest(struct engine_term *t, const struct segment *s)
{
	uint32_t blocks = full_blocks(t), rest = t->df - blocks * BLOCK;
	const unsigned char *at = t->list;

	if (!rest)
		return true;
	if (t->class == LIST_MIDDLE)
		at = block_at(t, blocks);
	return at && decode_written(t, at, block_base(t, blocks), rest, s);
}

/* The first block from `from` on whose last document is `doc` or more. */
static inline uint32_t block_find(const struct engine_term *t, uint32_t from,
                                  uint32_t doc)
{
	uint32_t low = from, high = full_blocks(t);

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (head_last(t, middle) < doc)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* How many postings the window has at most. */
static inline uint32_t window_postings(const struct engine_term *t,
                                       uint32_t low, uint32_t high)
{
	uint32_t first = block_find(t, t->block, low);
	uint32_t last = block_find(t, first, high);

	return (last - first + 2) * BLOCK;
}

/* Decodes what may be in [low, high), and finds what is. */
static inline bool decode_window(struct engine_term *t, const struct segment *s,
                                 uint32_t low, uint32_t high)
{
	uint32_t blocks = full_blocks(t), i;

	t->count = 0;
	t->escape_count = 0;
	t->block = block_find(t, t->block, low);
	for (i = t->block; i < blocks && block_base(t, i) < high; i++) {
		if (t->count > WINDOW_POSTINGS || !decode_block(t, i, s->count))
			return false;
	}
	if (i == blocks && !decode_rest(t, s))
		return false;
	for (t->from = 0; t->from < t->count && t->docs[t->from] < low;)
		t->from++;
	for (t->to = t->count; t->to > t->from && t->docs[t->to - 1] >= high;)
		t->to--;
	return true;
}

/* The tuple of a posting without a code. */
static inline const struct tuple *escape_tuple(const struct engine_term *t,
                                               uint32_t at)
{
	const struct engine_escape *escapes = t->slot->escapes;
	size_t low = 0, high = t->escape_count;

	while (low + 1 < high) {
		size_t middle = low + (high - low) / 2;

		if (escapes[middle].at <= at)
			low = middle;
		else
			high = middle;
	}
	return &escapes[low].tuple;
}

#endif
