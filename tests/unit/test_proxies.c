/* proxies.h: rotation, caps, quarantine and restarts. */

#include "proxies_fixture.h"

/* Rotation. */

static void round_robin_takes_turns(void **state)
{
	struct proxies_options o = { .rotation = PROXIES_ROUND_ROBIN };
	struct proxies *p = pool_of(three, &o);
	int64_t now = epoch;
	size_t i;

	(void)state;
	for (i = 0; i < 30; i++, now += second) {
		assert_int_equal(pick(p, now), i % 3);
		assert_int_equal(pick(p, now), i % 3); /* chooses only */
		once(p, i % 3, now, status(200));
	}
	proxies_free(p);
}

static void least_used_does_not_flood_who_comes_back(void **state)
{
	struct proxies_options o = { .rotation = PROXIES_LEAST_USED };
	struct proxies *p = pool_of(three, &o);
	int64_t now = epoch, when;
	int i, third = 0;

	(void)state;
	assert_int_equal(once(p, 2, now, trouble(HTTP_PROXY_DEAD)),
	                 BLAME_PROXY);
	for (i = 0; i < 100; i++, now += 10 * ms)
		once(p, proxies_pick(p, now, 0, &when), now, status(200));
	now += minute;
	for (i = 0; i < 31; i++, now += second) {
		size_t one = pick(p, now);

		third += one == 2;
		once(p, one, now, status(200));
	}
	assert_in_range(third, 9, 12);
	proxies_free(p);
}

static void a_session_sticks_to_its_proxy(void **state)
{
	struct proxies_options o = { .rotation = PROXIES_STICKY, .seed = 3 };
	struct proxies *p = pool_of(three, &o);
	size_t first[50], seen[3] = { 0 }, moved;
	int64_t now = epoch, when;
	uint64_t s;
	int i;

	(void)state;
	for (s = 0; s < 50; s++) {
		first[s] = proxies_pick(p, now, s + 1, &when);
		seen[first[s]]++;
	}
	assert_true(seen[0] > 5 && seen[1] > 5 && seen[2] > 5);
	for (i = 0; i < 20; i++, now += second)
		for (s = 0; s < 50; s++) {
			size_t one = proxies_pick(p, now, s + 1, &when);

			assert_int_equal(one, first[s]);
			once(p, one, now, status(200));
		}
	once(p, first[0], now, trouble(HTTP_PROXY_DEAD));
	now += second;
	moved = proxies_pick(p, now, 1, &when);
	assert_int_not_equal(moved, first[0]);
	for (s = 1; s < 50; s++)
		if (first[s] != first[0])
			assert_int_equal(proxies_pick(p, now, s + 1, &when),
			                 first[s]);
	/* the first one comes back, and the session stays where it is */
	now += minute;
	once(p, first[0], now, status(200));
	assert_int_equal(state_of(p, first[0], now).health, PROXY_HEALTHY);
	assert_int_equal(proxies_pick(p, now + second, 1, &when), moved);
	proxies_free(p);
}

static void a_session_waits_for_its_own_proxy(void **state)
{
	struct proxies_options o = { .rotation = PROXIES_STICKY, .rate = 1 };
	struct proxies *p = pool_of(three, &o);
	int64_t when;
	size_t i = proxies_pick(p, epoch, 9, &when);

	(void)state;
	once(p, i, epoch, status(200));
	assert_int_equal(proxies_pick(p, epoch + 100 * ms, 9, &when), SIZE_MAX);
	assert_int_equal(when, epoch + second);
	assert_int_equal(proxies_pick(p, epoch + second, 9, &when), i);
	proxies_free(p);
}

static void uses_send_to_rest(void **state)
{
	struct proxies_options o = { .uses = 5, .seed = 1 };
	struct proxies *p = pool_of("http://a:1\nhttp://b:2\n", &o);
	int64_t now = epoch;
	int i, first = 0;

	(void)state;
	for (i = 0; i < 5; i++)
		once(p, 0, now, status(200));
	for (i = 0; i < 4; i++, now += second) {
		assert_int_equal(pick(p, now), 1);
		once(p, 1, now, status(200));
	}
	/* both would rest: rather than stop, the rest is void */
	once(p, 1, now, status(200));
	assert_int_not_equal(pick(p, now + second), SIZE_MAX);
	now += 2 * minute;
	for (i = 0; i < 4; i++, now += second) {
		size_t one = pick(p, now);

		first += one == 0;
		once(p, one, now, status(200));
	}
	assert_int_equal(first, 2);
	proxies_free(p);
}

