/*
 * Blocks by their indentation. What is open (quotes, items, definitions,
 * bodies of directives) stands on a stack with the column of its text; a line
 * that starts before that column closes it.
 */

#include "base/text/restructured.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/memory.h"
#include "base/text/document_field.h"
#include "base/text/lines.h"
#include "base/text/restructured_blocks.h"
#include "base/text/restructured_parts.h"

static struct restructured_container *top(struct restructured *p)
{
	return p->count ? &p->stack[p->count - 1] : NULL;
}

static size_t column_of(struct restructured *p)
{
	return p->count ? top(p)->body : 0;
}

static void push(struct restructured *p, enum restructured_open kind,
                 size_t mark, size_t body, char bullet)
{
	p->stack = memory_room(p->stack, p->count, &p->cap, sizeof(*p->stack));
	p->stack[p->count++] = (struct restructured_container){
		.kind = kind,
		.mark = mark,
		.body = body,
		.bullet = bullet,
	};
}

static void pop(struct restructured *p)
{
	switch (top(p)->kind) {
	case RESTRUCTURED_QUOTE:
		paper_quote_close(&p->paper);
		break;
	case RESTRUCTURED_BULLETS:
	case RESTRUCTURED_NUMBERS:
		paper_item_close(&p->paper);
		paper_list_close(&p->paper);
		break;
	case RESTRUCTURED_DEFINITION:
		paper_definition_close(&p->paper);
		break;
	case RESTRUCTURED_PLAIN:
		break;
	}
	p->count--;
}

/* What a line makes an item of: 0 when of nothing. */
static char item_kind(struct slice s, int64_t *number, size_t *len)
{
	struct slice name, value;
	bool ordered;

	*number = 0;
	*len = restructured_item(s, &ordered, number);
	if (*len)
		return ordered ? '1' : s.at[0];
	if (restructured_field(s, &name, &value)) {
		*len = SIZE_MAX;
		return ':';
	}
	*len = restructured_option(s);
	return *len ? 'o' : 0;
}

/* Closes what the line's indentation leaves. */
static void unwind(struct restructured *p, struct slice line)
{
	size_t indent = line_indent(line), len;
	struct slice s = line_from(line, indent);
	int64_t number;

	while (p->count) {
		struct restructured_container *c = top(p);

		if (c->body == SIZE_MAX && indent > c->mark)
			c->body = indent;
		if (c->body != SIZE_MAX && indent >= c->body)
			return;
		/* The next item of the same list: left to begin_item(). */
		if (indent == c->mark && c->kind >= RESTRUCTURED_BULLETS &&
		    c->kind <= RESTRUCTURED_NUMBERS &&
		    item_kind(s, &number, &len) == c->bullet)
			return;
		pop(p);
	}
}

/* Lines from here on that belong to a paragraph at `column`. */
static void gather(struct restructured *p, size_t column)
{
	while (p->at < p->text.len) {
		struct slice line = lines_peek(p->text, p->at);

		if (line_blank(line) || line_indent(line) < column)
			return;
		lines_next(p->text, &p->at);
		buf_byte(&p->lines, '\n');
		buf_add(&p->lines, slice_trim(line));
	}
}

/* The text in p->lines as a paragraph; "::" at its end is not shown. */
static void put_lines(struct restructured *p)
{
	struct slice s = line_trim_end(buf_slice(&p->lines));

	p->literal = slice_ends(s, SLICE("::"));
	if (p->literal) {
		s = slice_cut(s, 0, s.len - 1);
		if (s.len == 1 || strchr(" \n", s.at[s.len - 2]))
			s = line_trim_end(slice_cut(s, 0, s.len - 1));
	}
	restructured_inline(p, s);
}

static void put_paragraph(struct restructured *p, struct slice first,
                          size_t column)
{
	buf_reset(&p->lines);
	buf_add(&p->lines, first);
	gather(p, column);
	if (slice_eq(slice_trim(buf_slice(&p->lines)), SLICE("::"))) {
		p->literal = true;
		return;
	}
	paper_paragraph(&p->paper);
	put_lines(p);
}

