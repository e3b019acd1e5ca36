/*
 * What may be sent now: login first, then what waits, then the frontier, each
 * judged by the gate, one at a time as the pace allows, through the proxy whose
 * turn it is. No request leaves but here.
 */

#include <stdio.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/say.h"
#include "crawler/crawl_state.h"

enum {
	SEND_PARKED = 64,     /* while so many wait for robots.txt, no more */
	SEND_LATEST = 100000, /* microseconds: looked at again anyway */
	SEND_HEADERS = 6,
	SEND_SECRET = 4,   /* bytes; a shorter one may stand anywhere */
	SEND_CARRIED = 64, /* by a carrier, before progress is shown */
};

static bool is_page(const struct flight *it)
{
	return it->kind == FLIGHT_ENTRY &&
	       (it->ask.flags & (ASK_PAGE | ASK_LISTING)) == ASK_PAGE;
}

static bool send_taken(struct crawl *c, struct flight **out, struct fault *f)
{
	struct frontier_entry e;
	struct arena a = ARENA_INIT;
	struct fault bad;
	struct ask ask;
	bool ok, found;

	*out = NULL;
	for (;;) {
		ok = frontier_take(c->frontier, crawl_time(c), &a, &e, &found,
		                   f);
		c->dry = ok && !found;
		if (!ok || !found)
			break;
		crawl_ask_of_entry(&e, &ask);
		if (flight_new(out, FLIGHT_ENTRY, &ask, &bad)) {
			(*out)->entry = e;
			/* Its texts live as long as the flight. */
			arena_release(&(*out)->arena);
			(*out)->arena = a;
			(*out)->ask = ask;
			return true;
		}
		ok = frontier_done(c->frontier, &e, crawl_time(c),
		                   FRONTIER_SKIPPED, f);
		if (!ok)
			break;
	}
	arena_release(&a);
	return ok;
}

/* What robots.txt says besides rules, once a run, whether it was fetched now
 * or is kept from another: its delay is the pace's, its sitemaps the
 * source's. */
static bool send_told(struct crawl *c, struct gate_origin *o, struct fault *f)
{
	const struct source_kind *kind = c->settings->kind;
	struct act a = { 0 };

	if (!o || o->told || c->explaining ||
	    !(o->known || c->settings->robots_ignored))
		return true;
	o->told = true;
	if (!c->settings->robots_ignored &&
	    pace_crawl_delay(&c->pace, gate_crawl_delay(c->gate) * 1000))
		say(SAY_WARN,
		    "%.*s asks for more than 60 s between requests: "
		    "60 s it is",
		    SLICE_ARG(o->name));
	if (!kind->robots)
		return true;
	yield_reset(&c->yield);
	kind->robots(c->source, o->name, &o->robots, &c->yield);
	intake_hold(c->intake);
	return crawl_act(c, &a, f) && intake_let_go(c->intake, f);
}

/* For when nothing else comes of the run. */
static void send_refused(struct crawl *c, const struct flight *it)
{
	const char *instead = c->settings->kind->refused;

	if (c->refused.kind)
		return;
	fault(&c->refused, FAULT_DENIED, "robots", "%s%s%s",
	      buf_string(&c->why), instead ? "; " : "", instead ? instead : "");
	snprintf(c->refused.subject, sizeof(c->refused.subject), "%.*s",
	         SLICE_ARG(it->ask.url));
}

/* *out stays if it may be sent; otherwise it becomes what goes instead, or
 * NULL. */
static bool send_judged(struct crawl *c, struct flight **out, struct fault *f)
{
	struct flight *it = *out;
	struct gate_origin *origin;
	enum gate_word word;

	if (it->cleared || !is_page(it) || c->carrier.own) {
		it->cleared = true;
		return true;
	}
	*out = NULL;
	if (!gate_judge(c->gate, &it->url, it->ask.depth, crawl_time(c), &word,
	                &origin, &c->why, f) ||
	    !send_told(c, origin, f)) {
		flights_add(&c->waiting, it);
		return false;
	}
	switch (word) {
	case GATE_OPEN:
		it->cleared = true;
		*out = it;
		return true;
	case GATE_SHUT:
		if (origin)
			c->report->counts.robots++;
		else
			c->report->counts.shut++;
		if (origin)
			send_refused(c, it);
		crawl_event(c, origin ? "robots" : "scope", it, NULL,
		            buf_slice(&c->why));
		return crawl_end(c, it, FRONTIER_SKIPPED, f);
	case GATE_ROBOTS:
		it->origin = origin;
		flights_add(&c->parked, it);
		return origin->asked || flight_robots(out, origin, f);
	case GATE_UNKNOWN:
		break;
	}
	if (!frontier_back(c->frontier, &it->entry, origin->retry, false, f)) {
		flights_add(&c->waiting, it);
		return false;
	}
	flight_free(it);
	return true;
}

