#ifndef CRAWLER_CASES_PULL_H
#define CRAWLER_CASES_PULL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/net/aws.h"
#include "crawler/cases/pull_report.h"
#include "crawler/cases/pull_settings.h"
#include "schema/store.h"

/*
 * Support cases from a provider's API into the store. At first all since a
 * date, later what has changed: windows of time are listed (pull_mark.h), and
 * of each case that the store does not hold just so its replies are asked for
 * if they did not come with the list. What the provider no longer knows stays.
 *
 * Memory is that of a page of cases and of what is under way, however many
 * there are. Killed at any instant, the next run goes on with the page it was
 * at; no call for the replies of a case that is stored is made again.
 */
typedef void pull_moved(void *self, const struct pull_report *so_far);

struct pull_options {
	const struct pull_settings *settings;
	struct store *store;
	int64_t now;
	aws_environment *env; /* NULL: the process's */
	bool full;            /* from `since` on, whatever is there */
	int64_t since;        /* CLOCK_NONE: that of the settings */
	pull_moved *moved;    /* may be NULL */
	void *self;
};

/* The report is told whatever the end. FAULT_DENIED: key, rights, plan;
 * FAULT_LATER: nobody answers; FAULT_CANCELLED. What was stored stays. */
MUST_USE
bool pull_run(const struct pull_options *o, struct pull_report *out,
              struct fault *f);

#endif
