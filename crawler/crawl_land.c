/*
 * A reply is judged in a fixed order: whose fault it was, what it means for the
 * pace, then by its status. Redirects are followed here, each hop through the
 * gate again; what is read goes to the source, and what the source says is
 * stored together with the entry's new state.
 */

#include "base/hash.h"
#include "base/limits.h"
#include "crawler/crawl_state.h"
#include "schema/inventory.h"

enum {
	LAND_DETOURS = 20,    /* through proxies that failed, for one page */
	LAND_ROBOTS_HOPS = 5, /* RFC 9309, 2.3.1.2 */
	LAND_ROBOTS_TRIES = 3,
};

/* A wall of ours is said together with its door. */
static void land_hint(const struct http_reply *r, struct fault *why)
{
	size_t len = strlen(why->text);

	if (r->trouble == HTTP_FORBIDDEN)
		snprintf(why->text + len, sizeof(why->text) - len,
		         "; allow-private = yes lets this source live there");
	else if (r->trouble == HTTP_PROXY_DEAD && why->kind == FAULT_DENIED)
		snprintf(why->text + len, sizeof(why->text) - len,
		         "; allow-private-proxy = yes lets it live there");
}

/* Login cannot be put off: the run ends with what went wrong. */
static bool land_session_failed(struct flight *it, const struct fault *why,
                                struct fault *f)
{
	*f = *why;
	if (f->kind != FAULT_CANCELLED && f->kind != FAULT_SYSTEM)
		f->kind = FAULT_DENIED;
	flight_free(it);
	return fault_in(f, "login");
}

static bool land_status_fault(const struct flight *it, int status,
                              enum fault_kind kind, const char *what,
                              struct fault *f)
{
	char url[512];

	snprintf(url, sizeof(url), "%.*s", SLICE_ARG(it->ask.url));
	fault(f, kind, "http-status", "the server says %d%s%s", status,
	      *what ? ": " : "", what);
	return fault_at(f, url, 0);
}

/* Those that waited for this robots.txt are judged again. */
static void land_unpark(struct crawl *c, const struct gate_origin *o)
{
	struct flights all = c->parked;
	struct flight *it;

	c->parked = (struct flights){ 0 };
	while ((it = flights_take(&all)))
		flights_add(it->origin == o ? &c->waiting : &c->parked, it);
}

static bool land_nothing_yet(const struct crawl *c)
{
	const struct journal_counts *n = &c->report->counts;

	return !n->read && !n->unchanged;
}

/* Nothing can come of a site whose very robots.txt cannot be reached. */
static bool land_robots_hopeless(const struct crawl *c,
                                 const struct gate_origin *o,
                                 const struct http_reply *r)
{
	return land_nothing_yet(c) &&
	       (r->trouble == HTTP_FORBIDDEN || r->trouble == HTTP_TLS ||
	        r->trouble == HTTP_NO_HOST || o->failures >= LAND_ROBOTS_TRIES);
}

static bool land_robots(struct crawl *c, struct flight *it,
                        const struct http_reply *r, struct fault *f)
{
	struct gate_origin *o = it->origin;
	/* Rules that did not come whole, for whatever reason, allow nothing. */
	int status = r->trouble ? 0 : r->status;
	struct slice body = r->trouble ? SLICE("") : r->body;
	bool ok;

	ok = gate_robots(c->gate, o, status, body, crawl_time(c), f);
	crawl_event(c, "robots-file", it, r, SLICE(""));
	if (ok && o->known)
		pace_crawl_delay(&c->pace, gate_crawl_delay(c->gate) * 1000);
	else if (ok && land_robots_hopeless(c, o, r)) {
		if (r->trouble)
			*f = r->fault;
		else
			land_status_fault(it, r->status, FAULT_LATER, "", f);
		ok = fault_in(f, "robots.txt");
	}
	flight_free(it);
	land_unpark(c, o);
	return ok;
}

static bool is_redirect(int status)
{
	return status == 301 || status == 302 || status == 303 ||
	       status == 307 || status == 308;
}

/* The page it leads to was read in this run: this address is another name for
 * it. */
