/*
 * Blocks line by line. What is open (delimited blocks, lists and their items)
 * stands on a stack; a line that does not fit what is open closes it. A style
 * above a block waits for it.
 */

#include "base/text/asciidoc.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text/asciidoc_parts.h"
#include "base/text/lines.h"
#include "base/utf8.h"

static struct asciidoc_container *top(struct asciidoc *p)
{
	return p->count ? &p->stack[p->count - 1] : NULL;
}

static void push(struct asciidoc *p, struct asciidoc_container it)
{
	p->stack = memory_room(p->stack, p->count, &p->cap, sizeof(*p->stack));
	p->stack[p->count++] = it;
}

static bool is_list(const struct asciidoc_container *c)
{
	return c && c->kind >= ASCIIDOC_BULLETS;
}

static void close_item(struct asciidoc *p, struct asciidoc_container *list)
{
	if (!list->item)
		return;
	list->item = false;
	if (list->kind == ASCIIDOC_TERMS)
		paper_definition_close(&p->paper);
	else
		paper_item_close(&p->paper);
}

static void pop(struct asciidoc *p)
{
	struct asciidoc_container *c = top(p);

	if (is_list(c)) {
		close_item(p, c);
		if (c->kind != ASCIIDOC_TERMS)
			paper_list_close(&p->paper);
	} else if (c->kind == ASCIIDOC_QUOTE) {
		asciidoc_attribution(p, c->attribution);
		paper_quote_close(&p->paper);
	}
	p->count--;
}

static void pop_lists(struct asciidoc *p)
{
	while (is_list(top(p)))
		pop(p);
}

/* Another block than an item begins: where it does not belong to the item
 * that is open, lists end. */
static void begin_block(struct asciidoc *p)
{
	struct asciidoc_container *c = top(p);

	if (is_list(c) && !p->attach) {
		if (c->kind == ASCIIDOC_TERMS && c->empty)
			c->empty = false;
		else
			pop_lists(p);
	} else if (is_list(c)) {
		c->empty = false;
	}
	p->attach = false;
	p->blanks = 0;
}

/* Closes the block that such a line closes; false: there is none. */
static bool close_delimited(struct asciidoc *p, char mark, size_t run)
{
	size_t i = p->count;

	while (i-- > 0) {
		struct asciidoc_container *c = &p->stack[i];

		if (is_list(c) || c->mark != mark || c->run != run)
			continue;
		while (p->count > i)
			pop(p);
		p->attach = false;
		p->blanks = 0;
		return true;
	}
	return false;
}

static void open_delimited(struct asciidoc *p, char mark, size_t run)
{
	struct asciidoc_container it = { .mark = mark, .run = run };
	struct slice label = asciidoc_label(p->style.name);
	bool quote = mark == '_' || slice_eq(p->style.name, SLICE("quote"));

	if (label.len && (mark == '=' || run == 2)) {
		paper_admonition_open(&p->paper, label, p->style.title);
		it.kind = ASCIIDOC_QUOTE;
	} else if (quote) {
		asciidoc_title(p);
		paper_quote_open(&p->paper);
		it.kind = ASCIIDOC_QUOTE;
		it.attribution = p->style.second;
	} else {
		asciidoc_title(p);
	}
	asciidoc_style_done(p);
	push(p, it);
}

