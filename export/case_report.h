#ifndef EXPORT_CASE_REPORT_H
#define EXPORT_CASE_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/slice.h"
#include "export/case_departments.h"
#include "export/table.h"
#include "schema/reader.h"
#include "schema/store.h"

/*
 * What support cases tell those who manage: tables over one walk of cases and
 * digests. A case stands in exactly one row of each table but those of
 * failures and of the ledger, so their "cases" sum to the same number. A case
 * without a digest is of the class "undigested"; what is not known of a case
 * is "unknown"; a submitter of no known department stands by himself.
 *
 *	case_report_new(&r, &options, &f);
 *	for (i = 0; case_report_names[i]; i++)
 *		case_report_table(r, i, &a, &table, &f);
 *
 * Rows that the reader may not see are in no table and no count. What models
 * cost is shown to who may see all.
 */
struct case_report_options {
	struct store *store;
	const struct reader *reader;
	struct slice space; /* empty: any */
	int64_t from, to;   /* created within [from, to); 0, 0: any */
	int64_t zone;       /* milliseconds ahead of UTC, for months */
	const struct case_departments *departments; /* may be NULL */
	size_t title; /* bytes of a title that are shown; 0: all */
};

struct case_report;

MUST_USE
bool case_report_new(struct case_report **out,
                     const struct case_report_options *options,
                     struct fault *f);
void case_report_free(struct case_report *r); /* NULL is allowed */

int64_t case_report_cases(const struct case_report *r);

/* "class", "service" ...; ends at NULL. */
extern const char *const case_report_names[];

/* The table by its place in the names; cells are made in `a` or borrowed from
 * `r`. FAULT_DENIED: the ledger is not for this reader. */
MUST_USE
bool case_report_table(const struct case_report *r, size_t which,
                       struct arena *a, struct table *out, struct fault *f);

/*
 * Two files for programs that draw, in a folder that appears whole (publish.h):
 * cases.csv, metadata of every case, and digests.csv, a row for each case that
 * has a digest. Both begin with the case's public id. *cases, *digests: rows.
 */
MUST_USE
bool case_report_publish(const struct case_report_options *options,
                         const char *folder, int64_t *cases, int64_t *digests,
                         struct fault *f);

#endif
