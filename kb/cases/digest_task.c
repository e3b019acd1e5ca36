/*
 * The stages in order, and what leads from one to the next. Everything that is
 * made for a case lies in the task's arena.
 */

#include "kb/cases/digest_task.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/memory.h"
#include "kb/cases/case_text.h"
#include "kb/cases/digest_state.h"
#include "kb/cases/reply.h"
#include "kb/cases/verdict.h"
#include "schema/identity.h"
#include "schema/reader.h"

enum {
	SHORTER_MOST = 3,     /* times that a case is made shorter */
	SHORTER_PERCENT = 75, /* each to so much of what it was */
};

static bool suspicious(const struct digest_task *t)
{
	unsigned signs = 0;
	int i;

	for (i = 0; i < SHOWN_PLACES; i++)
		signs |= t->shown.signs[i];
	return signs & SUSPICION;
}

static void task_over(struct digest_task *t)
{
	t->stage = DIGEST_OVER;
}

static void task_fail(struct digest_task *t, const struct fault *why)
{
	t->why = *why;
	t->found = false;
	task_over(t);
}

/* The house's words leave the house, too. */
static bool mask_instructions(struct digest_task *t, struct fault *f)
{
	struct buf b = BUF_INIT(LIMIT_CONFIG * 4);
	bool ok = mask_add(t->mask, t->scene->settings->instructions, &b, f);

	if (ok)
		t->words.instructions = arena_copy(&t->arena, buf_slice(&b));
	buf_release(&b);
	return ok;
}

static void task_subject(struct digest_task *t)
{
	const struct identity id = { .space = t->c.space,
		                     .native = t->c.native };
	struct buf b = BUF_INIT(LIMIT_ROW);

	identity_write(&b, &id);
	t->subject = arena_copy(&t->arena, buf_slice(&b));
	buf_release(&b);
}

/* What the words are made of, and the case as it may be seen. */
static bool task_prepare(struct digest_task *t, struct fault *f)
{
	const struct digest_settings *settings = t->scene->settings;
	struct prompt_words *w = &t->words;

	*w = (struct prompt_words){
		.settings = settings,
		.boundary = case_boundary(store_uuid(t->scene->store), &t->c,
		                          &t->arena),
		.language = settings->language,
		.output_most = t->scene->llm->output_most,
	};
	task_subject(t);
	if (!case_show(t->scene, &t->c, t->mask, t->held, &t->arena, &t->shown,
	               f) ||
	    !mask_instructions(t, f) ||
	    !digest_services(t->scene, &t->c, &t->arena, &w->services,
	                     &w->service_count, f) ||
	    !digest_examples(t->scene, &t->c, &t->arena, &w->examples,
	                     &w->example_count, f))
		return false;
	return true;
}

/* What is the case's own fault: too large, not as text has to be. */
static bool own_fault(const struct fault *f)
{
	return f->kind == FAULT_LIMIT || f->kind == FAULT_INPUT;
}

bool digest_task_new(struct digest_task **out, struct digest_scene *scene,
                     int64_t case_id, struct fault *f)
{
	struct digest_task *t = memory_new(1, sizeof(*t));
	struct fault why = { 0 };
	bool ok;

	*t = (struct digest_task){ .scene = scene, .most = INT64_MAX };
	ok = case_load(scene->store, &reader_all, case_id, &t->arena, &t->c,
	               f) &&
	     mask_new(&t->mask, f) && guard_case_new(&t->held, f);
	if (ok && !(task_prepare(t, &why) && digest_ask_start(t, &why))) {
		ok = own_fault(&why);
		task_fail(t, &why);
		if (!ok)
			*f = why;
	}
	if (ok)
		*out = t;
	else
		digest_task_free(t);
	return ok;
}

void digest_task_free(struct digest_task *t)
{
	if (!t)
		return;
	mask_free(t->mask);
	guard_case_free(t->held);
	arena_release(&t->arena);
	free(t);
}

const struct llm_prompt *digest_task_prompt(const struct digest_task *t)
{
	return t->stage == DIGEST_OVER ? NULL : &t->prompt;
}

enum digest_stage digest_task_stage(const struct digest_task *t)
{
	return t->stage;
}

struct slice digest_task_subject(const struct digest_task *t)
{
	return t->subject;
}

const struct support_case *digest_task_case(const struct digest_task *t)
{
	return &t->c;
}

/* The answer is asked for again some day: it is of no use now. */
static void task_useless(struct digest_task *t, const struct asker_reply *r)
{
	if (r->request.len && t->useless_count < USELESS)
		t->useless[t->useless_count++] =
		        arena_copy(&t->arena, r->request);
}

/* Text by a model about text of others: guarded as theirs is. */
static bool take_part(struct digest_task *t, const struct asker_reply *r,
                      struct fault *f)
{
	struct guard_input in = { 0 };

