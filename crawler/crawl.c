/*
 * The loop:
 *
 *	seed -> [ scope, robots, pace, proxy, fetch ] -> land -> store
 *	  ^                                                |
 *	  +------------------- asks -----------------------+
 *
 * crawl_send.c lets out what may go now, crawl_land.c judges what came back,
 * crawl_act.c does what the source said about it. This file opens, turns the
 * wheel, and closes.
 */

#include "crawler/crawl.h"

#include <poll.h>
#include <stdlib.h>

#include "base/cancel.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/memory.h"
#include "base/say.h"
#include "crawler/crawl_state.h"
#include "crawler/turn.h"
#include "crawler/warc_about.h"

enum {
	CRAWL_SAVE = 200000, /* microseconds between saves of small state */
	CRAWL_SHOW = 100000, /* between reports of progress */
	CRAWL_REST = 3000,   /* a longer wait commits first */
	CRAWL_PROXIES = 12000000, /* microseconds; two probes of a dead one */
};

/* The service's quota is used up, and when it is back: "left=0 ... until=N",
 * as crawl_act.c writes it; 0: it is not. */
static int64_t quota_until(struct slice note)
{
	size_t at = note.len;
	int64_t until = 0;

	if (!slice_starts(note, SLICE("left=0 ")))
		return 0;
	while (at && note.at[at - 1] != '=')
		at--;
	return slice_number(slice_cut(note, at, note.len), &until) ? until : 0;
}

static bool quota_spent(struct crawl *c, const struct frontier_source *s)
{
	int64_t until = quota_until(s->quota);

	if (until <= c->options->now)
		return false;
	c->report->next = until;
	fault(&c->report->paused, FAULT_LATER, "quota",
	      "the service's quota is used up until then");
	return true;
}

/* What the store knows of the source; *due: there is something to do. */
static bool crawl_due(struct crawl *c, bool *due, struct fault *f)
{
	struct frontier_source *all = NULL;
	struct arena a = ARENA_INIT;
	size_t i, count = 0;
	bool ok = frontier_sources(c->store, &a, &all, &count, f);

	*due = true;
	for (i = 0; ok && i < count; i++)
		if (slice_eq(all[i].name, c->settings->name)) {
			c->report->next = all[i].next;
			*due = c->options->carrier ||
			       (!quota_spent(c, &all[i]) &&
			        (c->options->everything || all[i].running ||
			         all[i].next <= c->options->now));
		}
	arena_release(&a);
	return ok;
}

static bool open_store(struct crawl *c, struct fault *f)
{
	const struct crawl_settings *s = c->settings;
	const struct frontier_options fo = {
		.name = s->name,
		.kind = slice_of(s->kind->name),
		.space = s->space,
		.first = s->first,
		.least = s->least,
		.most = s->most,
		.apart = s->apart,
	};
	struct buf visit = BUF_INIT(1024);
	struct intake_options io = {
		.space = s->space,
		.channel = slice_of(s->kind->channel),
		.access = s->access,
		.dated = true,
		.as_of = c->options->now,
	};
	bool ok;

	buf_addf(&visit, "crawl %.*s %lld", SLICE_ARG(s->name),
	         (long long)c->options->now);
	io.source = buf_slice(&visit);
	ok = frontier_open(&c->frontier, c->store, &fo, f) &&
	     intake_open(&c->intake, c->store, &io, f);
	if (ok)
		frontier_join(c->frontier, c->intake);
	buf_release(&visit);
	return ok;
}

static bool open_carrier(struct crawl *c, const struct source_start *start,
                         struct fault *f)
{
	if (c->options->carrier) {
		c->carrier = *c->options->carrier;
		c->carrier.free = NULL;
		return true;
	}
	return !c->settings->kind->carrier ||
	       c->settings->kind->carrier(start, &c->carrier, f);
}

