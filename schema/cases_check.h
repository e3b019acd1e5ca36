#ifndef SCHEMA_CASES_CHECK_H
#define SCHEMA_CASES_CHECK_H

#include "schema/store.h"

/*
 * The part of store_check() that looks at support cases: each case against its
 * hash, each digest and correction whether it can be read. For the files of
 * this folder.
 */
MUST_USE
bool cases_check(struct store *s, store_finding_fn *say, void *self,
                 int64_t *rows, struct fault *f);

#endif
