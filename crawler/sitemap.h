#ifndef CRAWLER_SITEMAP_H
#define CRAWLER_SITEMAP_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/slice.h"
#include "base/text/markup_tree.h"
#include "crawler/hint.h"

/*
 * Sitemaps (sitemaps.org, 0.9): <urlset> of pages, <sitemapindex> of further
 * sitemaps, and the plain form with one address a line. Extensions (images,
 * news, video, translations), <changefreq> and <priority> are passed over:
 * nobody keeps them true.
 */
struct sitemap {
	bool index; /* its hints lead to sitemaps, not to pages */
	struct hints hints;
};

/* From XML. FAULT_INPUT "sitemap": it is neither. Made in `a`, texts borrowed
 * from the tree. */
MUST_USE
bool sitemap_read(struct sitemap *s, const struct markup *xml, struct arena *a,
                  struct fault *f);

/* From plain text; lines that are no web address are passed over. */
void sitemap_lines(struct sitemap *s, struct slice text, struct arena *a);

#endif
