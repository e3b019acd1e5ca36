#include "app/timing.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static const double nanoseconds = 1e6; /* of a millisecond */

void timing_init(struct timing *t, size_t queries, size_t rounds)
{
	size_t size = sizeof(*t->at);

	*t = (struct timing){ .queries = queries, .rounds = rounds };
	t->at = memory_new(rounds, queries * size);
}

void timing_release(struct timing *t)
{
	free(t->at);
	*t = (struct timing){ 0 };
}

void timing_set(struct timing *t, size_t round, size_t query, int64_t ns)
{
	t->at[round * t->queries + query] = ns;
}

static int time_order(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* Sorts the values. */
static void figures_of(int64_t *at, size_t count, struct timing_figures *out)
{
	double sum = 0;
	size_t i;

	qsort(at, count, sizeof(*at), time_order);
	for (i = 0; i < count; i++)
		sum += (double)at[i];
	out->mean = sum / (double)count / nanoseconds;
	out->p50 = (double)at[count / 2] / nanoseconds;
	out->p95 = (double)at[count * 95 / 100] / nanoseconds;
	out->p99 = (double)at[count * 99 / 100] / nanoseconds;
}

void timing_best(const struct timing *t, struct timing_figures *out)
{
	int64_t *best = memory_new(t->queries, sizeof(*best));
	size_t i, round;

	for (i = 0; i < t->queries; i++) {
		best[i] = t->at[i];
		for (round = 1; round < t->rounds; round++)
			if (t->at[round * t->queries + i] < best[i])
				best[i] = t->at[round * t->queries + i];
	}
	figures_of(best, t->queries, out);
	free(best);
}

void timing_all(const struct timing *t, struct timing_figures *out)
{
	size_t count = t->queries * t->rounds;
	int64_t *all = memory_new(count, sizeof(*all));

	memcpy(all, t->at, count * sizeof(*all));
	figures_of(all, count, out);
	free(all);
}
