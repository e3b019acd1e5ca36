#ifndef CRAWLER_PAGE_BYLINE_H
#define CRAWLER_PAGE_BYLINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/slice.h"
#include "base/text/markup_tree.h"

/*
 * Who wrote a part of a page, when, and what it was given for it: as the
 * markup beside the text says it to machines (microdata, rel, <time>, data
 * attributes) or by the classes that blogs and forums write. A date that only
 * people can read is none.
 */
struct byline {
	struct slice author; /* or empty */
	struct slice link;   /* of the author, as written, or empty */
	int64_t time;        /* CLOCK_NONE: it does not say */
	int64_t votes;
	bool voted; /* `votes` is known */
};

/* Nodes from `from` to before `end` are looked at, but not those from `text`
 * to before `text_end`: what is written about is not who wrote it. `strict`:
 * names by which many mean something else do not count. */
void byline_read(struct byline *out, const struct markup *m, uint32_t from,
                 uint32_t end, uint32_t text, uint32_t text_end, bool strict,
                 struct arena *a);

/* A date of seconds or milliseconds since 1970, or as clock_read() has it;
 * CLOCK_NONE: it is none, or none of the years 1980 to 2100. */
int64_t byline_time(struct slice s);

/* "by Ada Rivers," is Ada Rivers; empty for what is no name: an address, a
 * count, something long. Borrowed from `s`. */
struct slice byline_name(struct slice s);

#endif
