#ifndef BASE_TEXT_MARKDOWN_WALK_H
#define BASE_TEXT_MARKDOWN_WALK_H

#include "base/buf.h"
#include "base/text/markdown_flow.h"
#include "base/text/markdown_table.h"

/*
 * The walk over a tree that markdown.c makes, for the files that write what is
 * looked at as a whole. Private to them.
 */
struct list {
	bool ordered, tight;
	int64_t number;
	char mark; /* - or *, . or ) */
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
	uint32_t title;   /* of the admonition at hand, written already */
	bool glued;       /* the next block goes on in its line */
	bool pictures;    /* they are written */
	bool worded;      /* the link that is open has words of its own */
	int deeper;       /* levels by which they are written lower */
};

/* The text below a node, <br> as a newline. Borrowed until the next call. */
struct slice markdown_words(struct markdown *w, uint32_t n);

/* Written whole. */
void markdown_pre(struct markdown *w, uint32_t n);
void markdown_image(struct markdown *w, const struct markup_node *n);
void markdown_math(struct markdown *w, uint32_t n);
void markdown_input(struct markdown *w, const struct markup_node *n);

/* "[1]" for a link to a note at the foot; false: it is none. */
bool markdown_reference(struct markdown *w, uint32_t n);

/* False: it was written whole. Else its children follow, and then for a link
 * flow_mark_close(). */
bool markdown_enter_code(struct markdown *w, uint32_t n);
bool markdown_enter_link(struct markdown *w, uint32_t n);

/* A block quote that begins with what an admonition is called. */
void markdown_enter_note(struct markdown *w, uint32_t n);
void markdown_leave_note(struct markdown *w);

#endif
