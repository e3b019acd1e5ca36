#ifndef CRAWLER_DOKUWIKI_PLACE_H
#define CRAWLER_DOKUWIKI_PLACE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/fault.h"
#include "base/slice.h"

/*
 * Addresses of a DokuWiki. A page has many, by how the wiki is set up
 * (doku.php?id=a:b, doku.php/a:b, /a:b, /a/b); the first of them works in all
 * of them and is the one that we keep.
 */

/* "https://wiki.example.com/ops/" of any address of the wiki that names
 * doku.php, feed.php, a folder lib/exe, or the folder itself. */
void dokuwiki_place_root(struct slice url, struct buf *out);

/* "wiki.example.com/ops". */
MUST_USE
bool dokuwiki_place_space(struct slice url, struct buf *out, struct fault *f);

/* Appends the address of page `id`. */
void dokuwiki_place_link(struct slice root, struct slice id, struct buf *out);

/* The id in an address that has it as the parameter `id`, decoded, made in
 * `a`; empty when it has none. */
struct slice dokuwiki_place_id(struct slice url, struct arena *a);

/* Whether `id` lies in one of the namespaces ("ops wiki:howto"); empty: yes. */
bool dokuwiki_place_within(struct slice namespaces, struct slice id);

#endif
