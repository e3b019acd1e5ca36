#ifndef APP_SERVE_TARGET_H
#define APP_SERVE_TARGET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/slice.h"

/*
 * What a request asks for, taken apart: the path, and named values out of the
 * query string (application/x-www-form-urlencoded: '+' is a blank) or of a
 * JSON object. Names and values are UTF-8 without NUL, at most
 * LIMIT_PARAMETERS of them, in the order in which they came. What they mean
 * is not known here.
 */
struct serve_pair {
	struct slice name, value;
};

struct serve_target {
	struct slice path; /* as it was sent: see serve_decode() */
	struct serve_pair *pairs;
	size_t count;
};

/* "/v1/search?q=disk+full&k=3". Decoded texts are made in `a`. FAULT_USAGE
 * "request-target", FAULT_LIMIT "limit-parameters". */
MUST_USE
bool serve_target_read(struct slice target, struct arena *a,
                       struct serve_target *out, struct fault *f);

/*
 * Adds the members of a JSON object behind the pairs that are there: texts,
 * numbers by their digits, true and false as "yes" and "no", null as if it
 * were not there. An array gives one pair for each of its members. The object
 * "filter" gives "KEY=VALUE" for each of its own: {"filter": {"tag": "nginx"}}.
 */
MUST_USE
bool serve_target_json(struct slice body, struct arena *a,
                       struct serve_target *t, struct fault *f);

/* Takes the escapes (%41) out of a piece of a target. */
MUST_USE
bool serve_decode(struct slice s, bool plus, struct arena *a, struct slice *out,
                  struct fault *f);

#endif
