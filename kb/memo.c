/*
 * A table of sets of slots: a chunk has its place in one set, where a newcomer
 * takes a slot that was not found since the set last made room (a second
 * chance, after Corbato's clock). What does not fit a slot goes to a ring,
 * behind what came before; what the ring overwrites is forgotten, which its
 * slot's place tells.
 */

#include "kb/memo.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { SLOT_BITS = 6, RING_UNIT = 8 };

_Static_assert(sizeof(struct memo_slot) == 1 << SLOT_BITS,
               "a slot is a line of the cache");

const uint64_t memo_masks[9] = {
	0,
	0xff,
	0xffff,
	0xffffff,
	0xffffffff,
	0xffffffffff,
	0xffffffffffff,
	0xffffffffffffff,
	0xffffffffffffffff,
};

void memo_release(struct memo *m)
{
	free(m->ring);
	free(m->slots);
	free(m->sets);
	*m = (struct memo){ 0 };
}

static void memo_size(struct memo *m, unsigned bits)
{
	memo_release(m);
	m->bits = bits;
	m->ring_size = (uint64_t)1 << bits;
	m->ring = memory_new(m->ring_size, 1);
	m->slots =
	        memory_new((size_t)1 << (bits - SLOT_BITS), sizeof(*m->slots));
	m->sets = memory_new((size_t)1 << (bits - SLOT_BITS - 2),
	                     sizeof(*m->sets));
	m->shift = 64 - (bits - SLOT_BITS - 2);
}

void memo_init(struct memo *m, unsigned most)
{
	*m = (struct memo){ 0 };
	if (!most)
		return;
	assert(most >= MEMO_BITS_LEAST);
	memo_size(m, MEMO_BITS_LEAST);
	m->most = most;
}

/* Once it has taken in twice what it has slots for. */
static void memo_grow(struct memo *m)
{
	unsigned most = m->most;

	if (m->bits == most || m->kept++ >> (m->bits - SLOT_BITS + 1) == 0)
		return;
	memo_size(m, m->bits + 2 < most ? m->bits + 2 : most);
	m->most = most;
}

void memo_draft_start(struct memo_draft *d)
{
	d->chunk = (struct memo_chunk){ 0 };
	d->whole = true;
	d->text_len = 0;
}

void memo_draft_add(struct memo_draft *d, const struct memo_token *t,
                    struct slice text)
{
	d->whole = d->whole && d->chunk.count < MEMO_TOKENS &&
	           text.len <= MEMO_TEXTS - d->text_len;
	if (!d->whole)
		return;
	d->tokens[d->chunk.count] = *t;
	d->tokens[d->chunk.count++].len = (unsigned char)text.len;
	memcpy(d->texts + d->text_len, text.at, text.len);
	d->text_len += text.len;
}

/* The slot of the set that the chunk is to have. */
static struct memo_slot *memo_room(struct memo *m, const struct token_key *key,
                                   size_t len)
{
	uint64_t hash = memo_hash(key, len);
	size_t set = hash >> m->shift;
	uint64_t *word = &m->sets[set];
	uint64_t lanes = memo_lanes(*word, hash);
	unsigned at;

	for (; lanes; lanes &= lanes - 1) {
		at = (unsigned)__builtin_ctzll(lanes) / 16;
		if (memo_is(&m->slots[4 * set + at], key, len))
			return &m->slots[4 * set + at]; /* lost in the ring */
	}
	lanes = memo_lanes(*word, 0); /* free ones, most likely */
	if (!lanes) {
		if (!(~*word & MEMO_USED))
			*word &= ~MEMO_USED;
		lanes = ~*word & MEMO_USED;
	}
	at = (unsigned)__builtin_ctzll(lanes) / 16;
	*word &= ~((uint64_t)0xffff << 16 * at);
	*word |= (hash & 0x7fff) << 16 * at;
	return &m->slots[4 * set + at];
}

static uint64_t ring_take(struct memo *m, size_t size)
{
	uint64_t left = m->ring_size - m->head % m->ring_size, place;

	size = (size + RING_UNIT - 1) / RING_UNIT * RING_UNIT;
	if (left < size)
		m->head += left;
	place = m->head;
	m->head += size;
	return place;
}

static void memo_put_far(struct memo *m, struct memo_slot *s,
                         struct slice chunk, const struct memo_draft *d)
{
	size_t tokens = d->chunk.count * sizeof(*d->tokens);
	size_t whole = chunk.len > sizeof(s->key) ? chunk.len : 0;
	unsigned char *to;

	s->place = ring_take(m, tokens + d->text_len + whole);
	to = m->ring + s->place % m->ring_size;
	memcpy(to, d->tokens, tokens);
	memcpy(to + tokens, d->texts, d->text_len);
	memcpy(to + tokens + d->text_len, chunk.at, whole);
}

void memo_keep(struct memo *m, const struct token_key *key, struct slice chunk,
               const struct memo_draft *d)
{
	struct memo_slot *s;

	if (!d->whole)
		return;
	memo_grow(m);
	s = memo_room(m, key, chunk.len);
	s->key = *key;
	s->chunk = d->chunk;
	s->chunk.len = (unsigned char)chunk.len;
	s->chunk.inside = chunk.len <= sizeof(s->key) && d->chunk.count <= 1 &&
	                  d->text_len <= MEMO_INSIDE;
	if (!s->chunk.inside) {
		memo_put_far(m, s, chunk, d);
		return;
	}
	s->token = d->tokens[0];
	memcpy(s->text, d->texts, d->text_len);
}

struct memo_slot *memo_find_far(const struct memo *m, struct memo_slot *s,
                                struct slice chunk, struct memo_token **tokens,
                                const char **texts)
{
	unsigned char *at = m->ring + s->place % m->ring_size;
	size_t i, len = 0;

	if (m->head - s->place > m->ring_size)
		return NULL;
	*tokens = (void *)at;
	for (i = 0; i < s->chunk.count; i++)
		len += (*tokens)[i].len;
	at += s->chunk.count * sizeof(**tokens);
	*texts = (const char *)at;
	if (chunk.len > sizeof(s->key) && memcmp(at + len, chunk.at, chunk.len))
		return NULL;
	return s;
}
