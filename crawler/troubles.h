#ifndef CRAWLER_TROUBLES_H
#define CRAWLER_TROUBLES_H

#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"

/*
 * What an import could not take: the first few with file, line and reason,
 * all of them counted. Plain data; zeroed is empty.
 */
enum { TROUBLES_KEPT = 20 };

struct troubles {
	struct fault first[TROUBLES_KEPT];
	int64_t count;
};

void troubles_add(struct troubles *t, const struct fault *f);

/* How many of them are in `first`. */
size_t troubles_kept(const struct troubles *t);

/* Whether a fault rejects one row alone (and is a trouble) or ends it all. */
bool troubles_one_row(const struct fault *f);

#endif
