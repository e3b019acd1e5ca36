/*
 * Stage 1: exact BM25F. Terms are looked up in every segment that the reader
 * may enter; then one segment after the other, the largest first, gives what
 * it has to the k best so far (engine.h), so that the small ones find a high
 * threshold.
 */

#include "kb/search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/memory.h"
#include "kb/engine.h"
#include "kb/filter.h"
#include "kb/scope.h"
#include "kb/term_set.h"

enum { HITS_AHEAD = 4 };

struct searcher {
	struct engine_memory memory;
	struct engine_run run;
	struct candidate best[LIMIT_RESULTS];
	uint64_t *allowed;
	size_t allowed_words;
};

/* A term of the query. */
struct wanted {
	struct slice text;
	uint64_t df;
	double idf;
	size_t order;         /* in the query */
	struct place *places; /* by segment of the scope; or NULL */
};

struct chosen {
	struct wanted *terms;
	size_t count, dropped;
};

struct searcher *searcher_new(void)
{
	struct searcher *s = memory_new(1, sizeof(*s));

	engine_memory_init(&s->memory);
	s->run.memory = &s->memory;
	return s;
}

void searcher_free(struct searcher *s)
{
	if (!s)
		return;
	engine_memory_release(&s->memory);
	free(s->allowed);
	free(s);
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

/* How many of the words are looked up. */
static size_t query_words(const struct term_set *distinct)
{
	return distinct->count < LIMIT_QUERY_WORDS ? distinct->count
	                                           : LIMIT_QUERY_WORDS;
}

/* Looks all terms up; those that no passage has fall out. */
static bool wanted_find(const struct term_set *distinct, const struct scope *c,
                        struct arena *a, struct wanted *w, size_t *count,
                        struct fault *f)
{
	bool keep = distinct->count <= LIMIT_QUERY_TERMS;
	size_t i, words = query_words(distinct);

	*count = 0;
	for (i = 0; i < words; i++) {
		struct wanted *one = &w[*count];

		*one = (struct wanted){ .text = term_set_at(distinct, i),
			                .order = i };
		if (keep)
			one->places =
			        arena_array(a, c->count, sizeof(*one->places));
		if (!scope_find(c, one->text, one->places, &one->df, f))
			return false;
		*count += one->df > 0;
	}
	return true;
}

/* What only the terms that count need. */
static bool wanted_keep(struct wanted *w, const struct scope *c,
                        struct arena *a, struct fault *f)
{
	w->text = arena_copy(a, w->text);
	w->idf = scope_idf(c, w->df);
	if (w->places)
		return true;
	w->places = arena_array(a, c->count, sizeof(*w->places));
	return scope_find(c, w->text, w->places, &w->df, f);
}

/* Of the distinct terms those that count. */
static bool wanted_choose(const struct term_set *distinct,
                          const struct scope *c, struct arena *a,
                          struct chosen *out, struct fault *f)
{
	struct wanted *w = memory_new(distinct->count, sizeof(*w));
	size_t i, count = 0, kept;
	bool done = wanted_find(distinct, c, a, w, &count, f);

	kept = count < LIMIT_QUERY_TERMS ? count : LIMIT_QUERY_TERMS;
	if (kept < count) {
		qsort(w, count, sizeof(*w), wanted_by_idf);
		qsort(w, kept, sizeof(*w), wanted_by_order);
	}
	out->terms = arena_array(a, kept, sizeof(*w));
	out->count = kept;
	out->dropped = count - kept + distinct->count - query_words(distinct);
	for (i = 0; done && i < kept; i++) {
		out->terms[i] = w[i];
		done = wanted_keep(&out->terms[i], c, a, f);
	}
	free(w);
	return done;
}

static bool wanted_read(const struct search_query *q, struct analyzer *an,
                        const struct scope *c, struct arena *a,
                        struct chosen *out, struct fault *f)
{
	struct term_set distinct = TERM_SET_INIT;
	bool done = false;

	if (q->text.len > LIMIT_QUERY)
		return fault(f, FAULT_LIMIT, "limit-query",
		             "the query is longer than %d bytes", LIMIT_QUERY);
	analyzer_run(an, q->text, wanted_token, &distinct);
	if (distinct.count)
		done = wanted_choose(&distinct, c, a, out, f);
	else
		fault(f, FAULT_USAGE, "query-empty",
		      "the query has no word to look for");
	term_set_release(&distinct);
	return done;
}

/* Which passages of a segment the filters let pass; NULL: all that live. */
static bool search_allowed(struct searcher *s, const struct filter_set *filters,
                           const struct segment *segment, struct fault *f)
{
	size_t words = ((size_t)segment->count + 63) / 64;

	s->run.allowed = NULL;
	if (!filter_any(filters))
		return true;
	if (words > s->allowed_words) {
		free(s->allowed);
		s->allowed = memory_new(words, sizeof(*s->allowed));
		s->allowed_words = words;
	}
	s->run.allowed = s->allowed;
	return filter_segment(filters, segment, s->allowed, f);
}

/* Opens the lists of the terms that are in segment `number`. */
static bool search_terms(struct engine_run *r, const struct chosen *c,
                         struct fault *f)
{
	size_t i;

	r->term_count = 0;
	for (i = 0; i < c->count; i++) {
		const struct place *p = &c->terms[i].places[r->number];
		struct engine_term *t = &r->terms[r->term_count];

		if (!p->df)
			continue;
		if (!engine_term_open(t, r->segment, p->postings, p->df))
			return segment_damaged(r->segment, "postings", f);
		t->idf = c->terms[i].idf;
		r->term_count++;
	}
	return true;
}

static bool search_segment(struct searcher *s, const struct scope *c,
                           size_t number, bool plain,
                           const struct filter_set *filters,
                           const struct chosen *terms, struct best *best,
                           struct fault *f)
{
	struct engine_run *r = &s->run;

	r->segment = c->segments[number];
	r->number = (uint32_t)number;
	r->weights = c->weights;
	r->average = c->average;
	r->best = best;
	if (!engine_ready(r->segment, f) || !search_terms(r, terms, f))
		return false;
	if (!r->term_count)
		return true;
	if (!search_allowed(s, filters, r->segment, f))
		return false;
	engine_start(r, plain ? WEIGHTING_PLAIN : WEIGHTING_OWN);
	return engine_path()->search(r, f) ||
	       (r->damaged && segment_damaged(r->segment, "postings", f));
}

static int by_size(const void *a, const void *b)
{
	const struct segment *const *x = a, *const *y = b;

	return ((*x)->count < (*y)->count) - ((*x)->count > (*y)->count);
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

static void result_terms(struct search_result *out, const struct chosen *c,
                         struct arena *a)
{
	struct slice *terms = arena_array(a, c->count, sizeof(*terms));
	double *idf = arena_array(a, c->count, sizeof(*idf));
	size_t i;

	for (i = 0; i < c->count; i++) {
		terms[i] = c->terms[i].text;
		idf[i] = c->terms[i].idf;
	}
	out->terms = terms;
	out->idf = idf;
	out->term_count = c->count;
	out->terms_dropped = c->dropped;
}

/* Asks for what results say of a passage: each column is another place. */
static void hit_prefetch(const struct segment *s, uint32_t doc)
{
	int i;

	for (i = SECTION_POST; i <= SECTION_FIRST_SERVICE; i++)
		if (s->parts[i].width)
			__builtin_prefetch(s->at + s->parts[i].offset +
			                   (size_t)doc * s->parts[i].width);
}

/* The candidates with all that results say. */
static bool result_hits(const struct best *best, const struct scope *c,
                        struct arena *a, struct search_result *out,
                        struct fault *f)
{
	size_t i;

	out->hits = arena_array(a, best->count, sizeof(*out->hits));
	out->count = best->count;
	for (i = 0; i < best->count && i < HITS_AHEAD; i++)
		hit_prefetch(c->segments[best->at[i].segment], best->at[i].doc);
	for (i = 0; i < best->count; i++) {
		const struct candidate *from = &best->at[i];
		struct hit *h = &out->hits[i];

		if (i + HITS_AHEAD < best->count)
			hit_prefetch(c->segments[from[HITS_AHEAD].segment],
			             from[HITS_AHEAD].doc);
		h->segment = c->segments[from->segment];
		h->doc = from->doc;
		h->score = h->rank = from->score;
		h->votes = segment_score(h->segment, h->doc);
		if (!segment_entry(h->segment, h->doc, &h->entry, f))
			return false;
	}
	return true;
}

bool search(struct searcher *s, const struct index *x,
            struct analyzer *analyzer, const struct reader *r,
            const struct search_query *q, struct arena *a,
            struct search_result *out, struct fault *f)
{
	const struct filter_set *filters;
	struct best best = { .at = s->best, .k = q->k, .by_post = q->by_post };
	struct chosen terms = { .terms = NULL };
	struct scope c;
	size_t i;

	*out = (struct search_result){ 0 };
	if (!search_check(x, analyzer, q, f) ||
	    !filter_read(q->filters, q->filter_count, a, &filters, f))
		return false;
	scope_make(&c, x, r, q->plain, a);
	qsort(c.segments, c.count, sizeof(struct segment *), by_size);
	if (!wanted_read(q, analyzer, &c, a, &terms, f))
		return false;
	result_terms(out, &terms, a);
	out->passages = c.passages;
	out->average = (uint64_t)ceil(scope_tokens(&c));
	best.segments = c.segments;
	for (i = 0; i < c.count; i++)
		if (!search_segment(s, &c, i, q->plain, filters, &terms, &best,
		                    f))
			return false;
	return best_sort(&best, f) && result_hits(&best, &c, a, out, f);
}

bool search_path(const char *name)
{
	return engine_path_set(name);
}

const char *search_path_name(size_t i)
{
	return engine_paths[i] ? engine_paths[i]->name : NULL;
}

const char *search_path_now(void)
{
	return engine_path()->name;
}

bool search_frequency(const struct index *x, const struct reader *r,
                      struct slice term, uint64_t *df, struct fault *f)
{
	struct arena a = ARENA_INIT;
	struct scope c;
	bool done;

	scope_make(&c, x, r, false, &a);
	done = scope_find(&c, term, NULL, df, f);
	arena_release(&a);
	return done;
}
