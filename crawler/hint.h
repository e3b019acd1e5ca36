#ifndef CRAWLER_HINT_H
#define CRAWLER_HINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"
#include "base/text/markup_tree.h"

/*
 * What a sitemap or a feed says of a page: that it is there, and when it last
 * changed. Addresses stand as in the file, but for white space.
 */
struct hint {
	struct slice url;
	int64_t time; /* CLOCK_NONE: it does not say */
};

struct hints {
	struct hint *list;
	size_t count;
	bool more; /* the file held more than HINTS_MOST */
};

/* Of one file: sitemaps.org sets 50,000. */
enum { HINTS_MOST = 50000 };

/*
 * A date as feeds and sitemaps write it: W3C's (2014-05-14T01:21:12+02:00,
 * 2014-05, 2014), or that of mail (RFC 5322: Wed, 14 May 2014 01:21:12 +0200,
 * with names of zones and years of two digits as RFC 822 had them). HTTP's
 * dates are of the latter kind. False leaves *out alone.
 */
bool hint_time(struct slice s, int64_t *out);

/* Whether it is the element `name`, with any prefix. */
bool hint_is(const struct markup_node *n, const char *name);

/* Whether an address begins as one of the web. */
bool hint_is_web(struct slice url);

/* The text right below an element, without white space around it: of its
 * first text node. */
struct slice hint_text(const struct markup *m, uint32_t n);

#endif
