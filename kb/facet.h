#ifndef KB_FACET_H
#define KB_FACET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/slice.h"
#include "kb/search.h"

/*
 * How many passages a query finds in all, and how they spread: exact counts
 * over every live passage that the reader may read, that has one of the
 * query's terms and that all its filters let pass. It is asked for apart from
 * the best k, since these need not look at most of what is counted here.
 *
 *	search(s, x, analyzer, reader, &query, a, &found, f);
 *	facet_count(x, reader, &query, &found, &request, a, &facets, f);
 *
 * The facets: space kind tag class service lang accepted year. Their values
 * are those that a filter of this name takes ("year" is of the last change,
 * in UTC: date=2024-01-01..2024-12-31). What has no value is in no count.
 */
struct facet_value {
	struct slice value;
	uint64_t count; /* passages */
};

struct facet {
	struct slice name;
	struct facet_value *values; /* most first, ties by bytes */
	size_t count;               /* at most `top` */
	uint64_t distinct;          /* values that any passage has */
};

struct facets {
	uint64_t total;   /* passages, not posts */
	struct facet *at; /* as requested */
	size_t count;
};

struct facet_request {
	const struct slice *names;
	size_t count; /* may be 0: the total alone */
	uint32_t top; /* values of each, 1 to LIMIT_FACET_VALUES */
};

/* "tag, space" as names made in `a`. FAULT_USAGE "facet" says what there is. */
MUST_USE
bool facet_names(struct slice list, struct arena *a, const struct slice **out,
                 size_t *count, struct fault *f);

/* `found` is what search() found for `q`: its terms are those that count.
 * Everything is made in `a`. FAULT_USAGE "facet". */
MUST_USE
bool facet_count(const struct index *x, const struct reader *r,
                 const struct search_query *q,
                 const struct search_result *found,
                 const struct facet_request *request, struct arena *a,
                 struct facets *out, struct fault *f);

#endif
