#ifndef CRAWLER_TURN_H
#define CRAWLER_TURN_H

#include "base/fault.h"
#include "base/slice.h"

/*
 * One run of a source at a time: a lock on a file beside the store, held by
 * the process and gone with it, however it ends.
 */
struct turn {
	int fd; /* 0: not held */
};

/* FAULT_BUSY "crawl-busy": another run has it. */
MUST_USE
bool turn_take(struct turn *t, const char *store, struct slice source,
               struct fault *f);
void turn_leave(struct turn *t); /* zeroed is allowed */

#endif
