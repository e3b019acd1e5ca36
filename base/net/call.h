#ifndef BASE_NET_CALL_H
#define BASE_NET_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/net/http.h"
#include "base/net/pace.h"
#include "base/slice.h"

/*
 * Calls of one API, several at once: each is tried again with back-off, and
 * signed anew at each try. Sits on http (walls) and pace (how fast); knows no
 * API. One thread.
 *
 *	caller_start(c, &call, &f);
 *	while (caller_pending(c) && caller_poll(c, 100, &f))
 *		while ((r = caller_next(c))) { use(r); caller_done(c, r); }
 *
 * It is not for crawling: no robots, no proxies, no redirects (they are
 * answers). No clock: the time is `now` at birth and what has passed since.
 */
struct caller;

/* One try, as it is about to leave. */
struct call_try {
	uint64_t id;
	unsigned number; /* 1: the first */
	struct slice method, url, body;
	const struct http_header *headers; /* the call's own */
	size_t header_count;
	int64_t now; /* milliseconds UTC */
};

/* All headers to send instead of the call's own; made in `a`. */
typedef bool caller_sign(void *self, const struct call_try *t, struct arena *a,
                         const struct http_header **headers, size_t *count,
                         struct fault *f);

/* Before a try leaves: false with a fault ends the call with it, unsent. */
typedef bool caller_leave(void *self, const struct call_try *t,
                          struct fault *f);

/*
 * Looks at what came back (also at troubles): PACE_SUCCESS is an answer for
 * whoever called, whatever its status; PACE_REFUSED and PACE_FAILED are tried
 * again; PACE_NEUTRAL is handed over too, and says nothing about the server.
 */
typedef enum pace_word caller_judge(void *self, const struct call_try *t,
                                    const struct http_reply *r);

struct caller_options {
	struct http_options http;
	struct pace_options pace; /* stall: a call that waits longer than it
	                             ends with the last trouble */
	bool unhurried;    /* how long an answer takes is a matter of what was
	                   asked, and no sign of a tired server */
	unsigned tries;    /* of one call; 0: 6 */
	int64_t now;       /* milliseconds UTC, at birth */
	caller_sign *sign; /* NULL: the headers go as they are */
	void *sign_self;
	caller_leave *leave; /* NULL: nothing to do */
	caller_judge *judge; /* NULL: caller_usual */
	void *self;          /* for leave and judge */
};

struct call {
	struct slice url;
	struct slice method; /* empty: GET, or POST with a body */
	struct slice body;
	const struct http_header *headers;
	size_t header_count;
	struct slice bearer; /* a secret: never in `headers` */
	bool patient;        /* whoever answers may be silent so long */
	int64_t timeout;     /* of a try, milliseconds; 0: 60 s */
	int64_t body_most;   /* of the answer; 0: LIMIT_BODY */
	uint64_t id;
};

/* Owned by the caller until caller_done(). */
struct call_reply {
	uint64_t id;
	unsigned tries;
	bool unsent;  /* it never left: signing or `leave` failed */
	bool gave_up; /* the last of its tries was refused or failed */
	/* kind NONE: `http` is an answer. Else what went wrong, at last. */
	struct fault fault;
	const struct http_reply *http; /* NULL: none */
};

/* 429 and 503 are refusals; other 5xx, 408, 425, time-outs and lost
 * connections failures; the rest answers. */
enum pace_word caller_usual(void *self, const struct call_try *t,
                            const struct http_reply *r);

MUST_USE
bool caller_new(struct caller **out, const struct caller_options *o,
                struct fault *f);
void caller_free(struct caller *c); /* NULL is allowed; calls are dropped */

/* Everything is copied. False: it can never be sent (its URL). */
MUST_USE
bool caller_start(struct caller *c, const struct call *call, struct fault *f);

/* Moves on; returns when a reply is there, `wait` milliseconds have passed, or
 * nothing is pending. False only if the library fails. */
MUST_USE
bool caller_poll(struct caller *c, int64_t wait, struct fault *f);

/* The next that is ready, or NULL. */
struct call_reply *caller_next(struct caller *c);
void caller_done(struct caller *c, struct call_reply *r);

/* Started and not yet handed out; those of them on the wire right now. */
size_t caller_pending(const struct caller *c);
size_t caller_under_way(const struct caller *c);

/* Milliseconds UTC, by its clock; 0 or when it may start the next one. */
int64_t caller_now(const struct caller *c);
int64_t caller_resting(const struct caller *c);

/* One call from start to end, for those who have but one. The reply is theirs
 * until caller_done(). FAULT_CANCELLED. */
MUST_USE
bool caller_ask(struct caller *c, const struct call *call,
                struct call_reply **out, struct fault *f);

#endif
