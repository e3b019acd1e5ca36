/*
 * A table that holds others, or headings, is a frame for the page rather than
 * a table, and is left as the model saw it.
 */

#include "crawler/extract/whole.h"

#include "crawler/head.h"

enum {
	/* Of the words of one are kept: then the rest as well. */
	TABLE_PERCENT = 50,
	CODE_PERCENT = 50,
	LIST_PERCENT = 75,
	LABEL_WORDS = 4,
};

struct mender {
	struct choice *choice;
	const struct blocks *b;
	const struct markup *m;
};

static bool is(const struct mender *w, uint32_t node, const char *name)
{
	return slice_eq(w->m->nodes[w->b->nodes[node].page].name,
	                slice_of(name));
}

/* Whether the table is one of data. */
static bool is_plain_table(const struct mender *w, uint32_t table)
{
	const struct block_node *n = &w->b->nodes[table];
	uint32_t i;

	for (i = table + 1; i < n->after; i++)
		if (is(w, i, "table") || is(w, i, "form") ||
		    w->b->nodes[i].flags & ~n->flags & BLOCK_HEADING)
			return false;
	return true;
}

/* Whether the list holds text alone, rather than posts or cards. */
static bool is_plain_list(const struct mender *w, uint32_t list)
{
	uint32_t i;

	for (i = list + 1; i < w->b->nodes[list].after; i++)
		if (!is(w, i, "li") && !is(w, i, "p") && !is(w, i, "ul") &&
		    !is(w, i, "ol") && !is(w, i, "pre"))
			return false;
	return true;
}

/* Keeps all of what stands below the node if that much of it is kept. */
static void keep_mostly(const struct mender *w, uint32_t node, unsigned percent)
{
	const struct block_node *n = &w->b->nodes[node];
	uint64_t all = 0, kept = 0;
	uint32_t i;

	for (i = n->first; i < n->end; i++) {
		uint32_t words = w->b->blocks[i].wording.words;

		all += words;
		kept += w->choice->kept[i] ? words : 0;
	}
	if (kept && kept * 100 >= all * percent)
		for (i = n->first; i < n->end; i++)
			w->choice->kept[i] = true;
}

/* Tables, listings and lists, the outermost of each. */
static void keep_whole(const struct mender *w)
{
	uint32_t i = 0;

	while (i < w->b->node_count) {
		bool code = w->b->nodes[i].tag == TAG_PRE;
		bool list = is(w, i, "ul") || is(w, i, "ol");

		if (!code && !list && !is(w, i, "table")) {
			i++;
			continue;
		}
		if (code || (list && is_plain_list(w, i)))
			keep_mostly(w, i, code ? CODE_PERCENT : LIST_PERCENT);
		else if (!list && is_plain_table(w, i))
			keep_mostly(w, i, TABLE_PERCENT);
		else {
			i++;
			continue;
		}
		i = w->b->nodes[i].after;
	}
}

/* A heading right before kept text that stands beside it. */
static void keep_headings(const struct mender *w)
{
	uint32_t i;

	for (i = w->b->block_count; i-- > 1;) {
		const struct block *k = &w->b->blocks[i - 1];
		const struct block_node *up = &w->b->nodes[k->owner];

		if (!w->choice->kept[i] || w->choice->kept[i - 1] ||
		    !(k->flags & BLOCK_HEADING) || k->flags & BLOCK_HIDDEN ||
		    up->parent == MARKUP_NONE)
			continue;
		up = &w->b->nodes[up->parent];
		if (i < up->end && !(w->b->blocks[i].flags & BLOCK_HEADING))
			w->choice->kept[i - 1] = true;
	}
}

static bool says_copy(struct slice s)
{
	static const char *const words[] = {
		"copy",
		"copied",
		"copy code",
		"copy to clipboard",
		"copied!",
		"\u590D\u5236",
		"\u590D\u5236\u4EE3\u7801",
		"\u8907\u88FD",
		"\u30B3\u30D4\u30FC",
		"\uBCF5\uC0AC",
	};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (head_same(s, slice_of(words[i])))
			return true;
	return false;
}

/* Whether a <pre> starts in the row behind the block. */
static bool has_listing(const struct mender *w, uint32_t row, uint32_t block)
{
	const struct block_node *n = &w->b->nodes[row];
	uint32_t next = block + 1;

	return next < n->end && w->b->blocks[next].flags & BLOCK_PRE &&
	       !(w->b->blocks[next].wording.words <=
	         w->b->blocks[next].wording.digits);
}

/* Nothing but numbers, and more than one of them or in a cell. */
static bool is_gutter(const struct mender *w, const struct block *k)
{
	uint8_t tag = w->b->nodes[k->owner].tag;
	uint32_t row;

	if (tag != TAG_PRE && tag != TAG_TD && tag != TAG_DIV)
		return false;
	if (k->wording.sentences || k->wording.capitals ||
	    k->text.len > k->wording.digits + k->wording.words + 2)
		return false;
	for (row = k->owner; row != MARKUP_NONE && !is(w, row, "tr");)
		row = w->b->nodes[row].parent;
	return row != MARKUP_NONE &&
	       has_listing(w, row, (uint32_t)(k - w->b->blocks));
}

static void drop_marks(const struct mender *w)
{
	uint32_t i;

	for (i = 0; i < w->b->block_count; i++) {
		const struct block *k = &w->b->blocks[i];

		if (w->choice->kept[i] && k->wording.words <= LABEL_WORDS &&
		    says_copy(k->text))
			w->choice->kept[i] = false;
		if (w->choice->kept[i] && k->wording.digits && is_gutter(w, k))
			w->choice->kept[i] = false;
	}
}

void whole_make(struct choice *c, const struct blocks *b,
                const struct markup *m)
{
	struct mender w = { c, b, m };

	keep_whole(&w);
	keep_headings(&w);
	drop_marks(&w);
}
