#ifndef KB_SCOPE_H
#define KB_SCOPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/slice.h"
#include "kb/index.h"
#include "kb/segment_file.h"
#include "kb/weights.h"
#include "schema/reader.h"

/*
 * What one query looks at: the segments that its reader may enter, the
 * constants it is scored with, and how frequent its terms are in them.
 */
struct scope {
	const struct segment **segments; /* made in the arena */
	size_t count;
	uint64_t passages; /* live ones */
	struct index_weights weights;
	double average; /* weighted length */
};

/* `plain`: bare BM25. NULL may read nothing. */
void scope_make(struct scope *c, const struct index *x, const struct reader *r,
                bool plain, struct arena *a);

/* Tokens of a passage, all fields alike, on average. */
double scope_tokens(const struct scope *c);

/* A term in one of the segments. */
struct place {
	uint32_t df; /* passages, the dead included; 0: not there */
	struct slice postings;
};

/* Finds a term in all segments; places[] has one for each, unless NULL. *df
 * counts live passages. */
MUST_USE
bool scope_find(const struct scope *c, struct slice term, struct place *places,
                uint64_t *df, struct fault *f);

double scope_idf(const struct scope *c, uint64_t df);

#endif
