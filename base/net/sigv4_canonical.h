#ifndef BASE_NET_SIGV4_CANONICAL_H
#define BASE_NET_SIGV4_CANONICAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/net/http.h"
#include "base/slice.h"

/*
 * The parts of a request in the one form that both ends hash (AWS General
 * Reference, "Create a canonical request"). Each function appends to `out`.
 */

/*
 * Empty segments and "." go, ".." takes the one before it along, and what is
 * left is percent-encoded as it stands: "%3A" becomes "%253A". `single`: S3,
 * whose keys may hold all of these, so that the path stays as it is. Empty is
 * "/".
 */
void canonical_path(struct slice path, bool single, struct buf *out);

/*
 * Parameters by encoded name, then value. Both are decoded and encoded anew,
 * so that all spellings of one query are one; '+' is a plus sign, never a
 * blank. "?acl" is "acl="; X-Amz-Signature is left out.
 */
void canonical_query(struct slice query, struct arena *a, struct buf *out);

/*
 * Lines "name:value" by name in small letters, values of one name in order of
 * arrival with a comma between; ASCII white space at the ends goes, and runs
 * of it inside become one blank. What proxies and libraries change is not
 * among them. Their names, each but the last followed by ';', go to `names`.
 */
void canonical_headers(const struct http_header *headers, size_t count,
                       struct arena *a, struct buf *out, struct buf *names);

/* Whether a header is called `name`, which is in small letters. */
bool canonical_is(const struct http_header *h, const char *name);

#endif
