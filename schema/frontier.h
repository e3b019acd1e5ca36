#ifndef SCHEMA_FRONTIER_H
#define SCHEMA_FRONTIER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/slice.h"
#include "schema/intake.h"
#include "schema/store.h"

/*
 * What a crawl of one source remembers: every address it knows (the seen
 * set), which of them are due (the frontier), validators and revisit times,
 * and small notes (the source's mark, the limiter's state, quotas). All of it
 * is written in the intake's own transactions, together with the records of
 * the page: after a kill -9 an address is due again or its page is stored,
 * never neither. What is in hand is remembered in memory alone, so a run that
 * died asks for at most those again.
 *
 * Two kinds of entries. A *page* is one address for ever: added once, visited
 * again when it is due, with conditional requests. A *call* (of an API) is
 * gone when it was answered.
 *
 * A *run* is everything that was due when it began and what it finds on the
 * way. It has a horizon: entries due up to it belong to the run, and what is
 * visited becomes due behind it. A run that was killed goes on.
 *
 * Ten million addresses: memory is a few batches, never the frontier.
 */
struct frontier;

struct frontier_options {
	struct slice name;  /* of the section [source NAME] */
	struct slice kind;  /* "site" */
	struct slice space; /* what its records belong to */
	/* Revisit intervals in milliseconds: the first, and the bounds between
	 * which it moves: x 0.5 when a page had changed, x 1.5 when not. */
	int64_t first, least, most;
	/* Two misses count as two when they are so far apart. */
	int64_t apart;
};

enum frontier_kind { FRONTIER_PAGE, FRONTIER_CALL };

struct frontier_entry {
	int64_t id; /* of the row: a hash of source, address and body */
	enum frontier_kind kind;
	struct slice url;
	struct slice body, body_type; /* of a call by POST; empty: GET */
	struct slice note;            /* the source's own */
	uint32_t tag;                 /* likewise */
	int32_t depth;                /* links from a seed */
	int64_t due; /* milliseconds UTC; the order in which they come */
	/* From here on written by frontier_done() alone. */
	int32_t tries;               /* failures in a row */
	struct slice native;         /* what it held when it was last read */
	struct slice etag, modified; /* validators, as headers had them */
	uint64_t digest;             /* of the main text; 0: never read */
	int64_t visited, changed;    /* last time; last change; 0: never */
	int64_t interval;            /* until the next visit; 0: first */
};

/* Makes the source's row when it is new, or anew when nothing was ever read of
 * it. FAULT_USAGE: the name belongs to another kind or space. */
MUST_USE
bool frontier_open(struct frontier **out, struct store *s,
                   const struct frontier_options *o, struct fault *f);
void frontier_close(struct frontier *fr);

/* All writes from now on are part of the transactions of `in`, which lives as
 * long as the frontier. */
void frontier_join(struct frontier *fr, struct intake *in);

/* Starts a run, or goes on with one that never ended (*fresh false: it was
 * seeded). `everything`: also what is not due. *started is when the run first
 * began. Entries of a call that failed for good in an earlier run are gone. */
MUST_USE
bool frontier_begin(struct frontier *fr, int64_t now, bool everything,
                    bool *fresh, int64_t *started, struct fault *f);

/* Seeds are in: from here on the run can be resumed. */
MUST_USE
bool frontier_seeded(struct frontier *fr, struct fault *f);

/* The run is over; the next one is due at `next`. `good`: it went through
 * without failing as a whole (last success). */
MUST_USE
bool frontier_end(struct frontier *fr, int64_t now, int64_t next, bool good,
                  struct fault *f);

/*
 * Adds what is new: *added. A page that is known only comes earlier if
 * `e->due` is before its time but behind its last visit (an older hint is old
 * news), and it was not visited in this run; `again` makes it due in this run
 * even so, with the tag and note of `e` (once: not while it is due already). A
 * call that waits already is not added twice.
 */
MUST_USE
bool frontier_add(struct frontier *fr, const struct frontier_entry *e,
                  bool again, bool *added, struct fault *f);

/* The next due one, now in hand; texts are made in `a`. *found false: none is
 * left that is not in hand or held back. */
MUST_USE
bool frontier_take(struct frontier *fr, int64_t now, struct arena *a,
                   struct frontier_entry *out, bool *found, struct fault *f);

/* The earliest moment at which one that is held back comes free, or
 * INT64_MAX. */
int64_t frontier_held(const struct frontier *fr);

/* Out of hand and due as before, not before `until`. `tried` counts a try. */
MUST_USE
bool frontier_back(struct frontier *fr, const struct frontier_entry *e,
                   int64_t until, bool tried, struct fault *f);

enum frontier_outcome {
	FRONTIER_CHANGED, /* read, and it says something new */
	FRONTIER_SAME,    /* read or 304: nothing new */
	FRONTIER_MISSED,  /* 404, 410: see inventory.h; again after `apart`,
	                     whole: the digest is forgotten */
	FRONTIER_FAILED,  /* given up for this run; due again at the next */
	FRONTIER_SKIPPED, /* not to be read (robots, scope), or another name of
	                     a page (its native is forgotten if `e` has none):
	                     rarely */
};

/* Out of hand, with what was learned: native, etag, modified and digest of
 * `e` are written (empty ones are kept as they were only by SAME and the
 * outcomes behind it). A call's row goes away, except when FAILED. */
MUST_USE
bool frontier_done(struct frontier *fr, const struct frontier_entry *e,
                   int64_t now, enum frontier_outcome outcome, struct fault *f);

/* By address, for --explain; *found. */
MUST_USE
bool frontier_find(struct frontier *fr, struct slice url, struct arena *a,
                   struct frontier_entry *out, bool *found, struct fault *f);

struct frontier_count {
	int64_t pages, calls; /* known */
	int64_t due;          /* of this run, those in hand included */
	int64_t visited;      /* pages ever read */
};
/* Kept up while the frontier is open; the first call after opening counts. */
MUST_USE
bool frontier_count(struct frontier *fr, struct frontier_count *out,
                    struct fault *f);

/* What is remembered of the source of that name goes: it is a new one. Nothing
 * of it may be open. What it brought into the store stays. */
MUST_USE
bool frontier_forget(struct store *s, struct slice name, struct fault *f);

/* Small texts under a name ("mark", "pace", "quota"); empty: not there. */
MUST_USE
bool frontier_put(struct frontier *fr, const char *name, struct slice value,
                  struct fault *f);
MUST_USE
bool frontier_get(struct frontier *fr, const char *name, struct arena *a,
                  struct slice *value, struct fault *f);

/* robots.txt of an origin, kept for all sources of the store. */
struct frontier_robots {
	int64_t fetched; /* milliseconds UTC; 0: not there */
	int status;      /* after redirects; 0: unreachable */
	struct slice body;
};
MUST_USE
bool frontier_put_robots(struct frontier *fr, struct slice origin,
                         const struct frontier_robots *r, struct fault *f);
MUST_USE
bool frontier_get_robots(struct frontier *fr, struct slice origin,
                         struct arena *a, struct frontier_robots *out,
                         struct fault *f);

/* For `opslore sources` and schedules: what the store knows of a source. */
struct frontier_source {
	struct slice name, kind, space;
	int64_t started, ended, succeeded, next;    /* 0: never */
	bool running;                               /* or was killed */
	struct slice pace, proxies, quota, summary; /* notes */
};
MUST_USE
bool frontier_sources(struct store *s, struct arena *a,
                      struct frontier_source **out, size_t *count,
                      struct fault *f);

#endif
