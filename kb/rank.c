/*
 * Stage 2. The passages are analyzed again from the stored text, which gives
 * positions without keeping any in the index.
 *
 * Proximity is the pair score of Rasolofo and Savoy (2003): for neighbours
 * a b of the query, each b at distance d <= PAIR_REACH behind an a adds 1/d^2
 * (half of it in the other order); the sum saturates like a term frequency
 * and is weighed by the smaller idf of the two. Feedback is a small
 * Rocchio step with BM25 weights: the terms with the largest mean weight over
 * the first FEEDBACK_PASSAGES, FEEDBACK_TERMS of them, score all candidates.
 * Duplicates share most of their runs of three tokens (Broder's resemblance).
 */

#include "kb/rank.h"

#include <math.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/limits.h"
#include "base/map.h"
#include "base/memory.h"
#include "base/utf8.h"

enum {
	PAIR_REACH = 5,        /* positions between two neighbours */
	FEEDBACK_PASSAGES = 5, /* the first ones, taken as good */
	FEEDBACK_TERMS = 10,
	FIELD_GAP = 100, /* positions between two fields */
	SHINGLES_LEAST = 12,
};

static const double proximity_weight = 0.4;
static const double feedback_weight = 0.05;
static const double duplicate_share = 0.8;

struct rank_token {
	uint64_t hash; /* of the term */
	uint32_t position;
	float weight; /* of its field */
};

/* A few terms, found by their hash. */
enum { PICKS_MOST = LIMIT_QUERY_TERMS, PICK_SLOTS = 4 * PICKS_MOST };

struct picks {
	uint64_t hash[PICKS_MOST];
	double weight[PICKS_MOST], sum[PICKS_MOST];
	unsigned char slots[PICK_SLOTS]; /* number + 1, or 0 */
	size_t count;
};

/* A place in a passage where a term of the query stands. */
struct rank_place {
	uint32_t pick, position;
	double weight;
};

/* A passage as stage 2 sees it. */
struct rank_doc {
	struct rank_item item;
	struct rank_token *tokens; /* ascending position */
	size_t count, room;
	size_t body;               /* the first token of the body */
	struct rank_place *places; /* ascending position */
	size_t place_count;
	double norm;        /* K of BM25F */
	uint64_t *shingles; /* sorted, distinct */
	size_t shingle_count;
};

struct rank {
	const struct rank_request *q;
	const struct index_weights *weights;
	struct picks query;
	struct rank_doc *docs;
	size_t count;
	/* While one text is analyzed: */
	struct rank_doc *doc;
	double weight;
	uint32_t position, last;
};

/* The number of a term, or PICKS_MOST. */
static inline size_t pick_find(const struct picks *p, uint64_t hash)
{
	size_t i = hash % PICK_SLOTS;

	for (; p->slots[i]; i = (i + 1) % PICK_SLOTS)
		if (p->hash[p->slots[i] - 1] == hash)
			return p->slots[i] - 1u;
	return PICKS_MOST;
}

static void pick_add(struct picks *p, struct slice term, double weight)
{
	uint64_t hash = hash64(term);
	size_t i = hash % PICK_SLOTS;

	while (p->slots[i])
		i = (i + 1) % PICK_SLOTS;
	p->hash[p->count] = hash;
	p->weight[p->count] = weight;
	p->slots[i] = (unsigned char)++p->count;
}

static bool rank_token(void *self, const struct token *t)
{
	struct rank *r = self;
	struct rank_doc *d = r->doc;

	d->tokens =
	        memory_room(d->tokens, d->count, &d->room, sizeof(*d->tokens));
	r->last = r->position + t->position;
	d->tokens[d->count++] = (struct rank_token){
		.hash = hash64(t->text),
		.position = r->last,
		.weight = (float)r->weight,
	};
	return true;
}

static void rank_field(struct rank *r, struct slice text, double weight)
{
	r->weight = weight;
	analyzer_run(r->q->analyzer, utf8_head(text, RANK_BYTES), rank_token,
	             r);
	r->position = r->last + FIELD_GAP;
}

