#ifndef CRAWLER_EXTRACT_BLOCKS_H
#define CRAWLER_EXTRACT_BLOCKS_H

#include "base/arena.h"
#include "base/slice.h"
#include "base/text/markup_tree.h"
#include "crawler/extract/element_tags.h"
#include "crawler/extract/element_tokens.h"
#include "crawler/extract/wording.h"

/*
 * A page as the model sees it: block elements, and between their edges runs
 * of text, each with at least one word. Blocks lie in the page's order, so
 * that what stands below an element is a run of them, and sums over it are
 * differences of two sums.
 *
 * Hidden elements and <noscript> take part: tabs, accordions and the plain
 * copies of forums hold text that people read. Scripts, styles, pictures and
 * fields of forms do not.
 */
struct block_node {
	uint32_t parent;     /* in `nodes`; MARKUP_NONE for the first */
	uint32_t page;       /* the element's number in the page */
	uint32_t first, end; /* its blocks */
	uint32_t after;      /* behind the last node below it */
	uint32_t flags;      /* enum block_flags, with what it inherits */
	uint32_t token_count;
	const uint32_t *tokens; /* numbers in `tokens` of the page */
	uint64_t signature;     /* of its name and first tokens */
	uint16_t depth;
	uint8_t tag; /* enum block_tag */
};

struct block {
	struct slice text; /* white space folded, but for <pre> */
	struct wording wording;
	uint32_t owner;    /* the block element that it stands in */
	uint32_t flags;    /* of where it begins, inline elements too */
	uint32_t from, to; /* nodes of the page: its first and last text */
};

struct blocks {
	struct block_node *nodes; /* [0] holds all */
	uint32_t node_count;
	struct block *blocks;
	uint32_t block_count;
	/* By node of the page: the block that it is part of, or else the next
	 * one, which may be block_count; MARKUP_NONE in what is left out. */
	uint32_t *block_of;
	struct element_tokens tokens;
};

/* Made in `a` or borrowed from `m`, which has a root; linear in the page. */
void blocks_read(struct blocks *out, const struct markup *m, struct arena *a);

#endif
