/*
 * A list of askings in the order of their start. Each waits until there is a
 * place on the wire and room in the minute, is called (again, when the server
 * refuses the form of the request and there is another one), and is ready.
 * Retries are the caller's; the hooks of each try are in ask_try.c.
 */

#include "kb/llm/ask.h"

#include <poll.h>
#include <stdlib.h>

#include "base/limits.h"
#include "base/memory.h"
#include "kb/llm/ask_request.h"
#include "kb/llm/ask_state.h"
#include "schema/ledger.h"

/* Starts a second. A model is no web site: it refuses what comes when it is
 * full, not what comes too fast, and is as good as new a moment later. */
#define RATE_LEAST 2.0

/* A key in a header of its own, for gateways that want it so. */
static bool sign_key(void *self, const struct call_try *t, struct arena *a,
                     const struct http_header **headers, size_t *count,
                     struct fault *f)
{
	const struct asker *x = self;
	struct http_header *all =
	        arena_array(a, t->header_count + 1, sizeof(*all));
	size_t i;

	(void)f;
	for (i = 0; i < t->header_count; i++)
		all[i] = t->headers[i];
	all[i].name = conf_get(x->settings.section, "key-header", "");
	all[i].value = x->settings.token;
	*headers = all;
	*count = t->header_count + 1;
	return true;
}

static bool has_key_header(const struct llm_settings *s)
{
	return s->token.len && conf_get(s->section, "key-header", "").len;
}

static bool open_aws(struct asker *x, struct fault *f)
{
	struct llm_settings *s = &x->settings;
	struct aws_options o = { .profile = s->profile,
		                 .region = s->region,
		                 .service = slice_of(s->kind->service),
		                 .env = x->o.env,
		                 .now = x->o.now };
	struct slice signing;

	if (!aws_open(&x->aws, &o, f))
		return false;
	if (!s->region.len)
		s->region = aws_region(x->aws);
	return s->url.len ||
	       aws_address(x->aws, &x->kept, &s->url, &signing, f);
}

static bool open_caller(struct asker *x, struct fault *f)
{
	const struct llm_settings *s = &x->settings;
	struct caller_options o = {
		.http = { .user_agent = SLICE("opslore/" OPSLORE_VERSION),
		          .ca_file = s->ca_file.len ? s->ca_file.at : NULL,
		          .allow_private = s->allow_private,
		          .connections = s->concurrency },
		.pace = { .rate = s->rate,
		          .least = RATE_LEAST,
		          .concurrency = s->concurrency },
		.unhurried = true,
		.tries = s->tries,
		.now = x->o.now,
		.leave = ask_leave,
		.judge = ask_judge,
		.self = x,
	};

	if (x->aws) {
		o.sign = aws_sign;
		o.sign_self = x->aws;
	} else if (has_key_header(s)) {
		o.sign = sign_key;
		o.sign_self = x;
	}
	return caller_new(&x->caller, &o, f);
}

/* The best shape that is set, or that the back end knows. */
static enum llm_shape first_shape(const struct llm_settings *s)
{
	int shape = s->shape >= 0 ? s->shape : LLM_SCHEMA;

	while (shape < LLM_PROMPT && !(s->kind->shapes & 1u << shape))
		shape++;
	return (enum llm_shape)shape;
}

bool asker_new(struct asker **out, const struct asker_options *o,
               struct fault *f)
{
	struct asker *x = memory_new(1, sizeof(*x));
	const struct llm_settings *s = &x->settings;

	x->o = *o;
	x->settings = *o->settings;
	x->shape = first_shape(s);
	x->last = &x->first;
	if ((s->kind->service && !s->token.len && !open_aws(x, f)) ||
	    !mask_new(&x->mask, f) || !open_caller(x, f) ||
	    !ask_budget_open(&x->budget, o->settings, o->store, o->now, f)) {
		asker_free(x);
		return false;
	}
	*out = x;
	return true;
}

static void asking_free(struct asking *a)
{
	arena_release(&a->arena);
	free(a);
}

void asker_free(struct asker *x)
{
	struct asking *a;

	if (!x)
		return;
	caller_free(x->caller);
	while ((a = x->first)) {
		x->first = a->next;
		asking_free(a);
	}
	mask_free(x->mask);
	aws_close(x->aws);
	arena_release(&x->kept);
	ask_budget_close(&x->budget);
	free(x);
}

static void asking_ready(struct asker *x, struct asking *a)
{
	a->state = ASKING_READY;
	if (a->reserved)
		ask_budget_release(&x->budget, &a->reserve);
	a->reserved = false;
}

