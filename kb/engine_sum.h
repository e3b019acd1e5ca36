#ifndef KB_ENGINE_SUM_H
#define KB_ENGINE_SUM_H

#include "kb/engine_decode.h"

/*
 * Part of engine_body.h: upper bounds of all octets of a window, as 16-bit
 * sums. A dense list adds its maxima; of another list every posting is
 * bounded, and an octet gets the largest of its postings, once.
 */

enum { SCRATCH_MARGIN = 32, FEW_POSTINGS = 1024, MANY_POSTINGS = 512 };

static inline uint16_t scaled(double bound, double scale)
{
	return (uint16_t)(bound * scale + 1.01);
}

/* A bound on each posting of the window. */
static inline void sparse_bounds(const struct engine_run *r,
                                 const struct engine_term *t, uint16_t *out)
{
	const unsigned char *classes =
	        r->segment->at + r->segment->parts[SECTION_CLASSES].offset;
	const uint32_t *docs = t->docs + t->from;
	const unsigned char *codes = t->codes + t->from;
	const float scale = (float)(t->idf * r->scale);
	uint32_t n = t->to - t->from, i;
	uint16_t table[CODES * NORM_CLASSES];

	if (n < MANY_POSTINGS) {
		for (i = 0; i < n; i++)
			out[i] = (uint16_t)(r->bounds[codes[i] * NORM_CLASSES +
			                              classes[docs[i]] %
			                                      NORM_CLASSES] *
			                            scale +
			                    1.01F);
		return;
	}
	for (i = 0; i < CODES * NORM_CLASSES; i++)
		table[i] = (uint16_t)(r->bounds[i] * scale + 1.01F);
	for (i = 0; i < n; i++)
		out[i] = table[codes[i] * NORM_CLASSES +
		               classes[docs[i]] % NORM_CLASSES];
}

/* Escapes say more than that they are escapes. */
static inline void escape_bounds(const struct engine_run *r,
                                 const struct engine_term *t, uint16_t *out)
{
	size_t i;

	for (i = 0; i < t->escape_count; i++) {
		const struct engine_escape *e = &t->slot->escapes[i];
		double k = 0, tf;

		if (e->at < t->from || e->at >= t->to)
			continue;
		tf = weights_frequency(&r->weights, e->tuple.tf,
		                       PASSAGE_QUESTION);
		if (!r->kinds_differ)
			k = weights_norm(&r->weights, 0, r->average);
		if (tf > 0 && !r->kinds_differ)
			out[e->at - t->from] = scaled(
			        t->idf * (tf / (tf + k)) * 1.000001, r->scale);
	}
}

/* Only passages that are allowed count towards an octet's bound. */
static inline void filter_bounds(const struct engine_run *r,
                                 const struct engine_term *t, uint16_t *out)
{
	const uint32_t *docs = t->docs + t->from;
	uint32_t n = t->to - t->from, i;

	for (i = 0; i < n; i++) {
		uint64_t word = r->allowed[docs[i] / 64] >> docs[i] % 64;

		out[i] &= (uint16_t) - (uint16_t)(word & 1);
	}
}

/* Where to find the postings of an octet when it is scored. */
static inline void note_last(const struct engine_run *r,
                             const struct engine_term *t)
{
	const uint32_t *docs = t->docs + t->from;
	uint32_t n = t->to - t->from, i;

	memset(t->last, 0,
	       sizeof(*t->last) * ((size_t)(r->high - r->low) / 64 + 1));
	for (i = 0; i < n; i++)
		t->last[(docs[i] - r->low) / 64] = (uint16_t)(i + 1);
}

/* One posting after the other: for lists with few in a window. */
static inline void scatter_few(uint16_t *sums, const uint16_t *octets,
                               const uint16_t *bounds, uint32_t n)
{
	uint32_t i, octet = UINT32_MAX;
	uint16_t most = 0;

	for (i = 0; i < n; i++) {
		if (octets[i] != octet) {
			octet = octets[i];
			most = bounds[i];
			sums[octet] = (uint16_t)(sums[octet] + most);
		} else if (bounds[i] > most) {
			sums[octet] =
			        (uint16_t)(sums[octet] + bounds[i] - most);
			most = bounds[i];
		}
	}
}

