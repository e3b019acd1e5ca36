#ifndef CRAWLER_PAGE_LANGUAGE_H
#define CRAWLER_PAGE_LANGUAGE_H

#include "base/slice.h"
#include "base/text/markup_tree.h"

/* "zh", "ja" or "ko" where a third of a tree's letters say so; else empty: no
 * other language is told by its script alone. */
struct slice page_language(const struct markup *m);

#endif
