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
	NO_TERM = -1,
};

static const double proximity_weight = 0.4;
static const double feedback_weight = 0.05;
static const double duplicate_share = 0.8;

struct rank_token {
	uint32_t term, position;
	double weight; /* of its field */
};

/* A passage as stage 2 sees it. */
struct rank_doc {
	struct rank_item item;
	struct rank_token *tokens; /* ascending position */
	size_t count, room;
	size_t body;        /* the first token of the body */
	double norm;        /* K of BM25F */
	uint64_t *shingles; /* sorted, distinct */
	size_t shingle_count;
};

struct rank_term {
	double idf;    /* of a query term or a feedback term */
	double weight; /* feedback: mean saturated frequency */
	double sum;    /* while adding up one passage */
	uint32_t seen; /* feedback passages that have it */
	bool in_query;
};

struct rank {
	const struct rank_request *q;
	const struct index_weights *weights;
	struct map numbers; /* term -> number */
	struct rank_term *terms;
	size_t term_room;
	struct rank_doc *docs;
	size_t count;
	/* While one text is analyzed: */
	struct rank_doc *doc;
	double weight;
	uint32_t position, last;
};

/* The query's own tokens, in order, one a position. */
struct rank_query {
	struct rank *rank;
	int64_t *terms; /* number of the term, NO_TERM: does not count */
	uint32_t *positions;
	size_t count, room, position_room;
};

static uint32_t rank_term(struct rank *r, struct slice text)
{
	bool added;
	struct map_entry *e = map_put(&r->numbers, text, &added);

	if (added) {
		size_t n = r->numbers.count - 1;

		e->number = (int64_t)n;
		r->terms = memory_room(r->terms, n, &r->term_room,
		                       sizeof(*r->terms));
		r->terms[n] = (struct rank_term){ 0 };
	}
	return (uint32_t)e->number;
}

