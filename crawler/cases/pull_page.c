/*
 * A case is complete if the list brought all its replies, or if the store
 * holds those that it brought: replies never change, so the older ones are
 * there too. That makes a page that is listed again after a kill cost nothing.
 */

#include "crawler/cases/pull_page.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "crawler/cases/replies.h"
#include "schema/cases.h"

enum {
	HOLD_MOST = 50, /* milliseconds of one transaction */
	AGAIN_MOST = 3, /* replies of one case begun anew */
	PARTS_MOST = 1000,
	ROOM = 16,
};

static const struct slice channel = { "api", 3 };

void pull_page_init(struct pull_page *p, const struct pull_page_options *o)
{
	*p = (struct pull_page){ .o = *o };
}

void pull_page_release(struct pull_page *p)
{
	size_t i;

	for (i = 0; i < PULL_GATHERS; i++)
		arena_release(&p->gathers[i].arena);
	arena_release(&p->one);
	arena_release(&p->arena);
}

static void trouble(struct pull_page *p, const struct support_case *c,
                    const struct fault *why)
{
	struct fault f = *why;
	char about[128];

	snprintf(about, sizeof(about), "case %.*s",
	         SLICE_ARG(slice_cut(c->native, 0, 100)));
	fault_at(&f, about, 0);
	troubles_add(&p->o.report->broken, &f);
}

/* ---- the store ---------------------------------------------------------- */

static bool let_go(struct pull_page *p, struct fault *f)
{
	bool ok = !p->held || cases_let_go(p->o.store, f);

	p->held = 0;
	return ok;
}

/* Several puts are one transaction, unless that would take long. */
static bool hold(struct pull_page *p, struct fault *f)
{
	if (p->held && clock_monotonic() - p->held >= HOLD_MOST &&
	    !let_go(p, f))
		return false;
	if (p->held)
		return true;
	p->held = clock_monotonic();
	return cases_hold(p->o.store, f);
}

/* What the store has of it by the API; nothing is fine too. */
static bool load(struct pull_page *p, const struct support_case *c,
                 struct replies *out, struct fault *f)
{
	struct support_case there;
	struct fault none = { 0 };
	int64_t id;

	*out = (struct replies){ 0 };
	if (!case_find(p->o.store, &reader_all, p->o.space, c->native, &id,
	               &none) ||
	    !case_load(p->o.store, &reader_all, id, &p->one, &there, &none)) {
		if (none.kind == FAULT_GONE)
			return true;
		*f = none;
		return false;
	}
	if (slice_eq(there.channel, channel))
		*out = (struct replies){ there.replies, there.reply_count };
	return true;
}

static void count(struct pull_report *r, enum case_outcome what)
{
	switch (what) {
	case CASE_NEW:
		r->added++;
		break;
	case CASE_CHANGED:
		r->changed++;
		break;
	case CASE_FORGOTTEN:
		r->forgotten++;
		break;
	default:
		r->same++;
	}
}

/* What came, and what was there. */
static bool put(struct pull_page *p, const struct support_case *seen,
                struct replies came, struct replies there, struct fault *f)
{
	struct replies all = replies_join(came, there, &p->one);
	struct support_case c = *seen;
	enum case_outcome what;

	c.space = p->o.space;
	c.access = p->o.settings->access;
	c.channel = channel;
	c.replies = all.list;
	c.reply_count = all.count;
	c.resolved = CLOCK_NONE;
	/* No provider tells it: its last reply came with it. */
	if (all.count && p->o.settings->kind->closed(c.status))
		c.resolved = all.list[all.count - 1].time;
	if (!hold(p, f))
		return false;
	if (cases_put(p->o.store, &c, p->o.now, &what, f)) {
		count(p->o.report, what);
		return true;
	}
	if (!troubles_one_row(f))
		return false;
	trouble(p, &c, f);
	return true;
}

/* ---- replies that did not come with the list ---------------------------- */

