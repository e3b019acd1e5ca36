#ifndef KB_TOKEN_CHUNK_H
#define KB_TOKEN_CHUNK_H

#include <stdbool.h>
#include <stddef.h>

#include "kb/token_scan.h"

/*
 * What becomes of a chunk: a run of letters, digits and the signs that may
 * join them. It is given a shape (a path, a version, an address ...) and comes
 * out whole with its parts beside it, or it is taken apart.
 */

/* One that begins with a letter or digit; signs at its ends are dropped. */
bool chunk_compound(struct scan *scan, size_t from, size_t to);

/* One that begins with a sign that means something: /path, -option, .name */
bool chunk_signed(struct scan *scan, size_t from, size_t to);

/* scheme://host... */
bool chunk_url(struct scan *scan, size_t from, size_t to);

#endif
