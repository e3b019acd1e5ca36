/* Nodes are appended, so that document order and the order of the array stay
 * one. */

#include "crawler/page_tree.h"

#include <assert.h>

static uint32_t add(struct page_tree *t, uint32_t parent,
                    const struct markup_node *like)
{
	uint32_t n = t->count++;
	struct markup_node *node = &t->nodes[n];

	assert(n < t->room);
	*node = *like;
	node->parent = parent;
	node->first = node->next = MARKUP_NONE;
	t->last[n] = MARKUP_NONE;
	if (parent == MARKUP_NONE)
		return n;
	if (t->last[parent] == MARKUP_NONE)
		t->nodes[parent].first = n;
	else
		t->nodes[t->last[parent]].next = n;
	t->last[parent] = n;
	return n;
}

uint32_t page_tree_element(struct page_tree *t, uint32_t parent,
                           struct slice name)
{
	const struct markup_node node = { .kind = MARKUP_ELEMENT,
		                          .name = name };

	return add(t, parent, &node);
}

uint32_t page_tree_text(struct page_tree *t, uint32_t parent, struct slice text)
{
	const struct markup_node node = { .kind = MARKUP_TEXT, .text = text };

	return add(t, parent, &node);
}

void page_tree_init(struct page_tree *t, size_t room,
                    const struct markup_attribute *attributes, struct arena *a)
{
	*t = (struct page_tree){ .room = (uint32_t)room + 1,
		                 .attributes = attributes };
	t->nodes = arena_array(a, t->room, sizeof(*t->nodes));
	t->last = arena_array(a, t->room, sizeof(*t->last));
	page_tree_element(t, MARKUP_NONE, SLICE("div"));
}

uint32_t page_tree_copy(struct page_tree *t, uint32_t parent,
                        const struct markup *m, uint32_t n, uint32_t end,
                        page_tree_skip *skip, const void *self, struct arena *a)
{
	uint32_t whole = markup_end(m, n), i;
	uint32_t *now;

	if (end > whole)
		end = whole;
	if (end <= n)
		end = n + 1;
	now = arena_array(a, end - n, sizeof(*now));
	for (i = n; i < end; i++) {
		if (i > n && skip && skip(self, m, i)) {
			i = markup_end(m, i) - 1;
			continue;
		}
		now[i - n] =
		        add(t, i == n ? parent : now[m->nodes[i].parent - n],
		            &m->nodes[i]);
	}
	return now[0];
}
