#ifndef KB_CASES_DIGEST_TASK_H
#define KB_CASES_DIGEST_TASK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/fault.h"
#include "kb/cases/digest_scene.h"
#include "kb/llm/ask.h"
#include "schema/digests.h"

/*
 * One case on its way to a digest, as a small state: which prompt is next, and
 * what an answer makes of it. It asks nobody and writes nothing.
 *
 *	digest_task_new(&t, scene, id, &f)
 *	while (digest_task_prompt(t))          NULL: it is over
 *		digest_task_answer(t, what came back, &f)
 *	digest_task_result(t, &digest, &why)
 *
 * Its prompts: the parts of a long case, one by one; the case; once more, with
 * what was wrong. When something in the case speaks to a model, a second
 * opinion is asked for, on the provider's replies and the subject, or on the
 * rest if that is where it stands. It decides: nobody could steer it. Where it
 * names another class than the first, all of the digest is its own; without
 * one the case is unclassified. `second-opinion = always` asks for it without
 * suspicion, too, since words that nobody thought of give none: then the
 * provider's word, as long as it tells anything, decides on the class, and
 * services are those that both name. Where there is no provider, and somebody
 * named the class that was answered, the case without that is asked about.
 */
struct digest_task;

enum digest_stage {
	DIGEST_PART,
	DIGEST_CASE,
	DIGEST_REPAIR,
	DIGEST_SECOND,
	DIGEST_OVER,
};

/* FAULT_GONE: there is no such case any more. `scene` outlives it. */
MUST_USE
bool digest_task_new(struct digest_task **out, struct digest_scene *scene,
                     int64_t case_id, struct fault *f);
void digest_task_free(struct digest_task *t); /* NULL is allowed */

/* The next prompt, until it is answered; NULL: the task is over. Borrowed. */
const struct llm_prompt *digest_task_prompt(const struct digest_task *t);
enum digest_stage digest_task_stage(const struct digest_task *t);
struct slice digest_task_subject(const struct digest_task *t); /* public id */
const struct support_case *digest_task_case(const struct digest_task *t);

/*
 * What came of the prompt: an answer, or the fault that stands in its place.
 * One that is too long for the model is made shorter and asked again.
 */
MUST_USE
bool digest_task_answer(struct digest_task *t, const struct asker_reply *r,
                        struct fault *f);

/* For plans: in place of an answer about the case itself, which nobody can
 * know. What is asked next is the second opinion, if there will be one. */
MUST_USE
bool digest_task_skip(struct digest_task *t, struct fault *f);

/* Of a task that is over. False: *why it came to nothing. The digest lacks
 * back end, model and time; borrowed from the task. */
bool digest_task_result(const struct digest_task *t, struct digest *out,
                        struct fault *why);

/* The requests whose answers were of no use: for ledger_drop(). */
const struct slice *digest_task_useless(const struct digest_task *t,
                                        size_t *count);

/* Who answered last; empty: it did not say. */
struct slice digest_task_model(const struct digest_task *t);

#endif
