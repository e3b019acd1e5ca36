#ifndef CRAWLER_EXTRACT_PART_H
#define CRAWLER_EXTRACT_PART_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/text/markup_tree.h"

/*
 * A part of a page as a tree of its own: the nodes that are kept, under one
 * root, each knowing which node of the page it is. Names, texts and attributes
 * are borrowed from the page. A kept <noscript> is written as a <div>.
 */
struct part {
	struct markup tree;
	struct markup_node *nodes; /* of `tree` */
	uint32_t *origin;          /* by node of `tree`: its node in the page */
	uint32_t heading;          /* its first <h1>, or MARKUP_NONE */
	size_t text, linked;       /* bytes of words; of them in links */
};

/* Below `root`, a kept node's parent must be kept as well. Made in `a`. */
void part_copy(struct part *out, const struct markup *m, uint32_t root,
               const bool *keep, struct arena *a);

#endif
