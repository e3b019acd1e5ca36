/*
 * The loop: windows, then open cases by their ids; each page is taken by
 * pull_page.h, and the mark moves on behind it in the transaction of the last
 * of its cases.
 */

#include "crawler/cases/pull.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/say.h"
#include "crawler/cases/pull_identity.h"
#include "crawler/cases/pull_line.h"
#include "crawler/cases/pull_mark.h"
#include "crawler/cases/pull_page.h"
#include "schema/cases.h"

enum {
	OVERLAP = 1000, /* milliseconds between windows, whoever counts ends */
	STUCK = 4,      /* windows begun again with nothing new in them */
	OPEN_MOST = 100,
	EMPTY_MOST = 100, /* pages in a row without a case */
};

/* Providers forget after two years; what is open for longer is not asked for. */
#define OPEN_AGE (INT64_C(800) * 86400 * 1000)

struct pull {
	const struct pull_options *o;
	const struct case_kind *kind;
	struct pull_line *line;
	struct pull_page page;
	struct pull_mark mark;
	struct buf token, native; /* of the mark */
	struct pull_report *report;
	int64_t known_then; /* stored when a window was last begun */
	int stuck, empty;
};

/* ---- the mark ----------------------------------------------------------- */

static struct slice keep(struct buf *in, struct slice s)
{
	buf_reset(in);
	buf_add(in, s);
	return buf_slice(in);
}

static bool mark_load(struct pull *p, struct fault *f)
{
	struct arena a = ARENA_INIT;
	struct slice text;
	bool ok = case_note_get(p->o->store, slice_of(p->report->space), "pull",
	                        &a, &text, f);

	if (ok) {
		pull_mark_read(&p->mark, text, &a);
		p->mark.token = keep(&p->token, p->mark.token);
		p->mark.native = keep(&p->native, p->mark.native);
	}
	arena_release(&a);
	return ok;
}

/* With whatever is held, as one transaction. */
static bool mark_save(struct pull *p, struct fault *f)
{
	struct buf text = BUF_INIT(1 << 20);
	bool ok;

	pull_mark_write(&p->mark, &text);
	ok = cases_hold(p->o->store, f) &&
	     case_note_put(p->o->store, slice_of(p->report->space), "pull",
	                   buf_slice(&text), f) &&
	     cases_let_go(p->o->store, f);
	buf_release(&text);
	return ok;
}

static void moved(void *self)
{
	struct pull *p = self;
	struct pull_line_counts n;

	pull_line_counts(p->line, &n);
	p->report->calls = n.calls;
	p->report->refused = n.refused;
	p->report->resting = n.resting;
	if (p->o->moved)
		p->o->moved(p->o->self, p->report);
}

/* ---- windows ------------------------------------------------------------ */

/* Waits for the list's answer. */
static bool ask(struct pull *p, const struct case_query *q,
                struct pull_answer *a, struct fault *f)
{
	/* Nothing is held while we wait. */
	if (!cases_let_go(p->o->store, f) || !pull_line_list(p->line, q, 0, f))
		return false;
	while (!pull_line_next(p->line, a)) {
		if (!pull_line_poll(p->line, 200, f))
			return false;
		moved(p);
	}
	return true;
}

static int64_t known(const struct pull *p)
{
	return p->report->added + p->report->changed;
}

/* The token has ended, it seems: the window from its start. What is there
 * costs no call; with nothing new in between, it is no token's fault. */
static bool window_again(struct pull *p, const struct fault *why,
                         struct fault *f)
{
	p->stuck = known(p) > p->known_then ? 0 : p->stuck + 1;
	p->known_then = known(p);
	if (p->stuck >= STUCK) {
		*f = *why;
		return false;
	}
	p->report->again++;
	p->mark.token = keep(&p->token, SLICE(""));
	return mark_save(p, f);
}

/* Pages lead on: not to themselves, and not through nothing for ever. */
static bool leads_on(struct pull *p, struct slice from, struct slice to,
                     int64_t seen, struct fault *f)
{
	p->empty = p->report->seen > seen ? 0 : p->empty + 1;
	return !to.len || (p->empty < EMPTY_MOST && !slice_eq(from, to)) ||
	       fault(f, FAULT_INPUT, "cases-paging",
	             "the pages of a list do not come to an end");
}

