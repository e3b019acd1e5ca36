#ifndef BASE_TEXT_PATTERN_H
#define BASE_TEXT_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"
#include "base/slice.h"

/*
 * Regular expressions by PCRE2, UTF-8, with the JIT where it may run and
 * limits on matching. Reaching a limit is a fault, never "no match": with and
 * without the JIT limits count differently, and a filter that cannot decide
 * must not let things pass. One pattern may be used by one thread at a time.
 */
struct pattern;

enum pattern_flags { PATTERN_CASELESS = 1 << 0, PATTERN_LINES = 1 << 1 };

/* FAULT_USAGE names the place in `text` that does not compile. */
MUST_USE
bool pattern_new(struct pattern **out, struct slice text, unsigned flags,
                 struct fault *f);
void pattern_free(struct pattern *p);

#define PATTERN_GROUPS 10

struct pattern_match {
	struct slice group[PATTERN_GROUPS]; /* [0] is the whole; unset: NULL */
};

/*
 * Looks for the pattern in `s` from byte `from` on. *found says whether; only
 * then `m` is written. False on FAULT_LIMIT and on text that is not UTF-8
 * (checked when `from` is 0; later steps go on through the same text).
 */
MUST_USE
bool pattern_find(struct pattern *p, struct slice s, size_t from,
                  struct pattern_match *m, bool *found, struct fault *f);

#endif
