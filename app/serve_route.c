/*
 * From a request to a handler and back: the table of paths, who may ask, and
 * how an error reads.
 *
 * The header Host must be a numeric address or a name that we know ourselves
 * by. A page of somebody else's, whose name was turned to 127.0.0.1 after it
 * was loaded, sends its own name there, and is told nothing. Pages cannot
 * send POST with application/json to another site unasked, and nothing here
 * says that they may.
 */

#include "app/serve.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/say.h"
#include "base/utf8.h"

#define READ_ONLY "GET, HEAD, OPTIONS"

const struct serve_route serve_routes[] = {
	{ "/v1/search", "GET, HEAD, POST, OPTIONS", serve_search },
	{ "/v1/posts/", READ_ONLY, serve_post },
	{ "/v1/passages/", READ_ONLY, serve_passage },
	{ "/healthz", READ_ONLY, serve_health },
	{ "/readyz", READ_ONLY, serve_ready },
	{ "/metrics", READ_ONLY, serve_metrics_page },
	{ "/openapi.json", READ_ONLY, serve_openapi },
	{ 0 },
};

static const struct serve_route *route_find(struct slice path)
{
	const struct serve_route *route = serve_routes;

	for (; route->path; route++) {
		struct slice mine = slice_of(route->path);

		if (slice_ends(mine, SLICE("/")) ? slice_starts(path, mine)
		                                 : slice_eq(path, mine))
			return route;
	}
	return NULL;
}

/* Whether the word is one of the list "GET, HEAD". */
static bool route_allows(const struct serve_route *route, struct slice method)
{
	struct slice list = slice_of(route->allow);

	while (list.len) {
		size_t end = slice_find(list, ',');

		if (slice_eq(slice_trim(slice_cut(list, 0, end)), method))
			return true;
		list = slice_cut(list, end + 1, list.len);
	}
	return false;
}

/* Host without its port, which may be another's where it is passed on. */
static struct slice host_name(struct slice host)
{
	size_t end = slice_starts(host, SLICE("[")) ? slice_find(host, ']') + 1
	                                            : slice_find(host, ':');

	return slice_cut(host, 0, end);
}

