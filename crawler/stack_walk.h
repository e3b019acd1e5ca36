#ifndef CRAWLER_STACK_WALK_H
#define CRAWLER_STACK_WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/slice.h"
#include "crawler/source.h"
#include "schema/record.h"

/*
 * The two ways through a Stack Exchange site: by its API, and by its pages.
 * Inside of source_stackexchange.c and these two alone.
 */
enum stack_order { ORDER_ACTIVE, ORDER_CREATION, ORDER_VOTES, ORDERS };

enum { STACK_TAGS_MOST = 16 };

struct stack_source {
	struct arena arena; /* of what follows */
	struct slice host;  /* of the site, as dumps name it */
	struct slice api;   /* address of the API, without a slash at its end */
	struct slice web;   /* address of the pages, likewise */
	struct slice tags[STACK_TAGS_MOST];
	size_t tag_count;
	enum stack_order order;
	bool pages_way;    /* by pages; else by the API */
	int64_t pages;     /* most list pages; 0: no ceiling */
	int64_t page_size; /* questions of one call */
	int64_t min_score; /* INT64_MIN: any */
	int64_t recheck;   /* milliseconds; 0: never */
	uint64_t wish;     /* of the settings that choose questions */
	int64_t time;      /* when the run began */
	bool everything;
	/* From the mark. By the API: the key up to which all is read; by pages:
	 * when the last run began, milliseconds. 0: nothing, never. */
	int64_t since;
	struct slice filter; /* the API's */
	int64_t listed;      /* when its full listing last ended; 0: never */
};

/* The next word of *text; empty at its end. */
struct slice stack_word(struct slice *text);

/* Whether the settings want a question. */
bool stack_wants(const struct stack_source *s, int64_t votes,
                 const struct slice *tags, size_t tag_count);

void stack_api_mark(struct stack_source *s, struct slice mark);
void stack_api_seed(struct stack_source *s, struct yield *y);
MUST_USE
bool stack_api_reply(struct stack_source *s, const struct reply *r,
                     struct yield *y, struct fault *f);

void stack_pages_mark(struct stack_source *s, struct slice mark);
void stack_pages_seed(struct stack_source *s, struct yield *y);
MUST_USE
bool stack_pages_reply(struct stack_source *s, const struct reply *r,
                       struct yield *y, struct fault *f);

#endif
