/*
 * Stage 1: exact BM25F, term at a time. Each segment that the reader may
 * enter gets an array of sums, one a passage; every posting adds to it, and
 * what was touched goes through a heap of the k best. Sums are exact because
 * each addend is a multiple of 2^-40 below 2^12: adding and taking away
 * 1.5 * 2^12 drops what is smaller (Dekker's splitting, used as a rounding).
 */

#include "kb/search.h"

#include <math.h>
#include <stdlib.h>

#include "base/limits.h"
#include "base/memory.h"
#include "kb/filter.h"
#include "kb/term_set.h"

static const double round_at = 1.5 * 4096; /* ulp 2^-40 */

struct searcher {
	uint64_t searches;
};

/* A term of the query. */
struct wanted {
	struct slice text;
	uint64_t df;
	double idf;
	size_t order; /* in the query */
};

/* What the reader may enter, and the constants of this query. */
struct scope {
	const struct segment **segments;
	size_t count;
	uint64_t passages;
	double k1, b, average, votes, accepted;
	double field[FIELD_COUNT], body[PASSAGE_KINDS];
};

/* Sums over one segment. */
struct sums {
	const struct segment *segment;
	const struct scope *scope;
	double *score, *norm;
	unsigned char *kind; /* of the passage */
	uint64_t *touched, *allowed;
};

/* The k best so far: a heap with the worst on top. */
struct best {
	struct hit *hits;
	size_t count, k;
	bool by_post;
};

static double rounded(double x)
{
	return (x + round_at) - round_at;
}

static bool wanted_token(void *self, const struct token *t)
{
	term_set_add(self, t->text);
	return true;
}

static int wanted_by_idf(const void *a, const void *b)
{
	const struct wanted *x = a, *y = b;

	if (x->df != y->df)
		return x->df < y->df ? -1 : 1;
	return slice_cmp(x->text, y->text);
}

static int wanted_by_order(const void *a, const void *b)
{
	const struct wanted *x = a, *y = b;

	return (x->order > y->order) - (x->order < y->order);
}

static void scope_weights(struct scope *c, const struct index_weights *w)
{
	size_t i;

	c->k1 = w->k1;
	c->b = w->b;
	c->votes = w->votes;
	c->accepted = w->accepted;
	for (i = 0; i < PASSAGE_KINDS; i++)
		c->body[i] = w->body[i];
	for (i = 0; i < FIELD_COUNT; i++) {
		c->field[i] = w->field[i];
		c->average += w->field[i] * w->average[i];
	}
}

static double scope_measured(const struct scope *c)
{
	double sum = 0;
	size_t i, f;

	for (i = 0; i < c->count; i++)
		for (f = 0; f < FIELD_COUNT; f++)
			sum += (double)segment_length_sum(c->segments[i],
			                                  (enum field)f);
	return c->passages ? sum / (double)c->passages : 0;
}

static void scope_plain(struct scope *c)
{
	size_t i;

	c->k1 = 1.2;
	c->b = 0.75;
	c->votes = c->accepted = 0;
	for (i = 0; i < PASSAGE_KINDS; i++)
		c->body[i] = 1;
	for (i = 0; i < FIELD_COUNT; i++)
		c->field[i] = 1;
	c->average = scope_measured(c);
}

static void scope_make(struct scope *c, const struct index *x,
                       const struct reader *r, bool plain, struct arena *a)
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
	if (plain)
		scope_plain(c);
	else
		scope_weights(c, &index_facts(x)->weights);
	if (!(c->average > 0))
		c->average = 1;
}

/* Adds the passages of one segment that have the term. */
static bool frequency_add(const struct segment *s, struct slice term,
                          uint64_t *df, struct fault *f)
{
	struct posting_cursor cursor;
	bool found;

	if (!posting_open(&cursor, s, term, &found, f))
		return false;
	if (found)
		*df += cursor.live_df;
	return true;
}

