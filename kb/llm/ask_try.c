/*
 * One try, from the moment before it leaves to what came back. Its row stands
 * in the ledger before it leaves. What a try took is what the answer says;
 * else the estimate, when the model may have worked (a cut, a time-out, an
 * answer that is none); else nothing, when the server refused it.
 */

#include "kb/llm/ask_state.h"

#include "base/limits.h"
#include "kb/llm/ask_request.h"
#include "schema/ledger.h"

enum { DENIALS = 3 };

static const char *const finish_names[] = { "done", "length", "refused",
	                                    "filtered" };

const char *ask_finish_name(enum llm_finish finish)
{
	return finish_names[finish];
}

enum llm_finish ask_finish_read(struct slice name)
{
	size_t i = sizeof(finish_names) / sizeof(*finish_names);

	while (--i && !slice_eq(name, slice_of(finish_names[i])))
		;
	return (enum llm_finish)i;
}

bool ask_leave(void *self, const struct call_try *t, struct fault *f)
{
	struct asker *x = self;
	struct asking *a = (struct asking *)(uintptr_t)t->id;
	struct ledger_call row = {
		.section = x->settings.name,
		.purpose = x->o.purpose,
		.subject = a->subject,
		.back_end = slice_of(x->settings.kind->name),
		.model = x->settings.model.len ? x->settings.model
		                               : x->settings.endpoint,
		.request = a->reply.request,
		.started = t->now,
		.input_tokens = a->input,
		.output_tokens = a->prompt.output_most,
		.cost = a->reserve.cost,
	};
	struct ask_amount none = { 0 };

	if (x->closed.kind != FAULT_NONE) {
		*f = x->closed;
		return false;
	}
	a->number = ++x->numbers;
	if (!a->reserved &&
	    !ask_budget_reserve(&x->budget, &a->reserve, t->now, f))
		return false;
	a->reserved = true;
	if (!ask_budget_leave(&x->budget, a->number, &a->reserve, t->now, f))
		return false;
	if (!ledger_sent(x->o.store, &row, &a->row, f)) {
		ask_budget_end(&x->budget, a->number, &a->reserve, &none);
		a->reserved = false;
		return false;
	}
	a->left = t->now;
	x->counts.sent++;
	x->counts.tried_again += t->number > 1;
	return true;
}

/* What a try came to. */
struct outcome {
	const char *word; /* the ledger's */
	int64_t status;
	int64_t input, output;
	bool reckoned;
	const struct llm_answer *answer; /* NULL: none */
};

static void try_end(struct asker *x, struct asking *a, const struct outcome *o)
{
	int64_t now = caller_now(x->caller);
	struct ask_amount real = { o->input + o->output,
		                   ask_cost(&x->settings, o->input,
		                            o->output) };
	struct ledger_end end = { .outcome = slice_of(o->word),
		                  .status = o->status,
		                  .input_tokens = o->input,
		                  .output_tokens = o->output,
		                  .reckoned = o->reckoned,
		                  .cost = real.cost,
		                  .latency = now - a->left };
	struct ledger_answer kept = { .request = a->reply.request,
		                      .subject = a->subject,
		                      .time = now };

	if (!a->row)
		return;
	if (o->answer) {
		kept.model = o->answer->model;
		kept.finish = slice_of(ask_finish_name(o->answer->finish));
		kept.answer = o->answer->text;
	}
	ask_budget_end(&x->budget, a->number, &a->reserve, &real);
	a->reserved = false;
	x->counts.input_tokens += o->input;
	x->counts.output_tokens += o->output;
	x->counts.cost += real.cost;
	if (x->broken.kind == FAULT_NONE &&
	    !ledger_ended(x->o.store, a->row, &end, o->answer ? &kept : NULL,
	                  &x->broken))
		x->closed = x->broken;
	a->row = 0;
}

/* It may have been paid: nobody knows. */
static struct outcome perhaps(const struct asking *a, const char *word,
                              int64_t status)
{
	return (struct outcome){ .word = word,
		                 .status = status,
		                 .input = a->input,
		                 .output = a->prompt.output_most,
		                 .reckoned = true };
}

void ask_abandon(struct asker *x, struct asking *a)
{
	struct outcome o = perhaps(a, "failed", 0);

	try_end(x, a, &o);
}

static enum pace_word judge_trouble(struct asker *x, struct asking *a,
                                    const struct call_try *t,
                                    const struct http_reply *r)
{
	struct outcome o = perhaps(a, "failed", 0);

	if (r->trouble == HTTP_NO_HOST || r->trouble == HTTP_NO_CONNECTION ||
	    r->trouble == HTTP_FORBIDDEN || r->trouble == HTTP_TLS)
		o.input = o.output = 0;
	try_end(x, a, &o);
	return caller_usual(NULL, t, r);
}

/* An answer's model comes back from the ledger too: it has to live as long. */
static enum pace_word judge_answer(struct asker *x, struct asking *a,
                                   const struct http_reply *r)
{
	struct llm_answer *answer = &a->reply.answer;
	struct outcome o = perhaps(a, "broken", r->status);

	if (!x->settings.kind->answer(&x->settings, a->shape, r->body,
	                              &a->arena, answer, &a->said)) {
		try_end(x, a, &o);
		return PACE_SUCCESS;
	}
	o.word = "answer";
	o.answer = answer;
	o.reckoned = answer->input_tokens < 0 || answer->output_tokens < 0;
	if (answer->input_tokens >= 0)
		o.input = answer->input_tokens;
	o.output = answer->output_tokens >= 0 ? answer->output_tokens
	                                      : llm_tokens(answer->text);
	if (!answer->model.len)
		answer->model = x->settings.model;
	x->denied = 0;
	try_end(x, a, &o);
	return PACE_SUCCESS;
}

/* A key that is refused stays refused: the rest need not be sent. Where a
 * filter in between may have refused one text, three in a row say so. */
static void note_denial(struct asker *x, const struct asking *a, int status)
{
	x->denied++;
	if (status == 401 || status == 402 || x->denied >= DENIALS)
		x->closed = a->said;
}

static enum pace_word judge_refusal(struct asker *x, struct asking *a,
                                    const struct http_reply *r)
{
	struct outcome o = { .word = "refused", .status = r->status };

	a->refused = true;
	a->refusal = x->settings.kind->refusal(&x->settings, r->status, r->body,
	                                       &a->said);
	x->counts.refused++;
	try_end(x, a, &o);
	if (a->refusal == LLM_DENIED)
		note_denial(x, a, r->status);
	if (a->refusal != LLM_AGAIN)
		return PACE_SUCCESS;
	return r->status == 429 || r->status == 503 || r->status == 529
	               ? PACE_REFUSED
	               : PACE_FAILED;
}

enum pace_word ask_judge(void *self, const struct call_try *t,
                         const struct http_reply *r)
{
	struct asker *x = self;
	struct asking *a = (struct asking *)(uintptr_t)t->id;

	a->refused = false;
	a->said = (struct fault){ 0 };
	if (x->aws)
		aws_answered(x->aws, r, caller_now(x->caller));
	if (r->trouble != HTTP_FINE)
		return judge_trouble(x, a, t, r);
	if (r->status >= 200 && r->status < 300)
		return judge_answer(x, a, r);
	return judge_refusal(x, a, r);
}
