#ifndef KB_RANK_FOLD_H
#define KB_RANK_FOLD_H

#include <stdbool.h>

#include "base/fault.h"
#include "kb/rank_doc.h"

/*
 * Folds each passage into the first better one that it all but repeats: of
 * their runs of three tokens of the body at least four fifths are common
 * (Broder's resemblance), and both have a dozen; where each title has a term
 * that the other has not, nineteen in twenty must be: pages of one template
 * differ in what matters. Those that stay come first in
 * order[], in order; r->count is how many.
 */
MUST_USE
bool rank_fold(struct ranker *r, struct fault *f);

#endif