static bool scope_frequency(const struct scope *c, struct slice term,
                            uint64_t *df, struct fault *f)
{
	size_t i;

	*df = 0;
	for (i = 0; i < c->count; i++)
		if (!frequency_add(c->segments[i], term, df, f))
			return false;
	return true;
}

static double scope_idf(const struct scope *c, uint64_t df)
{
	double n = (double)c->passages, d = (double)df;

	return log(1 + (n - d + 0.5) / (d + 0.5));
}

/* Of the distinct terms those that count. *all: how many the index knows. */
static bool wanted_choose(const struct term_set *distinct,
                          const struct scope *c, struct arena *a,
                          struct wanted **out, size_t *all, struct fault *f)
{
	struct wanted *w = memory_new(distinct->count, sizeof(*w));
	size_t i, count = 0, kept;

	for (i = 0; i < distinct->count; i++) {
		w[count] = (struct wanted){ .text = term_set_at(distinct, i),
			                    .order = i };
		if (!scope_frequency(c, w[count].text, &w[count].df, f)) {
			free(w);
			return false;
		}
		count += w[count].df > 0;
	}
	kept = count < LIMIT_QUERY_TERMS ? count : LIMIT_QUERY_TERMS;
	qsort(w, count, sizeof(*w), wanted_by_idf);
	qsort(w, kept, sizeof(*w), wanted_by_order);
	*out = arena_array(a, kept, sizeof(*w));
	for (i = 0; i < kept; i++) {
		(*out)[i] = w[i];
		(*out)[i].text = arena_copy(a, w[i].text);
		(*out)[i].idf = scope_idf(c, w[i].df);
	}
	*all = count;
	free(w);
	return true;
}

static bool wanted_read(const struct search_query *q, struct analyzer *an,
                        const struct scope *c, struct arena *a,
                        struct wanted **out, size_t *all, struct fault *f)
{
	struct term_set distinct = TERM_SET_INIT;
	bool done = false;

	if (q->text.len > LIMIT_QUERY)
		return fault(f, FAULT_LIMIT, "limit-query",
		             "the query is longer than %d bytes", LIMIT_QUERY);
	analyzer_run(an, q->text, wanted_token, &distinct);
	if (distinct.count)
		done = wanted_choose(&distinct, c, a, out, all, f);
	else
		fault(f, FAULT_USAGE, "query-empty",
		      "the query has no word to look for");
	term_set_release(&distinct);
	return done;
}

/* Whether `a` stands before `b` in the result. */
static bool hit_before(const struct hit *a, const struct hit *b)
{
	if (a->score != b->score)
		return a->score > b->score;
	if (a->entry.post != b->entry.post)
		return a->entry.post < b->entry.post;
	return a->entry.part < b->entry.part;
}

static int hit_order(const void *a, const void *b)
{
	return hit_before(a, b) ? -1 : hit_before(b, a);
}

static void best_swap(struct best *t, size_t i, size_t j)
{
	struct hit h = t->hits[i];

	t->hits[i] = t->hits[j];
	t->hits[j] = h;
}

/* Puts hit `i`, which has become better, where it belongs. */
static void best_sink(struct best *t, size_t i)
{
	for (;;) {
		size_t child = 2 * i + 1;

		if (child >= t->count)
			return;
		if (child + 1 < t->count &&
		    hit_before(&t->hits[child], &t->hits[child + 1]))
			child++;
		if (!hit_before(&t->hits[i], &t->hits[child]))
			return;
		best_swap(t, i, child);
		i = child;
	}
}

static void best_rise(struct best *t, size_t i)
{
	while (i && hit_before(&t->hits[(i - 1) / 2], &t->hits[i])) {
		best_swap(t, i, (i - 1) / 2);
		i = (i - 1) / 2;
	}
}

