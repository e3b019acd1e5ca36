#ifndef CRAWLER_STACK_PAGE_H
#define CRAWLER_STACK_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/slice.h"
#include "base/text/markup_tree.h"
#include "crawler/stack_post.h"

/*
 * Question pages of Stack Exchange sites, in every layout they had: each is a
 * row of a table of patterns, all are tried, and the one that finds most of
 * what a question page must have wins. A page in which too much is missing is
 * refused whole. Pure.
 *
 * Which answer is accepted stands in the answer's class or mark. The pages'
 * schema.org itemprop="acceptedAnswer" is on the top answer instead, and is not
 * looked at.
 */
struct stack_page {
	const char *layout;       /* "stacks", "grid", "table", "schema.org" */
	unsigned found, wanted;   /* how complete it is */
	struct stack_post *posts; /* the question, then the answers */
	size_t count;
	int64_t answers;   /* of the question, on all its pages */
	bool accepted;     /* the accepted answer is on this page */
	struct slice next; /* link to the next page of answers, or empty */
};

enum { STACK_PAGE_ANSWERS = 30 }; /* on one page */

/*
 * `part` is the number of the page of answers, from 1. Slices are made in `a`
 * or borrow from `m`. FAULT_INPUT "stack-layout": it is no question page, or
 * in no layout that we know; the text says what was missing.
 */
MUST_USE
bool stack_page_read(const struct markup *m, int64_t part, struct slice host,
                     struct arena *a, struct stack_page *out, struct fault *f);

#endif
