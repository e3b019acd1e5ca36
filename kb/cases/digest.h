#ifndef KB_CASES_DIGEST_H
#define KB_CASES_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "kb/cases/digest_settings.h"
#include "kb/llm/ask.h"
#include "schema/store.h"

/*
 * Digesting: each new or changed case through a model to problem, cause, class
 * and what helps retrieval. The loop; what it hands the case through stands in
 * files of its own, in this order:
 *
 *	guard_in     what speaks to the model goes         guard.h
 *	mask_add     secrets and personal data go          base/text/mask.h
 *	case_text    laid out, marked, cut to the window   case_text.h
 *	prompt_make  words, schema, examples               prompt.h
 *	asker        the model                             kb/llm/ask.h
 *	reply_read   JSON, nearly JSON, CSV                reply.h
 *	verdict      closed fields from lists; guard_out,
 *	             mask_undo                             verdict.h
 *
 * What is stored is schema-valid whatever the model said, and flagged. Killed
 * at any instant, the next run goes on; answers that came are not paid again.
 */

struct digest_report {
	int64_t due, digested, failed, left; /* left: the budget ended */
	int64_t unclassified, suspect, repaired, cleaned, reduced, cut;
	struct asker_counts asked;
	struct fault first;  /* of those that failed; kind NONE: none */
	struct fault budget; /* why some are left */
};

typedef void digest_moved(void *self, const struct digest_report *so_far);

struct digest_options {
	const struct digest_settings *settings;
	const struct llm_settings *llm;
	struct store *store;
	struct slice space; /* empty: all */
	int64_t case_id;    /* this one alone, even if it is not due; 0: all */
	int64_t most;       /* cases; 0: all that are due */
	bool again;         /* also those of an older prompt; with case_id: what
	                       was answered before is asked anew */
	int64_t now;
	aws_environment *env;
	digest_moved *moved;
	void *self;
};

/*
 * Digests what is due. A case that comes to nothing is a failure in the store
 * and in the report, and the run goes on; it ends with a fault when nobody can
 * be asked (no key, no such model, a server that answers nothing), with `out`
 * saying what was done until then. FAULT_CANCELLED.
 */
MUST_USE
bool digest_run(const struct digest_options *o, struct digest_report *out,
                struct fault *f);

/* What a run would ask: cases, tokens, cost at most; how many are kept. */
struct digest_plan {
	int64_t due, prompts, kept, input_tokens, output_tokens, cost;
};
MUST_USE
bool digest_dry_run(const struct digest_options *o, struct digest_plan *out,
                    struct fault *f);

#endif
