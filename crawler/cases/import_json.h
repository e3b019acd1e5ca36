#ifndef CRAWLER_CASES_IMPORT_JSON_H
#define CRAWLER_CASES_IMPORT_JSON_H

#include <stdbool.h>

#include "base/fault.h"
#include "crawler/cases/import_draft.h"
#include "crawler/cases/import_files.h"

/*
 * JSON and JSON lines with cases: with the plain mapping what AWS's command
 * line prints, in any nesting of pages, arrays and files; with another one,
 * objects whose members are taken by their paths.
 *
 * What cannot be taken is a trouble; false ends the import.
 */
MUST_USE
bool import_json(struct import_reading *r, const struct import_file *file,
                 struct fault *f);

#endif
