#ifndef CRAWLER_HEAD_H
#define CRAWLER_HEAD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/slice.h"
#include "base/text/markup_tree.h"

/*
 * What an HTML page says about itself: its names, addresses, dates and wishes.
 * Hints all of them, as they stand in the page: nothing is resolved against
 * the page's address, and whom to believe is the caller's decision.
 */
struct head {
	struct slice title;       /* <title>, its white space folded */
	struct slice og_title;    /* og:title, twitter:title */
	struct slice site;        /* og:site_name, application-name */
	struct slice generator;   /* "MediaWiki 1.39.17" */
	struct slice description; /* og:description, description */
	struct slice language;    /* <html lang>, else a meta's */
	struct slice author;      /* <meta name=author> */
	struct slice licence;     /* SPDX name of its rel=license, if it is one
	                           of Creative Commons and the only one */
	struct slice base;        /* of the first <base href> */
	struct slice canonical;   /* of the first <link rel=canonical> */
	struct slice refresh; /* where a meta refresh of 30 s or less goes */
	int64_t created;      /* CLOCK_NONE: it does not say */
	int64_t modified;     /* likewise */
	uint32_t h1;          /* the first one, or MARKUP_NONE */
	uint32_t body;        /* the <body>, or MARKUP_NONE */
	uint32_t scripts;     /* how many */
	bool noscript;        /* a <noscript> with words in it */
};

/* Texts that are not in the page as they are returned are made in `a`. */
void head_read(struct head *h, const struct markup *m, struct arena *a);

/* The text of a subtree, white space folded to single blanks, without scripts
 * and styles; at most `most` bytes of it. */
struct slice head_text(const struct markup *m, uint32_t n, size_t most,
                       struct arena *a);

/* Equal but for the case of ASCII letters. */
bool head_same(struct slice a, struct slice b);

/* Whether the blank-separated `list` holds `word`, whatever the case. */
bool head_has(struct slice list, struct slice word);

#endif
