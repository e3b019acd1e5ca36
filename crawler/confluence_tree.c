/* Two arrays that double in the arena, and the way from the root to here. */

#include "crawler/confluence_tree.h"

static void *grown(struct arena *a, const void *old, size_t count, size_t *cap,
                   size_t size)
{
	void *room;

	*cap = *cap ? 2 * *cap : 64;
	room = arena_array(a, *cap, size);
	if (count)
		memcpy(room, old, count * size);
	return room;
}

/* A new node behind the last child of the innermost open element. */
static struct markup_node *hang(struct confluence_tree *t)
{
	struct markup_node *n;
	uint32_t at = (uint32_t)t->count;

	if (t->count == LIMIT_NODES) {
		t->truncated = true;
		return NULL;
	}
	if (t->count == t->cap)
		t->nodes = grown(t->arena, t->nodes, t->count, &t->cap,
		                 sizeof(*t->nodes));
	n = &t->nodes[t->count++];
	*n = (struct markup_node){ .parent = MARKUP_NONE,
		                   .first = MARKUP_NONE,
		                   .next = MARKUP_NONE };
	if (!t->depth)
		return n;
	n->parent = t->open[t->depth - 1];
	if (t->last[t->depth - 1] == MARKUP_NONE)
		t->nodes[n->parent].first = at;
	else
		t->nodes[t->last[t->depth - 1]].next = at;
	t->last[t->depth - 1] = at;
	return n;
}

bool confluence_tree_open(struct confluence_tree *t, struct slice name)
{
	struct markup_node *n;

	if (t->depth == CONFLUENCE_TREE_DEPTH) {
		t->truncated = true;
		return false;
	}
	n = hang(t);
	if (!n)
		return false;
	n->kind = MARKUP_ELEMENT;
	n->name = name;
	n->attribute = (uint32_t)t->attribute_count;
	t->open[t->depth] = (uint32_t)t->count - 1;
	t->last[t->depth++] = MARKUP_NONE;
	return true;
}

void confluence_tree_close(struct confluence_tree *t)
{
	if (t->depth > 1)
		t->depth--;
}

void confluence_tree_init(struct confluence_tree *t, struct arena *a,
                          struct slice root)
{
	*t = (struct confluence_tree){ .arena = a };
	confluence_tree_open(t, root);
}

void confluence_tree_attribute(struct confluence_tree *t, struct slice name,
                               struct slice value)
{
	if (t->attribute_count == t->attribute_cap)
		t->attributes =
		        grown(t->arena, t->attributes, t->attribute_count,
		              &t->attribute_cap, sizeof(*t->attributes));
	t->attributes[t->attribute_count++] =
	        (struct markup_attribute){ name, value };
	t->nodes[t->open[t->depth - 1]].attribute_count++;
}

void confluence_tree_text(struct confluence_tree *t, struct slice text)
{
	struct markup_node *n = text.len ? hang(t) : NULL;

	if (!n)
		return;
	n->kind = MARKUP_TEXT;
	n->text = text;
}

void confluence_tree_leaf(struct confluence_tree *t, struct slice name,
                          struct slice text)
{
	bool opened = confluence_tree_open(t, name);

	confluence_tree_text(t, text);
	if (opened)
		confluence_tree_close(t);
}

struct markup confluence_tree_end(const struct confluence_tree *t)
{
	return (struct markup){ .nodes = t->nodes,
		                .node_count = t->count,
		                .attributes = t->attributes,
		                .truncated = t->truncated };
}
