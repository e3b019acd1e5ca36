#ifndef KB_CASES_GUARD_FOLD_H
#define KB_CASES_GUARD_FOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"

/*
 * A sentence as it is judged: NFKC, case-folded, without marks, look-alikes of
 * other alphabets made Latin where a word mixes them or is made of nothing
 * else, digits that stand for letters read as these, letters repeated once, i
 * and l alike, words of single letters joined. Words are parted by one space;
 * a mark that parts clauses (, : ; = quotes, brackets) is a word of its own.
 * The words of guard_lexicon.c go through the same, so nothing is lost by it.
 * Only for looking: nobody sees it.
 */
void guard_fold(struct slice s, struct buf *out);

/* Characters that nobody sees: format, tags, variation selectors, fillers. */
bool guard_unseen(uint32_t point);

#endif
