#ifndef BASE_NET_URL_PATH_H
#define BASE_NET_URL_PATH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/slice.h"

/*
 * The segments of a path, as the URL Standard's path state reads them (section
 * 4.4): dot segments, however encoded, are followed; the drive of a file is a
 * segment that ".." does not leave.
 */
enum url_path_flags {
	URL_PATH_SPECIAL = 1 << 0, /* a backslash is a slash */
	URL_PATH_FILE = 1 << 1,
};

static inline bool url_path_slash(char c, unsigned flags)
{
	return c == '/' || (c == '\\' && flags & URL_PATH_SPECIAL);
}

/* Where the segment at `at` ends: at a slash, '?', '#' or the end. */
size_t url_path_segment(struct slice in, size_t at, unsigned flags);

/*
 * Appends the segments that start at `at`, up to a query or fragment; returns
 * where they end. `path`: where the path begins in `text`, some of which may be
 * there already.
 */
size_t url_path_add(struct slice in, size_t at, unsigned flags, size_t path,
                    struct buf *text);

/* Drops the last segment. */
void url_path_shorten(struct buf *text, size_t path, unsigned flags);

/* Whether it is "C:" or "C|"; whether it begins with that as a segment. */
bool url_path_is_drive(struct slice s);
bool url_path_has_drive(struct slice s);

#endif