static size_t gathers_most(const struct pull_page *p)
{
	size_t most = p->o.settings->pace.concurrency;

	return most < PULL_GATHERS ? most : PULL_GATHERS;
}

static bool gather_start(struct pull_page *p, size_t i, struct fault *f)
{
	struct pull_gather *g = &p->gathers[i];

	arena_reset(&g->arena);
	g->seen = p->lacking[p->next++];
	g->list = NULL;
	g->count = g->room = 0;
	g->again = g->parts = 0;
	g->token = (struct slice){ 0 };
	p->under_way++;
	p->o.report->fetched++;
	return pull_line_replies(p->o.line, g->seen->c.source_id, SLICE(""), i,
	                         f);
}

static bool gather_fill(struct pull_page *p, struct fault *f)
{
	size_t i;

	for (i = 0; i < gathers_most(p) && p->next < p->lacking_count; i++)
		if (!p->gathers[i].seen && !gather_start(p, i, f))
			return false;
	return true;
}

static void gather_end(struct pull_page *p, struct pull_gather *g)
{
	g->seen = NULL;
	p->under_way--;
}

static bool gather_add(struct pull_gather *g, const struct case_part *part,
                       struct fault *f)
{
	size_t all = g->count + part->count;

	if (all > LIMIT_CASE_REPLIES || g->parts++ == PARTS_MOST ||
	    arena_total(&g->arena) > LIMIT_CASE)
		return fault(f, FAULT_LIMIT, "limit-case",
		             "the case has more than %d replies, %d bytes or "
		             "%d pages",
		             LIMIT_CASE_REPLIES, LIMIT_CASE, PARTS_MOST);
	if (all > g->room) {
		struct case_reply *list;

		g->room = all < ROOM ? ROOM : 2 * all;
		list = arena_array(&g->arena, g->room, sizeof(*list));
		if (g->count)
			memcpy(list, g->list, g->count * sizeof(*list));
		g->list = list;
	}
	if (part->count)
		memcpy(g->list + g->count, part->replies,
		       part->count * sizeof(*g->list));
	g->count = all;
	return true;
}

/* Whether there is more: never the part again that just came. */
static bool gather_more(struct pull_gather *g, const struct case_part *part,
                        struct fault *f)
{
	struct slice before = g->token;

	g->token = part->token;
	return !part->token.len || !slice_eq(before, part->token) ||
	       fault(f, FAULT_INPUT, "cases-paging",
	             "the pages of its replies do not come to an end");
}

/* All are here. */
static bool gather_put(struct pull_page *p, struct pull_gather *g,
                       struct fault *f)
{
	const struct support_case *c = &g->seen->c;
	struct replies there;
	bool ok = load(p, c, &there, f) &&
	          put(p, c, (struct replies){ g->list, g->count }, there, f);

	arena_reset(&p->one);
	gather_end(p, g);
	return ok;
}

static bool gather_read(struct pull_page *p, size_t i, struct slice body,
                        struct fault *f)
{
	struct pull_gather *g = &p->gathers[i];
	struct case_part part;
	struct fault why;

	if (!p->o.settings->kind->replied(body, &g->arena, &part, &why) ||
	    !gather_add(g, &part, &why) || !gather_more(g, &part, &why)) {
		trouble(p, &g->seen->c, &why);
		gather_end(p, g);
		return true;
	}
	if (part.token.len)
		return pull_line_replies(p->o.line, g->seen->c.source_id,
		                         part.token, i, f);
	return gather_put(p, g, f);
}

/* Whether a refusal is about this case alone. */
static bool one_case(const struct pull_answer *a)
{
	return a->refusal == REFUSAL_UNKNOWN || a->refusal == REFUSAL_WRONG ||
	       (a->refusal == REFUSAL_FAILED && a->reply->http &&
	        a->reply->http->trouble == HTTP_FINE);
}

/* It was listed, and is not known any more: what the list brought is better
 * than nothing. */
static bool gather_rest(struct pull_page *p, struct pull_gather *g,
                        struct fault *f)
{
	const struct support_case *c = &g->seen->c;
	struct replies there, came = { c->replies, c->reply_count };
	bool ok = load(p, c, &there, f) && put(p, c, came, there, f);

