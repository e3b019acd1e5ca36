/*
 * The limiter. Two numbers rule it: `rate`, the starts a second it allows now,
 * and `ceiling`, what the server was found to bear (0: not known).
 *
 *	slow start   from 10/s (or the configured rate, if that is less) the
 *	             rate doubles with every 24 successes, as long as it is
 *	             made use of
 *	refusal      wait as told, or 0.5 to 1 s that double while nothing
 *	             succeeds; note a ceiling of 70 to 85 % of the rate of late;
 *	             go on at half of it
 *	near it      doubling stops at 95 % of the ceiling; from there the rate
 *	             is raised by 2 % every 10 s, and each time a refusal ends
 *	             this, twice as seldom
 *	beyond it    each further raise is twice the one before: the limit of
 *	             the server was lifted
 *	latency      three times the lowest, and 50 ms more: 15 % slower, down
 *	             to what one connection asking in turn would do
 *	failures     three in a row: wait 0.5 to 1 s, doubling up to 5 minutes,
 *	             and go on at half the rate
 *
 * Halving and the wait follow TCP's congestion control (RFC 5681). What was
 * under way when the rate was cut belongs to the time before the cut: its
 * refusals and failures are not counted again, its successes raise nothing.
 *
 * Up to 10/s two starts keep their full distance. Above, waking up late would
 * make it slower than it says, so what passed while we slept is made up for:
 * at most half the distance, or 5 ms of it where that is more.
 */

#include "base/net/pace.h"

#include <stdio.h>

#define SECOND INT64_C(1000000)
#define MINUTE (60 * SECOND)
#define DAY (1440 * MINUTE)
#define NEVER (INT64_MIN / 4)

#define RATE_DEFAULT 1.0
#define RATE_START 10.0
#define RATE_LEAST (1.0 / 60)
#define RATE_MOST 1e6

#define GROWTH (0.6931471805599453 / 24) /* of the rate, each success */
#define NEAR 0.95                        /* of the ceiling */
#define RAISE 0.02                       /* of the ceiling, each hold */
#define RAISE_MOST 0.25
#define HOLD (10 * SECOND)
#define HOLD_MOST (10 * MINUTE)
#define CATCH_UP (SECOND / 200)
#define STRICT (SECOND / 10) /* a delay this long is kept exactly */
#define CRAWL_DELAY_MOST (60 * SECOND)
#define WAIT_REFUSED_MOST (2 * MINUTE)
#define WAIT_FAILED_MOST (5 * MINUTE)
#define FAILURES 3
#define CLOSED (5 * SECOND)
#define TIRED 50e3 /* microseconds */
/* A ceiling learned longer ago than this is no news after a restart. */
#define CEILING_AGE (6 * 60 * MINUTE)

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* `high` wins when they cross. */
static double clamp(double x, double low, double high)
{
	return x > high ? high : x < low ? low : x;
}

