#ifndef BASE_TEXT_MARKDOWN_H
#define BASE_TEXT_MARKDOWN_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/slice.h"
#include "base/text/markup.h"

/*
 * Clean Markdown (CommonMark with pipe tables) from a markup tree. A pure
 * function of tree and base address; its readable cases stand in
 * tests/data/markdown/.
 *
 * Kept: headings, paragraphs, line breaks, emphasis, inline code, lists nested
 * and numbered, boxes of tasks, block quotes, definition lists, rules, links
 * and images as links (resolved against `base`), <kbd>, <sup>, <sub>, details
 * with their summary. Fenced code with its language, whatever its highlighter
 * made of it. Tables, lists and code in their cells in one line; those made
 * for the place of things become blocks. Admonitions as block quotes that
 * begin with the page's own word: **Note:**. TeX of formulas between dollars,
 * and that of MathJax left alone. Links to notes at the foot as [1].
 *
 * Dropped: scripts, styles, comments; marks behind headings, edit links, copy
 * buttons, line numbers, pictures that are ornaments by their own word. A fence is always
 * longer than any run of backquotes inside; text that Markdown would read as
 * markup is escaped as little as needed; code is never escaped. javascript:
 * and data: targets lose their link.
 */
#define MARKDOWN_VERSION 2

/* Appends. Sticky as buf: ask buf_full(out) at the end. */
void markdown_write(const struct markup *m, struct slice base, struct buf *out);

/* The subtree of node `n` alone, its headings `deeper` levels down (never
 * below the sixth), with what pictures are called or without. */
void markdown_write_below(const struct markup *m, uint32_t n, int deeper,
                          bool pictures, struct slice base, struct buf *out);

/* A run of plain text as one line of Markdown that means nothing but itself. */
void markdown_escape(struct slice s, struct buf *out);

/*
 * The other way, for snippets, statistics and token counts: the plain text
 * of our own Markdown, without its marks, links as their text. Appends.
 */
void markdown_text(struct slice markdown, struct buf *out);

#endif
