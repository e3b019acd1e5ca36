#ifndef CRAWLER_STACK_PAGE_PARTS_H
#define CRAWLER_STACK_PAGE_PARTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/slice.h"
#include "base/text/markup_tree.h"
#include "crawler/stack_page.h"
#include "crawler/stack_post.h"

/*
 * Inside of stack_page*.c: one layout as a row of patterns (stack_pick.h), and
 * the reading of a page by it.
 */
struct page_layout {
	const char *name;
	const char *question, *answer; /* containers */
	const char *body, *votes;
	const char *signature; /* boxes with who and when */
	const char *person;    /* in them: who */
	const char *time;      /* in them: when, its title */
	const char *comment, *comment_text;
	const char *mark; /* in an answer: accepted, unless hidden */
};

struct page_reader {
	const struct markup *m;
	const struct page_layout *layout;
	struct slice host;
	struct arena *a;
	struct stack_page *out;
	const char *missing; /* the first thing that was not found */
	uint32_t first;      /* the first answer, or the end of the page */
};

/* Counts a thing that a complete page has. */
void page_expect(struct page_reader *r, bool found, const char *what);

/* The id as a slice; empty when it is none. */
struct slice page_id(int64_t id, struct arena *a);

/* stack_page_post.c: what questions and answers have in common, in the
 * container [from, end). */
bool page_read_post(struct page_reader *r, uint32_t from, uint32_t end,
                    struct stack_post *p);

void page_read_tags(const struct page_reader *r, uint32_t from, uint32_t end,
                    struct record *it);

/* stack_page_head.c: what a page says about its question outside of it. */
int64_t page_question_id(const struct page_reader *r, uint32_t question);
bool page_answer_count(const struct page_reader *r, int64_t *out);
/* *marked: a word behind it says that it is closed. */
struct slice page_title(const struct page_reader *r, bool *marked);
/* When it was asked, how often it was seen, whether it is closed. */
void page_read_heading(struct page_reader *r, uint32_t question, uint32_t body,
                       bool marked, struct stack_post *p);

#endif
