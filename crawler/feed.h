#ifndef CRAWLER_FEED_H
#define CRAWLER_FEED_H

#include "base/arena.h"
#include "base/fault.h"
#include "base/slice.h"
#include "base/text/markup_tree.h"
#include "crawler/hint.h"

/*
 * Feeds say which pages are new or changed: RSS 2.0 (and its 0.9x), RSS 1.0
 * (RDF), Atom (RFC 4287), JSON Feed 1.1. Only addresses and dates are taken;
 * the page itself says the rest.
 */

/* From XML. FAULT_INPUT "feed": it is none. Made in `a`; texts are borrowed
 * from the tree. */
MUST_USE
bool feed_read(struct hints *out, const struct markup *xml, struct arena *a,
               struct fault *f);

/* From JSON. FAULT_INPUT: it is no JSON Feed. Made in `a`. */
MUST_USE
bool feed_read_json(struct hints *out, struct slice text, struct arena *a,
                    struct fault *f);

#endif
