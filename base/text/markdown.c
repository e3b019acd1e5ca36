/*
 * One walk over the tree in document order: what an element means comes from
 * markdown_tag.c, how it is written from markdown_flow.c. Code, links whose
 * text is their address, and tables are looked at as a whole first; a table
 * that no pipe table can hold (blocks or tables in its cells, one column) is
 * written as a sequence of blocks.
 */

#include "base/text/markdown.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text/markdown_flow.h"
#include "base/text/markdown_link.h"
#include "base/text/markdown_look.h"
#include "base/text/markdown_tag.h"

struct list {
	bool ordered, tight;
	int64_t number;
	char mark; /* - or *, . or ) */
};

struct table {
	uint32_t node; /* MARKUP_NONE: we are in none */
	unsigned columns, column, row;
	char align[LOOK_COLUMNS]; /* l, c, r or 0 */
};

struct markdown {
	const struct markup *m;
	struct slice base;
	struct flow flow;
	struct buf scratch, link;
	struct list *lists;
	size_t list_count, list_cap;
	struct table table;
	unsigned heading; /* headings open */
	int deeper;       /* levels by which they are written lower */
};

/* The text below a node, <br> as a newline. Borrowed until the next call. */
static struct slice whole_text(struct markdown *w, uint32_t n)
{
	uint32_t end = markup_end(w->m, n), i;

	buf_reset(&w->scratch);
	for (i = n + 1; i < end; i++) {
		const struct markup_node *node = &w->m->nodes[i];

		if (node->kind == MARKUP_TEXT)
			buf_add(&w->scratch, node->text);
		else if (slice_eq(node->name, SLICE("br")))
			buf_byte(&w->scratch, '\n');
	}
	return buf_slice(&w->scratch);
}

static void write_pre(struct markdown *w, uint32_t n)
{
	struct slice s = whole_text(w, n);
	size_t head = s.len && s.at[0] == '\n';

	if (look_blank(s)) {
		flow_gap(&w->flow, 2);
		return;
	}
	if (w->flow.mode != FLOW_BLOCKS) {
		flow_gap(&w->flow, 2);
		flow_code(&w->flow, s);
		flow_gap(&w->flow, 2);
		return;
	}
	while (s.len && (s.at[s.len - 1] == '\n' || s.at[s.len - 1] == '\r'))
		s.len--;
	flow_fence(&w->flow, look_language(w->m, n), slice_cut(s, head, s.len));
}

/* <code> around a <pre> says nothing of its own. */
static bool enter_code(struct markdown *w, uint32_t n)
{
	uint32_t i;

	for (i = w->m->nodes[n].first; i != MARKUP_NONE;
	     i = w->m->nodes[i].next)
		if (look_tag(&w->m->nodes[i]) == TAG_PRE)
			return true;
	flow_code(&w->flow, whole_text(w, n));
	return false;
}

/* Resolves an address into w->link. */
static bool resolve(struct markdown *w, struct slice href)
{
	buf_reset(&w->link);
	return markdown_link(w->base, href, &w->link);
}

static bool enter_link(struct markdown *w, uint32_t n)
{
	const struct markup_node *node = &w->m->nodes[n];
	struct slice href = markup_attribute(w->m, node, "href");
	const struct markup_node *child =
	        node->first == MARKUP_NONE ? NULL : &w->m->nodes[node->first];
	struct slice to;

	if (!resolve(w, href)) {
		flow_mark_open(&w->flow, FLOW_NOTHING, href);
		return true;
	}
	to = buf_slice(&w->link);
	if (child && child->next == MARKUP_NONE &&
	    slice_eq(slice_trim(child->text), to) && !w->flow.open[FLOW_LINK] &&
	    (slice_starts(to, SLICE("http://")) ||
	     slice_starts(to, SLICE("https://")))) {
		flow_raw(&w->flow, SLICE("<"));
		buf_add(w->flow.out, to);
		buf_byte(w->flow.out, '>');
		return false;
	}
	flow_mark_open(&w->flow, FLOW_LINK, to);
	return true;
}