	if (!guard_in(r->answer.text, &t->scene->names, &t->arena, &in, f))
		return false;
	t->summaries[t->part] = slice_trim(in.text);
	/* It can only have that from the part. */
	if (in.signs & SUSPICION)
		t->flags |= DIGEST_SUSPECT;
	if (!t->summaries[t->part].len) {
		t->summaries[t->part] = SLICE("[not summarised]");
		t->flags |= DIGEST_CUT;
		task_useless(t, r);
	}
	if (++t->part < t->part_count) {
		digest_ask_part(t);
		return true;
	}
	return digest_ask_case(t, f);
}

/* Without a second opinion, the first is nobody's word. */
static void second_missing(struct digest_task *t, const struct fault *why)
{
	if (!t->found) {
		task_fail(t, why);
		return;
	}
	if (!suspicious(t)) {
		task_over(t);
		return;
	}
	t->best.digest.class = SLICE(DIGEST_UNCLASSIFIED);
	t->best.digest.service_count = 0;
	task_over(t);
}

static bool ask_second(struct digest_task *t, struct fault *f)
{
	struct fault why;
	bool asked;

	if (suspicious(t))
		t->flags |= DIGEST_SUSPECT;
	if (!digest_ask_second(t, &asked, f))
		return false;
	if (!asked) {
		fault(&why, FAULT_DENIED, "digest-suspect",
		      "all of the case speaks to the model");
		second_missing(t, &why);
	}
	return true;
}

/* That somebody named the very class is no suspicion, but reason to ask twice;
 * and what speaks to the model unnoticed gives no reason at all. */
static bool second_wanted(const struct digest_task *t)
{
	return suspicious(t) || t->unnamed.any ||
	       (t->scene->settings->second_always && digest_has_second(t));
}

/* There is an answer to be stored; whether it may be, as it is. */
static bool task_found(struct digest_task *t, struct fault *f)
{
	t->found = true;
	case_unname(t->scene, &t->shown.shown, t->best.digest.class, &t->arena,
	            &t->unnamed);
	return digest_task_skip(t, f);
}

/* Reads and judges; `v` says nothing usable for what cannot be read. */
static bool judge(struct digest_task *t, const struct asker_reply *r,
                  struct verdict *v, struct fault *f)
{
	const struct verdict_scene scene = {
		.settings = t->scene->settings,
		.services = t->words.services,
		.service_count = t->words.service_count,
		.mask = t->mask,
		.held = t->held,
		.id = t->c.native,
		.boundary = t->words.boundary,
		.language = t->scene->settings->language.len
		                    ? t->scene->settings->language
		                    : t->c.language,
	};
	const struct reply_hints hints = {
		.id = t->shown.shown.native,
		.classes = t->scene->names.classes,
		.class_count = t->scene->names.class_count,
	};
	struct case_answer answer;
	struct fault why;

	*v = (struct verdict){ 0 };
	if (!reply_read(r->answer.text, &hints, &t->arena, &answer, &why)) {
		v->wrong = r->answer.finish == LLM_LENGTH
		                   ? "it was too long and has no end; be "
		                     "shorter"
		                   : "it is not the JSON object that was asked "
		                     "for";
		v->code = "digest-reply";
		return true;
	}
	if (!verdict_read(&scene, &answer, &t->arena, v, f))
		return false;
	/* The end of it may have been the class, or a step. */
	if (v->usable && !v->wrong && answer.cut && !v->digest.cause.len) {
		v->wrong = "it has no end; be shorter";
		v->code = "digest-cut";
	}
	return true;
}

static void wrong_fault(const struct verdict *v, struct fault *why)
{
	fault(why, FAULT_INPUT, v->code, "asked twice, the answer is wrong: %s",
	      v->wrong);
}

/* The second answer was no better: what there is has to do. */
static bool task_settle(struct digest_task *t, const struct verdict *v,
                        struct fault *f)
{
	if (t->best.usable)
		return task_found(t, f);
	wrong_fault(v, &t->why);
	task_fail(t, &t->why);
	return true;
}

static bool take_digest(struct digest_task *t, const struct asker_reply *r,
                        struct fault *f)
{
	bool again = t->stage == DIGEST_REPAIR;
	struct verdict v;

	if (!judge(t, r, &v, f))
		return false;
	if (again)
		v.digest.flags |= DIGEST_REPAIRED;
	if (v.usable && (!v.wrong || !t->best.usable))
		t->best = v;
	if (!v.wrong)
		return task_found(t, f);
	task_useless(t, r);
	/* What spoke to the model may be why: it is not asked that again. */
	if (suspicious(t)) {
		t->found = t->best.usable;
		return ask_second(t, f);
	}
	if (again)
		return task_settle(t, &v, f);
	digest_ask_again(t, r->answer.text, v.wrong);
	return true;
}

/* Services that both name, and the case's own: one opinion may be steered.
 * Where they agree on none, the one that decides has its way. */
static void agree_services(struct digest *d, const struct digest *other,
                           struct slice own, struct arena *a)
{
	struct slice *kept = arena_array(a, d->service_count, sizeof(*kept));
	size_t i, j, n = 0;