static bool window_page(struct pull *p, struct pull_answer *a, struct fault *f)
{
	struct slice token;
	int64_t before = p->report->broken.count, seen = p->report->seen;

	if (!pull_page_take(&p->page, a->body, &token, f) ||
	    !leads_on(p, p->mark.token, token, seen, f))
		return false;
	if (p->report->broken.count > before)
		pull_mark_miss(&p->mark);
	if (token.len) {
		p->mark.token = keep(&p->token, token);
	} else {
		pull_mark_window(&p->mark);
		p->report->windows++;
		p->stuck = 0;
	}
	return mark_save(p, f);
}

static bool window_step(struct pull *p, struct fault *f)
{
	const struct case_query q = {
		.from = p->mark.from - OVERLAP,
		.to = p->mark.to == CLOCK_NONE ? CLOCK_NONE
		                               : p->mark.to + OVERLAP,
		.resolved = p->mark.resolved,
		.token = p->mark.token,
	};
	struct pull_answer a = { 0 };
	bool ok = ask(p, &q, &a, f);

	if (ok && !a.fault.kind)
		ok = window_page(p, &a, f);
	else if (ok && a.refusal == REFUSAL_WRONG && q.token.len)
		ok = window_again(p, &a.fault, f);
	else if (ok) {
		*f = a.fault;
		ok = false;
	}
	pull_line_done(p->line, &a);
	return ok;
}

/* ---- open cases --------------------------------------------------------- */

struct open_cases {
	const struct pull *p;
	struct arena a;
	struct slice ids[OPEN_MOST];
	size_t count;
	int64_t created; /* of the last one */
	struct slice native;
	bool full;
};

static bool open_add(void *self, const struct support_case *c, struct fault *f)
{
	struct open_cases *o = self;
	const struct pull_mark *m = &o->p->mark;

	if (c->created == m->open_after && slice_cmp(c->native, m->native) <= 0)
		return true;
	if (!c->source_id.len || o->p->kind->closed(c->status))
		return true;
	o->ids[o->count++] = arena_copy(&o->a, c->source_id);
	o->created = c->created;
	o->native = arena_copy(&o->a, c->native);
	o->full = o->count == o->p->kind->ids_most || o->count == OPEN_MOST;
	return !o->full || fault(f, FAULT_LIMIT, "open-batch", "enough");
}

static bool open_collect(struct pull *p, struct open_cases *o, struct fault *f)
{
	const struct case_filter filter = {
		.space = slice_of(p->report->space),
		.no_replies = true,
		.from = p->mark.open_after != CLOCK_NONE ? p->mark.open_after
		                                         : p->o->now - OPEN_AGE,
		.to = INT64_MAX,
	};
	struct arena each = ARENA_INIT;
	bool ok = cases_each(p->o->store, &reader_all, &filter, &each, open_add,
	                     o, f);

	arena_release(&each);
	return ok || o->full;
}

/* A part of the batch. One that is unknown there fails its whole list. */
static bool open_ask(struct pull *p, const struct slice *ids, size_t count,
                     bool *unknown, struct fault *f)
{
	struct case_query q = { .from = CLOCK_NONE,
		                .to = CLOCK_NONE,
		                .ids = ids,
		                .id_count = count,
		                .resolved = true };
	struct slice token;
	int64_t seen;
	bool ok;

	*unknown = false;
	do {
		struct pull_answer a = { 0 };

		ok = ask(p, &q, &a, f);
		if (ok && a.fault.kind) {
			*unknown = a.refusal == REFUSAL_UNKNOWN;
			*f = a.fault;
			ok = false;
		}
		seen = p->report->seen;
		ok = ok && pull_page_take(&p->page, a.body, &token, f) &&
		     leads_on(p, q.token, token, seen, f);
		pull_line_done(p->line, &a);
		q.token = ok ? keep(&p->token, token) : (struct slice){ 0 };
	} while (ok && q.token.len);
	return ok || *unknown;
}

/* Halves what holds an unknown one until it stands alone. */
static bool open_batch(struct pull *p, const struct open_cases *o,
                       struct fault *f)
{
	struct {
		size_t from, to;
	} left[32] = { { 0, o->count } };
	size_t depth = o->count ? 1 : 0, from, middle, to;
	bool unknown;

