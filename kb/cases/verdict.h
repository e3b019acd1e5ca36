#ifndef KB_CASES_VERDICT_H
#define KB_CASES_VERDICT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/slice.h"
#include "base/text/mask.h"
#include "kb/cases/digest_settings.h"
#include "kb/cases/guard.h"
#include "kb/cases/reply.h"
#include "schema/digests.h"

/*
 * What of a model's answer may be stored. The closed fields come from lists
 * or not at all: the id is the case's own, the class one of the settings',
 * services from their list, codes such as the case holds. Free text gets back
 * what was masked (mask_undo()) and loses what the case does not hold
 * (guard_out()). Whatever was answered, the digest is one that digest_put()
 * takes.
 */
struct verdict_scene {
	const struct digest_settings *settings;
	const struct slice *services; /* to choose from */
	size_t service_count;
	const struct mask *mask;
	const struct guard_case *held;
	struct slice id;       /* native, as the case has it */
	struct slice boundary; /* of the prompt: what holds it is no answer */
	struct slice language; /* of texts whose letters do not tell */
};

struct verdict {
	bool usable; /* what is in `digest` may be stored, if need be */
	/* What a model is to be told that it did wrong; NULL: nothing. */
	const char *wrong;
	const char *code; /* of the fault that it is, if it stays so */
	/* Texts, class, lists, language and flags; the rest is the caller's. */
	struct digest digest;
};

/* Made in `a`. False only when the guard cannot judge (FAULT_LIMIT). */
MUST_USE
bool verdict_read(const struct verdict_scene *s, const struct case_answer *r,
                  struct arena *a, struct verdict *out, struct fault *f);

/* The name of the class that is meant, DIGEST_UNCLASSIFIED if the model says
 * that none fits; empty: it is none of them. */
struct slice verdict_class(const struct digest_settings *s, struct slice said);

#endif
