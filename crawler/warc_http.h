#ifndef CRAWLER_WARC_HTTP_H
#define CRAWLER_WARC_HTTP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/fault.h"
#include "base/net/http.h"
#include "base/slice.h"

/*
 * An HTTP message as archives hold it: the bytes of the wire, or what a tool
 * made of them. Lines may end in LF alone; headers that say "chunked" or "gzip"
 * are believed where the body looks like it, since some tools decode the body
 * and leave the headers.
 */
struct warc_http {
	int status;                  /* of a response */
	struct slice method;         /* of a request */
	struct http_header *headers; /* names in lower case */
	size_t count;
	struct slice rest; /* behind the empty line */
};

/* Reads the head of `block`, which is borrowed; the rest is made in `a`. The
 * block may be cut: what there is of the head is read. False: it does not begin
 * as a response or a request. */
bool warc_http_read(struct slice block, struct arena *a, struct warc_http *out);

/* The value of the first header called `name` (lower case), or empty. */
struct slice warc_http_header(const struct warc_http *h, const char *name);

/*
 * The body as it was before it was cut into chunks and packed: within `h`,
 * `one` or `two`. FAULT_INPUT: damaged, or packed in a way that is not known;
 * FAULT_LIMIT "limit-body".
 */
MUST_USE
bool warc_http_body(const struct warc_http *h, struct buf *one, struct buf *two,
                    struct slice *out, struct fault *f);

#endif
