/*
 * A row is written left to right, in the order of feature_names. Raw counts,
 * no logarithms: a tree only asks what is larger.
 */

#include "crawler/extract/features.h"

#include <assert.h>

#include "crawler/extract/features_page.h"

enum {
	TWIN_WORDS = 40, /* of a block, compared with the title's */
	AROUND = 8,      /* blocks of the window on either side */
	LEVELS = 5,
};

/* What is being written. */
struct row {
	const struct blocks *b;
	const struct features_page *p;
	const struct block *k;
	uint32_t i, owner;
	float *to;
};

static void put(struct row *r, double value)
{
	*r->to++ = (float)value;
}

static double share(uint64_t part, uint64_t all)
{
	return (double)part / (double)(all ? all : 1);
}

static void put_own(struct row *r)
{
	const struct wording *w = &r->k->wording;
	unsigned flag;

	put(r, w->words);
	put(r, share(w->linked, w->words));
	put(r, share(w->points, w->words));
	put(r, share(w->commas, w->words));
	put(r, w->sentences);
	put(r, w->closed);
	put(r, share(w->digits, w->points));
	put(r, share(w->capitals, w->points));
	put(r, w->small_start);
	put(r, r->b->nodes[r->owner].tag);
	put(r, r->b->nodes[r->owner].depth);
	put(r, r->p->twins[r->p->twin[r->i]]);
	for (flag = 0; flag < BLOCK_FLAG_COUNT; flag++)
		put(r, r->k->flags >> flag & 1);
}

static void put_ancestor(struct row *r, uint32_t first, uint32_t end)
{
	const struct features_page *p = r->p;
	uint32_t words = p->words[end] - p->words[first];
	uint32_t paragraph = p->paragraph[end] - p->paragraph[first];

	put(r, words);
	put(r, share(p->linked[end] - p->linked[first], words));
	put(r, share(paragraph, words));
	put(r, share(paragraph, p->paragraph[r->b->block_count]));
	put(r, end - first);
}

static void put_ancestors(struct row *r)
{
	uint32_t node = r->owner, level;

	for (level = 0; level <= LEVELS; level++) {
		/* Above the first node is the page. */
		const struct block_node *n =
		        &r->b->nodes[node == MARKUP_NONE ? 0 : node];

		if (level != 4)
			put_ancestor(r, n->first, n->end);
		if (node != MARKUP_NONE)
			node = n->parent;
	}
}

static bool is_in(const struct row *r, uint32_t node)
{
	return r->b->nodes[node].first <= r->i && r->i < r->b->nodes[node].end;
}

/* Where it stands to the containers of the paragraphs. */
static void put_container(struct row *r)
{
	const struct features_page *p = r->p;
	const struct block_node *n = &r->b->nodes[p->deep[1]];
	uint32_t up = r->b->nodes[r->owner].parent, j;
	double score = p->nodes[r->owner].score;

	put(r, is_in(r, p->top));
	for (j = 0; j < 3; j++)
		put(r, is_in(r, p->deep[j]));
	if (is_in(r, p->deep[1]))
		put(r, share(r->i - n->first, n->end - n->first));
	else
		put(r, r->i < n->first ? -1 : 2);
	if (up != MARKUP_NONE && p->nodes[up].score > score)
		score = p->nodes[up].score;
	put(r, p->nodes[p->top].score > 0 ? score / p->nodes[p->top].score : 0);
}

/* Where it stands in the units that repeat. */
static void put_unit(struct row *r)
{
	const struct features_page *p = r->p;
	const struct feature_node *f = &p->nodes[r->owner];
	const struct block_node *n;
	static const struct feature_group none;
	const struct feature_group *g = &none;
	uint32_t words, paragraph, j;

	if (f->unit != MARKUP_NONE)
		g = &p->groups[p->nodes[f->unit].group];
	put(r, g->count);
	put(r, share(g->words, g->count));
	put(r, share(g->words, p->words[r->b->block_count]));
	put(r, f->small);
	if (f->unit == MARKUP_NONE) {
		for (j = 0; j < 5; j++)
			put(r, -1);
		return;
	}
	n = &r->b->nodes[f->unit];
	words = p->words[n->end] - p->words[n->first];
	paragraph = p->paragraph[n->end] - p->paragraph[n->first];
	put(r, r->i - n->first);
	put(r, n->end - r->i);
	put(r, share(p->words[r->i] - p->words[n->first], words));
	put(r, share(paragraph, words));
	put(r, p->nodes[f->unit].index);
}

static const struct feature_group *path_of(const struct row *r)
{
	return &r->p->paths[r->p->nodes[r->owner].path];
}

static void put_place(struct row *r)
{
	const struct features_page *p = r->p;
	const struct feature_group *g = path_of(r);
	uint32_t count = r->b->block_count;

	put(r, g->count);
	put(r, share(g->words, g->count));
	put(r, share(g->linked, g->words));
	put(r, share(g->words, p->words[count]));
	put(r, share(r->i, count));
	put(r, share(p->words[r->i], p->words[count]));
	put(r, share(p->paragraph[r->i], p->paragraph[count]));
	put(r, count - r->i);
	put(r, p->h1 == MARKUP_NONE ? -999 : (double)r->i - p->h1);
	put(r, (r->k->flags & BLOCK_MAIN) != 0);
}

