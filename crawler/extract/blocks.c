/*
 * One walk over the tree with a stack of what is open. Text is folded into one
 * long array as it comes; where a block element begins or ends, and at two
 * line breaks in a row, what has gathered becomes a block.
 */

#include "crawler/extract/blocks.h"

#include "base/hash.h"
#include "base/limits.h"

enum {
	SIGNATURE_TOKENS = 4,
	OPEN_MOST = LIMIT_DEPTH + 8, /* what is nested deeper is passed over */
};

/* An element that is open. */
struct open {
	uint32_t page;
	uint32_t owner; /* the block element around its text */
	uint32_t flags;
	bool block, link;
};

struct walk {
	const struct markup *m;
	struct blocks *out;
	struct arena *arena;
	struct open open[OPEN_MOST];
	size_t depth;     /* of `open` */
	char *text, *end; /* all that is folded; where the next piece goes */
	struct block run;
	unsigned breaks; /* in a row, white space apart */
	bool begun;      /* the run has a character */
};

static const struct open *top(const struct walk *w)
{
	static const struct open none = { .owner = MARKUP_NONE };

	return w->depth ? &w->open[w->depth - 1] : &none;
}

/* Pages with text outside their body have an element around all the same. */
static uint32_t first_node(struct walk *w)
{
	if (!w->out->node_count)
		w->out->nodes[w->out->node_count++] =
		        (struct block_node){ .parent = MARKUP_NONE,
			                     .tag = TAG_BODY };
	return 0;
}

static void flush(struct walk *w, uint32_t owner)
{
	wording_end(&w->run.wording);
	if (w->run.wording.words) {
		w->run.owner = owner == MARKUP_NONE ? first_node(w) : owner;
		w->run.text.len = (size_t)(w->end - w->run.text.at);
		w->out->blocks[w->out->block_count++] = w->run;
	}
	w->run = (struct block){ .text = { w->end, 0 } };
	w->begun = false;
	w->breaks = 0;
}

static bool keeps_space(const struct walk *w)
{
	uint32_t owner = top(w)->owner;

	return owner != MARKUP_NONE && w->out->nodes[owner].flags & BLOCK_PRE;
}

static void add_text(struct walk *w, struct slice s)
{
	const struct open *o = top(w);
	uint32_t before = w->run.wording.points;
	bool keep = keeps_space(w);

	w->end += wording_add(&w->run.wording, s, o->link, keep, w->end);
	if (w->run.wording.points == before || (keep && !slice_trim(s).len))
		return;
	if (!w->begun) {
		w->run.flags = o->flags;
		w->begun = true;
	}
	w->breaks = 0;
}

static void add_break(struct walk *w)
{
	const struct open *o = top(w);

	add_text(w, SLICE("\n"));
	if (++w->breaks >= 2 && !(o->flags & BLOCK_PRE))
		flush(w, o->owner);
}

static uint32_t flags_of(const struct markup *m, const struct markup_node *n)
{
	uint32_t flags = 0, i;

	for (i = 0; i < n->attribute_count; i++) {
		const struct markup_attribute *a =
		        &m->attributes[n->attribute + i];

		if (!a->name.len)
			continue;
		if (a->name.at[0] == 'r' && slice_eq(a->name, SLICE("role")))
			flags |= element_role(a->value);
		else if (slice_eq(a->name, SLICE("hidden")) ||
		         (a->name.at[0] == 's' &&
		          slice_eq(a->name, SLICE("style")) &&
		          element_hides(a->value)))
			flags |= BLOCK_HIDDEN;
		else if (slice_eq(a->name, SLICE("aria-hidden")) &&
		         slice_eq(a->value, SLICE("true")))
			flags |= BLOCK_ARIA_HIDDEN;
	}
	return flags;
}

static uint64_t signature(const struct element_tokens *t, struct slice name,
                          const uint32_t *tokens, uint32_t count)
{
	uint64_t hash = hash64(name);
	uint32_t i;

	for (i = 0; i < count && i < SIGNATURE_TOKENS; i++)
		hash = numbering_mix(hash, t->numbers.keys[tokens[i]]);
	return hash;
}

