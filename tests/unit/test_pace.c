/*
 * base/net/pace.h: politeness, in virtual time. The first tests say the rules
 * one by one; the others play crawls against servers with limits of their own
 * (pace_scene.h) over several seeds.
 */

#include "base/net/pace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "pace_scene.h"

enum { SEEDS = 10 };

static const int64_t T0 = INT64_C(1700000000) * SECOND;

static void begin(struct pace *p, double rate, unsigned concurrency)
{
	const struct pace_options o = { .rate = rate,
		                        .concurrency = concurrency,
		                        .seed = 1 };

	pace_init(p, &o);
}

static void end(struct pace *p, enum pace_word word, int64_t started,
                int64_t now)
{
	const struct pace_outcome o = { .word = word, .started = started };

	pace_end(p, now, &o);
}

/* Starts and ends `count` requests one after the other, as fast as allowed. */
static int64_t one_by_one(struct pace *p, int64_t now, int count,
                          enum pace_word word)
{
	while (count--) {
		now = pace_when(p, now);
		pace_start(p, now);
		end(p, word, now, now + 1000);
		now += 1000;
	}
	return now;
}

static void one_a_second_and_two_at_once_unless_told(void **state)
{
	struct pace p;

	(void)state;
	begin(&p, 0, 0);
	assert_int_equal(pace_when(&p, T0), T0);
	pace_start(&p, T0);
	assert_int_equal(pace_when(&p, T0), T0 + SECOND);
	assert_int_equal(pace_when(&p, T0 + SECOND - 1), T0 + SECOND);
	pace_start(&p, T0 + SECOND);
	assert_int_equal(pace_when(&p, T0 + 5 * SECOND), INT64_MAX);
	assert_int_equal(pace_under_way(&p), 2);
	end(&p, PACE_SUCCESS, T0, T0 + 5 * SECOND);
	assert_int_equal(pace_when(&p, T0 + 5 * SECOND), T0 + 5 * SECOND);
	assert_int_equal(pace_under_way(&p), 1);
}

static void time_that_passed_is_not_saved_up(void **state)
{
	struct pace p;
	int64_t now = T0;
	int i;

	(void)state;
	begin(&p, 0, 100);
	pace_start(&p, now);
	now += 3600 * SECOND;
	for (i = 0; i < 10; i++) {
		assert_int_equal(pace_when(&p, now), now);
		pace_start(&p, now);
		assert_int_equal(pace_when(&p, now), now + SECOND);
		now += SECOND;
	}
}

/* 1000 a second, and the caller looks every 20 ms: 5 ms of it are made up. */
static void a_high_rate_catches_up_by_a_few_milliseconds(void **state)
{
	struct pace p;
	int64_t now;
	int started = 0;

	(void)state;
	begin(&p, 1000, 1000);
	now = one_by_one(&p, T0, 1000, PACE_SUCCESS);
	assert_true(pace_rate(&p) > 900);
	for (now += 20000; pace_when(&p, now) <= now; started++)
		pace_start(&p, now);
	assert_in_range(started, 5, 6);
}

static void it_begins_slowly_and_doubles_with_success(void **state)
{
	struct pace p;
	int64_t now;

	(void)state;
	begin(&p, 10000, 16);
	assert_true(pace_rate(&p) == 10);
	now = one_by_one(&p, T0, 24, PACE_SUCCESS);
	assert_true(pace_rate(&p) > 19 && pace_rate(&p) < 21);
	one_by_one(&p, now, 216, PACE_SUCCESS);
	/* One at a time it cannot use more than a thousand. */
	assert_true(pace_rate(&p) > 1000 && pace_rate(&p) < 1600);
}

static void a_rate_that_is_not_used_does_not_grow(void **state)
{
	struct pace p;
	int64_t now = T0;
	int i;

	(void)state;
	begin(&p, 10000, 16);
	for (i = 0; i < 1000; i++) {
		now += SECOND / 10;
		pace_start(&p, now);
		end(&p, PACE_SUCCESS, now, now + 1000);
	}
	assert_true(pace_rate(&p) < 16);
}