static bool block_delimited(struct asciidoc *p, struct slice line)
{
	size_t run;
	char mark = asciidoc_delimiter(line, &run);
	struct slice name = p->style.name;

	if (!mark)
		return false;
	if (mark == '/') {
		asciidoc_verbatim(p, line);
		return true;
	}
	if (close_delimited(p, mark, run))
		return true;
	begin_block(p);
	if (strchr("|,:!", mark)) {
		asciidoc_title(p);
		asciidoc_table(p, asciidoc_verbatim(p, line), mark);
		asciidoc_style_done(p);
	} else if (mark == '`') {
		p->style.second = slice_cut(line, 3, line.len);
		p->style.name = SLICE("source");
		asciidoc_code(p, asciidoc_verbatim(p, line));
	} else if (slice_eq(name, SLICE("verse"))) {
		asciidoc_verse(p, asciidoc_verbatim(p, line));
	} else if (mark == '+' || slice_eq(name, SLICE("stem"))) {
		asciidoc_pass(p, asciidoc_verbatim(p, line));
	} else if (mark == '.' || (mark == '-' && run > 2) ||
	           slice_eq(name, SLICE("source")) ||
	           slice_eq(name, SLICE("listing")) ||
	           slice_eq(name, SLICE("literal"))) {
		asciidoc_code(p, asciidoc_verbatim(p, line));
	} else if (slice_eq(name, SLICE("comment"))) {
		asciidoc_verbatim(p, line);
		asciidoc_style_done(p);
	} else {
		open_delimited(p, mark, run);
	}
	return true;
}

static void put_heading(struct asciidoc *p, unsigned level, struct slice text)
{
	bool discrete = slice_eq(p->style.name, SLICE("discrete")) ||
	                slice_eq(p->style.name, SLICE("float"));

	if (!discrete)
		pop_lists(p);
	begin_block(p);
	asciidoc_style_done(p);
	text = arena_copy(p->a, asciidoc_expand(p, slice_trim(text)));
	paper_heading_open(&p->paper, level);
	asciidoc_inline(p, text);
	paper_heading_close(&p->paper);
}

/* "== Title", "## Title". */
static bool block_heading(struct asciidoc *p, struct slice line)
{
	char mark = line.len ? line.at[0] : 0;
	size_t level = line_run(line, mark);

	if ((mark != '=' && mark != '#') || level > 6 || level >= line.len ||
	    line.at[level] != ' ')
		return false;
	line = slice_trim(slice_cut(line, level, line.len));
	/* "== Title ==" */
	if (line.len > level + 1 && line.at[line.len - level - 1] == ' ' &&
	    line_run(slice_cut(line, line.len - level, line.len), mark) ==
	            level)
		line = slice_cut(line, 0, line.len - level);
	put_heading(p, (unsigned)level, line);
	return true;
}

static bool block_underlined(struct asciidoc *p, struct slice line)
{
	unsigned level = asciidoc_underlined(line, lines_peek(p->text, p->at));

	if (!level)
		return false;
	lines_next(p->text, &p->at);
	put_heading(p, level, line);
	return true;
}

/* Macros that are blocks: images, includes. */
static bool block_macro(struct asciidoc *p, struct slice line)
{
	struct slice s = line_trim_end(line), name, target, text;
	size_t mark = line_find(slice_cut(s, 0, 20), SLICE("::")), open;

	if (mark >= 20 || mark + 2 >= s.len || s.at[s.len - 1] != ']' ||
	    s.at[mark + 2] == ' ')
		return false;
	s = arena_copy(p->a, asciidoc_expand(p, s));
	name = slice_cut(s, 0, mark);
	open = slice_find(s, '[');
	target = slice_cut(s, mark + 2, open);
	text = slice_cut(s, open + 1, s.len - 1);
	text = slice_cut(text, 0, slice_find(text, ','));
	if (slice_eq(name, SLICE("toc")) || slice_eq(name, SLICE("anchor")))
		return true;
	if (!target.len || !(slice_eq(name, SLICE("image")) ||
	                     slice_eq(name, SLICE("video")) ||
	                     slice_eq(name, SLICE("audio")) ||
	                     slice_eq(name, SLICE("include")) ||
	                     slice_eq(name, SLICE("link"))))
		return false;
	begin_block(p);
	if (slice_find(text, '=') < text.len)
		text.len = 0;
	if (!text.len)
		text = slice_eq(name, SLICE("image")) && p->style.title.len
		               ? p->style.title
		               : target;
	if (slice_eq(name, SLICE("image")))
		p->style.title.len = 0;
	asciidoc_title(p);
	asciidoc_style_done(p);
	paper_paragraph(&p->paper);
	paper_image(&p->paper, target, text);
	return true;
}

