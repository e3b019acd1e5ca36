#ifndef CRAWLER_CASES_PULL_PAGE_H
#define CRAWLER_CASES_PULL_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/slice.h"
#include "crawler/cases/provider.h"
#include "crawler/cases/pull_line.h"
#include "crawler/cases/pull_report.h"
#include "schema/store.h"

/*
 * One page of a list into the store: what the store lacks is put, with the
 * replies that came with it or, if some are missing, with those that are asked
 * for, a few cases at once. Each case is whole in the store or as it was; a
 * transaction is short. What alone cannot be had is told in the report.
 */
enum { PULL_GATHERS = 16 };

struct pull_gather {
	const struct case_seen *seen; /* NULL: idle */
	struct arena arena;
	struct case_reply *list;
	size_t count, room;
	int again; /* begun anew: its token had ended */
	int parts;
	struct slice token; /* of the part that was asked for */
};

struct pull_page_options {
	struct pull_line *line;
	const struct pull_settings *settings;
	struct store *store;
	struct slice space;
	int64_t now;
	struct pull_report *report;
	void (*moved)(void *self);
	void *self;
};

struct pull_page {
	/* private */
	struct pull_page_options o;
	struct arena arena, one;
	const struct case_seen **lacking;
	size_t lacking_count, next, under_way;
	struct pull_gather gathers[PULL_GATHERS];
	int64_t held; /* since when; 0: nothing is held */
};

void pull_page_init(struct pull_page *p, const struct pull_page_options *o);
void pull_page_release(struct pull_page *p);

/*
 * All of the page, but what its last transaction holds: the caller adds its
 * mark and lets go. *token is that of the next page, until the next call.
 */
MUST_USE
bool pull_page_take(struct pull_page *p, struct slice body, struct slice *token,
                    struct fault *f);

#endif
