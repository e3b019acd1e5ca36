#ifndef KB_NORM_H
#define KB_NORM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/fault.h"
#include "base/slice.h"
#include "kb/codec.h"
#include "kb/weights.h"

/*
 * Bounds on scores without reading lengths. The passages of a segment are put
 * into classes by their weighted length, one byte each; a class is bounded by
 * its shortest member. With the code of a posting's tuple that gives an upper
 * bound on f = tf / (tf + K), whatever the average length has become since.
 *
 * Two weightings are known to a segment: the index's own and bare BM25.
 */
enum weighting { WEIGHTING_OWN, WEIGHTING_PLAIN, WEIGHTINGS };

enum {
	NORM_CLASSES = 64,
	NORM_BYTES = 8 * (4 + FIELD_COUNT + PASSAGE_KINDS) + 16 * NORM_CLASSES,
	NORM_BUCKETS = 1 << 16, /* of the histogram that classes are made of */
};

struct norm_class {
	float length[WEIGHTINGS]; /* of its shortest passage, rounded down */
	uint32_t kinds;           /* a bit for each kind of passage in it */
	uint32_t count;           /* passages; 0: no such class */
};

struct norms {
	struct index_weights weights[WEIGHTINGS]; /* without averages */
	double average[WEIGHTINGS]; /* weighted length in this segment */
	struct norm_class classes[NORM_CLASSES];
};

/* The section's bytes, and back: false when they cannot be right. */
void norms_write(const struct norms *n, struct buf *out);
bool norms_read(struct norms *n, struct slice bytes);

/* Whether the bounds hold for these weights. */
bool norms_fit(const struct norms *n, const struct index_weights *own);

/*
 * An upper bound on f of a posting with this tuple, in a passage of this
 * class, for an average length; average 0 stands for an endless one.
 */
float norm_bound(const struct norms *n, enum weighting which,
                 const uint32_t tf[FIELD_COUNT], unsigned class,
                 double average);

/* The same for each code of a table: out[code * NORM_CLASSES + class]. Code 0,
 * the escape, is bounded by 1. */
void norm_bounds(const struct norms *n, enum weighting which,
                 const unsigned char *codes, double average,
                 float out[CODES * NORM_CLASSES]);

/*
 * Makes classes. For each passage norm_count(), then norm_divide(), then again
 * for each norm_class_of(), which also notes what the class is bounded by.
 */
struct norm_maker {
	struct norms norms;
	uint64_t count, sums[FIELD_COUNT][PASSAGE_KINDS];
	uint32_t histogram[NORM_BUCKETS];
	unsigned char classes[NORM_BUCKETS];
};

void norm_start(struct norm_maker *m, const struct index_weights *own);
void norm_count(struct norm_maker *m, enum passage_kind kind,
                const uint32_t lengths[FIELD_COUNT]);
void norm_divide(struct norm_maker *m);
unsigned norm_class_of(struct norm_maker *m, enum passage_kind kind,
                       const uint32_t lengths[FIELD_COUNT]);

#endif
