/*
 * One walk over the tree in document order: what an element means comes from
 * markdown_tag.c and markdown_class.c, how it is written from markdown_flow.c.
 * What is written whole stands in markdown_leaf.c. Tables are looked at first:
 * one that no pipe table can hold (headings or tables in its cells, one
 * column) is written as a sequence of blocks.
 */

#include "base/text/markdown.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text/markdown_class.h"
#include "base/text/markdown_look.h"
#include "base/text/markdown_tag.h"
#include "base/text/markdown_walk.h"

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
	if (w->flow.mode == FLOW_CELL) {
		flow_raw(&w->flow, slice_trim(slice_of(first)));
		flow_space(&w->flow);
	}
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
	flow_gap(&w->flow, 2);
	if (!w->heading)
		(void)table_open(&w->table, w->m, n);
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
	if (w->table.node != MARKUP_NONE)
		table_row_open(&w->table, &w->flow);
}

static void leave_row(struct markdown *w)
{
	if (w->table.node == MARKUP_NONE)
		flow_gap(&w->flow, 2);
	else
		table_row_close(&w->table, &w->flow);
}

static void leave_cell(struct markdown *w, const struct markup_node *n)
{
	if (w->table.node == MARKUP_NONE)
		flow_gap(&w->flow, 2);
	else
		table_cell_close(&w->table, &w->flow, w->m, n);
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
	w->glued &= look_blank(n->text);
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
		markdown_image(w, node);
		return true;
	case TAG_INPUT:
		markdown_input(w, node);
		return true;
	case TAG_MATH:
		markdown_math(w, n);
		return true;
	case TAG_SUP:
		return markdown_reference(w, n);
	case TAG_PRE:
		markdown_pre(w, n);
		return true;
	default:
		return false;
	}
}

static void enter_block(struct markdown *w, uint32_t n, enum markdown_tag tag)
{
	const struct markup_node *node = &w->m->nodes[n];

	if (w->glued) {
		flow_space(&w->flow);
		return;
	}
	switch (tag) {
	case TAG_UL:
	case TAG_OL:
		enter_list(w, node, tag == TAG_OL);
		break;
	case TAG_LI:
		enter_item(w, node);
		break;
	case TAG_DD:
		if (look_indented(w->m, n)) {
			flow_gap(&w->flow, 2);
			break;
		}
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
			table_cell_open(&w->table, &w->flow);
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

/* Marks, buttons, and tabs whose panels say what they are. */
static bool is_dropped(const struct markdown *w, uint32_t n)
{
	return (markdown_class(w->m, &w->m->nodes[n]) & CLASS_DROPPED) ||
	       look_tabs(w->m, n);
}

/* The words of its tab before a panel. */
static void write_tab(struct markdown *w, uint32_t n)
{
	uint32_t tab = look_tab(w->m, n);

	if (tab == MARKUP_NONE || w->flow.mode != FLOW_BLOCKS)
		return;
	flow_gap(&w->flow, 2);
	enter_mark(w, FLOW_STRONG);
	flow_text(&w->flow, markdown_words(w, tab), false);
	flow_mark_close(&w->flow);
	flow_gap(&w->flow, 2);
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
	if (n == w->title || (node->attribute_count && is_dropped(w, n)))
		return false;
	if (w->glued && tag == TAG_BR)
		return false;
	w->glued &= tag == TAG_BLOCK || tag == TAG_TABLE || tag == TAG_ROWS ||
	            tag == TAG_ROW || tag == TAG_CELL;
	if (write_leaf(w, n, tag))
		return false;
	if (class_note(w->m, node)) {
		markdown_enter_note(w, n);
		return true;
	}
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
		return markdown_enter_link(w, n);
	case TAG_CODE:
		return markdown_enter_code(w, n);
	case TAG_RT:
		if (look_bare(w->m, n))
			flow_text(&w->flow, SLICE("("), true);
		break;
	default:
		write_tab(w, n);
		enter_block(w, n, tag);
	}
	return true;
}

static void leave(struct markdown *w, uint32_t n)
{
	const struct markup_node *node = &w->m->nodes[n];
	enum markdown_tag tag = markdown_tag(node->name);

	if (class_note(w->m, node)) {
		markdown_leave_note(w);
		return;
	}
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
	case TAG_RT:
		if (look_bare(w->m, n))
			flow_text(&w->flow, SLICE(")"), true);
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
		if (tag == TAG_BLOCKQUOTE || !look_indented(w->m, n))
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
                          bool pictures, struct slice base, struct buf *out)
{
	struct markdown w = {
		.m = m,
		.base = base,
		.deeper = deeper,
		.pictures = pictures,
		.scratch = BUF_INIT(out->ceiling),
		.link = BUF_INIT(out->ceiling),
		.table = { .node = MARKUP_NONE },
		.title = MARKUP_NONE,
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
	markdown_write_below(m, 0, 0, true, base, out);
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