static void a_crawl_delay_raises_the_distance(void **state)
{
	struct pace p;

	(void)state;
	begin(&p, 100, 4);
	pace_start(&p, T0);
	assert_false(pace_crawl_delay(&p, 7 * SECOND));
	assert_int_equal(pace_when(&p, T0), T0 + 7 * SECOND);
	assert_true(pace_crawl_delay(&p, 600 * SECOND));
	assert_int_equal(pace_when(&p, T0), T0 + 60 * SECOND);
	assert_false(pace_crawl_delay(&p, SECOND / 1000));
	assert_int_equal(pace_when(&p, T0), T0 + SECOND / 10);
	assert_false(pace_crawl_delay(&p, 0));
	assert_int_equal(pace_when(&p, T0), T0 + SECOND / 10);

	/* Our own delay is longer. */
	begin(&p, 0.01, 4);
	pace_start(&p, T0);
	pace_crawl_delay(&p, 7 * SECOND);
	assert_int_equal(pace_when(&p, T0), T0 + 100 * SECOND);
}

static void refuse(struct pace *p, int64_t started, int64_t now,
                   int64_t retry_after)
{
	const struct pace_outcome o = { .word = PACE_REFUSED,
		                        .started = started,
		                        .retry_after = retry_after,
		                        .status = 429 };

	pace_end(p, now, &o);
}

static void a_refusal_waits_as_told_and_cuts_the_rate(void **state)
{
	struct pace p;
	int64_t now, until;
	double before;

	(void)state;
	begin(&p, 1000, 16);
	now = one_by_one(&p, T0, 100, PACE_SUCCESS);
	before = pace_rate(&p);
	now = pace_when(&p, now);
	pace_start(&p, now);
	refuse(&p, now, now + 1000, 3 * SECOND);
	until = pace_resting(&p, now + 1000);
	assert_in_range(until, now + 1000 + 3 * SECOND, now + 1000 + 3150000);
	assert_int_equal(pace_when(&p, now + 1000), until);
	assert_true(pace_rate(&p) < before / 2);
	assert_int_equal(pace_refusals(&p), 1);
	assert_int_equal(pace_resting(&p, until), 0);
}

static void a_burst_of_refusals_counts_once(void **state)
{
	int64_t started[16], now, until;
	struct pace p;
	double rate;
	int i;

	(void)state;
	begin(&p, 1000, 16);
	now = one_by_one(&p, T0, 200, PACE_SUCCESS);
	for (i = 0; i < 16; i++) {
		now = pace_when(&p, now);
		pace_start(&p, now);
		started[i] = now;
	}
	refuse(&p, started[0], now + 1000, SECOND);
	rate = pace_rate(&p);
	until = pace_resting(&p, now + 1000);
	for (i = 1; i < 15; i++)
		refuse(&p, started[i], now + 1000 + i, 0);
	assert_true(pace_rate(&p) == rate);
	assert_int_equal(pace_resting(&p, now + 2000), until);
	assert_int_equal(pace_refusals(&p), 15);

	/* What it asks for is kept all the same. */
	refuse(&p, started[15], now + 2000, 9 * SECOND);
	assert_true(pace_rate(&p) == rate);
	assert_true(pace_resting(&p, now + 2000) >= now + 2000 + 9 * SECOND);
}

static void waits_double_while_the_door_is_closed(void **state)
{
	int64_t now = T0, wait, least = SECOND / 2;
	struct pace p;
	double rate = 0;
	int i;

	(void)state;
	begin(&p, 100, 16);
	now = one_by_one(&p, T0, 50, PACE_SUCCESS);
	for (i = 0; i < 12; i++) {
		now = pace_when(&p, now);
		pace_start(&p, now);
		/* Not two at once, until one has come through. */
		assert_true(i == 0 || pace_when(&p, now) == INT64_MAX);
		refuse(&p, now, now + 1000, 0);
		wait = pace_resting(&p, now + 1000) - (now + 1000);
		assert_in_range(wait, least, 2 * least);
		assert_int_equal(pace_refused(&p), i + 1);
		/* That it is still closed says nothing new of the rate. */
		assert_true(i == 0 || pace_rate(&p) == rate);
		rate = pace_rate(&p);
		least = least < 60 * SECOND ? 2 * least : 60 * SECOND;
	}
	now = one_by_one(&p, pace_when(&p, now), 1, PACE_SUCCESS);
	assert_int_equal(pace_refused(&p), 0);
	now = pace_when(&p, now);
	pace_start(&p, now);
	refuse(&p, now, now + 1000, 0);
	assert_true(pace_resting(&p, now) <= now + 1000 + SECOND);
}

