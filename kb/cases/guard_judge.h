#ifndef KB_CASES_GUARD_JUDGE_H
#define KB_CASES_GUARD_JUDGE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/slice.h"
#include "kb/cases/guard_words.h"

/*
 * Whether a sentence speaks to a model: GUARD_ADDRESS, GUARD_FIELD or 0. What
 * the words of one class cannot say, those of several together do. `wary`:
 * what stood before did, so less is enough.
 */
unsigned guard_judge(const struct guard_lexicon *l, struct slice sentence,
                     bool wary, struct arena *a);

#endif
