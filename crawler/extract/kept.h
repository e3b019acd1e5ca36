#ifndef CRAWLER_EXTRACT_KEPT_H
#define CRAWLER_EXTRACT_KEPT_H

#include "crawler/extract/choice.h"

/*
 * From blocks to nodes: the text of kept blocks with the elements around it,
 * pictures, rules and empty elements between kept blocks, all cells of a row
 * of which one is kept.
 */
struct kept {
	bool *keep;    /* by node of the page */
	uint32_t root; /* holds all that is kept */
};

/* `gone`: for each node, the element within which it is no part of the text
 * by its name (edit links, marks behind headings), or MARKUP_NONE. It counts
 * where it stands within a block. Made in `a`. */
void kept_find(struct kept *out, const struct choice *c, const struct blocks *b,
               const struct markup *m, const uint32_t *gone, struct arena *a);

#endif
