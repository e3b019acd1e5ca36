/* Slow and simple on purpose: a clever line here would have to be judged. */

#include "tests/unit/oracle.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/memory.h"

/* What counts in this query, for this reader. */
struct view {
	const struct segment **segments;
	size_t count;
	double live; /* N */
	struct index_weights w;
	double average;
};

struct term {
	struct slice text;
	uint64_t df;
	double idf;
	size_t place; /* in the query */
};

struct terms {
	struct term *at;
	size_t count, room;
	struct arena *arena;
};

/* A passage that has a term. */
struct sum {
	double score;
};

struct hits {
	struct hit *at;
	size_t count, room;
};

static double length_sum(const struct view *v, int field)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < v->count; i++)
		sum += (double)segment_length_sum(v->segments[i],
		                                  (enum field)field);
	return sum;
}

static void view_weights(struct view *v, const struct index *x, bool plain)
{
	int i;

	v->w = index_facts(x)->weights;
	if (plain) {
		v->w = (struct index_weights){ .k1 = 1.2, .b = 0.75 };
		for (i = 0; i < PASSAGE_KINDS; i++)
			v->w.body[i] = 1;
		for (i = 0; i < FIELD_COUNT; i++)
			v->w.field[i] = 1;
	}
	for (i = 0; i < FIELD_COUNT; i++)
		v->average += plain ? length_sum(v, i)
		                    : v->w.field[i] * v->w.average[i];
	if (plain && v->live > 0)
		v->average /= v->live;
	if (!(v->average > 0))
		v->average = 1;
}

static void view_make(struct view *v, const struct index *x,
                      const struct reader *r, bool plain, struct arena *a)
{
	size_t i, count = index_segment_count(x);

	*v = (struct view){ 0 };
	v->segments = arena_array(a, count, sizeof(struct segment *));
	for (i = 0; i < count; i++) {
		const struct segment *s = index_segment(x, i);

		if (!r || !reader_may(r, segment_label(s)))
			continue;
		v->segments[v->count++] = s;
		v->live += segment_live_count(s);
	}
	view_weights(v, x, plain);
}

static bool term_seen(void *self, const struct token *t)
{
	struct terms *terms = self;
	size_t i;

	for (i = 0; i < terms->count; i++)
		if (slice_eq(terms->at[i].text, t->text))
			return true;
	terms->at = memory_room(terms->at, terms->count, &terms->room,
	                        sizeof(*terms->at));
	terms->at[terms->count] = (struct term){
		.text = arena_copy(terms->arena, t->text),
		.place = terms->count,
	};
	terms->count++;
	return true;
}

/* The live passages with a term, counted one by one. */
static bool term_count(const struct view *v, struct term *t, struct fault *f)
{
	struct posting_cursor c;
	struct posting p;
	bool more;
	size_t i;

	for (i = 0; i < v->count; i++) {
		if (!posting_open(&c, v->segments[i], t->text, &more, f))
			return false;
		while (more) {
			if (!posting_next(&c, &p, &more, f))
				return false;
			t->df += more;
		}
	}
	t->idf = log(1 +
	             (v->live - (double)t->df + 0.5) / ((double)t->df + 0.5));
	return true;
}

/* Rare ones first, ties by bytes. */
static int by_telling(const void *a, const void *b)
{
	const struct term *x = a, *y = b;

	if (x->df != y->df)
		return x->df < y->df ? -1 : 1;
	return slice_cmp(x->text, y->text);
}

static int by_place(const void *a, const void *b)
{
	const struct term *x = a, *y = b;

	return x->place < y->place ? -1 : 1;
}

/* Leaves those that count, in the query's order. */
static bool terms_choose(struct terms *terms, const struct view *v,
                         size_t *dropped, struct fault *f)
{
	size_t i, known = 0;

	for (i = 0; i < terms->count; i++) {
		if (!term_count(v, &terms->at[i], f))
			return false;
		if (terms->at[i].df)
			terms->at[known++] = terms->at[i];
	}
	terms->count = known;
	if (known)
		qsort(terms->at, known, sizeof(*terms->at), by_telling);
	if (known > LIMIT_QUERY_TERMS)
		terms->count = LIMIT_QUERY_TERMS;
	if (known)
		qsort(terms->at, terms->count, sizeof(*terms->at), by_place);
	*dropped = known - terms->count;
	return true;
}

