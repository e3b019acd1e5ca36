#ifndef CRAWLER_LOCAL_FIELDS_H
#define CRAWLER_LOCAL_FIELDS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/slice.h"

/*
 * What carriers and the sources on top of them say to each other: lines of
 * fields, written as the query of an address is:
 *
 *	path=ops%2Fdisk.md&revision=1700000000000&size=812
 *
 * Values are any bytes, so a file's name comes through whatever it is. The
 * same line is an entry of a listing, the note of an ask, and the query of an
 * ask's address.
 */

/* Appends "name=value", behind an ampersand where the line has begun. */
void local_fields_add(struct buf *line, const char *name, struct slice value);
void local_fields_number(struct buf *line, const char *name, int64_t value);

/* The value of the first field of that name, decoded, made in `a` or borrowed
 * from `line`; `at` NULL: there is none. */
struct slice local_fields_get(struct slice line, const char *name,
                              struct arena *a);

/* Likewise; false: there is none, or it is no number. */
bool local_fields_get_number(struct slice line, const char *name, int64_t *out);

/* The next line of a text; false at its end. Empty lines are passed over. */
bool local_fields_line(struct slice *rest, struct slice *line);

#endif