static void put_title(struct restructured *p, struct slice title)
{
	paper_title_open(&p->paper);
	restructured_inline(p, title);
	paper_title_close(&p->paper);
}

/* The level of a section by how its title is underlined: the first seen is
 * the highest. */
static unsigned level_of(struct restructured *p, char mark, bool over)
{
	size_t i;

	for (i = 0; i < p->levels; i++)
		if (p->adornments[i] == mark && p->overlined[i] == over)
			return (unsigned)i + 1;
	if (p->levels == sizeof(p->adornments))
		return (unsigned)p->levels;
	p->adornments[p->levels] = mark;
	p->overlined[p->levels++] = over;
	return (unsigned)p->levels;
}

static void put_section(struct restructured *p, struct slice title, char mark,
                        bool over)
{
	unsigned level = level_of(p, mark, over);

	title = slice_trim(title);
	if (!p->content && level == 1) {
		struct buf text = BUF_INIT(LIMIT_LINK);
		struct paper_aside aside;
		bool taken = !p->d->title.len;

		p->content = true;
		paper_aside(&p->paper, &aside);
		restructured_inline(p, title);
		paper_aside_end(&p->paper, &aside, &text);
		if (taken)
			p->d->title = arena_copy(p->a, buf_slice(&text));
		buf_release(&text);
		if (taken)
			return;
	}
	p->content = true;
	paper_heading_open(&p->paper, level);
	restructured_inline(p, title);
	paper_heading_close(&p->paper);
}

/* A title with its lines below, or above and below. */
static bool block_section(struct restructured *p, struct slice line,
                          size_t indent)
{
	size_t at = p->at;
	struct slice next = lines_peek(p->text, at), under;
	char mark = restructured_adornment(line);

	if (indent || p->count)
		return false;
	if (mark && line_trim_end(line).len > 2 && !line_blank(next)) {
		lines_next(p->text, &at);
		under = lines_peek(p->text, at);
		if (restructured_adornment(under) == mark &&
		    restructured_width(next) <= restructured_width(line) + 1 &&
		    !(mark == '=' && slice_find(next, ' ') < next.len &&
		      restructured_width(next) > restructured_width(line))) {
			lines_next(p->text, &at);
			p->at = at;
			put_section(p, next, mark, true);
			return true;
		}
		return false;
	}
	mark = restructured_adornment(next);
	if (!mark || (restructured_width(next) < restructured_width(line) &&
	              line_trim_end(next).len < 4))
		return false;
	lines_next(p->text, &at);
	p->at = at;
	put_section(p, line, mark, false);
	return true;
}

static bool block_rule(struct restructured *p, struct slice s)
{
	if (!restructured_adornment(s) || line_trim_end(s).len < 4 ||
	    !line_blank(lines_peek(p->text, p->at)))
		return false;
	paper_rule(&p->paper);
	return true;
}

/* The block behind "::": indented lines, or quoted ones. */
static bool block_literal(struct restructured *p, struct slice line,
                          size_t start, size_t column)
{
	struct buf code = BUF_INIT(p->lines.ceiling);
	size_t indent = line_indent(line);
	char quote;

	if (!p->literal)
		return false;
	p->literal = false;
	if (indent > column) {
		p->at = start;
		lines_unindent(restructured_body(p, column), SIZE_MAX, &code);
	} else {
		quote = line.len > indent ? line.at[indent] : 0;
		if (!quote || line_word(quote) || quote == ' ' ||
		    slice_starts(line_from(line, indent), SLICE(".. ")))
			return false;
		for (p->at = start; p->at < p->text.len;) {
			struct slice s = lines_peek(p->text, p->at);

			s = line_from(s, column);
			if (!s.len || s.at[0] != quote)
				break;
			lines_next(p->text, &p->at);
			buf_add(&code, s);
			buf_byte(&code, '\n');
		}
	}
	paper_code(&p->paper, p->language, buf_slice(&code));
	buf_release(&code);
	return true;
}

