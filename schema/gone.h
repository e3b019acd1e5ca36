#ifndef SCHEMA_GONE_H
#define SCHEMA_GONE_H

#include "schema/batch.h"
#include "schema/held.h"

struct intake;

/*
 * Taking one row out of the live ones. For the files of this folder.
 */
struct gone_row {
	enum held_table table;
	int64_t id, post; /* post: an answer's, or the post itself */
	struct slice space, native;
	struct slice time; /* as it stands in a row; empty: forgotten */
};

/* The row and its original go; a Gone row under a new change number tells the
 * index. An answer goes before its question. */
MUST_USE
bool gone_take(struct batch *b, const struct gone_row *x, struct fault *f);

/* What intake_gone() does, within the open transaction; *was is set when there
 * was something, else left alone. */
MUST_USE
bool gone_all(struct intake *in, struct slice id, int64_t time, bool *was,
              struct fault *f);

#endif
