#ifndef KB_ENGINE_BODY_H
#define KB_ENGINE_BODY_H

#include "kb/engine_score.h"

/*
 * The engine itself, for whatever instruction set this is compiled: include it
 * once in a file and name the functions in a struct engine_path.
 */

/* The threshold in the units of the sums: what is under it cannot enter. */
static inline uint32_t threshold(const struct engine_run *r)
{
	double least = best_least(r->best) * r->scale - 1;

	return least > 1 ? (uint32_t)least : 1;
}

/* The bound of the k-th best group: a first guess at where to begin. */
static inline uint32_t first_cut(const struct engine_run *r, size_t groups)
{
	const uint16_t *at = r->memory->groups;
	uint32_t histogram[256] = { 0 }, least = threshold(r), cut;
	size_t sum = 0, i;
	int bin = 255;

	for (i = 0; i < groups; i++)
		histogram[at[i] >> 8]++;
	while (bin > 0 && sum + histogram[bin] < r->best->k)
		sum += histogram[bin--];
	cut = (uint32_t)bin << 8;
	return cut > least ? cut : least;
}

/* `cut` less what the prior may add, but 1: an octet without a term has none. */
static inline uint16_t less_prior(uint32_t cut, uint16_t prior)
{
	return (uint16_t)(cut > prior ? cut - prior : 1);
}

/* The octets whose bound is in [cut, top), in order. */
static inline size_t gather(const struct engine_run *r, size_t groups,
                            uint32_t cut, uint32_t top)
{
	const struct engine_memory *m = r->memory;
	size_t count = 0, i;

	for (i = 0; i < groups; i++) {
		const uint16_t *at = m->bounds + OCTETS_GROUP * i;
		uint64_t in;

		if (m->groups[i] < cut)
			continue;
		in = at_least(at, less_prior(cut, m->priors[i]));
		if (top <= UINT16_MAX)
			in &= ~at_least(at, less_prior(top, m->priors[i]));
		for (; in; in &= in - 1)
			m->candidates[count++] = (uint32_t)(OCTETS_GROUP * i) +
			                         (uint32_t)__builtin_ctzll(in);
	}
	return count;
}

/* Scoring waits for memory more than for anything else, so that what it will
 * read is asked for some octets ahead: first what is known, then the codes,
 * whose place follows from the rank. */
enum { AHEAD_FAR = 16, AHEAD_NEAR = 8, AHEAD_DENSE = 4 };

/* An octet on its way: the first dense lists that it has. */
struct upcoming {
	uint32_t octet;
	uint32_t count;
	const struct engine_term *lists[AHEAD_DENSE];
};

/* The candidates that are still worth scoring, asked for ahead. */
struct lookahead {
	struct upcoming ring[AHEAD_FAR];
	size_t next, taken, asked, given; /* of candidates; of the ring */
};

static inline void find_lists(const struct engine_run *r, struct upcoming *u)
{
	uint32_t number = r->low / OCTET + u->octet;
	size_t i;

	u->count = 0;
	for (i = 0; i < r->dense_count && u->count < AHEAD_DENSE; i++) {
		const struct engine_term *t = r->dense[i];

		if (dense_level(t->list + t->parts.maxima, number))
			u->lists[u->count++] = t;
	}
}

static inline void prefetch_far(const struct engine_run *r, struct upcoming *u)
{
	const struct segment *s = r->segment;
	const struct part *p = &s->parts[SECTION_LENGTH];
	uint32_t number = r->low / OCTET + u->octet;
	size_t i;

	for (i = 0; i < FIELD_COUNT; i++)
		if (p[i].width)
			__builtin_prefetch(s->at + p[i].offset +
			                   (size_t)number * OCTET * p[i].width);
	for (i = 0; i < r->sparse_count; i++)
		__builtin_prefetch(r->sparse[i]->last + u->octet / 8);
	find_lists(r, u);
	for (i = 0; i < u->count; i++) {
		const struct dense_parts *d = &u->lists[i]->parts;

		__builtin_prefetch(u->lists[i]->list + d->bits + number);
		__builtin_prefetch(u->lists[i]->list + d->ranks +
		                   4 * (size_t)(number / 32));
	}
}

static inline void prefetch_near(const struct engine_run *r,
                                 const struct upcoming *u)
{
	uint32_t number = r->low / OCTET + u->octet;
	size_t i;

	for (i = 0; i < u->count; i++) {
		const struct engine_term *t = u->lists[i];

		__builtin_prefetch(t->list + t->parts.codes +
		                   dense_rank(t, number) / 2);
	}
	for (i = 0; i < r->sparse_count; i++) {
		const struct engine_term *t = r->sparse[i];

		__builtin_prefetch(t->docs + t->from + t->last[u->octet / 8]);
	}
}

