#ifndef CRAWLER_PAGE_VERDICT_H
#define CRAWLER_PAGE_VERDICT_H

#include "base/slice.h"
#include "crawler/content.h"
#include "crawler/head.h"

/*
 * Whether a page is one at all. Servers say "not found" and "log in first"
 * with status 200; a page that holds little more than that is not stored.
 */
enum page_verdict {
	PAGE_FINE,
	PAGE_NOT_FOUND, /* "page not found", whatever its status says */
	PAGE_LOGIN,     /* it asks for a password, and holds little else */
	PAGE_SCRIPTED,  /* without JavaScript it is empty */
	PAGE_EMPTY,
};

/* `title` and `h1`, its first heading, may be empty. */
enum page_verdict page_judge(const struct head *h, const struct content *c,
                             struct slice title, struct slice h1);

#endif
