#ifndef CRAWLER_DUMP_POST_H
#define CRAWLER_DUMP_POST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/slice.h"
#include "crawler/dump_row.h"
#include "schema/record.h"

/*
 * A row of Posts.xml as a record: which attribute means what, once and for
 * all (docs/import.md has the table). Pure.
 */
struct dump_post {
	struct record record;
	int64_t number; /* its Id */
	bool convert;   /* record.original holds HTML to convert */
	int64_t line;   /* of its row */
	bool failed;    /* `why` says it: the record has no content */
	struct fault why;
};

/*
 * Writes *out, without the content; slices are made in `a` or constant.
 * FAULT_INPUT: what the row must have is not there or is malformed.
 */
MUST_USE
bool dump_post_read(const struct dump_row *row, struct slice host,
                    struct arena *a, struct dump_post *out, struct fault *f);

/*
 * The two posts that are in every dump to find out who republishes it: the
 * question 1000000001 and the answer 1000000010, by nobody.
 */
bool dump_post_planted(const struct dump_row *row);

/* Whether that is the id of one of them: comments on them are of no use. */
bool dump_id_planted(struct slice id);

/* Reading the attributes of any table. A missing one leaves *out as it is. */
MUST_USE
bool dump_number(const struct dump_row *row, const char *name, int64_t *out,
                 struct fault *f);
MUST_USE
bool dump_time(const struct dump_row *row, const char *name, int64_t *out,
               struct fault *f);

/* An id in its one form ("7"), made in `a`; empty when it is missing. */
MUST_USE
bool dump_id(const struct dump_row *row, const char *name, struct arena *a,
             struct slice *out, struct fault *f);

/* A text cleaned as the store wants it. */
struct slice dump_clean(const struct dump_row *row, const char *name,
                        struct arena *a);

/* "CC BY-SA 4.0" as SPDX writes it: "CC-BY-SA-4.0"; empty when missing. */
struct slice dump_licence(const struct dump_row *row, struct arena *a);

#endif
