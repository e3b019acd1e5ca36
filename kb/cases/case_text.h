#ifndef KB_CASES_CASE_TEXT_H
#define KB_CASES_CASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/slice.h"
#include "schema/cases.h"

/*
 * A case laid out for a model. Each line of it begins with "| ", so that no
 * line of a ticket can pass for one of ours, and the whole stands between two
 * lines with a word that nobody who writes a ticket can know:
 *
 *	BEGIN CASE 5d41402abc4b
 *	| id: 1730001234
 *	| subject: Cannot pull an image
 *	| service: eks
 *	|
 *	| [1] customer, 2026-03-01 09:12
 *	| The pod says ErrImagePull ...
 *	END CASE 5d41402abc4b
 *
 * The texts are those that may leave the house (guard_in(), mask_add()).
 */
struct case_layout {
	const struct support_case *shown;
	struct slice boundary;
	int64_t room; /* tokens it may take */
	/* Instead of the replies: what a model made of their parts. */
	const struct slice *summaries;
	size_t summary_count;
};

/* Made of the store's UUID, which stays in the house, and the case. */
struct slice case_boundary(struct slice uuid, const struct support_case *c,
                           struct arena *a);

/*
 * All of it, if it fits. Else how it began, how it ended and what the provider
 * said last stay, the middle goes, and *cut says so; lines in brackets say it
 * to the model. FAULT_LIMIT "digest-window": there is room for nothing.
 */
MUST_USE
bool case_text(const struct case_layout *l, struct arena *a, struct slice *out,
               bool *cut, struct fault *f);

/*
 * The same in parts of at most `room` tokens each, one after the other, none
 * left out up to LIMIT_DIGEST_PARTS of them; what is more goes from the middle,
 * and *cut says so.
 */
MUST_USE
bool case_parts(const struct case_layout *l, struct arena *a,
                struct slice **parts, size_t *count, bool *cut,
                struct fault *f);

#endif
