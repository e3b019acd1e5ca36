#ifndef CRAWLER_REPLAY_H
#define CRAWLER_REPLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/conf.h"
#include "base/fault.h"
#include "crawler/crawl.h"
#include "crawler/settings.h"
#include "crawler/warc_index.h"

/*
 * Crawls an archive instead of the network: each archived run, in the order of
 * time, through the same source, settings, judgement and store as when it was
 * fetched, with the clock of then. Nothing leaves this machine: no login, no
 * proxies, no pace. What the archive does not hold is passed over.
 *
 * The frontier that it needs goes by the name "warc:NAME" and begins anew each
 * time (unless a replay was killed: then it goes on), so a real crawl of NAME
 * never takes an archived page for one that it has seen.
 */
struct replay_options {
	const struct conf *conf; /* where [source NAME] may stand */
	struct slice source; /* empty: the one the archive names, or a site */
	struct slice url;    /* of a site: where it starts; or empty */
	struct slice space;  /* empty: the source's own */
	struct slice access; /* likewise */
};

struct replay {
	const struct warc_index *index;
	struct conf *conf;
	struct crawl_settings settings;
	struct buf name, space;
	size_t *runs; /* of the index, those that are meant */
	size_t run_count;
	bool foreign; /* not one of ours */
};

/* What is to be replayed, and as what. Zeroed on failure. FAULT_USAGE: the
 * archive is of several sources and none is named; nothing says where a site
 * begins. */
MUST_USE
bool replay_open(struct replay *r, const struct warc_index *index,
                 const struct replay_options *o, struct fault *f);
void replay_close(struct replay *r);

/* Told after each run; `run` counts from 0 to run_count - 1. */
typedef void replay_done(void *self, size_t run, const struct warc_run *what,
                         const struct crawl_report *report);

/* `base` holds store, journal, progress; the rest is set here. */
MUST_USE
bool replay_run(struct replay *r, const struct crawl_options *base,
                replay_done *done, void *self, struct fault *f);

#endif
