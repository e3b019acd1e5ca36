#ifndef CRAWLER_PAGE_H
#define CRAWLER_PAGE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/slice.h"
#include "base/text/markup_tree.h"
#include "crawler/content.h"
#include "crawler/head.h"
#include "crawler/page_verdict.h"
#include "crawler/thread.h"

/*
 * One HTML page as a reader sees it: its title, its text, and whether it is a
 * page at all.
 */
struct page_heading {
	uint32_t node; /* in content.part */
	int level;     /* 1 to 6 */
	struct slice text, anchor;
};

struct page {
	struct head head;
	struct content content; /* without the title, if it stands on top */
	struct slice title;     /* without the site's name; may be empty */
	enum page_verdict verdict;
	const struct page_post *posts; /* of a thread, or a question alone */
	size_t post_count;
	bool lead; /* part's node 1 is a text before them, none of theirs */
	const struct page_heading *headings; /* in order */
	size_t heading_count;
};

/* `url` may be empty, `select` NULL. Made in `a`, or borrowed from `m`. */
void page_read(struct page *p, const struct markup *m, struct slice url,
               const struct content_select *select, struct arena *a);

/*
 * Appends the page as Markdown, links resolved against `base`. Each post of a
 * thread is a section of its own, under a heading that says who wrote it, when
 * and with how many votes. Sticky as buf.
 */
void page_markdown(const struct page *p, struct slice base, struct buf *out);

/* Appends the page's own words: plain text, nothing said of posts, nor what
 * pictures are called. */
void page_text(const struct page *p, struct buf *out);

/* Appends the text of posts[i] alone, without that heading. */
void page_post_markdown(const struct page *p, size_t i, struct slice base,
                        struct buf *out);

#endif