/* Weighs counts by field, the body by the passage's kind too. */
static double weigh(const struct view *v, enum passage_kind kind,
                    const uint32_t n[FIELD_COUNT])
{
	double sum = 0;
	int i;

	for (i = 0; i < FIELD_BODY; i++)
		sum += v->w.field[i] * n[i];
	return sum + v->w.field[FIELD_BODY] * v->w.body[kind] * n[FIELD_BODY];
}

static bool sum_posting(const struct view *v, const struct segment *s,
                        const struct posting *p, double idf, struct sum *sum,
                        struct fault *f)
{
	uint32_t lengths[FIELD_COUNT];
	struct entry e;
	double tf, K;

	if (!segment_entry(s, p->doc, &e, f) ||
	    !segment_lengths(s, p->doc, lengths, f))
		return false;
	tf = weigh(v, e.kind, p->tf);
	K = v->w.k1 *
	    (1 - v->w.b + v->w.b * weigh(v, e.kind, lengths) / v->average);
	/* To the nearest multiple of 2^-40. */
	if (tf > 0)
		sum->score +=
		        ldexp(nearbyint(ldexp(idf * (tf / (tf + K)), 40)), -40);
	return true;
}

static bool sum_term(const struct view *v, const struct segment *s,
                     const struct term *t, struct sum *sums, struct fault *f)
{
	struct posting_cursor c;
	struct posting p;
	bool more;

	if (!posting_open(&c, s, t->text, &more, f))
		return false;
	while (more) {
		if (!posting_next(&c, &p, &more, f) ||
		    (more && !sum_posting(v, s, &p, t->idf, &sums[p.doc], f)))
			return false;
	}
	return true;
}

/* Whether `have` is written like the value, or like it in lower case. */
static bool name_is(struct slice have, struct slice value)
{
	size_t i;

	if (slice_eq(have, value))
		return true;
	for (i = 0; i < have.len && have.len == value.len; i++) {
		char c = value.at[i];

		if (have.at[i] != (c >= 'A' && c <= 'Z' ? c + 32 : c))
			break;
	}
	return have.len == value.len && i == have.len;
}

/* "zh-TW" is "zh". */
static bool language_is(struct slice have, struct slice value)
{
	return have.len >= value.len &&
	       !strncasecmp(have.at, value.at, value.len) &&
	       (have.len == value.len || have.at[value.len] == '-');
}

static bool score_within(int64_t score, struct slice value)
{
	char text[64], *dots;

	snprintf(text, sizeof(text), "%.*s", SLICE_ARG(value));
	dots = strstr(text, "..");
	assert(dots);
	return (dots == text || score >= strtoll(text, NULL, 10)) &&
	       (!dots[2] || score <= strtoll(dots + 2, NULL, 10));
}

static bool day_within(int64_t modified, struct slice value)
{
	size_t dots = slice_find(value, '.');
	struct slice from = slice_cut(value, 0, dots);
	struct slice to = slice_cut(value, dots + 2, value.len);
	int64_t first = INT64_MIN, last = INT64_MAX;

	if (from.len && !clock_read(from, &first))
		abort();
	if (to.len && !clock_read(to, &last))
		abort();
	if (to.len)
		last += 24 * 3600 * 1000 - 1;
	return modified != CLOCK_NONE && modified >= first && modified <= last;
}

static bool any_is(const struct segment *s, uint32_t first, uint32_t count,
                   uint32_t number(const struct segment *, uint32_t),
                   struct slice value)
{
	uint32_t i;

	for (i = 0; i < count; i++)
		if (name_is(segment_string(s, number(s, first + i)), value))
			return true;
	return false;
}

static bool filter_lets(const struct search_filter *filter,
                        const struct segment *s, uint32_t doc,
                        const struct entry *e)
{
	struct slice key = filter->key, value = filter->value;

	if (slice_eq(key, SLICE("space")))
		return name_is(segment_string(s, e->space), value);
	if (slice_eq(key, SLICE("kind")))
		return name_is(segment_string(s, e->post_kind), value);
	if (slice_eq(key, SLICE("class")))
		return name_is(segment_string(s, e->class), value);
	if (slice_eq(key, SLICE("lang")))
		return language_is(segment_string(s, e->language), value);
	if (slice_eq(key, SLICE("tag")))
		return any_is(s, e->first_tag, e->tag_count, segment_tag,
		              value);
	if (slice_eq(key, SLICE("service")))
		return any_is(s, e->first_service, e->service_count,
		              segment_service, value);
	if (slice_eq(key, SLICE("accepted")))
		return (e->kind == PASSAGE_ACCEPTED) ==
		       slice_eq(value, SLICE("yes"));
	if (slice_eq(key, SLICE("score")))
		return score_within(segment_score(s, doc), value);
	assert(slice_eq(key, SLICE("date")));
	return day_within(e->modified, value);
}

