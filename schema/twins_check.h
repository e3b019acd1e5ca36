#ifndef SCHEMA_TWINS_CHECK_H
#define SCHEMA_TWINS_CHECK_H

#include "schema/rows.h"
#include "schema/store.h"

/*
 * Whether what is kept about near-duplicates is what the posts' texts give:
 * each sketch, each band, each pair, each cluster. Part of store_check().
 */
MUST_USE
bool twins_check(struct rows *r, store_finding_fn *say, void *self,
                 struct fault *f);

#endif
