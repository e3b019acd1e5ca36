#ifndef CRAWLER_JOURNAL_H
#define CRAWLER_JOURNAL_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/fault.h"
#include "base/slice.h"

/*
 * What a crawl did, told to machines: an event log of JSON lines (one for
 * every request and every address that was passed over, with the reason), and
 * counters as a metrics file that Prometheus' node exporter collects. Nothing
 * in either holds a secret: addresses lose their user and password.
 */
struct journal_counts {
	int64_t requests, status[6]; /* [2]: 2xx ...; [0]: no status */
	int64_t refused;             /* 429 and 503 */
	int64_t read, unchanged;     /* pages: with news; 304 or the same */
	int64_t listings;            /* sitemaps and feeds */
	int64_t missed, moved;       /* 404 and 410; redirects followed */
	int64_t retried, failed;     /* asked again; given up for this run */
	int64_t shut, robots;        /* out of scope; refused by robots */
	int64_t not_held;            /* by the archive that is replayed */
	int64_t detours;             /* sent again through another proxy */
	int64_t wire, decoded;       /* bytes of bodies */
	int64_t added, updated, vanished; /* records */
	/* as it is now */
	int64_t known, due;
	int64_t rate_mille; /* starts a thousand seconds that pace allows */
	int64_t resting;    /* milliseconds of back-off left */
	int64_t quota_left; /* -1: there is none */
};

struct journal {
	FILE *events; /* NULL: none; the caller's */
};

struct journal_event {
	const char *code; /* "fetch", "skip", "retry", "fail", "hop" ... */
	struct slice source, url, why;
	int status;
	int64_t time; /* milliseconds UTC */
	int64_t took, bytes;
	const char *proxy; /* NULL: direct */
};

/* One line, whole even when several threads write. NULL is allowed. */
void journal_event(const struct journal *j, const struct journal_event *e);

/* Counters of several sources in Prometheus' text format; appears whole. */
struct journal_source {
	struct slice name;
	struct journal_counts counts;
	int64_t succeeded; /* milliseconds UTC of the last success; 0: never */
};
MUST_USE
bool journal_metrics(const char *path, const struct journal_source *sources,
                     size_t count, struct fault *f);

#endif
