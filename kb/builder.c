/* Inversion in memory after Heinz and Zobel (Efficient single-pass index
 * construction for text databases, 2003): each term has a chain of slices of
 * growing size in one pool, to which its postings are appended as in a short
 * list. Most of the time goes into waiting for memory, so that the terms of a
 * tally are looked up some at a time: first all their slots, then all their
 * chains, texts and ends are asked for, and only then used. */

#include "kb/builder.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "kb/builder_state.h"
#include "kb/codec.h"

enum { AHEAD = 32 }; /* terms looked up together */

struct builder *builder_new(struct slice label, const char *beside)
{
	struct builder *b = memory_new(1, sizeof(*b));

	b->label = memory_copy(label.at, label.len);
	b->label_len = label.len;
	if (beside)
		b->beside = memory_copy(beside, strlen(beside));
	return b;
}

void builder_free(struct builder *b)
{
	if (!b)
		return;
	builder_reset(b);
	map_release(&b->strings);
	free(b->label);
	free(b->chains);
	free(b->pool);
	free(b->rows);
	free(b->scores);
	free(b->tags.at);
	free(b->services.at);
	free(b->docs);
	free(b->beside);
	free(b->chain_of);
	free(b);
}

void builder_reset(struct builder *b)
{
	while (b->pool_count)
		free(b->pool[--b->pool_count]);
	b->pool_used = 0;
	b->text = 0;
	b->row_count = 0;
	forward_spill_release(&b->spill);
	b->tags.count = 0;
	b->services.count = 0;
	free(b->slots);
	b->slots = NULL;
	b->slot_count = 0;
	b->chain_count = 0;
	arena_release(&b->texts);
	map_release(&b->strings);
}

struct slice builder_label(const struct builder *b)
{
	return (struct slice){ b->label, b->label_len };
}

uint32_t builder_count(const struct builder *b)
{
	return (uint32_t)b->row_count;
}

const int64_t *builder_scores(struct builder *b)
{
	return b->scores;
}

uint64_t builder_memory(const struct builder *b)
{
	/* Chains grow by half; a table that has just grown is a third full. */
	uint64_t term = sizeof(struct chain) * 3 / 2 + sizeof(struct slot) * 3;

	if (b->beside) /* places and numbers, while writing */
		term += 12;
	return (uint64_t)b->pool_count * POOL_BLOCK + b->text +
	       b->chain_count * term +
	       b->row_count * 3 / 2 * (sizeof(struct row) + 8) +
	       (b->tags.count + b->services.count) * 6;
}

/* A run of `size` bytes that does not cross a block. */
static uint32_t pool_take(struct builder *b, uint32_t size)
{
	uint32_t place;

	if (!b->pool_count || b->pool_used + size > POOL_BLOCK) {
		b->pool = memory_room(b->pool, b->pool_count, &b->pool_cap,
		                      sizeof(*b->pool));
		b->pool[b->pool_count++] = memory_resize(NULL, POOL_BLOCK, 1);
		b->pool_used = 0;
	}
	place = (uint32_t)((b->pool_count - 1) * POOL_BLOCK + b->pool_used);
	b->pool_used += size;
	return place;
}

static void chain_slice(struct builder *b, struct chain *c)
{
	uint32_t place;

	c->size = c->df ? c->size * 2 : SLICE_FIRST;
	if (c->size > SLICE_LAST)
		c->size = SLICE_LAST;
	place = pool_take(b, c->size);
	if (c->df)
		store32(pool_at(b, c->end), place);
	else
		c->head = place;
	c->at = place;
	c->end = place + c->size - SLICE_LINK;
}

static void chain_add(struct builder *b, struct chain *c,
                      const unsigned char *bytes, size_t len)
{
	while (len) {
		size_t n = c->end - c->at;

		if (!n) {
			chain_slice(b, c);
			continue;
		}
		if (n > len)
			n = len;
		memcpy(pool_at(b, c->at), bytes, n);
		c->at += (uint32_t)n;
		bytes += n;
		len -= n;
	}
}

