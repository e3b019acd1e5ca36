#ifndef BASE_TEXT_ORG_H
#define BASE_TEXT_ORG_H

#include "base/text/document.h"

/*
 * Org, as Org mode 9 exports it (orgmode.org/worg/org-syntax.html), as a
 * document.h reader. Keywords of tasks stay with their headings; drawers,
 * planning lines and comments are dropped.
 */
void org_read(struct slice text, const struct document_links *links,
              struct arena *a, struct document *d, struct buf *out);

#endif