/* K of BM25F from the weighted length. */
static double doc_norm(const struct rank *r, const struct rank_doc *d)
{
	const struct index_weights *w = r->weights;
	double len = 0, average = 0;
	size_t i;

	for (i = 0; i < d->count; i++)
		if (!i || d->tokens[i].position != d->tokens[i - 1].position)
			len += (double)d->tokens[i].weight;
	for (i = 0; i < FIELD_COUNT; i++)
		average += w->field[i] * w->average[i];
	if (!(average > 0))
		average = 1;
	return w->k1 * (1 - w->b + w->b * len / average);
}

/* Where the query's terms stand. */
static void doc_places(const struct rank *r, struct rank_doc *d)
{
	size_t i;

	d->places = memory_new(d->count, sizeof(*d->places));
	for (i = 0; i < d->count; i++) {
		const struct rank_token *t = &d->tokens[i];
		size_t pick = pick_find(&r->query, t->hash);

		if (pick < PICKS_MOST)
			d->places[d->place_count++] = (struct rank_place){
				.pick = (uint32_t)pick,
				.position = t->position,
				.weight = (double)t->weight,
			};
	}
}

static void rank_read(struct rank *r, struct rank_doc *d)
{
	const struct index_weights *w = r->weights;

	r->doc = d;
	r->position = r->last = 0;
	rank_field(r, d->item.title, w->field[FIELD_TITLE]);
	rank_field(r, d->item.tags, w->field[FIELD_TAGS]);
	rank_field(r, d->item.heading, w->field[FIELD_HEADING]);
	d->body = d->count;
	rank_field(r, d->item.body,
	           w->field[FIELD_BODY] * w->body[d->item.hit.entry.kind]);
	d->norm = doc_norm(r, d);
	doc_places(r, d);
}

/* How close a and b stand to each other, summed over the passage. */
static double pair_closeness(const struct rank_doc *d, uint32_t a, uint32_t b)
{
	int64_t last_a = INT64_MIN / 2, last_b = INT64_MIN / 2;
	double sum = 0;
	size_t i;

	for (i = 0; i < d->place_count; i++) {
		const struct rank_place *t = &d->places[i];
		int64_t at = t->position, to_a = at - last_a,
		        to_b = at - last_b;

		if (t->pick == b) {
			last_b = at;
			if (to_a > 0 && to_a <= PAIR_REACH)
				sum += t->weight / (double)(to_a * to_a);
		} else if (t->pick == a) {
			last_a = at;
			if (to_b > 0 && to_b <= PAIR_REACH)
				sum += t->weight / 2 / (double)(to_b * to_b);
		}
	}
	return sum;
}

static void rank_pair(struct rank *r, size_t a, size_t b)
{
	double idf = fmin(r->query.weight[a], r->query.weight[b]);
	size_t i;

	for (i = 0; i < r->count; i++) {
		struct rank_doc *d = &r->docs[i];
		double close = pair_closeness(d, (uint32_t)a, (uint32_t)b);

		if (close > 0)
			d->item.hit.rank += proximity_weight * idf * close /
			                    (close + d->norm);
	}
}

/* The query's own tokens, one a position. */
struct rank_pairs {
	struct rank *rank;
	size_t pick; /* of the token before */
	uint32_t position;
	size_t tokens;
	bool any;
};

static bool rank_query_token(void *self, const struct token *t)
{
	struct rank_pairs *p = self;
	struct rank *r = p->rank;
	size_t pick = pick_find(&r->query, hash64(t->text));

	if (t->flags & TOKEN_BESIDE)
		return true;
	if (p->tokens++ && pick < PICKS_MOST && p->pick < PICKS_MOST &&
	    pick != p->pick && t->position - p->position <= PAIR_REACH) {
		rank_pair(r, p->pick, pick);
		p->any = true;
	}
	p->pick = pick;
	p->position = t->position;
	return p->tokens < 4 * LIMIT_QUERY_TERMS;
}

/* True when the query has neighbours at all. */
static bool rank_proximity(struct rank *r)
{
	struct rank_pairs p = { .rank = r };

	analyzer_run(r->q->analyzer, r->q->query, rank_query_token, &p);
	return p.any;
}

static int rank_order(const void *a, const void *b)
{
	const struct hit *x = &((const struct rank_doc *)a)->item.hit;
	const struct hit *y = &((const struct rank_doc *)b)->item.hit;

	if (x->rank != y->rank)
		return x->rank > y->rank ? -1 : 1;
	if (x->entry.post != y->entry.post)
		return x->entry.post < y->entry.post ? -1 : 1;
	return (x->entry.part > y->entry.part) -
	       (x->entry.part < y->entry.part);
}