static bool land_alias(struct crawl *c, struct flight *it,
                       const struct frontier_entry *target, struct fault *f)
{
	bool moved = it->moved && it->entry.native.len && target->native.len &&
	             !slice_eq(it->entry.native, target->native);

	intake_hold(c->intake);
	if (moved &&
	    !inventory_moved(c->frontier, it->entry.native, target->native, f))
		return false;
	if (it->moved && target->native.len &&
	    !crawl_alias(c, it->entry.url, target->native, ALIAS_REDIRECT, f))
		return false;
	it->entry.native = (struct slice){ 0 };
	it->entry.digest = target->digest;
	crawl_event(c, "alias", it, NULL, target->url);
	return crawl_end(c, it, it->moved ? FRONTIER_SKIPPED : FRONTIER_SAME,
	                 f) &&
	       intake_let_go(c->intake, f);
}

/* A page's new address may be known and read already. */
static bool land_target(struct crawl *c, struct flight *it, bool *ended,
                        struct fault *f)
{
	struct frontier_entry target;
	struct arena a = ARENA_INIT;
	bool found, ok;

	*ended = false;
	if (!(it->ask.flags & ASK_PAGE))
		return true;
	ok = frontier_find(c->frontier, url_bare(&it->url), &a, &target, &found,
	                   f);
	if (ok && found && target.visited >= c->run_started &&
	    target.id != it->entry.id) {
		*ended = true;
		ok = land_alias(c, it, &target, f);
	}
	arena_release(&a);
	return ok;
}

static bool land_hop_allowed(const struct flight *it, const struct url *to,
                             int status, struct fault *f)
{
	bool page = it->kind == FLIGHT_ROBOTS || it->ask.flags & ASK_PAGE ||
	            it->ask.flags & ASK_LISTING;
	int most =
	        it->kind == FLIGHT_ROBOTS ? LAND_ROBOTS_HOPS : LIMIT_REDIRECTS;

	if (it->hops >= most)
		return fault(f, FAULT_LIMIT, "limit-redirects",
		             "more than %d redirects", most);
	if (!url_is_web(to))
		return fault(f, FAULT_DENIED, "redirect-scheme",
		             "it redirects to what is no web address");
	if (slice_eq(url_scheme(&it->url), SLICE("https")) &&
	    slice_eq(url_scheme(to), SLICE("http")))
		return fault(f, FAULT_DENIED, "redirect-downgrade",
		             "it redirects from https to http");
	if (it->ask.body.len && status != 307 && status != 308 &&
	    it->kind != FLIGHT_SESSION)
		return fault(f, FAULT_INPUT, "redirect-call",
		             "the service has moved (%d): set its new address",
		             status);
	if (!page && !slice_eq(url_host(&it->url), url_host(to)))
		return fault(f, FAULT_DENIED, "redirect-call",
		             "the service redirects to another host");
	return true;
}

static bool land_refuse(struct crawl *c, struct flight *it,
                        const struct http_reply *r, const struct fault *why,
                        struct fault *f)
{
	const struct http_reply none = { .trouble = HTTP_BROKEN,
		                         .status = r->status,
		                         .fault = *why };

	if (it->kind == FLIGHT_ROBOTS)
		return land_robots(c, it, &none, f);
	if (it->kind == FLIGHT_SESSION)
		return land_session_failed(it, why, f);
	return crawl_fail(c, it, why, f);
}

static bool land_hop(struct crawl *c, struct flight *it,
                     const struct http_reply *r, struct fault *f)
{
	struct slice location = http_header(r, "location");
	struct url to = URL_INIT;
	bool ended = false;
	struct fault why;

	if (!location.len || !url_parse(&to, location, &it->url, &why) ||
	    !land_hop_allowed(it, &to, r->status, &why)) {
		url_release(&to);
		if (!location.len)
			land_status_fault(it, r->status, FAULT_INPUT,
			                  "a redirect to nowhere", &why);
		return land_refuse(c, it, r, &why, f);
	}
	url_release(&it->url);
	it->url = to;
	it->hops++;
	/* A form that was sent is answered by the page to read next. */
	if (r->status != 307 && r->status != 308)
		it->ask.body = it->ask.body_type = (struct slice){ 0 };
	it->moved &= r->status == 301 || r->status == 308;
	it->cleared = it->kind == FLIGHT_ROBOTS;
	c->report->counts.moved++;
	crawl_event(c, "hop", it, r, url_bare(&it->url));
	if (it->kind == FLIGHT_ENTRY && !land_target(c, it, &ended, f))
		return false;
	if (ended)
		return true;
	flights_first(it->kind == FLIGHT_SESSION ? &c->session : &c->waiting,
	              it);
	return true;
}

static struct slice land_copy(struct flight *it, struct slice s)
{
	return s.len ? arena_copy(&it->arena, s) : (struct slice){ 0 };
}