bool crawl_open_source(struct crawl *c, struct fault *f)
{
	const struct crawl_settings *s = c->settings;
	struct source_start start = {
		.conf = s->section,
		.secrets = s->secrets,
		.everything = c->options->everything,
		.time = c->run_started,
		.store = slice_of(c->options->store),
	};
	struct arena a = ARENA_INIT;
	bool ok;

	c->source = memory_new(1, s->kind->state_size + 1);
	ok = frontier_get(c->frontier, "mark", &a, &start.mark, f) &&
	     s->kind->open(c->source, &start, f);
	c->source_open = ok;
	arena_release(&a);
	if (ok)
		c->gate = gate_new(s, c->source,
		                   c->options->carrier ? NULL : c->frontier);
	return ok && open_carrier(c, &start, f);
}

static const char *from_environment(const char *name)
{
	return getenv(name);
}

/* What the limiter and the proxies knew when the last run stopped. */
static bool open_memory(struct crawl *c, struct fault *f)
{
	struct arena a = ARENA_INIT;
	struct slice line;
	bool ok = frontier_get(c->frontier, "pace", &a, &line, f);

	pace_init(&c->pace, &c->settings->pace);
	if (ok && line.len)
		pace_load(&c->pace, line, crawl_now(c));
	if (ok && c->proxies) {
		ok = frontier_get(c->frontier, "proxies", &a, &line, f);
		if (ok && line.len)
			proxies_load(c->proxies, line, crawl_now(c));
	}
	arena_release(&a);
	return ok;
}

static bool open_net(struct crawl *c, struct fault *f)
{
	const struct crawl_settings *s = c->settings;
	struct fault none;

	c->address = URL_INIT;
	if (s->address.len && !url_parse(&c->address, s->address, NULL, &none))
		url_release(&c->address);
	if (s->proxies && !proxies_read(&c->proxies, s->proxies, &s->rotation,
	                                from_environment, f))
		return false;
	c->parser = markup_parser_new();
	markup_parser_start(c->parser);
	receive_init(&c->receive, c->parser);
	return http_new(&c->http, &s->http, f);
}

bool crawl_open(struct crawl *c, const struct crawl_options *o,
                struct crawl_report *out, struct fault *f)
{
	*out = (struct crawl_report){ .counts.quota_left = -1 };
	*c = (struct crawl){ .options = o,
		             .settings = o->settings,
		             .report = out,
		             .base_wall = o->now * 1000,
		             .base_nano = clock_nanoseconds(),
		             .run_started = o->now,
		             .why = BUF_INIT(LIMIT_LINK + 1024) };
	return store_open(&c->store, o->store, STORE_CREATE, f);
}

bool crawl_open_all(struct crawl *c, struct fault *f)
{
	return open_net(c, f) && open_store(c, f) && open_memory(c, f);
}

static void flights_free(struct flights *l)
{
	struct flight *it;

	while ((it = flights_take(l)))
		flight_free(it);
}

void crawl_close(struct crawl *c)
{
	if (c->source_open && c->settings->kind->close)
		c->settings->kind->close(c->source);
	free(c->source);
	if (c->carrier.free)
		c->carrier.free(c->carrier.self);
	http_free(c->http);
	flights_free(&c->waiting);
	flights_free(&c->session);
	flights_free(&c->parked);
	flights_free(&c->air);
	gate_free(c->gate);
	receive_release(&c->receive);
	markup_parser_free(c->parser);
	proxies_free(c->proxies);
	url_release(&c->address);
	frontier_close(c->frontier);
	intake_close(c->intake);
	warc_write_close(c->warc);
	store_close(c->store);
	yield_release(&c->yield);
	buf_release(&c->why);
}

/* Small state that has to be there after a restart. */
static bool crawl_save(struct crawl *c, struct fault *f)
{
	struct buf line = BUF_INIT(64 << 10);
	bool ok;

	pace_save(&c->pace, &line);
	ok = frontier_put(c->frontier, "pace", buf_slice(&line), f);
	if (ok && c->proxies) {
		buf_reset(&line);
		proxies_save(c->proxies, &line);
		ok = frontier_put(c->frontier, "proxies", buf_slice(&line), f);
	}
	buf_release(&line);
	c->saved = crawl_now(c);
	return ok;
}

