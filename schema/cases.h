#ifndef SCHEMA_CASES_H
#define SCHEMA_CASES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/slice.h"
#include "schema/reader.h"
#include "schema/store.h"

/*
 * Support cases as they were written: raw, in tables of their own. Nothing
 * here becomes a post; that is for folding. What it is = (space, native id),
 * as everywhere: "aws-support/123456789012" and the display id.
 */
enum case_side {
	SIDE_UNKNOWN,
	SIDE_CUSTOMER, /* those who ask */
	SIDE_PROVIDER, /* those who are paid to answer */
};

struct case_reply {
	struct slice by;
	enum case_side side;
	int64_t time; /* CLOCK_NONE when unknown */
	struct slice body;
	const struct slice *attachments; /* names */
	size_t attachment_count;
};

/* Plain data; every slice is borrowed from whoever passes it, and clean
 * (unicode_clean()). Empty: not known. */
struct support_case {
	int64_t id; /* CaseID; 0 in what is put */
	struct slice space, native;
	struct slice source_id; /* the provider's own long id */
	struct slice subject, submitted_by, status, severity, service, category;
	struct slice language, link, access, channel;
	int64_t created, resolved;        /* CLOCK_NONE when unknown */
	const struct case_reply *replies; /* in the order of time */
	size_t reply_count;
	uint64_t hash;   /* of what a digest is made of; written by the store */
	int64_t fetched; /* when it was last seen to change */
};

enum case_outcome {
	CASE_NEW,
	CASE_CHANGED, /* replies, subject, status, label ... */
	CASE_SAME,
	CASE_OLDER,     /* fewer replies, none newer than those that are there:
	                   what is there stays */
	CASE_FORGOTTEN, /* it was forgotten, and stays out */
};

/*
 * Puts one case as it is now: what was there is replaced, replies included.
 * FAULT_INPUT or FAULT_LIMIT rejects this case alone. Between cases_hold() and
 * cases_let_go() everything is one transaction (keep it under 100 ms);
 * otherwise each put is one.
 */
MUST_USE
bool cases_put(struct store *s, const struct support_case *c, int64_t now,
               enum case_outcome *what, struct fault *f);
MUST_USE
bool cases_hold(struct store *s, struct fault *f);
MUST_USE
bool cases_let_go(struct store *s, struct fault *f);
void cases_undo(struct store *s); /* drops what was held */

/* Small texts of a space ("pull"); empty: not there. */
MUST_USE
bool case_note_put(struct store *s, struct slice space, const char *name,
                   struct slice value, struct fault *f);
MUST_USE
bool case_note_get(struct store *s, struct slice space, const char *name,
                   struct arena *a, struct slice *value, struct fault *f);

/* By id, or by (space, native id); rows the reader may not see do not exist.
 * FAULT_GONE. */
MUST_USE
bool case_load(struct store *s, const struct reader *r, int64_t id,
               struct arena *a, struct support_case *out, struct fault *f);
MUST_USE
bool case_find(struct store *s, const struct reader *r, struct slice space,
               struct slice native, int64_t *id, struct fault *f);

/*
 * All cases of the reader in the order of (space, created, native id). `fn`
 * returning false ends the walk with its fault; it may write to the store. `a`
 * is reset after each case. Reads in short batches.
 */
struct case_filter {
	struct slice space; /* empty: any */
	bool no_replies;    /* leave replies out: for statistics */
	int64_t from, to;   /* created within [from, to); 0, 0: any */
};
typedef bool case_fn(void *self, const struct support_case *c, struct fault *f);

MUST_USE
bool cases_each(struct store *s, const struct reader *r,
                const struct case_filter *filter, struct arena *a, case_fn *fn,
                void *self, struct fault *f);

/* Different values of Service, ascending, and how many cases have each. */
struct case_service {
	struct slice name;
	int64_t cases;
};
MUST_USE
bool cases_services(struct store *s, const struct reader *r, struct slice space,
                    struct arena *a, struct case_service **out, size_t *count,
                    struct fault *f);

/* What stands in Cases.RowHash: of all that was put. */
uint64_t case_row_hash(const struct support_case *c);

const char *case_side_name(enum case_side side); /* "customer" */

#endif
