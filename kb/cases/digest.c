/*
 * The loop: a window of tasks slides over the due cases; each has at most one
 * prompt with the asker, under the number of its place. Answers are in the
 * ledger before they are here, so that a run which is killed finds them there;
 * a digest, or a failure, is one transaction.
 */

#include "kb/cases/digest.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/cancel.h"
#include "base/clock.h"
#include "base/memory.h"
#include "kb/cases/digest_task.h"
#include "schema/digests.h"
#include "schema/ledger.h"

enum {
	PLACES = 128,     /* tasks at once, at most */
	DUE_BATCH = 1000, /* ids read at once */
	POLL = 200,       /* milliseconds */
	/* Faults in a row, with no answer between, until nobody is there: each
	 * was tried several times. Where nobody ever was, fewer will do. */
	TROUBLES_MOST = 8,
	TROUBLES_FIRST = 2,
	FILLER_WORDS = 450, /* of a part's summary, in a plan */
};

struct run {
	const struct digest_options *o;
	struct digest_report *report;
	struct digest_scene scene;
	struct asker *asker;
	int64_t *ids;
	size_t due, next;
	struct digest_task *places[PLACES];
	size_t place_count, busy;
	bool ended; /* the budget: nothing new is asked */
	unsigned troubles;
	bool answered; /* somebody is there */
};

/* All ids first: digesting changes which are due. */
static bool due_read(struct run *r, struct fault *f)
{
	const struct digest_options *o = r->o;
	const struct digest_due what = {
		.space = o->space,
		.tries = o->settings->tries,
		.again = o->again,
		.prompt = r->scene.version,
	};
	int64_t after = 0;
	size_t cap = 0, n;

	if (o->case_id) {
		r->ids = memory_room(r->ids, 0, &cap, sizeof(*r->ids));
		r->ids[0] = o->case_id;
		r->due = 1;
		return true;
	}
	do {
		int64_t batch[DUE_BATCH];
		size_t i;

		if (!digests_due(o->store, &what, after, batch, DUE_BATCH, &n,
		                 f))
			return false;
		for (i = 0; i < n && (!o->most || (int64_t)r->due < o->most);
		     i++) {
			r->ids = memory_room(r->ids, r->due, &cap,
			                     sizeof(*r->ids));
			r->ids[r->due++] = after = batch[i];
		}
		if (i < n)
			break;
	} while (n == DUE_BATCH);
	return true;
}

static bool run_open(struct run *r, const struct digest_options *o,
                     struct fault *f)
{
	const struct asker_options asker = {
		.settings = o->llm,
		.store = o->store,
		.purpose = SLICE("digest"),
		.now = o->now,
		.env = o->env,
		.fresh = o->again && o->case_id,
	};

	*r = (struct run){ .o = o };
	digest_scene_open(&r->scene, o->settings, o->llm, o->store);
	r->place_count = 2 * (size_t)(o->llm->concurrency + 1);
	if (r->place_count > PLACES)
		r->place_count = PLACES;
	return due_read(r, f) && asker_new(&r->asker, &asker, f);
}

static void run_close(struct run *r)
{
	size_t i;

	for (i = 0; i < PLACES; i++)
		digest_task_free(r->places[i]);
	asker_free(r->asker);
	digest_scene_close(&r->scene);
	free(r->ids);
}

static void report_digest(struct digest_report *report, const struct digest *d)
{
	report->digested++;
	report->unclassified += slice_eq(d->class, SLICE(DIGEST_UNCLASSIFIED));
	report->suspect += (d->flags & DIGEST_SUSPECT) != 0;
	report->repaired += (d->flags & DIGEST_REPAIRED) != 0;
	report->cleaned += (d->flags & DIGEST_CLEANED) != 0;
	report->reduced += (d->flags & DIGEST_REDUCED) != 0;
	report->cut += (d->flags & DIGEST_CUT) != 0;
}

static bool keep_digest(struct run *r, const struct digest_task *t,
                        struct digest *d, struct fault *f)
{
	struct slice model = digest_task_model(t);

