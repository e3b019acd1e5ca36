#ifndef KB_LLM_ASK_BUDGET_H
#define KB_LLM_ASK_BUDGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "kb/llm/llm.h"
#include "schema/store.h"

/*
 * What may be spent, as arithmetic: in a run, in a month of UTC, in a minute.
 * No clock: times are passed in, milliseconds UTC. What is asked is reserved
 * at its estimate before it leaves and settled by what it took; a month holds
 * what other processes spent too, as the ledger has it.
 *
 *	ask_budget_reserve(b, &amount, now, &f)     or no try is made
 *	ask_budget_leave(b, id, &amount, now, &f)   the try leaves
 *	ask_budget_end(b, id, &estimate, &real)     and uses up what it had
 *	ask_budget_release(b, &amount)              or it never left
 */
struct ask_amount {
	int64_t tokens, cost; /* both ways; millionths */
};

struct ask_minute {
	int64_t id, time, tokens;
};

struct ask_budget {
	const struct llm_settings *settings;
	struct store *store;
	/* private from here on */
	struct ask_amount spent, reserved; /* of this run */
	struct ask_amount on_wire;         /* rows without an end, of ours */
	struct ask_amount month_spent;     /* of this run in this month */
	struct ask_amount others;          /* of the month, not ours */
	int64_t month;                     /* its start */
	unsigned leaves;                   /* since the ledger was asked */
	struct ask_minute *minute;
	size_t minute_count, minute_cap;
};

/* `settings` and `store` outlive it. */
MUST_USE
bool ask_budget_open(struct ask_budget *b, const struct llm_settings *settings,
                     struct store *store, int64_t now, struct fault *f);
void ask_budget_close(struct ask_budget *b);

/* FAULT_LIMIT "llm-budget" says which one would be passed. */
MUST_USE
bool ask_budget_reserve(struct ask_budget *b, const struct ask_amount *a,
                        int64_t now, struct fault *f);
void ask_budget_release(struct ask_budget *b, const struct ask_amount *a);

/* `a` is what was reserved; `id` names the try. FAULT_LIMIT: others have spent
 * it meanwhile. */
MUST_USE
bool ask_budget_leave(struct ask_budget *b, int64_t id,
                      const struct ask_amount *a, int64_t now, struct fault *f);
void ask_budget_end(struct ask_budget *b, int64_t id,
                    const struct ask_amount *estimate,
                    const struct ask_amount *real);

/* When so many tokens may leave within the bound of a minute; what is larger
 * than the bound goes alone. */
int64_t ask_budget_when(struct ask_budget *b, int64_t tokens, int64_t now);

/* The first millisecond of the month, UTC. */
int64_t ask_month(int64_t now);

#endif
