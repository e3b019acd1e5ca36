#ifndef CRAWLER_CONFLUENCE_STORAGE_H
#define CRAWLER_CONFLUENCE_STORAGE_H

#include "base/arena.h"
#include "base/fault.h"
#include "base/text/markdown.h"
#include "base/text/markup.h"
#include "crawler/confluence_link.h"

/*
 * Confluence's storage format (XHTML with ac: and ri: elements) as a tree of
 * HTML's names, which markdown_write() takes. A pure function of text and
 * place; its readable cases stand in tests/data/confluence/.
 *
 * Macros: code and noformat are code; info, note, tip, warning and panel are
 * quotes that begin with their word or title; expand is its title and its
 * body; include and excerpt-include are links to what they include; jira is
 * the key; status is its text. Of others the body is kept, if there is
 * one; parameters are dropped.
 */

/* What changes how a page reads changes this. */
enum { CONFLUENCE_EXTRACTOR = MARKDOWN_VERSION << 8 | 1 };

/* From parsed XML; `m` has one root around the whole text. Made in `a`, texts
 * stay those of `m`. */
struct markup confluence_storage_tree(const struct markup *m,
                                      const struct confluence_place *p,
                                      struct arena *a);

/* From the text to Markdown, appended to `out`. *truncated: not all of it
 * could be read. FAULT_LIMIT: it is too long. */
MUST_USE
bool confluence_storage(struct slice storage, const struct confluence_place *p,
                        struct markup_parser *parser, struct arena *a,
                        struct buf *out, bool *truncated, struct fault *f);

/* The XML document that the parser is given. Appends. */
void confluence_storage_document(struct slice storage, struct buf *out);

#endif
