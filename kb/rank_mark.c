/*
 * Terms are added up by number. Only when the passages come from several
 * vocabularies are their texts asked for then, to tell which are the same. The
 * frequency of a term costs a look at every segment's dictionary; but its
 * number alone says how rare it can be at most, so that candidates are taken by
 * falling bound and most of them are never looked up.
 */

#include "kb/rank_mark.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/memory.h"

enum { MARKS_MOST = 10 };

struct mark {
	uint32_t vocabulary, number; /* where it was met first */
	double sum;                  /* while adding up one passage */
	double weight;               /* mean saturated frequency */
	size_t seen;                 /* in how many of them */
};

struct mark_slot {
	uint64_t key;  /* of vocabulary and number, plus 1 */
	uint32_t mark; /* its number */
};

struct marks {
	struct ranker *r;
	struct mark_slot *slots;
	size_t mask;
	struct mark *at;
	size_t count;
	bool several;       /* vocabularies */
	struct map by_term; /* when there are: term -> number */
};

static bool mark_new(struct marks *m, uint32_t vocabulary, uint32_t number,
                     uint32_t *out, struct fault *f)
{
	struct map_entry *e;
	struct slice term;
	bool added = true;
	uint32_t df;

	*out = (uint32_t)m->count;
	if (m->several) {
		if (!rank_term(m->r, &m->r->vocabularies[vocabulary], number,
		               &term, &df, f))
			return false;
		e = map_put(&m->by_term, term, &added);
		*out = (uint32_t)(e - m->by_term.entries);
	}
	if (added)
		m->at[m->count++] = (struct mark){
			.vocabulary = vocabulary,
			.number = number,
		};
	return true;
}

static bool mark_of(struct marks *m, uint32_t vocabulary, uint32_t number,
                    struct mark **out, struct fault *f)
{
	uint64_t key = ((uint64_t)vocabulary << 32 | number) + 1;
	size_t at = (key * 0x9E3779B97F4A7C15u >> 32) & m->mask;

	while (m->slots[at].key && m->slots[at].key != key)
		at = (at + 1) & m->mask;
	if (!m->slots[at].key) {
		if (!mark_new(m, vocabulary, number, &m->slots[at].mark, f))
			return false;
		m->slots[at].key = key;
	}
	*out = &m->at[m->slots[at].mark];
	return true;
}

/* Adds what one of `passages` good passages says of its terms. */
static bool mark_doc(struct marks *m, const struct index_weights *w,
                     const struct rank_doc *d, size_t passages, struct fault *f)
{
	uint32_t i = 0;
	struct mark *t;
	size_t j;
	int field;

	for (field = 0; field < FIELD_COUNT; field++) {
		double weight = rank_weight(w, d, field);

		for (; i < d->tokens.ends[field]; i++) {
			if (!mark_of(m, d->vocabulary,
			             d->tokens.tokens[i].number, &t, f))
				return false;
			t->sum += weight;
		}
	}
	for (j = 0; j < m->count; j++) {
		t = &m->at[j];
		if (t->sum > 0) {
			t->weight +=
			        t->sum / (t->sum + d->norm) / (double)passages;
			t->seen++;
		}
		t->sum = 0;
	}
	return true;
}

static void marks_open(struct marks *m, struct ranker *r, size_t passages)
{
	size_t tokens = 0, size = 256, i;

	*m = (struct marks){ .r = r };
	for (i = 0; i < passages; i++) {
		tokens += r->order[i]->tokens.ends[FIELD_BODY];
		m->several |=
		        r->order[i]->vocabulary != r->order[0]->vocabulary;
	}
	while (size < 2 * tokens)
		size *= 2;
	m->mask = size - 1;
	m->slots = rank_table_room(r, size * sizeof(*m->slots));
	m->at = arena_array(&r->arena, tokens, sizeof(*m->at));
}

/* A term that may be chosen. */
struct candidate {
	const struct mark *mark;
	struct slice term;
	double value; /* a bound, then exact */
};

static double idf_of(double passages, double df)
{
	return log(1 + (passages - df + 0.5) / (df + 0.5));
}

