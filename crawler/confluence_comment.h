#ifndef CRAWLER_CONFLUENCE_COMMENT_H
#define CRAWLER_CONFLUENCE_COMMENT_H

#include "crawler/confluence_site.h"
#include "crawler/source.h"

/*
 * Comments, at the foot of a page and beside its lines, with the answers to
 * them: all are comments on the page. One beside a line begins with that line,
 * quoted.
 */

/* The members of a list, of page `id`. One that cannot be read is left out
 * and told. */
void confluence_comments_read(const struct confluence_site *s, int64_t id,
                              const struct json *list, const struct reply *r,
                              struct yield *y);

#endif
