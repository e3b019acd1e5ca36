#ifndef BASE_TEXT_PAPER_H
#define BASE_TEXT_PAPER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text/document.h"
#include "base/text/markdown_flow.h"

/*
 * The Markdown that a reader of plain-text markup writes on: markdown_flow.h
 * with lists, admonitions, tables and links as documents have them. Inline
 * content goes straight to `flow`; every block begins with one of the calls
 * below.
 */
struct paper_list {
	bool ordered;
	char mark;
	int64_t number;
};

struct paper {
	struct flow flow;
	const struct document_links *links;
	struct buf link;    /* the last address */
	struct slice label; /* of an admonition, not yet written */
	bool label_alone;   /* it is a paragraph of its own */
	struct paper_list *lists;
	size_t list_count, list_cap;
	unsigned columns, column, row; /* of the table we are in */
	const char *align;
};

void paper_init(struct paper *p, const struct document_links *links,
                struct buf *out);
void paper_release(struct paper *p);

/* A paragraph begins; ends as the next block begins. */
void paper_paragraph(struct paper *p);
/* Any other block begins. */
void paper_block(struct paper *p);

void paper_heading_open(struct paper *p, unsigned level);
void paper_heading_close(struct paper *p);

/* Items are tight; blocks in them are set apart. */
void paper_list_open(struct paper *p, bool ordered);
void paper_list_close(struct paper *p);
/* `number` of an ordered list's item; 0: the next. */
void paper_item_open(struct paper *p, int64_t number);
void paper_item_close(struct paper *p);

/* A term is inline content up to its definition. */
void paper_term(struct paper *p);
void paper_definition_open(struct paper *p);
void paper_definition_close(struct paper *p);

void paper_quote_open(struct paper *p);
/* A quote that begins with **label:**, or with **label: title** above it. The
 * label must live until the next block; `title` may be empty. */
void paper_admonition_open(struct paper *p, struct slice label,
                           struct slice title);
void paper_quote_close(struct paper *p);

/* Of a kind as it is written in any format: "tip", "WARNING"; at NULL: none. */
struct slice paper_admonition_label(struct slice kind);

void paper_rule(struct paper *p);
/* Code between fences; of `language` its first word. */
void paper_code(struct paper *p, struct slice language, struct slice text);

/* A line of text alone, in bold: the title of a block. */
void paper_title_open(struct paper *p);
void paper_title_close(struct paper *p);

/*
 * A table of `columns` (l, c, r or 0 each in `align`, which outlives it); the
 * first row is its head. Short rows are filled up, cells beyond are dropped.
 * With fewer than two columns its cells become paragraphs.
 */
enum { PAPER_COLUMNS = 64 };
void paper_table_open(struct paper *p, unsigned columns, const char *align);
void paper_row_open(struct paper *p);
/* False: there is no room for it. */
bool paper_cell_open(struct paper *p);
void paper_cell_close(struct paper *p);
void paper_row_close(struct paper *p);
void paper_table_close(struct paper *p);

/* Links nest as marks do (flow_mark_close). To nowhere they are their text. */
void paper_link_open(struct paper *p, struct slice href);
/* To a page by its name, with an optional #fragment. */
void paper_page_open(struct paper *p, struct slice name);
/* An address that is its own text. */
void paper_address(struct paper *p, struct slice href);
void paper_image(struct paper *p, struct slice href, struct slice alt);
/* A mark of another kind. */
void paper_mark(struct paper *p, enum flow_mark_kind kind);

/*
 * Between them content goes elsewhere: what is written to a title that is not
 * in the Markdown. paper_aside_end() appends it to `out` as plain text.
 */
struct paper_aside {
	struct flow flow;
	struct buf text;
};
void paper_aside(struct paper *p, struct paper_aside *a);
void paper_aside_end(struct paper *p, struct paper_aside *a, struct buf *out);

#endif
