#ifndef CRAWLER_CONFLUENCE_ACCESS_H
#define CRAWLER_CONFLUENCE_ACCESS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/json.h"
#include "base/slice.h"

/*
 * From restrictions to an access label. Who reads a page must be let in by its
 * own read restriction and by that of each of its ancestors; a label stands
 * for that only where one group of the setting restricted-groups is let in by
 * all of them. What cannot be told counts as restricted.
 */
struct confluence_grant {
	struct slice group, label;
};

struct confluence_access {
	struct slice
	        restricted; /* label of what is restricted; empty: left out */
	const struct confluence_grant *grants;
	size_t grant_count;
	bool ignored; /* restrictions do not matter */
};

/* The label of what was stored and is left out now, until it is gone. */
extern const struct slice confluence_access_closed;

/* Settings: restricted = skip|ignore|LABEL, restricted-groups = "sre=sre on
 * call=oncall, ...". Made in `a`. FAULT_USAGE says what is wrong. */
MUST_USE
bool confluence_access_read(struct confluence_access *x,
                            struct slice restricted, struct slice groups,
                            struct arena *a, struct fault *f);

enum confluence_verdict {
	VERDICT_OPEN,    /* the source's own label */
	VERDICT_LABEL,   /* *label */
	VERDICT_CLOSED,  /* left out */
	VERDICT_UNKNOWN, /* left out: the reply does not say */
};

/* Of a content as v1 writes it, with its restrictions, its ancestors and
 * theirs expanded. */
enum confluence_verdict confluence_access_of(const struct confluence_access *x,
                                             const struct json *content,
                                             struct slice *label);

#endif
