#ifndef CRAWLER_STACK_LIST_H
#define CRAWLER_STACK_LIST_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/slice.h"
#include "base/text/markup_tree.h"

/* List pages of Stack Exchange sites (/questions?tab=...), old and new. Pure. */

/* One question of a list page. */
struct stack_summary {
	int64_t id;
	int64_t votes; /* INT64_MIN: not found */
	int64_t time;  /* of the last activity; CLOCK_NONE */
	struct slice link;
	const struct slice *tags;
	size_t tag_count;
};

struct stack_list {
	struct stack_summary *items;
	size_t count;
	struct slice next; /* link to the next list page, or empty */
};

/* FAULT_INPUT "stack-layout": no question is
 * listed, and the page does not look like the end of a list. */
MUST_USE
bool stack_list_read(const struct markup *m, struct arena *a,
                     struct stack_list *out, struct fault *f);

#endif
