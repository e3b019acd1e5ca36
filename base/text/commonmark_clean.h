#ifndef BASE_TEXT_COMMONMARK_CLEAN_H
#define BASE_TEXT_COMMONMARK_CLEAN_H

#include "base/text/document.h"

/*
 * Markdown as people write it for GitHub, GitLab, MkDocs and Obsidian, made
 * into ours, as a document.h reader: front matter is cut off and read, a
 * heading of the first level on top is the title, underlined headings get
 * their #, fences their backquotes, "!!! note" and "> [!NOTE]" become block
 * quotes that begin with **Note:**, [[Page|text]] becomes a link, and links by
 * reference and relative links become inline and absolute. Of HTML, comments
 * go and simple tags (<br>, <b>, <img>, <a>, <details>) become Markdown; the
 * rest loses its tags. Code is left alone byte for byte; text is not
 * re-flowed.
 */
void commonmark_clean(struct slice text, const struct document_links *links,
                      struct arena *a, struct document *d, struct buf *out);

#endif