/* A sitemap or a feed is no page. */
static void land_counted(struct crawl *c, const struct flight *it,
                         int64_t *counter)
{
	if (it->ask.flags & ASK_LISTING)
		c->report->counts.listings++;
	else
		(*counter)++;
}

/* It is there, and nothing is new. */
static bool land_same(struct crawl *c, struct flight *it,
                      const struct http_reply *r, struct fault *f)
{
	bool current;

	land_counted(c, it, &c->report->counts.unchanged);
	crawl_event(c, "same", it, r, SLICE(""));
	intake_hold(c->intake);
	return (!it->entry.native.len ||
	        inventory_named(c->frontier, it->entry.native, 0, &current,
	                        f)) &&
	       crawl_end(c, it, FRONTIER_SAME, f) &&
	       intake_let_go(c->intake, f);
}

static bool land_missed(struct crawl *c, struct flight *it,
                        const struct http_reply *r, struct fault *f)
{
	land_counted(c, it, &c->report->counts.missed);
	crawl_event(c, "missed", it, r, SLICE(""));
	intake_hold(c->intake);
	it->entry.digest = 0;
	it->entry.etag = it->entry.modified = (struct slice){ 0 };
	return (!it->entry.native.len ||
	        inventory_missed(c->frontier, it->entry.native, crawl_time(c),
	                         f)) &&
	       crawl_end(c, it, FRONTIER_MISSED, f) &&
	       intake_let_go(c->intake, f);
}

/* The address a redirect led to was read under another one's flight. */
static bool land_target_done(struct crawl *c, struct flight *it,
                             const struct act *a, struct fault *f)
{
	struct frontier_entry e;
	struct ask ask = it->ask;
	bool added, found;

	if (!it->hops || !(it->ask.flags & ASK_PAGE))
		return true;
	ask.url = url_bare(&it->url);
	crawl_entry_of_ask(&ask, &it->arena, &e);
	if (!frontier_add(c->frontier, &e, false, &added, f) ||
	    !frontier_find(c->frontier, ask.url, &it->arena, &e, &found, f) ||
	    !found)
		return false;
	e.digest = a->digest;
	e.native = a->native;
	e.etag = it->entry.etag;
	e.modified = it->entry.modified;
	it->entry.native = (struct slice){ 0 };
	return frontier_done(c->frontier, &e, crawl_time(c), FRONTIER_CHANGED,
	                     f);
}

/* What became of the entry, after the source has read it. */
static bool land_entry_end(struct crawl *c, struct flight *it,
                           const struct http_reply *r, struct act *a,
                           struct fault *f)
{
	enum frontier_outcome outcome = a->digest == it->entry.digest
	                                        ? FRONTIER_SAME
	                                        : FRONTIER_CHANGED;

	if (a->again) {
		flights_add(&c->waiting, it);
		return true;
	}
	land_counted(c, it,
	             outcome == FRONTIER_SAME ? &c->report->counts.unchanged
	                                      : &c->report->counts.read);
	it->entry.digest = a->digest;
	it->entry.native = a->native;
	it->entry.etag = land_copy(it, http_header(r, "etag"));
	it->entry.modified = land_copy(it, http_header(r, "last-modified"));
	it->entry.tries = 0;
	if (!land_target_done(c, it, a, f))
		return false;
	if (it->hops && it->ask.flags & ASK_PAGE)
		outcome = it->moved ? FRONTIER_SKIPPED : FRONTIER_SAME;
	return crawl_end(c, it, outcome, f);
}

/* A page that asks not to be kept is missed by the store. */
static bool land_noindex(struct crawl *c, const struct flight *it,
                         const struct reply *reply, struct fault *f)
{
	if (!(reply->flags & REPLY_NOINDEX) || !it->entry.native.len)
		return true;
	crawl_event(c, "noindex", it, NULL, SLICE(""));
	return inventory_missed(c->frontier, it->entry.native, crawl_time(c),
	                        f);
}

static bool land_said(struct crawl *c, struct flight *it,
                      const struct http_reply *r, const struct reply *reply,
                      struct fault *f)
{
	struct act a = { .flight = it, .reply = reply };

	c->logins = it->kind == FLIGHT_SESSION ? c->logins : 0;
	intake_hold(c->intake);
	if (!crawl_act(c, &a, f) || !land_noindex(c, it, reply, f))
		return false;
	if (!a.digest)
		a.digest = hash64(reply->body) | 1;
	if (it->kind == FLIGHT_SESSION)
		flight_free(it);
	else if (!land_entry_end(c, it, r, &a, f))
		return false;
	return intake_let_go(c->intake, f);
}