static void one_failure_is_the_page_three_are_the_server(void **state)
{
	struct pace p;
	int64_t now;
	double before;

	(void)state;
	begin(&p, 1000, 16);
	now = one_by_one(&p, T0, 100, PACE_SUCCESS);
	before = pace_rate(&p);
	now = one_by_one(&p, now, 2, PACE_FAILED);
	assert_true(pace_rate(&p) == before);
	assert_int_equal(pace_resting(&p, now), 0);
	now = one_by_one(&p, now, 1, PACE_FAILED);
	assert_true(pace_rate(&p) < 0.51 * before);
	assert_in_range(pace_resting(&p, now), now + SECOND / 2, now + SECOND);
	now = one_by_one(&p, now, 1, PACE_FAILED);
	assert_in_range(pace_resting(&p, now), now + SECOND, now + 2 * SECOND);
	now = one_by_one(&p, now, 3, PACE_FAILED);
	assert_in_range(pace_resting(&p, now), now + 8 * SECOND,
	                now + 16 * SECOND);
}

static void what_is_not_the_servers_fault_changes_nothing(void **state)
{
	struct pace p, was;
	int64_t now;

	(void)state;
	begin(&p, 1000, 16);
	now = one_by_one(&p, T0, 100, PACE_SUCCESS);
	now = pace_when(&p, now);
	pace_start(&p, now);
	was = p;
	end(&p, PACE_NEUTRAL, now, now + 1000);
	assert_int_equal(pace_under_way(&p), 0);
	was.under_way = 0;
	assert_memory_equal(&p, &was, sizeof(p));
}

static void latency_asks(struct pace *p, int64_t *now, int count,
                         int64_t latency)
{
	struct pace_outcome o = { .word = PACE_SUCCESS, .latency = latency };

	while (count--) {
		*now = pace_when(p, *now);
		pace_start(p, *now);
		o.started = *now;
		*now += latency;
		pace_end(p, *now, &o);
	}
}

static void a_tired_server_is_asked_more_slowly(void **state)
{
	struct pace p;
	int64_t now = T0;
	double before;

	(void)state;
	begin(&p, 1000, 16);
	latency_asks(&p, &now, 100, 20000);
	before = pace_rate(&p);
	latency_asks(&p, &now, 60, 400000);
	assert_true(pace_rate(&p) < before / 2);
	/* But not than one connection would ask in turn. */
	latency_asks(&p, &now, 500, 400000);
	assert_true(pace_rate(&p) >= 2.5);
	before = pace_rate(&p);
	latency_asks(&p, &now, 200, 20000);
	assert_true(pace_rate(&p) > 2 * before);
}

/* On a loopback, everything below 50 ms is weather. */
static void jitter_is_no_tiredness(void **state)
{
	struct pace p, q;
	int64_t now = T0;

	(void)state;
	begin(&p, 1000, 16);
	latency_asks(&p, &now, 100, 1000);
	q = p;
	latency_asks(&p, &now, 20, 20000);
	assert_true(pace_rate(&p) >= pace_rate(&q));
}

/* A robots.txt that comes at once does not make every page a slow one. */
static void one_quick_answer_is_no_measure(void **state)
{
	struct pace p;
	int64_t now = T0;
	int i;

	(void)state;
	begin(&p, 20, 16);
	latency_asks(&p, &now, 1, 1000);
	for (i = 0; i < 400; i++) {
		struct pace_outcome o = { .word = PACE_SUCCESS,
			                  .latency = 300000 };

		now = pace_when(&p, now);
		pace_start(&p, now);
		o.started = now;
		pace_end(&p, now + 100, &o);
	}
	assert_true(pace_rate(&p) > 19);
}

