/*
 * The tree is flat and in document order, so that leaving out a subtree is
 * leaving out a run of it. A kept node finds its new parent by a table of new
 * numbers, and hangs itself behind that parent's last child.
 */

#include "crawler/wiki_tree.h"

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* The next word of *rest; false at the end. */
static bool next_word(struct slice *rest, struct slice *word)
{
	size_t from = 0, to;

	while (from < rest->len && is_blank(rest->at[from]))
		from++;
	for (to = from; to < rest->len && !is_blank(rest->at[to]);)
		to++;
	*word = slice_cut(*rest, from, to);
	*rest = slice_cut(*rest, to, rest->len);
	return word->len > 0;
}

bool wiki_tree_has_class(const struct markup *m, uint32_t n, const char *class)
{
	struct slice rest = markup_attribute(m, &m->nodes[n], "class"), word;

	while (next_word(&rest, &word))
		if (slice_eq(word, slice_of(class)))
			return true;
	return false;
}

struct slice wiki_tree_class_rest(const struct markup *m, uint32_t n,
                                  const char *head)
{
	struct slice rest = markup_attribute(m, &m->nodes[n], "class"), word;
	struct slice start = slice_of(head);

	while (next_word(&rest, &word))
		if (slice_starts(word, start) && word.len > start.len)
			return slice_cut(word, start.len, word.len);
	return (struct slice){ 0 };
}

uint32_t wiki_tree_class(const struct markup *m, uint32_t root,
                         const char *class)
{
	uint32_t end = markup_end(m, root);

	for (uint32_t i = root; i < end; i++)
		if (wiki_tree_has_class(m, i, class))
			return i;
	return MARKUP_NONE;
}

uint32_t wiki_tree_id(const struct markup *m, uint32_t root, const char *id)
{
	uint32_t end = markup_end(m, root);

	for (uint32_t i = root; i < end; i++)
		if (slice_eq(markup_attribute(m, &m->nodes[i], "id"),
		             slice_of(id)))
			return i;
	return MARKUP_NONE;
}

uint32_t wiki_tree_name(const struct markup *m, uint32_t root, const char *name)
{
	uint32_t end = markup_end(m, root);

	for (uint32_t i = root; i < end; i++)
		if (slice_eq(m->nodes[i].name, slice_of(name)))
			return i;
	return MARKUP_NONE;
}

void wiki_tree_text(const struct markup *m, uint32_t root, struct buf *out)
{
	uint32_t end = markup_end(m, root);
	size_t start = out->len;
	bool gap = false;

	for (uint32_t i = root; i < end; i++) {
		struct slice s = m->nodes[i].text;

		if (m->nodes[i].kind != MARKUP_TEXT)
			continue;
		for (size_t j = 0; j < s.len; j++) {
			if (is_blank(s.at[j])) {
				gap = true;
				continue;
			}
			if (gap && out->len > start)
				buf_byte(out, ' ');
			gap = false;
			buf_byte(out, s.at[j]);
		}
	}
}

/* The copy under way. */
struct pruning {
	struct markup_node *nodes;
	uint32_t count;
	uint32_t *last; /* child of each new node */
	struct markup_attribute *attributes;
	uint32_t attribute_count;
};

static uint32_t hang(struct pruning *p, const struct markup_node *n,
                     uint32_t parent)
{
	uint32_t at = p->count++;

	p->nodes[at] = *n;
	p->nodes[at].parent = parent;
	p->nodes[at].first = p->nodes[at].next = MARKUP_NONE;
	p->last[at] = MARKUP_NONE;
	if (parent == MARKUP_NONE)
		return at;
	if (p->last[parent] == MARKUP_NONE)
		p->nodes[parent].first = at;
	else
		p->nodes[p->last[parent]].next = at;
	p->last[parent] = at;
	return at;
}

static void change(struct pruning *p, struct markup_node *n,
                   enum wiki_tree_fate fate, struct slice language,
                   struct arena *a)
{
	struct buf class = BUF_INIT(256);

	if (fate == TREE_UNWRAP) {
		n->name = SLICE("span");
		n->attribute_count = 0;
	}
	if (fate != TREE_CODE)
		return;
	buf_text(&class, "language-");
	buf_add(&class, language);
	n->attribute = p->attribute_count++;
	n->attribute_count = 1;
	p->attributes[n->attribute] =
	        (struct markup_attribute){ SLICE("class"),
		                           arena_copy(a, buf_slice(&class)) };
	buf_release(&class);
}

/* All attributes of the run keep their numbers; those of code come behind. */
static void copy_attributes(struct pruning *p, const struct markup *m,
                            uint32_t root, uint32_t end, struct arena *a)
{
	uint32_t count = 0, code = 0;

	for (uint32_t i = root; i < end; i++) {
		const struct markup_node *n = &m->nodes[i];

		if (n->attribute_count &&
		    n->attribute + n->attribute_count > count)
			count = n->attribute + n->attribute_count;
		code += slice_eq(n->name, SLICE("pre"));
	}
	p->attributes =
	        arena_array(a, (size_t)count + code + 1, sizeof *p->attributes);
	if (count)
		memcpy(p->attributes, m->attributes,
		       count * sizeof *p->attributes);
	p->attribute_count = count;
}

struct markup wiki_tree_prune(const struct markup *m, uint32_t root,
                              uint32_t leave, wiki_tree_rule *rule,
                              struct arena *a)
{
	uint32_t end = markup_end(m, root);
	uint32_t *now = arena_array(a, end - root, sizeof *now);
	struct pruning p = { 0 };

	p.nodes = arena_array(a, end - root, sizeof *p.nodes);
	p.last = arena_array(a, end - root, sizeof *p.last);
	copy_attributes(&p, m, root, end, a);
	for (uint32_t i = root; i < end; i++) {
		struct markup_node n = m->nodes[i];
		struct slice language = { 0 };
		enum wiki_tree_fate fate = TREE_KEEP;

		if (i != root && n.kind == MARKUP_ELEMENT)
			fate = rule(m, i, &language);
		if (fate == TREE_DROP || (i == leave && i != root)) {
			i = markup_end(m, i) - 1;
			continue;
		}
		if (fate == TREE_CODE && !slice_eq(n.name, SLICE("pre")))
			fate = TREE_KEEP;
		change(&p, &n, fate, language, a);
		now[i - root] = hang(
		        &p, &n, i == root ? MARKUP_NONE : now[n.parent - root]);
	}
	return (struct markup){ .nodes = p.nodes,
		                .node_count = p.count,
		                .attributes = p.attributes,
		                .truncated = m->truncated };
}