static inline bool worth(const struct engine_memory *m, uint32_t octet,
                         uint32_t least)
{
	return (uint32_t)m->bounds[octet] + m->priors[octet / OCTETS_GROUP] >=
	       least;
}

static inline void look_ahead(const struct engine_run *r, struct lookahead *l,
                              size_t count, uint32_t least)
{
	const struct engine_memory *m = r->memory;

	while (l->taken - l->given < AHEAD_FAR && l->next < count) {
		struct upcoming *u = &l->ring[l->taken % AHEAD_FAR];

		u->octet = m->candidates[l->next++];
		if (!worth(m, u->octet, least))
			continue;
		prefetch_far(r, u);
		l->taken++;
	}
	while (l->asked < l->taken && l->asked - l->given < AHEAD_NEAR)
		prefetch_near(r, &l->ring[l->asked++ % AHEAD_FAR]);
}

static inline bool score_candidates(struct engine_run *r, size_t count,
                                    struct fault *f)
{
	uint32_t least = threshold(r);
	struct lookahead l;

	l.next = l.taken = l.asked = l.given = 0;
	for (;;) {
		uint32_t octet;

		look_ahead(r, &l, count, least);
		if (l.given == l.taken)
			return true;
		octet = l.ring[l.given++ % AHEAD_FAR].octet;
		if (!worth(r->memory, octet, least))
			continue;
		if (!octet_score(r, r->low / OCTET + octet, f))
			return false;
		least = threshold(r);
	}
}

/*
 * Octets in bands of falling bound: the first is where the k best groups are,
 * the next two halve the way to the threshold, which rises meanwhile, the last
 * goes all the way.
 */
static inline bool score_window(struct engine_run *r, size_t groups,
                                struct fault *f)
{
	uint32_t cut = first_cut(r, groups), top = UINT16_MAX + 1, least;
	int band;

	for (band = 0;; band++) {
		if (!score_candidates(r, gather(r, groups, cut, top), f))
			return false;
		least = threshold(r);
		if (cut <= least)
			return true;
		top = cut;
		cut = band < 2 ? least + (cut - least) / 2 : least;
	}
}

/* The end of a window in which no list has too many postings. */
static inline uint32_t window_end(const struct engine_run *r)
{
	uint32_t left = r->segment->count - r->low, size = WINDOW;
	size_t i;

	for (i = 0; i < r->sparse_count && size > WINDOW_LEAST; i++)
		while (size > WINDOW_LEAST && size / 2 < left &&
		       window_postings(r->sparse[i], r->low, r->low + size) >
		               WINDOW_POSTINGS)
			size /= 2;
	return r->low + (size < left ? size : left);
}

static inline bool search_window(struct engine_run *r, struct fault *f)
{
	size_t groups =
	        ((size_t)(r->high - r->low) + DENSE_STEP - 1) / DENSE_STEP;
	size_t i;

	sum_dense(r, groups);
	for (i = 0; i < r->sparse_count; i++) {
		if (!decode_window(r->sparse[i], r->segment, r->low, r->high)) {
			r->damaged = true;
			return false;
		}
		sum_sparse(r, r->sparse[i]);
	}
	if (r->allowed)
		sum_filter(r);
	sum_groups(r, groups);
	return score_window(r, groups, f);
}

static inline bool body_search(struct engine_run *r, struct fault *f)
{
	for (r->low = 0; r->low < r->segment->count; r->low = r->high) {
		r->high = window_end(r);
		if (!search_window(r, f))
			return false;
	}
	return true;
}

/* Counts the living of a whole list, block after block. */
static inline bool body_live(const struct segment *s,
                             const struct engine_term *term,
                             const unsigned char *dead, uint32_t *out)
{
	uint32_t docs[2 * BLOCK], blocks = full_blocks(term), i, j;
	unsigned char codes[2 * BLOCK];
	struct engine_slot slot = { .docs = docs, .codes = codes };
	struct engine_term t = *term;
	bool done = true;

	*out = t.df;
	t.docs = docs;
	t.codes = codes;
	t.slot = &slot;
	for (i = 0; done && i <= blocks; i++) {
		t.count = 0;
		t.escape_count = 0;
		done = i < blocks ? decode_block(&t, i, s->count)
		                  : decode_rest(&t, s);
		for (j = 0; j < t.count; j++)
			*out -= (uint32_t)dead[docs[j] / 8] >> docs[j] % 8 & 1U;
	}
	free(slot.escapes);
	return done;
}

#endif
