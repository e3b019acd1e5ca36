#ifndef CRAWLER_CASES_IMPORT_OPENED_H
#define CRAWLER_CASES_IMPORT_OPENED_H

#include <stdbool.h>

#include "base/fault.h"
#include "crawler/cases/import_draft.h"
#include "crawler/cases/import_files.h"
#include "crawler/cases/import_input.h"

/*
 * One file of an import, whatever its form: opened, its encoding found, handed
 * to whoever reads it, and what went wrong with it put among the troubles. It
 * knows no form.
 */
typedef bool import_read_fn(void *self, struct import_input *in,
                            const char *name, struct fault *f);

/* `name` is how faults call the file, borrowed while `read` runs. False: the
 * import as a whole cannot go on. */
MUST_USE
bool import_opened(struct import_reading *r, const struct import_file *file,
                   import_read_fn *read, void *self, struct fault *f);

#endif
