#ifndef BASE_TEXT_RESTRUCTURED_H
#define BASE_TEXT_RESTRUCTURED_H

#include "base/text/document.h"

/*
 * reStructuredText, as docutils reads it, with Sphinx's roles and directives,
 * as a document.h reader. Admonitions become block quotes that begin with
 * **Note:**; comments, tables of contents, raw blocks and toctrees are dropped.
 */
void restructured_read(struct slice text, const struct document_links *links,
                       struct arena *a, struct document *d, struct buf *out);

#endif
