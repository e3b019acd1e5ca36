#ifndef KB_LLM_ASK_H
#define KB_LLM_ASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/net/aws.h"
#include "base/slice.h"
#include "kb/llm/llm.h"
#include "schema/store.h"

/*
 * A model that is asked: several prompts at once, each tried again, each in
 * the ledger before it leaves, none beyond the budgets, none that was ever
 * answered before. The only place from which anything goes to a model.
 *
 *	asker_start(x, &prompt, subject, id, &f);
 *	while (asker_pending(x) && asker_poll(x, 200, &f))
 *		while ((r = asker_next(x))) { use(r); asker_done(x, r); }
 *
 * A last look at every text that is about to leave: what mask_find() knows for
 * a secret or personal datum is refused (FAULT_DENIED "llm-unmasked"), since
 * whoever asks has to mask it first.
 *
 * When the back end does not know a shape, the next one is tried and kept for
 * the rest of the run. The hash under which an answer is kept is of all that
 * decides it: kind, url, model, the prompt, output_most, temperature; not of
 * the shape.
 */
struct asker;

struct asker_options {
	const struct llm_settings *settings;
	struct store *store; /* the ledger */
	struct slice purpose;
	int64_t now;
	aws_environment *env; /* NULL: the process's */
	bool private_data;    /* no last look: tests of the look itself */
	bool fresh;           /* kept answers are not looked at */
};

struct asker_reply {
	uint64_t id;
	struct fault fault; /* kind NONE: there is an answer */
	struct llm_answer answer;
	struct slice request; /* its hash, for ledger_drop() */
	bool kept;            /* from the ledger: nothing was paid */
};

struct asker_counts {
	int64_t asked, kept, sent, tried_again, refused;
	int64_t input_tokens, output_tokens; /* of this run */
	int64_t cost;                        /* millionths */
};

MUST_USE
bool asker_new(struct asker **out, const struct asker_options *o,
               struct fault *f);
void asker_free(struct asker *x); /* NULL is allowed */

/*
 * Everything is copied. FAULT_LIMIT "llm-budget": a budget of the run or the
 * month would be passed; what is under way goes on. FAULT_LIMIT "llm-window":
 * the prompt is too long for this model.
 */
MUST_USE
bool asker_start(struct asker *x, const struct llm_prompt *p,
                 struct slice subject, uint64_t id, struct fault *f);
MUST_USE
bool asker_poll(struct asker *x, int64_t wait, struct fault *f);
struct asker_reply *asker_next(struct asker *x);
void asker_done(struct asker *x, struct asker_reply *r);

size_t asker_pending(const struct asker *x);
bool asker_room(const struct asker *x); /* one more could leave soon */
void asker_counts(const struct asker *x, struct asker_counts *out);

/* Tokens the prompt may take and what it may cost at most, and whether the
 * ledger has its answer: for --dry-run. Nothing is sent. */
struct asker_estimate {
	int64_t input_tokens, output_tokens, cost;
	bool kept;
};
MUST_USE
bool asker_estimate(struct asker *x, const struct llm_prompt *p,
                    struct asker_estimate *out, struct fault *f);

#endif