static bool rank_token(void *self, const struct token *t)
{
	struct rank *r = self;
	struct rank_doc *d = r->doc;

	d->tokens =
	        memory_room(d->tokens, d->count, &d->room, sizeof(*d->tokens));
	r->last = r->position + t->position;
	d->tokens[d->count++] = (struct rank_token){
		.term = rank_term(r, t->text),
		.position = r->last,
		.weight = r->weight,
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

/* The passage's tokens, and its K from the weighted length. */
static void rank_read(struct rank *r, struct rank_doc *d)
{
	const struct index_weights *w = r->weights;
	double len = 0, average = 0;
	size_t i;

	r->doc = d;
	r->position = r->last = 0;
	rank_field(r, d->item.title, w->field[FIELD_TITLE]);
	rank_field(r, d->item.tags, w->field[FIELD_TAGS]);
	rank_field(r, d->item.heading, w->field[FIELD_HEADING]);
	d->body = d->count;
	rank_field(r, d->item.body,
	           w->field[FIELD_BODY] * w->body[d->item.hit.entry.kind]);
	for (i = 0; i < d->count; i++)
		if (!i || d->tokens[i].position != d->tokens[i - 1].position)
			len += d->tokens[i].weight;
	for (i = 0; i < FIELD_COUNT; i++)
		average += w->field[i] * w->average[i];
	if (!(average > 0))
		average = 1;
	d->norm = w->k1 * (1 - w->b + w->b * len / average);
}

static bool rank_query_token(void *self, const struct token *t)
{
	struct rank_query *q = self;
	struct rank *r = q->rank;
	const struct map_entry *e = map_get(&r->numbers, t->text);
	size_t n = q->count;

	if (t->flags & TOKEN_BESIDE)
		return true;
	q->terms = memory_room(q->terms, n, &q->room, sizeof(*q->terms));
	q->positions = memory_room(q->positions, n, &q->position_room,
	                           sizeof(*q->positions));
	q->terms[n] = e && r->terms[e->number].in_query ? e->number : NO_TERM;
	q->positions[n] = t->position;
	q->count++;
	return q->count < 4 * LIMIT_QUERY_TERMS;
}

/* How close a and b stand to each other, summed over the passage. */
static double pair_closeness(const struct rank_doc *d, uint32_t a, uint32_t b)
{
	int64_t last_a = INT64_MIN / 2, last_b = INT64_MIN / 2;
	double sum = 0;
	size_t i;

	for (i = 0; i < d->count; i++) {
		const struct rank_token *t = &d->tokens[i];
		int64_t at = t->position;

		if (t->term == b) {
			last_b = at;
			if (at > last_a && at - last_a <= PAIR_REACH)
				sum += t->weight /
				       (double)((at - last_a) * (at - last_a));
		} else if (t->term == a) {
			last_a = at;
			if (at > last_b && at - last_b <= PAIR_REACH)
				sum += t->weight / 2 /
				       (double)((at - last_b) * (at - last_b));
		}
	}
	return sum;
}

static void rank_pair(struct rank *r, uint32_t a, uint32_t b)
{
	double idf = fmin(r->terms[a].idf, r->terms[b].idf);
	size_t i;

	for (i = 0; i < r->count; i++) {
		struct rank_doc *d = &r->docs[i];
		double close = pair_closeness(d, a, b);

		if (close > 0)
			d->item.hit.rank += proximity_weight * idf * close /
			                    (close + d->norm);
	}
}

/* True when the query has neighbours at all. */
static bool rank_proximity(struct rank *r)
{
	struct rank_query q = { .rank = r };
	bool any = false;
	size_t i;

	analyzer_run(r->q->analyzer, r->q->query, rank_query_token, &q);
	for (i = 1; i < q.count; i++) {
		int64_t a = q.terms[i - 1], b = q.terms[i];

		if (a == NO_TERM || b == NO_TERM || a == b ||
		    q.positions[i] - q.positions[i - 1] > PAIR_REACH)
			continue;
		rank_pair(r, (uint32_t)a, (uint32_t)b);
		any = true;
	}
	free(q.terms);
	free(q.positions);
	return any;
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

/* Sums the weighted frequency of each term of `d` into its `sum`. */
static void doc_sum(struct rank *r, const struct rank_doc *d)
{
	size_t i;

	for (i = 0; i < d->count; i++)
		r->terms[d->tokens[i].term].sum += d->tokens[i].weight;
}

static void doc_clear(struct rank *r, const struct rank_doc *d)
{
	size_t i;

	for (i = 0; i < d->count; i++)
		r->terms[d->tokens[i].term].sum = 0;
}

static void feedback_gather(struct rank *r, size_t passages)
{
	size_t i, j;

	for (i = 0; i < passages; i++) {
		struct rank_doc *d = &r->docs[i];

		doc_sum(r, d);
		for (j = 0; j < d->count; j++) {
			struct rank_term *t = &r->terms[d->tokens[j].term];

			if (t->sum > 0) {
				t->weight += t->sum / (t->sum + d->norm) /
				             (double)passages;
				t->seen++;
			}
			t->sum = 0;
		}
	}
}

struct feedback {
	uint32_t term;
	double worth;
	struct slice text;
};

static int feedback_order(const void *a, const void *b)
{
	const struct feedback *x = a, *y = b;

	if (x->worth != y->worth)
		return x->worth > y->worth ? -1 : 1;
	return slice_cmp(x->text, y->text);
}

/* The terms that mark the feedback passages; others get weight 0. */
static bool feedback_choose(struct rank *r, struct fault *f)
{
	struct feedback *terms = memory_new(r->numbers.count, sizeof(*terms));
	double n = (double)r->q->found->passages;
	size_t i, count = 0;
	bool done = true;

	for (i = 0; done && i < r->numbers.count; i++) {
		struct rank_term *t = &r->terms[i];
		struct slice text = r->numbers.entries[i].key;
		uint64_t df;

		if (t->in_query || t->seen < 2)
			continue;
		done = search_frequency(r->q->index, r->q->reader, text, &df,
		                        f);
		if (!done)
			break;
		t->idf = log(1 + (n - (double)df + 0.5) / ((double)df + 0.5));
		terms[count++] = (struct feedback){
			.term = (uint32_t)i,
			.worth = t->weight * t->idf,
			.text = text,
		};
	}
	qsort(terms, count, sizeof(*terms), feedback_order);
	for (i = 0; i < r->numbers.count; i++)
		r->terms[i].seen = 0;
	for (i = 0; i < count && i < FEEDBACK_TERMS; i++)
		r->terms[terms[i].term].seen = 1;
	free(terms);
	return done;
}

static void feedback_score(struct rank *r, struct rank_doc *d)
{
	double score = 0;
	size_t i;

	doc_sum(r, d);
	for (i = 0; i < d->count; i++) {
		struct rank_term *t = &r->terms[d->tokens[i].term];

		if (t->seen && t->sum > 0)
			score += t->weight * t->idf * t->sum /
			         (t->sum + d->norm);
		t->sum = 0;
	}
	d->item.hit.rank += feedback_weight * score;
}

static bool rank_feedback(struct rank *r, struct fault *f)
{
	size_t i, passages = r->count < FEEDBACK_PASSAGES ? r->count
	                                                  : FEEDBACK_PASSAGES;

	for (i = 0; i < r->count; i++)
		doc_clear(r, &r->docs[i]);
	feedback_gather(r, passages);
	if (!feedback_choose(r, f))
		return false;
	for (i = 0; i < r->count; i++)
		feedback_score(r, &r->docs[i]);
	return true;
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
		uint32_t run[3] = { d->tokens[i].term, d->tokens[i + 1].term,
			            d->tokens[i + 2].term };

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
		            .numbers = MAP_INIT,
		            .docs = memory_new(count, sizeof(*r->docs)),
		            .count = count };
	for (i = 0; i < q->found->term_count; i++) {
		uint32_t n = rank_term(r, q->found->terms[i]);

		r->terms[n].in_query = true;
		r->terms[n].idf = q->found->idf[i];
	}
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
		free(r->docs[i].shingles);
	}
	free(r->docs);
	free(r->terms);
	map_release(&r->numbers);
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
