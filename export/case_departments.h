#ifndef EXPORT_CASE_DEPARTMENTS_H
#define EXPORT_CASE_DEPARTMENTS_H

#include <stdbool.h>

#include "base/fault.h"
#include "base/slice.h"

/*
 * Who belongs to which department, from a CSV file of submitter,department: a
 * name as it stands in cases, or *@domain for all addresses of a domain. Names
 * are compared without regard to case; an exact one counts before a pattern. A
 * first row "submitter,department" is passed over.
 */
struct case_departments;

/* FAULT_INPUT with file and line: a row that is no pair, or says of the same
 * name something else than one before it. */
MUST_USE
bool case_departments_read(struct case_departments **out, const char *path,
                           struct fault *f);
MUST_USE
bool case_departments_parse(struct case_departments **out, struct slice text,
                            const char *path, struct fault *f);
void case_departments_free(struct case_departments *d); /* NULL is allowed */

/* Empty when the file does not say. Borrowed from `d`, which may be NULL. */
struct slice case_department(const struct case_departments *d,
                             struct slice submitter);

#endif
