#include "base/text/paper.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/memory.h"
#include "base/text/lines.h"
#include "base/text/markdown.h"
#include "base/text/markdown_link.h"

void paper_init(struct paper *p, const struct document_links *links,
                struct buf *out)
{
	static const struct document_links none;

	*p = (struct paper){
		.links = links ? links : &none,
		.link = BUF_INIT(LIMIT_LINK),
	};
	flow_init(&p->flow, out);
}

void paper_release(struct paper *p)
{
	flow_release(&p->flow);
	buf_release(&p->link);
	free(p->lists);
}

/* The label of an admonition, where its first block begins. */
static void paper_label(struct paper *p)
{
	struct slice label = p->label;

	p->label = (struct slice){ 0 };
	if (!label.len)
		return;
	flow_mark_open(&p->flow, FLOW_STRONG, label);
	flow_text(&p->flow, label, true);
	if (!p->label_alone)
		flow_raw(&p->flow, SLICE(":"));
	flow_mark_close(&p->flow);
}

void paper_paragraph(struct paper *p)
{
	bool goes_on = p->label.len && !p->label_alone;

	flow_gap(&p->flow, 2);
	paper_label(p);
	if (goes_on)
		flow_space(&p->flow);
	else
		flow_gap(&p->flow, 2);
}

void paper_block(struct paper *p)
{
	flow_gap(&p->flow, 2);
	if (!p->label.len)
		return;
	paper_label(p);
	flow_gap(&p->flow, 2);
}

void paper_heading_open(struct paper *p, unsigned level)
{
	paper_block(p);
	flow_heading_open(&p->flow, level < 1 ? 1 : level > 6 ? 6 : level);
}

void paper_heading_close(struct paper *p)
{
	flow_heading_close(&p->flow);
}

void paper_list_open(struct paper *p, bool ordered)
{
	struct paper_list list = {
		.ordered = ordered,
		.number = 1,
		.mark = ordered ? '.' : '-',
	};

	if (p->label.len)
		paper_block(p);
	if (p->flow.list_end == list.mark)
		list.mark = ordered ? ')' : '*';
	flow_gap(&p->flow, p->list_count ? 1 : 2);
	p->lists = memory_room(p->lists, p->list_count, &p->list_cap,
	                       sizeof(*p->lists));
	p->lists[p->list_count++] = list;
}

void paper_list_close(struct paper *p)
{
	char mark = p->lists[--p->list_count].mark;

	flow_gap_set(&p->flow, p->list_count ? 1 : 2);
	p->flow.list_end = mark;
}

void paper_item_open(struct paper *p, int64_t number)
{
	struct paper_list *list = &p->lists[p->list_count - 1];
	char first[24];

	flow_gap(&p->flow, 1);
	if (number > 0 && number <= 99999999)
		list->number = number;
	if (list->ordered)
		snprintf(first, sizeof(first), "%d%c ", (int)list->number++,
		         list->mark);
	else
		snprintf(first, sizeof(first), "%c ", list->mark);
	p->flow.list_end = 0;
	flow_box_open(&p->flow, first, &"            "[12 - strlen(first)]);
}

void paper_item_close(struct paper *p)
{
	flow_gap_set(&p->flow, 1);
	flow_box_close(&p->flow);
	p->flow.list_end = 0;
}

void paper_term(struct paper *p)
{
	paper_block(p);
}

void paper_definition_open(struct paper *p)
{
	flow_gap_set(&p->flow, 1);
	flow_box_open(&p->flow, ": ", "  ");
}

void paper_definition_close(struct paper *p)
{
	flow_gap(&p->flow, 2);
	flow_box_close(&p->flow);
}

void paper_quote_open(struct paper *p)
{
	paper_block(p);
	flow_box_open(&p->flow, "> ", "> ");
}

void paper_admonition_open(struct paper *p, struct slice label,
                           struct slice title)
{
	paper_quote_open(p);
	p->label = label;
	p->label_alone = false;
	if (!title.len || line_same(title, label))
		return;
	flow_mark_open(&p->flow, FLOW_STRONG, label);
	flow_text(&p->flow, label, true);
	flow_raw(&p->flow, SLICE(":"));
	flow_space(&p->flow);
	flow_text(&p->flow, title, false);
	flow_mark_close(&p->flow);
	p->label = (struct slice){ 0 };
}

void paper_quote_close(struct paper *p)
{
	paper_block(p);
	flow_box_close(&p->flow);
}

struct slice paper_admonition_label(struct slice kind)
{
	static const char *const labels[] = {
		"Note",     "Tip",      "Important", "Warning", "Caution",
		"Danger",   "Error",    "Attention", "Hint",    "Info",
		"Success",  "Question", "Failure",   "Bug",     "Example",
		"Abstract", "Quote",    "Summary",   "Todo",    "See also",
	};
	size_t i;

	for (i = 0; i < sizeof(labels) / sizeof(labels[0]); i++)
		if (line_same(kind, slice_of(labels[i])))
			return slice_of(labels[i]);
	if (line_same(kind, SLICE("seealso")))
		return SLICE("See also");
	return (struct slice){ 0 };
}