/* The source would not have it; what else it said about it still counts. */
static bool land_unread(struct crawl *c, struct flight *it,
                        const struct http_reply *r, const struct reply *reply,
                        const struct fault *why, struct fault *f)
{
	struct act a = { .flight = it, .reply = reply, .deferred = true };

	if (!crawl_act(c, &a, f))
		return false;
	if (it->kind == FLIGHT_SESSION)
		return land_session_failed(it, why, f);
	if (a.again) {
		flights_add(&c->waiting, it);
		return true;
	}
	if (why->kind == FAULT_GONE)
		return land_missed(c, it, r, f);
	if (why->kind == FAULT_LATER)
		return crawl_retry(c, it, 0, why, f);
	return crawl_fail(c, it, why, f);
}

static bool land_read(struct crawl *c, struct flight *it,
                      const struct http_reply *r, struct fault *f)
{
	struct reply reply;
	struct fault why;

	if (!receive_reply(&c->receive, r, &it->ask, url_bare(&it->url),
	                   r->time ? r->time : crawl_time(c), &reply, &why)) {
		if (why.kind == FAULT_SYSTEM) {
			*f = why;
			return false;
		}
		return land_refuse(c, it, r, &why, f);
	}
	if (it->hops && it->moved)
		reply.flags |= REPLY_MOVED;
	if (c->settings->robots_ignored)
		reply.flags &= ~(unsigned)(REPLY_NOINDEX | REPLY_NOFOLLOW);
	crawl_event(c, "fetch", it, r, SLICE(""));
	yield_reset(&c->yield);
	if (c->settings->kind->read(c->source, &reply, &c->yield, &why))
		return land_said(c, it, r, &reply, f);
	return land_unread(c, it, r, &reply, &why, f);
}

static bool land_denied(struct crawl *c, struct flight *it, int status,
                        struct fault *f)
{
	struct fault why;
	const char *word = c->settings->login == LOGIN_NONE
	                           ? "set user and password-file, or token-file"
	                           : "login was refused";

	land_status_fault(it, status, FAULT_DENIED, status == 401 ? word : "",
	                  &why);
	if (it->kind == FLIGHT_SESSION)
		return land_session_failed(it, &why, f);
	return crawl_fail(c, it, &why, f);
}

/* 429 and 503: the pace has been told. It is no try, unless the server lets
 * others through: one page that is always refused must not hold up the rest. */
static bool land_refused(struct crawl *c, struct flight *it,
                         const struct http_reply *r, struct fault *f)
{
	struct fault why;
	bool ok;

	crawl_event(c, "refused", it, r, SLICE(""));
	if (it->kind != FLIGHT_ENTRY) {
		flights_first(it->kind == FLIGHT_SESSION ? &c->session
		                                         : &c->waiting,
		              it);
		return true;
	}
	if (pace_refused(&c->pace) <= 1 || it->entry.tries > 0) {
		land_status_fault(it, r->status, FAULT_LATER, "", &why);
		return crawl_retry(c, it, 0, &why, f);
	}
	c->report->counts.retried++;
	ok = frontier_back(c->frontier, &it->entry, 0, false, f);
	flight_free(it);
	return ok;
}

static bool land_status(struct crawl *c, struct flight *it,
                        const struct http_reply *r, struct fault *f)
{
	struct fault why;
	int s = r->status;

	if (it->kind == FLIGHT_ROBOTS && !is_redirect(s))
		return land_robots(c, it, r, f);
	if (s == 429 || s == 503)
		return land_refused(c, it, r, f);
	if (s == 304 && it->kind == FLIGHT_ENTRY)
		return land_same(c, it, r, f);
	if (is_redirect(s))
		return land_hop(c, it, r, f);
	if (s == 200 || s == 201 || s == 203 ||
	    (it->ask.flags & ASK_ERRORS && s >= 400 && s < 500))
		return land_read(c, it, r, f);
	if ((s == 404 || s == 410) && it->kind == FLIGHT_ENTRY)
		return land_missed(c, it, r, f);
	if (s == 401 || s == 403)
		return land_denied(c, it, s, f);
	land_status_fault(it, s, s >= 500 ? FAULT_LATER : FAULT_INPUT, "",
	                  &why);
	if (it->kind == FLIGHT_SESSION)
		return land_session_failed(it, &why, f);
	if (s >= 500)
		return crawl_retry(c, it, 0, &why, f);
	return crawl_fail(c, it, &why, f);
}

