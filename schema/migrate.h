#ifndef SCHEMA_MIGRATE_H
#define SCHEMA_MIGRATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"

struct rows;

/* The texts of NNN_name.sql in order; a NULL ends them. The version of a
 * store (PRAGMA user_version) is how many of them it has been through. */
extern const char *const migrations[];

int64_t migrate_newest(void);

/* From `version` (0: an empty file) to the newest, each in a transaction. */
MUST_USE
bool migrate_run(struct rows *r, int64_t version, struct fault *f);

#endif
