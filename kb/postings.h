#ifndef KB_POSTINGS_H
#define KB_POSTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/slice.h"
#include "kb/dictionary.h"
#include "kb/segment_file.h"

/*
 * Reading lists whose entry is already in hand, the dead included: for what
 * walks whole segments. posting_open() of segment.h is this after a look into
 * the dictionary.
 */

/* Opens the list of the walk's entry; live_df is counted when `live`. */
MUST_USE
bool posting_begin(struct posting_cursor *c, const struct term_walk *w,
                   bool live, struct fault *f);

/* The next posting, dead or not. */
MUST_USE
bool posting_any(struct posting_cursor *c, struct posting *out, bool *more,
                 struct fault *f);

#endif