/* An answer of the ledger, as if it had just come. */
static void take_kept(struct asker *x, struct asking *a,
                      const struct ledger_answer *kept)
{
	a->reply.kept = true;
	a->reply.answer = (struct llm_answer){
		.text = kept->answer,
		.finish = ask_finish_read(kept->finish),
		.input_tokens = -1,
		.output_tokens = -1,
		.model = kept->model,
	};
	x->counts.kept++;
	a->state = ASKING_READY;
}

static const struct asking *find_leader(const struct asker *x,
                                        const struct asking *a)
{
	const struct asking *b;

	for (b = x->first; b; b = b->next)
		if ((b->state == ASKING_WAITS || b->state == ASKING_CALLED) &&
		    slice_eq(b->reply.request, a->reply.request))
			return b;
	return NULL;
}

static bool asking_settle(struct asker *x, struct asking *a, struct fault *f)
{
	struct ledger_answer kept;
	bool found = false;

	if (!x->o.fresh && !ledger_find(x->o.store, a->reply.request, &a->arena,
	                                &kept, &found, f))
		return false;
	if (found) {
		take_kept(x, a, &kept);
		return true;
	}
	a->leader = find_leader(x, a);
	if (a->leader) {
		a->state = ASKING_FOLLOWS;
		return true;
	}
	if (!ask_measure(x->o.settings, &a->prompt, &a->input, &a->reserve.cost,
	                 f))
		return false;
	a->reserve.tokens = a->input + a->prompt.output_most;
	a->reserved = ask_budget_reserve(&x->budget, &a->reserve,
	                                 caller_now(x->caller), f);
	return a->reserved;
}

bool asker_start(struct asker *x, const struct llm_prompt *p,
                 struct slice subject, uint64_t id, struct fault *f)
{
	struct asking *a = memory_new(1, sizeof(*a));

	a->reply.id = id;
	if (!ask_copy(p, &a->arena, &a->prompt, f) ||
	    (!x->o.private_data && !ask_look(x->mask, &a->prompt, f)))
		goto out;
	a->subject = arena_copy(&a->arena, subject);
	ask_hash(x->o.settings, &a->prompt, a->hash);
	a->reply.request = slice_of(a->hash);
	if (!asking_settle(x, a, f))
		goto out;
	*x->last = a;
	x->last = &a->next;
	x->counts.asked++;
	return true;
out:
	asking_free(a);
	return false;
}

/* Hands it to the caller, in the words that the server takes so far. */
static bool asking_call(struct asker *x, struct asking *a)
{
	struct arena scratch = ARENA_INIT;
	struct llm_wire wire;
	struct call call = { .patient = true,
		             .timeout = x->settings.timeout,
		             .body_most = LIMIT_MODEL_ANSWER,
		             .id = (uintptr_t)a };
	bool ok;

	a->shape = x->shape;
	a->completion_tokens = x->settings.completion_tokens;
	a->heated = x->settings.temperature >= 0;
	ok = ask_wire(&x->settings, &a->prompt, a->shape, a->reply.request,
	              &scratch, &wire, &a->reply.fault);
	if (ok) {
		call.url = wire.url;
		call.body = wire.body;
		call.headers = wire.headers;
		call.header_count = wire.header_count;
		if (!has_key_header(&x->settings))
			call.bearer = x->settings.token;
		ok = caller_start(x->caller, &call, &a->reply.fault);
	}
	arena_release(&scratch);
	if (ok)
		a->state = ASKING_CALLED;
	else
		asking_ready(x, a);
	return ok;
}

/* The next shape, for this one and all that come. */
static bool next_shape(struct asker *x, const struct asking *a)
{
	int shape = (int)a->shape + 1;

	if (x->settings.shape >= 0 || !a->prompt.schema.len)
		return false;
	while (shape < LLM_PROMPT && !(x->settings.kind->shapes & 1u << shape))
		shape++;
	if (shape > LLM_PROMPT)
		return false;
	if ((int)x->shape < shape)
		x->shape = (enum llm_shape)shape;
	return true;
}

/* Whether there is another way to say what the server refused. */
static bool other_words(struct asker *x, const struct asking *a)
{
	if (!a->refused)
		return false;
	switch (a->refusal) {
	case LLM_SHAPE:
		return next_shape(x, a);
	case LLM_CEILING:
		if (a->completion_tokens == x->settings.completion_tokens) {
			if (x->ceiling_changed)
				return false;
			x->ceiling_changed = true;
			x->settings.completion_tokens ^= true;
		}
		return true;
	case LLM_HEAT:
		if (!a->heated)
			return false;
		x->settings.temperature = -1;
		return true;
	default:
		return false;
	}
}

