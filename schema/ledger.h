#ifndef SCHEMA_LEDGER_H
#define SCHEMA_LEDGER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/slice.h"
#include "schema/store.h"

/*
 * What models were asked, what it cost, and what they said. A call stands in
 * the ledger before it leaves; its answer and its end are one transaction. So
 * an answer that arrived is never paid for again, and a call whose answer was
 * lost (a process killed while it waited) stays visible as "sent", and counts
 * by its estimate.
 */
struct ledger_call {
	struct slice section; /* of [llm NAME] */
	struct slice purpose; /* "digest" */
	struct slice subject; /* public id of what it is about */
	struct slice back_end, model;
	struct slice request; /* SHA-256 of all that decides the answer, hex */
	int64_t started;
	int64_t input_tokens, output_tokens; /* reckoned, at most */
	int64_t cost;                        /* millionths of the currency */
};

MUST_USE
bool ledger_sent(struct store *s, const struct ledger_call *c, int64_t *id,
                 struct fault *f);

struct ledger_end {
	struct slice outcome; /* "answer", "refused", "failed", "broken" ... */
	int64_t status;       /* of HTTP; 0: none */
	int64_t input_tokens, output_tokens;
	bool reckoned; /* these are estimates: the answer did not say */
	int64_t cost, latency;
};

struct ledger_answer {
	struct slice request, subject, model, finish;
	struct slice answer; /* the model's words, as they came */
	int64_t time;
};

/* `answer` may be NULL: nothing worth keeping came. */
MUST_USE
bool ledger_ended(struct store *s, int64_t id, const struct ledger_end *e,
                  const struct ledger_answer *answer, struct fault *f);

/* What was answered to this very request, ever. */
MUST_USE
bool ledger_find(struct store *s, struct slice request, struct arena *a,
                 struct ledger_answer *out, bool *found, struct fault *f);

/* An answer nobody can use is asked for again. */
MUST_USE
bool ledger_drop(struct store *s, struct slice request, struct fault *f);

struct ledger_sum {
	int64_t calls, answered, lost; /* lost: sent, and no end */
	int64_t input_tokens, output_tokens, cost, latency;
};

/* Of a section (empty: all) since `from`. */
MUST_USE
bool ledger_sum(struct store *s, struct slice section, int64_t from,
                struct ledger_sum *out, struct fault *f);

/* By section, model and month, for `cases report ledger`. */
struct ledger_line {
	struct slice section, model, month, outcome;
	int64_t calls, input_tokens, output_tokens, cost;
};
typedef bool ledger_fn(void *self, const struct ledger_line *l,
                       struct fault *f);
MUST_USE
bool ledger_each(struct store *s, struct arena *a, ledger_fn *fn, void *self,
                 struct fault *f);

#endif
