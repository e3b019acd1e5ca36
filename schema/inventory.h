#ifndef SCHEMA_INVENTORY_H
#define SCHEMA_INVENTORY_H

#include "schema/frontier.h"

/*
 * What a source holds, as far as we know: one row for each native id, with
 * the revision that was read, when it was last named, and how often it was
 * missed. From here alone come tombstones, and slowly: an id is gone after two
 * misses `apart` in time, each of which is an answer that it is not there (404,
 * 410, an id left out of a *complete* listing). Errors, time-outs and
 * listings that did not come to their end are no misses. When more would
 * vanish than the guard allows, nothing does, and a person is asked.
 */

/* It is there, at `revision` (0: not known); misses are forgiven. *current:
 * that very revision was read before. Within a listing it counts as named. */
MUST_USE
bool inventory_named(struct frontier *fr, struct slice native, int64_t revision,
                     bool *current, struct fault *f);

/* It was read at this revision and stored. */
MUST_USE
bool inventory_read(struct frontier *fr, struct slice native, int64_t revision,
                    struct fault *f);

/* It was asked for and is not there. */
MUST_USE
bool inventory_missed(struct frontier *fr, struct slice native, int64_t now,
                      struct fault *f);

/* The source itself says that it was deleted: counts as both misses. */
MUST_USE
bool inventory_deleted(struct frontier *fr, struct slice native, int64_t now,
                       struct fault *f);

/* It goes by another id now: rows, posts and addresses follow. */
MUST_USE
bool inventory_moved(struct frontier *fr, struct slice from, struct slice to,
                     struct fault *f);

/* A complete listing begins in this run / came to its clean end: whatever was
 * not named since the beginning was missed. One listing at a time; beginning
 * again starts over. */
MUST_USE
bool inventory_list(struct frontier *fr, struct fault *f);
MUST_USE
bool inventory_listed(struct frontier *fr, int64_t now, struct fault *f);

struct inventory_guard {
	int64_t most;     /* always allowed, however few there are */
	unsigned percent; /* of what is known */
	bool confirmed;   /* a person said yes */
};

struct inventory_report {
	int64_t known;  /* before */
	int64_t missed; /* once, so far */
	int64_t due;    /* to vanish */
	int64_t vanished;
	bool guarded; /* too many: nothing vanished */
};

/* At the end of a run: what was missed twice is removed from the live rows
 * (intake_gone()), in short transactions. */
MUST_USE
bool inventory_settle(struct frontier *fr, int64_t now,
                      const struct inventory_guard *g,
                      struct inventory_report *out, struct fault *f);

#endif
