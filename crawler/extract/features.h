#ifndef CRAWLER_EXTRACT_FEATURES_H
#define CRAWLER_EXTRACT_FEATURES_H

#include "crawler/extract/blocks.h"

/*
 * What the model looks at: for each block a row of numbers. They are counts,
 * shares of counts and flags, so that they are the same on every machine.
 * Rows are made one at a time: a table of them all could be a gigabyte.
 */
enum { FEATURE_COUNT = 182 };

/* The columns in order. Those of the table of tokens begin with "token-". */
extern const char *const feature_names[FEATURE_COUNT];

struct features {
	const struct blocks *blocks;
	struct features_page *page; /* sums and groups over all blocks */
	bool documentation;         /* by its address or what made it */
};

/* `url` may be empty. Made in `a`; linear in the page. */
void features_read(struct features *out, const struct blocks *b,
                   const struct markup *m, struct slice url, struct arena *a);

/* The row of block `i`. */
void features_row(const struct features *f, uint32_t i,
                  float row[FEATURE_COUNT]);

/* Whether two blocks say the same, but for case; numbers the different ones. */
uint32_t features_twin(const struct features *f, uint32_t i);

#endif
