/*
 * One table leads from each run to the better passages that have it, so that
 * looking up a passage's runs counts what it has in common with each of them. Within a vocabulary a run is three numbers. Where there are several,
 * numbers mean nothing across them: then a run is the three terms' prints
 * (forward.h), and what looks the same is compared again by the terms.
 */

#include "kb/rank_fold.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"

enum { RUNS_LEAST = 12, FOLD_LEAST = 1 << 14, TITLE_MOST = 64 };

static const double duplicate_share = 0.8;
/* When each title has a term of its own: a template makes such passages. */
static const double template_share = 0.95;
/* Of prints, a few of which are the same by accident. */
static const double print_share = 0.75;

/*
 * What the table has for a run: 24 bits of its hash beside those that led to
 * the slot, a mark of this query in the lowest eight; the last passage with it
 * in the lowest DOC_BITS, above them where those before are. Eight bytes, since
 * time goes into waiting for the table. Two runs are taken for one once in a
 * thousand queries; a fold takes hundreds to be the same.
 */
struct fold_slot {
	uint32_t tag, docs;
};

/* A passage before, and where those before it are: a number + 1, or 0. */
struct fold_other {
	uint32_t doc, more;
};

enum { DOC_BITS = 6, MARKS = 1 << 8 };

struct fold {
	struct ranker *r;
	bool prints;    /* runs are made of prints */
	uint32_t mark;  /* of this query */
	uint64_t *keys; /* of the passage in hand */
	uint32_t key_count;
	unsigned shift;
	size_t mask;
	struct fold_slot *slots;
	struct fold_other *others;
	uint32_t other_count;
	uint32_t distinct[RANK_DEPTH]; /* runs of each */
	uint32_t common[RANK_DEPTH];   /* with the one in hand */
};

static uint32_t body_from(const struct rank_doc *d)
{
	return d->tokens.ends[FIELD_HEADING];
}

static uint32_t body_runs(const struct rank_doc *d)
{
	uint32_t tokens = d->tokens.ends[FIELD_BODY] - body_from(d);

	return tokens < 3 ? 0 : tokens - 2;
}

/* Of three numbers, so that hardly any two are the same. */
static inline uint64_t run_key(uint64_t a, uint64_t b, uint64_t c)
{
	return a * 0x9E3779B97F4A7C15u + b * 0xC2B2AE3D27D4EB4Fu +
	       c * 0x165667B19E3779F9u;
}

/* The runs of a passage as keys, repeats included. */
static bool fold_keys(struct fold *w, const struct rank_doc *d, struct fault *f)
{
	const struct segment *s = w->r->vocabularies[d->vocabulary].segment;
	const struct forward_token *t = d->tokens.tokens + body_from(d);
	const unsigned char *prints;
	uint32_t i;

	w->key_count = body_runs(d);
	if (!w->prints) {
		for (i = 0; i < w->key_count; i++)
			w->keys[i] = run_key(t[i].number, t[i + 1].number,
			                     t[i + 2].number);
		return true;
	}
	if (!forward_prints(s, &prints, f))
		return false;
	for (i = 0; i < w->key_count; i++)
		w->keys[i] =
		        run_key(prints[t[i].number], prints[t[i + 1].number],
		                prints[t[i + 2].number]);
	return true;
}

/* Enters a run of order[doc]; false when it has it already. Counts what it
 * shares with those before. */
static bool fold_run(struct fold *w, uint64_t key, uint32_t doc)
{
	uint64_t hash = (key ^ key >> 32) * 0x9E3779B97F4A7C15u;
	uint32_t tag = ((uint32_t)(hash >> 8) & ~(MARKS - 1U)) | w->mark;
	size_t at = hash >> w->shift;
	uint32_t more, last;
	struct fold_slot *slot;

	for (;; at = (at + 1) & w->mask) {
		slot = &w->slots[at];
		if (slot->tag % MARKS != w->mark) {
			*slot = (struct fold_slot){ tag, doc };
			return true;
		}
		if (slot->tag == tag)
			break;
	}
	last = slot->docs % (1U << DOC_BITS);
	if (last == doc)
		return false;
	w->common[last]++;
	for (more = slot->docs >> DOC_BITS; more;
	     more = w->others[more - 1].more)
		w->common[w->others[more - 1].doc]++;
	w->others[w->other_count++] =
	        (struct fold_other){ last, slot->docs >> DOC_BITS };
	slot->docs = w->other_count << DOC_BITS | doc;
	return true;
}

static void fold_enter(struct fold *w, uint32_t doc)
{
	uint32_t i, n = 0;

	memset(w->common, 0, sizeof(w->common));
	for (i = 0; i < w->key_count; i++)
		n += fold_run(w, w->keys[i], doc);
	w->distinct[doc] = n;
}

static bool alike(size_t one, size_t other, size_t common, double share)
{
	return one >= RUNS_LEAST && other >= RUNS_LEAST &&
	       (double)common >= share * (double)(one + other - common);
}