	d->back_end = slice_of(r->o->llm->kind->name);
	d->model = model.len ? model : r->o->llm->model;
	if (!d->model.len)
		d->model = r->o->llm->name;
	d->time = r->o->now;
	if (!digest_put(r->o->store, d, f))
		return false;
	report_digest(r->report, d);
	return true;
}

/* The failure first: killed between, the kept answers lead here again. What
 * befell every case alike is not written down against this one. */
static bool keep_failure(struct run *r, const struct digest_task *t,
                         const struct fault *why, struct fault *f)
{
	size_t count, i;
	const struct slice *useless = digest_task_useless(t, &count);
	bool own = r->answered || why->kind == FAULT_LIMIT ||
	           (why->kind == FAULT_INPUT &&
	            strncmp(why->code, "llm-", 4) != 0);

	r->report->failed++;
	if (r->report->first.kind == FAULT_NONE) {
		char subject[200];

		r->report->first = *why;
		snprintf(subject, sizeof(subject), "%.*s",
		         SLICE_ARG(digest_task_subject(t)));
		fault_at(&r->report->first, subject, 0);
	}
	if (own &&
	    !digest_failed(r->o->store, digest_task_case(t), why, r->o->now, f))
		return false;
	for (i = 0; i < count; i++)
		if (!ledger_drop(r->o->store, useless[i], f))
			return false;
	return true;
}

/* A task that is over leaves its place. */
static bool task_leave(struct run *r, size_t place, struct fault *f)
{
	struct digest_task *t = r->places[place];
	struct digest d;
	struct fault why;
	bool ok;

	if (digest_task_result(t, &d, &why))
		ok = keep_digest(r, t, &d, f);
	else
		ok = keep_failure(r, t, &why, f);
	digest_task_free(t);
	r->places[place] = NULL;
	r->busy--;
	if (ok && r->o->moved)
		r->o->moved(r->o->self, r->report);
	return ok;
}

/* The budget has an end: the case waits for another day. */
static void task_wait(struct run *r, size_t place, const struct fault *why)
{
	r->ended = true;
	r->report->budget = *why;
	digest_task_free(r->places[place]);
	r->places[place] = NULL;
	r->busy--;
}

/* Sends prompts of a task until one is with the asker, or it is over. */
static bool task_move(struct run *r, size_t place, struct fault *f)
{
	for (;;) {
		struct digest_task *t = r->places[place];
		const struct llm_prompt *p = digest_task_prompt(t);
		struct asker_reply refused = { 0 };

		if (!p)
			return task_leave(r, place, f);
		if (asker_start(r->asker, p, digest_task_subject(t), place,
		                &refused.fault))
			return true;
		if (!strcmp(refused.fault.code, "llm-budget")) {
			task_wait(r, place, &refused.fault);
			return true;
		}
		if (refused.fault.kind != FAULT_LIMIT &&
		    strcmp(refused.fault.code, "llm-unmasked") != 0) {
			*f = refused.fault;
			return false;
		}
		if (!digest_task_answer(t, &refused, f))
			return false;
	}
}

/* Fills free places with the next cases. */
static bool tasks_take(struct run *r, struct fault *f)
{
	size_t place;

	for (place = 0; place < r->place_count; place++) {
		if (r->places[place])
			continue;
		if (r->ended || r->next == r->due || !asker_room(r->asker))
			break;
		if (!digest_task_new(&r->places[place], &r->scene,
		                     r->ids[r->next++], f)) {
			if (f->kind != FAULT_GONE)
				return false;
			r->report->due--;
			continue;
		}
		r->busy++;
		if (!task_move(r, place, f))
			return false;
	}
	return true;
}

/* Whether a fault means that no case can be asked about, not this one. */
static bool ends_run(struct run *r, const struct fault *why)
{
	switch (why->kind) {
	case FAULT_NONE:
		r->troubles = 0;
		r->answered = true;
		return false;
	case FAULT_LIMIT:
		return false;
	case FAULT_DENIED:
		return strcmp(why->code, "llm-filtered") != 0 &&
		       strcmp(why->code, "llm-unmasked") != 0;
	case FAULT_LATER:
	case FAULT_BUSY:
		return ++r->troubles >=
		       (r->answered ? TROUBLES_MOST : TROUBLES_FIRST);
	case FAULT_INPUT:
		return ++r->troubles >= TROUBLES_MOST;
	default:
		return true;
	}
}

