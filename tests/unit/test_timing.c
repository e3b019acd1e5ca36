#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "app/timing.h"

enum { QUERIES = 200, ROUNDS = 3 };

/* Query i takes i ms in its fastest round, which is another for each, and ten
 * times that in the others. */
static void fill(struct timing *t)
{
	size_t i, round;

	timing_init(t, QUERIES, ROUNDS);
	for (round = 0; round < ROUNDS; round++)
		for (i = 0; i < QUERIES; i++)
			timing_set(t, round, QUERIES - 1 - i,
			           (int64_t)i * 1000000 *
			                   (i % ROUNDS == round ? 1 : 10));
}

static void the_best_round_of_each_query_counts(void **state)
{
	struct timing_figures f;
	struct timing t;

	(void)state;
	fill(&t);
	timing_best(&t, &f);
	assert_true(f.mean > 99.4999 && f.mean < 99.5001);
	assert_true(f.p50 > 99.9999 && f.p50 < 100.0001);
	assert_true(f.p95 > 189.9999 && f.p95 < 190.0001);
	assert_true(f.p99 > 197.9999 && f.p99 < 198.0001);
	timing_release(&t);
}

static void or_every_round_of_all(void **state)
{
	struct timing_figures f;
	struct timing t;

	(void)state;
	fill(&t);
	timing_all(&t, &f);
	/* a third of the values once, two thirds ten times as long */
	assert_true(f.mean > 99.4999 * 7 && f.mean < 99.5001 * 7);
	assert_true(f.p50 > 199.9999 && f.p50 < 1000.0001);
	assert_true(f.p95 > 1800 && f.p99 > f.p95);
	timing_release(&t);
}

static void one_query_in_one_round_is_all_there_is(void **state)
{
	struct timing_figures f;
	struct timing t;

	(void)state;
	timing_init(&t, 1, 1);
	timing_set(&t, 0, 0, 2500000);
	timing_all(&t, &f);
	assert_true(f.mean == 2.5 && f.p50 == 2.5 && f.p99 == 2.5);
	timing_release(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_best_round_of_each_query_counts),
		cmocka_unit_test(or_every_round_of_all),
		cmocka_unit_test(one_query_in_one_round_is_all_there_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
