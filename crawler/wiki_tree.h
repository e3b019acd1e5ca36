#ifndef CRAWLER_WIKI_TREE_H
#define CRAWLER_WIKI_TREE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/text/markup.h"

/*
 * The part of a wiki's page that is its text: found by class or id, and copied
 * without what the wiki's program put around it (edit links, tables of
 * contents, links to pages that do not exist yet).
 */

/* Whether element `n` has the word `class` in its class attribute. */
bool wiki_tree_has_class(const struct markup *m, uint32_t n, const char *class);

/* The rest of the first class of `n` that begins with `head`; or empty. */
struct slice wiki_tree_class_rest(const struct markup *m, uint32_t n,
                                  const char *head);

/* The first element below `root` (or `root` itself) with that class, id or
 * name; MARKUP_NONE when there is none. */
uint32_t wiki_tree_class(const struct markup *m, uint32_t root,
                         const char *class);
uint32_t wiki_tree_id(const struct markup *m, uint32_t root, const char *id);
uint32_t wiki_tree_name(const struct markup *m, uint32_t root,
                        const char *name);

/* Appends the text below `root` in one line, runs of white space as one. */
void wiki_tree_text(const struct markup *m, uint32_t root, struct buf *out);

enum wiki_tree_fate {
	TREE_KEEP,
	TREE_DROP,   /* with everything below it */
	TREE_UNWRAP, /* what is below it stays */
	TREE_CODE,   /* a <pre> in the language that the rule names */
};

typedef enum wiki_tree_fate wiki_tree_rule(const struct markup *m, uint32_t n,
                                           struct slice *language);

/* A copy of `root` and what is below it, as the rule says and without the
 * subtree of `leave` (MARKUP_NONE: none), made in `a`; its texts stay those of
 * `m`. `root` itself is kept. */
struct markup wiki_tree_prune(const struct markup *m, uint32_t root,
                              uint32_t leave, wiki_tree_rule *rule,
                              struct arena *a);

#endif
