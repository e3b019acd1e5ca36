#ifndef CRAWLER_STACK_POST_H
#define CRAWLER_STACK_POST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/slice.h"
#include "base/text/markup.h"
#include "crawler/source.h"
#include "schema/intake.h"
#include "schema/record.h"

/*
 * A post of a Stack Exchange site, as the API and the pages are read, on its
 * way to becoming records.
 */

struct stack_comment {
	struct intake_comment comment;
	struct slice name;         /* of its author */
	const struct markup *tree; /* its text, or NULL: it is in `comment` */
};

struct stack_post {
	struct record record;
	const struct markup *tree; /* its body; NULL: `original` is parsed */
	struct slice name;         /* of its author */
	const struct stack_comment *comments;
	size_t comment_count;
	const struct slice *originals; /* ids of what it is a duplicate of */
	size_t original_count;
	int64_t activity;     /* seconds since 1970: the last of any kind */
	int64_t answer_count; /* a question's, as the site says */
	bool unfit;           /* to be named, not kept */
};

/* Written: what follows from what was read (link, revision, author's name or
 * id, extractor). `author` may be empty. */
void stack_post_settle(struct stack_post *p, struct slice host,
                       struct arena *a);

/*
 * Says posts (author, record, comments, links), with the Markdown of their
 * originals, relative links from https://HOST/. A body that cannot be converted
 * is an event and its post is left out. False: no parser can be started.
 */
MUST_USE
bool stack_posts_yield(const struct stack_post *posts, size_t count,
                       struct slice host, struct markup_parser *parser,
                       struct yield *y, struct fault *f);

/* Of source_kind.again. */
MUST_USE
bool stack_post_again(const struct conf_section *conf, const struct reply *r,
                      struct record *out, struct fault *f);

#endif
