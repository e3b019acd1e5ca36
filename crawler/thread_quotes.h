#ifndef CRAWLER_THREAD_QUOTES_H
#define CRAWLER_THREAD_QUOTES_H

#include <stdint.h>

#include "base/arena.h"
#include "base/text/markup_tree.h"

/*
 * Shortens what a post of a page quotes from one before it on the same page:
 * whole texts stand there already, so that their first words are enough to see
 * what is answered. `m` is made of `nodes`; those before `from` are no posts.
 * Quotes of anything else stay whole.
 */
void thread_quotes(const struct markup *m, struct markup_node *nodes,
                   uint32_t from, struct arena *a);

#endif
