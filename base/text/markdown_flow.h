#ifndef BASE_TEXT_MARKDOWN_FLOW_H
#define BASE_TEXT_MARKDOWN_FLOW_H

#include "base/buf.h"
#include "base/slice.h"

/*
 * Writes Markdown line by line, for markdown.c: knows where a line starts and
 * with what (the boxes: quotes and list items), what must stand between two
 * blocks, which marks (emphasis, links) are open, and what has to be escaped
 * where. Nothing is written before something follows it: no empty emphasis,
 * no trailing space, no blank line at the end.
 */

enum flow_mode {
	FLOW_BLOCKS,
	FLOW_LINE, /* a heading: breaks become spaces */
	FLOW_CELL, /* of a table: breaks become <br>, and | is escaped */
};

enum flow_mark_kind {
	FLOW_NOTHING, /* a mark inside its like, or a link to nowhere */
	FLOW_STRONG,
	FLOW_EM,
	FLOW_DELETED,
	FLOW_QUOTED,
	FLOW_KBD,
	FLOW_SUP,
	FLOW_SUB,
	FLOW_LINK,
};

struct flow_mark {
	enum flow_mark_kind kind;
	bool open;       /* written */
	size_t href, to; /* of a link: where in `hrefs` */
};

struct flow_box {
	char first[24],
	        rest[12]; /* what its first line and others start with */
	bool fresh;       /* nothing is in it yet */
};

enum { FLOW_BOXES = 64 }; /* nested deeper they leave no trace */

struct flow {
	struct buf *out;
	size_t start; /* of ours in `out` */
	enum flow_mode mode;
	unsigned level; /* of a heading */

	struct flow_box boxes[FLOW_BOXES];
	size_t box_count, box_hidden; /* hidden: beyond FLOW_BOXES */
	size_t low;                   /* fewest boxes since the last line */

	int gap;         /* newlines wanted before the next line */
	char list_end;   /* marker of a list that just ended, or 0 */
	bool space;      /* wanted before the next inline thing */
	int breaks;      /* <br> likewise */
	bool content;    /* this block has some */
	bool line_start; /* so far nothing but boxes stands in this line */
	bool bracket;    /* the line starts with [ */

	struct flow_mark *marks;
	size_t mark_count, mark_cap;
	unsigned open[FLOW_LINK + 1]; /* marks on the stack, by kind */
	struct buf hrefs;
	size_t closed_at; /* where the last mark was closed, and which */
	enum flow_mark_kind closed;
};

void flow_init(struct flow *w, struct buf *out);
void flow_release(struct flow *w);

/* The block ends: at least `lines` newlines before the next (2: a blank one
 * between). */
void flow_gap(struct flow *w, int lines);

/* The same, but exactly so many. */
void flow_gap_set(struct flow *w, int lines);

void flow_box_open(struct flow *w, const char *first, const char *rest);
void flow_box_close(struct flow *w);

/* Marks nest; each open is followed by one close. `href` as written. */
void flow_mark_open(struct flow *w, enum flow_mark_kind kind,
                    struct slice href);
void flow_mark_close(struct flow *w);

/* Text, with white space collapsed and escaped; `more`: something inline may
 * follow it in the block. */
void flow_text(struct flow *w, struct slice s, bool more);

/* Markdown without line ends, as it is; white space is collapsed. */
void flow_raw(struct flow *w, struct slice s);
void flow_space(struct flow *w);
void flow_break(struct flow *w);

/* A code span; white space is collapsed. */
void flow_code(struct flow *w, struct slice s);

/* A block of its own: a fence around lines kept as they are. */
void flow_fence(struct flow *w, struct slice language, struct slice s);

/* Starts a line now, with its boxes. */
void flow_line(struct flow *w);

/* Between them everything goes into one line. */
void flow_heading_open(struct flow *w, unsigned level);
void flow_heading_close(struct flow *w);

void flow_cell_open(struct flow *w);
void flow_cell_close(struct flow *w);

#endif
