#ifndef CRAWLER_LINKS_H
#define CRAWLER_LINKS_H

#include <stddef.h>

#include "base/arena.h"
#include "base/slice.h"
#include "base/text/markup_tree.h"

/*
 * Where a page leads, in its order: <a>, <area>, and <link> to the next,
 * previous or canonical page and to feeds. What is embedded (frames, images,
 * scripts), translations (hreflang) and addresses in data attributes are not
 * links. Addresses stand as in the page, but for white space; those that lead
 * nowhere else (fragments, mailto:, javascript: ...) are left out.
 */
enum page_link_flags {
	PAGE_LINK_NOFOLLOW = 1 << 0, /* rel says nofollow, sponsored or ugc */
	PAGE_LINK_FEED = 1 << 1,     /* RSS, Atom, JSON Feed by its type */
};

struct page_link {
	struct slice href;
	unsigned flags;
};

/* At most LIMIT_PAGE_LINKS, made in `a`; *more says that there were others. */
size_t links_find(const struct markup *m, struct arena *a,
                  struct page_link **out, bool *more);

#endif