static bool host_same(struct slice a, struct slice b)
{
	size_t i;

	for (i = 0; i < a.len && a.len == b.len; i++) {
		char c = a.at[i], d = b.at[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if (d >= 'A' && d <= 'Z')
			d = (char)(d - 'A' + 'a');
		if (c != d)
			return false;
	}
	return a.len == b.len;
}

static bool host_check(const struct service *s, const struct server_request *q,
                       struct fault *f)
{
	struct slice host = server_header(q, "Host");
	struct slice name = host_name(host);
	size_t i;

	if ((q->old && !host.len) || address_numeric(name) ||
	    host_same(name, SLICE("localhost")))
		return true;
	for (i = 0; i < s->host_count; i++)
		if (host_same(name, slice_of(s->hosts[i])))
			return true;
	return fault(f, FAULT_DENIED, "host-unknown",
	             "this server is not called '%.*s': start it with --host "
	             "and that name if it is",
	             SLICE_ARG(utf8_head(name, 100)));
}

/* What a body may be is said before it is read as anything. */
static bool body_check(const struct server_request *q, struct fault *f)
{
	struct slice type = server_header(q, "Content-Type");
	size_t end = slice_find(type, ';');

	return !slice_eq(q->method, SLICE("POST")) ||
	       host_same(slice_trim(slice_cut(type, 0, end)),
	                 SLICE("application/json")) ||
	       fault(f, FAULT_USAGE, "request-type",
	             "a body is JSON: send it with Content-Type: "
	             "application/json");
}

static bool refused_fault(unsigned status, struct fault *f)
{
	switch (status) {
	case 413:
		return fault(f, FAULT_LIMIT, "limit-request-body",
		             "the body is larger than %zu bytes",
		             server_defaults.body_most);
	case 414:
		return fault(f, FAULT_LIMIT, "limit-request-target",
		             "the address is longer than %zu bytes: send what "
		             "it asks by POST",
		             server_defaults.target_most);
	case 431:
		return fault(f, FAULT_LIMIT, "limit-request-headers",
		             "the headers are larger than %zu bytes",
		             server_defaults.headers_most);
	default:
		return fault(f, FAULT_INPUT, "request-framing",
		             "the headers say in two ways where the request "
		             "ends, or whom it is for");
	}
}

/* The statuses that kinds of faults have, and codes that have their own. */
static unsigned fault_status(const struct fault *f)
{
	static const struct {
		const char *code;
		unsigned status;
	} own[] = {
		{ "json", 400 },
		{ "request-framing", 400 },
		{ "request-type", 415 },
		{ "host-unknown", 421 },
		{ "path-unknown", 404 },
		{ "post-gone", 404 },
		{ "id-escape", 400 },
		{ "id-part", 400 },
		{ "id-shape", 400 },
		{ "id-utf8", 400 },
		{ "limit-request-target", 414 },
		{ "limit-request-headers", 431 },
		{ "limit-reply", 422 },
		{ "limit-answer", 422 },
	};
	static const unsigned kinds[] = {
		[FAULT_NONE] = 500,      [FAULT_USAGE] = 400,
		[FAULT_INPUT] = 503,     [FAULT_GONE] = 503,
		[FAULT_DENIED] = 403,    [FAULT_BUSY] = 503,
		[FAULT_LATER] = 503,     [FAULT_LIMIT] = 413,
		[FAULT_CANCELLED] = 503, [FAULT_SYSTEM] = 500,
	};
	size_t i;

	for (i = 0; i < sizeof(own) / sizeof(*own); i++)
		if (!strcmp(own[i].code, f->code))
			return own[i].status;
	return kinds[f->kind];
}

static void reply_fault(struct server_reply *r, unsigned status,
                        const struct fault *f)
{
	buf_reset(&r->body);
	app_fault_json(f, &r->body);
	r->type = "application/json";
	r->status = status;
	if (status == 503)
		r->retry = "1";
}

/* 404, 405, and OPTIONS; false: answered. */
static bool route_check(const struct serve_route *route,
                        const struct server_request *q, struct slice path,
                        struct server_reply *r)
{
	struct fault f;

	if (!route) {
		fault(&f, FAULT_GONE, "path-unknown",
		      "there is nothing at '%.*s'; /openapi.json lists what "
		      "there is",
		      SLICE_ARG(utf8_head(path, 100)));
		reply_fault(r, 404, &f);
		return false;
	}
	r->allow = route->allow;
	if (slice_eq(q->method, SLICE("OPTIONS"))) {
		r->status = 204;
		return false;
	}
	if (!route_allows(route, q->method)) {
		fault(&f, FAULT_USAGE, "method", "%s takes %s, not %.*s",
		      route->path, route->allow,
		      SLICE_ARG(utf8_head(q->method, 20)));
		reply_fault(r, 405, &f);
		return false;
	}
	r->allow = NULL;
	return true;
}

static bool route_run(struct serve_worker *w, const struct serve_route *route,
                      struct serve_call *c, struct server_reply *r,
                      struct fault *f)
{
	struct slice rest = slice_cut(c->target.path, strlen(route->path),
	                              c->target.path.len);

	return body_check(c->request, f) &&
	       serve_decode(rest, false, &w->a, &c->rest, f) &&
	       route->run(w, c, r, f) &&
	       (!buf_full(&r->body) ||
	        fault(f, FAULT_LIMIT, "limit-reply",
	              "the answer is larger than %d bytes: ask for less",
	              (int)LIMIT_REPLY));
}

/* Everything but counting; *route may be NULL afterwards. */
static void call_answer(struct serve_worker *w, struct serve_call *c,
                        const struct serve_route **route,
                        struct server_reply *r)
{
	struct fault f = { 0 };
	struct slice path = slice_cut(c->request->target, 0,
	                              slice_find(c->request->target, '?'));
	bool done;

	*route = route_find(path);
	done = c->request->refused
	               ? refused_fault(c->request->refused, &f)
	               : host_check(w->service, c->request, &f) &&
	                         serve_target_read(c->request->target, &w->a,
	                                           &c->target, &f);
	if (done && !route_check(*route, c->request, path, r))
		return;
	if (!done || !route_run(w, *route, c, r, &f))
		reply_fault(r, fault_status(&f), &f);
	if (r->status == 500)
		say_fault(SAY_WARN, &f);
}

static int64_t microseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

void serve_answer(void *self, const struct server_request *q,
                  struct server_reply *r)
{
	struct serve_worker *w = self;
	struct serve_call c = { .request = q, .now = clock_now() };
	const struct serve_route *route;
	int64_t from = microseconds(), took;
	const char *path;

	r->body = BUF_INIT(LIMIT_REPLY);
	call_answer(w, &c, &route, r);
	arena_reset(&w->a);
	took = microseconds() - from;
	path = route ? route->path : NULL;
	serve_metrics_note(w->service->metrics, path, q->method, r->status,
	                   took);
	/* Neither query nor id: what people look for is theirs. */
	say(SAY_DEBUG, "%.*s %s %u, %zu bytes, %lld us", SLICE_ARG(q->method),
	    path ? path : "elsewhere", r->status, r->body.len, (long long)took);
}