static bool crawl_tell(struct crawl *c, struct fault *f)
{
	struct journal_counts *n = &c->report->counts;
	int64_t now = crawl_now(c);
	struct frontier_count k;

	if (!c->options->moved || now - c->shown < CRAWL_SHOW)
		return true;
	c->shown = now;
	if (!frontier_count(c->frontier, &k, f))
		return false;
	n->known = k.pages + k.calls;
	n->due = k.due;
	n->rate_mille = (int64_t)(pace_rate(&c->pace) * 1000);
	n->resting = pace_resting(&c->pace, now);
	n->resting = n->resting > now ? (n->resting - now) / 1000 : 0;
	c->options->moved(c->options->self, n);
	return true;
}

/* Until something came back or may be sent; what was done is on the disk
 * before a wait of any length. */
static bool crawl_wait(struct crawl *c, struct fault *f)
{
	int64_t now = crawl_now(c);
	int64_t held = frontier_held(c->frontier);
	int64_t until = c->wake;

	if (held < INT64_MAX / 1000 && held * 1000 < until)
		until = held * 1000;
	if (now - c->saved > CRAWL_SAVE && !crawl_save(c, f))
		return false;
	if (until - now > CRAWL_REST && !intake_commit(c->intake, f))
		return false;
	until = until > now ? (until - now + 999) / 1000 : 0;
	if (http_active(c->http))
		return http_poll(c->http, until, f);
	poll(NULL, 0, (int)until);
	return true;
}

static bool crawl_over(const struct crawl *c)
{
	if (c->air.count)
		return false;
	return c->paused ||
	       (c->dry && !c->waiting.count && !c->session.count &&
	        !c->parked.count && frontier_held(c->frontier) == INT64_MAX);
}

/* With every proxy in quarantine for too long, the run ends in words: soon if
 * none ever was of use, since then it is the settings, most likely. */
static bool crawl_carried(struct crawl *c, struct fault *f)
{
	int64_t now = crawl_now(c), until;
	int64_t since = c->carried ? c->carried : c->base_wall;
	int64_t most = c->settings->pace.stall;

	if (!c->carried && most > CRAWL_PROXIES)
		most = CRAWL_PROXIES;
	if (!c->proxies || !proxies_all_down(c->proxies, now, &until) ||
	    now - since < most)
		return true;
	if (!c->detour.kind)
		fault(&c->detour, FAULT_LATER, "proxies-down",
		      "in quarantine since an earlier run");
	*f = c->detour;
	f->kind = FAULT_LATER;
	f->code = "proxies-down";
	return fault_in(f, "no proxy is of use, of %zu",
	                proxies_count(c->proxies));
}

/* Those that answer to nobody for too long are left alone. */
static bool crawl_alive(struct crawl *c, struct fault *f)
{
	return !pace_stalled(&c->pace, crawl_now(c), f) && crawl_carried(c, f);
}

bool crawl_turn(struct crawl *c, struct fault *f)
{
	struct http_reply *r;
	bool ok;

	do {
		if (!cancel_check(f) || !crawl_alive(c, f) ||
		    !crawl_send(c, f) || !crawl_wait(c, f))
			return false;
		while ((r = http_next(c->http))) {
			ok = crawl_land(c, r, f);
			http_done(c->http, r);
			if (!ok)
				return false;
		}
		if (!crawl_tell(c, f))
			return false;
	} while (!crawl_over(c));
	return true;
}

static bool archive_sync(void *self, struct fault *f)
{
	return warc_write_sync(self, f);
}

/* What the store has, the archive has too: it is synced first. */
static void crawl_open_archive(struct crawl *c)
{
	const struct crawl_options *o = c->options;
	struct buf about = BUF_INIT(64 << 10);
	struct warc_write_options w = {
		.folder = o->warc,
		.name = c->settings->name,
		.most = o->warc_most ? o->warc_most : WARC_MOST,
		.now = o->now,
	};

	if (!o->warc || c->carrier.self)
		return;
	warc_about_write(c->settings, c->run_started, o->everything, &about);
	w.about = buf_slice(&about);
	warc_write_open(&c->warc, &w);
	intake_before(c->intake, archive_sync, c->warc);
	buf_release(&about);
}

/* An archive's own addresses, a batch at a time. */
static bool crawl_offered(struct crawl *c, struct fault *f)
{
	struct act a = { 0 };
	bool more = c->carrier.offer != NULL;

	while (more) {
		yield_reset(&c->yield);
		more = c->carrier.offer(c->carrier.self, &c->yield);
		if (!crawl_act(c, &a, f))
			return false;
	}
	return true;
}

