/* With forward files a passage is read as it stands there. Without, its text is
 * analysed and its terms are numbered as they come; both are cut at the same
 * token (forward_takes()), so that they lead to the same ranking. */

#include "kb/rank_doc.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { FIELD_GAP = 100 }; /* positions between two fields */

bool rank_wants_texts(const struct hit *hits, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (!forward_has(hits[i].segment))
			return true;
	return false;
}

struct ranker *ranker_new(void)
{
	return memory_new(1, sizeof(struct ranker));
}

void ranker_free(struct ranker *r)
{
	size_t i;

	if (!r)
		return;
	for (i = 0; i < RANK_DEPTH; i++) {
		forward_release(&r->docs[i].tokens);
		free(r->docs[i].places);
	}
	map_release(&r->terms);
	arena_release(&r->arena);
	free(r->table);
	free(r->fold.table);
	free(r);
}

void *rank_table_room(struct ranker *r, size_t bytes)
{
	if (bytes > r->table_room) {
		free(r->table);
		r->table_room = 2 * bytes;
		r->table = memory_new(r->table_room, 1);
	} else {
		memset(r->table, 0, bytes);
	}
	return r->table;
}

double rank_weight(const struct index_weights *w, const struct rank_doc *d,
                   int field)
{
	double weight = w->field[field];

	if (field == FIELD_BODY)
		weight *= w->body[d->item.hit.entry.kind];
	return weight;
}

/* A text under way into a passage's tokens. */
struct reading {
	struct ranker *ranker;
	struct forward_passage *to;
	struct forward_gauge gauge;
	uint32_t at, position, length;
};

static bool on_token(void *self, const struct token *t)
{
	struct reading *r = self;
	struct forward_passage *p = r->to;
	struct map_entry *e;
	uint32_t step;

	if (!forward_takes(&r->gauge, t, &step))
		return false;
	r->position += step;
	r->length += step != 0;
	e = map_put(&r->ranker->terms, t->text, NULL);
	p->tokens = memory_room(p->tokens, r->at, &p->room, sizeof(*p->tokens));
	p->tokens[r->at++] = (struct forward_token){
		.number = (uint32_t)(e - r->ranker->terms.entries),
		.position = r->position,
	};
	return true;
}

static void doc_analyse(struct ranker *r, struct rank_doc *d,
                        struct analyzer *analyzer)
{
	const struct slice fields[FIELD_COUNT] = { d->item.title, d->item.tags,
		                                   d->item.heading,
		                                   d->item.body };
	struct reading reading = { .ranker = r, .to = &d->tokens };
	int i;

	for (i = 0; i < FIELD_COUNT; i++) {
		reading.gauge = (struct forward_gauge){ .count = 0 };
		reading.position = UINT32_MAX; /* the first step leads to 0 */
		reading.length = 0;
		analyzer_run(analyzer, fields[i], on_token, &reading);
		d->tokens.ends[i] = reading.at;
		d->tokens.lengths[i] = reading.length;
	}
}

static uint32_t vocabulary_of(struct ranker *r, const struct segment *segment)
{
	size_t i;

	for (i = 0; i < r->vocabulary_count; i++)
		if (r->vocabularies[i].segment == segment)
			return (uint32_t)i;
	r->vocabularies[r->vocabulary_count++].segment = segment;
	return (uint32_t)i;
}

/* K of BM25F from the weighted length. */
static double doc_norm(const struct index_weights *w, const struct rank_doc *d)
{
	double len = 0, average = 0;
	int i;

	for (i = 0; i < FIELD_COUNT; i++) {
		len += d->tokens.lengths[i] *
		       (double)(float)rank_weight(w, d, i);
		average += w->field[i] * w->average[i];
	}
	if (!(average > 0))
		average = 1;
	return w->k1 * (1 - w->b + w->b * len / average);
}

