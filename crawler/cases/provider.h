#ifndef CRAWLER_CASES_PROVIDER_H
#define CRAWLER_CASES_PROVIDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/net/http.h"
#include "base/slice.h"
#include "schema/cases.h"

/*
 * A provider of support, as the words of its API: what to ask, and what an
 * answer means. It translates and does not act: no sockets, no clock, no
 * store. The loop is pull.h.
 *
 * To add one: a file with one `const struct case_kind`, its line in
 * provider.c, and a fuzz target. What comes out is clean (unicode.h) and made
 * in the arena that is passed.
 */
struct case_query {
	bool probe;       /* nothing but: would we be answered? */
	int64_t from, to; /* with replies in [from, to); CLOCK_NONE: open */
	const struct slice
	        *ids;       /* source ids: these alone, whatever the dates */
	size_t id_count;    /* at most `ids_most` of the kind */
	bool resolved;      /* also what is closed */
	struct slice token; /* of the page before; all else must be as it was */
};

/* A request's body and headers; whoever sends it signs it. */
struct case_wire {
	struct slice body;
	const struct http_header *headers;
	size_t header_count;
};

/* One case of a list. Space, label, channel and the time of its end are not
 * set; replies are in the order in which they came. */
struct case_seen {
	struct support_case c;
	bool whole;         /* no reply is missing */
	struct fault fault; /* kind not NONE: this one alone cannot be read */
};

struct case_page {
	struct case_seen *cases;
	size_t count;
	struct slice token; /* empty: the last page */
};

/* Some replies of one case. */
struct case_part {
	struct case_reply *replies;
	size_t count;
	struct slice token;
};

/* What an answer that is none means. */
enum case_refusal {
	REFUSAL_AGAIN,   /* too fast: later */
	REFUSAL_FAILED,  /* a fault of theirs: later */
	REFUSAL_CLOCK,   /* one of the two clocks is wrong */
	REFUSAL_UNKNOWN, /* there is no such case */
	REFUSAL_PROBE,   /* a probe: it would have been answered */
	REFUSAL_DENIED,  /* key, rights or plan: nothing will be answered */
	REFUSAL_WRONG,   /* the request: also a token that has ended */
};

struct case_kind {
	const char *name;    /* "aws-support" */
	const char *about;   /* one line */
	const char *service; /* to sign for */
	size_t ids_most;

	void (*list)(const struct case_query *q, struct arena *a,
	             struct case_wire *out);
	/* `region` is where the API lives. FAULT_INPUT, FAULT_LIMIT. */
	bool (*listed)(struct slice body, struct slice region, struct arena *a,
	               struct case_page *out, struct fault *f);
	void (*replies)(struct slice source_id, struct slice token,
	                struct arena *a, struct case_wire *out);
	bool (*replied)(struct slice body, struct arena *a,
	                struct case_part *out, struct fault *f);
	/* Of anything but 200; *f says it for a person. */
	enum case_refusal (*refusal)(const struct http_reply *r,
	                             struct fault *f);
	/* Whether a case in this state is done with. */
	bool (*closed)(struct slice status);
	/* Whose it is by its id, or empty: it does not tell. */
	struct slice (*owner)(struct slice source_id);
};

/* Ends at NULL. */
extern const struct case_kind *const case_kinds[];

extern const struct case_kind aws_support_kind;

/* NULL: there is no such kind. */
const struct case_kind *case_kind_find(struct slice name);

#endif
