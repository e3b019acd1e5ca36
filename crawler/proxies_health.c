/*
 * Counting in a row reacts within two or three requests; the moving mean of
 * successes catches a proxy that fails now and then, which no row of failures
 * ever shows.
 */

#include "crawler/proxies_health.h"

static const int64_t second = 1000000;

enum {
	CALM = 10,         /* successes that wipe the ladders */
	SAMPLES_LEAST = 8, /* before the mean of successes counts */
	RUNGS_MOST = 40,   /* far past any ladder's end */
	SUCCESS_LAST = 5,  /* the last one weighs a fifth */
	LATENCY_LAST = 4,  /* a quarter */
};

static const struct {
	const char *word;
	int64_t first, most; /* seconds */
} ladders[PROXY_FAULTS] = {
	[PROXY_FINE] = { "", 0, 0 },
	[PROXY_DEAD] = { "dead", 5, 600 },
	[PROXY_REFUSED] = { "refused", 10, 600 },
	[PROXY_FORBIDDEN] = { "403", 60, 3600 },
	/* a wrong password does not get right: until the next start */
	[PROXY_LOGIN] = { "407", 86400, 86400 },
	[PROXY_LIMITED] = { "429", 30, 1800 },
	[PROXY_SLOW] = { "slow", 30, 600 },
};

int64_t health_ladder(enum proxy_fault why, unsigned level)
{
	int64_t length = ladders[why].first;

	for (; level > 1 && length < ladders[why].most; level--)
		length *= 2;
	if (length > ladders[why].most)
		length = ladders[why].most;
	return length * second;
}

const char *health_word(enum proxy_fault why)
{
	return ladders[why].word;
}

enum proxy_fault health_of_word(struct slice word)
{
	int i;

	for (i = PROXY_FINE + 1; i < PROXY_FAULTS; i++)
		if (slice_eq(word, slice_of(ladders[i].word)))
			return (enum proxy_fault)i;
	return PROXY_FINE;
}

static void health_sample(struct proxy_health *h, double outcome)
{
	if (h->samples == 0)
		h->success = 1;
	h->samples++;
	h->success += (outcome - h->success) / SUCCESS_LAST;
}

void health_worked(struct proxy_health *h, int64_t now)
{
	int i;

	h->run = 0;
	h->good = now;
	health_sample(h, 1);
	if (++h->calm == CALM)
		for (i = 0; i < PROXY_FAULTS; i++)
			h->level[i] = 0;
}

void health_waited(struct proxy_health *h, int64_t latency)
{
	if (latency <= 0)
		return;
	if (h->latency == 0)
		h->latency = latency;
	else
		h->latency += (latency - h->latency) / LATENCY_LAST;
}

void health_quarantine(struct proxy_health *h, enum proxy_fault why,
                       int64_t now, int64_t least)
{
	int64_t length;

	if (h->level[why] < RUNGS_MOST)
		h->level[why]++;
	length = health_ladder(why, h->level[why]);
	h->out = true;
	h->probing = false;
	h->why = why;
	h->since = now;
	h->until = now + (length > least ? length : least);
	h->calm = 0;
	h->slow = 0;
}

void health_failed(struct proxy_health *h, enum proxy_fault why,
                   unsigned strikes, int64_t now, int64_t least)
{
	h->run++;
	h->calm = 0;
	health_sample(h, 0);
	if (h->run >= strikes ||
	    (h->samples >= SAMPLES_LEAST && h->success < 0.5))
		health_quarantine(h, why, now, least);
}

void health_again(struct proxy_health *h, int64_t now)
{
	h->probing = false;
	h->since = now;
	h->until = now + health_ladder(h->why, h->level[h->why]);
}

void health_free(struct proxy_health *h)
{
	h->out = false;
	h->probing = false;
	h->run = 0;
	h->slow = 0;
	h->samples = 0;
}

void health_pardon(struct proxy_health *h)
{
	if (h->level[h->why])
		h->level[h->why]--;
	health_free(h);
}