/* Caps. */

static uint64_t next_random(uint64_t *x)
{
	*x ^= *x << 13;
	*x ^= *x >> 7;
	*x ^= *x << 17;
	return *x;
}

static const enum http_trouble some_troubles[] = {
	HTTP_FINE,         HTTP_FINE,        HTTP_FINE,          HTTP_FINE,
	HTTP_FINE,         HTTP_FINE,        HTTP_NO_HOST,       HTTP_TLS,
	HTTP_TIMEOUT,      HTTP_CUT,         HTTP_BROKEN,        HTTP_LIMIT,
	HTTP_PROXY_DEAD,   HTTP_PROXY_LOGIN, HTTP_PROXY_REFUSED, HTTP_FORBIDDEN,
	HTTP_NO_CONNECTION
};
static const int some_statuses[] = { 200, 200, 200, 304, 404, 403,
	                             407, 429, 500, 503, 200 };

static struct http_reply some_reply(uint64_t *random)
{
	struct http_reply r = { .id = next_random(random) % 50 };
	uint64_t n = sizeof(some_troubles) / sizeof(*some_troubles);

	r.trouble = some_troubles[next_random(random) % n];
	n = sizeof(some_statuses) / sizeof(*some_statuses);
	if (r.trouble == HTTP_FINE)
		r.status = some_statuses[next_random(random) % n];
	r.waited = (int64_t)(next_random(random) % 30000);
	return r;
}

/* Whatever happens: no cap is passed, a proxy in quarantine starts nothing,
 * one being probed starts one thing, and a time to wait for is to come. */
static void caps_hold_whatever_happens(void **state)
{
	struct proxies_options o = { .rate = 4,
		                     .connections = 3,
		                     .slow = second };
	uint64_t random = 88172645463325252u, picks = 0;
	int rotation, i;

	(void)state;
	for (rotation = 0; rotation <= PROXIES_STICKY; rotation++) {
		struct {
			int64_t started;
			size_t proxy;
		} way[16];
		int64_t now = epoch, last[3] = { 0 }, when;
		size_t count = 0, under[3] = { 0 };
		struct proxies *p;

		o.rotation = (enum proxies_rotation)rotation;
		p = pool_of(three, &o);
		for (i = 0; i < 50000; i++) {
			uint64_t session = next_random(&random) % 5;
			struct proxies_state before;
			struct http_reply r;
			size_t one;

			now += (int64_t)(next_random(&random) % 200000);
			if (next_random(&random) % 100 == 0)
				now += 86400 * second; /* 407 lasts a day */
			if (count &&
			    (count == 16 || next_random(&random) % 2)) {
				size_t at = next_random(&random) % count;

				r = some_reply(&random);
				one = way[at].proxy;
				under[one]--;
				proxies_end(p, one, now, way[at].started, &r);
				way[at] = way[--count];
				assert_int_equal(
				        state_of(p, one, now).under_way,
				        under[one]);
				continue;
			}
			one = proxies_pick(p, now, session, &when);
			if (one == SIZE_MAX) {
				assert_true(when > now);
				assert_true(when < INT64_MAX || count > 0);
				continue;
			}
			picks++;
			before = state_of(p, one, now);
			assert_int_not_equal(before.health, PROXY_QUARANTINED);
			assert_true(now - last[one] >= second / 4);
			assert_true(under[one] < 3);
			proxies_start(p, one, now);
			last[one] = now;
			under[one]++;
			way[count].started = now;
			way[count++].proxy = one;
			if (before.health == PROXY_PROBING) {
				int64_t later = now + minute;
				size_t j = proxies_pick(p, later, 0, &when);

				assert_int_not_equal(j, one);
			}
		}
		proxies_free(p);
	}
	assert_true(picks > 10000);
}

static void a_cap_says_when(void **state)
{
	struct proxies_options o = { .rate = 0.5, .connections = 1 };
	struct proxies *p = pool_of("http://a:1\n", &o);
	struct http_reply r = status(200);
	int64_t when;

	(void)state;
	proxies_start(p, 0, epoch);
	assert_int_equal(proxies_pick(p, epoch + 9 * second, 0, &when),
	                 SIZE_MAX);
	assert_int_equal(when, INT64_MAX);
	proxies_end(p, 0, epoch + second, epoch, &r);
	assert_int_equal(proxies_pick(p, epoch + second, 0, &when), SIZE_MAX);
	assert_int_equal(when, epoch + 2 * second);
	assert_int_equal(proxies_pick(p, when, 0, &when), 0);
	proxies_free(p);
}

