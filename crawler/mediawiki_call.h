#ifndef CRAWLER_MEDIAWIKI_CALL_H
#define CRAWLER_MEDIAWIKI_CALL_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/fault.h"
#include "base/json.h"
#include "crawler/source.h"

/*
 * Calls of MediaWiki's Action API: how they are written, and what its answers
 * say when they are no answers. Errors come with status 200.
 */

/* Appends "API?QUERY" with what every call has: JSON in its second form,
 * maxlag=5 and, logged in, assert=user. `query` is encoded already. */
void mediawiki_call(struct slice api, bool user, const char *query,
                    struct buf *out);

/* Appends the members of the reply's "continue", if there is one; says whether
 * there was. */
bool mediawiki_call_continue(const struct json *reply, struct buf *url);

/* Appends "NAME=VALUE", the value encoded, with '&' before it unless `out` is
 * empty: for addresses and for the bodies of forms. */
void mediawiki_call_value(struct buf *out, const char *name,
                          struct slice value);

enum mediawiki_answer {
	ANSWER_GOOD,
	ANSWER_LOGIN, /* we are not, or no longer, logged in */
	ANSWER_GONE,  /* the page that was asked for is not there */
	ANSWER_BAD,   /* `f` says why; a rest was yielded if it asks for one */
};

/* What the reply says; *out is its JSON with ANSWER_GOOD, the caller's. */
enum mediawiki_answer mediawiki_call_read(const struct reply *r,
                                          struct yield *y, struct json **out,
                                          struct fault *f);

#endif
