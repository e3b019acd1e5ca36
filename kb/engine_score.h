#ifndef KB_ENGINE_SCORE_H
#define KB_ENGINE_SCORE_H

#include "kb/engine_sum.h"

/*
 * Part of engine_body.h: the exact scores of the eight passages of an octet.
 * The postings of lists that are not dense come first; dense lists follow,
 * heaviest first, as long as a passage can still get among the best.
 */
struct octet {
	uint32_t number, first; /* its first passage */
	unsigned allowed;       /* a bit for each passage */
	uint64_t kinds;         /* 16 times the kind of each, a byte each */
	double sum[OCTET], norm[OCTET];
};

/* Eight numbers of a column. */
static inline void column_eight(const struct segment *s, enum section kind,
                                uint32_t first, double out[OCTET])
{
	const struct part *p = &s->parts[kind];
	const unsigned char *at = s->at + p->offset + (size_t)first * p->width;
	uint16_t two[OCTET];
	int i;

	switch (p->width) {
	case 0:
		for (i = 0; i < OCTET; i++)
			out[i] = (double)(uint32_t)p->base;
		return;
	case 1:
		for (i = 0; i < OCTET; i++)
			out[i] = (double)(uint32_t)(at[i] + (uint32_t)p->base);
		return;
	case 2:
		memcpy(two, at, sizeof(two));
		for (i = 0; i < OCTET; i++)
			out[i] = (double)(uint32_t)(two[i] + (uint32_t)p->base);
		return;
	default:
		for (i = 0; i < OCTET; i++)
			out[i] = (double)(uint32_t)column_get(
			        s, kind, first + (uint32_t)i);
	}
}

/* The kinds of eight passages, 16 times each. */
static inline uint64_t octet_kinds(const struct engine_run *r, uint32_t first)
{
	uint64_t kinds = 0;
	int i;

	if (!r->kinds_differ)
		return 0;
	for (i = 0; i < OCTET; i++) {
		uint64_t kind = column_get(r->segment, SECTION_KIND,
		                           first + (uint32_t)i);

		kinds |= (kind % PASSAGE_KINDS) * CODES << 8 * i;
	}
	return kinds;
}

/* K of eight passages, as kb/search.h defines it. */
static inline void octet_norms(const struct engine_run *r, struct octet *o)
{
	const struct index_weights *w = &r->weights;
	double length[OCTET] = { 0 }, field[OCTET];
	int i, f;

	for (f = 0; f < FIELD_BODY; f++) {
		double weight = w->field[f];
		const struct part *p = &r->segment->parts[SECTION_LENGTH + f];

		if (!p->width && !p->base)
			continue;
		column_eight(r->segment, (enum section)(SECTION_LENGTH + f),
		             o->first, field);
		for (i = 0; i < OCTET; i++)
			length[i] += weight * field[i];
	}
	column_eight(r->segment, (enum section)(SECTION_LENGTH + FIELD_BODY),
	             o->first, field);
	for (i = 0; i < OCTET; i++) {
		unsigned kind = (unsigned)(o->kinds >> 8 * i & 255) / CODES;

		length[i] +=
		        weights_body(w, (enum passage_kind)kind) * field[i];
	}
	for (i = 0; i < OCTET; i++)
		o->norm[i] = weights_norm(w, length[i], r->average);
}

/* The passages of an octet that may be found. */
static inline unsigned octet_allowed(const struct engine_run *r, uint32_t first)
{
	uint32_t left = r->segment->count - first;
	unsigned mask = left < OCTET ? (1U << left) - 1 : 255;

	if (r->allowed)
		mask &= (unsigned)(r->allowed[first / 64] >> first % 64) & 255;
	else if (r->segment->over.dead)
		mask &= ~(unsigned)r->segment->over.dead[first / OCTET];
	return mask & 255;
}

static inline double posting_tf(const struct engine_run *r,
                                const struct engine_term *t, uint32_t at,
                                unsigned kind)
{
	unsigned code = t->codes[at];

	if (code)
		return r->tf[kind * CODES + code];
	return weights_frequency(&r->weights, escape_tuple(t, at)->tf,
	                         (enum passage_kind)kind);
}

static inline void octet_sparse(const struct engine_run *r, struct octet *o)
{
	size_t i;

	for (i = 0; i < r->sparse_count; i++) {
		const struct engine_term *t = r->sparse[i];
		uint32_t at = t->last[(o->first - r->low) / 64];
		const uint32_t *docs = t->docs + t->from;

		while (at && docs[at - 1] >= o->first + OCTET)
			at--;
		for (; at && docs[at - 1] >= o->first; at--) {
			uint32_t lane = docs[at - 1] - o->first;
			unsigned kind =
			        (unsigned)(o->kinds >> 8 * lane & 255) / CODES;
			double tf = posting_tf(r, t, t->from + at - 1, kind);

			if (tf > 0)
				o->sum[lane] += rounded(
				        t->idf * (tf / (tf + o->norm[lane])));
		}
	}
}

/* Postings of a dense list before an octet. */
static inline uint32_t dense_rank(const struct engine_term *t, uint32_t octet)
{
	const unsigned char *bits = t->list + t->parts.bits + (octet & ~31U);
	uint32_t rank =
	        load32(t->list + t->parts.ranks + 4 * (size_t)(octet / 32));
	unsigned left = octet % 32;

	for (; left >= 8; left -= 8, bits += 8)
		rank += (uint32_t)__builtin_popcountll(load64(bits));
	if (left)
		rank += (uint32_t)__builtin_popcountll(
		        load64(bits) & ((UINT64_C(1) << 8 * left) - 1));
	return rank;
}

