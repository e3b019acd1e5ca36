#ifndef EXPORT_CASE_REPORT_STATE_H
#define EXPORT_CASE_REPORT_STATE_H

#include "base/map.h"
#include "export/case_report.h"
#include "schema/cases.h"
#include "schema/digests.h"

/* What the files behind case_report.h share. For them alone. */

/* What cases are grouped by. */
enum report_field {
	REPORT_CLASS,
	REPORT_SERVICE,
	REPORT_SUBMITTER,
	REPORT_DEPARTMENT,
	REPORT_UNMAPPED, /* the submitter, if his department is not known */
	REPORT_MONTH,
	REPORT_SEVERITY,
	REPORT_FIELDS,
};

struct report_row {
	struct slice fields[REPORT_FIELDS];
	int64_t took; /* milliseconds to its resolution; -1: not known */
	int64_t created;
	struct report_entry *entry; /* NULL: not folded */
};

/* A folded entry, as far as its cases are in this report. */
struct report_entry {
	struct slice id, title, service, class;
	int64_t cases, first, last;
};

struct case_report {
	struct case_report_options options;
	struct arena arena, row;
	struct report_row *rows;
	size_t count, room;
	struct map entries; /* space, tab, native id -> struct report_entry */
	struct map texts;   /* each once */
	/* Of the space the walk is in. */
	struct slice space;
	struct arena placed;
	struct entry_case *places;
	size_t place_count;
};

/* What a case is of, in words; borrowed from the case, digest, departments or
 * `a`. */
void report_fields(const struct case_report_options *o,
                   const struct support_case *c, const struct digest *d,
                   struct arena *a, struct slice out[REPORT_FIELDS]);

/* Time to resolution, or -1. */
int64_t report_took(const struct support_case *c);

/* "51.5": hours with one digit. */
struct slice report_hours(int64_t took, struct arena *a);

/* Tables of other shapes, in files of their own. */
void report_times(const struct case_report *r, enum report_field by,
                  struct arena *a, struct table *out);
void report_recurring(const struct case_report *r, struct arena *a,
                      struct table *out);
MUST_USE
bool report_failures(const struct case_report *r, struct arena *a,
                     struct table *out, struct fault *f);
MUST_USE
bool report_ledger(const struct case_report *r, struct arena *a,
                   struct table *out, struct fault *f);

#endif
