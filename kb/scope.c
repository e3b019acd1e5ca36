/* Frequencies among the living are those of the dictionary less the dead that
 * have the term: for a dense list the two bitmaps are laid over each other,
 * any other list is decoded. Segments without dead cost nothing. */

#include "kb/scope.h"

#include <math.h>

#include "kb/dictionary.h"
#include "kb/engine.h"

double scope_tokens(const struct scope *c)
{
	double sum = 0;
	size_t i, f;

	for (i = 0; i < c->count; i++)
		for (f = 0; f < FIELD_COUNT; f++)
			sum += (double)segment_length_sum(c->segments[i],
			                                  (enum field)f);
	return c->passages ? sum / (double)c->passages : 0;
}

void scope_make(struct scope *c, const struct index *x, const struct reader *r,
                bool plain, struct arena *a)
{
	size_t i, count = index_segment_count(x);

	*c = (struct scope){ 0 };
	c->segments = arena_array(a, count, sizeof(struct segment *));
	for (i = 0; i < count; i++) {
		const struct segment *s = index_segment(x, i);

		if (!r || !reader_may(r, segment_label(s)))
			continue;
		c->segments[c->count++] = s;
		c->passages += segment_live_count(s);
	}
	c->weights = plain ? index_weights_plain : index_facts(x)->weights;
	if (plain)
		c->average = scope_tokens(c);
	else
		for (i = 0; i < FIELD_COUNT; i++)
			c->average +=
			        c->weights.field[i] * c->weights.average[i];
	if (!(c->average > 0))
		c->average = 1;
}

/* The dead of a dense list: one AND a word. */
static uint32_t dense_dead(const struct segment *s, const struct engine_term *t)
{
	const unsigned char *bits = t->list + t->parts.bits;
	uint32_t words = (s->count + 63) / 64, i;
	uint64_t n = 0;

	for (i = 0; i < words; i++)
		n += (unsigned)__builtin_popcountll(
		        load64(bits + 8 * (size_t)i) &
		        load64(s->over.dead + 8 * (size_t)i));
	return (uint32_t)n;
}

/* The living of a list. */
static bool place_live(const struct segment *s, const struct place *p,
                       uint32_t *live, struct fault *f)
{
	struct engine_term t;

	*live = p->df;
	if (!s->over.dead_count)
		return true;
	if (!engine_term_open(&t, s, p->postings, p->df))
		return segment_damaged(s, "postings", f);
	if (t.class != LIST_DENSE)
		return engine_path()->live(s, &t, s->over.dead, live) ||
		       segment_damaged(s, "postings", f);
	*live -= dense_dead(s, &t);
	return *live <= p->df || segment_damaged(s, "postings", f);
}

/* *p for the term in one segment, its bytes checked. */
static bool place_find(const struct segment *s, struct slice term,
                       struct place *p, struct fault *f)
{
	struct term_walk w;
	bool found;

	*p = (struct place){ 0 };
	if (!term_walk_find(&w, s, term, &found, f))
		return false;
	if (!found)
		return true;
	*p = (struct place){ .df = w.df, .postings = w.postings };
	return segment_touch(
	        s, (uint64_t)((const unsigned char *)w.postings.at - s->at),
	        w.postings.len, f);
}

bool scope_find(const struct scope *c, struct slice term, struct place *places,
                uint64_t *df, struct fault *f)
{
	struct place one;
	uint32_t live;
	size_t i;

	*df = 0;
	for (i = 0; i < c->count; i++) {
		struct place *p = places ? &places[i] : &one;

		if (!place_find(c->segments[i], term, p, f) ||
		    (p->df && !place_live(c->segments[i], p, &live, f)))
			return false;
		if (p->df)
			*df += live;
	}
	return true;
}

double scope_idf(const struct scope *c, uint64_t df)
{
	double n = (double)c->passages, d = (double)df;

	return log(1 + (n - d + 0.5) / (d + 0.5));
}
