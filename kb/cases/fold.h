#ifndef KB_CASES_FOLD_H
#define KB_CASES_FOLD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/slice.h"
#include "schema/store.h"

/*
 * Folding: digested cases become posts (the problem) with an answer (cause and
 * resolution), in the case's own space and under its label. Cases with the
 * same problem (recur.h) are one entry: the post of the first of them, which
 * lists the others as its occurrences. Raw text of a case never goes into a
 * post.
 *
 * It is a function of cases, digests and corrections: run again, nothing
 * changes; run after a change, the entries it touches are made anew, and what
 * has no case any more is gone. Killed at any instant, the next run goes on.
 */
struct fold_options {
	struct store *store;
	struct slice space; /* empty: all */
	int64_t now;
	bool by_entry; /* each entry is a transaction of its own: for tests of
	                  being killed */
};

struct fold_report {
	int64_t cases, entries, recurring; /* entries of more than one case */
	int64_t added, updated, same, removed;
	int64_t waiting; /* cases without a digest */
};

MUST_USE
bool fold_run(const struct fold_options *o, struct fold_report *out,
              struct fault *f);

#endif