static bool crawl_begin(struct crawl *c, struct fault *f)
{
	const struct crawl_options *o = c->options;
	struct act a = { 0 };
	bool fresh;

	/* A replay begins at the very moment when its run began. */
	if (!frontier_begin(c->frontier, o->carrier ? o->now : crawl_time(c),
	                    o->everything || o->carrier, &fresh,
	                    &c->run_started, f) ||
	    !crawl_open_source(c, f))
		return false;
	crawl_open_archive(c);
	c->report->resumed = !fresh;
	if (c->settings->login == LOGIN_KIND && !crawl_login(c, f))
		return false;
	if (!fresh)
		return true;
	yield_reset(&c->yield);
	c->settings->kind->seed(c->source, &c->yield);
	intake_hold(c->intake);
	return crawl_act(c, &a, f) && crawl_offered(c, f) &&
	       frontier_seeded(c->frontier, f) && intake_let_go(c->intake, f);
}

/* What a resumed run finds shut may be all that the one before it left over. */
static bool crawl_left_over(struct crawl *c)
{
	struct frontier_count k;
	struct fault none;

	return c->report->resumed && frontier_count(c->frontier, &k, &none) &&
	       k.visited > 0;
}

/* Nothing was read at all: that has to have a reason. */
static bool crawl_fruitless(struct crawl *c, struct fault *f)
{
	const struct journal_counts *n = &c->report->counts;

	if (n->read || n->unchanged)
		return false;
	if (c->report->first.kind)
		*f = c->report->first;
	else if (c->refused.kind && !crawl_left_over(c))
		*f = c->refused;
	else
		return false;
	return true;
}

/* The run is through: what was missed twice goes, and the next one is set. */
static bool crawl_settle(struct crawl *c, struct fault *f)
{
	const struct inventory_guard guard = {
		.most = c->settings->vanish_most,
		.percent = c->settings->vanish_percent,
		.confirmed = c->options->confirmed,
	};
	struct crawl_report *out = c->report;
	int64_t now = crawl_time(c);
	struct fault why;

	if (c->paused) {
		out->next = c->paused_until;
		return true;
	}
	out->next = c->options->now;
	if (!crawl_fruitless(c, &why))
		out->next += c->settings->every;
	if (!inventory_settle(c->frontier, now, &guard, &out->gone, f) ||
	    !frontier_end(c->frontier, now, out->next, !out->first.kind, f))
		return false;
	out->counts.vanished = out->gone.vanished;
	out->ended = true;
	return true;
}

/* What stands on the disk is right however the run ended. */
static bool crawl_finish(struct crawl *c, bool ok, struct fault *f)
{
	struct crawl_report *out = c->report;
	struct fault later;

	c->shown = 0;
	if (ok)
		ok = crawl_settle(c, f) && crawl_save(c, f) &&
		     crawl_tell(c, f) && intake_finish(c->intake, &out->in, f);
	else if (crawl_save(c, &later) && !intake_commit(c->intake, &later))
		say_fault(SAY_DEBUG, &later); /* it is asked for again */
	if (!ok)
		intake_so_far(c->intake, &out->in);
	out->counts.added = out->in.added;
	out->counts.updated = out->in.updated;
	return ok && !crawl_fruitless(c, f);
}

bool crawl_run(const struct crawl_options *o, struct crawl_report *out,
               struct fault *f)
{
	struct turn turn = { 0 };
	struct crawl c;
	bool ok;

	ok = turn_take(&turn, o->store, o->settings->name, f) &&
	     crawl_open(&c, o, out, f);
	if (ok) {
		ok = crawl_due(&c, &out->ran, f);
		if (ok && out->ran) {
			ok = crawl_open_all(&c, f) && crawl_begin(&c, f) &&
			     crawl_turn(&c, f);
			if (c.intake)
				ok = crawl_finish(&c, ok, f) && ok;
		}
	}
	if (turn.fd)
		crawl_close(&c);
	turn_leave(&turn);
	return ok;
}