	for (i = 0; i < d->service_count; i++) {
		bool both = slice_eq(d->services[i], own);

		for (j = 0; j < other->service_count; j++)
			both = both ||
			       slice_eq(d->services[i], other->services[j]);
		if (both)
			kept[n++] = d->services[i];
	}
	d->services = n ? kept : other->services;
	d->service_count = n ? n : other->service_count;
}

/*
 * The opinion that nobody could steer decides. When the other one says the
 * same, its sentences stay: it saw all of the case. Where there is no suspicion
 * and the provider's word alone does not tell, the first one stays.
 */
static void take_opinion(struct digest_task *t, const struct verdict *v)
{
	struct digest *d = &t->best.digest;
	bool same = t->found && slice_eq(d->class, v->digest.class);
	bool silent = slice_eq(v->digest.class, SLICE(DIGEST_UNCLASSIFIED));

	if (!suspicious(t) && (same || silent)) {
		agree_services(d, &v->digest, t->c.service, &t->arena);
		return;
	}
	if (!same) {
		t->best = *v;
		t->flags |= DIGEST_CUT | DIGEST_SUSPECT;
	}
	d->services = v->digest.services;
	d->service_count = v->digest.service_count;
}

static bool take_second(struct digest_task *t, const struct asker_reply *r,
                        struct fault *f)
{
	struct fault why;
	struct verdict v;

	if (!judge(t, r, &v, f))
		return false;
	if (!v.usable) {
		wrong_fault(&v, &why);
		task_useless(t, r);
		second_missing(t, &why);
		return true;
	}
	take_opinion(t, &v);
	t->found = true;
	task_over(t);
	return true;
}

/* Whether a shorter case may do. */
static bool too_long(const struct digest_task *t, const struct fault *why)
{
	return (t->stage == DIGEST_PART || t->stage == DIGEST_CASE) &&
	       t->shorter < SHORTER_MOST && !strcmp(why->code, "llm-window");
}

/* No answer at all: the fault is what became of it. */
static bool take_fault(struct digest_task *t, const struct fault *why,
                       struct fault *f)
{
	struct fault failed;

	if (t->stage == DIGEST_SECOND) {
		second_missing(t, why);
		return true;
	}
	if (t->stage == DIGEST_REPAIR && t->best.usable)
		return task_found(t, f);
	if (!too_long(t, why)) {
		task_fail(t, why);
		return true;
	}
	t->shorter++;
	t->most = llm_tokens(t->prompt.turns[0].text) * SHORTER_PERCENT / 100;
	if (!digest_ask_start(t, &failed))
		task_fail(t, &failed);
	return true;
}

static bool refused(struct digest_task *t, const struct asker_reply *r,
                    struct fault *f)
{
	struct fault why;

	task_useless(t, r);
	fault(&why, FAULT_DENIED, "digest-refused", "%s",
	      r->answer.finish == LLM_FILTERED
	              ? "the provider's filter took the answer away"
	              : "the model will not answer");
	return take_fault(t, &why, f);
}

static bool take_answer(struct digest_task *t, const struct asker_reply *r,
                        struct fault *f)
{
	if (r->fault.kind != FAULT_NONE)
		return take_fault(t, &r->fault, f);
	if (r->answer.model.len)
		t->model = arena_copy(&t->arena, r->answer.model);
	if (r->answer.finish == LLM_REFUSED || r->answer.finish == LLM_FILTERED)
		return refused(t, r, f);
	switch (t->stage) {
	case DIGEST_PART:
		return take_part(t, r, f);
	case DIGEST_CASE:
	case DIGEST_REPAIR:
		return take_digest(t, r, f);
	case DIGEST_SECOND:
		return take_second(t, r, f);
	default:
		return true;
	}
}

bool digest_task_answer(struct digest_task *t, const struct asker_reply *r,
                        struct fault *f)
{
	struct fault why;

	if (take_answer(t, r, &why))
		return true;
	if (own_fault(&why)) {
		task_fail(t, &why);
		return true;
	}
	*f = why;
	return false;
}

bool digest_task_skip(struct digest_task *t, struct fault *f)
{
	if (second_wanted(t))
		return ask_second(t, f);
	task_over(t);
	return true;
}

bool digest_task_result(const struct digest_task *t, struct digest *out,
                        struct fault *why)
{
	if (!t->found) {
		*why = t->why;
		return false;
	}
	*out = t->best.digest;
	out->case_id = t->c.id;
	out->case_hash = t->c.hash;
	out->flags |= t->flags;
	if (t->shown.masked)
		out->flags |= DIGEST_MASKED;
	if (!out->language.len)
		out->language = SLICE("und");
	out->prompt = t->scene->version;
	return true;
}

const struct slice *digest_task_useless(const struct digest_task *t,
                                        size_t *count)
{
	*count = t->useless_count;
	return t->useless;
}

struct slice digest_task_model(const struct digest_task *t)
{
	return t->model;
}