/* One that refuses every third, however slowly it is asked. */
static void it_is_not_driven_below_the_least(void **state)
{
	const struct pace_options o = { .rate = 100, .least = 2, .seed = 1 };
	struct pace p;
	int64_t now = T0;
	int i;

	(void)state;
	pace_init(&p, &o);
	for (i = 0; i < 100; i++) {
		now = one_by_one(&p, now, 2, PACE_SUCCESS);
		now = one_by_one(&p, now, 1, PACE_REFUSED);
		assert_true(pace_rate(&p) >= 2);
	}
	assert_true(pace_rate(&p) < 3);
	begin(&p, 100, 2);
	for (i = 0; i < 100; i++) {
		now = one_by_one(&p, now, 2, PACE_SUCCESS);
		now = one_by_one(&p, now, 1, PACE_REFUSED);
	}
	assert_true(pace_rate(&p) < 1);
}

static void it_gives_up_with_a_word(void **state)
{
	struct fault f = { 0 };
	struct pace p;
	int64_t now = T0;
	int i;

	(void)state;
	begin(&p, 0, 0);
	now = one_by_one(&p, T0, 3, PACE_SUCCESS);
	assert_false(pace_stalled(&p, now + 3600 * SECOND, &f));
	for (i = 0; !pace_stalled(&p, now, &f); i++) {
		assert_true(i < 100);
		now = pace_when(&p, now);
		pace_start(&p, now);
		pace_end(&p, now + 1000,
		         &(struct pace_outcome){ .word = PACE_REFUSED,
		                                 .started = now,
		                                 .status = 503 });
		now += 1000;
	}
	assert_in_range(now, T0 + 600 * SECOND, T0 + 800 * SECOND);
	assert_in_range(i, 8, 20);
	assert_int_equal(f.kind, FAULT_LATER);
	assert_string_equal(f.text, "gave up on it: no success for 10 minutes "
	                            "(last: 503); try again later");
	now = one_by_one(&p, now, 1, PACE_SUCCESS);
	assert_false(pace_stalled(&p, now, &f));
}

static void a_wait_too_long_is_not_waited(void **state)
{
	struct fault f;
	struct pace p;

	(void)state;
	begin(&p, 0, 0);
	pace_start(&p, T0);
	refuse(&p, T0, T0 + 1000, 7200 * SECOND);
	assert_true(pace_stalled(&p, T0 + 1000, &f));
	assert_int_equal(f.kind, FAULT_LATER);
	assert_string_equal(f.text, "it asks to be left alone for 2 hours; "
	                            "try again then");

	begin(&p, 0, 0);
	pace_rest(&p, T0, 30 * SECOND);
	assert_int_equal(pace_when(&p, T0), T0 + 30 * SECOND);
	assert_false(pace_stalled(&p, T0, &f));
	pace_rest(&p, T0, 5 * SECOND);
	assert_int_equal(pace_when(&p, T0), T0 + 30 * SECOND);
	pace_rest(&p, T0, 700 * SECOND);
	assert_true(pace_stalled(&p, T0, &f));
}

static void load(struct pace *p, const char *line, int64_t now)
{
	begin(p, 1000, 16);
	pace_load(p, slice_of(line), now);
}

/* Killed at any instant: the distance and the back-off are kept. */
static void state_survives(void **state)
{
	struct buf line = BUF_INIT(1000);
	struct pace p, q;
	int64_t now, until;

	(void)state;
	begin(&p, 1000, 16);
	now = one_by_one(&p, T0, 100, PACE_SUCCESS);
	now = pace_when(&p, now);
	pace_start(&p, now);
	refuse(&p, now, now + 1000, 40 * SECOND);
	pace_save(&p, &line);
	until = pace_resting(&p, now + 1000);

	load(&q, buf_string(&line), now + 2 * SECOND);
	assert_int_equal(pace_under_way(&q), 0);
	assert_int_equal(pace_when(&q, now + 2 * SECOND), until);
	assert_true(pace_rate(&q) <= pace_rate(&p));
	/* It climbs to what the server was found to bear, and no further. */
	now = one_by_one(&q, until, 100, PACE_SUCCESS);
	assert_true(pace_rate(&q) < p.ceiling);
	assert_true(pace_rate(&q) > 0.9 * p.ceiling);

	/* The line may be older than the last start. */
	load(&q, buf_string(&line), until + SECOND);
	assert_true(pace_when(&q, until + SECOND) >=
	            until + SECOND + (int64_t)(SECOND / pace_rate(&q)) - 1);

	/* A day later it is only history. */
	load(&q, buf_string(&line), now + 86400 * SECOND);
	now = one_by_one(&q, now + 86400 * SECOND, 200, PACE_SUCCESS);
	assert_true(pace_rate(&q) > 2 * p.ceiling);
	buf_release(&line);
}

