#ifndef CRAWLER_PAGE_H
#define CRAWLER_PAGE_H

#include "base/arena.h"
#include "base/slice.h"
#include "base/text/markup_tree.h"
#include "crawler/content.h"
#include "crawler/head.h"

/*
 * One HTML page as a reader sees it: its title, its text, and whether it is a
 * page at all. Servers say "not found" and "log in first" with status 200; a
 * page that holds little more than that is not stored.
 */
enum page_verdict {
	PAGE_FINE,
	PAGE_NOT_FOUND, /* "page not found", whatever its status says */
	PAGE_LOGIN,     /* it asks for a password, and holds little else */
	PAGE_SCRIPTED,  /* without JavaScript it is empty */
	PAGE_EMPTY,
};

struct page {
	struct head head;
	struct content content; /* without the title, if it stands on top */
	struct slice title;     /* without the site's name; may be empty */
	enum page_verdict verdict;
};

/* `select` may be NULL. Made in `a`, or borrowed from `m`. */
void page_read(struct page *p, const struct markup *m,
               const struct content_select *select, struct arena *a);

#endif
