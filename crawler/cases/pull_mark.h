#ifndef CRAWLER_CASES_PULL_MARK_H
#define CRAWLER_CASES_PULL_MARK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/slice.h"

/*
 * How far a pull is, as a text that is kept in the store beside its cases.
 *
 * A pull lists windows of time, month by month from old to new; the last one
 * has no end. A window is listed page by page, with tokens. Tokens may end:
 * then their window is listed from its start again, and what is there already
 * costs nothing but pages. Then cases that are still open in the store are
 * looked at by their ids, in the order of (created, native id).
 *
 * What of a page is done needs no mark: the store holds it.
 */
enum pull_phase { PULL_NONE, PULL_WINDOWS, PULL_OPEN };

struct pull_mark {
	/* CLOCK_NONE until a pull was complete: when it began, and from which
	 * date on all is there. */
	int64_t complete, covered;
	/* Of the last complete one, or of the one under way: the first window
	 * that holds a case that could not be had. CLOCK_NONE: none. */
	int64_t missed;

	enum pull_phase phase; /* PULL_NONE: no pull is under way */
	int64_t began, since;
	bool resolved;      /* as it was asked for */
	int64_t from, to;   /* the window; `to` CLOCK_NONE: the last one */
	struct slice token; /* of its next page; empty: the first */
	int64_t open_after; /* open cases: created, and native id */
	struct slice native;
};

/* A text that it does not understand is as none. Texts are made in `a`. */
void pull_mark_read(struct pull_mark *m, struct slice text, struct arena *a);
void pull_mark_write(const struct pull_mark *m, struct buf *out);

/*
 * Goes on with the pull that is under way if that covers what is wanted, else
 * starts one: from `since` if it never reached so far back (or `full`), else
 * from a day before the last complete one, or from what that missed. True: it
 * goes on.
 */
bool pull_mark_start(struct pull_mark *m, int64_t since, bool full,
                     bool resolved, int64_t now);

/* The next window, or PULL_OPEN behind the last. */
void pull_mark_window(struct pull_mark *m);

/* A case of this window could not be had: the next pull lists it again. */
void pull_mark_miss(struct pull_mark *m);

void pull_mark_end(struct pull_mark *m);

/* How many windows there are from `from` until `now`. */
int64_t pull_mark_windows(int64_t from, int64_t now);

#endif
