#ifndef TESTS_ORACLE_H
#define TESTS_ORACLE_H

#include <stdbool.h>

#include "kb/search.h"

/*
 * The exhaustive ranking, straight from the definition in kb/search.h: every
 * posting of every term, every score in doubles, everything sorted. It knows
 * a segment only as kb/segment.h shows it, and shares no code with what it
 * judges: the arguments and the result are search()'s.
 *
 * A name in a filter finds what is written like it, or like it in lower case.
 * k may be as large as one likes. A malformed filter is a bug of the test.
 */
MUST_USE
bool oracle(const struct index *x, struct analyzer *analyzer,
            const struct reader *r, const struct search_query *q,
            struct arena *a, struct search_result *out, struct fault *f);

#endif
