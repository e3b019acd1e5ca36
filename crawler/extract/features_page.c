/*
 * The container scores follow Readability: each paragraph gives points to the
 * elements around it, fewer the further away, and links take from them. They
 * are counted in hundredths, so that sums are exact.
 */

#include "crawler/extract/features_page.h"

#include "base/hash.h"
#include "crawler/extract/model.h"
#include "crawler/extract/numbering.h"

enum {
	PARAGRAPH_WORDS = 15,
	SHORT_WORDS = 25,  /* blocks that are looked at whole */
	HEAD_POINTS = 160, /* of longer ones */
	UNIT_WORDS = 15,
	GROUP_WORDS = 20,
};

static void *array(struct arena *a, size_t count, size_t size)
{
	return arena_array(a, count + 1, size);
}

static bool is_paragraph(const struct wording *w)
{
	return w->words >= PARAGRAPH_WORDS &&
	       (uint64_t)w->linked * 100 < (uint64_t)w->words * 35;
}

static struct slice head(const struct block *b)
{
	size_t at = 0;
	uint32_t points = 0;

	if (b->wording.words <= SHORT_WORDS)
		return b->text;
	for (; at < b->text.len; at++)
		if (((unsigned char)b->text.at[at] & 0xC0) != 0x80 &&
		    points++ == HEAD_POINTS)
			break;
	return slice_cut(b->text, 0, at);
}

static void read_blocks(struct features_page *p, const struct blocks *b,
                        struct numbering *twins)
{
	uint32_t i, last = MARKUP_NONE;

	p->h1 = MARKUP_NONE;
	for (i = 0; i < b->block_count; i++) {
		const struct block *k = &b->blocks[i];
		const struct wording *w = &k->wording;

		p->words[i + 1] = p->words[i] + w->words;
		p->linked[i + 1] = p->linked[i] + w->linked;
		p->paragraph[i + 1] =
		        p->paragraph[i] + (is_paragraph(w) ? w->words : 0);
		p->lexicon[i] = lexicon_of(head(k));
		p->twin[i] = numbering_of(twins, hash64(k->text));
		p->twins[p->twin[i]]++;
		if (k->flags & BLOCK_HEADING)
			last = i;
		if (k->flags & BLOCK_H1 && p->h1 == MARKUP_NONE)
			p->h1 = i;
		p->heading[i] = last;
	}
}

static uint64_t signature_of(const struct blocks *b, uint32_t node)
{
	return node == MARKUP_NONE ? 0 : b->nodes[node].signature;
}

static uint32_t parent_of(const struct blocks *b, uint32_t node)
{
	return node == MARKUP_NONE ? MARKUP_NONE : b->nodes[node].parent;
}

/* Element, parent and grandparent by their signatures. */
static uint64_t path_of(const struct blocks *b, uint32_t node)
{
	uint32_t up = parent_of(b, node);

	return numbering_mix(signature_of(b, node),
	                     numbering_mix(signature_of(b, up),
	                                   signature_of(b, parent_of(b, up))));
}

static void group(struct features_page *p, const struct blocks *b,
                  struct arena *a)
{
	struct numbering groups, paths;
	uint32_t i;

	numbering_init(&groups, a);
	numbering_init(&paths, a);
	for (i = 0; i < b->node_count; i++) {
		const struct block_node *n = &b->nodes[i];
		struct feature_node *f = &p->nodes[i];
		struct feature_group *g;

		f->group = numbering_of(&groups,
		                        numbering_mix(n->parent, n->signature));
		g = &p->groups[f->group];
		f->index = g->count++;
		g->words += p->words[n->end] - p->words[n->first];
		f->path = numbering_of(&paths, path_of(b, i));
	}
	for (i = 0; i < b->block_count; i++) {
		const struct block *k = &b->blocks[i];
		struct feature_group *g = &p->paths[p->nodes[k->owner].path];

		g->count++;
		g->words += k->wording.words;
		g->linked += k->wording.linked;
	}
}

/* Of each token of the page. */
static const float *token_weights(const struct element_tokens *t,
                                  struct arena *a)
{
	float *weights = array(a, t->numbers.count, sizeof(*weights));
	size_t i;

	for (i = 0; i < t->numbers.count; i++)
		weights[i] = model_token(t->texts[i]);
	return weights;
}

static float token_score(const float *weights, const struct block_node *n)
{
	float most = 0, least = 0;
	uint32_t i;

	for (i = 0; i < n->token_count; i++) {
		float w = weights[n->tokens[i]];

		if (w > most)
			most = w;
		if (w < least)
			least = w;
	}
	return most + least;
}

