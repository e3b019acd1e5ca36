#ifndef SCHEMA_READER_H
#define SCHEMA_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/conf.h"
#include "base/fault.h"
#include "base/slice.h"

/*
 * Who is asking, and which access labels they may read. Every read of the
 * store or the index takes one; NULL may read nothing. A row's label is a
 * short word ("public", "staff"); its rows are seen by readers that list it.
 */
struct reader {
	struct slice name;
	bool all; /* whatever the label: the machine's own user, the indexer */
	const struct slice *labels;
	size_t label_count;
};

/* Sees all. For maintenance and for the command line's default reader. */
extern const struct reader reader_all;

/* Sees "public" and nothing else: where servers start from. */
extern const struct reader reader_public;

bool reader_may(const struct reader *r, struct slice label);

/* Whether a row may be given this label, so that a reader can list it: a word
 * of at most 64 bytes without blanks, commas, ';' or '#'. FAULT_USAGE. */
MUST_USE
bool reader_label(struct slice label, struct fault *f);

/* As configured under [reader NAME] labels = a, b. `local` is reader_all
 * unless configured. Unknown: FAULT_USAGE. *out is the caller's. */
MUST_USE
bool reader_new(struct reader **out, const struct conf *c, struct slice name,
                struct fault *f);
void reader_free(struct reader *r);

#endif