/* An image is a link to it; within a link only its words. */
static void write_image(struct markdown *w, const struct markup_node *n)
{
	struct slice alt = slice_trim(markup_attribute(w->m, n, "alt"));
	bool inside = w->flow.open[FLOW_LINK];

	if (!alt.len || slice_eq(alt, SLICE("enter image description here")))
		alt = SLICE("image");
	if (!inside && !resolve(w, markup_attribute(w->m, n, "src")))
		return;
	if (!inside)
		flow_mark_open(&w->flow, FLOW_LINK, buf_slice(&w->link));
	flow_text(&w->flow, alt, true);
	if (!inside)
		flow_mark_close(&w->flow);
}

static void write_math(struct markdown *w, const struct markup_node *n)
{
	struct slice tex = slice_trim(markup_attribute(w->m, n, "alttext"));

	if (!tex.len || slice_find(tex, '$') < tex.len)
		return;
	flow_raw(&w->flow, SLICE("$"));
	flow_raw(&w->flow, tex);
	buf_byte(w->flow.out, '$');
}

/* Lines between the parts of what is around the list on top. */
static int list_gap(const struct markdown *w)
{
	return w->list_count && w->lists[w->list_count - 1].tight ? 1 : 2;
}

static void enter_list(struct markdown *w, const struct markup_node *n,
                       bool ordered)
{
	struct list list = {
		.ordered = ordered,
		.tight = look_tight(w->m, n),
		.number = look_number(markup_attribute(w->m, n, "start"), 1),
		.mark = ordered ? '.' : '-',
	};

	/* A list right behind its like would go on with it. */
	if (w->flow.list_end == list.mark)
		list.mark = ordered ? ')' : '*';
	flow_gap(&w->flow, list_gap(w));
	w->lists = memory_room(w->lists, w->list_count, &w->list_cap,
	                       sizeof(*w->lists));
	w->lists[w->list_count++] = list;
}

static void leave_list(struct markdown *w)
{
	char mark = w->lists[--w->list_count].mark;

	flow_gap_set(&w->flow, list_gap(w));
	w->flow.list_end = mark;
}

static void enter_item(struct markdown *w, const struct markup_node *n)
{
	struct list alone = { .tight = true, .mark = '-' };
	struct list *list =
	        w->list_count ? &w->lists[w->list_count - 1] : &alone;
	char first[24];

	flow_gap(&w->flow, list->tight ? 1 : 2);
	if (list->ordered) {
		list->number = look_number(markup_attribute(w->m, n, "value"),
		                           list->number);
		snprintf(first, sizeof(first), "%d%c ", (int)list->number++,
		         list->mark);
	} else {
		snprintf(first, sizeof(first), "%c ", list->mark);
	}
	w->flow.list_end = 0;
	flow_box_open(&w->flow, first, &"            "[12 - strlen(first)]);
}

static void leave_item(struct markdown *w)
{
	flow_gap_set(&w->flow, w->list_count ? list_gap(w) : 1);
	flow_box_close(&w->flow);
	w->flow.list_end = 0;
}

static void enter_table(struct markdown *w, uint32_t n)
{
	struct table t = { .node = n };

	flow_gap(&w->flow, 2);
	t.columns = w->heading ? 0 : look_columns(w->m, n, t.align);
	if (t.columns > 1)
		w->table = t;
}

static void leave_table(struct markdown *w, uint32_t n)
{
	if (w->table.node == n)
		w->table.node = MARKUP_NONE;
	flow_gap(&w->flow, 2);
}

static void enter_row(struct markdown *w)
{
	flow_gap(&w->flow, 2);
	if (w->table.node == MARKUP_NONE)
		return;
	if (w->table.row)
		flow_gap_set(&w->flow, 1);
	flow_line(&w->flow);
	buf_byte(w->flow.out, '|');
	w->table.column = 0;
}

/* The line below the head: | :-- | --- | --: | */
static void write_rule(struct markdown *w)
{
	unsigned i;

	flow_line(&w->flow);
	buf_byte(w->flow.out, '|');
	for (i = 0; i < w->table.columns; i++) {
		char align = w->table.align[i];

		buf_text(w->flow.out, align == 'c'   ? " :-: |"
		                      : align == 'r' ? " --: |"
		                      : align == 'l' ? " :-- |"
		                                     : " --- |");
	}
}

