#ifndef BASE_ARCHIVE_H
#define BASE_ARCHIVE_H

#include <stdint.h>

#include "base/fault.h"
#include "base/slice.h"

/*
 * Reading the members of a 7z or zip archive in stored order (libarchive),
 * as a stream: memory is the archive's own dictionary and a block. Never
 * writes, never follows a name to a path.
 */
struct archive_reader;

MUST_USE
bool archive_open(struct archive_reader **out, const char *path,
                  struct fault *f);
void archive_close(struct archive_reader *a);

/* The next regular member; *name is borrowed until the next call. At the end
 * true with name->len 0. */
MUST_USE
bool archive_next(struct archive_reader *a, struct slice *name,
                  struct fault *f);

/* The next run of its bytes, len 0 at its end; borrowed until the next call.
 * A damaged or cut archive is FAULT_INPUT. */
MUST_USE
bool archive_bytes(struct archive_reader *a, struct slice *bytes,
                   struct fault *f);

/* Bytes of the archive file read so far, and its size: for progress. */
int64_t archive_at(const struct archive_reader *a);
int64_t archive_size(const struct archive_reader *a);

#endif
