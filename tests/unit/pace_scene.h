#ifndef TESTS_PACE_SCENE_H
#define TESTS_PACE_SCENE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/net/pace.h"

/*
 * A crawl in virtual time: a client that starts what its pace allows, wakes up
 * a little late, and asks again for what was refused; and a server with a
 * limit of its own. Nothing sleeps: an hour of it takes milliseconds. All
 * times in microseconds.
 */
#define SECOND INT64_C(1000000)

enum scene_limit {
	SERVER_OPEN,
	SERVER_BUCKET, /* nginx's limit_req with nodelay: leaks, overflows */
	SERVER_WINDOW, /* so many in each window of time, then none */
};

enum scene_retry {
	RETRY_SECOND, /* Retry-After: 1 */
	RETRY_NONE,
	RETRY_DATE, /* the date a second from now, cut to whole seconds */
	RETRY_ZERO,
	RETRY_WINDOW, /* the rest of the window in seconds */
};

struct scene {
	struct pace_options options;
	int pages;
	uint64_t seed;
	int64_t latency;  /* of the network, to and fro */
	int64_t service;  /* one at a time takes so long; 0: no queue */
	int64_t slowness; /* the client wakes up late by at most so much */
	int64_t work;     /* and spends so much on each reply */
	enum scene_limit limit;
	enum scene_retry retry;
	int status;  /* of a refusal: 429 or 503 */
	double rate; /* of the bucket */
	double burst;
	int64_t changes; /* when the bucket's rate becomes ... */
	double rate_then;
	int window_most;
	int64_t window;
	int64_t down_from, down_to; /* answers 500 meanwhile */
	int64_t most;               /* the run ends here at the latest */
};

struct scene_result {
	int done, refusals, failures, started;
	int64_t time;
	int peak;           /* starts in any second that begins with one */
	unsigned under_way; /* at most */
	int64_t least_gap;  /* between two starts */
	bool early;         /* a start before the end of a back-off */
	bool faster;        /* a rate that rose at a refusal or failure */
	bool stalled;
	struct fault fault;
};

void scene_run(const struct scene *s, struct scene_result *out);

#endif