	while (depth > 0) {
		from = left[--depth].from;
		to = left[depth].to;
		if (!open_ask(p, o->ids + from, to - from, &unknown, f))
			return false;
		if (unknown && to - from == 1) {
			p->report->unknown++;
			say(SAY_INFO, "%.*s is not known there any more",
			    SLICE_ARG(o->ids[from]));
		} else if (unknown) {
			middle = from + (to - from) / 2;
			left[depth].from = middle;
			left[depth++].to = to;
			left[depth].from = from;
			left[depth++].to = middle;
		}
	}
	return true;
}

static bool open_step(struct pull *p, struct fault *f)
{
	struct open_cases o = { .p = p, .a = ARENA_INIT };
	bool ok = open_collect(p, &o, f) && open_batch(p, &o, f);

	if (ok) {
		p->report->looked += (int64_t)o.count;
		p->mark.open_after = o.created;
		p->mark.native = keep(&p->native, o.native);
		if (!o.full) {
			pull_mark_end(&p->mark);
			p->report->complete = true;
		}
		ok = mark_save(p, f);
	}
	arena_release(&o.a);
	return ok;
}

/* ---- all ---------------------------------------------------------------- */

static void note(char *out, size_t size, struct slice s)
{
	snprintf(out, size, "%.*s", SLICE_ARG(s));
}

static bool find_space(struct pull *p, struct fault *f)
{
	const struct pull_options *o = p->o;
	struct slice account = o->settings->account;
	struct pull_identity who;

	if (!account.len &&
	    !pull_identity(o->settings, o->env, o->now, &who, f))
		return fault_in(f, "[cases %.*s] account is not set",
		                SLICE_ARG(o->settings->name));
	if (!account.len)
		account = slice_of(who.account);
	snprintf(p->report->space, sizeof(p->report->space), "%s/%.*s",
	         p->kind->name, SLICE_ARG(account));
	return true;
}

static bool begin(struct pull *p, struct fault *f)
{
	const struct pull_settings *s = p->o->settings;
	struct pull_report *r = p->report;
	int64_t since = p->o->since != CLOCK_NONE ? p->o->since : s->since;

	note(r->origin, sizeof(r->origin), pull_line_origin(p->line));
	note(r->region, sizeof(r->region), pull_line_region(p->line));
	if (!find_space(p, f) || !mark_load(p, f))
		return false;
	r->resumed = pull_mark_start(&p->mark, since,
	                             p->o->full || p->o->since != CLOCK_NONE,
	                             s->resolved, p->o->now);
	r->since = p->mark.since;
	r->began = p->mark.began;
	r->of_windows = p->mark.phase == PULL_WINDOWS
	                        ? pull_mark_windows(p->mark.from, r->began)
	                        : 0;
	return true;
}

static bool run(struct pull *p, struct fault *f)
{
	const struct pull_page_options page = {
		.line = p->line,
		.settings = p->o->settings,
		.store = p->o->store,
		.space = slice_of(p->report->space),
		.now = p->o->now,
		.report = p->report,
		.moved = moved,
		.self = p,
	};

	pull_page_init(&p->page, &page);
	while (p->mark.phase == PULL_WINDOWS)
		if (!window_step(p, f))
			return false;
	while (p->mark.phase == PULL_OPEN)
		if (!open_step(p, f))
			return false;
	return true;
}

bool pull_run(const struct pull_options *o, struct pull_report *out,
              struct fault *f)
{
	struct pull p = { .o = o,
		          .kind = o->settings->kind,
		          .token = BUF_INIT(64 << 10),
		          .native = BUF_INIT(64 << 10),
		          .report = out };
	bool ok;

	*out = (struct pull_report){ 0 };
	ok = pull_line_open(&p.line, o->settings, o->env, o->now, f) &&
	     begin(&p, f) && run(&p, f);
	if (p.line)
		moved(&p);
	cases_undo(o->store);
	pull_page_release(&p.page);
	pull_line_close(p.line);
	buf_release(&p.token);
	buf_release(&p.native);
	return ok;
}