static int key_order(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* The distinct runs of a passage by the terms themselves, sorted; free(). */
static bool exact_runs(struct ranker *r, const struct rank_doc *d,
                       uint64_t **out, size_t *count, struct fault *f)
{
	const struct rank_vocabulary *v = &r->vocabularies[d->vocabulary];
	const struct forward_token *t = d->tokens.tokens + body_from(d);
	uint32_t n = body_runs(d), i, df;
	uint64_t *keys = memory_new((size_t)n + 2, sizeof(*keys));
	struct slice term;

	*out = keys;
	for (i = 0; n && i < n + 2; i++) {
		if (!rank_term(r, v, t[i].number, &term, &df, f))
			return false;
		keys[i] = hash64(term);
	}
	for (i = 0; i < n; i++)
		keys[i] = run_key(keys[i], keys[i + 1], keys[i + 2]);
	if (n)
		qsort(keys, n, sizeof(*keys), key_order);
	for (*count = 0, i = 0; i < n; i++)
		if (!*count || keys[*count - 1] != keys[i])
			keys[(*count)++] = keys[i];
	return true;
}

static size_t common_keys(const uint64_t *a, size_t n, const uint64_t *b,
                          size_t m)
{
	size_t i = 0, j = 0, both = 0;

	while (i < n && j < m) {
		uint64_t x = a[i], y = b[j];

		both += x == y;
		i += x <= y;
		j += y <= x;
	}
	return both;
}

static bool exactly_alike(struct ranker *r, const struct rank_doc *a,
                          const struct rank_doc *b, double share, bool *same,
                          struct fault *f)
{
	uint64_t *one = NULL, *other = NULL;
	size_t n = 0, m = 0;
	bool done = exact_runs(r, a, &one, &n, f) &&
	            exact_runs(r, b, &other, &m, f);

	if (done)
		*same = alike(n, m, common_keys(one, n, other, m), share);
	free(one);
	free(other);
	return done;
}

/* A passage's title as hashes of its terms. */
static bool title_terms(struct ranker *r, const struct rank_doc *d,
                        uint64_t **out, uint32_t *count, struct fault *f)
{
	const struct rank_vocabulary *v = &r->vocabularies[d->vocabulary];
	const struct forward_token *t = d->tokens.tokens;
	struct slice term;
	uint32_t i, df;

	*count = d->tokens.ends[FIELD_TITLE];
	if (*count > TITLE_MOST)
		*count = TITLE_MOST;
	*out = arena_array(&r->arena, *count, sizeof(**out));
	for (i = 0; i < *count; i++) {
		if (!rank_term(r, v, t[i].number, &term, &df, f))
			return false;
		(*out)[i] = hash64(term);
	}
	return true;
}

/* Whether `a` has a term that `b` has not. */
static bool has_own(const uint64_t *a, uint32_t n, const uint64_t *b,
                    uint32_t m)
{
	uint32_t i, j;

	for (i = 0; i < n; i++) {
		for (j = 0; j < m && a[i] != b[j]; j++)
			;
		if (j == m)
			return true;
	}
	return false;
}

static bool titles_part(struct ranker *r, const struct rank_doc *a,
                        const struct rank_doc *b, bool *part, struct fault *f)
{
	uint64_t *one, *other;
	uint32_t n, m;

	if (!title_terms(r, a, &one, &n, f) ||
	    !title_terms(r, b, &other, &m, f))
		return false;
	*part = has_own(one, n, other, m) && has_own(other, m, one, n);
	return true;
}

/* Whether order[doc] repeats order[i]. */
static bool fold_same(struct fold *w, uint32_t i, uint32_t doc, bool *same,
                      struct fault *f)
{
	const struct rank_doc *a = w->r->order[i], *b = w->r->order[doc];
	double share;
	bool part;

	*same = alike(w->distinct[i], w->distinct[doc], w->common[i],
	              w->prints ? print_share : duplicate_share);
	if (!*same)
		return true;
	if (!titles_part(w->r, a, b, &part, f))
		return false;
	share = part ? template_share : duplicate_share;
	if (w->prints)
		return exactly_alike(w->r, a, b, share, same, f);
	*same = alike(w->distinct[i], w->distinct[doc], w->common[i], share);
	return true;
}

/* The first of those that stay that order[doc] repeats, or `doc` itself. */
static bool fold_find(struct fold *w, const bool *stays, uint32_t doc,
                      uint32_t *out, struct fault *f)
{
	bool same = false;
	uint32_t i;

	for (i = 0; i < doc && !same; i += !same)
		if (stays[i] && !fold_same(w, i, doc, &same, f))
			return false;
	*out = i;
	return true;
}

/* Room for all runs. The table is seldom cleared: what other queries left has
 * another mark. */
static void fold_open(struct fold *w, struct ranker *r)
{
	struct rank_table_memory *m = &r->fold;
	size_t all = 0, most = 0, size = FOLD_LEAST, i;

	for (i = 0; i < r->count; i++) {
		uint32_t n = body_runs(r->order[i]);

		all += n;
		most = n > most ? n : most;
	}
	while (size < all + all / 2)
		size *= 2;
	if (m->slots < size) {
		free(m->table);
		m->table = memory_new(size, sizeof(struct fold_slot));
		m->slots = size;
		m->mark = 0;
	}
	if (++m->mark == MARKS) {
		memset(m->table, 0, m->slots * sizeof(struct fold_slot));
		m->mark = 1;
	}
	*w = (struct fold){
		.r = r,
		.prints = r->vocabulary_count > 1,
		.mark = m->mark,
		.shift = 64 - (unsigned)__builtin_ctzll(size),
		.mask = size - 1,
		.slots = m->table,
	};
	w->others = arena_array(&r->arena, all, sizeof(*w->others));
	w->keys = arena_array(&r->arena, most, sizeof(*w->keys));
}

bool rank_fold(struct ranker *r, struct fault *f)
{
	bool stays[RANK_DEPTH] = { false };
	uint32_t i, like, kept = 0;
	struct fold w;

	fold_open(&w, r);
	for (i = 0; i < r->count; i++) {
		if (!fold_keys(&w, r->order[i], f))
			return false;
		fold_enter(&w, i);
		if (!fold_find(&w, stays, i, &like, f))
			return false;
		stays[i] = like == i;
		if (!stays[i])
			r->order[like]->item.similar +=
			        1 + r->order[i]->item.similar;
	}
	for (i = 0; i < r->count; i++)
		if (stays[i])
			r->order[kept++] = r->order[i];
	r->count = kept;
	return true;
}