/* A term of the passages that feedback takes as good. */
struct mark {
	struct slice text;
	double sum;    /* while adding up one passage */
	double weight; /* mean saturated frequency */
	double idf;
	size_t seen; /* in how many of them */
};

struct marks {
	struct map numbers; /* term -> number */
	struct mark *at;
	size_t room;
	double weight; /* of the field at hand */
};

static bool mark_token(void *self, const struct token *t)
{
	struct marks *m = self;
	bool added;
	struct map_entry *e = map_put(&m->numbers, t->text, &added);

	if (added) {
		size_t n = m->numbers.count - 1;

		e->number = (int64_t)n;
		m->at = memory_room(m->at, n, &m->room, sizeof(*m->at));
		m->at[n] = (struct mark){ .text = e->key };
	}
	m->at[e->number].sum += m->weight;
	return true;
}

static void mark_field(const struct rank *r, struct marks *m, struct slice text,
                       double weight)
{
	m->weight = weight;
	analyzer_run(r->q->analyzer, utf8_head(text, RANK_BYTES), mark_token,
	             m);
}

/* Adds what one of `passages` good passages says of its terms. */
static void mark_doc(const struct rank *r, struct marks *m,
                     const struct rank_doc *d, size_t passages)
{
	const struct index_weights *w = r->weights;
	size_t i;

	mark_field(r, m, d->item.title, w->field[FIELD_TITLE]);
	mark_field(r, m, d->item.tags, w->field[FIELD_TAGS]);
	mark_field(r, m, d->item.heading, w->field[FIELD_HEADING]);
	mark_field(r, m, d->item.body,
	           w->field[FIELD_BODY] * w->body[d->item.hit.entry.kind]);
	for (i = 0; i < m->numbers.count; i++) {
		struct mark *t = &m->at[i];

		if (t->sum > 0) {
			t->weight +=
			        t->sum / (t->sum + d->norm) / (double)passages;
			t->seen++;
		}
		t->sum = 0;
	}
}

static int mark_order(const void *a, const void *b)
{
	const struct mark *x = a, *y = b;
	double v = x->weight * x->idf, w = y->weight * y->idf;

	if (v != w)
		return v > w ? -1 : 1;
	return slice_cmp(x->text, y->text);
}

/* The terms that mark the good passages and are not the query's. */
static bool marks_choose(const struct rank *r, struct marks *m,
                         struct picks *out, struct fault *f)
{
	double n = (double)r->q->found->passages;
	size_t i, count = 0;

	for (i = 0; i < m->numbers.count; i++) {
		struct mark t = m->at[i];
		uint64_t df;

		if (t.seen < 2 ||
		    pick_find(&r->query, hash64(t.text)) < PICKS_MOST)
			continue;
		if (!search_frequency(r->q->index, r->q->reader, t.text, &df,
		                      f))
			return false;
		t.idf = log(1 + (n - (double)df + 0.5) / ((double)df + 0.5));
		m->at[count++] = t;
	}
	if (count)
		qsort(m->at, count, sizeof(*m->at), mark_order);
	for (i = 0; i < count && i < FEEDBACK_TERMS; i++)
		pick_add(out, m->at[i].text, m->at[i].weight * m->at[i].idf);
	return true;
}

static void feedback_score(struct rank_doc *d, struct picks *p)
{
	double score = 0;
	size_t i, n;

	for (i = 0; i < p->count; i++)
		p->sum[i] = 0;
	for (i = 0; i < d->count; i++) {
		n = pick_find(p, d->tokens[i].hash);
		if (n < PICKS_MOST)
			p->sum[n] += (double)d->tokens[i].weight;
	}
	for (i = 0; i < p->count; i++)
		if (p->sum[i] > 0)
			score += p->weight[i] * p->sum[i] /
			         (p->sum[i] + d->norm);
	d->item.hit.rank += feedback_weight * score;
}

