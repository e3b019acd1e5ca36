#ifndef BASE_TEXT_COMMONMARK_PARTS_H
#define BASE_TEXT_COMMONMARK_PARTS_H

#include "base/map.h"
#include "base/text/document.h"

/*
 * The steps of commonmark_clean.h, each from Markdown to Markdown.
 */

/* Where the text of a line starts: behind quotes, blanks and item marks. */
size_t commonmark_lead(struct slice line);

/* A fence: what stands before it, its byte and length, and its language. */
struct commonmark_fence {
	size_t lead, run, quotes; /* quotes: how many > are in the lead */
	char mark;                /* 0: there is none */
	struct slice info;
};

/* Whether a line opens one. */
bool commonmark_fence_opens(struct slice line, struct commonmark_fence *out);

/* Whether a line closes it: 1, or 2 when it is already behind it. */
int commonmark_fence_closes(const struct commonmark_fence *f,
                            struct slice line);

/* First step: admonitions of any generator become quotes, <pre> fences;
 * comments and tables of contents go. */
void commonmark_containers(struct slice text, struct buf *out);

/* Definitions of links: "[id]: address". Those that a line holds are put
 * into `map`, folded, as numbers of `addresses`. */
struct commonmark_links {
	struct map names;
	struct slice *addresses; /* borrowed from the lines */
	size_t count, cap;
};
bool commonmark_definition(struct commonmark_links *l, struct slice line,
                           bool add);
/* Where a label leads, or at NULL. */
struct slice commonmark_defined(const struct commonmark_links *l,
                                struct slice label);
void commonmark_links_release(struct commonmark_links *l);

/*
 * Last step, for the lines of one paragraph, heading or row (`row`: breaks
 * stay <br>): links and HTML. `lead` stands before lines that a break starts.
 */
void commonmark_inline(struct slice s, bool row, struct slice lead,
                       const struct commonmark_links *defined,
                       const struct document_links *links, struct buf *out);

#endif
