#ifndef SCHEMA_TEXTS_H
#define SCHEMA_TEXTS_H

#include <stddef.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/slice.h"

/*
 * Several short texts in one column: a JSON array of strings. For the files of
 * this folder and for those who write such a column.
 */
struct slice texts_join(struct arena *a, const struct slice *texts,
                        size_t count);

/* FAULT_INPUT "texts-damaged": it is no such array. Empty: none. */
MUST_USE
bool texts_split(struct arena *a, struct slice column, const struct slice **out,
                 size_t *count, struct fault *f);

#endif
