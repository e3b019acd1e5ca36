#ifndef CRAWLER_STACK_NAME_H
#define CRAWLER_STACK_NAME_H

#include <stdint.h>

#include "base/arena.h"
#include "base/slice.h"

/*
 * How posts of a Stack Exchange site are named. A dump, the API and the pages
 * tell of the same posts: what they must agree on, so that a post is one thing
 * in the store whichever way it came, stands here.
 */

/* Digits. */
struct slice stack_id(int64_t n, struct arena *a);

/* https://HOST/PART/ID; parts: "questions", "a", "posts", "users". */
struct slice stack_link(struct slice host, const char *part, struct slice id,
                        struct arena *a);

/* "CC BY-SA 4.0" as SPDX spells it; empty when it is no such thing. */
struct slice stack_licence(struct slice s, struct arena *a);

/* The time of the last edit in whole seconds, since the API and the pages know
 * no finer ones; 0 for CLOCK_NONE. */
int64_t stack_revision(int64_t edited);

#endif