static void leave_row(struct markdown *w)
{
	if (w->table.node == MARKUP_NONE) {
		flow_gap(&w->flow, 2);
		return;
	}
	for (; w->table.column < w->table.columns; w->table.column++)
		buf_text(w->flow.out, " |");
	if (!w->table.row++)
		write_rule(w);
	flow_gap_set(&w->flow, 1);
}

static void leave_cell(struct markdown *w, const struct markup_node *n)
{
	unsigned span = look_span(w->m, n);

	if (w->table.node == MARKUP_NONE) {
		flow_gap(&w->flow, 2);
		return;
	}
	flow_cell_close(&w->flow);
	for (w->table.column += span; span > 1; span--)
		buf_text(w->flow.out, " |");
}

static void write_rule_line(struct markdown *w)
{
	flow_gap(&w->flow, 2);
	if (w->flow.mode != FLOW_BLOCKS)
		return;
	flow_line(&w->flow);
	/* "- ---" would itself be a rule, not an item with one. */
	buf_text(w->flow.out, w->list_count ? "***" : "---");
	flow_gap(&w->flow, 2);
}

static void write_text(struct markdown *w, const struct markup_node *n)
{
	if (w->table.node != MARKUP_NONE && w->flow.mode != FLOW_CELL &&
	    look_blank(n->text))
		return;
	flow_text(&w->flow, n->text,
	          n->parent == MARKUP_NONE || look_more(w->m, n));
}

static void enter_mark(struct markdown *w, enum flow_mark_kind kind)
{
	flow_mark_open(&w->flow, kind, (struct slice){ 0 });
}

static void enter_heading(struct markdown *w, enum markdown_tag tag)
{
	int level;

	if (w->heading++ || w->flow.mode == FLOW_CELL)
		return;
	level = (int)(tag - TAG_H1) + 1 + w->deeper;
	flow_heading_open(&w->flow, (unsigned)(level > 6 ? 6 : level));
}

static void leave_heading(struct markdown *w)
{
	if (--w->heading || w->flow.mode == FLOW_CELL)
		return;
	flow_heading_close(&w->flow);
}

/* Elements that are written whole or left out: true when it was one. */
static bool write_leaf(struct markdown *w, uint32_t n, enum markdown_tag tag)
{
	const struct markup_node *node = &w->m->nodes[n];

	switch (tag) {
	case TAG_DROPPED:
		return true;
	case TAG_BR:
		flow_break(&w->flow);
		return true;
	case TAG_HR:
		write_rule_line(w);
		return true;
	case TAG_IMG:
		write_image(w, node);
		return true;
	case TAG_MATH:
		write_math(w, node);
		return true;
	case TAG_PRE:
		write_pre(w, n);
		return true;
	default:
		return false;
	}
}

static void enter_block(struct markdown *w, uint32_t n, enum markdown_tag tag)
{
	const struct markup_node *node = &w->m->nodes[n];

	switch (tag) {
	case TAG_UL:
	case TAG_OL:
		enter_list(w, node, tag == TAG_OL);
		break;
	case TAG_LI:
		enter_item(w, node);
		break;
	case TAG_DD:
		flow_gap_set(&w->flow, 1);
		flow_box_open(&w->flow, ": ", "  ");
		break;
	case TAG_BLOCKQUOTE:
		flow_gap(&w->flow, 2);
		flow_box_open(&w->flow, "> ", "> ");
		break;
	case TAG_TABLE:
		enter_table(w, n);
		break;
	case TAG_ROW:
		enter_row(w);
		break;
	case TAG_CELL:
		if (w->table.node == MARKUP_NONE)
			flow_gap(&w->flow, 2);
		else
			flow_cell_open(&w->flow);
		break;
	case TAG_SUMMARY:
		flow_gap(&w->flow, 2);
		enter_mark(w, FLOW_STRONG);
		break;
	default:
		flow_gap(&w->flow, 2);
	}
}

