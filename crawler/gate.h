#ifndef CRAWLER_GATE_H
#define CRAWLER_GATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/net/url.h"
#include "crawler/robots.h"
#include "crawler/settings.h"
#include "schema/frontier.h"

/*
 * Whether a page may be asked for: a web address, within the source's scope,
 * allowed by robots.txt of its origin. The same judgement for the loop, for
 * every hop of a redirect, and for `crawl --explain`, which prints `why`. It
 * fetches nothing: where robots.txt is not known (or older than a day) it
 * says so, and is told later.
 */
struct gate;

enum gate_word {
	GATE_OPEN,
	GATE_SHUT,
	GATE_ROBOTS,  /* robots.txt of this origin has to come first */
	GATE_UNKNOWN, /* it could not be had: nothing, for now */
};

struct gate_origin {
	struct slice name;    /* "https://wiki.example.com" */
	struct slice address; /* of its robots.txt */
	struct robots robots;
	bool known, asked;    /* asked: a request is under way */
	bool told;            /* the caller has told the source */
	int64_t fetched;      /* milliseconds UTC */
	int status, failures; /* in a row */
	int64_t retry;        /* not to be asked for before */
	struct gate_origin *next;
	struct arena arena;
};

/* All are borrowed; `self` is the source's state. `fr` NULL: what is known of
 * robots.txt is neither looked up nor kept (an archive's may be old). */
struct gate *gate_new(const struct crawl_settings *s, void *self,
                      struct frontier *fr);
void gate_free(struct gate *g);

/* Judges `url` at `now` (milliseconds UTC). *origin receives its origin, or
 * NULL when robots.txt had no say (SHUT for want of scope). `why` is set to one line for a person. False: the store failed.
 */
MUST_USE
bool gate_judge(struct gate *g, const struct url *url, int32_t depth,
                int64_t now, enum gate_word *word, struct gate_origin **origin,
                struct buf *why, struct fault *f);

/* robots.txt came (status 0: it did not); kept in the store for a day. */
MUST_USE
bool gate_robots(struct gate *g, struct gate_origin *o, int status,
                 struct slice body, int64_t now, struct fault *f);

/* The longest crawl-delay of the origins asked so far, milliseconds. */
int64_t gate_crawl_delay(const struct gate *g);

#endif
