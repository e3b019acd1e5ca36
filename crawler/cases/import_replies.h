#ifndef CRAWLER_CASES_IMPORT_REPLIES_H
#define CRAWLER_CASES_IMPORT_REPLIES_H

#include <stdbool.h>

#include "base/fault.h"
#include "base/slice.h"
#include "crawler/cases/import_draft.h"
#include "crawler/cases/import_files.h"

/*
 * The text of replies that belongs to a case of a CSV: replies/ID.txt, or
 * repies/ID.txt, in the CSV's folder or the one above. Its form is ours
 * (schema/case_form.h), or replies one behind the other with headings that
 * leave no doubt, or one text, which then is one reply.
 */

/*
 * Adds the replies of the draft's case. A text that is not there is a note; one
 * that cannot be read or is not what it says is a fault about it.
 */
MUST_USE
bool import_replies_find(struct import_reading *r,
                         const struct import_file *csv,
                         const struct import_place *at, struct fault *f);

/* The same of a clean text; `file` names it. */
MUST_USE
bool import_replies_read(struct import_reading *r, struct slice text,
                         const char *file, struct fault *f);

#endif