/* A bound on the idf of a mark. */
static bool mark_bound(const struct ranker *r, const struct mark *t,
                       double passages, double *out, struct fault *f)
{
	const struct segment *s = r->vocabularies[t->vocabulary].segment;
	uint32_t least = (uint32_t)t->seen, df = 0, dead;

	if (s && !forward_least(s, t->number, &df, f))
		return false;
	dead = s ? segment_count(s) - segment_live_count(s) : 0;
	if (df > dead && df - dead > least)
		least = df - dead;
	*out = idf_of(passages, least);
	return true;
}

static int bound_order(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	return (x->value < y->value) - (x->value > y->value);
}

static bool candidate_before(const struct candidate *x,
                             const struct candidate *y)
{
	if (x->value != y->value)
		return x->value > y->value;
	return slice_cmp(x->term, y->term) < 0;
}

/* The exact value. */
static bool candidate_weigh(struct ranker *r, const struct rank_request *q,
                            struct candidate *c, struct fault *f)
{
	const struct rank_vocabulary *v = &r->vocabularies[c->mark->vocabulary];
	uint64_t frequency;
	uint32_t df;

	if (!rank_term(r, v, c->mark->number, &c->term, &df, f))
		return false;
	frequency = df;
	if (!df || index_segment_count(q->index) > 1 ||
	    segment_count(v->segment) != segment_live_count(v->segment))
		if (!search_frequency(q->index, q->reader, c->term, &frequency,
		                      f))
			return false;
	c->value = c->mark->weight *
	           idf_of((double)q->found->passages, (double)frequency);
	return true;
}

/* Those that two passages have and that are not the query's, by falling
 * bound. */
static bool candidates_make(const struct marks *m, const struct rank_request *q,
                            struct candidate *out, size_t *count,
                            struct fault *f)
{
	const struct ranker *r = m->r;
	size_t i;

	*count = 0;
	for (i = 0; i < m->count; i++) {
		const struct mark *t = &m->at[i];
		struct candidate *c = &out[*count];
		double idf;

		if (t->seen < 2 ||
		    rank_pick(&r->vocabularies[t->vocabulary].table,
		              t->number) < PICKS_MOST)
			continue;
		if (!mark_bound(r, t, (double)q->found->passages, &idf, f))
			return false;
		c->mark = t;
		c->value = t->weight * idf;
		++*count;
	}
	if (*count)
		qsort(out, *count, sizeof(*out), bound_order);
	return true;
}

/* The best of the candidates come first, in order. */
static bool candidates_choose(struct ranker *r, const struct rank_request *q,
                              struct candidate *all, size_t count,
                              size_t *chosen, struct fault *f)
{
	size_t i, j, n = 0;

	for (i = 0; i < count; i++) {
		struct candidate c = all[i];

		if (n == MARKS_MOST && c.value < all[n - 1].value)
			break;
		if (!candidate_weigh(r, q, &c, f))
			return false;
		for (j = n; j && candidate_before(&c, &all[j - 1]); j--)
			if (j < MARKS_MOST)
				all[j] = all[j - 1];
		if (j < MARKS_MOST)
			all[j] = c;
		n += n < MARKS_MOST;
	}
	*chosen = n;
	return true;
}

static void picks_make(struct ranker *r, const struct candidate *c,
                       size_t count, struct rank_picks *out)
{
	struct slice *terms = arena_array(&r->arena, count, sizeof(*terms));
	double *weights = arena_array(&r->arena, count, sizeof(*weights));
	size_t i;

	for (i = 0; i < count; i++) {
		terms[i] = c[i].term;
		weights[i] = c[i].value;
	}
	*out = (struct rank_picks){ terms, weights, count };
}

bool rank_marks(struct ranker *r, const struct rank_request *q, size_t passages,
                struct rank_picks *out, struct fault *f)
{
	const struct index_weights *w = &index_facts(q->index)->weights;
	struct candidate *c;
	size_t i, count = 0;
	struct marks m;
	bool done = true;

	marks_open(&m, r, passages);
	for (i = 0; done && i < passages; i++)
		done = mark_doc(&m, w, r->order[i], passages, f);
	c = arena_array(&r->arena, m.count, sizeof(*c));
	done = done && candidates_make(&m, q, c, &count, f) &&
	       candidates_choose(r, q, c, count, &count, f);
	if (done)
		picks_make(r, c, count, out);
	map_release(&m.by_term);
	return done;
}
