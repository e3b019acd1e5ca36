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

enum { RUNS_LEAST = 12, FOLD_LEAST = 1 << 14 };

static const double duplicate_share = 0.8;
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
                          const struct rank_doc *b, bool *same, struct fault *f)
{
	uint64_t *one = NULL, *other = NULL;
	size_t n = 0, m = 0;
	bool done = exact_runs(r, a, &one, &n, f) &&
	            exact_runs(r, b, &other, &m, f);

	if (done)
		*same = alike(n, m, common_keys(one, n, other, m),
		              duplicate_share);
	free(one);
	free(other);
	return done;
}

/* The first of those that stay that order[doc] repeats, or `doc` itself. */
static bool fold_find(struct fold *w, const bool *stays, uint32_t doc,
                      uint32_t *out, struct fault *f)
{
	struct ranker *r = w->r;
	uint32_t i;
	bool same;

	for (i = 0; i < doc; i++) {
		same = stays[i] &&
		       alike(w->distinct[i], w->distinct[doc], w->common[i],
		             w->prints ? print_share : duplicate_share);
		if (same && w->prints &&
		    !exactly_alike(r, r->order[i], r->order[doc], &same, f))
			return false;
		if (same)
			break;
	}
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
			r->order[like]->item.similar++;
	}
	for (i = 0; i < r->count; i++)
		if (stays[i])
			r->order[kept++] = r->order[i];
	r->count = kept;
	return true;
}
