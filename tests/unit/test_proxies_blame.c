/* proxies.h: whose fault it was, and how soon traffic moves: a simulation. */

#include "proxies_fixture.h"

#include <stdlib.h>

/*
 * A world: a source is asked every `gap` through the pool, `pages` of them,
 * and a page that a proxy is to blame for is asked again first. How the
 * proxies answer is a function of who, which page and when.
 */
struct answer {
	int64_t latency;
	struct http_reply reply;
};

typedef struct answer world_fn(size_t proxy, uint64_t page, int64_t now);

enum { WORLD_MOST = 64, PAGES_MOST = 20000, PROXIES_MOST = 8 };

struct journey {
	bool used;
	size_t proxy;
	uint64_t page;
	int64_t started, ends;
	struct answer answer;
};

struct world {
	struct proxies *pool;
	world_fn *answers;
	int64_t now, gap, next;
	uint64_t fresh, pages;      /* the next new page; how many there are */
	uint64_t again[PAGES_MOST]; /* a stack of pages to ask again */
	size_t again_count;
	struct journey journeys[WORLD_MOST];
	int64_t starts[PROXIES_MOST];
	int64_t got, refused, requests; /* pages; pages blamed; requests */
};

static void world_end(struct world *w, struct journey *j)
{
	struct answer *a = &j->answer;

	w->now = j->ends;
	a->reply.id = j->page;
	if (!a->reply.waited)
		a->reply.waited = a->latency / ms;
	switch (proxies_end(w->pool, j->proxy, w->now, j->started, &a->reply)) {
	case BLAME_NOBODY:
		w->got++;
		break;
	case BLAME_PAGE:
		w->refused++;
		break;
	case BLAME_PROXY:
		w->again[w->again_count++] = j->page;
		break;
	}
	j->used = false;
}

static void world_start(struct world *w, size_t proxy)
{
	struct journey *j = w->journeys;

	while (j->used)
		assert_true(++j < w->journeys + WORLD_MOST);
	j->used = true;
	j->page = w->again_count ? w->again[--w->again_count] : ++w->fresh;
	j->proxy = proxy;
	j->started = w->now;
	j->answer = w->answers(proxy, j->page, w->now);
	j->ends = w->now + j->answer.latency;
	proxies_start(w->pool, proxy, w->now);
	w->starts[proxy]++;
	w->requests++;
	w->next = w->now + w->gap;
}

static struct journey *world_first(struct world *w)
{
	struct journey *first = NULL;
	size_t i;

	for (i = 0; i < WORLD_MOST; i++) {
		struct journey *j = &w->journeys[i];

		if (j->used && (!first || j->ends < first->ends))
			first = j;
	}
	return first;
}

/* Until `until`, or until nothing is left to do. */
static void world_run(struct world *w, int64_t until)
{
	while (w->now < until) {
		struct journey *first = world_first(w);
		bool wanted = w->again_count || w->fresh < w->pages;
		int64_t when = INT64_MAX;

		if (wanted && w->next <= w->now) {
			size_t i = proxies_pick(w->pool, w->now, 0, &when);

			if (i != SIZE_MAX) {
				world_start(w, i);
				continue;
			}
			assert_true(when > w->now);
		} else if (wanted) {
			when = w->next;
		}
		if (first && first->ends <= when)
			world_end(w, first);
		else if (when != INT64_MAX)
			w->now = when;
		else
			return;
	}
}

static struct world *world_new(const struct proxies_options *o,
                               world_fn *answers, uint64_t pages)
{
	struct world *w = calloc(1, sizeof(*w));

	w->pool = pool_of(three, o);
	w->answers = answers;
	w->now = epoch;
	w->gap = 100 * ms;
	w->pages = pages;
	return w;
}

static void world_free(struct world *w)
{
	proxies_free(w->pool);
	free(w);
}

static struct answer well(size_t proxy, uint64_t page, int64_t now)
{
	(void)proxy, (void)page, (void)now;
	return (struct answer){ 50 * ms, status(200) };
}

