/*
 * What every step of a flight needs: the run's clock, the log, and the ways in
 * which a flight comes to its end.
 */

#include "crawler/crawl_state.h"

#include <stdio.h>

#include "base/clock.h"

enum { RETRY_WAIT = 2000 }; /* milliseconds before the second try; doubles */

int64_t crawl_now(const struct crawl *c)
{
	return c->base_wall + (clock_nanoseconds() - c->base_nano) / 1000;
}

int64_t crawl_time(const struct crawl *c)
{
	return crawl_now(c) / 1000;
}

void crawl_event(struct crawl *c, const char *code, const struct flight *it,
                 const struct http_reply *r, struct slice why)
{
	const struct journal_event e = {
		.code = code,
		.source = c->settings->name,
		.url = it ? it->ask.url : SLICE(""),
		.why = why,
		.status = r ? r->status : 0,
		.took = r ? r->took : 0,
		.bytes = r ? r->decoded : 0,
		.time = crawl_time(c),
		.proxy = it && it->proxy != SIZE_MAX
		                 ? proxies_name(c->proxies, it->proxy)
		                 : NULL,
	};

	journal_event(c->options->journal, &e);
}

bool crawl_alias(struct crawl *c, struct slice address, struct slice id,
                 enum intake_alias_kind kind, struct fault *f)
{
	return intake_alias(c->intake, address, id, kind, f) ||
	       f->kind == FAULT_INPUT;
}

bool crawl_end(struct crawl *c, struct flight *it,
               enum frontier_outcome outcome, struct fault *f)
{
	bool ok = true;

	if (it->kind == FLIGHT_ENTRY)
		ok = frontier_done(c->frontier, &it->entry, crawl_time(c),
		                   outcome, f);
	flight_free(it);
	return ok;
}

static void first_failure(struct crawl *c, const struct flight *it,
                          const struct fault *why)
{
	struct fault *first = &c->report->first;

	if (first->kind)
		return;
	*first = *why;
	if (!first->subject[0])
		snprintf(first->subject, sizeof(first->subject), "%.*s",
		         SLICE_ARG(it->ask.url));
}

bool crawl_fail(struct crawl *c, struct flight *it, const struct fault *why,
                struct fault *f)
{
	c->report->counts.failed++;
	first_failure(c, it, why);
	crawl_event(c, "fail", it, NULL, slice_of(why->text));
	return crawl_end(c, it, FRONTIER_FAILED, f);
}

bool crawl_retry(struct crawl *c, struct flight *it, int64_t wait,
                 const struct fault *why, struct fault *f)
{
	bool ok;

	if (it->entry.tries + 1 >= c->settings->tries)
		return crawl_fail(c, it, why, f);
	if (!wait)
		wait = (int64_t)RETRY_WAIT
		       << (it->entry.tries < 10 ? it->entry.tries : 10);
	c->report->counts.retried++;
	crawl_event(c, "retry", it, NULL, slice_of(why->text));
	ok = frontier_back(c->frontier, &it->entry, crawl_time(c) + wait, true,
	                   f);
	flight_free(it);
	return ok;
}