static bool block_break(struct asciidoc *p, struct slice line)
{
	struct slice s = line_trim_end(line);

	if (slice_eq(s, SLICE("<<<")))
		return true;
	if (!slice_eq(s, SLICE("'''")) && !slice_eq(s, SLICE("---")) &&
	    !slice_eq(s, SLICE("***")) && !slice_eq(s, SLICE("- - -")))
		return false;
	begin_block(p);
	paper_rule(&p->paper);
	return true;
}

/* Whether a line ends the paragraph before it. */
static bool ends_paragraph(struct asciidoc *p, struct slice line)
{
	struct asciidoc_item item;
	size_t run;

	if (line_blank(line) || slice_eq(line_trim_end(line), SLICE("+")))
		return true;
	if (asciidoc_delimiter(line, &run))
		return true;
	if (line.len > 2 && line.at[0] == '[' &&
	    line_trim_end(line).at[line_trim_end(line).len - 1] == ']' &&
	    (line_word(line.at[1]) || line.at[1] == '['))
		return true;
	return is_list(top(p)) && asciidoc_item(line, &item);
}

/* The rest of a paragraph whose first line is in p->lines. */
static void gather(struct asciidoc *p)
{
	while (p->at < p->text.len) {
		struct slice next = lines_peek(p->text, p->at);

		if (ends_paragraph(p, next))
			return;
		lines_next(p->text, &p->at);
		if (slice_starts(next, SLICE("//")) &&
		    !slice_starts(next, SLICE("///")))
			continue;
		buf_byte(&p->lines, '\n');
		buf_add(&p->lines, line_trim_end(next));
	}
}

static void put_inline(struct asciidoc *p, struct slice text)
{
	struct slice expanded = asciidoc_expand(p, text), line;
	bool hard = p->style.hard || asciidoc_value(p, SLICE("hardbreaks")) ||
	            asciidoc_value(p, SLICE("hardbreaks-option"));
	size_t at = 0;

	while (hard && at < expanded.len) {
		line = lines_next(expanded, &at);
		asciidoc_inline(p, line);
		flow_break(&p->paper.flow);
	}
	if (!hard)
		asciidoc_inline(p, expanded);
}

/* "NOTE: text": the label, *text behind it. */
static struct slice label_of(struct slice *text)
{
	size_t colon = slice_find(slice_cut(*text, 0, 10), ':');
	struct slice label = asciidoc_label(slice_cut(*text, 0, colon));

	if (!label.len || colon + 1 >= text->len || text->at[colon + 1] != ' ')
		return (struct slice){ 0 };
	*text = slice_cut(*text, colon + 2, text->len);
	return label;
}

/* A paragraph whose style makes it something else. */
static bool styled_paragraph(struct asciidoc *p, struct slice text)
{
	struct slice name = p->style.name;
	struct slice label = asciidoc_label(name);

	if (slice_eq(name, SLICE("source")) ||
	    slice_eq(name, SLICE("listing")) ||
	    slice_eq(name, SLICE("literal"))) {
		asciidoc_code(p, text);
	} else if (slice_eq(name, SLICE("verse"))) {
		asciidoc_verse(p, text);
	} else if (slice_eq(name, SLICE("stem")) ||
	           slice_eq(name, SLICE("latexmath")) ||
	           slice_eq(name, SLICE("pass"))) {
		asciidoc_pass(p, text);
	} else if (slice_eq(name, SLICE("comment"))) {
		asciidoc_style_done(p);
	} else if (label.len || slice_eq(name, SLICE("quote"))) {
		struct slice who = p->style.second;

		if (label.len) {
			paper_admonition_open(&p->paper, label, p->style.title);
			p->style.title.len = 0;
		} else {
			asciidoc_title(p);
			paper_quote_open(&p->paper);
		}
		paper_paragraph(&p->paper);
		put_inline(p, text);
		if (!label.len)
			asciidoc_attribution(p, who);
		paper_quote_close(&p->paper);
		asciidoc_style_done(p);
	} else {
		return false;
	}
	return true;
}