/* A passage that has a term, if the filters let it. */
static bool hit_take(const struct view *v, const struct search_query *q,
                     struct hit h, struct hits *hits, struct fault *f)
{
	double votes;
	size_t i;

	if (!segment_entry(h.segment, h.doc, &h.entry, f))
		return false;
	for (i = 0; i < q->filter_count; i++)
		if (!filter_lets(&q->filters[i], h.segment, h.doc, &h.entry))
			return true;
	h.votes = segment_score(h.segment, h.doc);
	votes = h.votes > 0 ? (double)h.votes : 0;
	h.score += v->w.votes * log(1 + votes) +
	           (h.entry.kind == PASSAGE_ACCEPTED ? v->w.accepted : 0);
	h.rank = h.score;
	hits->at = memory_room(hits->at, hits->count, &hits->room,
	                       sizeof(*hits->at));
	hits->at[hits->count++] = h;
	return true;
}

static bool hits_of(const struct view *v, const struct segment *s,
                    const struct terms *terms, const struct search_query *q,
                    struct hits *hits, struct fault *f)
{
	uint32_t doc, count = segment_count(s);
	struct sum *sums = memory_new(count, sizeof(*sums));
	bool ok = true;
	size_t i;

	for (i = 0; ok && i < terms->count; i++)
		ok = sum_term(v, s, &terms->at[i], sums, f);
	for (doc = 0; ok && doc < count; doc++)
		if (sums[doc].score > 0)
			ok = hit_take(v, q,
			              (struct hit){ .segment = s,
			                            .doc = doc,
			                            .score = sums[doc].score },
			              hits, f);
	free(sums);
	return ok;
}

static int by_rank(const void *a, const void *b)
{
	const struct hit *x = a, *y = b;

	if (x->score != y->score)
		return x->score > y->score ? -1 : 1;
	if (x->entry.post != y->entry.post)
		return x->entry.post < y->entry.post ? -1 : 1;
	return x->entry.part < y->entry.part ? -1 : 1;
}

/* Whether a better passage of the same post is among the first `count`. */
static bool post_taken(const struct hit *hits, size_t count, int64_t post)
{
	while (count)
		if (hits[--count].entry.post == post)
			return true;
	return false;
}

static void result_hits(struct search_result *out, struct hits *hits,
                        const struct search_query *q, struct arena *a)
{
	size_t i;

	if (hits->count)
		qsort(hits->at, hits->count, sizeof(*hits->at), by_rank);
	out->hits = arena_array(a, hits->count, sizeof(*out->hits));
	for (i = 0; i < hits->count && out->count < q->k; i++)
		if (!q->by_post ||
		    !post_taken(out->hits, out->count, hits->at[i].entry.post))
			out->hits[out->count++] = hits->at[i];
}

static void result_terms(struct search_result *out, const struct view *v,
                         const struct terms *terms, struct arena *a)
{
	struct slice *texts = arena_array(a, terms->count, sizeof(*texts));
	double *idf = arena_array(a, terms->count, sizeof(*idf)), sum = 0;
	size_t i;
	int field;

	for (i = 0; i < terms->count; i++) {
		texts[i] = terms->at[i].text;
		idf[i] = terms->at[i].idf;
	}
	for (field = 0; field < FIELD_COUNT; field++)
		sum += length_sum(v, field);
	out->terms = texts;
	out->idf = idf;
	out->term_count = terms->count;
	out->passages = (uint64_t)v->live;
	out->average = v->live > 0 ? (uint64_t)ceil(sum / v->live) : 0;
}

bool oracle(const struct index *x, struct analyzer *analyzer,
            const struct reader *r, const struct search_query *q,
            struct arena *a, struct search_result *out, struct fault *f)
{
	struct terms terms = { .arena = a };
	struct hits hits = { .at = NULL };
	struct view v;
	size_t i;
	bool ok;

	*out = (struct search_result){ .count = 0 };
	view_make(&v, x, r, q->plain, a);
	analyzer_run(analyzer, q->text, term_seen, &terms);
	ok = terms_choose(&terms, &v, &out->terms_dropped, f);
	for (i = 0; ok && i < v.count; i++)
		ok = hits_of(&v, v.segments[i], &terms, q, &hits, f);
	if (ok) {
		result_hits(out, &hits, q, a);
		result_terms(out, &v, &terms, a);
	}
	free(terms.at);
	free(hits.at);
	return ok;
}
