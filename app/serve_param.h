#ifndef APP_SERVE_PARAM_H
#define APP_SERVE_PARAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/search_form.h"
#include "app/serve_target.h"
#include "base/arena.h"
#include "base/fault.h"

/*
 * The parameters of /v1/search, and what they add up to. The table is what is
 * read, and what /openapi.json says is read.
 */
enum serve_param_type {
	SERVE_TEXT,
	SERVE_NUMBER,
	SERVE_FLAG,   /* yes or no, true or false, 1 or 0 */
	SERVE_CHOICE, /* one of the words in `choices` */
	SERVE_FILTER, /* any number of them: KEY=VALUE, or the value of a key */
};

struct serve_param {
	const char *name;
	enum serve_param_type type;
	int64_t low, high;   /* of a number */
	const char *choices; /* "json context text" */
	const char *help;    /* a sentence */
};

extern const struct serve_param serve_params[]; /* ends at a NULL name */

/* What is asked for; texts are borrowed from the target, and
 * the query from the arena. */
struct serve_search {
	const struct search_form *form;
	struct search_view view;
	struct retrieve_query query;
	struct facet_request counts;
};

/* FAULT_USAGE "parameter-unknown", "parameter-twice", "parameter-value",
 * "filter"; "query-missing". `now` is for ages. */
MUST_USE
bool serve_search_read(const struct serve_target *t, int64_t now,
                       struct arena *a, struct serve_search *out,
                       struct fault *f);

#endif