static void best_offer(struct best *t, const struct hit *h)
{
	size_t i = t->count;

	if (t->by_post)
		for (i = 0; i < t->count; i++)
			if (t->hits[i].entry.post == h->entry.post)
				break;
	if (i == t->count && t->count < t->k) {
		t->hits[t->count++] = *h;
		best_rise(t, i);
		return;
	}
	if (i == t->count)
		i = 0;
	if (hit_before(h, &t->hits[i])) {
		t->hits[i] = *h;
		best_sink(t, i);
	}
}

static bool sums_touch(struct sums *m, uint32_t doc, struct fault *f)
{
	const struct scope *c = m->scope;
	uint32_t lengths[FIELD_COUNT];
	struct entry e;
	double len = 0, body;
	size_t i;

	if (!segment_lengths(m->segment, doc, lengths, f) ||
	    !segment_entry(m->segment, doc, &e, f))
		return false;
	m->kind[doc] = (unsigned char)e.kind;
	body = c->field[FIELD_BODY] * c->body[e.kind];
	for (i = 0; i < FIELD_BODY; i++)
		len += c->field[i] * lengths[i];
	len += body * lengths[FIELD_BODY];
	m->norm[doc] = c->k1 * (1 - c->b + c->b * len / c->average);
	m->touched[doc / 64] |= UINT64_C(1) << (doc % 64);
	return true;
}

static bool sums_posting(struct sums *m, const struct posting *p, double idf,
                         struct fault *f)
{
	const struct scope *c = m->scope;
	double tf = 0, body;
	size_t i;

	if (m->allowed && !filter_bit(m->allowed, p->doc))
		return true;
	if (!filter_bit(m->touched, p->doc) && !sums_touch(m, p->doc, f))
		return false;
	for (i = 0; i < FIELD_BODY; i++)
		tf += c->field[i] * p->tf[i];
	body = c->field[FIELD_BODY] * c->body[m->kind[p->doc]];
	tf += body * p->tf[FIELD_BODY];
	if (tf > 0)
		m->score[p->doc] +=
		        rounded(idf * (tf / (tf + m->norm[p->doc])));
	return true;
}

static bool sums_term(struct sums *m, const struct wanted *w, struct fault *f)
{
	struct posting_cursor cursor;
	struct posting p;
	bool more;

	if (!posting_open(&cursor, m->segment, w->text, &more, f))
		return false;
	while (more) {
		if (!posting_next(&cursor, &p, &more, f) ||
		    (more && !sums_posting(m, &p, w->idf, f)))
			return false;
	}
	return true;
}

static double prior(const struct scope *c, int64_t score, unsigned kind)
{
	double votes = score > 0 ? (double)score : 0;

	return c->votes * log(1 + votes) +
	       (kind == PASSAGE_ACCEPTED ? c->accepted : 0);
}

/* Offers one touched passage; its entry is read only when it may enter. */
static bool sums_offer(const struct sums *m, uint32_t doc, struct best *best,
                       struct fault *f)
{
	struct hit h = { .segment = m->segment, .doc = doc };

	h.votes = segment_score(m->segment, doc);
	h.score = m->score[doc] + prior(m->scope, h.votes, m->kind[doc]);
	h.rank = h.score;
	if (best->count == best->k && h.score < best->hits[0].score)
		return true;
	if (!segment_entry(m->segment, doc, &h.entry, f))
		return false;
	best_offer(best, &h);
	return true;
}

static bool sums_offer_all(const struct sums *m, struct best *best,
                           struct fault *f)
{
	size_t i, words = ((size_t)segment_count(m->segment) + 63) / 64;

	for (i = 0; i < words; i++) {
		uint64_t left = m->touched[i];

		for (; left; left &= left - 1) {
			unsigned bit = (unsigned)__builtin_ctzll(left);

			if (!sums_offer(m, (uint32_t)(i * 64 + bit), best, f))
				return false;
		}
	}
	return true;
}