static void each_rotation_is_fair(void **state)
{
	int rotation;

	(void)state;
	for (rotation = 0; rotation <= PROXIES_STICKY; rotation++) {
		struct proxies_options o = {
			.rotation = (enum proxies_rotation)rotation, .seed = 7
		};
		struct world *w = world_new(&o, well, 9000);
		size_t i;

		world_run(w, INT64_MAX);
		assert_int_equal(w->got, 9000);
		assert_int_equal(w->requests, 9000);
		for (i = 0; i < 3; i++)
			assert_in_range(w->starts[i], 2850, 3150);
		world_free(w);
	}
}

/* Failover: the second proxy turns bad at `turn`; see the worlds below. */

static const int64_t turn = 1700000030000000;

static struct answer dies(size_t proxy, uint64_t page, int64_t now)
{
	if (proxy == 1 && now >= turn)
		return (struct answer){ 2 * ms, trouble(HTTP_PROXY_DEAD) };
	return well(proxy, page, now);
}

static struct answer cuts(size_t proxy, uint64_t page, int64_t now)
{
	if (proxy == 1 && now >= turn)
		return (struct answer){ 2 * ms, trouble(HTTP_CUT) };
	return well(proxy, page, now);
}

static struct answer refuses(size_t proxy, uint64_t page, int64_t now)
{
	if (proxy == 1 && now >= turn)
		return (struct answer){ 2 * ms, trouble(HTTP_PROXY_REFUSED) };
	return well(proxy, page, now);
}

static struct answer is_forbidden(size_t proxy, uint64_t page, int64_t now)
{
	if (proxy == 1 && now >= turn)
		return (struct answer){ 20 * ms, status(403) };
	return well(proxy, page, now);
}

static struct answer denies(size_t proxy, uint64_t page, int64_t now)
{
	if (proxy == 1 && now >= turn)
		return (struct answer){ 2 * ms, denied() };
	return well(proxy, page, now);
}

static struct answer wants_login(size_t proxy, uint64_t page, int64_t now)
{
	if (proxy == 1 && now >= turn)
		return (struct answer){ 2 * ms, status(407) };
	return well(proxy, page, now);
}

static struct answer is_limited(size_t proxy, uint64_t page, int64_t now)
{
	if (proxy == 1 && now >= turn)
		return (struct answer){ 20 * ms, status(429) };
	return well(proxy, page, now);
}

static struct answer crawls_along(size_t proxy, uint64_t page, int64_t now)
{
	if (proxy == 1 && now >= turn) {
		struct answer a = { 12 * second, status(200) };

		a.reply.waited = 12000;
		return a;
	}
	return well(proxy, page, now);
}

static struct answer hangs(size_t proxy, uint64_t page, int64_t now)
{
	if (proxy == 1 && now >= turn)
		return (struct answer){ 30 * second, trouble(HTTP_TIMEOUT) };
	return well(proxy, page, now);
}

static const struct {
	world_fn *answers;
	const char *why;
	int64_t within; /* when its quarantine must have begun */
} classes[] = {
	{ dies, "dead", 5 },       { cuts, "dead", 5 },
	{ refuses, "refused", 5 }, { is_forbidden, "403", 5 },
	{ denies, "403", 5 },      { wants_login, "407", 5 },
	{ is_limited, "429", 5 },  { crawls_along, "slow", 40 },
	{ hangs, "slow", 95 },
};

static void traffic_moves_within_five_requests(void **state)
{
	size_t i;
	int rotation;

	(void)state;
	for (i = 0; i < sizeof(classes) / sizeof(*classes); i++)
		for (rotation = 0; rotation <= PROXIES_STICKY; rotation++) {
			struct proxies_options o = {
				.rotation = (enum proxies_rotation)rotation
			};
			struct world *w =
			        world_new(&o, classes[i].answers, 2000);
			struct proxies_state s;
			int64_t before;

			world_run(w, turn);
			before = w->starts[1];
			world_run(w, turn + 5 * second);
			assert_in_range(w->starts[1] - before, 1, 5);
			world_run(w, turn + classes[i].within * second);
			s = state_of(w->pool, 1, w->now);
			assert_int_not_equal(s.health, PROXY_HEALTHY);
			assert_string_equal(s.why, classes[i].why);
			world_run(w, INT64_MAX);
			assert_int_equal(w->got, 2000);
			assert_int_equal(w->refused, 0);
			/* every further request through it was a probe */
			assert_in_range(w->starts[1] - before, 1, 16);
			world_free(w);
		}
}