static void put_neighbour(struct row *r, int step)
{
	uint32_t j = r->i + (uint32_t)step;
	bool close = step > -3 && step < 3, next = step == 1 || step == -1;
	int columns;

	if (j < r->b->block_count) {
		const struct block *k = &r->b->blocks[j];

		put(r, k->wording.words);
		put(r, share(k->wording.linked, k->wording.words));
		if (close)
			put(r, r->b->nodes[k->owner].tag);
		if (next)
			put(r, r->p->nodes[k->owner].path ==
			               r->p->nodes[r->owner].path);
		return;
	}
	for (columns = 2 + close; columns; columns--)
		put(r, -1);
	if (next)
		put(r, 0);
}

static void put_neighbours(struct row *r)
{
	const struct features_page *p = r->p;
	uint32_t first = r->i < AROUND ? 0 : r->i - AROUND;
	uint32_t end = r->i + AROUND + 1, words;
	int step;

	for (step = -3; step <= 3; step++)
		if (step)
			put_neighbour(r, step);
	if (end > r->b->block_count)
		end = r->b->block_count;
	words = p->words[end] - p->words[first];
	put(r, share(p->paragraph[end] - p->paragraph[first], words));
	put(r, share(p->linked[end] - p->linked[first], words));
}

static void put_lexicon(struct row *r)
{
	static const enum lexicon of_heading[] = {
		LEXICON_ACCOUNT, LEXICON_SHARE,   LEXICON_RELATED,
		LEXICON_CONTROL, LEXICON_COMMENT, LEXICON_BYLINE
	};
	uint32_t heading = r->p->heading[r->i], kinds = 0, j;

	for (j = 0; j < LEXICON_KINDS; j++)
		put(r, r->p->lexicon[r->i] >> j & 1);
	if (heading == MARKUP_NONE) {
		for (j = 0; j < 3; j++)
			put(r, -1);
	} else {
		const struct block *h = &r->b->blocks[heading];

		kinds = r->p->lexicon[heading];
		put(r, r->i - heading);
		put(r, r->b->nodes[h->owner].tag);
		put(r, h->wording.words);
	}
	for (j = 0; j < 6; j++)
		put(r, kinds >> of_heading[j] & 1);
}

/* The share of words in common with the page's <title>. */
static double title_share(const struct row *r)
{
	const struct features_page *p = r->p;
	uint64_t words[TWIN_WORDS];
	uint32_t count, common = 0, i, j, all;

	if (!p->title_count)
		return 0;
	count = features_words(r->k->text, words, TWIN_WORDS);
	for (i = 0; i < count; i++)
		for (j = 0; j < p->title_count; j++)
			common += words[i] == p->title[j];
	all = count + p->title_count - common;
	if (count == TWIN_WORDS)
		all += r->k->wording.words - count;
	return share(common, all);
}

static void put_tokens(struct row *r)
{
	const struct feature_node *f = &r->p->nodes[r->owner];
	uint32_t node = r->owner, level;

	put(r, f->token_sum);
	put(r, f->token_max);
	put(r, f->token_min);
	for (level = 0; level < 5; level++) {
		put(r, node == MARKUP_NONE ? 0 : r->p->nodes[node].token);
		if (node != MARKUP_NONE)
			node = r->b->nodes[node].parent;
	}
}

static void put_page(struct row *r)
{
	unsigned marks = r->p->marks.flags[r->owner], j;

	for (j = 0; j < PAGE_COLUMNS; j++)
		put(r, r->p->columns[j]);
	put(r, (marks & MARK_NEGATIVE) != 0);
	put(r, (marks & MARK_POST) != 0);
	put(r, (marks & MARK_CONTAINER) != 0);
	put(r, r->p->marks.posts);
	put(r, r->p->marks.container);
}

void features_row(const struct features *f, uint32_t i,
                  float row[FEATURE_COUNT])
{
	const struct block *k = &f->blocks->blocks[i];
	struct row r = { f->blocks, f->page, k, i, k->owner, row };

	put_own(&r);
	put_ancestors(&r);
	put_container(&r);
	put_unit(&r);
	put_place(&r);
	put_neighbours(&r);
	put_lexicon(&r);
	put(&r, title_share(&r));
	put_tokens(&r);
	put_page(&r);
	assert(r.to == row + FEATURE_COUNT);
}

void features_read(struct features *out, const struct blocks *b,
                   const struct markup *m, struct slice url, struct arena *a)
{
	out->blocks = b;
	out->page = features_page_read(b, m, url, a);
	out->documentation = out->page->signs.documentation;
}

uint32_t features_twin(const struct features *f, uint32_t i)
{
	return f->page->twin[i];
}
