#ifndef EXPORT_EXAMPLE_H
#define EXPORT_EXAMPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

/*
 * One training example, in no format's shape, with where it came from.
 * Borrowed throughout, for the length of one call.
 */
enum role { ROLE_SYSTEM, ROLE_USER, ROLE_ASSISTANT };

struct turn {
	enum role role;
	struct slice text;
};

/* A text somebody wrote: what attribution needs of it. */
struct origin {
	struct slice link, author, author_link, licence, channel, terms;
	int64_t score;
	bool accepted;
};

struct example {
	struct slice id; /* public id of the answer */
	const struct turn *turns;
	size_t turn_count;
	struct origin question, answer;
};

#endif
