/*
 * Stage 2.
 *
 * Proximity is the pair score of Rasolofo and Savoy (2003): for neighbours
 * a b of the query, each b at distance d <= PAIR_REACH behind an a adds 1/d^2
 * (half of it in the other order); the sum saturates like a term frequency
 * and is weighed by the smaller idf of the two. Feedback is a small
 * Rocchio step with BM25 weights: the terms that rank_marks() takes from the
 * first FEEDBACK_PASSAGES score all candidates.
 */

#include "kb/rank.h"

#include <math.h>
#include <stdlib.h>

#include "kb/rank_doc.h"
#include "kb/rank_fold.h"
#include "kb/rank_mark.h"

enum {
	PAIR_REACH = 5,        /* positions between two neighbours */
	FEEDBACK_PASSAGES = 5, /* the first ones, taken as good */
};

static const double proximity_weight = 0.4;
static const double feedback_weight = 0.05;

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

/* The query's own tokens, one a position. */
struct rank_pairs {
	struct ranker *ranker;
	const struct search_result *found;
	size_t pick; /* of the token before */
	uint32_t position;
	size_t tokens;
	bool any;
};

static void rank_pair(struct rank_pairs *p, size_t a, size_t b)
{
	double idf = fmin(p->found->idf[a], p->found->idf[b]);
	size_t i;

	for (i = 0; i < p->ranker->count; i++) {
		struct rank_doc *d = &p->ranker->docs[i];
		double close = pair_closeness(d, (uint32_t)a, (uint32_t)b);

		if (close > 0)
			d->item.hit.rank += proximity_weight * idf * close /
			                    (close + d->norm);
	}
}

/* Which of the query's terms this is, or their count. */
static size_t query_pick(const struct search_result *found, struct slice term)
{
	size_t i = 0;

	while (i < found->term_count && !slice_eq(found->terms[i], term))
		i++;
	return i;
}

static bool rank_query_token(void *self, const struct token *t)
{
	struct rank_pairs *p = self;
	size_t pick, none = p->found->term_count;

	if (t->flags & TOKEN_BESIDE)
		return true;
	pick = query_pick(p->found, t->text);
	if (p->tokens++ && pick < none && p->pick < none && pick != p->pick &&
	    t->position - p->position <= PAIR_REACH) {
		rank_pair(p, p->pick, pick);
		p->any = true;
	}
	p->pick = pick;
	p->position = t->position;
	return p->tokens < 4 * LIMIT_QUERY_TERMS;
}

/* True when the query has neighbours at all. */
static bool rank_proximity(struct ranker *r, const struct rank_request *q)
{
	struct rank_pairs p = { .ranker = r, .found = q->found };

	analyzer_run(q->analyzer, q->query, rank_query_token, &p);
	return p.any;
}

static int rank_order(const void *a, const void *b)
{
	const struct hit *x = &(*(struct rank_doc *const *)a)->item.hit;
	const struct hit *y = &(*(struct rank_doc *const *)b)->item.hit;

	if (x->rank != y->rank)
		return x->rank > y->rank ? -1 : 1;
	if (x->entry.post != y->entry.post)
		return x->entry.post < y->entry.post ? -1 : 1;
	return (x->entry.part > y->entry.part) -
	       (x->entry.part < y->entry.part);
}

static void rank_sort(struct ranker *r)
{
	if (r->count)
		qsort(r->order, r->count, sizeof(*r->order), rank_order);
}

static void feedback_score(struct rank_doc *d, const struct rank_table *t,
                           const struct rank_picks *p,
                           const struct index_weights *w)
{
	double sums[PICKS_MOST + 1] = { 0 }, score = 0;
	const struct forward_token *tokens = d->tokens.tokens;
	uint32_t i = 0;
	int field;
	size_t j;

	for (field = 0; field < FIELD_COUNT; field++) {
		double weight = (double)(float)rank_weight(w, d, field);

		for (; i < d->tokens.ends[field]; i++)
			sums[rank_pick(t, tokens[i].number)] += weight;
	}
	for (j = 0; j < p->count; j++)
		if (sums[j] > 0)
			score += p->weights[j] * sums[j] / (sums[j] + d->norm);
	d->item.hit.rank += feedback_weight * score;
}

static bool rank_feedback(struct ranker *r, const struct rank_request *q,
                          struct fault *f)
{
	size_t i, passages = r->count < FEEDBACK_PASSAGES ? r->count
	                                                  : FEEDBACK_PASSAGES;
	const struct index_weights *w = &index_facts(q->index)->weights;
	struct rank_picks picks;

	if (!passages)
		return true;
	if (!rank_marks(r, q, passages, &picks, f) ||
	    !rank_picks_find(r, &picks, f))
		return false;
	for (i = 0; i < r->count; i++) {
		struct rank_doc *d = &r->docs[i];

		feedback_score(d, &r->vocabularies[d->vocabulary].table, &picks,
		               w);
	}
	return true;
}

bool rank_items(struct ranker *r, const struct rank_request *q,
                struct rank_item *items, size_t *count, struct buf *did,
                struct fault *f)
{
	size_t i, folded;
	bool close;

	if (!rank_docs_read(r, q, items, *count, f))
		return false;
	close = rank_proximity(r, q);
	rank_sort(r);
	if (!rank_feedback(r, q, f))
		return false;
	rank_sort(r);
	if (q->fold && !rank_fold(r, f))
		return false;
	folded = *count - r->count;
	buf_addf(did, "best %zu again by %sfeedback", *count,
	         close ? "proximity and " : "");
	if (folded)
		buf_addf(did, ", %zu near-duplicate%s folded", folded,
		         folded == 1 ? "" : "s");
	*count = r->count;
	for (i = 0; i < *count; i++)
		items[i] = r->order[i]->item;
	return true;
}