/* 0 to 1, by Steele, Lea and Flood's SplitMix64 (2014). */
static double chance(struct pace *p)
{
	uint64_t z = p->random += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (double)((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

static void rate_set(struct pace *p, double rate)
{
	double most = p->options.rate;
	double floor = p->options.least > 0 ? p->options.least : RATE_LEAST;
	double least = most < floor ? most : floor;

	p->rate = clamp(rate, least, most);
}

void pace_init(struct pace *p, const struct pace_options *o)
{
	*p = (struct pace){ .options = *o };
	if (!(p->options.rate > 0))
		p->options.rate = RATE_DEFAULT;
	if (p->options.rate > RATE_MOST)
		p->options.rate = RATE_MOST;
	if (!p->options.concurrency)
		p->options.concurrency = 2;
	if (p->options.stall <= 0)
		p->options.stall = 10 * MINUTE;
	p->random = o->seed;
	p->last = p->next = p->rest = p->cut = p->raised = NEVER;
	p->trying = p->slowed = p->since = NEVER;
	p->hold = HOLD;
	rate_set(p, RATE_START);
}

/* Microseconds from one start to the next. */
static int64_t interval(const struct pace *p)
{
	return later((int64_t)((double)SECOND / p->rate + 0.5), p->crawl_delay);
}

int64_t pace_when(const struct pace *p, int64_t now)
{
	int64_t step = interval(p);
	bool strict = step >= STRICT || step == p->crawl_delay;
	int64_t when = strict ? p->last + step : p->next;

	/* After a wait, one goes ahead to see whether the door is open. */
	if (p->under_way >=
	    (p->refused_in_row || p->waits ? 1 : p->options.concurrency))
		return INT64_MAX;
	return later(now, later(when, p->rest));
}

void pace_start(struct pace *p, int64_t now)
{
	int64_t step = interval(p);

	p->next = later(p->next, now - later(CATCH_UP, step / 2)) + step;
	p->last = now;
	p->under_way++;
	if (p->trying == NEVER)
		p->trying = now;
}

/* How many a second succeeded of late, since the last cut; 0: too few to tell
 * or all at once. */
static double rate_used(const struct pace *p)
{
	uint64_t n = p->succeeded < PACE_RECENT ? p->succeeded : PACE_RECENT;
	int64_t span;

	if (n < PACE_RECENT / 4)
		return 0;
	span = p->recent[(p->succeeded - 1) % PACE_RECENT] -
	       p->recent[(p->succeeded - n) % PACE_RECENT];
	return span > 0 ? (double)(n - 1) * (double)SECOND / (double)span : 0;
}

/* Smoothed as RFC 6298 smooths round trips. The lowest is a smoothed one, too: a
 * file among slow pages is not what they are measured by. */
static void latency_add(struct pace *p, int64_t latency)
{
	double x = (double)latency;

	if (latency <= 0)
		return;
	p->latency += p->latency > 0 ? (x - p->latency) / 8 : x;
	if (++p->heard < 16)
		return;
	if (!(p->lowest > 0) || p->latency < p->lowest)
		p->lowest = p->latency;
	/* A server that became slower for good is not tired for ever. */
	p->lowest += (p->latency - p->lowest) / 4096;
}

static bool tired(const struct pace *p, double times, double more)
{
	return p->lowest > 0 && p->latency > times * p->lowest &&
	       p->latency > p->lowest + more;
}

/* One step within the time that it takes to see what it did. */
static void slow_down(struct pace *p, int64_t now)
{
	double least = (double)SECOND / p->latency;
	double used = rate_used(p);
	double from = used > 0 && used < p->rate ? used : p->rate;

	if (now < p->slowed + later((int64_t)(2 * p->latency), SECOND / 4))
		return;
	p->slowed = now;
	if (p->rate > least)
		rate_set(p, clamp(from * 0.85, least, p->rate));
}

/* Feels its way up from where the ceiling is near, and past it. */
static void raise_rate(struct pace *p, int64_t now)
{
	double share = RAISE * (double)(1u << p->steps);

	if (now < p->raised + p->hold || rate_used(p) < 0.7 * p->rate)
		return;
	p->raised = now;
	if (p->rate > p->ceiling && share < RAISE_MOST)
		p->steps++;
	rate_set(p, p->rate * (1 + clamp(share, RAISE, RAISE_MOST)));
	if (p->rate > 1.25 * p->ceiling) {
		p->ceiling = 0;
		p->hold = HOLD;
	}
}

static void grow(struct pace *p, int64_t now)
{
	double near = p->ceiling > 0 ? NEAR * p->ceiling : RATE_MOST;
	double used = rate_used(p);

	if (tired(p, 3, TIRED)) {
		slow_down(p, now);
		return;
	}
	/* A rate that nobody uses would be a burst when it is. */
	if (tired(p, 2, 0.6 * TIRED) || (used > 0 && p->rate > 1.5 * used))
		return;
	if (p->rate < near)
		rate_set(p, clamp(p->rate * (1 + GROWTH), p->rate, near));
	else
		raise_rate(p, now);
}

static void success(struct pace *p, int64_t now, const struct pace_outcome *o)
{
	p->trying = NEVER;
	p->troubled = false;
	latency_add(p, o->latency);
	if (o->started <= p->cut)
		return;
	if (p->since == NEVER)
		p->since = o->started;
	p->recent[p->succeeded++ % PACE_RECENT] = now;
	p->refused_in_row = p->failed_in_row = p->waits = 0;
	grow(p, now);
}

static void rest(struct pace *p, int64_t now, int64_t wait)
{
	if (now + wait <= p->rest)
		return;
	p->rest = now + wait;
	p->asked = wait;
}

/* Half a second to one, doubled with each wait before it. */
static int64_t exponential(struct pace *p, unsigned waits, int64_t most)
{
	double wait = (double)SECOND * (0.5 + 0.5 * chance(p)) *
	              (double)(1u << (waits < 20 ? waits : 20));

	return (int64_t)clamp(wait, 0, (double)most);
}

/* What the server asked for, never less and a little more, lest all who were
 * sent away come back together. */
static int64_t told(struct pace *p, const struct pace_outcome *o)
{
	double wait = (double)o->retry_after;

	if (o->retry_after <= 0)
		return 0;
	return (int64_t)clamp(wait * (1 + 0.05 * chance(p)), 0, (double)DAY);
}

/*
 * What a refusal says about the limit. Slowly felt for from below, it is just
 * under the rate. Otherwise it is 70 to 85 % of the rate of late, wherever the
 * mean since the last refusal lies, its wait included: a bucket that let a
 * burst through makes the rate of late too high, and a wait makes the mean too
 * low. A door that stayed closed for long is a limit by the minute or the
 * hour: then the mean alone tells.
 */
static double ceiling_of(const struct pace *p, int64_t now)
{
	double used = rate_used(p), mean = 0;
	bool closed = p->rest - p->since >= CLOSED;

	if (!(used > 0) || used > p->rate)
		used = p->rate;
	if (now > p->since)
		mean = (double)p->succeeded * (double)SECOND /
		       (double)(now - p->since);
	if (closed)
		return clamp(mean, 0, 0.85 * used);
	if (p->raised > p->cut && p->rate < 1.1 * p->ceiling)
		return clamp(NEAR * used, 0, p->ceiling);
	return clamp(mean, 0.7 * used, 0.85 * used);
}

static void learn(struct pace *p, int64_t now)
{
	if (p->ceiling > 0 && p->rate >= NEAR * p->ceiling)
		p->hold = p->hold < HOLD_MOST / 2 ? 2 * p->hold : HOLD_MOST;
	p->ceiling = ceiling_of(p, now);
	p->learned = now;
	p->since = now;
	p->succeeded = 0;
	p->steps = 0;
	rate_set(p, clamp(p->ceiling / 2, 0, p->rate));
}

static void refusal(struct pace *p, int64_t now, const struct pace_outcome *o)
{
	int64_t wait;

	p->refusals++;
	if (o->started <= p->cut) {
		rest(p, now, told(p, o));
		return;
	}
	wait = told(p, o);
	/* The second refusal in a row: what it told was not enough. */
	if (!wait || p->refused_in_row)
		wait = later(wait, exponential(p, p->refused_in_row,
		                               WAIT_REFUSED_MOST));
	p->refused_in_row++;
	/* With nothing let through, it says nothing new about the rate. */
	if (p->succeeded || !(p->ceiling > 0))
		learn(p, now);
	p->cut = p->raised = now;
	rest(p, now, wait);
}

static void failure(struct pace *p, int64_t now, const struct pace_outcome *o)
{
	if (o->started <= p->cut)
		return;
	if (++p->failed_in_row < FAILURES && o->retry_after <= 0)
		return;
	rest(p, now,
	     later(told(p, o), exponential(p, p->waits, WAIT_FAILED_MOST)));
	if (p->waits < 20)
		p->waits++;
	p->cut = p->raised = now;
	rate_set(p, p->rate / 2);
}

void pace_end(struct pace *p, int64_t now, const struct pace_outcome *o)
{
	if (p->under_way)
		p->under_way--;
	if (o->word == PACE_NEUTRAL)
		return;
	if (o->word == PACE_SUCCESS) {
		success(p, now, o);
		return;
	}
	p->troubled = true;
	p->status = o->status;
	p->refused = o->word == PACE_REFUSED;
	if (p->refused)
		refusal(p, now, o);
	else
		failure(p, now, o);
}

bool pace_crawl_delay(struct pace *p, int64_t microseconds)
{
	bool capped = microseconds > CRAWL_DELAY_MOST;

	p->crawl_delay = capped ? CRAWL_DELAY_MOST : later(0, microseconds);
	return capped;
}

void pace_rest(struct pace *p, int64_t now, int64_t microseconds)
{
	if (microseconds > 0)
		rest(p, now, microseconds < DAY ? microseconds : DAY);
}

/* "90 seconds", "10 minutes", "2 hours" */
static void duration(char *to, size_t size, int64_t microseconds)
{
	static const struct {
		int64_t length;
		const char *name;
	} units[] = { { 60 * MINUTE, "hour" },
		      { MINUTE, "minute" },
		      { SECOND, "second" } };
	size_t i = 0;
	int64_t n;

	while (i < 2 && microseconds < 2 * units[i].length &&
	       microseconds % units[i].length)
		i++;
	while (i < 2 && microseconds < units[i].length)
		i++;
	n = (microseconds + units[i].length / 2) / units[i].length;
	snprintf(to, size, "%lld %s%s", (long long)n, units[i].name,
	         n == 1 ? "" : "s");
}

bool pace_stalled(const struct pace *p, int64_t now, struct fault *f)
{
	char time[32], last[32];

	if (p->rest > now && p->asked > p->options.stall) {
		duration(time, sizeof(time), p->rest - now);
		fault(f, FAULT_LATER, "pace-rest",
		      "it asks to be left alone for %s; try again then", time);
		return true;
	}
	if (!p->troubled || p->trying == NEVER ||
	    now - p->trying < p->options.stall)
		return false;
	duration(time, sizeof(time), p->options.stall);
	if (p->status)
		snprintf(last, sizeof(last), "%d", p->status);
	else
		snprintf(last, sizeof(last), "%s",
		         p->refused ? "a refusal" : "no answer");
	fault(f, FAULT_LATER, "pace-stalled",
	      "gave up on it: no success for %s (last: %s); try again later",
	      time, last);
	return true;
}

double pace_rate(const struct pace *p)
{
	return (double)SECOND / (double)interval(p);
}

int64_t pace_resting(const struct pace *p, int64_t now)
{
	return p->rest > now ? p->rest : 0;
}

unsigned pace_under_way(const struct pace *p)
{
	return p->under_way;
}

int64_t pace_refusals(const struct pace *p)
{
	return p->refusals;
}

unsigned pace_refused(const struct pace *p)
{
	return p->refused_in_row;
}

/*
 * The line: "pace 1" and ten decimal numbers: rate and ceiling in millionths
 * of a start a second; when the ceiling was learned; the last start; the end of
 * the back-off and how long it was when asked for; hold; refusals in a row;
 * waits for failures; lowest latency. Times in microseconds, 0: never.
 */
enum { FIELDS = 10 };

static int64_t moment(int64_t time)
{
	return time > 0 ? time : 0;
}

void pace_save(const struct pace *p, struct buf *out)
{
	const int64_t fields[FIELDS] = {
		(int64_t)(p->rate * 1e6 + 0.5),
		(int64_t)(p->ceiling * 1e6 + 0.5),
		moment(p->learned),
		moment(p->last),
		moment(p->rest),
		p->asked,
		p->hold,
		p->refused_in_row,
		p->waits,
		(int64_t)p->lowest,
	};
	size_t i;

	buf_text(out, "pace 1");
	for (i = 0; i < FIELDS; i++) {
		buf_byte(out, ' ');
		buf_number(out, fields[i]);
	}
}

static bool line_read(struct slice line, int64_t fields[FIELDS])
{
	const struct slice head = SLICE("pace 1 ");
	size_t i;

	line = slice_trim(line);
	if (!slice_starts(line, head))
		return false;
	line = slice_cut(line, head.len, line.len);
	for (i = 0; i < FIELDS; i++) {
		size_t end = slice_find(line, ' ');

		if (!slice_number(slice_cut(line, 0, end), &fields[i]) ||
		    fields[i] < 0 || fields[i] > INT64_MAX / 4)
			return false;
		line = slice_cut(line, end + 1, line.len);
	}
	return !line.len && fields[0] > 0;
}

static int64_t between(int64_t x, int64_t low, int64_t high)
{
	return x < low ? low : x > high ? high : x;
}

void pace_load(struct pace *p, struct slice line, int64_t now)
{
	int64_t v[FIELDS];
	double rate;

	if (!line_read(line, v))
		return;
	rate = (double)v[0] / 1e6;
	if (v[1] && v[2] <= now && now - v[2] <= CEILING_AGE) {
		p->ceiling = clamp((double)v[1] / 1e6, 0, RATE_MOST);
		p->learned = v[2];
		p->hold = between(v[6], HOLD, HOLD_MOST);
	}
	/* Never straight back to where it was: the server may have changed. */
	rate_set(p, rate < RATE_START ? rate : RATE_START);
	p->last = now;
	p->next = now + interval(p);
	p->raised = now;
	p->rest = v[4] ? between(v[4], 0, now + DAY) : NEVER;
	p->asked = between(v[5], 0, DAY);
	p->refused_in_row = (unsigned)between(v[7], 0, 20);
	p->waits = (unsigned)between(v[8], 0, 20);
	p->lowest = (double)between(v[9], 0, MINUTE);
}