static bool send_next(struct crawl *c, struct flight **out, struct fault *f)
{
	*out = NULL;
	if (c->session.count) {
		*out = flights_take(&c->session);
		return true;
	}
	if (c->session_air)
		return true;
	while (!*out) {
		*out = flights_take(&c->waiting);
		if (!*out && !c->explaining && c->parked.count < SEND_PARKED &&
		    !send_taken(c, out, f))
			return false;
		if (!*out)
			return true;
		if (!send_judged(c, out, f))
			return false;
	}
	return true;
}

static bool home(const struct crawl *c, const struct flight *it)
{
	return c->address.text.len && url_same_origin(&c->address, &it->url);
}

/* The address as it leaves: the service's key is added here, and stays here. */
static struct slice send_url(struct crawl *c, struct flight *it)
{
	const char *name = c->settings->kind->secret_parameter;
	struct slice bare = url_bare(&it->url);
	struct slice token = c->settings->secrets.token;
	struct buf out = BUF_INIT(2u * URL_MOST);
	struct slice copy;

	if (!name || !token.len || it->kind != FLIGHT_ENTRY || it->hops ||
	    it->ask.flags & ASK_PAGE)
		return bare;
	buf_add(&out, bare);
	buf_byte(&out, url_query(&it->url).at ? '&' : '?');
	buf_text(&out, name);
	buf_byte(&out, '=');
	url_escape(token, &out);
	copy = arena_copy(&it->arena, buf_slice(&out));
	buf_release(&out);
	return copy;
}

/* "Token ..." and the like, to the service alone. */
static bool send_token(const struct crawl *c, struct flight *it,
                       struct http_header *h)
{
	const char *word = c->settings->kind->authorization;
	struct slice token = c->settings->secrets.token;
	size_t len = word ? strlen(word) + 1 : 0;
	char *value;

	if (!word || c->settings->login != LOGIN_BEARER || !home(c, it))
		return false;
	value = arena_new(&it->arena, len + token.len);
	memcpy(value, word, len - 1);
	value[len - 1] = ' ';
	memcpy(value + len, token.at, token.len);
	*h = (struct http_header){ SLICE("Authorization"),
		                   { value, len + token.len } };
	return true;
}

/* What a request says; nothing of it is secret. */
static size_t send_headers(const struct flight *it, struct http_header *h)
{
	const struct slice pages =
	        SLICE("text/html,application/xhtml+xml,*/*;q=0.5");
	size_t n = 0;

	h[n++] = (struct http_header){ SLICE("Accept"), it->ask.accept.len
		                                                ? it->ask.accept
		                                                : pages };
	if (it->ask.body_type.len)
		h[n++] = (struct http_header){ SLICE("Content-Type"),
			                       it->ask.body_type };
	if (it->kind != FLIGHT_ENTRY || !it->entry.digest || it->hops)
		return n;
	if (it->entry.etag.len)
		h[n++] = (struct http_header){ SLICE("If-None-Match"),
			                       it->entry.etag };
	if (it->entry.modified.len)
		h[n++] = (struct http_header){ SLICE("If-Modified-Since"),
			                       it->entry.modified };
	return n;
}

static void send_login(const struct crawl *c, const struct flight *it,
                       struct http_request *r)
{
	if (!home(c, it))
		return;
	if (c->settings->login == LOGIN_BASIC) {
		r->user = c->settings->secrets.user;
		r->password = c->settings->secrets.password;
	} else if (c->settings->login == LOGIN_BEARER &&
	           !c->settings->kind->authorization) {
		r->bearer = c->settings->secrets.token;
	}
}

static void send_request(struct crawl *c, struct flight *it,
                         struct http_header headers[SEND_HEADERS],
                         struct http_request *r)
{
	*r = (struct http_request){
		.url = send_url(c, it),
		.body = it->ask.body,
		.headers = headers,
		.header_count = send_headers(it, headers),
		.timeout = c->settings->timeout,
		.id = (uint64_t)(uintptr_t)it,
	};
	if (it->kind == FLIGHT_ROBOTS) {
		r->body_most = ROBOTS_MOST + 1;
		r->beginning = true;
	}
	if (it->proxy != SIZE_MAX)
		r->proxy = proxies_http(c->proxies, it->proxy);
	r->header_count += send_token(c, it, &headers[r->header_count]);
	send_login(c, it, r);
}

static bool send_holds(struct slice s, struct slice part)
{
	size_t at = 0;

	if (part.len < SEND_SECRET)
		return false;
	while (at + part.len <= s.len &&
	       !slice_starts(slice_cut(s, at, s.len), part))
		at++;
	return at + part.len <= s.len;
}

/* Servers repeat what they were told: in a redirect's address, mostly. */
static bool send_secret(const struct crawl *c, struct slice s)
{
	const struct source_secrets *all = &c->settings->secrets;
	const struct slice list[] = { all->password, all->token };
	bool found = false;
	size_t i;

	for (i = 0; i < 2 && !found; i++) {
		struct buf escaped = BUF_INIT(LIMIT_LINK);

		url_escape(list[i], &escaped);
		found = send_holds(s, list[i]) ||
		        send_holds(s, buf_slice(&escaped));
		buf_release(&escaped);
	}
	return found;
}

