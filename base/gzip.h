#ifndef BASE_GZIP_H
#define BASE_GZIP_H

#include "base/buf.h"
#include "base/fault.h"
#include "base/slice.h"

/*
 * gzip (RFC 1952) in memory, by zlib: for bodies that are gzip files, or that
 * a server packed without saying so.
 */

/* Whether it begins as a gzip file does. */
bool gzip_is(struct slice bytes);

/*
 * Appends all members unpacked. FAULT_INPUT "gzip-damaged": cut or damaged;
 * FAULT_LIMIT "limit-body": more than `out` takes, or over `ratio` times its
 * packed size past the first MiB. Memory stays within what `out` holds.
 */
MUST_USE
bool gzip_unpack(struct slice bytes, unsigned ratio, struct buf *out,
                 struct fault *f);

#endif
