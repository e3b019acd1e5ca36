#ifndef CRAWLER_EXTRACT_ELEMENT_TOKENS_H
#define CRAWLER_EXTRACT_ELEMENT_TOKENS_H

#include "base/arena.h"
#include "base/text/markup_tree.h"
#include "crawler/extract/numbering.h"

/*
 * The words of an element's class and id ("post-body", "mainContent": post,
 * body, main, content), its role, itemprop and itemtype ("r:main",
 * "i:articlebody", "y:article"), each in lower case, once per element and
 * numbered within the page.
 */
struct element_tokens {
	struct numbering numbers;
	struct slice *texts; /* by number */
	size_t room;
	struct arena *arena;
};

/* The attributes that say what an element is for; empty where it has none. */
struct element_look {
	struct slice id, class, role, itemprop, itemtype;
};

struct element_look element_look(const struct markup *m,
                                 const struct markup_node *n);

enum {
	TOKEN_LONGEST = 26, /* bytes */
	TOKEN_MOST = 17,    /* of one element: 14 words and the three others */
};

void element_tokens_init(struct element_tokens *t, struct arena *a);

/* Writes the numbers to `out`, returns how many. */
uint32_t element_tokens_read(struct element_tokens *t, const struct markup *m,
                             const struct markup_node *n,
                             uint32_t out[TOKEN_MOST]);

/* The number of a token, or MARKUP_NONE where the page has none such. */
uint32_t element_tokens_find(const struct element_tokens *t, struct slice text);

#endif