/* The mark an element puts around its content, if that is all it does. */
static enum flow_mark_kind mark_of(enum markdown_tag tag)
{
	static const enum flow_mark_kind marks[TAG_UL + 1] = {
		[TAG_STRONG] = FLOW_STRONG, [TAG_EM] = FLOW_EM,
		[TAG_DEL] = FLOW_DELETED,   [TAG_KBD] = FLOW_KBD,
		[TAG_Q] = FLOW_QUOTED,      [TAG_SUP] = FLOW_SUP,
		[TAG_SUB] = FLOW_SUB,
	};

	return marks[tag];
}

/* False: the children are done with. */
static bool enter(struct markdown *w, uint32_t n)
{
	const struct markup_node *node = &w->m->nodes[n];
	enum markdown_tag tag;

	if (node->kind == MARKUP_TEXT) {
		write_text(w, node);
		return false;
	}
	tag = markdown_tag(node->name);
	if (write_leaf(w, n, tag))
		return false;
	if (tag_is_heading(tag)) {
		enter_heading(w, tag);
		return true;
	}
	if (mark_of(tag) != FLOW_NOTHING) {
		enter_mark(w, mark_of(tag));
		return true;
	}
	switch (tag) {
	case TAG_INLINE:
	case TAG_ROWS:
		break;
	case TAG_A:
		return enter_link(w, n);
	case TAG_CODE:
		return enter_code(w, n);
	default:
		enter_block(w, n, tag);
	}
	return true;
}

static void leave(struct markdown *w, uint32_t n)
{
	const struct markup_node *node = &w->m->nodes[n];
	enum markdown_tag tag = markdown_tag(node->name);

	if (tag_is_heading(tag)) {
		leave_heading(w);
		return;
	}
	if (tag == TAG_A || mark_of(tag) != FLOW_NOTHING) {
		flow_mark_close(&w->flow);
		return;
	}
	switch (tag) {
	case TAG_INLINE:
	case TAG_ROWS:
	case TAG_CODE:
		break;
	case TAG_UL:
	case TAG_OL:
		leave_list(w);
		break;
	case TAG_LI:
		leave_item(w);
		break;
	case TAG_DD:
	case TAG_BLOCKQUOTE:
		flow_gap(&w->flow, 2);
		flow_box_close(&w->flow);
		break;
	case TAG_TABLE:
		leave_table(w, n);
		break;
	case TAG_ROW:
		leave_row(w);
		break;
	case TAG_CELL:
		leave_cell(w, node);
		break;
	case TAG_SUMMARY:
		flow_mark_close(&w->flow);
		flow_gap(&w->flow, 2);
		break;
	default:
		flow_gap(&w->flow, 2);
	}
}

static void walk(struct markdown *w, uint32_t root)
{
	const struct markup_node *nodes = w->m->nodes;
	uint32_t n = root;

	while (!buf_full(w->flow.out)) {
		if (enter(w, n)) {
			if (nodes[n].first != MARKUP_NONE) {
				n = nodes[n].first;
				continue;
			}
			leave(w, n);
		}
		while (n != root && nodes[n].next == MARKUP_NONE) {
			n = nodes[n].parent;
			leave(w, n);
		}
		if (n == root)
			return;
		n = nodes[n].next;
	}
}

void markdown_write_below(const struct markup *m, uint32_t n, int deeper,
                          struct slice base, struct buf *out)
{
	struct markdown w = {
		.m = m,
		.base = base,
		.deeper = deeper,
		.scratch = BUF_INIT(out->ceiling),
		.link = BUF_INIT(out->ceiling),
		.table = { .node = MARKUP_NONE },
	};

	if (n >= m->node_count)
		return;
	flow_init(&w.flow, out);
	walk(&w, n);
	flow_release(&w.flow);
	buf_release(&w.scratch);
	buf_release(&w.link);
	free(w.lists);
}

void markdown_write(const struct markup *m, struct slice base, struct buf *out)
{
	markdown_write_below(m, 0, 0, base, out);
}

void markdown_escape(struct slice s, struct buf *out)
{
	struct flow flow;

	flow_init(&flow, out);
	flow_heading_open(&flow, 1);
	flow.content = true; /* no mark of a heading before it */
	flow_text(&flow, s, false);
	flow_release(&flow);
}
