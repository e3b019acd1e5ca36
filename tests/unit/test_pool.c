/* pool.h: the order of results never depends on the threads. */

#include "base/pool.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { JOBS = 5000 };

struct job {
	uint32_t in;
	uint64_t out;
};

/* Uneven work: some jobs take a hundred times as long as others. */
static void work(void *self, void *argument)
{
	struct job *j = argument;
	uint32_t i, rounds = j->in % 7 ? 20 : 2000;
	uint64_t x = j->in;

	for (i = 0; i < rounds; i++)
		x = x * 6364136223846793005u + 1442695040888963407u;
	j->out = x;
	atomic_fetch_add((atomic_uint *)self, 1);
}

static void run_all(unsigned threads, size_t depth)
{
	struct job *jobs = calloc(JOBS, sizeof(*jobs)), *j;
	atomic_uint ran = 0;
	struct pool *p = pool_new(threads, depth, work, &ran);
	size_t put = 0, taken = 0;

	while (taken < JOBS) {
		while (put < JOBS && pool_has_room(p)) {
			jobs[put].in = (uint32_t)put;
			pool_put(p, &jobs[put++]);
		}
		j = pool_take(p);
		assert_ptr_equal(j, &jobs[taken]);
		assert_true(j->out != 0);
		taken++;
	}
	assert_null(pool_take(p));
	pool_free(p);
	assert_int_equal(ran, JOBS);
	free(jobs);
}

static void results_come_in_order(void **state)
{
	(void)state;
	run_all(0, 4);
	run_all(1, 1);
	run_all(1, 16);
	run_all(2, 3);
	run_all(8, 64);
}

/* Putting everything before taking anything does not block for ever. */
static void putting_never_waits_for_taking(void **state)
{
	static const unsigned threads[] = { 0, 1, 2 };
	size_t i, n;

	(void)state;
	for (n = 0; n < 3; n++) {
		struct job *jobs = calloc(JOBS, sizeof(*jobs));
		atomic_uint ran = 0;
		struct pool *p = pool_new(threads[n], 4, work, &ran);

		for (i = 0; i < JOBS; i++) {
			jobs[i].in = (uint32_t)i;
			pool_put(p, &jobs[i]);
		}
		assert_false(pool_has_room(p));
		for (i = 0; i < JOBS; i++)
			assert_ptr_equal(pool_take(p), &jobs[i]);
		pool_free(p);
		free(jobs);
	}
}

static void freeing_waits_for_jobs(void **state)
{
	struct job jobs[100] = { { 0, 0 } };
	atomic_uint ran = 0;
	struct pool *p = pool_new(2, 100, work, &ran);
	size_t i;

	(void)state;
	for (i = 0; i < 100; i++)
		pool_put(p, &jobs[i]);
	pool_free(p);
	assert_int_equal(ran, 100);
	pool_free(NULL);
	assert_true(pool_cores() >= 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(results_come_in_order),
		cmocka_unit_test(putting_never_waits_for_taking),
		cmocka_unit_test(freeing_waits_for_jobs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
