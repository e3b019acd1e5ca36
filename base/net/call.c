/*
 * Each call is a `flight`: queued until its moment and pace's have come, on
 * the wire, or ready. A try that was refused or failed goes back into the
 * queue with a moment of its own; pace holds everything back when the service
 * asks for it. Order is kept: of those whose moment has come, the oldest goes
 * first.
 */

#include "base/net/call.h"

#include <poll.h>
#include <stdlib.h>

#include "base/cancel.h"
#include "base/clock.h"
#include "base/memory.h"

enum {
	CALL_TRIES = 6,
	CALL_TIMEOUT = 60000,
	CALL_DELAY = 250, /* milliseconds before the second try */
	CALL_DELAY_MOST = 20000,
};

enum flight_state { FLIGHT_QUEUED, FLIGHT_WIRE, FLIGHT_READY };

struct flight {
	struct call_reply reply; /* first: caller_done() is given it */
	struct flight *next;
	enum flight_state state;
	bool taken; /* handed out */
	struct call call;
	struct slice bearer;
	struct arena kept, of_try;
	struct call_try leaving;
	int64_t due;     /* microseconds UTC */
	int64_t started; /* of the try */
	struct http_reply *http;
};

struct caller {
	struct caller_options o;
	struct http *http;
	struct pace pace;
	int64_t base; /* monotonic milliseconds at birth */
	struct flight *first, **last;
	size_t pending, wire;
};

static int64_t now_micros(const struct caller *c)
{
	return (c->o.now + clock_monotonic() - c->base) * 1000;
}

int64_t caller_now(const struct caller *c)
{
	return now_micros(c) / 1000;
}

int64_t caller_resting(const struct caller *c)
{
	int64_t now = now_micros(c);
	int64_t until = pace_resting(&c->pace, now);

	return until > now ? until / 1000 : 0;
}

size_t caller_pending(const struct caller *c)
{
	return c->pending;
}

size_t caller_under_way(const struct caller *c)
{
	return c->wire;
}

static enum pace_word usual_trouble(enum http_trouble t)
{
	switch (t) {
	case HTTP_NO_HOST:
	case HTTP_NO_CONNECTION:
	case HTTP_TIMEOUT:
	case HTTP_CUT:
		return PACE_FAILED;
	default:
		return PACE_NEUTRAL;
	}
}

enum pace_word caller_usual(void *self, const struct call_try *t,
                            const struct http_reply *r)
{
	(void)self;
	(void)t;
	if (r->trouble != HTTP_FINE)
		return usual_trouble(r->trouble);
	if (r->status == 429 || r->status == 503)
		return PACE_REFUSED;
	if (r->status >= 500 || r->status == 408 || r->status == 425)
		return PACE_FAILED;
	return PACE_SUCCESS;
}

bool caller_new(struct caller **out, const struct caller_options *o,
                struct fault *f)
{
	struct caller *c = memory_new(1, sizeof(*c));

	c->o = *o;
	if (!c->o.tries)
		c->o.tries = CALL_TRIES;
	if (!c->o.judge)
		c->o.judge = caller_usual;
	c->base = clock_monotonic();
	c->last = &c->first;
	pace_init(&c->pace, &o->pace);
	if (!http_new(&c->http, &o->http, f)) {
		free(c);
		return false;
	}
	*out = c;
	return true;
}

static void flight_free(struct caller *c, struct flight *x)
{
	if (x->http)
		http_done(c->http, x->http);
	memory_wipe((void *)(uintptr_t)x->bearer.at, x->bearer.len);
	arena_release(&x->kept);
	arena_release(&x->of_try);
	free(x);
}

void caller_free(struct caller *c)
{
	struct flight *x;

	if (!c)
		return;
	/* What is on the wire borrows from flights: it goes first. */
	for (x = c->first; x; x = x->next) {
		if (x->http)
			http_done(c->http, x->http);
		x->http = NULL;
	}
	http_free(c->http);
	while ((x = c->first)) {
		c->first = x->next;
		flight_free(c, x);
	}
	free(c);
}

