#ifndef CRAWLER_CASES_IMPORT_PATH_H
#define CRAWLER_CASES_IMPORT_PATH_H

#include <stdbool.h>

#include "base/fault.h"
#include "base/json.h"
#include "crawler/cases/import_draft.h"

/*
 * A case out of a JSON object, by the paths of a mapping: "a.b.c". A member
 * that is missing or null is empty, a number or truth is its spelling; an
 * object or array where a text is wanted is a fault that names the path.
 */
MUST_USE
bool import_path_case(struct import_reading *r, const struct json *j,
                      const struct import_place *at, struct fault *f);

#endif
