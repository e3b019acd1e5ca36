#ifndef KB_FILTER_VERIFY_H
#define KB_FILTER_VERIFY_H

#include "base/fault.h"
#include "kb/segment_file.h"

/* Whether the filters' lists and days say what the columns say, and in the one
 * way that they can be written. The columns were found good. */
MUST_USE
bool filters_verify(const struct segment *s, struct fault *f);

#endif
