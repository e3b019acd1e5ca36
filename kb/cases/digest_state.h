#ifndef KB_CASES_DIGEST_STATE_H
#define KB_CASES_DIGEST_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/text/mask.h"
#include "kb/cases/digest_scene.h"
#include "kb/cases/digest_task.h"
#include "kb/cases/guard.h"
#include "kb/cases/prompt.h"
#include "kb/cases/verdict.h"
#include "kb/llm/ask.h"

/* What the two files of a task share: digest_ask.c puts the questions,
 * digest_task.c takes the answers. Nobody else includes it. */

enum {
	USELESS = 8,
	/* Signs that speak of more than an odd paste. */
	SUSPICION = GUARD_ADDRESS | GUARD_TURN | GUARD_FIELD,
};

struct digest_task {
	struct digest_scene *scene;
	struct arena arena;
	struct mask *mask;
	struct guard_case *held;
	struct support_case c;
	struct case_shown shown;
	struct case_unnamed unnamed; /* of the class that was answered */
	struct slice subject;
	struct prompt_words words;

	enum digest_stage stage;
	struct llm_prompt prompt;
	int64_t most; /* tokens of the case, after it was too long */
	int shorter;
	struct slice *parts, *summaries;
	size_t part, part_count;

	bool found; /* `best` may be stored */
	struct verdict best;
	unsigned flags; /* of what the model was shown */
	struct fault why;
	struct slice useless[USELESS];
	size_t useless_count;
	struct slice model;
};

/* From the start: in parts, or in one. */
MUST_USE
bool digest_ask_start(struct digest_task *t, struct fault *f);

/* The next of the parts. */
void digest_ask_part(struct digest_task *t);

/* The case itself, or the summaries of its parts. */
MUST_USE
bool digest_ask_case(struct digest_task *t, struct fault *f);

/* Once more, after an answer that `wrong` says all of. */
void digest_ask_again(struct digest_task *t, struct slice said,
                      const char *wrong);

/* Whether there is a provider's word to ask about. */
bool digest_has_second(const struct digest_task *t);

/* What of the case speaks to nobody; *asked false: nothing does not. */
MUST_USE
bool digest_ask_second(struct digest_task *t, bool *asked, struct fault *f);

#endif
