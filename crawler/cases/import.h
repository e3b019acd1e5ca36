#ifndef CRAWLER_CASES_IMPORT_H
#define CRAWLER_CASES_IMPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/conf.h"
#include "base/fault.h"
#include "base/progress.h"
#include "base/slice.h"
#include "crawler/troubles.h"
#include "schema/store.h"

/*
 * Support cases out of files that people have: folders of CSV with a text a
 * case, what AWS's command line prints, any CSV or JSON by a mapping
 * (docs/cases-files.md).
 *
 * All is read twice: first to see that it is good, then to take it. With a
 * trouble nothing is taken, unless `partly` is set; then what is good goes in.
 * A case that comes twice and is the same is one; if it is not, that is a
 * trouble, and neither goes in. Memory grows with the number of ids, not with
 * what was said. Killed at any instant, the same import run again ends in the
 * same store.
 */
struct case_import_options {
	char *const *paths;
	size_t path_count;
	struct slice space;   /* canonical: identity_space() */
	struct slice access;  /* empty: "staff", or what a file of ours says */
	const char *encoding; /* a name of charset_label(), or NULL: found */
	const struct conf_section *mapping; /* or NULL: AWS's columns */
	bool partly;
	int64_t now;
	enum progress_style progress;
};

struct case_import_report {
	int64_t files, cases,
	        replies; /* read; a case that comes twice is one */
	int64_t added, changed, same, forgotten; /* what became of them */
	struct troubles broken;                  /* what could not be taken */
	struct troubles notes; /* what was missing from what was taken */
	bool taken;            /* false: nothing was written */
};

/* *out is written in either case. */
MUST_USE
bool case_import(struct store *s, const struct case_import_options *options,
                 struct case_import_report *out, struct fault *f);

#endif
