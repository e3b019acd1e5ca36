#ifndef BASE_TEXT_ASCIIDOC_H
#define BASE_TEXT_ASCIIDOC_H

#include "base/text/document.h"

/*
 * AsciiDoc, as Asciidoctor 2 reads it (docs.asciidoctor.org), as a
 * document.h reader. Admonitions become block quotes that begin with
 * **Note:**; comments, attribute entries and page breaks are dropped.
 * Attributes are those of the document alone. ifdef and ifndef see them.
 */
void asciidoc_read(struct slice text, const struct document_links *links,
                   struct arena *a, struct document *d, struct buf *out);

#endif
