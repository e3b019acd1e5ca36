#ifndef APP_TIMING_H
#define APP_TIMING_H

#include <stddef.h>
#include <stdint.h>

/*
 * What a set of queries took, round after round.
 *
 *	timing_init(&t, queries, rounds);
 *	timing_set(&t, round, query, nanoseconds);	for each
 *	timing_best(&t, &figures);
 *
 * Of m sorted values p99 is the one numbered m * 99 / 100, from 0, and so on.
 */
struct timing {
	int64_t *at; /* round by round */
	size_t queries, rounds;
};

struct timing_figures {
	double mean, p50, p95, p99; /* milliseconds */
};

/* Neither number is 0. */
void timing_init(struct timing *t, size_t queries, size_t rounds);
void timing_release(struct timing *t);

void timing_set(struct timing *t, size_t round, size_t query, int64_t ns);

/* Over the queries, each at the fastest of its rounds: what the work costs. */
void timing_best(const struct timing *t, struct timing_figures *out);

/* Over every query of every round: what was waited for. */
void timing_all(const struct timing *t, struct timing_figures *out);

#endif
