#ifndef SCHEMA_ORIGINALS_H
#define SCHEMA_ORIGINALS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/fault.h"
#include "base/slice.h"
#include "schema/record.h"
#include "schema/store.h"

/*
 * The bodies as they came, beside the texts that were made of them: for making
 * those anew when we have learned to make them better. Read here in the order
 * of (space, kind of row, native id); written by intake_again().
 */
struct original {
	enum record_kind kind; /* QUESTION stands for any row of Posts */
	struct slice space, id, link, type;
	struct slice channel;      /* that brought it: "dump", "crawl" */
	struct slice visit;        /* its name: intake_options.source */
	struct slice name, source; /* of the crawl's source, and its kind; or
	                              empty */
	uint64_t hash;
	uint32_t extractor; /* version of what made its text */
	int64_t key;        /* for original_body() */
};

/* Where a walk stands; begin with it zeroed. */
struct originals_walk {
	int table;
	struct buf space, id;
};
void originals_release(struct originals_walk *w);

/* The next one, made in `a`. *found false: there are no more. */
MUST_USE
bool originals_next(struct store *s, struct originals_walk *w, struct arena *a,
                    struct original *out, bool *found, struct fault *f);

/* How many there are. */
MUST_USE
bool originals_count(struct store *s, int64_t *out, struct fault *f);

/* The body itself, made in `a`. FAULT_INPUT: it is damaged. */
MUST_USE
bool original_body(struct store *s, const struct original *o, struct arena *a,
                   struct slice *out, struct fault *f);

#endif