/* Nothing is known of it: neither that it is there nor that it is not. */
static bool land_not_held(struct crawl *c, struct flight *it, struct fault *f)
{
	c->report->counts.not_held++;
	crawl_event(c, "not-held", it, NULL, SLICE(""));
	return crawl_end(c, it, FRONTIER_SKIPPED, f);
}

static bool land_trouble(struct crawl *c, struct flight *it,
                         const struct http_reply *r, struct fault *f)
{
	if (r->trouble == HTTP_NOT_HELD && it->kind == FLIGHT_ENTRY)
		return land_not_held(c, it, f);
	if (it->kind == FLIGHT_ROBOTS)
		return land_robots(c, it, r, f);
	if (it->kind == FLIGHT_SESSION)
		return land_session_failed(it, &r->fault, f);
	if (r->trouble == HTTP_FORBIDDEN || r->trouble == HTTP_LIMIT ||
	    r->trouble == HTTP_TLS)
		return crawl_fail(c, it, &r->fault, f);
	return crawl_retry(c, it, 0, &r->fault, f);
}

/* The proxy's fault is not the page's: through another one, no try counted. */
static bool land_detour(struct crawl *c, struct flight *it,
                        const struct http_reply *r, struct fault *f)
{
	c->report->counts.detours++;
	if (r->trouble)
		c->detour = r->fault;
	else
		fault(&c->detour, FAULT_LATER, "proxy-refused",
		      "the answer was %d", r->status);
	fault_in(&c->detour, "%s", proxies_name(c->proxies, it->proxy));
	crawl_event(c, "detour", it, r, slice_of(r->fault.text));
	if (++it->detours < LAND_DETOURS) {
		flights_first(it->kind == FLIGHT_SESSION ? &c->session
		                                         : &c->waiting,
		              it);
		return true;
	}
	return r->trouble ? land_trouble(c, it, r, f)
	                  : land_status(c, it, r, f);
}

static void land_pace(struct crawl *c, const struct flight *it,
                      const struct http_reply *r, bool detour)
{
	struct pace_outcome o = {
		.word = PACE_SUCCESS,
		.started = it->started,
		/* In whole milliseconds; 0 would say that it is unknown. */
		.latency = r->trouble ? 0 : r->waited * 1000 + 500,
		.status = r->status,
	};

	/* "Too many" is about us, through whichever proxy it was said. */
	if (r->status == 429)
		o.word = PACE_REFUSED;
	else if (detour || r->trouble == HTTP_LIMIT ||
	         r->trouble == HTTP_FORBIDDEN || r->trouble == HTTP_NOT_HELD)
		o.word = PACE_NEUTRAL;
	else if (r->status == 503)
		o.word = PACE_REFUSED;
	else if (r->trouble || r->status >= 500)
		o.word = PACE_FAILED;
	if (o.word == PACE_REFUSED)
		o.retry_after = pace_retry_after(http_header(r, "retry-after"),
		                                 crawl_time(c));
	pace_end(&c->pace, crawl_now(c), &o);
	c->report->counts.refused += o.word == PACE_REFUSED;
}

static void land_count(struct crawl *c, const struct http_reply *r)
{
	struct journal_counts *n = &c->report->counts;
	int class = r->trouble ? 0 : r->status / 100;

	n->status[class >= 1 && class <= 5 ? class : 0]++;
	n->wire += r->wire;
	n->decoded += r->decoded;
}

bool crawl_land(struct crawl *c, struct http_reply *r, struct fault *f)
{
	struct flight *it = (struct flight *)(uintptr_t)r->id;
	bool detour = false, ok;

	flights_remove(&c->air, it);
	c->session_air -= it->kind == FLIGHT_SESSION;
	if (it->proxy != SIZE_MAX)
		detour = proxies_end(c->proxies, it->proxy, crawl_now(c),
		                     it->started, r) == BLAME_PROXY;
	if (!detour)
		c->carried = crawl_now(c);
	if (!detour && !crawl_archive(c, it, r, f)) {
		flight_free(it);
		return false;
	}
	land_pace(c, it, r, detour);
	land_count(c, r);
	land_hint(r, &r->fault);
	if (detour)
		ok = land_detour(c, it, r, f);
	else if (r->trouble)
		ok = land_trouble(c, it, r, f);
	else
		ok = land_status(c, it, r, f);
	return ok;
}
