#ifndef BASE_NET_SERVER_H
#define BASE_NET_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/fault.h"
#include "base/net/address.h"
#include "base/slice.h"

/*
 * HTTP/1.1 over libmicrohttpd: connections, ceilings and time, and no policy.
 * What a path means, who may ask and how an error reads is the answerer's.
 *
 *	struct server_options o = server_defaults;
 *	o.answer = my_answer; o.workers = selves; o.worker_count = 2;
 *	if (!server_open(&s, &o, &f) || !server_run(s, &f))
 *		...
 *	server_close(s);
 *
 * Each worker is one thread with its own event loop and its own `self`: the
 * answerer is never called twice at once with the same one. A connection goes
 * to the worker that has the fewest and stays there, keep-alive and pipelined
 * requests included.
 */
struct server;

struct server_request {
	struct slice method; /* "GET" */
	struct slice target; /* as it was sent: nothing is decoded */
	struct slice body;
	/* 0, or the status for a request that met a ceiling (413, 414, 431)
	 * or contradicts itself (400): the answerer only gives it a text. */
	unsigned refused;
	bool old;         /* HTTP/1.0 */
	void *connection; /* for server_header() */
};

/* The value of a header, without white space around; empty when there is
 * none. `name` without regard to case. Lives as long as the request. */
struct slice server_header(const struct server_request *q, const char *name);

struct server_reply {
	unsigned status;
	const char *type;  /* of the body; NULL: there is none */
	const char *allow; /* the header Allow; NULL: none */
	const char *retry; /* the header Retry-After; NULL: none */
	struct buf body;   /* its memory is taken over */
};

/* Fills *r; called with the worker's `self`. */
typedef void server_answer_fn(void *self, const struct server_request *q,
                              struct server_reply *r);

struct server_options {
	struct address address;
	server_answer_fn *answer;
	void **workers;
	size_t worker_count;
	size_t connections;   /* at once; the next is told 503 */
	struct slice crowded; /* the body of that 503, JSON */
	size_t target_most, headers_most, body_most; /* bytes */
	unsigned idle_seconds;    /* without a byte: closed */
	unsigned request_seconds; /* for a request to arrive, and again for its
	                             answer to leave, however busy the line */
	unsigned drain_seconds;   /* for what runs when asked to stop */
};

extern const struct server_options server_defaults;

/* Listens, and takes nobody in yet: see server_address(). */
MUST_USE
bool server_open(struct server **out, const struct server_options *o,
                 struct fault *f);
void server_close(struct server *s); /* NULL is allowed */

/* With the port that is listened on. */
const struct address *server_address(const struct server *s);

/*
 * Serves until cancel_asked(): then takes nobody in, finishes what runs, and
 * returns true. Signals reach the thread that called.
 */
MUST_USE
bool server_run(struct server *s, struct fault *f);

/* Right now, from any thread. */
size_t server_connections(const struct server *s);
size_t server_requests(const struct server *s); /* begun and not yet sent */

#endif