/* Where the query's terms stand. */
static void doc_places(struct rank_doc *d, const struct rank_table *t,
                       const struct index_weights *w)
{
	const struct forward_token *tokens = d->tokens.tokens;
	uint32_t base = 0, i = 0, end;
	int field;

	d->place_count = 0;
	for (field = 0; field < FIELD_COUNT; field++) {
		double weight = (double)(float)rank_weight(w, d, field);

		end = d->tokens.ends[field];
		for (; i < end; i++) {
			uint32_t pick = rank_pick(t, tokens[i].number);

			if (pick == PICKS_MOST)
				continue;
			d->places =
			        memory_room(d->places, d->place_count,
			                    &d->place_room, sizeof(*d->places));
			d->places[d->place_count++] = (struct rank_place){
				.pick = pick,
				.position = base + tokens[i].position,
				.weight = weight,
			};
		}
		base += FIELD_GAP + (end ? tokens[end - 1].position : 0);
	}
}

static bool vocabulary_number(const struct ranker *r,
                              const struct rank_vocabulary *v,
                              struct slice term, uint32_t *number,
                              struct fault *f)
{
	const struct map_entry *e;

	if (v->segment)
		return forward_number(v->segment, term, number, f);
	e = map_get(&r->terms, term);
	*number = e ? (uint32_t)(e - r->terms.entries) : FORWARD_NONE;
	return true;
}

static void table_add(struct rank_table *t, uint32_t number, size_t pick)
{
	uint32_t slot = number * 2654435761u >> 24;

	while (t->numbers[slot] != FORWARD_NONE)
		slot = (slot + 1) % PICK_SLOTS;
	t->numbers[slot] = number;
	t->picks[slot] = (unsigned char)pick;
}

bool rank_picks_find(struct ranker *r, const struct rank_picks *picks,
                     struct fault *f)
{
	uint32_t number;
	size_t i, j;

	assert(picks->count <= PICKS_MOST);
	for (i = 0; i < r->vocabulary_count; i++) {
		struct rank_vocabulary *v = &r->vocabularies[i];

		memset(v->table.numbers, 0xFF, sizeof(v->table.numbers));
		for (j = 0; j < picks->count; j++) {
			if (!vocabulary_number(r, v, picks->terms[j], &number,
			                       f))
				return false;
			if (number != FORWARD_NONE)
				table_add(&v->table, number, j);
		}
	}
	return true;
}

bool rank_term(struct ranker *r, const struct rank_vocabulary *v,
               uint32_t number, struct slice *out, uint32_t *df,
               struct fault *f)
{
	struct term_walk w;

	*df = 0;
	if (!v->segment) {
		*out = r->terms.entries[number].key;
		return true;
	}
	if (!forward_term(&w, v->segment, number, f))
		return false;
	*df = w.df;
	*out = arena_copy(&r->arena, w.term);
	return true;
}

bool rank_docs_read(struct ranker *r, const struct rank_request *q,
                    const struct rank_item *items, size_t count,
                    struct fault *f)
{
	const struct index_weights *w = &index_facts(q->index)->weights;
	const struct rank_picks picks = { .terms = q->found->terms,
		                          .weights = q->found->idf,
		                          .count = q->found->term_count };
	bool texts = false;
	size_t i;

	assert(count <= RANK_DEPTH);
	arena_reset(&r->arena);
	map_reset(&r->terms);
	r->vocabulary_count = 0;
	r->count = count;
	for (i = 0; i < count; i++)
		texts = texts || rank_wants_texts(&items[i].hit, 1);
	for (i = 0; i < count; i++) {
		struct rank_doc *d = r->order[i] = &r->docs[i];
		const struct segment *s = items[i].hit.segment;

		d->item = items[i];
		d->vocabulary = vocabulary_of(r, texts ? NULL : s);
		if (texts)
			doc_analyse(r, d, q->analyzer);
		else if (!forward_read(s, d->item.hit.doc, &d->tokens, f))
			return false;
		d->norm = doc_norm(w, d);
	}
	if (!rank_picks_find(r, &picks, f))
		return false;
	for (i = 0; i < count; i++) {
		struct rank_doc *d = &r->docs[i];

		doc_places(d, &r->vocabularies[d->vocabulary].table, w);
	}
	return true;
}