/* What a person reads: the server's word before the caller's. */
static void land(struct asker *x, struct asking *a, const struct call_reply *r)
{
	if (a->row)
		ask_abandon(x, a);
	if (r->fault.kind == FAULT_NONE && other_words(x, a)) {
		asking_call(x, a);
		return;
	}
	a->reply.fault = a->said;
	if (r->fault.kind != FAULT_NONE &&
	    (a->said.kind == FAULT_NONE || !r->http))
		a->reply.fault = r->fault;
	asking_ready(x, a);
}

/* Those who asked the same have the same answer. */
static void tell_followers(struct asker *x, const struct asking *leader)
{
	struct asking *a;

	for (a = x->first; a; a = a->next) {
		const struct llm_answer *answer = &leader->reply.answer;

		if (a->state != ASKING_FOLLOWS || a->leader != leader)
			continue;
		a->leader = NULL;
		a->state = ASKING_READY;
		a->reply.fault = leader->reply.fault;
		if (a->reply.fault.kind != FAULT_NONE)
			continue;
		a->reply.kept = true;
		a->reply.answer = *answer;
		a->reply.answer.text = arena_copy(&a->arena, answer->text);
		a->reply.answer.model = arena_copy(&a->arena, answer->model);
		x->counts.kept++;
	}
}

static void land_all(struct asker *x)
{
	struct call_reply *r;

	while ((r = caller_next(x->caller))) {
		struct asking *a = (struct asking *)(uintptr_t)r->id;

		land(x, a, r);
		caller_done(x->caller, r);
		if (a->state == ASKING_READY)
			tell_followers(x, a);
	}
}

/* Calls what may go; milliseconds until the next may, or `wait`. */
static int64_t launch(struct asker *x, int64_t wait)
{
	struct asking *a;

	for (a = x->first; a; a = a->next) {
		int64_t now = caller_now(x->caller), when;

		if (a->state != ASKING_WAITS)
			continue;
		if (caller_pending(x->caller) >= x->settings.concurrency)
			break;
		when = ask_budget_when(&x->budget, a->reserve.tokens, now);
		if (when > now)
			return when - now < wait ? when - now : wait;
		if (!asking_call(x, a))
			tell_followers(x, a);
	}
	return wait;
}

static bool any_ready(const struct asker *x)
{
	const struct asking *a = x->first;

	while (a && (a->state != ASKING_READY || a->taken))
		a = a->next;
	return a;
}

bool asker_poll(struct asker *x, int64_t wait, struct fault *f)
{
	wait = launch(x, wait);
	if (any_ready(x))
		wait = 0;
	if (caller_pending(x->caller)) {
		if (!caller_poll(x->caller, wait, f))
			return false;
		land_all(x);
		launch(x, 0);
	} else if (wait > 0 && asker_pending(x)) {
		poll(NULL, 0, (int)wait); /* a signal ends it early */
	}
	if (x->broken.kind != FAULT_NONE)
		*f = x->broken;
	return x->broken.kind == FAULT_NONE;
}

struct asker_reply *asker_next(struct asker *x)
{
	struct asking *a;

	for (a = x->first; a; a = a->next)
		if (a->state == ASKING_READY && !a->taken) {
			a->taken = true;
			return &a->reply;
		}
	return NULL;
}

void asker_done(struct asker *x, struct asker_reply *r)
{
	struct asking **at, *a = (struct asking *)r;

	for (at = &x->first; *at != a; at = &(*at)->next)
		;
	*at = a->next;
	if (x->last == &a->next)
		x->last = at;
	asking_free(a);
}

size_t asker_pending(const struct asker *x)
{
	const struct asking *a;
	size_t n = 0;

	for (a = x->first; a; a = a->next)
		n += !a->taken;
	return n;
}

bool asker_room(const struct asker *x)
{
	const struct asking *a;
	size_t n = 0;

	for (a = x->first; a; a = a->next)
		n += a->state == ASKING_WAITS || a->state == ASKING_CALLED;
	return n < 2 * (size_t)x->settings.concurrency;
}

void asker_counts(const struct asker *x, struct asker_counts *out)
{
	*out = x->counts;
}

bool asker_estimate(struct asker *x, const struct llm_prompt *p,
                    struct asker_estimate *out, struct fault *f)
{
	struct arena scratch = ARENA_INIT;
	struct ledger_answer kept;
	char hash[65];
	bool ok;

	*out = (struct asker_estimate){ .output_tokens = p->output_most };
	ask_hash(x->o.settings, p, hash);
	ok = ask_measure(x->o.settings, p, &out->input_tokens, &out->cost, f) &&
	     (x->o.fresh || ledger_find(x->o.store, slice_of(hash), &scratch,
	                                &kept, &out->kept, f));
	arena_release(&scratch);
	return ok;
}