/* >>> and what it prints, up to a blank line. */
static bool block_doctest(struct restructured *p, struct slice s, size_t column)
{
	struct buf code = BUF_INIT(p->lines.ceiling);

	if (!slice_starts(s, SLICE(">>> ")))
		return false;
	buf_add(&code, s);
	while (p->at < p->text.len) {
		struct slice next = lines_peek(p->text, p->at);

		if (line_blank(next) || line_indent(next) < column)
			break;
		lines_next(p->text, &p->at);
		buf_byte(&code, '\n');
		buf_add(&code, line_from(next, column));
	}
	paper_code(&p->paper, SLICE("python"), buf_slice(&code));
	buf_release(&code);
	return true;
}

/* Lines that begin with a bar keep their ends. */
static bool block_lines(struct restructured *p, struct slice s, size_t column)
{
	bool first = true;

	if (!s.len || s.at[0] != '|' || (s.len > 1 && s.at[1] != ' '))
		return false;
	paper_paragraph(&p->paper);
	for (;;) {
		if (!first && s.at[0] == '|')
			flow_break(&p->paper.flow);
		else if (!first)
			flow_space(&p->paper.flow);
		restructured_inline(
		        p, slice_trim(slice_cut(s, s.at[0] == '|', s.len)));
		first = false;
		s = lines_peek(p->text, p->at);
		if (line_blank(s) || line_indent(s) < column)
			return true;
		s = line_from(s, column);
		if (s.at[0] != '|' && s.at[0] != ' ')
			return true;
		lines_next(p->text, &p->at);
	}
}

/* Fields before anything else are about the document. */
static bool block_about(struct restructured *p, struct slice name,
                        struct slice value, size_t column)
{
	size_t start = p->at;
	struct slice more;

	if (p->paper.flow.out->len > p->paper.flow.start)
		return false;
	more = restructured_body(p, column);
	if (line_same(name, SLICE("orphan")) ||
	    line_same(name, SLICE("tocdepth")) ||
	    line_same(name, SLICE("nosearch")) || line_same(name, SLICE("og")))
		return true;
	if (!document_field_known(name) &&
	    !line_same(name, SLICE("copyright")) &&
	    !line_same(name, SLICE("status"))) {
		p->at = start;
		return false;
	}
	buf_reset(&p->lines);
	buf_add(&p->lines, value);
	buf_byte(&p->lines, ' ');
	buf_add(&p->lines, slice_trim(more));
	document_field(p->d, p->a, arena_copy(p->a, name),
	               arena_copy(p->a, slice_trim(buf_slice(&p->lines))));
	return true;
}

/* The list that an item at `column` belongs to: its last item ends. */
static void begin_item(struct restructured *p, size_t column, char bullet,
                       int64_t number)
{
	struct restructured_container *c = top(p);
	bool ordered = bullet == '1';

	if (c && c->kind >= RESTRUCTURED_BULLETS &&
	    c->kind <= RESTRUCTURED_NUMBERS && c->mark == column &&
	    c->bullet == bullet && c->body > column) {
		paper_item_close(&p->paper);
	} else {
		paper_list_open(&p->paper, ordered);
		push(p, ordered ? RESTRUCTURED_NUMBERS : RESTRUCTURED_BULLETS,
		     column, SIZE_MAX, bullet);
	}
	paper_item_open(&p->paper, number);
}

/* The first line of an item, of a field or of an option. */
static void put_item_text(struct restructured *p, struct slice s, size_t body)
{
	p->literal = false;
	top(p)->body = body;
	if (line_blank(s))
		return;
	buf_reset(&p->lines);
	buf_add(&p->lines, s);
	/* The text goes on at the column of its second line. */
	if (body == SIZE_MAX) {
		struct slice next = lines_peek(p->text, p->at);

		if (line_blank(next) || line_indent(next) <= top(p)->mark)
			body = SIZE_MAX;
		else
			top(p)->body = body = line_indent(next);
	}
	gather(p, body);
	put_lines(p);
}

