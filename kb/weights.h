#ifndef KB_WEIGHTS_H
#define KB_WEIGHTS_H

#include "kb/passage.h"

/* Constants of ranking, in the manifest; changed only by a rebuild. What they
 * mean stands in kb/search.h. */
struct index_weights {
	double k1, b;
	double field[FIELD_COUNT];   /* title, tags, heading, body */
	double body[PASSAGE_KINDS];  /* multiplies field[FIELD_BODY] */
	double average[FIELD_COUNT]; /* field lengths in tokens */
	double votes, accepted;      /* of the prior; see search.h */
};

extern const struct index_weights index_weights_default;

/* Bare BM25: all weights 1, k1 1.2, b 0.75, no prior. */
extern const struct index_weights index_weights_plain;

/* Of the body of a passage of one kind. */
static inline double weights_body(const struct index_weights *w,
                                  enum passage_kind kind)
{
	return w->field[FIELD_BODY] * w->body[kind];
}

/* The weighted length of a passage, in the order that scores are defined. */
static inline double weights_length(const struct index_weights *w,
                                    const uint32_t lengths[FIELD_COUNT],
                                    enum passage_kind kind)
{
	double sum = 0;
	int i;

	for (i = 0; i < FIELD_BODY; i++)
		sum += w->field[i] * lengths[i];
	return sum + weights_body(w, kind) * lengths[FIELD_BODY];
}

/* The weighted frequency of a term. */
static inline double weights_frequency(const struct index_weights *w,
                                       const uint32_t tf[FIELD_COUNT],
                                       enum passage_kind kind)
{
	return weights_length(w, tf, kind);
}

/* K of a passage. */
static inline double weights_norm(const struct index_weights *w, double length,
                                  double average)
{
	return w->k1 * (1 - w->b + w->b * length / average);
}

#endif
