#ifndef KB_LIST_MAXIMA_H
#define KB_LIST_MAXIMA_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"
#include "kb/list_parts.h"
#include "kb/norm.h"

/*
 * The block maxima of dense lists: for every eight passages one of 15 levels
 * of f = tf / (tf + K), and for each level what it stands for under both
 * weightings at four average lengths. Between those a bound is read off by
 * linear interpolation over 1/average, in which f is convex.
 */
enum { MAXIMA_CURVES = WEIGHTINGS * DENSE_GRID };

struct maxima {
	const struct norms *norms;
	const unsigned char *classes; /* of each passage */
	unsigned char codes[CODES * FIELD_COUNT];
	float bounds[MAXIMA_CURVES][CODES * NORM_CLASSES];
	uint16_t steps[CODES * NORM_CLASSES]; /* own weights, own average */
	uint16_t *best;                       /* of each octet */
	size_t best_cap;
	unsigned char seen[DENSE_LEVELS][CODES * NORM_CLASSES];
};

/* `norms` and `classes` are borrowed. */
void maxima_init(struct maxima *m, const struct norms *norms,
                 const unsigned char *classes, const unsigned char *codes);
void maxima_release(struct maxima *m);

/* Fills in the maxima and the levels of a dense list that is complete but for
 * these; its escapes stand apart. */
void maxima_make(struct maxima *m, unsigned char *list, uint32_t df,
                 uint32_t count, struct slice escapes);

/* Whether the maxima and levels of a list are those that would be made. */
bool maxima_agree(struct maxima *m, const unsigned char *list, uint32_t df,
                  uint32_t count, const unsigned char *end);

#endif