static void chain_posting(struct builder *b, struct chain *c, uint32_t doc,
                          const struct tuple *t)
{
	unsigned char bytes[VARINT_MAX + TUPLE_MAX];
	bool other = !tuple_plain(t);
	size_t len = varint_put(bytes, (uint64_t)(doc - c->next) << 1 | other);

	if (other)
		len += tuple_put(bytes + len, t);
	if (!c->df)
		chain_slice(b, c);
	c->df++;
	chain_add(b, c, bytes, len);
	c->next = doc + 1;
}

static void slots_grow(struct builder *b)
{
	size_t count = b->slot_count ? 2 * b->slot_count : 1024, i, at;
	struct slot *slots = memory_new(count, sizeof(*slots));

	for (i = 0; i < b->slot_count; i++) {
		if (!b->slots[i].chain)
			continue;
		at = b->slots[i].hash & (count - 1);
		while (slots[at].chain)
			at = (at + 1) & (count - 1);
		slots[at] = b->slots[i];
	}
	free(b->slots);
	b->slots = slots;
	b->slot_count = count;
}

/* A chain with this hash, most likely the one; or NULL. */
static struct chain *chain_guess(const struct builder *b, uint64_t hash)
{
	size_t at = hash & (b->slot_count - 1);

	while (b->slots[at].chain && b->slots[at].hash != hash)
		at = (at + 1) & (b->slot_count - 1);
	return b->slots[at].chain ? &b->chains[b->slots[at].chain - 1] : NULL;
}

static struct chain *chain_new(struct builder *b, size_t at,
                               const struct map_entry *e)
{
	struct slice text = arena_copy(&b->texts, e->key);
	struct chain *c;

	b->chains = memory_room(b->chains, b->chain_count, &b->chain_cap,
	                        sizeof(*b->chains));
	c = &b->chains[b->chain_count++];
	*c = (struct chain){ .text = text.at, .len = text.len };
	b->slots[at] = (struct slot){ e->hash, (uint32_t)b->chain_count };
	b->text += text.len + 1;
	return c;
}

/* The term's chain, which is made when there is none. */
static struct chain *builder_chain(struct builder *b, const struct map_entry *e)
{
	size_t at;

	if (b->chain_count * 3 >= b->slot_count * 2)
		slots_grow(b);
	at = e->hash & (b->slot_count - 1);
	for (; b->slots[at].chain; at = (at + 1) & (b->slot_count - 1)) {
		struct chain *c = &b->chains[b->slots[at].chain - 1];

		if (b->slots[at].hash == e->hash && c->len == e->key.len &&
		    !memcmp(c->text, e->key.at, c->len))
			return c;
	}
	return chain_new(b, at, e);
}

/* Asks for the memory that looking up these terms will touch. */
static void chains_prefetch(const struct builder *b, const struct map_entry *e,
                            size_t count)
{
	const struct chain *chains[AHEAD];
	size_t i;

	if (!b->slot_count)
		return;
	for (i = 0; i < count; i++)
		__builtin_prefetch(&b->slots[e[i].hash & (b->slot_count - 1)]);
	for (i = 0; i < count; i++) {
		chains[i] = chain_guess(b, e[i].hash);
		if (chains[i])
			__builtin_prefetch(chains[i], 1);
	}
	for (i = 0; i < count; i++)
		if (chains[i])
			__builtin_prefetch(chains[i]->text);
	for (i = 0; i < count; i++)
		if (chains[i])
			__builtin_prefetch(pool_at(b, chains[i]->at), 1);
}

static uint32_t builder_string(struct builder *b, struct slice text)
{
	bool added;
	struct map_entry *e = map_put(&b->strings, text, &added);

	if (added)
		b->text += text.len + 100;
	return (uint32_t)(e - b->strings.entries);
}

static void number_add(struct numbers *n, uint32_t number)
{
	n->at = memory_room(n->at, n->count, &n->cap, sizeof(*n->at));
	n->at[n->count++] = number;
}