void paper_rule(struct paper *p)
{
	paper_block(p);
	flow_line(&p->flow);
	buf_text(p->flow.out, p->list_count ? "***" : "---");
	flow_gap(&p->flow, 2);
}

void paper_code(struct paper *p, struct slice language, struct slice text)
{
	size_t i = 0;

	paper_block(p);
	language = slice_trim(language);
	while (i < language.len && i < 32 &&
	       (line_word(language.at[i]) || strchr("+#-.", language.at[i])))
		i++;
	while (text.len && text.at[text.len - 1] == '\n')
		text.len--;
	if (!line_blank(text))
		flow_fence(&p->flow, slice_cut(language, 0, i), text);
}

void paper_title_open(struct paper *p)
{
	paper_block(p);
	paper_mark(p, FLOW_STRONG);
}

void paper_title_close(struct paper *p)
{
	flow_mark_close(&p->flow);
	flow_gap(&p->flow, 2);
}

void paper_table_open(struct paper *p, unsigned columns, const char *align)
{
	paper_block(p);
	p->columns = columns > PAPER_COLUMNS ? PAPER_COLUMNS : columns;
	p->align = align;
	p->row = 0;
}

void paper_row_open(struct paper *p)
{
	p->column = 0;
	if (p->columns < 2)
		return;
	flow_gap(&p->flow, 2);
	if (p->row)
		flow_gap_set(&p->flow, 1);
	flow_line(&p->flow);
	buf_byte(p->flow.out, '|');
}

bool paper_cell_open(struct paper *p)
{
	if (p->columns < 2) {
		flow_gap(&p->flow, 2);
		return true;
	}
	if (p->column == p->columns)
		return false;
	flow_cell_open(&p->flow);
	return true;
}

void paper_cell_close(struct paper *p)
{
	if (p->columns < 2) {
		flow_gap(&p->flow, 2);
		return;
	}
	flow_cell_close(&p->flow);
	p->column++;
}

/* The line below the head. */
static void paper_table_rule(struct paper *p)
{
	unsigned i;

	flow_line(&p->flow);
	buf_byte(p->flow.out, '|');
	for (i = 0; i < p->columns; i++) {
		char align = p->align ? p->align[i] : 0;

		buf_text(p->flow.out, align == 'c'   ? " :-: |"
		                      : align == 'r' ? " --: |"
		                      : align == 'l' ? " :-- |"
		                                     : " --- |");
	}
}

void paper_row_close(struct paper *p)
{
	if (p->columns < 2)
		return;
	for (; p->column < p->columns; p->column++)
		buf_text(p->flow.out, " |");
	if (!p->row++)
		paper_table_rule(p);
	flow_gap_set(&p->flow, 1);
}

void paper_table_close(struct paper *p)
{
	p->columns = 0;
	flow_gap(&p->flow, 2);
}

static bool paper_resolve(struct paper *p, struct slice href)
{
	buf_reset(&p->link);
	return href.len && markdown_link(p->links->base, href, &p->link) &&
	       !buf_full(&p->link);
}

void paper_link_open(struct paper *p, struct slice href)
{
	if (paper_resolve(p, href))
		flow_mark_open(&p->flow, FLOW_LINK, buf_slice(&p->link));
	else
		flow_mark_open(&p->flow, FLOW_NOTHING, href);
}

void paper_page_open(struct paper *p, struct slice name)
{
	struct buf href = BUF_INIT(LIMIT_LINK);
	size_t mark = slice_find(name, '#');

	if (p->links->page &&
	    p->links->page(p->links->self, slice_trim(slice_cut(name, 0, mark)),
	                   &href)) {
		buf_add(&href, slice_cut(name, mark, name.len));
		paper_link_open(p, buf_slice(&href));
	} else {
		flow_mark_open(&p->flow, FLOW_NOTHING, name);
	}
	buf_release(&href);
}

void paper_address(struct paper *p, struct slice href)
{
	if (p->flow.open[FLOW_LINK] || !paper_resolve(p, href)) {
		flow_text(&p->flow, href, true);
		return;
	}
	flow_raw(&p->flow, SLICE("<"));
	buf_add(p->flow.out, buf_slice(&p->link));
	buf_byte(p->flow.out, '>');
}

void paper_image(struct paper *p, struct slice href, struct slice alt)
{
	alt = slice_trim(alt);
	if (!alt.len)
		alt = SLICE("image");
	paper_link_open(p, href);
	flow_text(&p->flow, alt, true);
	flow_mark_close(&p->flow);
}

void paper_mark(struct paper *p, enum flow_mark_kind kind)
{
	flow_mark_open(&p->flow, kind, (struct slice){ 0 });
}

void paper_aside(struct paper *p, struct paper_aside *a)
{
	a->flow = p->flow;
	a->text = BUF_INIT(LIMIT_LINK);
	flow_init(&p->flow, &a->text);
}

void paper_aside_end(struct paper *p, struct paper_aside *a, struct buf *out)
{
	flow_release(&p->flow);
	p->flow = a->flow;
	markdown_text(buf_slice(&a->text), out);
	buf_release(&a->text);
}
