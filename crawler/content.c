/*
 * Rules go first: they know what a configured container is, which program
 * wrote a wiki's page, whether it asks for a password, and which marks within
 * a line of text are none of it. Then the model says which blocks are content.
 * It was trained on whole pages of the web: of pages with a handful of words
 * the rules know more.
 */

#include "crawler/content.h"

#include "crawler/content_rules.h"
#include "crawler/extract/choice.h"
#include "crawler/extract/kept.h"
#include "crawler/extract/part.h"
#include "crawler/extract/whole.h"

enum { CONTENT_FEW_WORDS = 100 };

struct content_work {
	const struct markup *m;
	struct arena *arena;
	struct content_rules rules;
	struct content *out;
};

static void take_part(struct content_work *w, uint32_t root, const bool *keep)
{
	struct content *out = w->out;
	struct part part;

	part_copy(&part, w->m, root, keep, w->arena);
	out->node = root;
	out->part = part.tree;
	out->nodes = part.nodes;
	out->origin = part.origin;
	out->heading = part.heading;
	out->text = part.text;
	out->linked = part.linked;
}

/* The container of the rules without what is gone. */
static void by_rules(struct content_work *w)
{
	bool *keep = arena_new(w->arena, w->m->node_count);
	size_t i;

	for (i = 0; i < w->m->node_count; i++)
		keep[i] = w->rules.gone[i] == MARKUP_NONE;
	w->out->rule = content_rule_name(w->rules.rule);
	take_part(w, w->rules.node, keep);
}

static void by_model(struct content_work *w, struct choice *choice,
                     const struct blocks *b)
{
	struct kept kept;

	whole_make(choice, b, w->m);
	kept_find(&kept, choice, b, w->m, w->rules.gone, w->arena);
	w->out->rule = w->rules.rule && w->rules.rule < RULE_ARTICLE_BODY
	                       ? content_rule_name(w->rules.rule)
	                       : "model";
	take_part(w, kept.root, kept.keep);
}

static uint32_t words(const struct blocks *b)
{
	uint32_t sum = 0, i;

	for (i = 0; i < b->block_count; i++)
		sum += b->blocks[i].wording.words;
	return sum;
}

void content_find(struct content *out, const struct markup *m, struct slice url,
                  const struct content_select *select, struct arena *a)
{
	struct content_work w = { .m = m, .arena = a, .out = out };
	struct features features;
	struct choice choice;
	struct blocks blocks;

	*out = (struct content){ .heading = MARKUP_NONE, .rule = "body" };
	if (!m->node_count)
		return;
	content_rules_find(&w.rules, m, select, a);
	out->password = w.rules.password;
	out->page = w.rules.page;
	blocks_read(&blocks, m, a);
	features_read(&features, &blocks, m, url, a);
	choice_make(&choice, &features, a);
	out->certainty = choice.certainty;
	if (w.rules.rule == RULE_SELECT)
		out->certainty = 1;
	if (w.rules.rule == RULE_SELECT || words(&blocks) < CONTENT_FEW_WORDS)
		by_rules(&w);
	else
		by_model(&w, &choice, &blocks);
}

void content_drop(struct content *c, uint32_t n)
{
	c->nodes[n].kind = MARKUP_TEXT;
	c->nodes[n].name = c->nodes[n].text = (struct slice){ 0 };
	c->nodes[n].first = MARKUP_NONE;
}

/* Letters, digits, '-', '_' and what is not ASCII; returns how many bytes. */
static size_t select_name(struct slice s)
{
	size_t i;

	for (i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.at[i];

		if (!(c >= 0x80 || c == '-' || c == '_' ||
		      (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
		      (c >= 'A' && c <= 'Z')))
			break;
	}
	return i;
}

bool content_select(struct content_select *out, struct slice text,
                    struct fault *f)
{
	struct slice s = slice_trim(text);
	size_t len = select_name(s);

	*out = (struct content_select){ .tag = slice_cut(s, 0, len) };
	s = slice_cut(s, len, s.len);
	while (s.len > 1 && (s.at[0] == '#' || s.at[0] == '.')) {
		struct slice *to = s.at[0] == '#' ? &out->id : &out->class;

		len = select_name(slice_cut(s, 1, s.len));
		if (!len || to->len)
			break;
		*to = slice_cut(s, 1, 1 + len);
		s = slice_cut(s, 1 + len, s.len);
	}
	if (!s.len && (out->tag.len || out->id.len || out->class.len))
		return true;
	return fault(f, FAULT_USAGE, "content-select",
	             "'%.*s' is not a tag, #id or .class", SLICE_ARG(text));
}
