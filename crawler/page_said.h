#ifndef CRAWLER_PAGE_SAID_H
#define CRAWLER_PAGE_SAID_H

#include "crawler/head.h"
#include "crawler/linked_data.h"
#include "crawler/thread.h"

/*
 * Whom to believe about author, dates, language and site: a person that the
 * JSON-LD names, then the head's metas, then what stands beside the first
 * heading, then the first post, then an organization that the JSON-LD names.
 * Dates likewise. `posts` is of a thread, or there are none.
 */
void page_said(struct head *h, const struct linked_data *d,
               const struct page_post *posts, size_t post_count,
               const struct markup *m, struct arena *a);

#endif
