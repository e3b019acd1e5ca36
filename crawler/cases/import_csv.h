#ifndef CRAWLER_CASES_IMPORT_CSV_H
#define CRAWLER_CASES_IMPORT_CSV_H

#include <stdbool.h>

#include "base/fault.h"
#include "crawler/cases/import_draft.h"
#include "crawler/cases/import_files.h"

/*
 * A CSV with a case in each row: columns by their names, in any order and case,
 * as the mapping says; others are passed over. With the plain mapping texts are
 * taken as they stand, and each case has a text of replies beside it
 * (import_replies.h).
 *
 * Rows that cannot be taken are troubles; false ends the import.
 */
MUST_USE
bool import_csv(struct import_reading *r, const struct import_file *file,
                struct fault *f);

#endif