/* Items that stand in another's first line: "- - a". */
static void open_nested(struct restructured *p, struct slice *s, size_t *column,
                        size_t *len)
{
	int64_t number;
	bool ordered;
	size_t next;

	while ((next = restructured_item(*s, &ordered, &number)) > 0 &&
	       !ordered) {
		size_t at = *column + *len;

		top(p)->body = at;
		paper_list_open(&p->paper, false);
		push(p, RESTRUCTURED_BULLETS, at, SIZE_MAX, s->at[0]);
		paper_item_open(&p->paper, 0);
		*column = at;
		*len = next;
		*s = slice_trim(slice_cut(*s, next, s->len));
	}
}

/* "A. Name did it" on a line of a paragraph is no item: the next line must be
 * blank, its own, or another item. */
static bool goes_on(struct slice next, size_t column, size_t len)
{
	int64_t number;
	bool ordered;

	return line_blank(next) || line_indent(next) >= column + len ||
	       (line_indent(next) == column &&
	        restructured_item(line_from(next, column), &ordered, &number));
}

static bool block_item(struct restructured *p, struct slice s, size_t column)
{
	size_t len;
	int64_t number;
	char bullet = item_kind(s, &number, &len);
	struct slice next = lines_peek(p->text, p->at), name, value;

	if (!bullet)
		return false;
	if (bullet == '1' && !goes_on(next, column, len))
		return false;
	if (bullet == ':') {
		restructured_field(s, &name, &value);
		if (block_about(p, name, value, column))
			return true;
		begin_item(p, column, bullet, 0);
		paper_mark(&p->paper, FLOW_STRONG);
		restructured_inline(p, name);
		flow_raw(&p->paper.flow, SLICE(":"));
		flow_mark_close(&p->paper.flow);
		flow_space(&p->paper.flow);
		put_item_text(p, value, SIZE_MAX);
	} else if (bullet == 'o') {
		begin_item(p, column, bullet, 0);
		flow_code(&p->paper.flow, slice_cut(s, 0, len));
		flow_space(&p->paper.flow);
		put_item_text(p, slice_trim(slice_cut(s, len, s.len)),
		              SIZE_MAX);
	} else {
		begin_item(p, column, bullet, number);
		s = slice_trim(slice_cut(s, len, s.len));
		open_nested(p, &s, &column, &len);
		put_item_text(p, s, column + len);
	}
	return true;
}

/* Options of a directive whose body we read as text. */
static void skip_options(struct restructured *p, size_t column)
{
	while (p->at < p->text.len) {
		struct slice line = lines_peek(p->text, p->at), name, value;

		if (line_blank(line) || line_indent(line) <= column ||
		    !restructured_field(slice_trim(line), &name, &value))
			return;
		lines_next(p->text, &p->at);
	}
}

/* The first paragraph of a body, begun on the directive's own line. */
static void put_argument(struct restructured *p, struct slice argument)
{
	struct slice next = lines_peek(p->text, p->at);
	size_t mark = top(p)->mark;

	if (line_blank(argument))
		return;
	if (!line_blank(next) && line_indent(next) > mark)
		top(p)->body = line_indent(next);
	buf_reset(&p->lines);
	buf_add(&p->lines, argument);
	gather(p, top(p)->body);
	paper_paragraph(&p->paper);
	put_lines(p);
}

/* "New in version 1.2:" and the text behind it. */
static bool open_version(struct restructured *p, struct slice name,
                         struct slice argument, size_t column)
{
	static const struct {
		const char *name, *text;
	} kinds[] = {
		{ "versionadded", "Added in version " },
		{ "versionchanged", "Changed in version " },
		{ "versionremoved", "Removed in version " },
		{ "deprecated", "Deprecated since version " },
	};
	size_t i, end = slice_find(argument, ' ');

