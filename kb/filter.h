#ifndef KB_FILTER_H
#define KB_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "kb/search.h"
#include "kb/segment.h"

/*
 * Filters, read once and then asked of a whole segment before anything is
 * scored, so that a filtered best-k is exact.
 *
 *	space=NAME  kind=question|page|document|case  tag=NAME  lang=CODE
 *	class=NAME  service=NAME  accepted=yes|no
 *	score=MIN..MAX  date=FROM..TO
 *
 * Ranges include both ends; one end may be left open. `score` is the votes of
 * the passage's own row, `date` the day (UTC) of its last change, `accepted`
 * whether the passage is the accepted answer. A name finds what is written
 * like it, or like it in lower case. `lang=zh` also finds `zh-TW`.
 */
struct filter_set;

/* Made in `a`, which must outlive it. FAULT_USAGE says what is allowed. */
MUST_USE
bool filter_read(const struct search_filter *filters, size_t count,
                 struct arena *a, const struct filter_set **out,
                 struct fault *f);

/* Whether there is anything to ask. */
bool filter_any(const struct filter_set *set);

/* Sets bit `doc` of `allowed` (segment_count() bits, whole words) for each live
 * passage that all filters let pass, and clears the others. */
MUST_USE
bool filter_segment(const struct filter_set *set, const struct segment *s,
                    uint64_t *allowed, struct fault *f);

/* How many bits are set. */
uint32_t filter_count(const uint64_t *allowed, uint32_t passages);

static inline bool filter_bit(const uint64_t *allowed, uint32_t doc)
{
	return allowed[doc / 64] >> (doc % 64) & 1;
}

#endif
