#ifndef EXPORT_CASE_FILES_H
#define EXPORT_CASE_FILES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/slice.h"
#include "schema/cases.h"
#include "schema/reader.h"
#include "schema/store.h"

/*
 * The cases of one space as plain files in a folder of its own
 * (schema/case_form.h): a CSV a month and a text of replies a case, from which
 * `cases import` makes the same cases again. The folder appears whole or not at
 * all; one that exists is refused. The same cases give the same bytes. What the
 * reader may not see is not there.
 */
struct case_files_options {
	const char *folder;
	struct slice space; /* empty: the only one there is */
	int64_t from, to;   /* created within; 0, 0: any */
	void (*progress)(void *self, int64_t cases); /* or NULL */
	void *self;
};

struct case_files_report {
	int64_t cases, replies, months;
	uint64_t bytes;
	char space[256]; /* of which they are */
};

/* FAULT_USAGE when cases of several spaces are there and none is named;
 * FAULT_GONE when there is nothing to write. */
MUST_USE
bool case_files_export(struct store *s, const struct reader *r,
                       const struct case_files_options *options,
                       struct case_files_report *out, struct fault *f);

#endif