/* Quarantine. */

static void a_probe_is_one_request(void **state)
{
	struct proxies_options o = { 0 };
	struct proxies *p = pool_of("http://a:1\n", &o);
	struct http_reply ok = status(200), dead = trouble(HTTP_PROXY_DEAD);
	int64_t when, t = epoch;

	(void)state;
	assert_int_equal(once(p, 0, t, dead), BLAME_PROXY);
	assert_int_equal(proxies_pick(p, t + second, 0, &when), SIZE_MAX);
	assert_int_equal(when, t + 50 * ms + 5 * second);
	t = when;
	assert_int_equal(state_of(p, 0, t).health, PROXY_PROBING);
	assert_int_equal(pick(p, t), 0);
	proxies_start(p, 0, t);
	assert_int_equal(proxies_pick(p, t + second, 0, &when), SIZE_MAX);
	assert_int_equal(when, INT64_MAX);
	/* it fails: twice as long */
	proxies_end(p, 0, t + second, t, &dead);
	assert_int_equal(state_of(p, 0, t + second).until, t + 11 * second);
	t += 11 * second;
	proxies_start(p, 0, t);
	proxies_end(p, 0, t + second, t, &ok);
	assert_int_equal(state_of(p, 0, t).health, PROXY_HEALTHY);
	proxies_start(p, 0, t + second);
	assert_int_equal(pick(p, t + second), 0); /* and more at once */
	proxies_free(p);
}

static void ladders_double_to_their_ends(void **state)
{
	static const struct {
		enum http_trouble t;
		int status;
		int64_t first, most;
	} rungs[] = {
		{ HTTP_PROXY_DEAD, 0, 5, 600 },
		{ HTTP_PROXY_REFUSED, 0, 10, 600 },
		{ HTTP_PROXY_LOGIN, 0, 86400, 86400 },
		{ HTTP_FINE, 429, 30, 1800 },
		{ HTTP_FINE, 403, 60, 3600 },
	};
	struct proxies_options o = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rungs) / sizeof(*rungs); i++) {
		struct proxies *p = pool_of(three, &o);
		struct http_reply r = { .trouble = rungs[i].t,
			                .status = rungs[i].status };
		int64_t t = epoch, wait = rungs[i].first * second;
		int k;

		once(p, 0, t, status(200));
		for (k = 0; state_of(p, 1, t).health == PROXY_HEALTHY; k++)
			assert_int_equal(once(p, 1, t, r), BLAME_PROXY);
		assert_in_range(k, 1, 2);
		for (k = 0; k < 60; k++) {
			int64_t until = state_of(p, 1, t).until;

			assert_int_equal(until - t - 50 * ms, wait);
			if (wait < rungs[i].most * second)
				wait *= 2;
			if (wait > rungs[i].most * second)
				wait = rungs[i].most * second;
			t = until;
			once(p, 0, t, status(200));
			assert_int_equal(once(p, 1, t, r), BLAME_PROXY);
		}
		proxies_free(p);
	}
}

static void ten_successes_forget_the_past(void **state)
{
	struct proxies_options o = { 0 };
	struct proxies *p = pool_of("http://a:1\n", &o);
	int64_t t = epoch;
	int i, successes;

	(void)state;
	for (successes = 9; successes <= 10; successes++) {
		once(p, 0, t, trouble(HTTP_PROXY_DEAD));
		t = state_of(p, 0, t).until;
		for (i = 0; i < successes; i++, t += second)
			once(p, 0, t, status(200));
		once(p, 0, t, trouble(HTTP_PROXY_DEAD));
		assert_int_equal(state_of(p, 0, t).until - t - 50 * ms,
		                 (successes == 9 ? 10 : 5) * second);
		t = state_of(p, 0, t).until;
		for (i = 0; i < 10; i++, t += second)
			once(p, 0, t, status(200));
	}
	proxies_free(p);
}

