#ifndef CRAWLER_THREAD_UNITS_H
#define CRAWLER_THREAD_UNITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/text/markup_tree.h"

/*
 * A thread that no name gives away: parts of the page beside each other that
 * look the same, hold much of its text, and each name an author and a date in
 * words for machines. What leads elsewhere by its heading is a list of pages.
 */
struct thread_unit {
	uint32_t unit, body; /* all that is its, and its text */
};

/*
 * `words[n]`: bytes of words before node n; `present[n]`: whether n is part of
 * the content; `least`: bytes of words that all of them hold. Returns how many
 * there are, 0: it is none; *out is made in `a`.
 */
size_t thread_units(const struct markup *m, const uint32_t *words,
                    const unsigned char *present, size_t least, struct arena *a,
                    struct thread_unit **out);

#endif
