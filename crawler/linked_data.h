#ifndef CRAWLER_LINKED_DATA_H
#define CRAWLER_LINKED_DATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/slice.h"
#include "base/text/markup_tree.h"

/*
 * What a page says of itself in JSON-LD, in the words of schema.org: for some
 * pages, whose text is made by scripts, it is all there is to read.
 *
 * Of a page's blocks the best object counts (a question or forum posting, then
 * an article, then the page itself), and lesser ones fill in what it leaves
 * out. Where a page lists several articles, none of them is believed. Broken
 * JSON is mended where newlines stand in its strings or a comma too many, and
 * passed over otherwise.
 */
struct linked_post {
	struct slice id;                 /* fragment of its address, or empty */
	struct slice text, author, link; /* may be empty */
	int64_t time;                    /* or CLOCK_NONE */
	int64_t votes;
	bool voted, question, accepted;
};

struct linked_data {
	struct slice title, author, language, site; /* may be empty */
	struct slice text;         /* of an article, its paragraphs as lines */
	int64_t created, modified; /* or CLOCK_NONE */
	const struct linked_post *posts;
	size_t post_count;
	bool organization; /* `author` is none of a person */
	int rank;          /* of the best object so far */
	int articles;      /* different ones */
};

/* Of all <script type="application/ld+json"> of the page, made in `a`. */
void linked_data_read(struct linked_data *d, const struct markup *m,
                      struct arena *a);

/* Starts with nothing; then block by block. */
void linked_data_init(struct linked_data *d);
void linked_data_add(struct linked_data *d, struct slice json, struct arena *a);

#endif
