#ifndef CRAWLER_CONFLUENCE_ENTITY_H
#define CRAWLER_CONFLUENCE_ENTITY_H

#include "base/buf.h"
#include "base/slice.h"

/*
 * The storage format is XML with the entities of HTML, which no XML parser
 * knows without a document type. Appends `storage` with each named one as its
 * character; XML's own five and numbers stay, an ampersand that begins none is
 * written as one, and CDATA sections are left alone.
 */
void confluence_entity(struct slice storage, struct buf *out);

#endif
