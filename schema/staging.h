#ifndef SCHEMA_STAGING_H
#define SCHEMA_STAGING_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/fault.h"
#include "base/slice.h"
#include "schema/record.h"

/*
 * A record as bytes, for rows that wait in staging: a version, the fields in
 * a fixed order (docs/store.md), a checksum. A missing `original` stays
 * missing. For the files of this folder.
 */
void staging_write(struct buf *out, const struct record *r);

/* Texts are made in `a`. FAULT_INPUT "row-damaged". */
MUST_USE
bool staging_read(struct slice bytes, struct arena *a, struct record *r,
                  struct fault *f);

#endif