static void a_line_that_is_none_is_as_none(void **state)
{
	static const char *const lines[] = {
		"",
		"pace",
		"pace 1",
		"pace 2 1000 0 0 0 0 0 0 0 0 0",
		"pace 1 0 0 0 0 0 0 0 0 0 0",
		"pace 1 1000 0 0 0 0 0 0 0 0",
		"pace 1 1000 0 0 0 0 0 0 0 0 0 0",
		"pace 1 1000 0 0 0 -5 0 0 0 0 0",
		"pace 1 1000 0 0 x 0 0 0 0 0 0",
		"pace 1 99999999999999999999 0 0 0 0 0 0 0 0 0",
		"pace 1 1000  0 0 0 0 0 0 0 0 0",
	};
	struct pace p, none;
	size_t i;

	(void)state;
	begin(&none, 1000, 16);
	for (i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		load(&p, lines[i], T0);
		if (pace_when(&p, T0) != T0 ||
		    pace_rate(&p) != pace_rate(&none))
			fail_msg("'%s' was understood", lines[i]);
	}
	/* From a clock that went wrong: a day at most. */
	load(&p, "pace 1 5000 0 0 0 2000000000000000000 0 0 0 0 0", T0);
	assert_int_equal(pace_when(&p, T0), T0 + 86400 * SECOND);
}

static void retry_after_in_all_forms(void **state)
{
	/* 1994-11-06 08:49:00 UTC */
	static const int64_t now = INT64_C(784111740000);
	static const struct {
		const char *value;
		int64_t seconds;
	} cases[] = {
		{ "120", 120 },
		{ " 7\t", 7 },
		{ "0", 0 },
		{ "00", 0 },
		{ "86400", 86400 },
		{ "86401", 86400 },
		{ "99999999999999999999999999", 86400 },
		{ "-5", 0 },
		{ "+5", 0 },
		{ "1.5", 0 },
		{ "5s", 0 },
		{ "5, 6", 0 },
		{ "", 0 },
		{ "soon", 0 },
		{ "Sun, 06 Nov 1994 08:49:37 GMT", 37 },
		{ "Sunday, 06-Nov-94 08:49:37 GMT", 37 },
		{ "Sun Nov  6 08:49:37 1994", 37 },
		{ "Sun, 06 Nov 1994 08:48:59 GMT", 0 },
		{ "Sun, 06 Nov 1994 08:49:00 GMT", 0 },
		{ "Sun, 06 Nov 2094 08:49:37 GMT", 86400 },
		{ "Monday, 07-Nov-94 08:49:00 GMT", 86400 },
		{ "Sunday, 06-Nov-44 08:49:37 GMT", 86400 },
		{ "Sunday, 06-Nov-45 08:49:37 GMT", 0 },
		{ "Sun, 06 November 1994 08:49:37 GMT", 0 },
		{ "Sun, 31 Feb 1995 08:49:37 GMT", 0 },
		{ "Sun, 06 Nov 1994 25:49:37 GMT", 0 },
		{ "Sun, 06 Nov 199999 08:49:37 GMT", 0 },
		{ "Sun, 06 Nov 1994 8:49 GMT", 0 },
		{ ", , , , , , , , , ", 0 },
	};
	char longest[4000];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int64_t got = pace_retry_after(slice_of(cases[i].value), now);

		if (got != cases[i].seconds * SECOND)
			fail_msg("'%s': %lld", cases[i].value, (long long)got);
	}
	memset(longest, 'a', sizeof(longest));
	assert_int_equal(pace_retry_after((struct slice){ longest, 4000 }, now),
	                 0);
}

