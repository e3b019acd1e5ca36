#ifndef CRAWLER_SPELLING_H
#define CRAWLER_SPELLING_H

#include "base/buf.h"
#include "base/net/url.h"
#include "base/slice.h"

/*
 * The one spelling of an address of a web site: without fragment, user and
 * session, without the parameters that do not make another page, the others
 * in the order of their names. What it makes of its own output is the same.
 */
enum spelling_query {
	SPELLING_KEEP,  /* all but tracking, session and order of listings */
	SPELLING_DROP,  /* none */
	SPELLING_NAMED, /* only those named */
};

struct spelling {
	enum spelling_query query;
	const struct slice *names; /* with SPELLING_NAMED; borrowed */
	size_t name_count;
};

/* Appends. An address without a host is written as it is. */
void spelling_write(const struct spelling *s, const struct url *u,
                    struct buf *out);

#endif
