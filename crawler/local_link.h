#ifndef CRAWLER_LOCAL_LINK_H
#define CRAWLER_LOCAL_LINK_H

#include "base/buf.h"
#include "base/fault.h"
#include "base/slice.h"

/*
 * Where a person can read a file: the setting `link`, in which {path} is the
 * file's path, {bare} the path without its ending, and {name} the file's name
 * without it, each percent-encoded.
 */

/* FAULT_USAGE: a brace that names nothing. */
MUST_USE
bool local_link_check(struct slice pattern, struct fault *f);

/* Appends; nothing for an empty pattern. */
void local_link_write(struct slice pattern, struct slice path, struct buf *out);

#endif