static const struct scene plain = {
	.options = { .rate = 1000, .concurrency = 16 },
	.pages = 1500,
	.latency = 1500,
	.slowness = 1000,
	.work = 300,
	.limit = SERVER_BUCKET,
	.status = 429,
	.rate = 50,
	.burst = 10,
	.most = 3600 * SECOND,
};

/* Plays it with each seed; refusals and seconds are bounded, and what may
 * never be, is not. */
static void play(const char *name, struct scene s, int refusals, double seconds)
{
	struct scene_result r;
	uint64_t seed;

	for (seed = 1; seed <= SEEDS; seed++) {
		s.seed = seed;
		s.options.seed = seed * 7;
		scene_run(&s, &r);
		if (r.done != s.pages || r.refusals > refusals ||
		    (double)r.time / 1e6 > seconds)
			fail_msg("%s, seed %d: %d pages, %d refusals, %.1f s",
			         name, (int)seed, r.done, r.refusals,
			         (double)r.time / 1e6);
		assert_false(r.stalled);
		assert_false(r.early);
		assert_false(r.faster);
		assert_true(r.under_way <= s.options.concurrency);
	}
}

static void fifty_a_second_asked_at_a_thousand(void **state)
{
	static const int64_t latencies[] = { 500,   1500,  5000,
		                             20000, 50000, 100000 };
	static const struct {
		const char *name;
		enum scene_retry retry;
		int status;
	} ways[] = {
		{ "Retry-After: 1", RETRY_SECOND, 429 },
		{ "no Retry-After", RETRY_NONE, 429 },
		{ "a date", RETRY_DATE, 429 },
		{ "Retry-After: 0", RETRY_ZERO, 429 },
		{ "503", RETRY_SECOND, 503 },
	};
	struct scene s = plain;
	size_t i, j;

	(void)state;
	for (i = 0; i < 5; i++)
		for (j = 0; j < 6; j++) {
			s.retry = ways[i].retry;
			s.status = ways[i].status;
			s.latency = latencies[j];
			play(ways[i].name, s, 6, 40);
		}
	/* Far away, what is under way is more. */
	s.latency = 200000;
	play("far away", s, 10, 45);
	/* A busy machine wakes up late. */
	s = plain;
	s.slowness = 20000;
	play("a busy machine", s, 6, 43);
}

static void other_limits(void **state)
{
	static const struct {
		double rate, burst;
		int pages, refusals;
		double seconds;
	} limits[] = {
		{ 2, 10, 600, 8, 400 },      { 5, 10, 1500, 8, 400 },
		{ 20, 10, 1500, 4, 100 },    { 200, 10, 12000, 4, 90 },
		{ 500, 10, 30000, 4, 90 },   { 20, 40, 1500, 5, 90 },
		{ 200, 400, 12000, 10, 80 }, { 5, 0, 600, 9, 300 },
		{ 100, 0, 6000, 6, 300 },
	};
	struct scene s = plain;
	char name[64];
	size_t i;

	(void)state;
	s.retry = RETRY_NONE;
	for (i = 0; i < sizeof(limits) / sizeof(*limits); i++) {
		snprintf(name, sizeof(name), "%g a second, burst %g",
		         limits[i].rate, limits[i].burst);
		s.rate = limits[i].rate;
		s.burst = limits[i].burst;
		s.pages = limits[i].pages;
		play(name, s, limits[i].refusals, limits[i].seconds);
	}
}

static void a_limit_that_changes(void **state)
{
	struct scene s = plain;

	(void)state;
	s.changes = 60 * SECOND;
	s.rate_then = 10;
	s.pages = 5000;
	play("50, then 10", s, 10, 400);
	s.rate_then = 200;
	s.pages = 20000;
	play("50, then 200", s, 8, 300);
}

static void a_limit_by_the_window(void **state)
{
	struct scene s = plain;

	(void)state;
	s.limit = SERVER_WINDOW;
	s.pages = 1000;
	s.window = 10 * SECOND;
	s.window_most = 100;
	s.retry = RETRY_WINDOW;
	play("100 in 10 s", s, 6, 150);
	s.retry = RETRY_NONE;
	play("100 in 10 s, and no word", s, 12, 170);
}

