#ifndef KB_CASES_PROMPT_H
#define KB_CASES_PROMPT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/slice.h"
#include "kb/cases/digest_settings.h"
#include "kb/llm/llm.h"

/*
 * The words a model is asked with: short, so that small models keep to them.
 * They say what the lines of a case are (data), what each field is, the
 * classes with their meanings, the services to choose from, the language, the
 * house's instructions, and how others were answered. The schema is strict:
 * every member required, no other allowed, class and services from lists.
 */

/* A case that a person put right, shown as an example; guarded and masked. */
struct prompt_example {
	struct slice subject, problem, cause, class;
};

struct prompt_words {
	const struct digest_settings *settings;
	const struct slice *services; /* to choose from */
	size_t service_count;
	struct slice language; /* of what is written; empty: the case's own */
	struct slice instructions; /* the settings', masked */
	struct slice boundary;
	const struct prompt_example *examples;
	size_t example_count;
	int64_t output_most;
};

/* "2-9f2c6a10": the version of all the words and of how a case is laid out,
 * and a hash of what the settings add. */
struct slice prompt_version(const struct digest_settings *s, struct arena *a);

/* A prompt without a turn: prompt_ask() adds it. */
void prompt_digest(const struct prompt_words *w, struct arena *a,
                   struct llm_prompt *out);

/* For one part of a long case: any text of a few sentences will do. */
void prompt_part(const struct prompt_words *w, struct arena *a,
                 struct llm_prompt *out);

/* The case as case_text() or case_parts() lays it out. */
void prompt_ask(struct llm_prompt *p, struct slice text, struct arena *a);

/* After an answer that cannot be used: what it was (empty: not shown again) and
 * what was wrong with it; `id` is the case's, as shown. `p` has its first
 * turn. */
void prompt_again(struct llm_prompt *p, struct slice id, struct slice answer,
                  struct slice wrong, struct arena *a);

/* Tokens of all that is not the case. */
int64_t prompt_tokens(const struct llm_prompt *p);

#endif
