#ifndef CRAWLER_PAGE_TREE_H
#define CRAWLER_PAGE_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/slice.h"
#include "base/text/markup_tree.h"

/*
 * A tree put together from parts of others: node by node in document order,
 * each below one that was added before. Names, texts and attributes stay
 * borrowed from where they came.
 */
struct page_tree {
	struct markup_node *nodes;
	uint32_t *last; /* child of each node */
	uint32_t count, room;
	const struct markup_attribute *attributes;
};

/* Room for so many nodes, made in `a`; it holds a <div> then, its root. */
void page_tree_init(struct page_tree *t, size_t room,
                    const struct markup_attribute *attributes, struct arena *a);

/* Each returns the number of what was added. */
uint32_t page_tree_element(struct page_tree *t, uint32_t parent,
                           struct slice name);
uint32_t page_tree_text(struct page_tree *t, uint32_t parent,
                        struct slice text);

/* What to leave out of a copy, with all below it. */
typedef bool page_tree_skip(const void *self, const struct markup *m,
                            uint32_t n);

/*
 * Copies the subtree of `n`, of which only what stands before `end` (a number
 * in `m`; MARKUP_NONE: all). `skip` may be NULL and is not asked about `n`.
 */
uint32_t page_tree_copy(struct page_tree *t, uint32_t parent,
                        const struct markup *m, uint32_t n, uint32_t end,
                        page_tree_skip *skip, const void *self,
                        struct arena *a);

#endif
