#ifndef CRAWLER_ALIKE_H
#define CRAWLER_ALIKE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

/*
 * How many different addresses are alike but for their numbers and the values
 * of their parameters: "/a/17?day=3" and "/a/4?day=12" are. Calendars and
 * endless listings show in these counts. Memory is bounded (about 1 MB): each
 * count is a sketch, wrong by about 5 %, and of more than 4,096 patterns the
 * rare ones are forgotten.
 */
struct alike;

struct alike *alike_new(void);
void alike_free(struct alike *a);

struct alike_count {
	int64_t count; /* different addresses of this pattern so far */
	bool single;   /* the pattern is one number in the path */
};

/* Counts an address; saying the same one again changes nothing. */
struct alike_count alike_add(struct alike *a, struct slice url);

#endif
