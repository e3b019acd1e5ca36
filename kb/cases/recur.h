#ifndef KB_CASES_RECUR_H
#define KB_CASES_RECUR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/slice.h"

/*
 * Which cases are the same problem, from their digests alone.
 *
 *	recur_new(&r, &f);
 *	for each case of one space: recur_add(r, &c);
 *	recur_run(r, &f);
 *	recur_founder(r, i) == i: the i-th case founded an entry
 *
 * Cases are taken by date (undated ones last, then by native id), and each is
 * compared with the founders before it, never with those who joined them: so
 * no chain of small likenesses glues two problems together. It joins the
 * likest founder that recur_same() holds of, the earliest of equals, or founds
 * an entry itself. The outcome does not depend on the order of adding, on
 * what was found before, or on cases of other labels and services.
 *
 * Whether two are the same is a function of these two: of words, folded and
 * stemmed, Han and Hangul by pairs, without those that stand in every case.
 * It errs to the side of two entries.
 */
struct recur_case {
	struct slice native, access, class, language;
	int64_t created; /* CLOCK_NONE when unknown */
	struct slice problem, cause;
	const struct slice *services, *codes, *titles;
	size_t service_count, code_count, title_count;
};

struct recur;

MUST_USE
bool recur_new(struct recur **out, struct fault *f);
void recur_free(struct recur *r); /* NULL is allowed */

/* Nothing is borrowed beyond the call. Cases are numbered from 0. */
void recur_add(struct recur *r, const struct recur_case *c);

/* Once, when all are there. FAULT_CANCELLED. */
MUST_USE
bool recur_run(struct recur *r, struct fault *f);

/* The number of the case whose entry case `i` belongs to. */
size_t recur_founder(const struct recur *r, size_t i);

/* The number of the case that was taken `i`-th. */
size_t recur_taken(const struct recur *r, size_t i);

#endif
