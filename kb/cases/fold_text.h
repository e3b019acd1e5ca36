#ifndef KB_CASES_FOLD_TEXT_H
#define KB_CASES_FOLD_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/slice.h"
#include "schema/digests.h"

/*
 * What an entry says: a pure function of its cases' digests, ids and dates.
 * Each field comes from one case: from the first whose field a person put
 * right, else from the first that has it and whose case did not speak to the
 * model, else from the first that has it. All words are escaped, so that they
 * render as the words they are; the few of our own follow the language.
 */
#define FOLD_TEXT_VERSION 1

struct fold_member {
	struct slice native, link;
	int64_t created, resolved; /* CLOCK_NONE when unknown */
	const struct digest *digest;
};

struct fold_text {
	struct slice title;    /* plain; one line; never empty */
	struct slice problem;  /* Markdown: what happened, and where else */
	struct slice solution; /* cause and steps; empty when nobody knows */
	struct slice class, services, language, link, author;
	const struct slice *tags;
	size_t tag_count;
	int64_t created, modified;
};

/* Members in their order, the founder first; at least one. Made in `a`. */
void fold_text(const struct fold_member *members, size_t count, struct arena *a,
               struct fold_text *out);

/* Whether a digest says enough to be an entry. */
bool fold_text_any(const struct digest *d);

#endif
