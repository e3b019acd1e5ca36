#ifndef CRAWLER_PROXIES_HEALTH_H
#define CRAWLER_PROXIES_HEALTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

/*
 * The health of one proxy: what it did lately, and its quarantine. Who is to
 * blame for a failure is decided elsewhere (proxies_judge.h); here it only
 * counts. Each class of error has a ladder of its own: the first quarantine
 * is short and each further one twice as long, up to the class's most. Ten
 * successes in a row take all ladders back to their first rung.
 *
 * A quarantine does not end by time: when its time is up, one request probes
 * the proxy, and the end of that request frees it or sends it back.
 */
enum proxy_fault {
	PROXY_FINE,
	PROXY_DEAD,      /* cannot be reached, or breaks off */
	PROXY_REFUSED,   /* answers, but does not carry the request */
	PROXY_FORBIDDEN, /* 403 */
	PROXY_LOGIN,     /* 407: our credentials are wrong */
	PROXY_LIMITED,   /* 429 */
	PROXY_SLOW,
	PROXY_FAULTS,
};

/* What the site last said through this proxy. */
enum proxy_standing { STANDING_UNKNOWN, STANDING_GOOD, STANDING_BAD };

struct proxy_health {
	bool out;             /* in quarantine until a probe frees it */
	bool probing;         /* the probe is under way */
	enum proxy_fault why; /* of this quarantine, or the last one */
	int64_t since, until;
	enum proxy_standing standing;
	int64_t good;     /* when it last worked; 0: never */
	unsigned run;     /* failures held against it in a row */
	unsigned slow;    /* slow answers in a row */
	unsigned calm;    /* successes in a row */
	unsigned samples; /* of `success`, since it was last set free */
	double success;   /* moving mean, 0 to 1 */
	int64_t latency;  /* moving mean, microseconds; 0: none known */
	unsigned level[PROXY_FAULTS]; /* rungs climbed */
};

/* It got through. */
void health_worked(struct proxy_health *h, int64_t now);

/* The first byte came after so many microseconds. */
void health_waited(struct proxy_health *h, int64_t latency);

/* A failure held against it, outside quarantine: the `strikes`-th in a row
 * puts it into quarantine, and so does failing more often than not. `least`:
 * microseconds that were asked for (Retry-After), or 0. */
void health_failed(struct proxy_health *h, enum proxy_fault why,
                   unsigned strikes, int64_t now, int64_t least);

/* Into quarantine, one rung further than last time. */
void health_quarantine(struct proxy_health *h, enum proxy_fault why,
                       int64_t now, int64_t least);

/* A probe said nothing: as long again as this time. */
void health_again(struct proxy_health *h, int64_t now);

void health_free(struct proxy_health *h);

/* Back to health: one that was sent away by mistake, a rung back too. */
void health_pardon(struct proxy_health *h);

/* Microseconds of a quarantine on rung `level` (from 1). */
int64_t health_ladder(enum proxy_fault why, unsigned level);

/* "dead", "refused", "403", "407", "429", "slow", or "" for PROXY_FINE. */
const char *health_word(enum proxy_fault why);
/* PROXY_FINE when it is none of the words. */
enum proxy_fault health_of_word(struct slice word);

#endif
