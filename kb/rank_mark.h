#ifndef KB_RANK_MARK_H
#define KB_RANK_MARK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"
#include "kb/rank_doc.h"

/*
 * Feedback: the terms that mark the first `passages` of order[], those with the
 * largest mean weight times idf that two of them have and that are not the
 * query's (the vocabularies' tables are still its own). Made in the ranker's
 * arena.
 */
MUST_USE
bool rank_marks(struct ranker *r, const struct rank_request *q, size_t passages,
                struct rank_picks *out, struct fault *f);

#endif
