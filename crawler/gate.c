/*
 * RFC 9309: rules are kept for at most 24 hours; an unreachable file closes
 * the site for now, and is asked for again after a second, two, four ...
 */

#include "crawler/gate.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/memory.h"

enum {
	GATE_KEEP = 86400000, /* rules, milliseconds */
	GATE_AGAIN = 1000,    /* after the first failure */
	GATE_DOUBLINGS = 10,
};

struct gate {
	const struct crawl_settings *settings;
	void *self;
	struct frontier *frontier;
	struct gate_origin *origins;
	struct buf name;
};

struct gate *gate_new(const struct crawl_settings *s, void *self,
                      struct frontier *fr)
{
	struct gate *g = memory_new(1, sizeof(*g));

	g->settings = s;
	g->self = self;
	g->frontier = fr;
	g->name = BUF_INIT(LIMIT_LINK);
	return g;
}

void gate_free(struct gate *g)
{
	struct gate_origin *o;

	if (!g)
		return;
	while ((o = g->origins)) {
		g->origins = o->next;
		arena_release(&o->arena);
		free(o);
	}
	buf_release(&g->name);
	free(g);
}

static struct gate_origin *gate_make(struct gate *g)
{
	struct gate_origin *o = memory_new(1, sizeof(*o));

	o->name = arena_copy(&o->arena, buf_slice(&g->name));
	buf_text(&g->name, "/robots.txt");
	o->address = arena_copy(&o->arena, buf_slice(&g->name));
	o->next = g->origins;
	g->origins = o;
	return o;
}

static void origin_read(struct gate_origin *o, int status, struct slice body,
                        int64_t fetched)
{
	struct slice name = o->name, address = o->address;
	struct arena old = o->arena;

	/* What stood there goes with its arena; the names move on. */
	o->arena = ARENA_INIT;
	o->name = arena_copy(&o->arena, name);
	o->address = arena_copy(&o->arena, address);
	arena_release(&old);
	robots_read(&o->robots, status, body, SLICE("opslore"), &o->arena);
	o->known = o->robots.source != ROBOTS_UNKNOWN;
	o->fetched = fetched;
	o->status = status;
}

static bool gate_find(struct gate *g, const struct url *url, int64_t now,
                      struct gate_origin **out, struct fault *f)
{
	struct frontier_robots kept = { 0 };
	struct arena a = ARENA_INIT;
	struct gate_origin *o;
	bool ok;

	buf_reset(&g->name);
	url_origin(url, &g->name);
	for (o = g->origins; o; o = o->next)
		if (slice_eq(o->name, buf_slice(&g->name)))
			break;
	*out = o;
	if (o)
		return true;
	*out = o = gate_make(g);
	if (!g->frontier)
		return true;
	ok = frontier_get_robots(g->frontier, o->name, &a, &kept, f);
	if (ok && kept.fetched && now - kept.fetched < GATE_KEEP)
		origin_read(o, kept.status, kept.body, kept.fetched);
	arena_release(&a);
	return ok;
}

static void gate_rule(const struct gate_origin *o, struct robots_word w,
                      struct buf *why)
{
	buf_reset(why);
	if (o->robots.source == ROBOTS_NONE)
		buf_addf(why, "%.*s/robots.txt is not there (%d)",
		         SLICE_ARG(o->name), o->status);
	else if (!w.line)
		buf_addf(why, "no rule of %.*s/robots.txt speaks of it",
		         SLICE_ARG(o->name));
	else
		buf_addf(why, "%.*s/robots.txt line %lld says '%.*s'",
		         SLICE_ARG(o->name), (long long)w.line,
		         SLICE_ARG(w.rule));
}

static enum gate_word gate_ask(const struct gate_origin *o, int64_t now,
                               struct buf *why)
{
	buf_reset(why);
	if (o->failures && now < o->retry) {
		buf_addf(why,
		         "%.*s/robots.txt could not be had (%d): nothing of "
		         "this site is asked for until it can",
		         SLICE_ARG(o->name), o->status);
		return GATE_UNKNOWN;
	}
	buf_addf(why, "%.*s/robots.txt is not known yet", SLICE_ARG(o->name));
	return GATE_ROBOTS;
}

bool gate_judge(struct gate *g, const struct url *url, int32_t depth,
                int64_t now, enum gate_word *word, struct gate_origin **origin,
                struct buf *why, struct fault *f)
{
	const struct source_kind *kind = g->settings->kind;
	struct robots_word w;

	buf_reset(why);
	*word = GATE_SHUT;
	*origin = NULL;
	if (!url_is_web(url)) {
		buf_text(why, "only http and https addresses are fetched");
		return true;
	}
	if (kind->within && !kind->within(g->self, url_bare(url), depth, why))
		return true;
	if (!gate_find(g, url, now, origin, f))
		return false;
	if (g->settings->robots_ignored) {
		*word = GATE_OPEN;
		buf_text(why, "; robots.txt is ignored, as configured");
		return true;
	}
	if (!(*origin)->known || now - (*origin)->fetched >= GATE_KEEP) {
		*word = gate_ask(*origin, now, why);
		return true;
	}
	w = robots_decide(&(*origin)->robots, url_target(url));
	*word = w.allowed ? GATE_OPEN : GATE_SHUT;
	gate_rule(*origin, w, why);
	return true;
}

bool gate_robots(struct gate *g, struct gate_origin *o, int status,
                 struct slice body, int64_t now, struct fault *f)
{
	const struct frontier_robots kept = { .fetched = now,
		                              .status = status,
		                              .body = body };
	int doublings =
	        o->failures < GATE_DOUBLINGS ? o->failures : GATE_DOUBLINGS;

	o->asked = false;
	origin_read(o, status, body, now);
	if (o->known) {
		o->failures = 0;
		return !g->frontier ||
		       frontier_put_robots(g->frontier, o->name, &kept, f);
	}
	o->failures++;
	o->retry = now + ((int64_t)GATE_AGAIN << doublings);
	return true;
}

int64_t gate_crawl_delay(const struct gate *g)
{
	const struct gate_origin *o;
	int64_t most = 0;

	for (o = g->origins; o; o = o->next)
		if (o->known && o->robots.crawl_delay > most)
			most = o->robots.crawl_delay;
	return most;
}