static void block_paragraph(struct asciidoc *p, struct slice line)
{
	struct slice text, label;

	begin_block(p);
	buf_reset(&p->lines);
	buf_add(&p->lines, line_trim_end(line));
	gather(p);
	text = buf_slice(&p->lines);
	if (styled_paragraph(p, text))
		return;
	label = label_of(&text);
	if (label.len)
		paper_admonition_open(&p->paper, label, p->style.title);
	else
		asciidoc_title(p);
	paper_paragraph(&p->paper);
	put_inline(p, text);
	if (label.len)
		paper_quote_close(&p->paper);
	asciidoc_style_done(p);
}

/* Lines that are indented are as they are. */
static bool block_literal(struct asciidoc *p, struct slice line)
{
	struct asciidoc_container *c = top(p);
	struct buf text = BUF_INIT(p->lines.ceiling);
	struct asciidoc_item item;

	if (line.len && line.at[0] != ' ' && line.at[0] != '\t')
		return false;
	if (is_list(c) && c->item)
		p->attach = true;
	begin_block(p);
	buf_reset(&p->lines);
	buf_add(&p->lines, line);
	while (p->at < p->text.len) {
		struct slice next = lines_peek(p->text, p->at);
		size_t run;

		if (line_blank(next) || asciidoc_delimiter(next, &run) ||
		    slice_eq(line_trim_end(next), SLICE("+")) ||
		    (is_list(top(p)) && asciidoc_item(next, &item)))
			break;
		buf_byte(&p->lines, '\n');
		buf_add(&p->lines, lines_next(p->text, &p->at));
	}
	if (slice_eq(p->style.name, SLICE("normal")) ||
	    asciidoc_label(p->style.name).len) {
		struct slice s = slice_trim(buf_slice(&p->lines));

		if (!styled_paragraph(p, s)) {
			paper_paragraph(&p->paper);
			put_inline(p, s);
		}
		return true;
	}
	lines_unindent(buf_slice(&p->lines), SIZE_MAX, &text);
	asciidoc_code(p, buf_slice(&text));
	buf_release(&text);
	return true;
}

/* The list that an item belongs to, opened if need be. */
static struct asciidoc_container *list_of(struct asciidoc *p,
                                          const struct asciidoc_item *item)
{
	size_t i = p->count;

	while (i-- > 0 && is_list(&p->stack[i])) {
		struct asciidoc_container *c = &p->stack[i];

		if (c->kind != item->kind || c->mark != item->mark ||
		    c->run != item->run)
			continue;
		while (p->count > i + 1)
			pop(p);
		if (c->kind != ASCIIDOC_TERMS || !c->empty || p->blanks)
			close_item(p, c);
		return c;
	}
	if (is_list(top(p)))
		top(p)->empty = false;
	asciidoc_title(p);
	if (item->kind != ASCIIDOC_TERMS)
		paper_list_open(&p->paper, item->kind == ASCIIDOC_NUMBERS);
	push(p, (struct asciidoc_container){ .kind = item->kind,
	                                     .mark = item->mark,
	                                     .run = item->run });
	return top(p);
}

static void put_term(struct asciidoc *p, struct asciidoc_container *list,
                     const struct asciidoc_item *item)
{
	struct slice term = arena_copy(p->a, asciidoc_expand(p, item->term));

	close_item(p, list);
	paper_term(&p->paper);
	asciidoc_inline(p, term);
	paper_definition_open(&p->paper);
	list->item = true;
	list->empty = !item->text.len;
}

