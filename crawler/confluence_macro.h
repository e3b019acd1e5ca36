#ifndef CRAWLER_CONFLUENCE_MACRO_H
#define CRAWLER_CONFLUENCE_MACRO_H

#include "crawler/confluence_link.h"
#include "crawler/confluence_tree.h"

/*
 * What macros (ac:structured-macro, and ac:macro before Confluence 4.3) become:
 * each writes what stands in its place, and may leave an element open for its
 * body.
 */
enum confluence_macro {
	MACRO_WRITTEN, /* all of it: its children are passed over */
	MACRO_BODY,    /* its children follow, its parameters left out */
	MACRO_INSIDE,  /* the same, in the element that was opened */
};

enum confluence_macro confluence_macro(const struct markup *m, uint32_t n,
                                       const struct confluence_place *p,
                                       struct confluence_tree *t);

#endif
