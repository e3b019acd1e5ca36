#ifndef CRAWLER_PROXIES_JUDGE_H
#define CRAWLER_PROXIES_JUDGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/net/http.h"
#include "crawler/proxies_health.h"

/*
 * What one reply says about the proxy it came through, and who saw the same
 * page refused. A page that two proxies in good standing are refused is
 * refused by the site; a page that a second proxy gets convicts the first.
 */
struct proxy_charge {
	enum proxy_fault fault; /* PROXY_FINE: nothing is held against it */
	bool certain;           /* the proxy alone can have done it */
	bool marked;            /* the proxy says itself that it was it */
	bool chance;            /* may happen to anyone once */
	bool through;           /* the site was reached and said something */
	int64_t retry_after;    /* microseconds from now; 0: none */
};

/* `now` in microseconds UTC. */
struct proxy_charge judge_charge(const struct http_reply *r, int64_t now);

/* Refusals of pages that are not yet explained; the oldest is forgotten. */
enum { SIGHTINGS = 256 };

struct proxy_sighting {
	uint64_t page; /* 0: an empty place */
	size_t proxy;
	enum proxy_fault fault;
	bool chance;
};

struct proxy_sightings {
	struct proxy_sighting list[SIGHTINGS];
	size_t next;
};

void sightings_add(struct proxy_sightings *s, const struct proxy_sighting *one);

/* The next one of `page` from place *at on (start with 0), or NULL. */
struct proxy_sighting *sightings_find(struct proxy_sightings *s, uint64_t page,
                                      size_t *at);

#endif
