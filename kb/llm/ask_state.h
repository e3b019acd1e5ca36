#ifndef KB_LLM_ASK_STATE_H
#define KB_LLM_ASK_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/net/aws.h"
#include "base/net/call.h"
#include "base/text/mask.h"
#include "kb/llm/ask.h"
#include "kb/llm/ask_budget.h"

/* What the files ask*.c share of an asker; nobody else includes it. */

enum asking_state {
	ASKING_WAITS,   /* for a place on the wire */
	ASKING_FOLLOWS, /* another one asks the same */
	ASKING_CALLED,  /* with the caller */
	ASKING_READY,
};

/* One prompt from asker_start() to asker_done(). */
struct asking {
	struct asker_reply reply; /* first: asker_done() is given it */
	struct asking *next;
	const struct asking *leader; /* with ASKING_FOLLOWS */
	enum asking_state state;
	bool taken; /* handed out */
	struct arena arena;
	struct llm_prompt prompt;
	struct slice subject;
	char hash[65];
	int64_t input;             /* tokens, at most */
	struct ask_amount reserve; /* what a try takes at most */
	bool reserved; /* for the next try, or the one on the wire */

	/* How it was asked last. */
	enum llm_shape shape;
	bool completion_tokens, heated;
	int64_t row, number; /* of the try on the wire: ledger's, ours */
	int64_t left;        /* when */
	enum llm_refusal refusal;
	bool refused; /* `refusal` says how */
	struct fault said;
};

struct asker {
	struct asker_options o;
	struct llm_settings settings; /* a copy: what a server refuses goes */
	enum llm_shape shape;         /* the best that is not refused so far */
	bool ceiling_changed;
	struct aws *aws;
	struct arena kept; /* AWS's address */
	struct caller *caller;
	struct mask *mask;
	struct ask_budget budget;
	struct asker_counts counts;
	struct asking *first, **last;
	int64_t numbers;     /* tries so far */
	unsigned denied;     /* in a row, with no answer between */
	struct fault closed; /* kind not NONE: nothing leaves any more */
	struct fault broken; /* the ledger cannot be written */
};

/* The caller's hooks: the ledger's row before a try leaves, its end with the
 * answer when something came back. `self` is the asker. */
bool ask_leave(void *self, const struct call_try *t, struct fault *f);
enum pace_word ask_judge(void *self, const struct call_try *t,
                         const struct http_reply *r);

/* Ends the row of a try that never came back to ask_judge(). */
void ask_abandon(struct asker *x, struct asking *a);

/* "done", as the ledger keeps it, and back. */
const char *ask_finish_name(enum llm_finish finish);
enum llm_finish ask_finish_read(struct slice name);

#endif