/* The reply as it may be kept: without headers that tell a secret. */
static struct http_reply send_kept(const struct crawl *c, struct flight *it,
                                   const struct http_reply *r)
{
	struct http_header *kept =
	        arena_array(&it->arena, r->header_count + 1, sizeof(*kept));
	struct http_reply out = *r;
	size_t i;

	out.headers = kept;
	out.header_count = 0;
	for (i = 0; i < r->header_count; i++)
		if (!send_secret(c, r->headers[i].value))
			kept[out.header_count++] = r->headers[i];
	return out;
}

bool crawl_archive(struct crawl *c, struct flight *it, struct http_reply *r,
                   struct fault *f)
{
	struct http_header asked[SEND_HEADERS];
	struct http_reply kept;
	struct warc_exchange x = {
		.url = url_bare(&it->url),
		.method = it->ask.body.len ? SLICE("POST") : SLICE("GET"),
		.asked = asked,
		.body = it->ask.body,
		.reply = &kept,
		.time = crawl_now(c),
		.before = it->entry.visited,
	};

	if (!c->warc || r->trouble || it->kind == FLIGHT_SESSION ||
	    send_secret(c, x.url))
		return true;
	x.asked_count = send_headers(it, asked);
	asked[x.asked_count++] =
	        (struct http_header){ SLICE("User-Agent"),
		                      c->settings->user_agent };
	x.truncated = it->kind == FLIGHT_ROBOTS && r->body.len > ROBOTS_MOST;
	kept = send_kept(c, it, r);
	r->time = x.time / 1000;
	return warc_write(c->warc, &x, f);
}

static bool send_start(struct crawl *c, struct flight *it, struct fault *f)
{
	struct http_header headers[SEND_HEADERS];
	struct http_request r;

	send_request(c, it, headers, &r);
	return http_start(c->http, &r, f);
}

/* Through which proxy; false: none is free before c->wake. */
static bool send_proxy(struct crawl *c, struct flight *it, int64_t now)
{
	int64_t when;

	it->proxy = SIZE_MAX;
	if (!c->proxies)
		return true;
	it->proxy = proxies_pick(c->proxies, now, 1, &when);
	if (it->proxy != SIZE_MAX)
		return true;
	if (when < c->wake)
		c->wake = when > now ? when : now + 1000;
	return false;
}

static void send_count(struct crawl *c, struct flight *it)
{
	c->session_air += it->kind == FLIGHT_SESSION;
	c->report->counts.requests++;
	flights_add(&c->air, it);
}

static bool send_off(struct crawl *c, struct flight *it, struct fault *f)
{
	int64_t now = crawl_now(c);
	struct fault bad;

	if (!send_start(c, it, &bad)) {
		if (it->kind == FLIGHT_ENTRY)
			return crawl_fail(c, it, &bad, f);
		flight_free(it);
		*f = bad;
		return false;
	}
	it->started = now;
	pace_start(&c->pace, now);
	if (it->proxy != SIZE_MAX)
		proxies_start(c->proxies, it->proxy, now);
	send_count(c, it);
	return true;
}

/* What a carrier answers lands at once. */
static bool send_carried(struct crawl *c, struct fault *f)
{
	struct http_header headers[SEND_HEADERS];
	struct http_request request;
	struct flight *it;
	int k;

	for (k = 0; k < SEND_CARRIED; k++) {
		struct http_reply reply = { 0 };

		if (!send_next(c, &it, f))
			return false;
		if (!it)
			return true;
		it->started = crawl_now(c);
		pace_start(&c->pace, it->started);
		send_request(c, it, headers, &request);
		c->carrier.answer(c->carrier.self, &request, &reply);
		reply.id = (uint64_t)(uintptr_t)it;
		send_count(c, it);
		if (!crawl_land(c, &reply, f))
			return false;
	}
	c->wake = 0;
	return true;
}

bool crawl_send(struct crawl *c, struct fault *f)
{
	struct flight *it;
	int64_t now, when;

	if (c->carrier.self && !c->paused) {
		c->wake = crawl_now(c) + SEND_LATEST;
		return send_carried(c, f);
	}
	c->wake = crawl_now(c) + SEND_LATEST;
	while (!c->paused) {
		now = crawl_now(c);
		when = pace_when(&c->pace, now);
		if (when > now) {
			if (when < c->wake)
				c->wake = when;
			return true;
		}
		if (!send_next(c, &it, f))
			return false;
		if (!it)
			return true;
		if (!send_proxy(c, it, now)) {
			flights_first(it->kind == FLIGHT_SESSION ? &c->session
			                                         : &c->waiting,
			              it);
			return true;
		}
		if (!send_off(c, it, f))
			return false;
	}
	return true;
}