static bool rank_feedback(struct rank *r, struct fault *f)
{
	size_t i, passages = r->count < FEEDBACK_PASSAGES ? r->count
	                                                  : FEEDBACK_PASSAGES;
	struct marks m = { .numbers = MAP_INIT };
	struct picks picks = { .count = 0 };
	bool done;

	for (i = 0; i < passages; i++)
		mark_doc(r, &m, &r->docs[i], passages);
	done = marks_choose(r, &m, &picks, f);
	for (i = 0; done && i < r->count; i++)
		feedback_score(&r->docs[i], &picks);
	free(m.at);
	map_release(&m.numbers);
	return done;
}

static int shingle_order(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void doc_shingle(struct rank_doc *d)
{
	size_t i, n = 0, len = d->count - d->body;

	d->shingles = memory_new(len, sizeof(*d->shingles));
	for (i = d->body; i + 3 <= d->count; i++) {
		uint64_t run[3] = { d->tokens[i].hash, d->tokens[i + 1].hash,
			            d->tokens[i + 2].hash };

		d->shingles[n++] = hash64(
		        (struct slice){ (const char *)run, sizeof(run) });
	}
	qsort(d->shingles, n, sizeof(*d->shingles), shingle_order);
	for (i = 0; i < n; i++)
		if (!i || d->shingles[i] != d->shingles[i - 1])
			d->shingles[d->shingle_count++] = d->shingles[i];
}

static bool doc_same(const struct rank_doc *a, const struct rank_doc *b)
{
	size_t i = 0, j = 0, both = 0;

	if (a->shingle_count < SHINGLES_LEAST ||
	    b->shingle_count < SHINGLES_LEAST)
		return false;
	while (i < a->shingle_count && j < b->shingle_count) {
		uint64_t x = a->shingles[i], y = b->shingles[j];

		both += x == y;
		i += x <= y;
		j += y <= x;
	}
	return (double)both >=
	       duplicate_share *
	               (double)(a->shingle_count + b->shingle_count - both);
}

/* Folds each passage into the first better one that it repeats; those that
 * stay come first, in order. */
static size_t rank_fold(struct rank *r)
{
	size_t i, j, kept = 0;

	for (i = 0; i < r->count; i++)
		doc_shingle(&r->docs[i]);
	for (i = 0; i < r->count; i++) {
		struct rank_doc d = r->docs[i];

		for (j = 0; j < kept && !doc_same(&r->docs[j], &d); j++)
			;
		if (j < kept) {
			r->docs[j].item.similar++;
			continue;
		}
		r->docs[i] = r->docs[kept];
		r->docs[kept++] = d;
	}
	return r->count - kept;
}

static void rank_open(struct rank *r, const struct rank_request *q,
                      const struct rank_item *items, size_t count)
{
	size_t i;

	*r = (struct rank){ .q = q,
		            .weights = &index_facts(q->index)->weights,
		            .docs = memory_new(count, sizeof(*r->docs)),
		            .count = count };
	for (i = 0; i < q->found->term_count && i < PICKS_MOST; i++)
		pick_add(&r->query, q->found->terms[i], q->found->idf[i]);
	for (i = 0; i < count; i++) {
		r->docs[i].item = items[i];
		rank_read(r, &r->docs[i]);
	}
}

static void rank_close(struct rank *r)
{
	size_t i;

	for (i = 0; i < r->count; i++) {
		free(r->docs[i].tokens);
		free(r->docs[i].places);
		free(r->docs[i].shingles);
	}
	free(r->docs);
}

bool rank_items(const struct rank_request *q, struct rank_item *items,
                size_t *count, struct buf *did, struct fault *f)
{
	struct rank r;
	size_t i, folded = 0;
	bool close, done;

	rank_open(&r, q, items, *count);
	close = rank_proximity(&r);
	qsort(r.docs, r.count, sizeof(*r.docs), rank_order);
	done = rank_feedback(&r, f);
	qsort(r.docs, r.count, sizeof(*r.docs), rank_order);
	if (done && q->fold)
		folded = rank_fold(&r);
	buf_addf(did, "best %zu again by %sfeedback", r.count,
	         close ? "proximity and " : "");
	if (folded)
		buf_addf(did, ", %zu near-duplicate%s folded", folded,
		         folded == 1 ? "" : "s");
	*count = r.count - folded;
	for (i = 0; i < *count; i++)
		items[i] = r.docs[i].item;
	rank_close(&r);
	return done;
}
