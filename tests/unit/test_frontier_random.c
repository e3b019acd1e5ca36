/* Whatever a source asks for in whatever order: nothing due is left behind,
 * nothing comes twice in a run unasked, and the counts are those of the rows. */

#include "frontier_fixture.h"

enum { ADDRESSES = 400, STEPS = 6000, HANDS = 12 };

static uint64_t state_of_chance;
static struct frontier_entry hand[HANDS];
static size_t hands;
static bool taken[ADDRESSES]; /* in this run, and not asked for again */
static int64_t now;

static uint64_t chance(uint64_t n)
{
	state_of_chance = state_of_chance * 6364136223846793005u + 1;
	return (state_of_chance >> 33) % n;
}

static const char *address(uint64_t n)
{
	static char names[ADDRESSES][16];

	snprintf(names[n], sizeof(names[n]), "/%llu", (unsigned long long)n);
	return names[n];
}

static size_t number(const struct frontier_entry *e)
{
	return strtoul(e->url.at + 1, NULL, 10);
}

static void say(void)
{
	uint64_t n = chance(ADDRESSES);
	struct frontier_entry e = { .url = slice_of(address(n)),
		                    .kind = n % 7 ? FRONTIER_PAGE
		                                  : FRONTIER_CALL };
	bool again = chance(4) == 0, added;

	if (chance(3) == 0)
		e.due = now - 2 * HOUR + (int64_t)chance(3 * HOUR);
	OK(frontier_add(fr, &e, again, &added, &why));
	if (again || added)
		taken[n] = false;
}

static void take_one(void)
{
	bool found;
	size_t i;

	if (hands == HANDS)
		return;
	OK(frontier_take(fr, now, &arena, &hand[hands], &found, &why));
	if (!found)
		return;
	for (i = 0; i < hands; i++)
		assert_true(hand[i].id != hand[hands].id);
	assert_false(taken[number(&hand[hands])]);
	taken[number(&hand[hands])] = true;
	hands++;
}

static void give_one(void)
{
	enum frontier_outcome outcome =
	        (enum frontier_outcome)chance(FRONTIER_SKIPPED + 1);
	struct frontier_entry e;
	size_t i;

	if (!hands)
		return;
	i = chance(hands);
	e = hand[i];
	hand[i] = hand[--hands];
	if (chance(4)) {
		OK(frontier_done(fr, &e, now, outcome, &why));
		return;
	}
	taken[number(&e)] = false;
	OK(frontier_back(fr, &e, now + (int64_t)chance(3) * 50, chance(2),
	                 &why));
}

static void forget_run(void)
{
	hands = 0;
	memset(taken, 0, sizeof(taken));
	arena_reset(&arena);
}

/* What is due by the rows; what is taken must be all of it in the end. */
static int64_t due_by_rows(void)
{
	char sql[240];

	snprintf(sql, sizeof(sql),
	         "SELECT count(*) FROM Frontier WHERE Done < %lld AND Due <= "
	         "%lld",
	         (long long)fr->run,
	         (long long)(fr->everything ? INT64_MAX - 1 : fr->horizon));
	return count(sql);
}

static void expect_counts(void)
{
	struct frontier_count c = counts();

	assert_int_equal(c.due, due_by_rows());
	assert_int_equal(c.pages,
	                 count("SELECT count(*) FROM Frontier WHERE Kind = 0"));
	assert_int_equal(c.calls,
	                 count("SELECT count(*) FROM Frontier WHERE Kind = 1"));
	assert_int_equal(c.visited, count("SELECT count(*) FROM Frontier "
	                                  "WHERE Visited > 0"));
}

static void run_dry(void)
{
	now += 1000; /* whoever is held back is free */
	while (hands)
		give_one();
	now += 1000;
	for (;;) {
		take_one();
		if (!hands)
			break;
		OK(frontier_done(fr, &hand[--hands], now, FRONTIER_SAME, &why));
	}
	assert_int_equal(due_by_rows(), 0);
	assert_int_equal(counts().due, 0);
	assert_int_equal(frontier_held(fr), INT64_MAX);
}

static void next_run(void)
{
	stop(now);
	now += (int64_t)chance(3 * HOUR);
	if (chance(3))
		start(now);
	else
		start_all(now);
	forget_run();
}

static void step(void)
{
	uint64_t dice = chance(1000);

	if (dice < 450) {
		say();
	} else if (dice < 700) {
		take_one();
	} else if (dice < 980) {
		give_one();
	} else if (dice < 992) {
		expect_counts();
	} else if (dice < 996) {
		reopen(); /* as if it had been killed here */
		start(now);
		forget_run();
	} else {
		if (chance(2))
			run_dry();
		next_run();
	}
	now += (int64_t)chance(20);
}

static void nothing_is_left_behind_or_comes_twice(void **state)
{
	uint64_t seed;
	int i;

	(void)state;
	for (seed = 1; seed <= 3; seed++) {
		close_crawl();
		remove_store();
		open_crawl();
		state_of_chance = seed;
		now = 100 * (int64_t)HOUR;
		start(now);
		forget_run();
		for (i = 0; i < STEPS; i++)
			step();
		run_dry();
		expect_counts();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nothing_is_left_behind_or_comes_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
