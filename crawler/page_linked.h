#ifndef CRAWLER_PAGE_LINKED_H
#define CRAWLER_PAGE_LINKED_H

#include <stdbool.h>

#include "crawler/linked_data.h"
#include "crawler/thread.h"

/*
 * Where a page's JSON-LD holds clearly more text than its HTML, `c->part`
 * becomes that text, and `t` its posts if there are any; returns true then.
 * Of what only the JSON-LD of a page says, paragraphs are left.
 */
bool page_linked(const struct linked_data *d, struct content *c,
                 struct thread *t, struct arena *a);

#endif