static const struct http_header *headers_copy(struct arena *a,
                                              const struct http_header *from,
                                              size_t count)
{
	struct http_header *to = arena_array(a, count, sizeof(*to));
	size_t i;

	for (i = 0; i < count; i++) {
		to[i].name = arena_copy(a, from[i].name);
		to[i].value = arena_copy(a, from[i].value);
	}
	return to;
}

bool caller_start(struct caller *c, const struct call *call, struct fault *f)
{
	struct flight *x;

	if (!call->url.len)
		return fault(f, FAULT_USAGE, "call-url", "no address to call");
	x = memory_new(1, sizeof(*x));
	x->call = *call;
	x->call.url = arena_copy(&x->kept, call->url);
	x->call.method = arena_copy(&x->kept, call->method);
	if (!call->method.len)
		x->call.method = call->body.len ? SLICE("POST") : SLICE("GET");
	x->call.body = arena_copy(&x->kept, call->body);
	x->call.bearer = x->bearer = arena_copy(&x->kept, call->bearer);
	x->call.headers =
	        headers_copy(&x->kept, call->headers, call->header_count);
	x->reply.id = call->id;
	*c->last = x;
	c->last = &x->next;
	c->pending++;
	return true;
}

static void flight_ready(struct caller *c, struct flight *x)
{
	if (x->state == FLIGHT_WIRE)
		c->wire--;
	x->state = FLIGHT_READY;
	x->reply.http = x->http;
}

/* Signs and sends; what fails here ends the call unsent. */
static bool flight_leave(struct caller *c, struct flight *x, struct fault *f)
{
	struct call_try *t = &x->leaving;
	struct http_request q = {
		.url = x->call.url,
		.method = x->call.method,
		.body = x->call.body,
		.headers = x->call.headers,
		.header_count = x->call.header_count,
		.bearer = x->call.bearer,
		.body_most = x->call.body_most,
		.wire_most = x->call.body_most,
		.patient = x->call.patient,
		.timeout = x->call.timeout ? x->call.timeout : CALL_TIMEOUT,
		.id = (uintptr_t)x,
	};

	arena_reset(&x->of_try);
	*t = (struct call_try){ .id = x->call.id,
		                .number = x->reply.tries + 1,
		                .method = q.method,
		                .url = q.url,
		                .body = q.body,
		                .headers = q.headers,
		                .header_count = q.header_count,
		                .now = caller_now(c) };
	if (c->o.sign && !c->o.sign(c->o.sign_self, t, &x->of_try, &q.headers,
	                            &q.header_count, f))
		return false;
	if (c->o.leave && !c->o.leave(c->o.self, t, f))
		return false;
	return http_start(c->http, &q, f);
}

static void flight_launch(struct caller *c, struct flight *x, int64_t now)
{
	if (!flight_leave(c, x, &x->reply.fault)) {
		x->reply.unsent = !x->reply.tries;
		flight_ready(c, x);
		return;
	}
	x->reply.tries++;
	x->started = now;
	x->state = FLIGHT_WIRE;
	c->wire++;
	pace_start(&c->pace, now);
}

/* Sends what may go; the moment of the next that may, or INT64_MAX. */
static int64_t launch_due(struct caller *c)
{
	int64_t next = INT64_MAX, now, when;
	struct flight *x;

	for (x = c->first; x; x = x->next) {
		if (x->state != FLIGHT_QUEUED)
			continue;
		now = now_micros(c);
		when = pace_when(&c->pace, now);
		if (when > now)
			return when < next ? when : next;
		if (x->due > now) {
			next = x->due < next ? x->due : next;
			continue;
		}
		flight_launch(c, x, now);
	}
	return next;
}

/* What a person reads of a call that was tried in vain. */
static void reply_give_up(struct flight *x)
{
	struct call_reply *r = &x->reply;

	r->gave_up = true;
	if (x->http->trouble != HTTP_FINE) {
		r->fault = x->http->fault;
		return;
	}
	fault(&r->fault, FAULT_LATER, "call-refused",
	      "the service answered %d, %u times", x->http->status, r->tries);
}

static int64_t flight_delay(const struct flight *x)
{
	unsigned shift = x->reply.tries < 8 ? x->reply.tries - 1 : 7;
	int64_t delay = (int64_t)CALL_DELAY << shift;

	return (delay < CALL_DELAY_MOST ? delay : CALL_DELAY_MOST) * 1000;
}

