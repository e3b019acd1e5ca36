/*
 * Directives whose body is no text of ours: code, mathematics, images, tables
 * that are lists, and those that leave nothing.
 */

#include <string.h>

#include "base/text/document_field.h"
#include "base/text/lines.h"
#include "base/text/restructured_parts.h"

struct slice restructured_body(struct restructured *p, size_t column)
{
	size_t from = p->at, end = p->at, at = p->at;

	while (at < p->text.len) {
		struct slice line = lines_next(p->text, &at);

		if (line_blank(line))
			continue;
		if (line_indent(line) <= column)
			break;
		end = at;
	}
	p->at = end;
	return slice_cut(p->text, from, end);
}

bool restructured_field(struct slice s, struct slice *name, struct slice *value)
{
	size_t i;

	if (s.len < 3 || s.at[0] != ':' || s.at[1] == ':' || s.at[1] == ' ')
		return false;
	for (i = 1; i < s.len; i++) {
		if (s.at[i] == '`')
			return false;
		if (s.at[i] == ':' && s.at[i - 1] != '\\' &&
		    (i + 1 == s.len || s.at[i + 1] == ' '))
			break;
	}
	if (i >= s.len)
		return false;
	*name = slice_cut(s, 1, i);
	*value = slice_trim(slice_cut(s, i + 1, s.len));
	return true;
}

/* The options on top of a body; *rest is behind them. */
static struct slice options_of(struct slice body, struct slice *rest)
{
	size_t at = 0, end = 0, more = SIZE_MAX;

	while (at < body.len) {
		struct slice line = lines_next(body, &at), name, value;
		size_t indent = line_indent(line);

		if (line_blank(line))
			break;
		if (restructured_field(slice_trim(line), &name, &value))
			more = indent;
		else if (indent <= more)
			break;
		end = at;
	}
	*rest = slice_cut(body, end, body.len);
	return slice_cut(body, 0, end);
}

static struct slice option(struct slice options, const char *wanted)
{
	size_t at = 0;

	while (at < options.len) {
		struct slice line = lines_next(options, &at), name, value;

		if (restructured_field(slice_trim(line), &name, &value) &&
		    line_same(name, slice_of(wanted)))
			return value;
	}
	return (struct slice){ 0 };
}

static bool among(struct slice name, const char *const *names)
{
	for (; *names; names++)
		if (line_same(name, slice_of(*names)))
			return true;
	return false;
}

static void put_caption(struct restructured *p, struct slice text)
{
	if (!text.len)
		return;
	paper_title_open(&p->paper);
	restructured_inline(p, text);
	paper_title_close(&p->paper);
}

static void put_code(struct restructured *p, struct slice name,
                     struct slice argument, struct slice body)
{
	struct buf code = BUF_INIT(p->lines.ceiling);
	struct slice rest, options = options_of(body, &rest), language;

	language = argument;
	if (line_same(name, SLICE("parsed-literal")))
		language = (struct slice){ 0 };
	else if (line_same(name, SLICE("math")))
		language = SLICE("math");
	else if (line_same(name, SLICE("prompt")))
		language = SLICE("console");
	else if (!language.len)
		language = p->language;
	if (line_same(name, SLICE("math")) && argument.len) {
		buf_add(&code, argument);
		buf_byte(&code, '\n');
	}
	put_caption(p, option(options, "caption"));
	lines_unindent(rest, SIZE_MAX, &code);
	paper_code(&p->paper, language, buf_slice(&code));
	buf_release(&code);
}

static void put_image(struct restructured *p, struct slice argument,
                      struct slice body)
{
	struct slice rest, options = options_of(body, &rest);

	paper_paragraph(&p->paper);
	paper_image(&p->paper, argument, option(options, "alt"));
}

static void put_meta(struct restructured *p, struct slice body)
{
	size_t at = 0;

	while (at < body.len) {
		struct slice line = lines_next(body, &at), name, value;

		if (restructured_field(slice_trim(line), &name, &value))
			document_field(p->d, p->a, name, value);
	}
}

static void put_table(struct restructured *p, struct slice name,
                      struct slice argument, struct slice body)
{
	struct slice rest, options = options_of(body, &rest);

	put_caption(p, argument);
	if (line_same(name, SLICE("csv-table")))
		restructured_csv_table(p, option(options, "header"), rest);
	else
		restructured_list_table(p, rest);
}

static const char *const codes[] = {
	"code",    "code-block", "sourcecode",     "parsed-literal",
	"math",    "prompt",     "ipython",        "graphviz",
	"mermaid", "uml",        "productionlist", NULL
};
static const char *const dropped[] = {
	"contents",
	"toctree",
	"raw",
	"index",
	"highlight",
	"default-role",
	"role",
	"sectnum",
	"section-numbering",
	"header",
	"footer",
	"tabularcolumns",
	"currentmodule",
	"module",
	"py:module",
	"py:currentmodule",
	"target-notes",
	"highlightlang",
	"meta",
	"default-domain",
	"ifconfig-off",
	"autosummary",
	"program",
	"cssclass",
	NULL,
};
static const char *const images[] = { "image", "thumbnail", NULL };
static const char *const tables[] = { "list-table", "csv-table", NULL };
static const char *const includes[] = { "include", "literalinclude",
	                                "mdinclude", NULL };

bool restructured_directive(struct restructured *p, struct slice name,
                            struct slice argument, size_t column)
{
	if (among(name, codes)) {
		put_code(p, name, argument, restructured_body(p, column));
	} else if (among(name, dropped)) {
		if (line_same(name, SLICE("highlight")))
			p->language = argument;
		if (line_same(name, SLICE("meta")))
			put_meta(p, restructured_body(p, column));
		else
			restructured_body(p, column);
	} else if (among(name, images)) {
		put_image(p, argument, restructured_body(p, column));
	} else if (among(name, tables)) {
		put_table(p, name, argument, restructured_body(p, column));
	} else if (among(name, includes)) {
		restructured_body(p, column);
		paper_paragraph(&p->paper);
		paper_image(&p->paper, argument, argument);
	} else {
		return false;
	}
	return true;
}
