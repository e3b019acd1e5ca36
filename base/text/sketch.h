#ifndef BASE_TEXT_SKETCH_H
#define BASE_TEXT_SKETCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/slice.h"

/*
 * Whether two texts all but repeat each other. A text is the set of its
 * shingles: runs of SHINGLE_WORDS words, case and form folded, where each Han
 * or Hangul character is a word of its own and what Markdown adds (marks,
 * targets of links) is none. How alike two texts are is what their shingles
 * have in common, as a share of all they have (Jaccard; Broder 1997).
 *
 * A sketch tells about how much that is from 256 bytes: MinHash by one
 * permutation (Li, Owen, Zhang 2012) in SKETCH_BINS bins, empty ones filled as
 * by Shrivastava (2017), 16 bits of each minimum kept. Of texts with more than
 * a few hundred shingles the estimate of J is off by sqrt(J (1 - J) / 128) or
 * less as a rule: .035 at .8. All are pure functions of the text; their values
 * are stored, so that any change of them is another SKETCH_VERSION.
 *
 *	sketch_text(title, body, &a, &text);
 *	sketch_make(&text.shingles, &sketch);
 */
#define SKETCH_VERSION 1

enum {
	SHINGLE_WORDS = 4,
	SKETCH_BINS = 128,
	SKETCH_BYTES = 2 * SKETCH_BINS,
	SKETCH_BANDS = 16, /* of eight bins each */
	SKETCH_LEAST = 16, /* shingles: what is shorter is like nothing */
	SKETCH_SHORT = 50, /* fewer of them, and it must be nearly equal */
};

/* Ascending, each once. */
struct shingles {
	const uint64_t *at;
	size_t count;
};

/* Of clean Markdown (any bytes do no harm); made in the arena. */
void sketch_shingles(struct slice markdown, struct arena *a,
                     struct shingles *out);

/* Exactly: 0 to 1; two empty sets are not alike. */
double shingles_alike(const struct shingles *a, const struct shingles *b);

/* What is compared of a text: its body's shingles, its title's words. */
struct sketch_text {
	struct shingles shingles, title;
};

void sketch_text(struct slice title, struct slice markdown, struct arena *a,
                 struct sketch_text *out);

/*
 * Whether both are the same text for a reader, from the sets themselves; the
 * figures come from measurements (docs/near-duplicates.md):
 * - alike by .85 or more; or three quarters as long at least, and all but a
 *   fortieth of the shorter stands in the longer: a footer was added;
 * - alike by .95 when either is short, or when each title has a word that the
 *   other has not: pages made from one template have.
 * Symmetric. *alike is set in any case.
 */
bool sketch_twins(const struct sketch_text *a, const struct sketch_text *b,
                  double *alike);

/*
 * By how much two sketches must agree, for their texts to have a chance to be
 * twins (missed once in ten thousand at worst): above 1 when their lengths or
 * titles rule it out. Of `b` only the title and the number of shingles count.
 */
double sketch_hope(const struct sketch_text *a, const struct sketch_text *b);

struct sketch {
	uint16_t bins[SKETCH_BINS];
};

/* All zero of an empty set. */
void sketch_make(const struct shingles *set, struct sketch *out);

/* The estimate. Of empty sets it says nothing. */
double sketch_alike(const struct sketch *a, const struct sketch *b);

/*
 * Keys by which candidates are found: two texts that are alike by J have one
 * of them in common with a chance of 1 - (1 - J^8)^16: .81 at .75, .994 at
 * .85, .99999 at .95, .06 at .5. Of 32 bits, since millions are stored.
 */
void sketch_bands(const struct sketch *s, uint32_t out[SKETCH_BANDS]);

/* SKETCH_BYTES bytes, little-endian. */
void sketch_write(const struct sketch *s, char to[SKETCH_BYTES]);
MUST_USE
bool sketch_read(struct slice bytes, struct sketch *out, struct fault *f);

#endif