	arena_reset(&p->one);
	return ok;
}

static bool gather_refused(struct pull_page *p, size_t i,
                           const struct pull_answer *a, struct fault *f)
{
	struct pull_gather *g = &p->gathers[i];

	if (!one_case(a)) {
		*f = a->fault;
		return false;
	}
	if (a->refusal == REFUSAL_WRONG && g->count &&
	    g->again++ < AGAIN_MOST) {
		g->count = 0;
		g->token = (struct slice){ 0 };
		return pull_line_replies(p->o.line, g->seen->c.source_id,
		                         SLICE(""), i, f);
	}
	trouble(p, &g->seen->c, &a->fault);
	if (a->refusal == REFUSAL_UNKNOWN && !gather_rest(p, g, f))
		return false;
	gather_end(p, g);
	return true;
}

static bool gather_answers(struct pull_page *p, struct fault *f)
{
	struct pull_answer a;
	bool ok = true;

	while (ok && pull_line_next(p->o.line, &a)) {
		ok = a.fault.kind ? gather_refused(p, a.id, &a, f)
		                  : gather_read(p, a.id, a.body, f);
		pull_line_done(p->o.line, &a);
	}
	return ok;
}

/* Nothing is held while we wait, but what came last of all. */
static bool gather_all(struct pull_page *p, struct fault *f)
{
	do {
		if (!gather_fill(p, f))
			return false;
		if (!p->under_way)
			break;
		if (!let_go(p, f) || !pull_line_poll(p->o.line, 200, f) ||
		    !gather_answers(p, f))
			return false;
		p->o.moved(p->o.self);
	} while (p->under_way || p->next < p->lacking_count);
	return true;
}

/* ---- the page ----------------------------------------------------------- */

/* The account that is set is a promise: a key of another one mixes nothing. */
static bool is_ours(const struct pull_page *p, const struct support_case *c,
                    struct fault *f)
{
	const struct pull_settings *s = p->o.settings;
	struct slice owner = s->kind->owner(c->source_id);

	if (!s->account.len || !owner.len || slice_eq(owner, s->account))
		return true;
	return fault(f, FAULT_DENIED, "cases-account",
	             "the key is one of account %.*s, and [cases %.*s] account "
	             "is %.*s: take another profile, or leave account out",
	             SLICE_ARG(owner), SLICE_ARG(s->name),
	             SLICE_ARG(s->account));
}

static bool take_one(struct pull_page *p, const struct case_seen *seen,
                     struct fault *f)
{
	struct replies came = { seen->c.replies, seen->c.reply_count }, there;
	bool ok = true;

	p->o.report->seen++;
	if (seen->fault.kind) {
		troubles_add(&p->o.report->broken, &seen->fault);
		return true;
	}
	if (!is_ours(p, &seen->c, f))
		return false;
	if (!load(p, &seen->c, &there, f))
		ok = false;
	else if (seen->whole || (there.count && replies_hold(there, came)))
		ok = put(p, &seen->c, came, there, f);
	else
		p->lacking[p->lacking_count++] = seen;
	arena_reset(&p->one);
	return ok;
}

bool pull_page_take(struct pull_page *p, struct slice body, struct slice *token,
                    struct fault *f)
{
	const struct pull_page_options *o = &p->o;
	struct case_page page;
	size_t i;

	arena_reset(&p->arena);
	if (!o->settings->kind->listed(body, pull_line_region(o->line),
	                               &p->arena, &page, f))
		return false;
	p->lacking = arena_array(&p->arena, page.count, sizeof(*p->lacking));
	p->lacking_count = p->next = p->under_way = 0;
	o->report->pages++;
	for (i = 0; i < page.count; i++)
		if (!take_one(p, &page.cases[i], f))
			return false;
	if (!gather_all(p, f))
		return false;
	p->held = 0;
	*token = page.token;
	return true;
}