static bool reply_take(struct run *r, const struct asker_reply *reply,
                       struct fault *f)
{
	size_t place = (size_t)reply->id;

	if (reply->fault.kind == FAULT_LIMIT &&
	    !strcmp(reply->fault.code, "llm-budget")) {
		task_wait(r, place, &reply->fault);
		return true;
	}
	if (ends_run(r, &reply->fault)) {
		*f = reply->fault;
		return false;
	}
	return digest_task_answer(r->places[place], reply, f) &&
	       task_move(r, place, f);
}

static bool replies_take(struct run *r, struct fault *f)
{
	struct asker_reply *reply;
	bool ok = true;

	while (ok && (reply = asker_next(r->asker))) {
		ok = reply_take(r, reply, f);
		asker_done(r->asker, reply);
	}
	return ok;
}

static bool run_loop(struct run *r, struct fault *f)
{
	while ((!r->ended && r->next < r->due) || r->busy)
		if (!cancel_check(f) || !tasks_take(r, f) ||
		    !asker_poll(r->asker, POLL, f) || !replies_take(r, f))
			return false;
	return true;
}

bool digest_run(const struct digest_options *o, struct digest_report *out,
                struct fault *f)
{
	struct run r;
	bool ok;

	*out = (struct digest_report){ 0 };
	ok = run_open(&r, o, f);
	r.report = out;
	out->due = (int64_t)r.due;
	ok = ok && run_loop(&r, f);
	out->left = out->due - out->digested - out->failed;
	if (r.asker)
		asker_counts(r.asker, &out->asked);
	run_close(&r);
	return ok;
}

/* One prompt into the plan; in place of its answer, so many words. */
static bool plan_prompt(struct run *r, struct digest_task *t,
                        struct digest_plan *plan, struct slice filler,
                        struct fault *f)
{
	struct asker_reply answer = { .answer.text = filler };
	struct asker_estimate e;

	if (!asker_estimate(r->asker, digest_task_prompt(t), &e,
	                    &answer.fault)) {
		if (answer.fault.kind != FAULT_LIMIT) {
			*f = answer.fault;
			return false;
		}
		return digest_task_answer(t, &answer, f);
	}
	plan->prompts++;
	plan->kept += e.kept;
	if (!e.kept) {
		plan->input_tokens += e.input_tokens;
		plan->output_tokens += e.output_tokens;
		plan->cost += e.cost;
	}
	return digest_task_stage(t) == DIGEST_CASE
	               ? digest_task_skip(t, f)
	               : digest_task_answer(t, &answer, f);
}

static bool plan_case(struct run *r, int64_t id, struct digest_plan *plan,
                      struct slice filler, struct fault *f)
{
	struct digest_task *t = NULL;
	bool ok = digest_task_new(&t, &r->scene, id, f);

	if (!ok && f->kind == FAULT_GONE)
		return true;
	plan->due += ok;
	/* The filler is no digest: asking again is not planned. */
	while (ok && digest_task_prompt(t) &&
	       digest_task_stage(t) != DIGEST_REPAIR)
		ok = plan_prompt(r, t, plan, filler, f);
	digest_task_free(t);
	return ok;
}

bool digest_dry_run(const struct digest_options *o, struct digest_plan *out,
                    struct fault *f)
{
	struct buf filler = BUF_INIT(FILLER_WORDS * 8);
	struct run r;
	size_t i;
	bool ok;

	*out = (struct digest_plan){ 0 };
	for (i = 0; i < FILLER_WORDS; i++)
		buf_text(&filler, "and so ");
	ok = run_open(&r, o, f);
	for (i = 0; ok && i < r.due; i++)
		ok = cancel_check(f) &&
		     plan_case(&r, r.ids[i], out, buf_slice(&filler), f);
	run_close(&r);
	buf_release(&filler);
	return ok;
}
