#ifndef CRAWLER_STACK_API_H
#define CRAWLER_STACK_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/json.h"
#include "base/slice.h"
#include "crawler/stack_post.h"

/*
 * Replies of the Stack Exchange API 2.3 (api.stackexchange.com/docs): the
 * common wrapper, its errors, and questions with answers and comments inline.
 * Pure.
 */

/* What a filter has to include, on base "none", unsafe: no HTML entities in
 * titles and names. A change takes a new version, so that filters that were
 * made for the old list are not used. */
#define STACK_API_FILTER_VERSION 1
extern const char stack_api_filter[];
/* And more, which older services may not know: of what it is a duplicate. */
extern const char stack_api_filter_more[];

/* Milliseconds more than it asks us to stay away: its clock is not ours. */
enum { STACK_API_MARGIN = 2000 };

/* Around every reply. */
struct stack_wrapper {
	const struct json *items; /* an array, or NULL */
	bool has_more;
	bool complete;                  /* it says whether there is more */
	int64_t backoff;                /* milliseconds; 0: none */
	int64_t quota_left, quota_most; /* -1: not said */
	int64_t error;                  /* 0: none */
	struct slice error_name, error_message;
};

/* FAULT_LATER "stack-not-json" when the text is no wrapper at all: an error
 * page on the way. *root is the caller's, the wrapper borrows from it. */
MUST_USE
bool stack_wrapper_read(struct slice text, struct json **root,
                        struct stack_wrapper *out, struct fault *f);

/*
 * What an error asks of us: always false with a fault that a person can act
 * on. *rest: milliseconds to stay away, or 0. The kind says whether it is worth
 * trying again.
 */
bool stack_wrapper_fault(const struct stack_wrapper *w, int64_t *rest,
                         struct fault *f);

/* The id of a filter that was made; empty when there is none. */
struct slice stack_api_made_filter(const struct stack_wrapper *w);

struct stack_items {
	struct stack_post *posts; /* each question before its answers */
	size_t count, questions;
	size_t last;   /* where the last question stands in `posts` */
	size_t broken; /* items without an id */
};

/* Items of /questions. Slices are made in `a` or borrow from the wrapper's
 * text, which must live as long. */
void stack_questions_read(const struct stack_wrapper *w, struct slice host,
                          struct arena *a, struct stack_items *out);

/* Items of /questions/{ids}/answers. */
void stack_answers_read(const struct stack_wrapper *w, struct slice host,
                        struct arena *a, struct stack_items *out);

#endif
