#ifndef CRAWLER_PROXIES_POOL_H
#define CRAWLER_PROXIES_POOL_H

#include <stddef.h>
#include <stdint.h>

#include "crawler/proxies.h"
#include "crawler/proxies_file.h"
#include "crawler/proxies_health.h"
#include "crawler/proxies_judge.h"

/*
 * The pool from within: what proxies.c (life, starts, state), proxies_pick.c
 * (who is next), proxies_end.c (who is to blame) and proxies_saved.c share.
 */
enum { PROXIES_SESSIONS = 1024 };

struct proxy {
	const struct http_proxy *http;
	const char *name;
	int64_t *begun; /* the starts of what is under way */
	size_t under_way, cap;
	int64_t next;    /* the rate allows no start before */
	int64_t resting; /* until; 0: not */
	unsigned uses;   /* since the last rest */
	int64_t turns;   /* for least-used; a newcomer begins with the least */
	int64_t started, succeeded, failed;
	struct proxy_health health;
};

struct session {
	uint64_t id; /* 0: an empty place */
	size_t proxy;
};

struct proxies {
	struct proxies_options options;
	struct proxies_file file;
	struct proxy *list;
	size_t count;
	size_t turn; /* round-robin: whose turn it is */
	uint64_t draws;
	struct session sessions[PROXIES_SESSIONS];
	struct proxy_sightings sightings;
};

/* What another proxy did this long ago, in microseconds, still says something
 * about the site. */
#define PROXIES_LATELY INT64_C(600000000)

/* The least mean latency among those other than `i` that worked lately; 0: not
 * known. */
int64_t proxies_others_latency(const struct proxies *p, size_t i, int64_t now);

#endif
