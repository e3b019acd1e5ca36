#ifndef KB_SNIPPET_H
#define KB_SNIPPET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/slice.h"
#include "kb/analyzer.h"

/*
 * The part of a passage that shows best why it was found: the stretch with
 * the most, and rarest, of the query's terms, from the start of a sentence or
 * line where there is one near.
 *
 * Terms are found with the same analyzer as the index's, so that "crashing"
 * is marked for "crash" and no part of a word is marked by accident.
 */

/* What to look for: terms as the analyzer gives them, and how telling. */
struct snippet_terms {
	const struct slice *text;
	const double *weight;
	size_t count;
};

struct snippet_mark {
	size_t from, to; /* bytes of the text it belongs to */
};

struct snippet {
	struct slice text; /* one line: blanks for white space, ⏎ for the end
	                    * of a line that is no sentence */
	const struct snippet_mark *marks; /* ascending, never touching */
	size_t mark_count;
	bool head, tail; /* something was left out before, behind */
};

/* Only so much of a passage is looked at. */
#define SNIPPET_BYTES (64 << 10)

/*
 * At most `columns` of a terminal wide. Never fails: without any term it is
 * how the passage begins. Made in `a`.
 */
void snippet_make(struct slice markdown, const struct snippet_terms *terms,
                  struct analyzer *analyzer, size_t columns, struct arena *a,
                  struct snippet *out);

/* The same for text that is shown whole, such as a title. */
void snippet_whole(struct slice text, const struct snippet_terms *terms,
                   struct analyzer *analyzer, struct arena *a,
                   struct snippet *out);

#endif
