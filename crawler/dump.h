#ifndef CRAWLER_DUMP_H
#define CRAWLER_DUMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/progress.h"
#include "base/slice.h"
#include "crawler/troubles.h"
#include "schema/intake.h"
#include "schema/store.h"

/*
 * A Stack Exchange data dump into the store: questions, answers, other posts,
 * authors, links, comments and the licences of revisions. Streams: memory does
 * not grow with the dump. Killed at any instant and run again it gives the
 * same store as one clean run; the same dump twice changes nothing.
 */
struct dump_options {
	const char *path;    /* Posts.xml, a folder, or an archive */
	struct slice site;   /* host; empty: from the name of the path */
	struct slice access; /* label; empty: public */
	unsigned threads;    /* that make Markdown; 0: none but the caller's */
	enum progress_style progress;
};

enum { DUMP_IDS_KEPT = 8 };

struct dump_report {
	char site[256];
	struct intake_report in;
	struct troubles broken;     /* rows that did not go in, and damage */
	int64_t rows;               /* of all tables read, broken ones too */
	int64_t bytes;              /* of XML */
	int64_t planted;            /* fake posts dropped */
	int64_t converted;          /* bodies made into Markdown */
	int64_t unchanged;          /* bodies the store had already */
	int64_t truncated;          /* bodies not taken whole, flagged */
	int64_t far[DUMP_IDS_KEPT]; /* ids far above all the others: kept */
	size_t far_count;
};

/*
 * *out is written in either case, as far as it came. FAULT_USAGE "dump-site":
 * no site given and none in the name. FAULT_INPUT "dump-foreign",
 * "dump-empty": no dump. FAULT_CANCELLED: what was committed stays.
 */
MUST_USE
bool dump_import(struct store *s, const struct dump_options *options,
                 struct dump_report *out, struct fault *f);

#endif
