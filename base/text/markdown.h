#ifndef BASE_TEXT_MARKDOWN_H
#define BASE_TEXT_MARKDOWN_H

#include "base/buf.h"
#include "base/slice.h"
#include "base/text/markup.h"

/*
 * Clean Markdown (CommonMark with pipe tables) from a markup tree. A pure
 * function of tree and base address; its readable cases stand in
 * tests/data/markdown/.
 *
 * Kept: headings, paragraphs, line breaks, emphasis, inline code, fenced code
 * with its language where the class says it (lang-x, language-x, hljs x),
 * lists nested and numbered, block quotes, tables, definition lists, rules,
 * links and images as links (resolved against `base`), <kbd>, <sup>, <sub>,
 * MathJax left alone, details with their summary. Dropped: scripts, styles,
 * comments. A fence is always longer than any run of backquotes inside; text
 * that Markdown would read as markup is escaped as little as needed; code is
 * never escaped. javascript: and data: targets lose their link.
 */
#define MARKDOWN_VERSION 1

/* Appends. Sticky as buf: ask buf_full(out) at the end. */
void markdown_write(const struct markup *m, struct slice base, struct buf *out);

/* The subtree of node `n` alone, its headings `deeper` levels down (never
 * below the sixth). */
void markdown_write_below(const struct markup *m, uint32_t n, int deeper,
                          struct slice base, struct buf *out);

/* A run of plain text as one line of Markdown that means nothing but itself. */
void markdown_escape(struct slice s, struct buf *out);

/*
 * The other way, for snippets, statistics and token counts: the plain text
 * of our own Markdown, without its marks, links as their text. Appends.
 */
void markdown_text(struct slice markdown, struct buf *out);

#endif
