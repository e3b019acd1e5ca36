#ifndef CRAWLER_MEDIAWIKI_PAGES_H
#define CRAWLER_MEDIAWIKI_PAGES_H

#include "crawler/source.h"

/*
 * Finding one's way through a MediaWiki by its pages: where its script is, and
 * what lists of all pages and articles lead to. Asks carry the tags they are
 * given. Reads trees alone.
 */

/* Where the wiki's script for pages is, made in `a`; empty: not found. */
struct slice mediawiki_pages_script(const struct markup *m, struct arena *a);

/* Appends `to`, as written on the page of the reply, as a whole address. */
MUST_USE
bool mediawiki_pages_resolve(const struct reply *r, struct slice to,
                             struct buf *out, struct fault *f);

/* Special:AllPages: asks for its pages, and for more of the list. */
MUST_USE
bool mediawiki_pages_index(const struct reply *r, uint32_t index,
                           uint32_t article, struct yield *y, struct fault *f);

/* An article: asks for the articles it links to. */
MUST_USE
bool mediawiki_pages_follow(const struct reply *r, uint32_t article,
                            struct yield *y, struct fault *f);

#endif