/* Services stand in one line: "EC2, S3". */
static void builder_services(struct builder *b, struct slice line)
{
	while (line.len) {
		size_t end = slice_find(line, ',');
		struct slice name = slice_trim(slice_cut(line, 0, end));

		if (name.len)
			number_add(&b->services, builder_string(b, name));
		line = slice_cut(line, end + 1, line.len);
	}
}

static void builder_row(struct builder *b, const struct post_row *post,
                        const struct passage *p, const uint32_t *lengths)
{
	struct row *r;
	size_t i;

	b->scores = memory_room(b->scores, b->row_count, &b->score_cap,
	                        sizeof(*b->scores));
	b->scores[b->row_count] = p->score;
	b->rows = memory_room(b->rows, b->row_count, &b->row_cap,
	                      sizeof(*b->rows));
	r = &b->rows[b->row_count++];
	*r = (struct row){
		.post = p->post,
		.part = p->part,
		.changed = p->changed,
		.modified = p->modified,
		.kind = p->kind,
		.from = p->from,
		.to = p->to,
		.space = builder_string(b, post->space),
		.post_kind = builder_string(b, post->kind),
		.language = builder_string(b, post->language),
		.class = builder_string(b, post->class),
		.first_tag = (uint32_t)b->tags.count,
		.first_service = (uint32_t)b->services.count,
	};
	memcpy(r->lengths, lengths, sizeof(r->lengths));
	for (i = 0; i < post->tag_count; i++)
		number_add(&b->tags, builder_string(b, post->tags[i]));
	builder_services(b, post->services);
}

/* Whether the passage comes behind all that are there. */
static bool follows(const struct builder *b, const struct passage *p)
{
	const struct row *last;

	if (!b->row_count)
		return true;
	last = &b->rows[b->row_count - 1];
	return last->post < p->post ||
	       (last->post == p->post && last->part < p->part);
}

/* Numbers the tally's passages that are ours. */
static void builder_docs(struct builder *b, const struct tally *tally)
{
	size_t i;

	if (tally->passage_count > b->doc_cap) {
		b->doc_cap = tally->passage_count;
		b->docs = memory_resize(b->docs, b->doc_cap, sizeof(*b->docs));
	}
	for (i = 0; i < tally->passage_count; i++) {
		const struct tally_passage *p = &tally->passages[i];

		b->docs[i] = NOT_OURS;
		if (!slice_eq(p->post->access, builder_label(b)))
			continue;
		assert(follows(b, p->passage));
		b->docs[i] = (uint32_t)b->row_count;
		builder_row(b, p->post, p->passage, p->lengths);
	}
}

/* Appends the postings of one term. */
static void builder_term(struct builder *b, const struct tally *tally,
                         size_t term)
{
	struct chain *c = NULL;
	size_t i;

	for (i = tally->starts[term]; i < tally->starts[term + 1]; i++) {
		const struct tally_posting *p =
		        &tally->postings[tally->order[i]];

		if (b->docs[p->passage] == NOT_OURS)
			continue;
		if (!c)
			c = builder_chain(b, &tally->terms.entries[term]);
		chain_posting(b, c, b->docs[p->passage], &p->tuple);
	}
	if (c)
		b->chain_of[term] = (uint32_t)(c - b->chains);
}

/* The tokens in order, for the forward file. */
static void builder_tokens(struct builder *b, const struct tally *tally)
{
	size_t i;

	for (i = 0; b->beside && i < tally->passage_count; i++)
		if (b->docs[i] != NOT_OURS)
			forward_spill_add(&b->spill, b->beside, tally, i,
			                  b->chain_of);
}

void builder_add(struct builder *b, const struct tally *tally)
{
	size_t term, count = tally->terms.count;

	builder_docs(b, tally);
	if (count > b->chain_of_cap) {
		b->chain_of_cap = 2 * count;
		b->chain_of = memory_resize(b->chain_of, b->chain_of_cap,
		                            sizeof(*b->chain_of));
	}
	for (term = 0; term < count; term++) {
		size_t left = count - term;

		if (term % AHEAD == 0)
			chains_prefetch(b, &tally->terms.entries[term],
			                left < AHEAD ? left : AHEAD);
		builder_term(b, tally, term);
	}
	builder_tokens(b, tally);
}
