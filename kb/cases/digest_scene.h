#ifndef KB_CASES_DIGEST_SCENE_H
#define KB_CASES_DIGEST_SCENE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/map.h"
#include "base/text/mask.h"
#include "kb/cases/digest_settings.h"
#include "kb/cases/guard.h"
#include "kb/cases/prompt.h"
#include "kb/llm/llm.h"
#include "schema/cases.h"
#include "schema/store.h"

/*
 * What the cases of one run have in common, and a case as a model may see it:
 * without what speaks to it, without secrets and personal data.
 */
struct digest_scene {
	const struct digest_settings *settings;
	const struct llm_settings *llm;
	struct store *store;
	struct slice version;     /* of the prompt */
	struct guard_names names; /* of all classes */
	struct arena arena;
	struct map services; /* space -> those of its cases */
};

void digest_scene_open(struct digest_scene *s,
                       const struct digest_settings *settings,
                       const struct llm_settings *llm, struct store *store);
void digest_scene_close(struct digest_scene *s);

/* The services that an answer about this case may name: the settings', or those
 * of the cases of its space, the most frequent first; its own among them. Made
 * in `a`. */
MUST_USE
bool digest_services(struct digest_scene *s, const struct support_case *c,
                     struct arena *a, const struct slice **out, size_t *count,
                     struct fault *f);

/* Where signs of an address to the model were found. */
enum { SHOWN_SUBJECT, SHOWN_CUSTOMER, SHOWN_PROVIDER, SHOWN_PLACES };

struct case_shown {
	struct support_case shown;    /* texts guarded and masked */
	unsigned signs[SHOWN_PLACES]; /* enum guard_sign */
	bool masked;
};

/* `mask` and `held` are new; they know the case afterwards. */
MUST_USE
bool case_show(const struct digest_scene *s, const struct support_case *c,
               struct mask *mask, struct guard_case *held, struct arena *a,
               struct case_shown *out, struct fault *f);

/* Where a shown case names this class (guard_named()), and the case without
 * that; its texts are made in `a`. */
struct case_unnamed {
	struct support_case rest;
	bool named[SHOWN_PLACES];
	bool any;
};
void case_unname(const struct digest_scene *s, const struct support_case *shown,
                 struct slice class, struct arena *a, struct case_unnamed *out);

/* Corrected cases of the same space and label, but this one, to learn from. */
MUST_USE
bool digest_examples(const struct digest_scene *s, const struct support_case *c,
                     struct arena *a, const struct prompt_example **out,
                     size_t *count, struct fault *f);

#endif
