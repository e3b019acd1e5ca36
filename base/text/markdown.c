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
#include "base/text/markdown_tag.h"

enum { TABLE_COLUMNS = 64 };

struct list {
	bool ordered, tight;
	int64_t number;
	char mark; /* - or *, . or ) */
};

struct table {
	uint32_t node; /* MARKUP_NONE: we are in none */
	unsigned columns, column, row;
	char align[TABLE_COLUMNS]; /* l, c, r or 0 */
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
};

static enum markdown_tag tag_of(const struct markup_node *n)
{
	return n->kind == MARKUP_TEXT ? TAG_INLINE : markdown_tag(n->name);
}

static bool is_blank(struct slice s)
{
	return !slice_trim(s).len;
}

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

static bool language_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '#' ||
	       c == '.' || c == '_';
}

/* The language a class names: lang-x, language-x, "hljs x". */
static struct slice language_of(struct slice class)
{
	bool hljs = false;

	while (class.len) {
		size_t end = slice_find(class, ' ');
		struct slice word = slice_cut(class, 0, end), name = { 0 };
		size_t i = 0;

		class = slice_cut(class, end + 1, class.len);
		if (slice_starts(word, SLICE("lang-")))
			name = slice_cut(word, 5, word.len);
		else if (slice_starts(word, SLICE("language-")))
			name = slice_cut(word, 9, word.len);
		else if (hljs)
			name = word;
		if (slice_eq(word, SLICE("hljs")))
			hljs = true;
		while (i < name.len && i < 32 && language_byte(name.at[i]))
			i++;
		if (!i || i < name.len || slice_eq(name, SLICE("none")) ||
		    slice_eq(name, SLICE("default")) ||
		    slice_eq(name, SLICE("plaintext")))
			continue;
		return name;
	}
	return (struct slice){ 0 };
}

/* The language of a <pre>: its own class, or that of the <code> in it. */
static struct slice pre_language(const struct markup *m, uint32_t n)
{
	struct slice name =
	        language_of(markup_attribute(m, &m->nodes[n], "class"));
	uint32_t i;

	for (i = m->nodes[n].first; !name.len && i != MARKUP_NONE;
	     i = m->nodes[i].next)
		if (slice_eq(m->nodes[i].name, SLICE("code")))
			name = language_of(
			        markup_attribute(m, &m->nodes[i], "class"));
	return name;
}