/* How many of the first `count` of 128 codes are escapes. */
static inline unsigned count_escapes(const unsigned char *codes, unsigned count)
{
	const uint64_t low = UINT64_C(0x1111111111111111);
	unsigned n = 0;

	for (;; codes += 8, count -= 16) {
		uint64_t x = load64(codes);

		x = ~(x | x >> 1 | x >> 2 | x >> 3) & low;
		if (count < 16)
			return n +
			       (unsigned)__builtin_popcountll(
			               x & ((UINT64_C(1) << 4 * count) - 1));
		n += (unsigned)__builtin_popcountll(x);
	}
}

/* The tuple of a dense list's posting that has no code. */
static inline bool dense_escape(const struct engine_term *t, uint32_t nth,
                                struct tuple *out)
{
	const unsigned char *codes =
	        t->list + t->parts.codes + NIBBLES * (size_t)(nth / BLOCK);
	const unsigned char *at = t->list + t->parts.escapes;
	unsigned before = count_escapes(codes, nth % BLOCK);
	uint32_t offset =
	        load32(t->list + t->parts.offsets + 4 * (size_t)(nth / BLOCK));

	if (offset >= (size_t)(t->end - at))
		return false;
	at += offset;
	while (before--)
		if (!tuple_get(&at, t->end, out))
			return false;
	return tuple_get(&at, t->end, out);
}

/* Adds the passages that have no code, which the lanes leave out. */
static inline bool octet_escapes(const struct engine_run *r, struct octet *o,
                                 const struct engine_term *t, uint32_t rank,
                                 unsigned present, uint64_t escapes)
{
	for (; escapes; escapes &= escapes - 1) {
		unsigned lane = (unsigned)__builtin_ctzll(escapes) / 8;
		unsigned before = present & ((1U << lane) - 1);
		unsigned kind = (unsigned)(o->kinds >> 8 * lane & 255) / CODES;
		struct tuple tuple;
		double tf;

		if (!dense_escape(t,
		                  rank + (uint32_t)__builtin_popcount(before),
		                  &tuple))
			return false;
		tf = weights_frequency(&r->weights, tuple.tf,
		                       (enum passage_kind)kind);
		if (tf > 0)
			o->sum[lane] +=
			        rounded(t->idf * (tf / (tf + o->norm[lane])));
	}
	return true;
}

/* Adds a dense list. */
static inline bool octet_dense(const struct engine_run *r, struct octet *o,
                               const struct engine_term *t)
{
	const uint64_t low = UINT64_C(0x0101010101010101);
	unsigned present = t->list[t->parts.bits + o->number];
	uint32_t rank;
	uint64_t codes, spread, coded;

	if (!(present & o->allowed))
		return true;
	rank = dense_rank(t, o->number);
	if (rank > t->df)
		return false;
	spread = spread_bits(present);
	codes = load64(t->list + t->parts.codes + rank / 2);
	codes = spread_nibbles(codes >> 4 * (rank % 2), spread);
	coded = (codes | codes >> 1 | codes >> 2 | codes >> 3) & low;
	if (r->tf_unit > 0)
		add_lanes_straight(o->sum, o->norm, t->idf, r->tf_unit, codes);
	else
		add_lanes(o->sum, o->norm, t->idf, r->tf, codes, o->kinds);
	return coded == spread ||
	       octet_escapes(r, o, t, rank, present, spread & ~coded);
}

/* Dense lists while a passage may still get to `goal`; *in: those that may have
 * got there. */
static inline bool octet_dense_all(const struct engine_run *r, struct octet *o,
                                   double goal, unsigned *in)
{
	const double unit = 1 / r->scale;
	uint32_t left = 1, bound[LIMIT_QUERY_TERMS];
	size_t i;

	for (i = 0; i < r->dense_count; i++) {
		const struct engine_term *t = r->dense[i];

		bound[i] = t->level[dense_level(t->list + t->parts.maxima,
		                                o->number)];
		left += bound[i];
	}
	for (i = 0;; i++) {
		*in = lanes_at_least(o->sum, goal - left * unit);
		if (!*in || i == r->dense_count)
			return true;
		if (!bound[i])
			continue;
		left -= bound[i];
		if (!octet_dense(r, o, r->dense[i]))
			return false;
	}
}

static inline bool octet_offer(struct engine_run *r, const struct octet *o,
                               unsigned left, struct fault *f)
{
	for (; left; left &= left - 1) {
		unsigned lane = (unsigned)__builtin_ctz(left);
		uint32_t doc = o->first + lane;
		double score = o->sum[lane];

		if (!(score > 0))
			continue;
		if (r->most_prior > 0) {
			uint64_t kind =
			        column_get(r->segment, SECTION_KIND, doc);

			score += engine_prior(
			        r, segment_score(r->segment, doc),
			        (enum passage_kind)(kind % PASSAGE_KINDS));
		}
		if (score >= best_least(r->best) &&
		    !best_offer(r->best, score, r->number, doc, f))
			return false;
	}
	return true;
}

/* False with r->damaged, or with a fault. */
static inline bool octet_score(struct engine_run *r, uint32_t number,
                               struct fault *f)
{
	struct octet o = { .number = number, .first = number * OCTET };
	double prior = 0;
	unsigned in;
	int i;

	o.allowed = octet_allowed(r, o.first);
	if (!o.allowed)
		return true;
	r->octets++;
	if (r->most_prior > 0)
		prior = engine_prior_octet(r, number);
	o.kinds = octet_kinds(r, o.first);
	octet_norms(r, &o);
	for (i = 0; i < OCTET; i++)
		o.sum[i] = o.allowed >> i & 1 ? 0 : -1e6;
	octet_sparse(r, &o);
	if (!octet_dense_all(r, &o, best_least(r->best) - prior, &in)) {
		r->damaged = true;
		return false;
	}
	return octet_offer(r, &o, in & o.allowed, f);
}

#endif
