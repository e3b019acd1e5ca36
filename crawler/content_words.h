#ifndef CRAWLER_CONTENT_WORDS_H
#define CRAWLER_CONTENT_WORDS_H

#include "base/slice.h"

/*
 * What the ids and classes of pages say about a part of them: tables of names
 * that common wikis, documentation generators, blogs, forums and help desks
 * write. The rules stand in the order in which they are tried.
 */
enum content_word {
	CONTENT_UNKNOWN,
	CONTENT_DROPPED, /* no part of the text */
	RULE_SELECT,     /* the configured container */
	RULE_MEDIAWIKI,
	RULE_DOKUWIKI,
	RULE_XWIKI,
	RULE_GOLLUM,
	RULE_TRAC,
	RULE_PMWIKI,
	RULE_FOSWIKI,
	RULE_NOTION,
	RULE_AWS,
	RULE_MKDOCS,
	RULE_DOCUSAURUS,
	RULE_READTHEDOCS,
	RULE_WIKI,
	RULE_MARKDOWN,
	RULE_ARTICLE_BODY,
	RULE_FORUM,
	RULE_POST,
	RULE_MAIN,    /* <main>, role=main */
	RULE_ARTICLE, /* <article> */
	RULE_PAGE_CONTENT,
	RULE_CONTENT, /* what many call it */
	RULE_COUNT,
};

/* "mediawiki", "main": for events and tests. */
const char *content_rule_name(enum content_word rule);

enum content_word content_of_id(struct slice id);

/* The strongest word of a blank-separated list of classes. */
enum content_word content_of_class(struct slice classes);

#endif
