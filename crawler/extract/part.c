/*
 * The tree is flat and in document order: a kept node finds its new parent by
 * a table of new numbers, and hangs itself behind that parent's last child.
 */

#include "crawler/extract/part.h"

/* The copy under way. */
struct copy {
	struct part *out;
	uint32_t count;
	uint32_t *last; /* child of each new node, or 0 */
	bool *linked;   /* by new node: within a link */
};

static bool is(struct slice name, const char *other)
{
	return slice_eq(name, slice_of(other));
}

static void hang(struct copy *c, uint32_t at, uint32_t parent)
{
	struct markup_node *nodes = c->out->nodes;

	nodes[at].parent = parent;
	nodes[at].first = nodes[at].next = MARKUP_NONE;
	if (parent == MARKUP_NONE)
		return;
	if (c->last[parent])
		nodes[c->last[parent]].next = at;
	else
		nodes[parent].first = at;
	c->last[parent] = at;
}

static uint32_t add(struct copy *c, const struct markup_node *n, uint32_t page,
                    uint32_t parent)
{
	struct part *out = c->out;
	uint32_t at = c->count++;
	size_t text = slice_trim(n->text).len;

	out->nodes[at] = *n;
	out->origin[at] = page;
	hang(c, at, parent);
	c->linked[at] = (parent != MARKUP_NONE && c->linked[parent]) ||
	                is(n->name, "a");
	out->text += text;
	out->linked += c->linked[at] ? text : 0;
	if (is(n->name, "noscript") || is(n->name, "head"))
		out->nodes[at].name = SLICE("div");
	if (out->heading == MARKUP_NONE && is(n->name, "h1"))
		out->heading = at;
	return at;
}

void part_copy(struct part *out, const struct markup *m, uint32_t root,
               const bool *keep, struct arena *a)
{
	uint32_t end = markup_end(m, root), count = 1, i;
	uint32_t *now = arena_array(a, end - root, sizeof(*now));
	struct copy c = { .out = out };

	for (i = root + 1; i < end; i++)
		count += keep[i];
	*out = (struct part){ .heading = MARKUP_NONE };
	out->nodes = arena_array(a, count, sizeof(*out->nodes));
	out->origin = arena_array(a, count, sizeof(*out->origin));
	c.last = arena_array(a, count, sizeof(*c.last));
	c.linked = arena_new(a, count);
	add(&c, &m->nodes[root], root, MARKUP_NONE);
	for (i = root + 1; i < end; i++)
		if (keep[i])
			now[i - root] = add(&c, &m->nodes[i], i,
			                    now[m->nodes[i].parent - root]);
	out->tree = (struct markup){ .nodes = out->nodes,
		                     .node_count = c.count,
		                     .attributes = m->attributes,
		                     .truncated = m->truncated };
}
