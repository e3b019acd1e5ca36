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

/* "-- Who, where" below a quote. */
static void put_attribution(struct asciidoc *p, struct slice who)
{
	if (!who.len)
		return;
	paper_paragraph(&p->paper);
	flow_text(&p->paper.flow, SLICE("\xE2\x80\x94 "), true);
	asciidoc_inline(p, who);
}

static void pop(struct asciidoc *p)
{
	struct asciidoc_container *c = top(p);

	if (is_list(c)) {
		close_item(p, c);
		if (c->kind != ASCIIDOC_TERMS)
			paper_list_close(&p->paper);
	} else if (c->kind == ASCIIDOC_QUOTE) {
		put_attribution(p, c->attribution);
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

/* The title of a block stands above it. */
static void put_title(struct asciidoc *p)
{
	struct slice title = p->style.title;

	p->style.title = (struct slice){ 0 };
	if (!title.len)
		return;
	paper_title_open(&p->paper);
	asciidoc_inline(p, title);
	paper_title_close(&p->paper);
}

static void style_done(struct asciidoc *p)
{
	p->style = (struct asciidoc_style){ 0 };
}

/* The label of an admonition; empty: it is none. */
static struct slice label_named(struct slice name)
{
	static const char *const kinds[] = { "NOTE", "TIP", "IMPORTANT",
		                             "WARNING", "CAUTION" };
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (slice_eq(name, slice_of(kinds[i])))
			return paper_admonition_label(name);
	return (struct slice){ 0 };
}

/* The lines up to the one that is `line` again, or to the end. */
static struct slice verbatim(struct asciidoc *p, struct slice line)
{
	size_t from = p->at, end = p->at;
	struct slice fence = line_trim_end(line);

	if (slice_starts(fence, SLICE("```")))
		fence.len = 3;
	while (p->at < p->text.len) {
		struct slice next = lines_next(p->text, &p->at);

		if (slice_eq(line_trim_end(next), fence))
			break;
		end = p->at;
	}
	return slice_cut(p->text, from, end);
}

static void put_code(struct asciidoc *p, struct slice text)
{
	const struct asciidoc_style *style = &p->style;
	struct slice language = style->second;
	const struct slice *usual = asciidoc_value(p, SLICE("source-language"));

	if (!language.len && slice_eq(style->name, SLICE("source")) && usual)
		language = *usual;
	if (style->name.len && !slice_eq(style->name, SLICE("source")) &&
	    !slice_eq(style->name, SLICE("listing")) &&
	    !slice_eq(style->name, SLICE("literal")))
		language = style->name;
	if (style->attributes)
		text = asciidoc_expand(p, text);
	put_title(p);
	paper_code(&p->paper, language, text);
	style_done(p);
}

/* What is passed to the output as it is: HTML without its tags, or TeX. */
static void put_pass(struct asciidoc *p, struct slice text)
{
	bool math = slice_eq(p->style.name, SLICE("stem")) ||
	            slice_eq(p->style.name, SLICE("latexmath"));
	size_t at = 0, end;

	put_title(p);
	style_done(p);
	if (math) {
		paper_code(&p->paper, SLICE("math"), text);
		return;
	}
	paper_paragraph(&p->paper);
	while (at < text.len) {
		struct slice rest = slice_cut(text, at, text.len);

		end = slice_find(rest, '<');
		flow_text(&p->paper.flow, slice_cut(rest, 0, end), true);
		at += end;
		rest = slice_cut(text, at, text.len);
		end = slice_find(rest, '>');
		if (end == rest.len) {
			flow_text(&p->paper.flow, rest, false);
			break;
		}
		at += end + 1;
	}
}

/* Lines that keep their ends. */
static void put_verse(struct asciidoc *p, struct slice text)
{
	size_t at = 0;

	paper_quote_open(&p->paper);
	paper_paragraph(&p->paper);
	text = arena_copy(p->a, asciidoc_expand(p, text));
	while (at < text.len) {
		asciidoc_inline(p, lines_next(text, &at));
		flow_break(&p->paper.flow);
	}
	put_attribution(p, p->style.second);
	paper_quote_close(&p->paper);
	style_done(p);
}

/* ---- ==== and the like: their byte, or 0; *run: how many. */
static char delimiter(struct slice line, size_t *run)
{
	struct slice s = line_trim_end(line);
	char c = s.len ? s.at[0] : 0;

	if (slice_starts(s, SLICE("```")) &&
	    slice_find(slice_cut(s, 3, s.len), '`') == s.len - 3) {
		*run = 3;
		return '`';
	}
	*run = s.len;
	if (slice_eq(s, SLICE("--")))
		return c;
	if (s.len >= 4 && strchr("-.=*_+/", c) && line_run(s, c) == s.len)
		return c;
	if (s.len >= 4 && strchr("|,:!", c) &&
	    line_run(slice_cut(s, 1, s.len), '=') == s.len - 1)
		return c == '!' ? '!' : c == ',' ? ',' : c == ':' ? ':' : '|';
	return 0;
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
	struct slice label = label_named(p->style.name);
	bool quote = mark == '_' || slice_eq(p->style.name, SLICE("quote"));

	if (label.len && (mark == '=' || run == 2)) {
		paper_admonition_open(&p->paper, label, p->style.title);
		it.kind = ASCIIDOC_QUOTE;
	} else if (quote) {
		put_title(p);
		paper_quote_open(&p->paper);
		it.kind = ASCIIDOC_QUOTE;
		it.attribution = p->style.second;
	} else {
		put_title(p);
	}
	style_done(p);
	push(p, it);
}

static bool block_delimited(struct asciidoc *p, struct slice line)
{
	size_t run;
	char mark = delimiter(line, &run);
	struct slice name = p->style.name;

	if (!mark)
		return false;
	if (mark == '/') {
		verbatim(p, line);
		return true;
	}
	if (close_delimited(p, mark, run))
		return true;
	begin_block(p);
	if (strchr("|,:!", mark)) {
		put_title(p);
		asciidoc_table(p, verbatim(p, line), mark);
		style_done(p);
	} else if (mark == '`') {
		p->style.second = slice_cut(line, 3, line.len);
		p->style.name = SLICE("source");
		put_code(p, verbatim(p, line));
	} else if (slice_eq(name, SLICE("verse"))) {
		put_verse(p, verbatim(p, line));
	} else if (mark == '+' || slice_eq(name, SLICE("stem"))) {
		put_pass(p, verbatim(p, line));
	} else if (mark == '.' || (mark == '-' && run > 2) ||
	           slice_eq(name, SLICE("source")) ||
	           slice_eq(name, SLICE("listing")) ||
	           slice_eq(name, SLICE("literal"))) {
		put_code(p, verbatim(p, line));
	} else if (slice_eq(name, SLICE("comment"))) {
		verbatim(p, line);
		style_done(p);
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
	style_done(p);
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

/* The level of a title that is underlined by the next line, or 0. */
static unsigned underlined(struct slice line, struct slice next)
{
	static const char marks[] = "=-~^+";
	size_t width = utf8_count(line_trim_end(line));
	const char *mark;

	next = line_trim_end(next);
	mark = next.len > 1 ? strchr(marks, next.at[0]) : NULL;
	if (!mark || !*mark || line_run(next, *mark) != next.len ||
	    line_blank(line) || line.at[0] == ' ' || line.at[0] == '.' ||
	    line.at[0] == '[' || width + 1 < next.len || next.len + 1 < width ||
	    !(line_word(line.at[0]) || line.at[0] == '`' || line.at[0] == '{'))
		return 0;
	return (unsigned)(mark - marks) + 1;
}

static bool block_underlined(struct asciidoc *p, struct slice line)
{
	unsigned level = underlined(line, lines_peek(p->text, p->at));

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
	put_title(p);
	style_done(p);
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
	if (delimiter(line, &run))
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
	struct slice label = label_named(slice_cut(*text, 0, colon));

	if (!label.len || colon + 1 >= text->len || text->at[colon + 1] != ' ')
		return (struct slice){ 0 };
	*text = slice_cut(*text, colon + 2, text->len);
	return label;
}

/* A paragraph whose style makes it something else. */
static bool styled_paragraph(struct asciidoc *p, struct slice text)
{
	struct slice name = p->style.name;
	struct slice label = label_named(name);

	if (slice_eq(name, SLICE("source")) ||
	    slice_eq(name, SLICE("listing")) ||
	    slice_eq(name, SLICE("literal"))) {
		put_code(p, text);
	} else if (slice_eq(name, SLICE("verse"))) {
		put_verse(p, text);
	} else if (slice_eq(name, SLICE("stem")) ||
	           slice_eq(name, SLICE("latexmath")) ||
	           slice_eq(name, SLICE("pass"))) {
		put_pass(p, text);
	} else if (slice_eq(name, SLICE("comment"))) {
		style_done(p);
	} else if (label.len || slice_eq(name, SLICE("quote"))) {
		struct slice who = p->style.second;

		if (label.len) {
			paper_admonition_open(&p->paper, label, p->style.title);
			p->style.title.len = 0;
		} else {
			put_title(p);
			paper_quote_open(&p->paper);
		}
		paper_paragraph(&p->paper);
		put_inline(p, text);
		if (!label.len)
			put_attribution(p, who);
		paper_quote_close(&p->paper);
		style_done(p);
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
		put_title(p);
	paper_paragraph(&p->paper);
	put_inline(p, text);
	if (label.len)
		paper_quote_close(&p->paper);
	style_done(p);
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

		if (line_blank(next) || delimiter(next, &run) ||
		    slice_eq(line_trim_end(next), SLICE("+")) ||
		    (is_list(top(p)) && asciidoc_item(next, &item)))
			break;
		buf_byte(&p->lines, '\n');
		buf_add(&p->lines, lines_next(p->text, &p->at));
	}
	if (slice_eq(p->style.name, SLICE("normal")) ||
	    label_named(p->style.name).len) {
		struct slice s = slice_trim(buf_slice(&p->lines));

		if (!styled_paragraph(p, s)) {
			paper_paragraph(&p->paper);
			put_inline(p, s);
		}
		return true;
	}
	lines_unindent(buf_slice(&p->lines), SIZE_MAX, &text);
	put_code(p, buf_slice(&text));
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
	put_title(p);
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
	style_done(p);
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

/* "First Last <mail>; Second", behind the title. */
static void header_authors(struct asciidoc *p, struct slice line)
{
	struct buf all = BUF_INIT(1024);
	size_t at = 0;

	while (at < line.len) {
		struct slice rest = slice_cut(line, at, line.len), name;

		rest = slice_cut(rest, 0, slice_find(rest, ';'));
		name = slice_trim(slice_cut(rest, 0, slice_find(rest, '<')));
		if (all.len && name.len)
			buf_text(&all, ", ");
		buf_add(&all, name);
		at += rest.len + 1;
	}
	for (at = 0; at < all.len; at++)
		if (all.at[at] == '_')
			all.at[at] = ' ';
	asciidoc_attribute(p, SLICE("author"), buf_slice(&all));
	buf_release(&all);
}

/* "v1.2, 2024-01-31: why". */
static void header_revision(struct asciidoc *p, struct slice line)
{
	size_t comma = slice_find(line, ','), colon;
	struct slice number = slice_cut(line, 0, comma), date;

	date = slice_trim(slice_cut(line, comma + 1, line.len));
	colon = line_find(date, SLICE(": "));
	date = slice_cut(date, 0, colon);
	if (comma == line.len && slice_find(line, '-') < line.len) {
		date = number;
		number.len = 0;
	}
	if (number.len && number.at[0] == 'v')
		number = slice_cut(number, 1, number.len);
	if (number.len)
		asciidoc_attribute(p, SLICE("revnumber"), number);
	if (date.len)
		asciidoc_attribute(p, SLICE("revdate"), slice_trim(date));
}

/* Whether a line could name authors: not markup, not long. */
static bool is_author(struct slice line)
{
	return line.len && line.len < 200 &&
	       ((line_word(line.at[0]) &&
	         !(line.at[0] >= '0' && line.at[0] <= '9')) ||
	        line.at[0] == '{') &&
	       slice_find(line, '.') >= slice_find(line, '<') &&
	       line_find(line, SLICE("::")) == line.len;
}

void asciidoc_header(struct asciidoc *p)
{
	size_t back = p->at;
	unsigned lines = 0;
	bool title = false;

	while (p->at < p->text.len) {
		struct slice line = lines_next(p->text, &p->at);
		bool under = !title &&
		             underlined(line, lines_peek(p->text, p->at)) == 1;

		if (line_blank(line) || asciidoc_entry(p, line) ||
		    (slice_starts(line, SLICE("//")) &&
		     !slice_starts(line, SLICE("///")))) {
			if (line_blank(line) && title)
				return;
		} else if (!title &&
		           (slice_starts(line, SLICE("= ")) ||
		            slice_starts(line, SLICE("# ")) || under)) {
			title = true;
			if (under)
				lines_next(p->text, &p->at);
			else
				line = slice_cut(line, 2, line.len);
			line = asciidoc_expand(p, slice_trim(line));
			asciidoc_attribute(p, SLICE("doctitle"), line);
			if (!p->d->title.len)
				p->d->title = arena_copy(p->a, line);
		} else if (title && !lines && is_author(line)) {
			lines++;
			header_authors(p, line);
		} else if (title && lines == 1 &&
		           (line.at[0] == 'v' ||
		            (line.at[0] >= '0' && line.at[0] <= '9'))) {
			lines++;
			header_revision(p, line);
		} else {
			p->at = back;
			return;
		}
		back = p->at;
	}
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
	asciidoc_header(&p);
	while (p.at < p.text.len && !buf_full(out))
		block(&p, lines_next(p.text, &p.at));
	while (p.count)
		pop(&p);
	out->full |= buf_full(&chosen) || buf_full(&p.lines) ||
	             buf_full(&p.expanded);
	paper_release(&p.paper);
	map_release(&p.attributes);
	buf_release(&p.lines);
	buf_release(&p.expanded);
	buf_release(&chosen);
	free(p.stack);
}
