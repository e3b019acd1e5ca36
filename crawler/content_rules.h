#ifndef CRAWLER_CONTENT_RULES_H
#define CRAWLER_CONTENT_RULES_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/slice.h"
#include "base/text/markup_tree.h"
#include "crawler/content_words.h"

/*
 * The main part of a page by simple rules, in linear time and without
 * recursion.
 *
 * First the container: the configured one; else what the page calls its main
 * part (<main>, role=main, the containers that common wikis, documentation
 * generators, blogs and help desks write), else its articles, else the body.
 * A container that holds next to nothing of the page's words is passed over.
 * Then what is no part of the text leaves it: navigation, headers, footers
 * and asides of the page, hidden things, forms, edit links, marks behind
 * headings, tables of contents, breadcrumbs, cookie notices.
 */

/* A simple selector: "article", "#content", ".post-body", "div.post",
 * "main#x". */
struct content_select {
	struct slice tag, id, class; /* empty: any */
};

struct content_rules {
	enum content_word rule; /* what chose the container */
	uint32_t node;          /* the container */
	uint32_t *gone; /* by node: the outermost element around it that is no
	                   part of the text, or MARKUP_NONE */
	size_t page;    /* bytes of words anywhere in the body that show */
	bool password;  /* it asks for one, not only in its margins */
};

/* Made in `a`. `select` may be NULL; `m` has a root. */
void content_rules_find(struct content_rules *out, const struct markup *m,
                        const struct content_select *select, struct arena *a);

#endif
