/*
 * Forwards over the leaves of the tree, each of which has a block; backwards,
 * to keep what is around them; and forwards once more for the cells.
 */

#include "crawler/extract/kept.h"

struct keeper {
	const struct choice *choice;
	const struct blocks *b;
	const struct markup *m;
	const uint32_t *gone;
	bool *keep;
};

static bool is(const struct keeper *k, uint32_t i, const char *name)
{
	return slice_eq(k->m->nodes[i].name, slice_of(name));
}

static bool is_kept(const struct keeper *k, uint32_t block)
{
	return block < k->b->block_count && k->choice->kept[block];
}

/* The page's number of the element that holds a block. */
static uint32_t owner(const struct keeper *k, uint32_t block)
{
	return k->b->nodes[k->b->blocks[block].owner].page;
}

static bool keeps_leaf(const struct keeper *k, uint32_t i)
{
	uint32_t block = k->b->block_of[i];

	if (!is_kept(k, block)) /* MARKUP_NONE among them */
		return block == k->b->block_count && block &&
		       is_kept(k, block - 1) &&
		       k->m->nodes[i].kind == MARKUP_TEXT;
	if (k->gone[i] != MARKUP_NONE && k->gone[i] > owner(k, block))
		return false;
	if (i > owner(k, block))
		return true;
	/* Pictures and marks between two blocks; no blanks of elsewhere. */
	return block && is_kept(k, block - 1) &&
	       (k->m->nodes[i].kind == MARKUP_ELEMENT ||
	        slice_trim(k->m->nodes[i].text).len);
}

static bool is_leaf(const struct keeper *k, uint32_t i)
{
	return k->m->nodes[i].kind == MARKUP_TEXT ||
	       k->m->nodes[i].first == MARKUP_NONE;
}

static void keep_cells(const struct keeper *k)
{
	uint32_t i;

	for (i = 1; i < k->m->node_count; i++)
		if (!k->keep[i] && (is(k, i, "td") || is(k, i, "th")) &&
		    is(k, k->m->nodes[i].parent, "tr"))
			k->keep[i] = k->keep[k->m->nodes[i].parent];
}

/* Whether an element makes sense alone. */
static bool can_stand(const struct keeper *k, uint32_t i)
{
	static const char *const frames[] = { "html",    "body",    "main",
		                              "article", "section", "div",
		                              "noscript" };
	size_t j;

	for (j = 0; j < sizeof(frames) / sizeof(frames[0]); j++)
		if (is(k, i, frames[j]))
			return true;
	return !i;
}

/* The deepest element around all that is kept. */
static uint32_t root(const struct keeper *k)
{
	const struct markup_node *nodes = k->m->nodes;
	uint32_t at = 0, child, only;

	for (;;) {
		only = MARKUP_NONE;
		for (child = nodes[at].first; child != MARKUP_NONE;
		     child = nodes[child].next) {
			if (!k->keep[child])
				continue;
			if (only != MARKUP_NONE ||
			    nodes[child].kind == MARKUP_TEXT)
				break;
			only = child;
		}
		if (child != MARKUP_NONE || only == MARKUP_NONE)
			break;
		at = only;
	}
	while (!can_stand(k, at))
		at = nodes[at].parent;
	return at;
}

void kept_find(struct kept *out, const struct choice *c, const struct blocks *b,
               const struct markup *m, const uint32_t *gone, struct arena *a)
{
	struct keeper k = { c, b, m, gone, arena_new(a, m->node_count) };
	uint32_t i;

	for (i = (uint32_t)m->node_count; i-- > 1;) {
		if (is_leaf(&k, i))
			k.keep[i] = keeps_leaf(&k, i);
		k.keep[m->nodes[i].parent] |= k.keep[i];
	}
	keep_cells(&k);
	out->keep = k.keep;
	out->root = root(&k);
}