static uint32_t add_node(struct walk *w, uint32_t i, uint32_t parent,
                         uint8_t tag, uint32_t flags)
{
	struct blocks *out = w->out;
	const struct markup_node *n = &w->m->nodes[i];
	uint32_t tokens[TOKEN_MOST], count, at;
	struct block_node *node;

	count = element_tokens_read(&out->tokens, w->m, n, tokens);
	if (parent == MARKUP_NONE && out->node_count)
		parent = 0;
	at = out->node_count++;
	node = &out->nodes[at];
	*node = (struct block_node){ .parent = parent,
		                     .page = i,
		                     .first = out->block_count,
		                     .flags = flags,
		                     .token_count = count,
		                     .tag = tag };
	node->depth = parent == MARKUP_NONE
	                      ? 0
	                      : (uint16_t)(out->nodes[parent].depth + 1);
	node->signature = signature(&out->tokens, n->name, tokens, count);
	if (count) {
		uint32_t *copy = arena_array(w->arena, count, sizeof(*copy));

		memcpy(copy, tokens, count * sizeof(*copy));
		node->tokens = copy;
	}
	return at;
}

static void close(struct walk *w)
{
	const struct open *o = top(w);

	if (o->block) {
		struct block_node *node = &w->out->nodes[o->owner];

		flush(w, o->owner);
		node->end = w->out->block_count;
		node->after = w->out->node_count;
	}
	w->depth--;
}

static void take_text(struct walk *w, uint32_t i)
{
	w->out->block_of[i] = w->out->block_count;
	add_text(w, w->m->nodes[i].text);
}

/* Opens element `i`; returns the node to go on behind. */
static uint32_t enter(struct walk *w, uint32_t i)
{
	const struct markup_node *n = &w->m->nodes[i];
	const struct element_tag *tag = element_tag(n->name);
	struct open next = *top(w);

	if (tag->kind == ELEMENT_SKIPPED || w->depth == OPEN_MOST)
		return markup_end(w->m, i) - 1;
	if (tag->kind == ELEMENT_BREAK)
		add_break(w);
	next.page = i;
	next.flags |= tag->flags | flags_of(w->m, n);
	next.link |= (tag->flags & BLOCK_LINK) != 0;
	next.block = tag->kind == ELEMENT_BLOCK;
	if (next.block) {
		flush(w, next.owner);
		next.owner = add_node(w, i, next.owner, (uint8_t)tag->tag,
		                      next.flags);
	}
	w->out->block_of[i] = w->out->block_count;
	w->open[w->depth++] = next;
	return i;
}

/* Room for whatever the page may hold: every element a block, and a block
 * for every text and element. */
static void make_room(struct walk *w)
{
	size_t elements = 0, texts = 0, bytes = 0, i;

	for (i = 0; i < w->m->node_count; i++) {
		elements += w->m->nodes[i].kind == MARKUP_ELEMENT;
		texts += w->m->nodes[i].kind == MARKUP_TEXT;
		bytes += w->m->nodes[i].text.len;
	}
	w->out->block_of = arena_array(w->arena, i, sizeof(uint32_t));
	memset(w->out->block_of, 0xFF, i * sizeof(uint32_t));
	w->out->nodes =
	        arena_array(w->arena, elements + 1, sizeof(*w->out->nodes));
	w->out->blocks =
	        arena_array(w->arena, texts + 1, sizeof(*w->out->blocks));
	w->text = w->end = arena_new(w->arena, bytes + elements + texts + 1);
}

void blocks_read(struct blocks *out, const struct markup *m, struct arena *a)
{
	struct walk *w = arena_new(a, sizeof(*w));
	uint32_t i;

	*out = (struct blocks){ 0 };
	w->m = m;
	w->out = out;
	w->arena = a;
	element_tokens_init(&out->tokens, a);
	make_room(w);
	flush(w, MARKUP_NONE);
	for (i = 0; i < m->node_count; i++) {
		while (w->depth && top(w)->page != m->nodes[i].parent)
			close(w);
		if (m->nodes[i].kind == MARKUP_TEXT)
			take_text(w, i);
		else
			i = enter(w, i);
	}
	while (w->depth)
		close(w);
	flush(w, MARKUP_NONE);
	first_node(w);
	out->nodes[0].end = out->block_count;
	out->nodes[0].after = out->node_count;
}
