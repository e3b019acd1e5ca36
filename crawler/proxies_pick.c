/*
 * Choosing is one pass over the pool: each proxy has a moment from which it
 * may start something; of those whose moment has come, the rotation's smallest
 * key wins.
 *
 * To move traffic off a proxy that turns bad before the first reply says so,
 * one that lets its requests wait far longer than the others do is passed over
 * while another may be had, and one under suspicion carries a single request
 * at a time.
 */

#include "crawler/proxies_pool.h"

#include "base/limits.h"

enum {
	LAGS = 8,           /* times the others' latency */
	LAG_LEAST = 200000, /* microseconds */
};

/* splitmix64's finaliser: Steele, Lea, Flood, "Fast splittable pseudorandom
 * number generators", 2014. */
static uint64_t mix(uint64_t x)
{
	x += 0x9E3779B97F4A7C15u;
	x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
	x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
	return x ^ (x >> 31);
}

/* Whether any that is not in quarantine is awake. */
static bool pool_awake(const struct proxies *p, int64_t now)
{
	size_t i;

	for (i = 0; i < p->count; i++)
		if (!p->list[i].health.out && p->list[i].resting <= now)
			return true;
	return false;
}

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* When it may start one more; INT64_MAX: when one of its own ends. */
static int64_t proxy_when(const struct proxies *p, const struct proxy *x,
                          bool awake)
{
	const struct proxy_health *h = &x->health;
	size_t most = h->run && !h->out ? 1 : p->options.connections;

	if (x->under_way >= most || (h->out && h->probing))
		return INT64_MAX;
	if (h->out)
		return later(h->until, x->next);
	return awake ? later(x->resting, x->next) : x->next;
}

/* The least mean latency among others that worked lately; 0: not known. */
int64_t proxies_others_latency(const struct proxies *p, size_t i, int64_t now)
{
	int64_t least = 0;
	size_t j;

	for (j = 0; j < p->count; j++) {
		const struct proxy_health *h = &p->list[j].health;

		if (j == i || h->out || !h->good ||
		    now - h->good > PROXIES_LATELY || h->latency <= 0)
			continue;
		if (!least || h->latency < least)
			least = h->latency;
	}
	return least;
}

/* It lets requests wait far longer than the others answer in. */
static bool proxy_lags(const struct proxies *p, size_t i, int64_t now)
{
	const struct proxy *x = &p->list[i];
	int64_t others, lag, oldest = now;
	size_t j;

	for (j = 0; j < x->under_way; j++)
		if (x->begun[j] < oldest)
			oldest = x->begun[j];
	if (now - oldest <= LAG_LEAST)
		return false;
	others = proxies_others_latency(p, i, now);
	lag = others ? others * LAGS : p->options.slow;
	return now - oldest > later(lag, LAG_LEAST);
}

/* Smaller comes first: a probe that is due, then the brisk, then the rest. */
static uint64_t proxy_key(const struct proxies *p, size_t i, uint64_t session)
{
	uint64_t turn = (i + p->count - p->turn) % p->count;

	switch (p->options.rotation) {
	case PROXIES_RANDOM:
		return mix(mix(p->options.seed + p->draws) + i) >> 2;
	case PROXIES_LEAST_USED:
		return (uint64_t)p->list[i].turns * LIMIT_PROXIES + turn;
	case PROXIES_STICKY:
		if (session)
			return mix(mix(p->options.seed + session) + i) >> 2;
		return turn;
	case PROXIES_ROUND_ROBIN:
	default:
		return turn;
	}
}

static int proxy_tier(const struct proxies *p, size_t i, int64_t now,
                      uint64_t session)
{
	/* a session that has to move goes to a sound one */
	if (p->list[i].health.out)
		return p->options.rotation == PROXIES_STICKY && session ? 3 : 0;
	return proxy_lags(p, i, now) ? 2 : 1;
}

static struct session *session_of(struct proxies *p, uint64_t session)
{
	if (p->options.rotation != PROXIES_STICKY || !session)
		return NULL;
	return &p->sessions[mix(session) % PROXIES_SESSIONS];
}

static size_t pick_any(const struct proxies *p, int64_t now, uint64_t session,
                       int64_t *when)
{
	bool awake = pool_awake(p, now);
	size_t best = SIZE_MAX, i;
	int best_tier = 0;
	uint64_t best_key = 0;

	*when = INT64_MAX;
	for (i = 0; i < p->count; i++) {
		int64_t moment = proxy_when(p, &p->list[i], awake);
		uint64_t key;
		int tier;

		if (moment > now) {
			if (moment < *when)
				*when = moment;
			continue;
		}
		tier = proxy_tier(p, i, now, session);
		key = proxy_key(p, i, session);
		if (best == SIZE_MAX || tier < best_tier ||
		    (tier == best_tier && key < best_key)) {
			best = i;
			best_tier = tier;
			best_key = key;
		}
	}
	return best;
}

size_t proxies_pick(struct proxies *p, int64_t now, uint64_t session,
                    int64_t *when)
{
	struct session *s = session_of(p, session);
	size_t best;

	if (s && s->id == session) {
		const struct proxy *x = &p->list[s->proxy];
		bool awake = pool_awake(p, now);

		if (!x->health.out && (!awake || x->resting <= now)) {
			*when = proxy_when(p, x, awake);
			return *when <= now ? s->proxy : SIZE_MAX;
		}
	}
	best = pick_any(p, now, session, when);
	if (best == SIZE_MAX)
		return best;
	*when = now;
	if (s)
		*s = (struct session){ session, best };
	return best;
}