/* Many at once through one that starts to hang: what is under way when the
 * first is late is all that it gets. */
static void one_that_lags_is_passed_over(void **state)
{
	struct proxies_options o = { .connections = 16 };
	struct world *w = world_new(&o, hangs, 2000);
	int64_t before;

	(void)state;
	w->gap = 20 * ms;
	world_run(w, turn);
	before = w->starts[1];
	world_run(w, turn + 20 * second);
	assert_in_range(w->starts[1] - before, 1, 8);
	world_free(w);
}

static struct answer two_fail(size_t proxy, uint64_t page, int64_t now)
{
	if (proxy == 0 && now >= turn)
		return (struct answer){ 20 * ms, status(403) };
	if (proxy == 1 && now >= turn)
		return (struct answer){ 2 * ms, trouble(HTTP_PROXY_DEAD) };
	return well(proxy, page, now);
}

static void the_last_one_carries_all(void **state)
{
	struct proxies_options o = { 0 };
	struct world *w = world_new(&o, two_fail, 3000);

	(void)state;
	world_run(w, INT64_MAX);
	assert_int_equal(w->got, 3000);
	world_free(w);
}

/* Two that were banned long before, as nobody knows at the start, are found
 * out by what the third one gets. */
static struct answer two_marked(size_t proxy, uint64_t page, int64_t now)
{
	if (proxy < 2)
		return (struct answer){ 2 * ms, trouble(HTTP_PROXY_REFUSED) };
	return well(proxy, page, now);
}

static void bad_from_the_start_is_found_out(void **state)
{
	struct proxies_options o = { 0 };
	struct world *w = world_new(&o, two_marked, 1000);

	(void)state;
	world_run(w, INT64_MAX);
	assert_in_range(w->refused, 0, 1);
	assert_in_range(w->requests, 1000, 1060);
	world_free(w);
}

/* The site's own words are not held against proxies. */

static struct answer partly_private(size_t proxy, uint64_t page, int64_t now)
{
	if (page % 5 == 0 || (page > 500 && page < 600))
		return (struct answer){ 20 * ms, status(403) };
	return well(proxy, page, now);
}

static void private_pages_are_the_sites(void **state)
{
	struct proxies_options o = { .seed = 5 };
	struct world *w = world_new(&o, partly_private, 2000);
	size_t i;

	(void)state;
	world_run(w, INT64_MAX);
	assert_int_equal(w->got + w->refused, 2000);
	assert_int_equal(w->got, 1600 - 80);
	/* a second opinion for most of them, no more */
	assert_in_range(w->requests, 2000, 2000 + 2 * 480);
	for (i = 0; i < 3; i++)
		assert_in_range(w->starts[i], 500, 1200);
	world_free(w);
}

static struct answer shut(size_t proxy, uint64_t page, int64_t now)
{
	if (now >= turn)
		return (struct answer){ 20 * ms, status(page % 2 ? 403 : 429) };
	return well(proxy, page, now);
}

static void a_site_that_shuts_to_all_is_the_sites_doing(void **state)
{
	struct proxies_options o = { 0 };
	struct world *w = world_new(&o, shut, 1000);

	(void)state;
	world_run(w, INT64_MAX);
	assert_int_equal(w->got, 300);
	assert_int_equal(w->refused, 700);
	assert_in_range(w->requests, 1000, 1010);
	world_free(w);
}

static struct answer down(size_t proxy, uint64_t page, int64_t now)
{
	if (now >= turn)
		return (struct answer){ 20 * ms, trouble(HTTP_PROXY_REFUSED) };
	return well(proxy, page, now);
}

/* Every proxy says that it cannot reach the site: no page is tried for ever.
 */
static void a_site_behind_them_that_is_down_is_the_sites_doing(void **state)
{
	struct proxies_options o = { 0 };
	struct world *w = world_new(&o, down, 500);

	(void)state;
	world_run(w, epoch + 86400 * second);
	assert_int_equal(w->got + w->refused, 500);
	assert_in_range(w->requests, 500, 500 + 4 * 200);
	world_free(w);
}