static bool segment_search(const struct segment *s, const struct scope *c,
                           const struct filter_set *filters,
                           const struct wanted *terms, size_t count,
                           struct best *best, struct fault *f)
{
	size_t i, n = segment_count(s), words = (n + 63) / 64;
	struct sums m = {
		.segment = s,
		.scope = c,
		.score = memory_new(n, sizeof(double)),
		.norm = memory_new(n, sizeof(double)),
		.kind = memory_new(n, 1),
		.touched = memory_new(words, sizeof(uint64_t)),
	};
	bool done = true;

	if (filter_any(filters)) {
		m.allowed = memory_new(words, sizeof(uint64_t));
		done = filter_segment(filters, s, m.allowed, f);
	}
	for (i = 0; done && i < count; i++)
		done = sums_term(&m, &terms[i], f);
	done = done && sums_offer_all(&m, best, f);
	free(m.score);
	free(m.norm);
	free(m.kind);
	free(m.touched);
	free(m.allowed);
	return done;
}

static bool search_check(const struct index *x, struct analyzer *analyzer,
                         const struct search_query *q, struct fault *f)
{
	if (q->k < 1 || q->k > LIMIT_RESULTS)
		return fault(f, FAULT_USAGE, "search-k",
		             "the number of results is 1 to %d", LIMIT_RESULTS);
	if (!slice_eq(analyzer_line(analyzer), index_facts(x)->analyzer))
		return fault(f, FAULT_USAGE, "search-analyzer",
		             "the query's analyzer is not the index's");
	return true;
}

static void result_terms(struct search_result *out, const struct wanted *w,
                         size_t all, struct arena *a)
{
	size_t i, n = all < LIMIT_QUERY_TERMS ? all : LIMIT_QUERY_TERMS;
	struct slice *terms = arena_array(a, n, sizeof(*terms));
	double *idf = arena_array(a, n, sizeof(*idf));

	for (i = 0; i < n; i++) {
		terms[i] = w[i].text;
		idf[i] = w[i].idf;
	}
	out->terms = terms;
	out->idf = idf;
	out->term_count = n;
	out->terms_dropped = all - n;
}

struct searcher *searcher_new(void)
{
	return memory_new(1, sizeof(struct searcher));
}

void searcher_free(struct searcher *s)
{
	free(s);
}

bool search(struct searcher *s, const struct index *x,
            struct analyzer *analyzer, const struct reader *r,
            const struct search_query *q, struct arena *a,
            struct search_result *out, struct fault *f)
{
	const struct filter_set *filters;
	struct best best = { .k = q->k, .by_post = q->by_post };
	struct wanted *terms = NULL;
	struct scope c;
	size_t i, all = 0;

	s->searches++;
	*out = (struct search_result){ 0 };
	if (!search_check(x, analyzer, q, f) ||
	    !filter_read(q->filters, q->filter_count, a, &filters, f))
		return false;
	scope_make(&c, x, r, q->plain, a);
	if (!wanted_read(q, analyzer, &c, a, &terms, &all, f))
		return false;
	result_terms(out, terms, all, a);
	out->passages = c.passages;
	out->average = (uint64_t)ceil(scope_measured(&c));
	best.hits = arena_array(a, q->k, sizeof(*best.hits));
	for (i = 0; i < c.count; i++)
		if (!segment_search(c.segments[i], &c, filters, terms,
		                    out->term_count, &best, f))
			return false;
	if (best.count)
		qsort(best.hits, best.count, sizeof(*best.hits), hit_order);
	out->hits = best.hits;
	out->count = best.count;
	return true;
}

bool search_frequency(const struct index *x, const struct reader *r,
                      struct slice term, uint64_t *df, struct fault *f)
{
	size_t i, count = index_segment_count(x);

	*df = 0;
	for (i = 0; i < count; i++) {
		const struct segment *s = index_segment(x, i);

		if (r && reader_may(r, segment_label(s)) &&
		    !frequency_add(s, term, df, f))
			return false;
	}
	return true;
}
