#ifndef CRAWLER_CONFLUENCE_LINK_H
#define CRAWLER_CONFLUENCE_LINK_H

#include "base/arena.h"
#include "base/text/markup_tree.h"

/*
 * Where the storage format's resource identifiers lead to. They name pages by
 * title and people by id, so an address is made of what is known of the wiki;
 * nothing is looked up.
 */
struct confluence_person {
	struct slice id, name;
};

/* The page that the text stands on. */
struct confluence_place {
	struct slice base;  /* "https://wiki.example.com/wiki": no final '/' */
	struct slice space; /* its key */
	struct slice page;  /* its id */
	struct slice jira;  /* "https://jira.example.com", or empty */
	const struct confluence_person *people; /* who are known by name */
	size_t people_count;
};

/* A link or image: both may be empty. */
struct confluence_target {
	struct slice url, text;
};

/* What the first resource identifier among the children of `n` (ac:link,
 * ac:image, ac:parameter) names; texts are made in `a`. */
struct confluence_target confluence_link(const struct markup *m, uint32_t n,
                                         const struct confluence_place *p,
                                         struct arena *a);

/* The place of a page that was stored, by its address and id. */
struct confluence_place confluence_link_place(struct slice link,
                                              struct slice id);

/* The issue `key` in Jira; empty where Jira's address is not known. */
struct slice confluence_link_issue(const struct confluence_place *p,
                                   struct slice key, struct arena *a);

/* The text below `n`, as it stands; made in `a`. */
struct slice confluence_text(const struct markup *m, uint32_t n,
                             struct arena *a);

#endif