static bool block_item(struct asciidoc *p, struct slice line)
{
	struct asciidoc_item item;
	struct asciidoc_container *list;
	bool term;

	if (!asciidoc_item(line, &item))
		return false;
	if (item.mark == 'a' && !is_list(top(p)) && p->blanks == 0 && p->count)
		return false;
	list = list_of(p, &item);
	term = item.kind == ASCIIDOC_TERMS;
	if (term) {
		put_term(p, list, &item);
	} else {
		paper_item_open(&p->paper, item.mark == '1' && item.number
		                                   ? item.number
		                                   : p->style.start);
		list->item = true;
	}
	asciidoc_style_done(p);
	p->attach = false;
	p->blanks = 0;
	buf_reset(&p->lines);
	buf_add(&p->lines, item.text);
	if (!term || item.text.len ||
	    !ends_paragraph(p, lines_peek(p->text, p->at)))
		gather(p);
	if (!p->lines.len)
		return true;
	if (term)
		list->empty = false;
	flow_gap(&p->paper.flow, 0);
	if (item.check)
		flow_raw(&p->paper.flow,
		         item.check == 2 ? SLICE("[x]") : SLICE("[ ]"));
	if (item.check)
		flow_space(&p->paper.flow);
	put_inline(p, slice_trim(buf_slice(&p->lines)));
	return true;
}

/* Lines about the next block, or about none: true when it was one. */
static bool block_about(struct asciidoc *p, struct slice line)
{
	if (slice_starts(line, SLICE("//")) &&
	    !slice_starts(line, SLICE("///")))
		return true;
	if (asciidoc_entry(p, line))
		return true;
	if (line.len > 1 && line.at[0] == '.' && !strchr(" .\t", line.at[1])) {
		p->style.title = arena_copy(
		        p->a, asciidoc_expand(p, slice_cut(line, 1, line.len)));
		return true;
	}
	return asciidoc_style(p, line);
}

/* "+" alone: what follows belongs to the item, or, behind blank lines, to the
 * one around it. */
static bool block_attach(struct asciidoc *p, struct slice line)
{
	if (!slice_eq(line_trim_end(line), SLICE("+")) || !is_list(top(p)))
		return false;
	for (; p->blanks && p->count > 1 && is_list(&p->stack[p->count - 2]);
	     p->blanks--)
		pop(p);
	p->attach = true;
	p->blanks = 0;
	return true;
}

static void block(struct asciidoc *p, struct slice line)
{
	if (line_blank(line)) {
		p->blanks++;
		return;
	}
	if (block_attach(p, line) || block_delimited(p, line) ||
	    block_about(p, line) || block_heading(p, line) ||
	    block_macro(p, line) || block_break(p, line) ||
	    block_item(p, line) || block_literal(p, line) ||
	    block_underlined(p, line))
		return;
	block_paragraph(p, line);
}

void asciidoc_read(struct slice text, const struct document_links *links,
                   struct arena *a, struct document *d, struct buf *out)
{
	struct asciidoc p = {
		.a = a,
		.d = d,
		.lines = BUF_INIT(out->ceiling),
		.expanded = BUF_INIT(out->ceiling),
	};
	struct buf chosen = BUF_INIT(out->ceiling);

	paper_init(&p.paper, links, out);
	p.text = asciidoc_conditions(&p, text, &chosen);
	p.at = 0;
	asciidoc_gather(&p);
	asciidoc_header(&p);
	while (p.at < p.text.len && !buf_full(out))
		block(&p, lines_next(p.text, &p.at));
	while (p.count)
		pop(&p);
	out->full |= buf_full(&chosen) || buf_full(&p.lines) ||
	             buf_full(&p.expanded);
	paper_release(&p.paper);
	map_release(&p.attributes);
	map_release(&p.titles);
	buf_release(&p.lines);
	buf_release(&p.expanded);
	buf_release(&chosen);
	free(p.stack);
}