	for (i = 0; i < 4; i++)
		if (line_same(name, slice_of(kinds[i].name)))
			break;
	if (i == 4)
		return false;
	push(p, RESTRUCTURED_PLAIN, column, SIZE_MAX, 0);
	paper_paragraph(&p->paper);
	flow_text(&p->paper.flow, slice_of(kinds[i].text), true);
	flow_text(&p->paper.flow, slice_cut(argument, 0, end), true);
	flow_raw(&p->paper.flow, SLICE(":"));
	flow_space(&p->paper.flow);
	buf_reset(&p->lines);
	buf_add(&p->lines, slice_trim(slice_cut(argument, end, argument.len)));
	if (!line_blank(lines_peek(p->text, p->at)) &&
	    line_indent(lines_peek(p->text, p->at)) > column)
		gather(p, column + 1);
	put_lines(p);
	return true;
}

static bool among(struct slice name, const char *const *names)
{
	for (; *names; names++)
		if (line_same(name, slice_of(*names)))
			return true;
	return false;
}

/* The name of an object: "py:function", "option"; its domain does not count. */
static bool is_object(struct slice name)
{
	static const char *const objects[] = {
		"function",      "method",       "class",      "attribute",
		"data",          "option",       "envvar",     "confval",
		"describe",      "object",       "cmdoption",  "module",
		"exception",     "macro",        "type",       "struct",
		"enum",          "var",          "setting",    "program",
		"staticmethod",  "classmethod",  "property",   "decorator",
		"get",           "post",         "put",        "delete",
		"patch",         "directive",    "role",       "member",
		"autoclass",     "autofunction", "automodule", "automethod",
		"autoexception", "autodata",     NULL,
	};
	size_t i = name.len;

	while (i && name.at[i - 1] != ':')
		i--;
	return among(slice_cut(name, i, name.len), objects);
}

static void open_object(struct restructured *p, struct slice argument,
                        size_t column)
{
	paper_term(&p->paper);
	flow_code(&p->paper.flow, argument);
	/* More signatures, one a line. */
	while (p->at < p->text.len) {
		struct slice line = lines_peek(p->text, p->at), name, value;

		if (line_blank(line) || line_indent(line) <= column ||
		    restructured_field(slice_trim(line), &name, &value))
			break;
		lines_next(p->text, &p->at);
		flow_break(&p->paper.flow);
		flow_code(&p->paper.flow, slice_trim(line));
	}
	skip_options(p, column);
	paper_definition_open(&p->paper);
	push(p, RESTRUCTURED_DEFINITION, column, SIZE_MAX, 0);
}

/* A directive whose body is text like the rest. */
static void open_directive(struct restructured *p, struct slice name,
                           struct slice argument, size_t column)
{
	static const char *const titled[] = {
		"rubric",   "topic",          "sidebar",
		"table",    "centered",       "tab",
		"tab-item", "dropdown",       "card",
		"figure",   "grid-item-card", "group-tab",
		"details",  "collapse",       NULL,
	};
	static const char *const text[] = { "epigraph", "highlights",
		                            "pull-quote", NULL };
	struct slice label = paper_admonition_label(name);

	if (open_version(p, name, argument, column))
		return;
	if (label.len || line_same(name, SLICE("admonition"))) {
		paper_admonition_open(
		        &p->paper, label.len ? label : SLICE("Note"),
		        label.len ? (struct slice){ 0 } : argument);
		push(p, RESTRUCTURED_QUOTE, column, SIZE_MAX, 0);
		if (label.len)
			put_argument(p, argument);
		skip_options(p, column);
		return;
	}
	if (is_object(name) && argument.len) {
		open_object(p, argument, column);
		return;
	}
	if (among(name, text)) {
		paper_quote_open(&p->paper);
		push(p, RESTRUCTURED_QUOTE, column, SIZE_MAX, 0);
		put_argument(p, argument);
		return;
	}
	push(p, RESTRUCTURED_PLAIN, column, SIZE_MAX, 0);
	if (line_same(name, SLICE("figure"))) {
		paper_paragraph(&p->paper);
		paper_image(&p->paper, argument, (struct slice){ 0 });
	} else if (among(name, titled) && argument.len) {
		put_title(p, argument);
	} else if (line_same(name, SLICE("deprecated"))) {
		put_argument(p, argument);
	}
	skip_options(p, column);
}