static void what_was_under_way_counts_once(void **state)
{
	struct proxies_options o = { 0 };
	struct proxies *p = pool_of(three, &o);
	struct http_reply dead = trouble(HTTP_PROXY_DEAD), ok = status(200);
	int i;

	(void)state;
	for (i = 0; i < 8; i++)
		proxies_start(p, 0, epoch + i);
	for (i = 0; i < 7; i++)
		assert_int_equal(
		        proxies_end(p, 0, epoch + second, epoch + i, &dead),
		        BLAME_PROXY);
	assert_int_equal(state_of(p, 0, epoch).until, epoch + 6 * second);
	/* nor does a late success end the quarantine */
	assert_int_equal(proxies_end(p, 0, epoch + second, epoch + 7, &ok),
	                 BLAME_NOBODY);
	assert_int_equal(state_of(p, 0, epoch + second).health,
	                 PROXY_QUARANTINED);
	proxies_free(p);
}

static void retry_after_lengthens_a_quarantine(void **state)
{
	static const struct http_header after[] = { { { "retry-after", 11 },
		                                      { "90", 2 } } };
	struct http_reply r = { .status = 429,
		                .headers = after,
		                .header_count = 1 };
	struct proxies_options o = { 0 };
	struct proxies *p = pool_of(three, &o);

	(void)state;
	once(p, 0, epoch, status(200));
	assert_int_equal(once(p, 1, epoch, r), BLAME_PROXY);
	assert_int_equal(state_of(p, 1, epoch).until,
	                 epoch + 50 * ms + 90 * second);
	assert_string_equal(state_of(p, 1, epoch).why, "429");
	proxies_free(p);
}

/* Every second request fails: no two in a row, and still no use. */
static void one_that_fails_now_and_then_is_found_out(void **state)
{
	struct proxies_options o = { 0 };
	struct proxies *p = pool_of(three, &o);
	int64_t t = epoch;
	int i;

	(void)state;
	for (i = 0; i < 40; i++, t += second) {
		once(p, 0, t, status(200));
		if (state_of(p, 1, t).health != PROXY_HEALTHY)
			break;
		once(p, 1, t, i % 2 ? trouble(HTTP_CUT) : status(200));
	}
	assert_in_range(i, 4, 20);
	proxies_free(p);
}

static void all_are_slow_when_the_site_is(void **state)
{
	struct proxies_options o = { 0 };
	struct proxies *p = pool_of(three, &o);
	struct http_reply slow = status(200);
	size_t i;

	(void)state;
	slow.waited = 15000;
	for (i = 0; i < 30; i++)
		once(p, i % 3, epoch + (int64_t)i * minute, slow);
	for (i = 0; i < 3; i++)
		assert_int_equal(state_of(p, i, epoch).health, PROXY_HEALTHY);
	assert_in_range(state_of(p, 0, epoch).latency, 14 * second,
	                15 * second);
	proxies_free(p);
}

static void all_down_says_until_when(void **state)
{
	struct proxies_options o = { 0 };
	struct proxies *p = pool_of(three, &o);
	int64_t until = 0, when;
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		assert_false(proxies_all_down(p, epoch, &until));
		once(p, i, epoch + (int64_t)i * ms, trouble(HTTP_PROXY_DEAD));
	}
	assert_true(proxies_all_down(p, epoch + second, &until));
	assert_int_equal(until, epoch + 50 * ms + 5 * second);
	assert_int_equal(proxies_pick(p, epoch + second, 0, &when), SIZE_MAX);
	assert_int_equal(when, until);
	assert_false(proxies_all_down(p, until, &when));
	assert_int_equal(pick(p, until), 0);
	proxies_free(p);
}

/* Restarts. */

