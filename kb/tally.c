/* A hash map from terms to numbers, and for each term where its posting in the
 * passage under way is. */

#include "kb/tally.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"

void tally_release(struct tally *b)
{
	map_release(&b->terms);
	free(b->seen);
	free(b->passages);
	free(b->postings);
	free(b->order);
	free(b->starts);
	free(b->tokens);
	*b = (struct tally){ 0 };
}

void tally_reset(struct tally *b)
{
	map_reset(&b->terms);
	b->passage_count = 0;
	b->posting_count = 0;
	b->token_count = 0;
}

void tally_passage(struct tally *b, const struct post_row *post,
                   const struct passage *passage)
{
	b->passages = memory_room(b->passages, b->passage_count,
	                          &b->passage_cap, sizeof(*b->passages));
	b->passages[b->passage_count++] = (struct tally_passage){
		.post = post,
		.passage = passage,
		.first_token = b->token_count,
	};
	b->first = b->posting_count;
}

static uint32_t term_number(struct tally *b, struct slice term, uint64_t hash)
{
	struct map_entry *e;
	size_t number;
	bool added;

	e = map_put_hashed(&b->terms, term, hash, &added);
	number = (size_t)(e - b->terms.entries);
	if (added) {
		b->seen = memory_room(b->seen, number, &b->seen_cap,
		                      sizeof(*b->seen));
		b->seen[number] = 0;
	}
	return (uint32_t)number;
}

/* The number that was left with the token, or else is found and left. */
static uint32_t token_number(struct tally *b, const struct token *t)
{
	uint32_t number;

	if (b->serial && *t->note >> 32 == b->serial)
		return (uint32_t)*t->note;
	number = term_number(b, t->text, t->hash);
	*t->note = (uint64_t)b->serial << 32 | number;
	return number;
}

static void tally_count(struct tally *b, enum field field, uint32_t number)
{
	uint32_t at = b->seen[number];

	if (at <= b->first) {
		b->postings =
		        memory_room(b->postings, b->posting_count,
		                    &b->posting_cap, sizeof(*b->postings));
		b->postings[b->posting_count++] = (struct tally_posting){
			.term = number,
			.passage = (uint32_t)b->passage_count - 1,
		};
		at = b->seen[number] = (uint32_t)b->posting_count;
	}
	b->postings[at - 1].tuple.tf[field]++;
}

void tally_keep(struct tally *b, enum field field, uint32_t term, uint32_t step)
{
	struct tally_passage *p = &b->passages[b->passage_count - 1];
	uint32_t *to;

	b->tokens = memory_room(b->tokens, b->token_count + 1, &b->token_cap,
	                        sizeof(*b->tokens));
	to = b->tokens + b->token_count;
	to[0] = term << TALLY_STEP | (step < TALLY_FAR ? step : TALLY_FAR);
	to[1] = step;
	b->token_count += step < TALLY_FAR ? 1 : 2;
	p->token_words = b->token_count - p->first_token;
	p->tokens[field]++;
}

uint32_t tally_token(struct tally *b, enum field field, const struct token *t)
{
	struct tally_passage *p = &b->passages[b->passage_count - 1];
	uint32_t number = token_number(b, t);

	p->lengths[field] += !(t->flags & TOKEN_BESIDE);
	tally_count(b, field, number);
	return number;
}

uint32_t tally_term(struct tally *b, enum field field, struct slice term,
                    bool beside)
{
	uint32_t number = term_number(b, term, hash64(term));

	assert(term.len);
	b->passages[b->passage_count - 1].lengths[field] += !beside;
	tally_count(b, field, number);
	return number;
}

/* A counting sort: it keeps the passages of a term in order. */
void tally_sort(struct tally *b)
{
	size_t terms = b->terms.count, i, at = 0;

	if (terms + 1 > b->starts_cap) {
		b->starts_cap = 2 * terms + 1;
		b->starts = memory_resize(b->starts, b->starts_cap,
		                          sizeof(*b->starts));
	}
	if (b->posting_count > b->order_cap) {
		b->order_cap = 2 * b->posting_count;
		b->order = memory_resize(b->order, b->order_cap,
		                         sizeof(*b->order));
	}
	memset(b->starts, 0, (terms + 1) * sizeof(*b->starts));
	for (i = 0; i < b->posting_count; i++)
		b->starts[b->postings[i].term]++;
	for (i = 0; i <= terms; i++) {
		at += b->starts[i];
		b->starts[i] = (uint32_t)at;
	}
	for (i = b->posting_count; i-- > 0;)
		b->order[--b->starts[b->postings[i].term]] = (uint32_t)i;
}
