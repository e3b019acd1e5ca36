#ifndef SCHEMA_VISIT_H
#define SCHEMA_VISIT_H

#include "schema/intake_state.h"

/*
 * The visit an intake writes for, and its date. For the files behind intake.h.
 */

/* The date of a visit, as far as it is known. */
MUST_USE
bool visit_date(struct rows *r, int64_t visit, int64_t *as_of, struct fault *f);

/* Whether this visit's state counts as newer than that of visit `other`,
 * now that this visit's date is known to be `as_of`. */
MUST_USE
bool visit_newer(struct intake *in, int64_t visit, int64_t as_of, int64_t other,
                 bool *newer, struct fault *f);
MUST_USE
bool visit_open(struct intake *in, const struct intake_options *o,
                struct fault *f);
/* Writes the date within the open transaction, if it moved. */
MUST_USE
bool visit_keep(struct intake *in, struct fault *f);
MUST_USE
bool visit_finish(struct intake *in, struct fault *f);

#endif
