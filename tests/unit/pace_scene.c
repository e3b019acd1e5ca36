/* What is under way is a short list, walked for each event. */

#include "pace_scene.h"

#include <stdlib.h>

enum { UNDER_WAY = 256, PEAK = 1 << 16 };

struct request {
	int64_t started, arrives, answers;
	bool judged;
	int status;
	int64_t retry_after; /* microseconds, as the header would be read */
};

struct play {
	const struct scene *s;
	struct scene_result *out;
	struct pace pace;
	struct request under_way[UNDER_WAY];
	size_t count;
	int64_t now, free_at; /* when the server's one worker is free */
	double excess;
	int64_t excess_at, window_at;
	int window_count;
	uint64_t random;
	int64_t starts[PEAK];
};

static double chance(struct play *p)
{
	p->random ^= p->random << 13;
	p->random ^= p->random >> 7;
	p->random ^= p->random << 17;
	return (double)(p->random >> 11) * 0x1p-53;
}

static bool bucket_lets(struct play *p, int64_t at)
{
	const struct scene *s = p->s;
	double rate = s->changes && at >= s->changes ? s->rate_then : s->rate;
	double excess = p->excess + 1 -
	                rate * (double)(at - p->excess_at) / (double)SECOND;

	if (excess < 0)
		excess = 0;
	if (excess > s->burst)
		return false;
	p->excess = excess;
	p->excess_at = at;
	return true;
}

static bool window_lets(struct play *p, int64_t at)
{
	int64_t window = at / p->s->window;

	if (window != p->window_at)
		p->window_count = 0;
	p->window_at = window;
	return p->window_count++ < p->s->window_most;
}

static int64_t retry_after(const struct scene *s, int64_t at)
{
	int64_t whole;

	switch (s->retry) {
	case RETRY_SECOND:
		return SECOND;
	case RETRY_DATE:
		whole = (at + SECOND) / SECOND * SECOND;
		return whole > at ? whole - at : 0;
	case RETRY_WINDOW:
		whole = s->window - at % s->window;
		return (whole + SECOND - 1) / SECOND * SECOND;
	case RETRY_NONE:
	case RETRY_ZERO:
		break;
	}
	return 0;
}

/* The server sees requests in the order in which they arrive. */
static void judge(struct play *p, struct request *r)
{
	const struct scene *s = p->s;
	bool lets = s->limit == SERVER_BUCKET   ? bucket_lets(p, r->arrives)
	            : s->limit == SERVER_WINDOW ? window_lets(p, r->arrives)
	                                        : true;

	r->judged = true;
	r->status = lets ? 200 : s->status ? s->status : 429;
	if (lets && r->arrives >= s->down_from && r->arrives < s->down_to)
		r->status = 500;
	r->retry_after = lets ? 0 : retry_after(s, r->arrives);
	r->answers = r->arrives;
	if (r->status == 200 && s->service) {
		if (p->free_at < r->arrives)
			p->free_at = r->arrives;
		p->free_at += s->service;
		r->answers = p->free_at;
	}
	r->answers += s->latency / 2;
}

static void judge_until(struct play *p, int64_t now)
{
	for (;;) {
		struct request *first = NULL;
		size_t i;

		for (i = 0; i < p->count; i++) {
			struct request *r = &p->under_way[i];

			if (!r->judged && r->arrives <= now &&
			    (!first || r->arrives < first->arrives))
				first = r;
		}
		if (!first)
			return;
		judge(p, first);
	}
}

static void start(struct play *p)
{
	struct scene_result *out = p->out;
	struct request *r = &p->under_way[p->count++];
	int64_t resting = pace_resting(&p->pace, p->now), gap;

	out->early |= resting > p->now;
	if (out->started) {
		gap = p->now - p->starts[(out->started - 1) % PEAK];
		if (gap < out->least_gap)
			out->least_gap = gap;
	}
	pace_start(&p->pace, p->now);
	p->starts[out->started++ % PEAK] = p->now;
	*r = (struct request){ .started = p->now };
	r->arrives = p->now + (int64_t)((double)p->s->latency / 2 *
	                                (0.8 + 0.4 * chance(p)));
	if (p->count > out->under_way)
		out->under_way = (unsigned)p->count;
}

static void finish(struct play *p, size_t i)
{
	struct request r = p->under_way[i];
	struct pace_outcome o = { .started = r.started,
		                  .latency = r.answers - r.started,
		                  .retry_after = r.retry_after,
		                  .status = r.status };
	double before = pace_rate(&p->pace);

	p->under_way[i] = p->under_way[--p->count];
	o.word = r.status == 200   ? PACE_SUCCESS
	         : r.status == 500 ? PACE_FAILED
	                           : PACE_REFUSED;
	pace_end(&p->pace, p->now, &o);
	p->out->done += r.status == 200;
	p->out->failures += r.status == 500;
	p->out->refusals += o.word == PACE_REFUSED;
	if (r.status != 200)
		p->out->faster |= pace_rate(&p->pace) > before;
	p->now += p->s->work;
}

/* Takes every answer that is there. */
static void finish_all(struct play *p)
{
	size_t i = 0;

	judge_until(p, p->now);
	while (i < p->count)
		if (p->under_way[i].judged && p->under_way[i].answers <= p->now)
			finish(p, i);
		else
			i++;
}

/* When something happens next. */
static int64_t next_event(struct play *p, int64_t when)
{
	int64_t next = when;
	size_t i;

	for (i = 0; i < p->count; i++) {
		struct request *r = &p->under_way[i];
		int64_t at = r->judged ? r->answers : r->arrives;

		if (at < next)
			next = at;
	}
	return next;
}

static int peak(const struct play *p)
{
	int n = p->out->started < PEAK ? p->out->started : PEAK;
	int i, from = 0, most = 0;

	for (i = 0; i < n; i++) {
		while (p->starts[i] - p->starts[from] >= SECOND)
			from++;
		if (i - from + 1 > most)
			most = i - from + 1;
	}
	return most;
}

void scene_run(const struct scene *s, struct scene_result *out)
{
	struct play *p = calloc(1, sizeof(*p));

	*out = (struct scene_result){ .least_gap = INT64_MAX };
	*p = (struct play){ .s = s, .out = out, .now = 0 };
	p->random = s->seed * UINT64_C(0x9e3779b97f4a7c15) | 1;
	pace_init(&p->pace, &s->options);
	while (out->done < s->pages && p->now < s->most) {
		int64_t when, next;

		finish_all(p);
		if (pace_stalled(&p->pace, p->now, &out->fault)) {
			out->stalled = true;
			break;
		}
		when = out->done + (int)p->count < s->pages
		               ? pace_when(&p->pace, p->now)
		               : INT64_MAX;
		if (when <= p->now) {
			start(p);
			continue;
		}
		next = next_event(p, when);
		if (next == INT64_MAX)
			break;
		if (next == when)
			next += (int64_t)(chance(p) * (double)s->slowness);
		p->now = next > p->now ? next : p->now + 1;
	}
	out->time = p->now;
	out->peak = peak(p);
	free(p);
}