/* to[i] = the larger of from[i] and, in the same octet, from[i - step]. */
static inline __attribute__((always_inline)) void max_before(
        uint16_t *restrict to, const uint16_t *restrict from,
        const uint16_t *restrict octets, uint32_t n, const int step)
{
	uint32_t i;

	for (i = 0; i < n; i++) {
		const uint16_t *x = from + i, *o = octets + i;
		uint16_t same = (uint16_t) - (uint16_t)(*o == o[-step]);
		uint16_t y = (uint16_t)(x[-step] & same);

		to[i] = *x > y ? *x : y;
	}
}

/*
 * The running maximum within each octet in three steps of doubling reach (an
 * octet has at most eight postings), then only what each adds to the one
 * before it: vectors all the way but for the last loop.
 */
static inline void scatter_many(uint16_t *sums, uint16_t *octets,
                                uint16_t *bounds, uint16_t *other, uint32_t n)
{
	uint32_t i;
	int j;

	for (j = 1; j <= OCTET; j++) {
		octets[-j] = (uint16_t)~octets[0];
		bounds[-j] = other[-j] = 0;
	}
	max_before(other, bounds, octets, n, 1);
	max_before(bounds, other, octets, n, 2);
	max_before(other, bounds, octets, n, 4);
	for (i = 0; i < n; i++) {
		const uint16_t *o = octets + i, *x = other + i;
		uint16_t same = (uint16_t) - (uint16_t)(*o == o[-1]);

		bounds[i] = (uint16_t)(*x - (x[-1] & same));
	}
	for (i = 0; i < n; i++)
		sums[octets[i]] = (uint16_t)(sums[octets[i]] + bounds[i]);
}

static inline void sum_sparse(const struct engine_run *r, struct engine_term *t)
{
	struct engine_memory *m = r->memory;
	uint16_t *octets = m->scratch[0] + SCRATCH_MARGIN;
	uint16_t *bounds = m->scratch[1] + SCRATCH_MARGIN;
	uint16_t *other = m->scratch[2] + SCRATCH_MARGIN;
	const uint32_t *docs = t->docs + t->from;
	uint32_t n = t->to - t->from, i;

	note_last(r, t);
	if (!n)
		return;
	sparse_bounds(r, t, bounds);
	escape_bounds(r, t, bounds);
	if (r->allowed)
		filter_bounds(r, t, bounds);
	for (i = 0; i < n; i++)
		octets[i] = (uint16_t)((docs[i] - r->low) / OCTET);
	if (n < FEW_POSTINGS)
		scatter_few(m->bounds, octets, bounds, n);
	else
		scatter_many(m->bounds, octets, bounds, other, n);
}

static inline void sum_dense(const struct engine_run *r, size_t groups)
{
	struct level_table tables[LIMIT_QUERY_TERMS];
	size_t i;

	for (i = 0; i < r->dense_count; i++) {
		const struct engine_term *t = r->dense[i];

		level_table_make(&tables[i],
		                 t->list + t->parts.maxima +
		                         (size_t)r->low / DENSE_STEP *
		                                 MAXIMA_STEP,
		                 t->level, t->base, t->slope);
	}
	for (i = 0; i < groups; i++)
		sum_levels(r->memory->bounds + OCTETS_GROUP * i, i, tables,
		           r->dense_count);
}

/* Octets without an allowed passage have no bound. */
static inline void sum_filter(const struct engine_run *r)
{
	uint32_t first = r->low / 64, i, j;
	uint32_t words = (r->high - r->low + 63) / 64;

	for (i = 0; i < words; i++) {
		uint64_t word = r->allowed[first + i];
		uint16_t *sums = r->memory->bounds + 8 * (size_t)i;

		for (j = 0; j < 8; j++)
			sums[j] &= (uint16_t) -
			           (uint16_t)((word >> 8 * j & 255) != 0);
	}
}

/* The highest of each group, its prior included. */
static inline void sum_groups(const struct engine_run *r, size_t groups)
{
	struct engine_memory *m = r->memory;
	size_t i;

	for (i = 0; i < groups; i++) {
		uint32_t most = most_of_64(m->bounds + OCTETS_GROUP * i);

		m->priors[i] = 0;
		if (most && r->most_prior > 0)
			m->priors[i] = scaled(
			        engine_prior_group(
			                r, (uint32_t)(r->low / DENSE_STEP + i)),
			        r->scale);
		m->groups[i] = (uint16_t)(most ? most + m->priors[i] : 0);
	}
}

#endif
