#ifndef SCHEMA_INTAKE_WRITE_H
#define SCHEMA_INTAKE_WRITE_H

#include "schema/intake_state.h"

/*
 * The transactions of an intake: a commit keeps the date of its visit too.
 * For the files behind intake.h.
 */

/* Before and after a write: opens the transaction; ends it when it is time,
 * or gives it up when `ok` is false. */
MUST_USE
bool intake_write(struct intake *in, struct fault *f);
MUST_USE
bool intake_wrote(struct intake *in, bool ok, struct fault *f);

/* What a commit keeps besides: the date of the visit, the guest's facts. */
MUST_USE
bool intake_keep(struct intake *in, struct fault *f);

/* One staged row, within a transaction; *found false: there was none. */
typedef bool intake_take_fn(struct intake *in, bool *found, struct fault *f);

/* Calls `take` until no row is left. Takes no lock when `any`, a query by the
 * visit's number, finds none. */
MUST_USE
bool intake_drain(struct intake *in, const char *any, intake_take_fn *take,
                  struct fault *f);

#endif
