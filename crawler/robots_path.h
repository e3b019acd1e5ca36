#ifndef CRAWLER_ROBOTS_PATH_H
#define CRAWLER_ROBOTS_PATH_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/slice.h"

/* How robots.c compares the path of a rule with the one that is asked for. */

enum robots_form {
	PATH_ESCAPED, /* bytes past ASCII escaped, escapes in upper case */
	PATH_PLAIN,   /* also: escapes of unreserved characters undone */
	PATH_TARGET,  /* also: '*' and '$' escaped, as no wildcards are meant */
};

/* `s` in a form; `s` itself where that is the same, else made in `a`. */
struct slice robots_path(struct arena *a, struct slice s,
                         enum robots_form form);

/* Whether `path` begins as `pattern` says, where '*' is any run of bytes and
 * '$' at its end is the end of the path. */
bool robots_matches(struct slice pattern, struct slice path);

#endif