/* ".. [1] text": the mark, and a body. */
static bool block_note(struct restructured *p, struct slice s, size_t column)
{
	size_t end = slice_find(s, ']');

	if (!s.len || s.at[0] != '[' || end + 1 > s.len || end < 2 ||
	    (end + 1 < s.len && s.at[end + 1] != ' '))
		return false;
	push(p, RESTRUCTURED_PLAIN, column, SIZE_MAX, 0);
	paper_paragraph(&p->paper);
	flow_text(&p->paper.flow, slice_cut(s, 0, end + 1), true);
	flow_space(&p->paper.flow);
	put_item_text(p, slice_trim(slice_cut(s, end + 1, s.len)), SIZE_MAX);
	return true;
}

/* Explicit markup: what begins with two dots. */
static bool block_dots(struct restructured *p, struct slice s, size_t column)
{
	struct slice name, argument;
	bool alone = line_only(s, '.') && line_trim_end(s).len == 2;

	if (slice_starts(s, SLICE("__ ")))
		return true;
	if (!alone && !slice_starts(s, SLICE(".. ")))
		return false;
	s = slice_trim(slice_cut(s, 2, s.len));
	if (block_note(p, s, column))
		return true;
	if (restructured_explicit(s, &name, &argument)) {
		if (!restructured_directive(p, name, argument, column))
			open_directive(p, name, argument, column);
		return true;
	}
	/* Targets, substitutions and comments; two dots alone before a blank
	 * line take nothing with them. */
	if (!alone || !line_blank(lines_peek(p->text, p->at)))
		restructured_body(p, column);
	return true;
}

/* A term, and its definition indented below it. */
static bool block_term(struct restructured *p, struct slice s, size_t column)
{
	struct slice next = lines_peek(p->text, p->at);

	if (line_blank(next) || line_indent(next) <= column ||
	    slice_ends(line_trim_end(s), SLICE("::")))
		return false;
	paper_term(&p->paper);
	restructured_inline(p, slice_trim(s));
	paper_definition_open(&p->paper);
	push(p, RESTRUCTURED_DEFINITION, column, SIZE_MAX, 0);
	return true;
}

static void block(struct restructured *p, struct slice line, size_t start)
{
	size_t indent = line_indent(line), column;
	struct slice s;

	unwind(p, line);
	column = column_of(p);
	if (column == SIZE_MAX || column > indent)
		column = indent;
	if (block_literal(p, line, start, column))
		return;
	if (indent > column) {
		paper_quote_open(&p->paper);
		push(p, RESTRUCTURED_QUOTE, column, indent, 0);
		column = indent;
	}
	s = line_trim_end(line_from(line, column));
	if (block_section(p, line, indent) || restructured_simple(p, line) ||
	    block_rule(p, s) || restructured_grid(p, line) ||
	    block_doctest(p, s, column) || block_lines(p, s, column) ||
	    block_dots(p, s, column) || block_item(p, s, column) ||
	    block_term(p, s, column))
		return;
	put_paragraph(p, s, column);
}

void restructured_read(struct slice text, const struct document_links *links,
                       struct arena *a, struct document *d, struct buf *out)
{
	struct restructured p = {
		.a = a,
		.d = d,
		.text = text,
		.lines = BUF_INIT(out->ceiling),
	};

	paper_init(&p.paper, links, out);
	restructured_gather(&p);
	while (p.at < text.len && !buf_full(out)) {
		size_t start = p.at;
		struct slice line = lines_next(text, &p.at);

		p.blank = line_blank(line);
		if (!p.blank)
			block(&p, line, start);
	}
	while (p.count)
		pop(&p);
	out->full |= buf_full(&p.lines);
	paper_release(&p.paper);
	map_release(&p.targets);
	map_release(&p.substitutions);
	map_release(&p.titles);
	buf_release(&p.lines);
	free(p.anonymous);
	free(p.stack);
}
