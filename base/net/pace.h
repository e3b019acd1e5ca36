#ifndef BASE_NET_PACE_H
#define BASE_NET_PACE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/fault.h"
#include "base/slice.h"

/*
 * How fast one source may be asked, over all proxies together: politeness as
 * arithmetic. No clock, no sockets: times are passed in, in microseconds UTC
 * of a clock that does not go back while the pace lives.
 *
 * Two clocks are kept apart: `delay` (the time between two starts: the
 * configured rate, robots' crawl-delay, or slower when the server tires) and
 * `back-off` (nobody starts anything before a moment: Retry-After, 429, 503,
 * repeated failures). A burst of refusals to requests that were all under way
 * counts once. An error never makes it faster; a Retry-After of 0 is as none.
 * What the server was found to bear is remembered and approached again from
 * below, slowly.
 *
 *	if (pace_when(p, now) <= now) { pace_start(p, now); ... }
 *	pace_end(p, now, &outcome);
 */
struct pace_options {
	double rate;          /* starts a second at most; 0: 1 */
	double least;         /* however often it is refused or fails; 0: one
	                         a minute */
	unsigned concurrency; /* under way at once at most; 0: 2 */
	int64_t stall;        /* microseconds without any success after which
	                         it is given up; 0: 10 minutes */
	uint64_t seed;        /* for the jitter of back-off */
};

enum { PACE_RECENT = 32 };

struct pace {
	struct pace_options options;
	/* private from here on; times in microseconds UTC */
	double rate;         /* starts a second, crawl-delay left out */
	double ceiling;      /* what the server was found to bear; 0: unknown */
	int64_t learned;     /* when that was */
	int64_t crawl_delay; /* microseconds; 0: none */
	int64_t last, next;  /* the last start; the next, above 10/s */
	int64_t rest, asked; /* end of the back-off; its length */
	int64_t cut;         /* what started until then is old news */
	int64_t since;       /* where `succeeded` counts from */
	int64_t raised, hold;        /* last raise near the ceiling; between */
	int64_t slowed;              /* last time for latency */
	int64_t trying;              /* first start since the last success */
	int64_t refusals;            /* all of them */
	uint64_t succeeded;          /* since the last refusal that counted */
	int64_t recent[PACE_RECENT]; /* when the latest of them did: a ring */
	uint64_t heard;              /* answers with a latency */
	double latency, lowest;      /* smoothed; microseconds */
	uint64_t random;
	unsigned under_way;
	unsigned steps; /* raises beyond the ceiling */
	unsigned refused_in_row, failed_in_row, waits;
	int status;             /* of the last trouble */
	bool troubled, refused; /* since the last success; how, last */
};

enum pace_word {
	PACE_SUCCESS, /* an answer, whatever it says (also 404) */
	PACE_REFUSED, /* 429, 503, or the source's own word for it */
	PACE_FAILED,  /* 5xx, time-out, no connection, cut */
	PACE_NEUTRAL, /* says nothing about the server: a proxy's fault,
	                  cancelled, a ceiling of ours */
};

struct pace_outcome {
	enum pace_word word;
	int64_t started;     /* what pace_start() was given */
	int64_t latency;     /* microseconds to the first byte; 0: unknown */
	int64_t retry_after; /* microseconds from now; 0: none */
	int status;          /* for the word of pace_stalled(); 0: no answer */
};

void pace_init(struct pace *p, const struct pace_options *o);

/* The moment from which one more may start; INT64_MAX while as many are under
 * way as may be. */
int64_t pace_when(const struct pace *p, int64_t now);
void pace_start(struct pace *p, int64_t now);
void pace_end(struct pace *p, int64_t now, const struct pace_outcome *o);

/* robots' Crawl-delay: raises the delay, capped at 60 s; true when it was
 * capped. 0 takes it back. */
bool pace_crawl_delay(struct pace *p, int64_t microseconds);

/* The service asks for quiet until now + `microseconds`. */
void pace_rest(struct pace *p, int64_t now, int64_t microseconds);

/* Nothing succeeded for `stall` although it was tried; or a back-off was asked
 * for that is longer than `stall`. The word is for a person. */
bool pace_stalled(const struct pace *p, int64_t now, struct fault *f);

/* For status lines: starts a second it would allow now, the end of the
 * back-off (0: none), what is under way, and how many refusals came. */
double pace_rate(const struct pace *p);
int64_t pace_resting(const struct pace *p, int64_t now);
unsigned pace_under_way(const struct pace *p);
int64_t pace_refusals(const struct pace *p);

/* Refusals in a row with nothing let through between them. At 1 the door was
 * open just before, so it may be the page that is refused and not we. */
unsigned pace_refused(const struct pace *p);

/* State across restarts, as a line of text. What was under way is forgotten,
 * and the next start keeps its distance from the last one saved (or, as that
 * may be old, from now). A line it does not understand is as none. */
void pace_save(const struct pace *p, struct buf *out);
void pace_load(struct pace *p, struct slice line, int64_t now);

/* Retry-After (RFC 9110, 10.2.3): seconds or an HTTP date, against `now`
 * (milliseconds UTC). Microseconds from now; 0: absent, past, or nonsense.
 * At most a day. */
int64_t pace_retry_after(struct slice value, int64_t now);

#endif
