#ifndef CRAWLER_CASES_PULL_LINE_H
#define CRAWLER_CASES_PULL_LINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/net/aws.h"
#include "base/net/call.h"
#include "crawler/cases/provider.h"
#include "crawler/cases/pull_settings.h"

/*
 * The line to a provider: who we are there, and calls that are signed, paced
 * and tried again. Knows no store and no order of things.
 */
struct pull_line;

/* FAULT_DENIED: no key is found; FAULT_USAGE: settings, files of AWS. */
MUST_USE
bool pull_line_open(struct pull_line **out, const struct pull_settings *s,
                    aws_environment *env, int64_t now, struct fault *f);
void pull_line_close(struct pull_line *l); /* NULL is allowed */

/* Where the key is from, the region and address that are asked. */
struct slice pull_line_origin(const struct pull_line *l);
struct slice pull_line_region(const struct pull_line *l);
struct slice pull_line_url(const struct pull_line *l);

/* Queues a call. */
MUST_USE
bool pull_line_list(struct pull_line *l, const struct case_query *q,
                    uint64_t id, struct fault *f);
MUST_USE
bool pull_line_replies(struct pull_line *l, struct slice source_id,
                       struct slice token, uint64_t id, struct fault *f);

/* Moves on for at most `wait` milliseconds. FAULT_CANCELLED. */
MUST_USE
bool pull_line_poll(struct pull_line *l, int64_t wait, struct fault *f);

/* What came at last. Borrowed until pull_line_done(). */
struct pull_answer {
	uint64_t id;
	struct fault fault; /* kind NONE: `body` is an answer */
	enum case_refusal refusal;
	struct slice body;
	struct call_reply *reply; /* private */
};
bool pull_line_next(struct pull_line *l, struct pull_answer *out);
void pull_line_done(struct pull_line *l, struct pull_answer *a);

/* One list from start to end. */
MUST_USE
bool pull_line_ask(struct pull_line *l, const struct case_query *q,
                   struct pull_answer *out, struct fault *f);

struct pull_line_counts {
	int64_t calls, refused; /* every try; those that were too fast */
	int64_t resting;        /* until when (0: it is not) */
};
void pull_line_counts(const struct pull_line *l, struct pull_line_counts *out);

#endif