static void for_an_hour(void **state)
{
	struct scene s = plain;

	(void)state;
	s.pages = 144000; /* 48 minutes at best */
	play("50 a second for an hour", s, 12, 3300);
}

static void a_server_without_limits_is_not_kept_waiting(void **state)
{
	struct scene s = plain;

	(void)state;
	s.limit = SERVER_OPEN;
	s.options.rate = 10000;
	s.pages = 20000;
	s.work = 0;
	play("fast", s, 0, 8);
	s.latency = 50000; /* 16 at once: 320 a second */
	play("far", s, 0, 75);
	s.latency = 20000;
	s.work = 500; /* the client can do 2000 a second */
	play("a busy client", s, 0, 30);
}

static void a_server_that_tires(void **state)
{
	struct scene s = plain;

	(void)state;
	s.limit = SERVER_OPEN;
	s.service = 20000; /* 50 a second, and a queue */
	play("20 ms each", s, 0, 50);
	s.service = 200000;
	s.pages = 300;
	play("200 ms each", s, 0, 90);
}

static void a_server_that_is_down_for_a_minute(void **state)
{
	struct scene_result r;
	struct scene s = plain;

	(void)state;
	s.limit = SERVER_OPEN;
	s.pages = 3000;
	s.down_from = 5 * SECOND;
	s.down_to = 65 * SECOND;
	play("down", s, 0, 150);
	scene_run(&s, &r);
	assert_in_range(r.failures, 3, 30);

	/* For ever: it is given up. */
	s.down_to = INT64_MAX;
	scene_run(&s, &r);
	assert_true(r.stalled);
	assert_int_equal(r.fault.kind, FAULT_LATER);
	assert_in_range(r.time, 600 * SECOND, 1000 * SECOND);
	assert_in_range(r.failures, 3, 30);
}

static void the_default_is_kept_to_the_microsecond(void **state)
{
	struct scene s = plain;
	struct scene_result r;

	(void)state;
	s.options = (struct pace_options){ .seed = 3 };
	s.limit = SERVER_OPEN;
	s.pages = 300;
	scene_run(&s, &r);
	assert_int_equal(r.done, 300);
	assert_true(r.least_gap >= SECOND);
	assert_true(r.under_way <= 2);
	assert_true(r.time < 301 * SECOND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_a_second_and_two_at_once_unless_told),
		cmocka_unit_test(time_that_passed_is_not_saved_up),
		cmocka_unit_test(a_high_rate_catches_up_by_a_few_milliseconds),
		cmocka_unit_test(it_begins_slowly_and_doubles_with_success),
		cmocka_unit_test(a_rate_that_is_not_used_does_not_grow),
		cmocka_unit_test(a_crawl_delay_raises_the_distance),
		cmocka_unit_test(a_refusal_waits_as_told_and_cuts_the_rate),
		cmocka_unit_test(a_burst_of_refusals_counts_once),
		cmocka_unit_test(waits_double_while_the_door_is_closed),
		cmocka_unit_test(one_failure_is_the_page_three_are_the_server),
		cmocka_unit_test(what_is_not_the_servers_fault_changes_nothing),
		cmocka_unit_test(a_tired_server_is_asked_more_slowly),
		cmocka_unit_test(jitter_is_no_tiredness),
		cmocka_unit_test(one_quick_answer_is_no_measure),
		cmocka_unit_test(it_is_not_driven_below_the_least),
		cmocka_unit_test(it_gives_up_with_a_word),
		cmocka_unit_test(a_wait_too_long_is_not_waited),
		cmocka_unit_test(state_survives),
		cmocka_unit_test(a_line_that_is_none_is_as_none),
		cmocka_unit_test(retry_after_in_all_forms),
		cmocka_unit_test(fifty_a_second_asked_at_a_thousand),
		cmocka_unit_test(other_limits),
		cmocka_unit_test(a_limit_that_changes),
		cmocka_unit_test(a_limit_by_the_window),
		cmocka_unit_test(for_an_hour),
		cmocka_unit_test(a_server_without_limits_is_not_kept_waiting),
		cmocka_unit_test(a_server_that_tires),
		cmocka_unit_test(a_server_that_is_down_for_a_minute),
		cmocka_unit_test(the_default_is_kept_to_the_microsecond),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
