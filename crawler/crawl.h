#ifndef CRAWLER_CRAWL_H
#define CRAWLER_CRAWL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "crawler/carrier.h"
#include "crawler/journal.h"
#include "crawler/settings.h"
#include "schema/intake.h"
#include "schema/inventory.h"
#include "schema/store.h"

/*
 * One run of one source into the store: the loop. It is the only place that
 * acts: sources translate, robots and pace and proxies advise, http carries,
 * the store remembers. One thread and one store connection a run; several
 * sources may run at once, each in a thread of its own.
 *
 * A run that ends early (Ctrl-C, power, kill -9, a service that wants to be
 * left alone) goes on where it was when it is started again.
 */
typedef void crawl_moved(void *self, const struct journal_counts *counts);

enum { WARC_MOST = 1 << 30 };

struct crawl_options {
	const struct crawl_settings *settings;
	const char *store; /* path */
	int64_t now;       /* milliseconds UTC: the run's clock starts there */
	bool everything;   /* also what is not due */
	bool confirmed;    /* a mass of pages may vanish */
	const struct carrier *carrier; /* answers in place of the network (an
	                                  archive), or NULL; the caller's. Every
	                                  address is due then, nothing is tried
	                                  again or waited for, and what it does
	                                  not hold is passed over */
	const char *warc; /* folder for an archive of the run (WARC), or NULL */
	int64_t warc_most; /* bytes of one file of it; 0: WARC_MOST */
	const struct journal *journal; /* or NULL */
	crawl_moved *moved;            /* a few times a second; or NULL */
	void *self;                    /* for it */
};

struct crawl_report {
	struct journal_counts counts;
	struct intake_report in;
	struct inventory_report gone;
	bool ran;            /* false: nothing was due */
	bool resumed;        /* it went on with a run that had not ended */
	bool ended;          /* the run went through */
	int64_t next;        /* milliseconds UTC: when the next one is due */
	struct fault first;  /* of the pages that failed; kind NONE: none did */
	struct fault paused; /* why it did not go through, in order (quota) */
};

/*
 * False: the run did not go through; what is in the store stays, and the next
 * one goes on. FAULT_BUSY: another run of the source is under way.
 * FAULT_CANCELLED. FAULT_LATER: the service gave no answer, or refused, for too
 * long. FAULT_DENIED: login refused; robots.txt refuses the very start.
 */
MUST_USE
bool crawl_run(const struct crawl_options *o, struct crawl_report *out,
               struct fault *f);

/* Says in a few lines why `url` would be fetched or passed over by this
 * source, and what is known of it. Asks for robots.txt if it is not known. */
MUST_USE
bool crawl_explain(const struct crawl_options *o, struct slice url,
                   struct buf *out, struct fault *f);

#endif
