#ifndef CRAWLER_CONFLUENCE_CALL_H
#define CRAWLER_CONFLUENCE_CALL_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/fault.h"
#include "base/json.h"
#include "crawler/source.h"

/*
 * Calls of Confluence's REST interfaces: what replies say when they are none,
 * and where the next part of a listing is.
 */
enum confluence_answer {
	CONFLUENCE_GOOD,
	CONFLUENCE_NONE,  /* 404, 410: it is not there */
	CONFLUENCE_STALE, /* 400: the call, or its cursor, is not understood */
	CONFLUENCE_BAD, /* `f` says why; a rest was yielded if it asks for one */
};

/* What the reply says; *out is its JSON with CONFLUENCE_GOOD, the caller's.
 * A quota that is used up is told to `y` whatever the answer. */
enum confluence_answer confluence_call_read(const struct reply *r,
                                            struct yield *y, struct json **out,
                                            struct fault *f);

/* Appends the address of the next part of the listing `j`, which the wiki at
 * `base` gave; nothing: it was the last. It may be whole, or relative to the
 * host or to `base`. FAULT_DENIED: it leads to another place; FAULT_INPUT: to
 * the part that it stands in. */
MUST_USE
bool confluence_call_next(const struct json *j, struct slice base,
                          const struct reply *r, struct buf *out,
                          struct fault *f);

/* Appends "&NAME=VALUE", the value encoded, behind '?' or '&'. */
void confluence_call_value(struct buf *url, const char *name,
                           struct slice value);

#endif