static void weigh_tokens(struct feature_node *f, const struct feature_node *up)
{
	f->token_sum = f->token_max = f->token_min = f->token;
	if (!up)
		return;
	f->token_sum = (float)(up->token_sum * 0.8 + f->token);
	if (up->token_max > f->token)
		f->token_max = up->token_max;
	if (up->token_min < f->token)
		f->token_min = up->token_min;
}

static uint64_t group_words(const struct features_page *p, uint32_t node)
{
	return node == MARKUP_NONE ? 0 : p->groups[p->nodes[node].group].words;
}

/* The largest group of sisters around each node, from the top down. */
static void hand_down(struct features_page *p, const struct blocks *b,
                      const float *weights)
{
	uint32_t i;

	for (i = 0; i < b->node_count; i++) {
		struct feature_node *f = &p->nodes[i];
		const struct feature_group *g = &p->groups[f->group];
		uint32_t up = b->nodes[i].parent;

		f->unit = MARKUP_NONE;
		f->token = token_score(weights, &b->nodes[i]);
		weigh_tokens(f, up == MARKUP_NONE ? NULL : &p->nodes[up]);
		if (up != MARKUP_NONE) {
			f->unit = p->nodes[up].unit;
			f->small = p->nodes[up].small;
		}
		if (g->count >= 2 &&
		    g->words >= (uint64_t)UNIT_WORDS * g->count &&
		    g->words * 1000 > group_words(p, f->unit) * 999)
			f->unit = i;
		if (g->count >= 3 &&
		    g->words < (uint64_t)UNIT_WORDS * g->count &&
		    g->count > f->small)
			f->small = g->count;
	}
}

static bool is_leaf(uint8_t tag)
{
	return tag == TAG_P || tag == TAG_LI || tag == TAG_PRE ||
	       tag == TAG_TD || tag == TAG_DD || tag == TAG_BLOCKQUOTE;
}

static void give_points(struct features_page *p, const struct blocks *b,
                        const struct block *k)
{
	static const unsigned shares[] = { 100, 50, 33, 20 };
	const struct wording *w = &k->wording;
	double points = 100 + 100.0 * w->commas;
	uint32_t node = k->owner;
	size_t i;

	points += w->words >= 100 ? 400 : 4 * w->words;
	if (is_leaf(b->nodes[node].tag) && b->nodes[node].parent != MARKUP_NONE)
		node = b->nodes[node].parent;
	for (i = 0; i < 4 && node != MARKUP_NONE; i++) {
		p->nodes[node].score += points * shares[i];
		node = b->nodes[node].parent;
	}
}

static void score(struct features_page *p, const struct blocks *b)
{
	uint32_t i;

	for (i = 0; i < b->block_count; i++)
		if (is_paragraph(&b->blocks[i].wording))
			give_points(p, b, &b->blocks[i]);
	for (i = 0; i < b->node_count; i++) {
		const struct block_node *n = &b->nodes[i];
		uint32_t words = p->words[n->end] - p->words[n->first];
		uint32_t linked = p->linked[n->end] - p->linked[n->first];

		if (words)
			p->nodes[i].score =
			        p->nodes[i].score * (words - linked) / words;
		if (p->nodes[i].score > p->nodes[p->top].score)
			p->top = i;
	}
}

/* The deepest node that holds so many percent of the paragraphs' words. */
static uint32_t deepest(const struct features_page *p, const struct blocks *b,
                        unsigned percent)
{
	uint64_t all = p->paragraph[b->block_count];
	uint32_t node = 0, child;

	for (child = 1; all && child < b->nodes[node].after;) {
		const struct block_node *n = &b->nodes[child];
		uint64_t words = p->paragraph[n->end] - p->paragraph[n->first];

		if (words * 100 >= all * percent)
			node = child++;
		else
			child = n->after;
	}
	return node;
}

static float share(uint64_t part, uint64_t all)
{
	return (float)((double)part / (double)(all ? all : 1));
}

/* The largest group of long sisters, and the largest of short ones. */
static void group_columns(const struct features_page *p, const struct blocks *b,
                          float **to)
{
	uint64_t all = p->words[b->block_count];
	struct feature_group large = { 0 }, small = { 0 };
	uint32_t i;

	for (i = 0; i < b->node_count; i++) {
		const struct feature_group *g = &p->groups[i];
		bool is_long = g->words >= (uint64_t)GROUP_WORDS * g->count;

		if (g->count >= 2 && is_long && g->words > large.words)
			large = *g;
		if (g->count >= 4 && !is_long && g->words > small.words)
			small = *g;
	}
	*(*to)++ = share(large.words, all);
	*(*to)++ = (float)large.count;
	*(*to)++ = share(large.words, large.count);
	*(*to)++ = share(small.words, all);
	*(*to)++ = (float)small.count;
}

