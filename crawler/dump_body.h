#ifndef CRAWLER_DUMP_BODY_H
#define CRAWLER_DUMP_BODY_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/fault.h"
#include "crawler/dump_post.h"

/*
 * Bodies of a dump's posts made into Markdown, many at a time and on several
 * threads; what comes out, and its order, does not depend on the threads.
 *
 *	post.record.title = arena_copy(dump_bodies_arena(b), ...);
 *	dump_bodies_put(b, &post, f)   now and then hands finished ones to take
 *	dump_bodies_flush(b, f)        the rest
 */
struct dump_bodies;

/* Takes one finished post; false ends the flush with its fault. */
typedef bool dump_take_fn(void *self, struct dump_post *p, struct fault *f);

/* `base` is the address that relative links start from, borrowed. */
struct dump_bodies *dump_bodies_new(unsigned threads, struct slice base,
                                    dump_take_fn *take, void *self);
void dump_bodies_free(struct dump_bodies *b); /* NULL is allowed */

/* Memory for the posts of the present batch. */
struct arena *dump_bodies_arena(struct dump_bodies *b);

/*
 * Copies the post into the present batch; a full batch goes to the threads
 * and finished ones to `take`. False: take's fault, or no worker.
 */
MUST_USE
bool dump_bodies_put(struct dump_bodies *b, const struct dump_post *p,
                     struct fault *f);

/* Before the next post: the memory of posts that were read and not put. */
MUST_USE
bool dump_bodies_skip(struct dump_bodies *b, struct fault *f);

/* Waits for all that is under way. */
MUST_USE
bool dump_bodies_flush(struct dump_bodies *b, struct fault *f);

#endif
