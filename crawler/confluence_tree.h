#ifndef CRAWLER_CONFLUENCE_TREE_H
#define CRAWLER_CONFLUENCE_TREE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/text/markup_tree.h"

/*
 * A tree being written, element by element, in document order: what the
 * storage format becomes before it is Markdown. Its texts are borrowed from
 * whoever passes them; all else lives in the arena.
 */
enum { CONFLUENCE_TREE_DEPTH = 2 * LIMIT_DEPTH };

struct confluence_tree {
	struct arena *arena;
	struct markup_node *nodes;
	struct markup_attribute *attributes;
	size_t count, cap, attribute_count, attribute_cap;
	uint32_t open[CONFLUENCE_TREE_DEPTH]; /* [0] is the root */
	uint32_t last[CONFLUENCE_TREE_DEPTH]; /* child of each */
	size_t depth;
	bool truncated; /* something did not fit under a ceiling */
};

/* With one element open, the root. */
void confluence_tree_init(struct confluence_tree *t, struct arena *a,
                          struct slice root);

/* False: too deep or too many; then it is not to be closed, and its content
 * stands in its parent. */
bool confluence_tree_open(struct confluence_tree *t, struct slice name);
void confluence_tree_close(struct confluence_tree *t);

/* One more of the element that was opened last, before its content. */
void confluence_tree_attribute(struct confluence_tree *t, struct slice name,
                               struct slice value);

void confluence_tree_text(struct confluence_tree *t, struct slice text);

/* An element with a text in it: open, text, close. */
void confluence_tree_leaf(struct confluence_tree *t, struct slice name,
                          struct slice text);

struct markup confluence_tree_end(const struct confluence_tree *t);

#endif
