#ifndef CRAWLER_MEDIAWIKI_LIST_H
#define CRAWLER_MEDIAWIKI_LIST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/json.h"
#include "crawler/mediawiki_site.h"
#include "crawler/mediawiki_text.h"
#include "crawler/source.h"

/*
 * Listings of the Action API: pages with their latest revision, and recent
 * changes.
 */

/* What a listing says of one page. */
enum mediawiki_state {
	STATE_THERE,
	STATE_HALF,   /* there, but without its revision's time and editor: the
	                 wiki gives those in another part of the batch */
	STATE_GONE,   /* deleted, or now only leads to another page */
	STATE_OTHER,  /* in a namespace that we do not read */
	STATE_SILENT, /* it says nothing */
};

/* One member of "pages"; `p` borrows from the JSON. */
enum mediawiki_state mediawiki_list_page(const struct mediawiki_site *s,
                                         const struct json *page,
                                         struct mediawiki_page *p);

/* Ids of pages that a reply of recent changes speaks of, each once, in the
 * order in which they are first named; made in `a`. `since` is a moment as the
 * API writes them: naming a page twice costs nothing, but reading all that
 * shows a template does. */
struct mediawiki_changes {
	int64_t *pages;
	size_t page_count;
	struct slice *templates; /* titles of those edited since `since` */
	size_t template_count;
};
void mediawiki_list_changes(const struct mediawiki_site *s,
                            const struct json *changes, struct slice since,
                            struct arena *a, struct mediawiki_changes *out);

#endif