static void a_lone_proxy_does_not_try_a_page_for_ever(void **state)
{
	struct proxies_options o = { 0 };
	struct proxies *p = pool_of("http://a:1\n", &o);
	struct http_reply r = denied();
	enum proxies_blame blame = BLAME_PROXY;
	int64_t now = epoch, when;
	int tries = 0;

	(void)state;
	r.id = 77;
	while (blame == BLAME_PROXY) {
		assert_true(++tries <= 3);
		if (proxies_pick(p, now, 0, &when) == SIZE_MAX)
			now = when;
		blame = once(p, 0, now, r);
		now += second;
	}
	assert_int_equal(blame, BLAME_PAGE);
	proxies_free(p);
}

static void a_page_that_another_gets_proves_the_first_guilty(void **state)
{
	struct proxies_options o = { 0 };
	struct proxies *p = pool_of(three, &o);
	struct http_reply no = status(403), yes = status(200);
	struct http_reply cut = trouble(HTTP_CUT);

	(void)state;
	no.id = yes.id = 5;
	cut.id = 5;
	once(p, 0, epoch, status(200));
	assert_int_equal(once(p, 1, epoch, no), BLAME_PROXY);
	assert_int_equal(state_of(p, 1, epoch).health, PROXY_HEALTHY);
	assert_int_equal(once(p, 2, epoch, cut), BLAME_PROXY);
	once(p, 0, epoch, yes);
	assert_int_equal(state_of(p, 1, epoch).health, PROXY_QUARANTINED);
	assert_string_equal(state_of(p, 1, epoch).why, "403");
	/* a connection breaks now and then: that proves nothing */
	assert_int_equal(state_of(p, 2, epoch).health, PROXY_HEALTHY);
	proxies_free(p);
}

static void a_suspect_carries_one_at_a_time(void **state)
{
	struct proxies_options o = { 0 };
	struct proxies *p = pool_of("http://a:1\nhttp://b:2\n", &o);
	int64_t t = epoch;
	int i, suspect = 0;

	(void)state;
	once(p, 0, t, status(200));
	once(p, 1, t, status(403));
	assert_int_equal(state_of(p, 1, t).health, PROXY_HEALTHY);
	for (i = 0; i < 9; i++) {
		size_t one = pick(p, t);

		suspect += one == 1;
		proxies_start(p, one, t);
	}
	assert_int_equal(suspect, 1);
	proxies_free(p);
}

static void errors_of_the_site_are_no_faults(void **state)
{
	static const int codes[] = { 200, 304, 404, 410, 500, 502, 503 };
	struct proxies_options o = { 0 };
	struct proxies *p = pool_of(three, &o);
	size_t i;

	(void)state;
	for (i = 0; i < 70; i++)
		assert_int_not_equal(
		        once(p, i % 3, epoch, status(codes[i % 7])),
		        BLAME_PROXY);
	for (i = 0; i < 3; i++)
		assert_int_equal(state_of(p, i, epoch).health, PROXY_HEALTHY);
	assert_int_equal(once(p, 0, epoch, trouble(HTTP_LIMIT)), BLAME_PAGE);
	assert_int_equal(once(p, 0, epoch, trouble(HTTP_NO_HOST)), BLAME_PAGE);
	assert_int_equal(once(p, 0, epoch, status(200)), BLAME_NOBODY);
	proxies_free(p);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_rotation_is_fair),
		cmocka_unit_test(traffic_moves_within_five_requests),
		cmocka_unit_test(one_that_lags_is_passed_over),
		cmocka_unit_test(the_last_one_carries_all),
		cmocka_unit_test(bad_from_the_start_is_found_out),
		cmocka_unit_test(private_pages_are_the_sites),
		cmocka_unit_test(a_site_that_shuts_to_all_is_the_sites_doing),
		cmocka_unit_test(
		        a_site_behind_them_that_is_down_is_the_sites_doing),
		cmocka_unit_test(a_lone_proxy_does_not_try_a_page_for_ever),
		cmocka_unit_test(
		        a_page_that_another_gets_proves_the_first_guilty),
		cmocka_unit_test(a_suspect_carries_one_at_a_time),
		cmocka_unit_test(errors_of_the_site_are_no_faults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