static void size_columns(const struct features_page *p, const struct blocks *b,
                         float **to)
{
	uint32_t cells = 0, paragraphs = 0, words = 0, i;

	for (i = 0; i < b->node_count; i++)
		cells += b->nodes[i].tag == TAG_TD;
	for (i = 0; i < b->block_count; i++) {
		const struct wording *w = &b->blocks[i].wording;

		if (w->words < PARAGRAPH_WORDS ||
		    (uint64_t)w->linked * 10 >= (uint64_t)w->words * 3)
			continue;
		paragraphs++;
		words += w->words;
	}
	*(*to)++ = (float)p->words[b->block_count];
	*(*to)++ = (float)b->block_count;
	*(*to)++ = (float)cells;
	*(*to)++ = share(words, p->words[b->block_count]);
	*(*to)++ = (float)paragraphs;
}

static void lexicon_columns(const struct features_page *p,
                            const struct blocks *b, float **to)
{
	uint32_t hits[LEXICON_KINDS] = { 0 }, i, j;

	for (i = 0; i < b->block_count; i++)
		for (j = 0; j < LEXICON_KINDS; j++)
			hits[j] += b->blocks[i].wording.words <= SHORT_WORDS &&
			           (p->lexicon[i] >> j & 1);
	*(*to)++ = (float)hits[LEXICON_BYLINE];
	for (j = 0; j < LEXICON_KINDS; j++)
		*(*to)++ = share(hits[j], b->block_count);
}

static void read_columns(struct features_page *p, const struct blocks *b)
{
	float *to = p->columns;
	uint32_t i;

	for (i = 0; i < SIGN_COUNT; i++)
		*to++ = p->signs.is[i];
	*to++ = element_tokens_find(&b->tokens,
	                            SLICE("y:discussionforumposting")) !=
	        MARKUP_NONE;
	size_columns(p, b, &to);
	lexicon_columns(p, b, &to);
	group_columns(p, b, &to);
}

uint32_t features_words(struct slice s, uint64_t *out, uint32_t most)
{
	uint64_t hash = 0, met = 0; /* met: by low bits of the hash */
	uint32_t count = 0, i;
	size_t at = 0;

	while (count < most) {
		bool end = at >= s.len;
		uint32_t point = 0;

		if (!end && wording_inside(wording_next(s, &at, &point))) {
			if (point >= 'A' && point <= 'Z')
				point += 32;
			hash = hash * 0x100000001B3u + point + 1;
			continue;
		}
		i = met >> (hash & 63) & 1 ? 0 : count;
		while (i < count && out[i] != hash)
			i++;
		if (hash && i == count)
			out[count++] = hash;
		met |= UINT64_C(1) << (hash & 63);
		hash = 0;
		if (end)
			break;
	}
	return count;
}

struct features_page *features_page_read(const struct blocks *b,
                                         const struct markup *m,
                                         struct slice url, struct arena *a)
{
	static const unsigned percents[] = { 50, 75, 92 };
	struct features_page *p = arena_new(a, sizeof(*p));
	struct numbering twins;
	uint32_t i;

	p->words = array(a, b->block_count, sizeof(*p->words));
	p->linked = array(a, b->block_count, sizeof(*p->linked));
	p->paragraph = array(a, b->block_count, sizeof(*p->paragraph));
	p->lexicon = array(a, b->block_count, sizeof(*p->lexicon));
	p->twin = array(a, b->block_count, sizeof(*p->twin));
	p->twins = array(a, b->block_count, sizeof(*p->twins));
	p->heading = array(a, b->block_count, sizeof(*p->heading));
	p->nodes = array(a, b->node_count, sizeof(*p->nodes));
	p->groups = array(a, b->node_count, sizeof(*p->groups));
	p->paths = array(a, b->node_count, sizeof(*p->paths));
	numbering_init(&twins, a);
	read_blocks(p, b, &twins);
	group(p, b, a);
	hand_down(p, b, token_weights(&b->tokens, a));
	score(p, b);
	for (i = 0; i < 3; i++)
		p->deep[i] = deepest(p, b, percents[i]);
	page_signs_read(&p->signs, m, url);
	p->title_count = features_words(p->signs.title, p->title, TITLE_WORDS);
	marks_read(&p->marks, b, m, p->words, a);
	read_columns(p, b);
	return p;
}
