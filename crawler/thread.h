#ifndef CRAWLER_THREAD_H
#define CRAWLER_THREAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/slice.h"
#include "crawler/content.h"

/*
 * The posts of a thread, a question with its answers, or the comments below a
 * text.
 *
 * What holds a post's text is known by microdata, by the names that forums
 * write, or at last by being one of several like it with a name and a date.
 * What belongs to it is the largest part of the page around it that holds no
 * other: there its author, date and votes stand.
 */

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

struct thread {
	struct page_post *posts; /* in the order of the page */
	size_t count;
	bool lead; /* a text stands before them that is none of them */
};

/*
 * False: there is none. Else `c->part` becomes what the thread holds, the text
 * before it if it has one and each post, without signatures, menus and what
 * else stands between them. `m` is the page that `c` was found in. All is made
 * in `a` or borrowed from `m`.
 */
bool thread_find(struct thread *t, const struct markup *m, struct content *c,
                 struct arena *a);

#endif