/* Where nobody listens there is nobody to spare: the calls' own delays do. */
static bool nobody_there(const struct http_reply *r)
{
	return r->trouble == HTTP_NO_CONNECTION || r->trouble == HTTP_NO_HOST;
}

static void flight_land(struct caller *c, struct flight *x)
{
	int64_t now = now_micros(c);
	const struct http_reply *r = x->http;
	enum pace_word word = c->o.judge(c->o.self, &x->leaving, r);
	struct pace_outcome o = {
		.word = nobody_there(r) ? PACE_NEUTRAL : word,
		.started = x->started,
		.latency = c->o.unhurried ? 0 : r->waited * 1000,
		.retry_after = pace_retry_after(http_header(r, "retry-after"),
		                                now / 1000),
		.status = r->status,
	};

	pace_end(&c->pace, now, &o);
	if (word == PACE_SUCCESS || word == PACE_NEUTRAL) {
		if (r->trouble != HTTP_FINE)
			x->reply.fault = r->fault;
		flight_ready(c, x);
		return;
	}
	if (x->reply.tries >= c->o.tries) {
		reply_give_up(x);
		flight_ready(c, x);
		return;
	}
	http_done(c->http, x->http);
	x->http = NULL;
	x->state = FLIGHT_QUEUED;
	x->due = now + flight_delay(x);
	c->wire--;
}

/* Nobody is let through any more: whatever waits will not be. */
static void give_up_waiting(struct caller *c)
{
	struct flight *x;
	struct fault f;

	if (!pace_stalled(&c->pace, now_micros(c), &f))
		return;
	for (x = c->first; x; x = x->next)
		if (x->state == FLIGHT_QUEUED) {
			x->reply.fault = f;
			x->reply.gave_up = true;
			x->reply.unsent = !x->reply.tries;
			flight_ready(c, x);
		}
}

static bool any_ready(const struct caller *c)
{
	const struct flight *x;

	for (x = c->first; x; x = x->next)
		if (x->state == FLIGHT_READY && !x->taken)
			return true;
	return false;
}

/* A signal ends it early. */
static void rest(int64_t milliseconds)
{
	if (milliseconds > 0)
		poll(NULL, 0, (int)milliseconds);
}

static bool wait_wire(struct caller *c, int64_t wait, struct fault *f)
{
	struct http_reply *r;

	if (!http_active(c->http)) {
		rest(wait);
		return true;
	}
	if (!http_poll(c->http, wait, f))
		return false;
	while ((r = http_next(c->http))) {
		struct flight *x = (struct flight *)(uintptr_t)r->id;

		x->http = r;
		flight_land(c, x);
	}
	return true;
}

bool caller_poll(struct caller *c, int64_t wait, struct fault *f)
{
	int64_t end = clock_monotonic() + wait;

	while (c->pending) {
		int64_t next = launch_due(c);
		int64_t now = now_micros(c);
		int64_t left = end - clock_monotonic();

		give_up_waiting(c);
		if (any_ready(c) || left < 0)
			return true;
		if (next != INT64_MAX && (next - now + 999) / 1000 < left)
			left = next > now ? (next - now + 999) / 1000 : 0;
		if (!wait_wire(c, left, f))
			return false;
		if (cancel_asked() || clock_monotonic() >= end)
			return true;
	}
	return true;
}

struct call_reply *caller_next(struct caller *c)
{
	struct flight *x;

	for (x = c->first; x; x = x->next)
		if (x->state == FLIGHT_READY && !x->taken) {
			x->taken = true;
			c->pending--;
			return &x->reply;
		}
	return NULL;
}

void caller_done(struct caller *c, struct call_reply *r)
{
	struct flight **at, *x = (struct flight *)r;

	for (at = &c->first; *at != x; at = &(*at)->next)
		;
	*at = x->next;
	if (c->last == &x->next)
		c->last = at;
	flight_free(c, x);
}

bool caller_ask(struct caller *c, const struct call *call,
                struct call_reply **out, struct fault *f)
{
	struct call_reply *r;

	if (!caller_start(c, call, f))
		return false;
	while (!(r = caller_next(c)))
		if (!caller_poll(c, 1000, f) || !cancel_check(f))
			return false;
	*out = r;
	return true;
}