static void write_pre(struct markdown *w, uint32_t n)
{
	struct slice s = whole_text(w, n);
	size_t head = s.len && s.at[0] == '\n';

	if (is_blank(s)) {
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
	flow_fence(&w->flow, pre_language(w->m, n), slice_cut(s, head, s.len));
}

/* <code> around a <pre> says nothing of its own. */
static bool enter_code(struct markdown *w, uint32_t n)
{
	uint32_t i;

	for (i = w->m->nodes[n].first; i != MARKUP_NONE;
	     i = w->m->nodes[i].next)
		if (tag_of(&w->m->nodes[i]) == TAG_PRE)
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

/* Tight: no item holds a paragraph. */
static bool list_tight(const struct markup *m, const struct markup_node *n)
{
	uint32_t item, i;

	for (item = n->first; item != MARKUP_NONE; item = m->nodes[item].next)
		for (i = m->nodes[item].first; i != MARKUP_NONE;
		     i = m->nodes[i].next)
			if (slice_eq(m->nodes[i].name, SLICE("p")))
				return false;
	return true;
}

/* Lines between the parts of what is around the list on top. */
static int list_gap(const struct markdown *w)
{
	return w->list_count && w->lists[w->list_count - 1].tight ? 1 : 2;
}

static int64_t number_of(struct slice s, int64_t otherwise)
{
	int64_t n;

	return slice_number(slice_trim(s), &n) && n >= 0 && n <= 99999999
	               ? n
	               : otherwise;
}

static void enter_list(struct markdown *w, const struct markup_node *n,
                       bool ordered)
{
	struct list list = {
		.ordered = ordered,
		.tight = list_tight(w->m, n),
		.number = number_of(markup_attribute(w->m, n, "start"), 1),
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
		list->number = number_of(markup_attribute(w->m, n, "value"),
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

/* What a cell may hold so that it fits into one line. */
static bool cell_holds(enum markdown_tag tag)
{
	switch (tag) {
	case TAG_PRE:
	case TAG_UL:
	case TAG_OL:
	case TAG_BLOCKQUOTE:
	case TAG_TABLE:
	case TAG_DD:
	case TAG_HR:
	case TAG_H1:
	case TAG_H2:
	case TAG_H3:
	case TAG_H4:
	case TAG_H5:
	case TAG_H6:
		return false;
	default:
		return true;
	}
}

static unsigned cell_span(const struct markup *m, const struct markup_node *n)
{
	int64_t span = number_of(markup_attribute(m, n, "colspan"), 1);

	return span < 1               ? 1
	       : span > TABLE_COLUMNS ? TABLE_COLUMNS
	                              : (unsigned)span;
}

static char cell_align(const struct markup *m, const struct markup_node *n)
{
	struct slice s = markup_attribute(m, n, "style");
	size_t at;

	if (!s.len)
		s = markup_attribute(m, n, "align");
	for (at = 0; at < s.len; at++) {
		struct slice rest = slice_cut(s, at, s.len);

		if (slice_starts(rest, SLICE("text-align:")))
			s = slice_trim(slice_cut(rest, 11, rest.len));
	}
	if (slice_starts(s, SLICE("right")))
		return 'r';
	if (slice_starts(s, SLICE("center")))
		return 'c';
	return slice_starts(s, SLICE("left")) ? 'l' : 0;
}

/* Counts the columns of a table that a pipe table can hold, or 0. */
static unsigned table_columns(const struct markup *m, uint32_t table,
                              struct table *t)
{
	uint32_t end = markup_end(m, table), i;
	unsigned columns = 0, most = 0, rows = 0;

	for (i = table + 1; i < end; i++) {
		const struct markup_node *n = &m->nodes[i];
		enum markdown_tag tag = tag_of(n);
		enum markdown_tag up = tag_of(&m->nodes[n->parent]);
		bool frame = up == TAG_TABLE || up == TAG_ROWS || up == TAG_ROW;

		if (n->kind == MARKUP_TEXT) {
			if (frame && !is_blank(n->text))
				return 0;
			continue;
		}
		if (!cell_holds(tag) || (tag == TAG_CELL) != (up == TAG_ROW))
			return 0;
		if (tag == TAG_ROW) {
			columns = 0;
			rows++;
		}
		if (tag == TAG_CELL) {
			if (rows == 1 && columns < TABLE_COLUMNS)
				t->align[columns] = cell_align(m, n);
			columns += cell_span(m, n);
			most = columns > most ? columns : most;
		}
		if (most > TABLE_COLUMNS)
			return 0;
	}
	return most;
}

static void enter_table(struct markdown *w, uint32_t n)
{
	struct table t = { .node = n };

	flow_gap(&w->flow, 2);
	t.columns = w->heading ? 0 : table_columns(w->m, n, &t);
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
	unsigned span = cell_span(w->m, n);

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

/* Whether something inline may follow text `n` in its block. */
static bool more_follows(const struct markup *m, const struct markup_node *n)
{
	if (n->next != MARKUP_NONE)
		return true;
	switch (tag_of(&m->nodes[n->parent])) {
	case TAG_BLOCK:
	case TAG_LI:
	case TAG_DD:
	case TAG_BLOCKQUOTE:
	case TAG_CELL:
		return false;
	default:
		return true;
	}
}

static void write_text(struct markdown *w, const struct markup_node *n)
{
	if (w->table.node != MARKUP_NONE && w->flow.mode != FLOW_CELL &&
	    is_blank(n->text))
		return;
	flow_text(&w->flow, n->text,
	          n->parent == MARKUP_NONE || more_follows(w->m, n));
}

static void enter_mark(struct markdown *w, enum flow_mark_kind kind)
{
	flow_mark_open(&w->flow, kind, (struct slice){ 0 });
}

static void enter_heading(struct markdown *w, enum markdown_tag tag)
{
	if (w->heading++ || w->flow.mode == FLOW_CELL)
		return;
	flow_heading_open(&w->flow, (unsigned)(tag - TAG_H1) + 1);
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
	switch (tag) {
	case TAG_INLINE:
	case TAG_ROWS:
		break;
	case TAG_A:
		return enter_link(w, n);
	case TAG_CODE:
		return enter_code(w, n);
	case TAG_STRONG:
		enter_mark(w, FLOW_STRONG);
		break;
	case TAG_EM:
		enter_mark(w, FLOW_EM);
		break;
	case TAG_DEL:
		enter_mark(w, FLOW_DELETED);
		break;
	case TAG_KBD:
		enter_mark(w, FLOW_KBD);
		break;
	case TAG_Q:
		enter_mark(w, FLOW_QUOTED);
		break;
	case TAG_SUP:
		enter_mark(w, FLOW_SUP);
		break;
	case TAG_SUB:
		enter_mark(w, FLOW_SUB);
		break;
	case TAG_H1:
	case TAG_H2:
	case TAG_H3:
	case TAG_H4:
	case TAG_H5:
	case TAG_H6:
		enter_heading(w, tag);
		break;
	default:
		enter_block(w, n, tag);
	}
	return true;
}

static void leave(struct markdown *w, uint32_t n)
{
	const struct markup_node *node = &w->m->nodes[n];
	enum markdown_tag tag = markdown_tag(node->name);

	switch (tag) {
	case TAG_INLINE:
	case TAG_ROWS:
	case TAG_CODE:
		break;
	case TAG_A:
	case TAG_STRONG:
	case TAG_EM:
	case TAG_DEL:
	case TAG_KBD:
	case TAG_Q:
	case TAG_SUP:
	case TAG_SUB:
		flow_mark_close(&w->flow);
		break;
	case TAG_H1:
	case TAG_H2:
	case TAG_H3:
	case TAG_H4:
	case TAG_H5:
	case TAG_H6:
		leave_heading(w);
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

static void walk(struct markdown *w)
{
	const struct markup_node *nodes = w->m->nodes;
	uint32_t n = 0;

	while (!buf_full(w->flow.out)) {
		if (enter(w, n)) {
			if (nodes[n].first != MARKUP_NONE) {
				n = nodes[n].first;
				continue;
			}
			leave(w, n);
		}
		while (nodes[n].next == MARKUP_NONE) {
			n = nodes[n].parent;
			if (n == MARKUP_NONE)
				return;
			leave(w, n);
		}
		n = nodes[n].next;
	}
}

void markdown_write(const struct markup *m, struct slice base, struct buf *out)
{
	struct markdown w = {
		.m = m,
		.base = base,
		.scratch = BUF_INIT(out->ceiling),
		.link = BUF_INIT(out->ceiling),
		.table = { .node = MARKUP_NONE },
	};

	if (!m->node_count)
		return;
	flow_init(&w.flow, out);
	walk(&w);
	flow_release(&w.flow);
	buf_release(&w.scratch);
	buf_release(&w.link);
	free(w.lists);
}