static void health_survives_a_restart(void **state)
{
	static const char text[] = "http://u:hunter2@a:1\nhttp://b:2\n"
	                           "http://v:hunter3@a:1\nhttp://d:4\n";
	struct proxies_options o = { 0 };
	struct proxies *p = pool_of(text, &o), *q = pool_of(text, &o);
	struct buf saved = BUF_INIT(1 << 20);
	int64_t t = epoch + second;
	size_t i;

	(void)state;
	once(p, 2, epoch, status(200));
	once(p, 0, epoch, status(429));
	once(p, 1, epoch, trouble(HTTP_PROXY_LOGIN));
	once(p, 3, epoch, trouble(HTTP_PROXY_DEAD));
	proxies_save(p, &saved);
	assert_null(strstr(buf_string(&saved), "hunter"));
	proxies_load(q, buf_slice(&saved), t);
	for (i = 0; i < 4; i++) {
		struct proxies_state a = state_of(p, i, t);
		struct proxies_state b = state_of(q, i, t);

		assert_int_equal(a.started, b.started);
		assert_int_equal(a.succeeded, b.succeeded);
		assert_int_equal(a.failed, b.failed);
		assert_int_equal(a.latency, b.latency);
	}
	assert_int_equal(state_of(q, 0, t).until, state_of(p, 0, t).until);
	assert_string_equal(state_of(q, 0, t).why, "429");
	/* the password may be right now, and the dead one be repaired */
	assert_int_equal(state_of(q, 1, t).health, PROXY_HEALTHY);
	assert_int_equal(state_of(q, 3, t).health, PROXY_PROBING);
	/* the ladder goes on where it was */
	once(q, 3, t, trouble(HTTP_PROXY_DEAD));
	assert_int_equal(state_of(q, 3, t).until, t + 50 * ms + 10 * second);
	buf_release(&saved);
	proxies_free(p);
	proxies_free(q);
}

static void a_quarantine_that_ended_meanwhile_is_probed(void **state)
{
	struct proxies_options o = { 0 };
	struct proxies *p = pool_of("http://a:1\n", &o);
	int64_t when;

	(void)state;
	proxies_load(p, SLICE("a:1 dead 5 1 1 0 1 0\n"), epoch);
	assert_int_equal(state_of(p, 0, epoch).health, PROXY_PROBING);
	assert_int_equal(pick(p, epoch), 0);
	proxies_start(p, 0, epoch);
	assert_int_equal(proxies_pick(p, epoch, 0, &when), SIZE_MAX);
	assert_int_equal(proxies_end(p, 0, epoch, epoch,
	                             &(struct http_reply){ .status = 200 }),
	                 BLAME_NOBODY);
	assert_int_equal(state_of(p, 0, epoch).health, PROXY_HEALTHY);
	proxies_free(p);
}

static void nonsense_is_not_loaded(void **state)
{
	static const char *const lines[] = {
		"",
		"\n\n",
		"a:1",
		"a:1 dead",
		"b:1 dead 5 1 1 0 1 0",
		"a:1 gone 5 1 -1 0 1 0",
		"a:1 dead x 1 1 0 1 0",
		"a:1 dead 5 1 1 0 1 0 9",
		"a:1 dead 5 0 0 0 0 0",
		"a:1 dead 5 1000 0 0 0 0",
		"a:1 407 9000000000000000000 1 0 0 0 0",
		"a:1 dead 5 1 9223372036854775807 0 1 0",
	};
	struct proxies_options o = { 0 };
	struct proxies *p = pool_of("http://a:1\n", &o);
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		proxies_load(p, slice_of(lines[i]), epoch);
		assert_int_equal(state_of(p, 0, epoch).health, PROXY_HEALTHY);
		assert_int_equal(state_of(p, 0, epoch).started, 0);
	}
	/* a clock that was wrong does not keep a proxy away for years */
	proxies_load(p, SLICE("a:1 403 9000000000000000000 1 3 2 1 0"), epoch);
	assert_int_equal(state_of(p, 0, epoch).until, epoch + minute);
	proxies_free(p);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(round_robin_takes_turns),
		cmocka_unit_test(least_used_does_not_flood_who_comes_back),
		cmocka_unit_test(a_session_sticks_to_its_proxy),
		cmocka_unit_test(a_session_waits_for_its_own_proxy),
		cmocka_unit_test(uses_send_to_rest),
		cmocka_unit_test(caps_hold_whatever_happens),
		cmocka_unit_test(a_cap_says_when),
		cmocka_unit_test(a_probe_is_one_request),
		cmocka_unit_test(ladders_double_to_their_ends),
		cmocka_unit_test(ten_successes_forget_the_past),
		cmocka_unit_test(what_was_under_way_counts_once),
		cmocka_unit_test(retry_after_lengthens_a_quarantine),
		cmocka_unit_test(one_that_fails_now_and_then_is_found_out),
		cmocka_unit_test(all_are_slow_when_the_site_is),
		cmocka_unit_test(all_down_says_until_when),
		cmocka_unit_test(health_survives_a_restart),
		cmocka_unit_test(a_quarantine_that_ended_meanwhile_is_probed),
		cmocka_unit_test(nonsense_is_not_loaded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
