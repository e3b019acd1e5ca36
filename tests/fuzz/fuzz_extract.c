/*
 * A page without the process border: its blocks, the features of each, what
 * the model says of them, and the part of the page that is kept. The first
 * line is its address.
 */

#include "must.h"

#include <math.h>

#include "base/hash.h"
#include "base/text/markup_wire.h"
#include "base/text/markup_worker.h"
#include "base/utf8.h"
#include "crawler/content.h"
#include "crawler/extract/choice.h"
#include "crawler/extract/forest.h"

/* What holds of a part of a tree holds of a tree, and it is of that page. */
static void check_part(const struct content *c, const struct markup *m)
{
	const struct markup *part = &c->part;
	uint32_t i;

	must(part->node_count && part->nodes[0].parent == MARKUP_NONE);
	must(c->node < m->node_count && c->origin[0] == c->node);
	must(c->linked <= c->text);
	must(c->certainty >= 0 && c->certainty <= 1);
	for (i = 0; i < part->node_count; i++) {
		const struct markup_node *n = &part->nodes[i];

		must(!i || (n->parent < i && c->origin[i] > c->origin[i - 1]));
		must(n->first == MARKUP_NONE || n->first == i + 1);
		must(n->next == MARKUP_NONE ||
		     (n->next > i && n->next < part->node_count &&
		      part->nodes[n->next].parent == n->parent));
		must(m->nodes[c->origin[i]].kind == n->kind);
	}
}

static void check_blocks(const struct blocks *b, const struct markup *m)
{
	uint32_t i;

	must(b->node_count && b->nodes[0].parent == MARKUP_NONE);
	must(b->nodes[0].end == b->block_count && !b->nodes[0].first);
	for (i = 0; i < b->node_count; i++) {
		const struct block_node *n = &b->nodes[i];

		must(n->page < m->node_count && n->first <= n->end);
		must(n->after > i && n->after <= b->node_count);
		must(!i || (n->parent < i && n->page > b->nodes[i - 1].page));
		must(!i || n->end <= b->nodes[n->parent].end);
	}
	for (i = 0; i < b->block_count; i++) {
		const struct block *k = &b->blocks[i];
		const struct block_node *n = &b->nodes[k->owner];

		must(k->wording.words && k->text.len);
		must(k->wording.linked <= k->wording.words);
		must(k->wording.points <= k->text.len);
		must(n->first <= i && i < n->end);
		must(utf8_valid(k->text) == k->text.len);
	}
}

/* A fingerprint of all rows. */
static uint64_t check_rows(const struct features *f)
{
	float row[FEATURE_COUNT];
	uint64_t all = 0;
	uint32_t i, j;

	for (i = 0; i < f->blocks->block_count; i++) {
		features_row(f, i, row);
		for (j = 0; j < FEATURE_COUNT; j++)
			must(isfinite(row[j]));
		must(forest_probability(row) <= FOREST_ONE);
		all = all * 31 +
		      hash64((struct slice){ (const char *)row, sizeof(row) });
	}
	return all;
}

static uint64_t check_model(const struct markup *m, struct slice url,
                            struct arena *a)
{
	struct blocks b;
	struct features f;
	struct choice c;
	uint64_t all;

	blocks_read(&b, m, a);
	check_blocks(&b, m);
	features_read(&f, &b, m, url, a);
	all = check_rows(&f);
	choice_make(&c, &f, a);
	must(c.certainty >= 0 && c.certainty <= 1);
	return all;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct markup_worker *worker;
	struct slice all = { (const char *)data, size }, url, html;
	struct buf reply = BUF_INIT(MARKUP_REPLY_MOST);
	struct arena a = ARENA_INIT;
	struct content c;
	struct markup m;
	struct fault f;

	if (utf8_valid(all) != all.len || slice_find(all, 0) != all.len)
		return 0;
	if (!worker)
		worker = markup_worker_new();
	url = slice_cut(all, 0, slice_find(all, '\n'));
	html = slice_cut(all, url.len + 1, all.len);
	must(markup_worker_parse(worker, MARKUP_HTML, html, &reply));
	must(markup_wire_read(buf_slice(&reply), &a, &m, &f));
	must(check_model(&m, url, &a) == check_model(&m, url, &a));
	content_find(&c, &m, url, NULL, &a);
	check_part(&c, &m);
	buf_release(&reply);
	arena_release(&a);
	return 0;
}
