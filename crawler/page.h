#ifndef CRAWLER_PAGE_H
#define CRAWLER_PAGE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/slice.h"
#include "base/text/markup_tree.h"
#include "crawler/content.h"
#include "crawler/head.h"

/*
 * One HTML page as a reader sees it: its title, its text, and whether it is a
 * page at all. Servers say "not found" and "log in first" with status 200; a
 * page that holds little more than that is not stored.
 */
enum page_verdict {
	PAGE_FINE,
	PAGE_NOT_FOUND, /* "page not found", whatever its status says */
	PAGE_LOGIN,     /* it asks for a password, and holds little else */
	PAGE_SCRIPTED,  /* without JavaScript it is empty */
	PAGE_EMPTY,
};

/* One contribution to a thread, a question or a list of comments. */
struct page_post {
	uint32_t node;       /* in content.part: its text */
	struct slice id;     /* fragment of its address, or empty */
	struct slice author; /* or empty */
	struct slice link;   /* of the author, as written, or empty */
	int64_t time;        /* milliseconds UTC, or CLOCK_NONE */
	int64_t votes;
	bool voted; /* `votes` is known */
	bool question, accepted;
};

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
	const struct page_post *posts; /* two and more: it is a thread */
	size_t post_count;
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

#endif
