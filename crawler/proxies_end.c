/*
 * Judging has two steps: what the reply says by itself (proxies_judge.c), and,
 * where that may be the site's word as well, what other proxies saw of the
 * same page and site.
 */

#include "crawler/proxies_pool.h"

enum {
	SLOW_STRIKES = 3, /* slow answers in a row */
	STRIKES = 2,      /* failures in a row that may be the site's */
};

/* One that comes back does not have to catch up. */
static void proxy_back(struct proxies *p, struct proxy *x)
{
	int64_t least = INT64_MAX;
	size_t j;

	for (j = 0; j < p->count; j++)
		if (&p->list[j] != x && !p->list[j].health.out &&
		    p->list[j].turns < least)
			least = p->list[j].turns;
	if (least != INT64_MAX && x->turns < least)
		x->turns = least;
}

/* The site lately answered well to another one, and not badly since. */
static bool others_through(const struct proxies *p, size_t i, int64_t now)
{
	size_t j;

	for (j = 0; j < p->count; j++)
		if (j != i && p->list[j].health.standing == STANDING_GOOD &&
		    now - p->list[j].health.good <= PROXIES_LATELY)
			return true;
	return false;
}

/* The page is to blame, or the site: takes back what was held against proxies
 * for it. */
static void page_acquit(struct proxies *p, uint64_t page)
{
	struct proxy_sighting *one;
	size_t at = 0;

	while ((one = sightings_find(&p->sightings, page, &at))) {
		struct proxy *x = &p->list[one->proxy];

		if (x->health.run)
			x->health.run--;
		if (x->health.out && x->health.why == one->fault &&
		    x->health.run < STRIKES) {
			health_pardon(&x->health);
			proxy_back(p, x);
		}
		*one = (struct proxy_sighting){ 0 };
	}
}

/* Another got the page: those to whom it was refused are proved guilty. */
static void page_convict(struct proxies *p, size_t i, uint64_t page,
                         int64_t now)
{
	struct proxy_sighting *one;
	size_t at = 0;

	while ((one = sightings_find(&p->sightings, page, &at))) {
		struct proxy_health *h = &p->list[one->proxy].health;

		if (one->proxy != i && !one->chance && !h->out &&
		    h->standing == STANDING_BAD) {
			h->run += STRIKES;
			health_quarantine(h, one->fault, now, 0);
		}
		*one = (struct proxy_sighting){ 0 };
	}
}

/*
 * Who is to blame for what may be the site's word. A proxy in good standing
 * that is the second to see a page refused, in the same way, is a witness for
 * the first; one that got nothing else lately is not. Nobody tries for ever:
 * past as many refusals as there are proxies it is the page.
 */
static bool page_to_blame(struct proxies *p, size_t i, uint64_t page,
                          const struct proxy_charge *c,
                          enum proxy_standing before, int64_t now)
{
	const struct proxy_sighting *one;
	size_t at = 0, seen = 0;
	bool others = false;

	while ((one = sightings_find(&p->sightings, page, &at))) {
		seen++;
		others |= one->proxy != i && one->fault == c->fault;
	}
	if ((others && before != STANDING_BAD) || seen > p->count ||
	    (!c->marked && !others_through(p, i, now)))
		return true;
	if (page)
		sightings_add(&p->sightings,
		              &(struct proxy_sighting){ page, i, c->fault,
		                                        c->chance });
	return false;
}

static unsigned charge_strikes(const struct proxy_charge *c)
{
	return c->certain || c->fault == PROXY_LIMITED ? 1 : STRIKES;
}

/* Latency counts against a proxy only beside others that are quicker. */
static bool proxy_slow(const struct proxies *p, size_t i, int64_t latency,
                       int64_t now)
{
	int64_t others = proxies_others_latency(p, i, now);

	return latency >= p->options.slow && others > 0 && others < latency / 2;
}

/* It worked; a probe sets it free unless it was slow again. */
static void end_well(struct proxies *p, size_t i, int64_t now, int64_t latency,
                     bool probe)
{
	struct proxy *x = &p->list[i];
	struct proxy_health *h = &x->health;
	bool slow = proxy_slow(p, i, latency, now);

	h->standing = STANDING_GOOD;
	health_waited(h, latency);
	if (probe && slow) {
		health_quarantine(h, PROXY_SLOW, now, 0);
		return;
	}
	if (probe) {
		health_free(h);
		proxy_back(p, x);
		h->latency = latency;
	}
	health_worked(h, now);
	h->slow = slow ? h->slow + 1 : 0;
	if (h->slow >= SLOW_STRIKES)
		health_quarantine(h, PROXY_SLOW, now, 0);
}

/* Held against it. What it had started before its quarantine counts once. */
static void end_badly(struct proxy_health *h, const struct proxy_charge *c,
                      int64_t now, bool probe)
{
	if (probe)
		health_quarantine(h, c->fault, now, c->retry_after);
	else if (!h->out)
		health_failed(h, c->fault, charge_strikes(c), now,
		              c->retry_after);
}

/* Not held against it: a probe that got to the site frees it all the same. */
static void end_aside(struct proxies *p, struct proxy *x, bool through,
                      bool probe, int64_t now)
{
	if (!probe)
		return;
	if (!through) {
		health_again(&x->health, now);
		return;
	}
	health_free(&x->health);
	proxy_back(p, x);
}

static void proxy_ended(struct proxy *x, int64_t started)
{
	size_t j;

	for (j = 0; j < x->under_way; j++)
		if (x->begun[j] == started)
			break;
	if (j < x->under_way)
		x->begun[j] = x->begun[--x->under_way];
	else if (x->under_way)
		x->under_way--;
}

enum proxies_blame proxies_end(struct proxies *p, size_t i, int64_t now,
                               int64_t started, const struct http_reply *r)
{
	struct proxy *x = &p->list[i];
	struct proxy_health *h = &x->health;
	struct proxy_charge c = judge_charge(r, now);
	bool probe = h->out && h->probing && started >= h->until;
	bool stale = h->out && !probe;
	int64_t latency = r->waited > 0 ? r->waited * 1000 : now - started;
	enum proxy_standing before = h->standing;

	proxy_ended(x, started);
	if (probe)
		h->probing = false;
	if (c.fault == PROXY_FINE && c.through && r->status < 500) {
		x->succeeded++;
		page_convict(p, i, r->id, now);
		if (!stale)
			end_well(p, i, now, latency, probe);
		return r->trouble == HTTP_FINE ? BLAME_NOBODY : BLAME_PAGE;
	}
	if (c.fault != PROXY_FINE && !c.certain)
		h->standing = STANDING_BAD;
	if (c.fault == PROXY_FINE ||
	    (!c.certain && page_to_blame(p, i, r->id, &c, before, now))) {
		page_acquit(p, r->id);
		end_aside(p, x, c.through, probe, now);
		return BLAME_PAGE;
	}
	x->failed++;
	end_badly(h, &c, now, probe);
	return BLAME_PROXY;
}
