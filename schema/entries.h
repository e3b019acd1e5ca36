#ifndef SCHEMA_ENTRIES_H
#define SCHEMA_ENTRIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/slice.h"
#include "schema/intake.h"
#include "schema/store.h"

/*
 * Which post each case was folded into. The rows are written in the very
 * transactions of the intake that writes the posts, so that the two agree
 * whenever one is killed. An entry is named by the native id of its post.
 */
#define ENTRY_CHANNEL "case" /* of the intakes that write entries */

/* Where a case stands, as the last fold left it. */
struct entry_case {
	int64_t id; /* CaseID */
	struct slice entry;
	uint64_t folded; /* a hash of all the entry was made of */
};

/* Of a space, by CaseID; made in `a`. */
MUST_USE
bool entries_cases(struct store *s, struct slice space, struct arena *a,
                   struct entry_case **out, size_t *count, struct fault *f);

/* The posts that folding made in a space, ascending; made in `a`. */
MUST_USE
bool entries_posts(struct store *s, struct slice space, struct arena *a,
                   struct slice **out, size_t *count, struct fault *f);

/* Spaces that have cases, or entries of cases that are gone; ascending. */
MUST_USE
bool entries_spaces(struct store *s, struct arena *a, struct slice **out,
                    size_t *count, struct fault *f);

/*
 * The writer's lock, for an intake that is held: what is read from now on
 * stays as it is until intake_let_go().
 */
MUST_USE
bool entries_lock(struct intake *in, struct fault *f);

/* Within the lock: whether the case is still there under this label. */
MUST_USE
bool entries_there(struct intake *in, int64_t case_id, struct slice access,
                   bool *there, struct fault *f);

MUST_USE
bool entries_put(struct intake *in, const struct entry_case *x,
                 struct fault *f);

/* The case stands in no entry. */
MUST_USE
bool entries_drop(struct intake *in, int64_t case_id, struct fault *f);

/* The entry is none any more: no case stands in it. */
MUST_USE
bool entries_end(struct intake *in, struct slice entry, struct fault *f);

/* Other names of an entry that are none of its cases' any more go; `now` is
 * the date of what folding says of the space. */
MUST_USE
bool entries_tidy(struct intake *in, struct slice entry, int64_t now,
                  struct fault *f);

#endif
