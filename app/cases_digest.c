/* cases digest: what is due through a model, and what it cost. */

#include <stdio.h>
#include <stdlib.h>

#include "app/case_operand.h"
#include "app/cases.h"
#include "app/options.h"
#include "base/cancel.h"
#include "base/json.h"
#include "base/say.h"
#include "kb/cases/digest.h"
#include "schema/identity.h"

struct digest_args {
	const char *space, *most, *id;
	bool dry, again;
	struct buf name; /* of the space, as it is written */
};

/* Everything a run needs, open. */
struct digesting {
	struct app *app;
	struct arena arena;
	struct digest_settings settings;
	struct llm_settings llm;
	struct digest_options options;
	struct progress progress;
};

static const char *digest_environment(const char *name)
{
	return getenv(name);
}

static bool args_read(struct digest_args *x, int argc, char **argv,
                      int64_t *most, struct fault *f)
{
	const struct option table[] = {
		{ .name = "space", .value = &x->space },
		{ .name = "most", .value = &x->most },
		{ .name = "case", .value = &x->id },
		{ .name = "dry-run", .flag = &x->dry },
		{ .name = "again", .flag = &x->again },
		{ 0 },
	};
	int n;

	if (!options_read(table, argc, argv, &n, f) ||
	    !option_number("most", x->most, 1, INT64_MAX, most, f) ||
	    (x->space && !identity_space(slice_of(x->space), &x->name, f)))
		return false;
	return !n || fault(f, FAULT_USAGE, "usage",
	                   "cases digest takes no operand: --case ID digests "
	                   "one case alone");
}

static void digest_progress(void *self, const struct digest_report *r)
{
	struct digesting *x = self;
	int64_t done = r->digested + r->failed;

	progress_move(&x->progress, done, r->due, done);
}

static void money(char *out, size_t size, int64_t millionths,
                  const struct llm_settings *llm)
{
	if (llm->input_price > 0 || llm->output_price > 0)
		snprintf(out, size, "%lld.%04lld %.*s",
		         (long long)(millionths / 1000000),
		         (long long)(millionths % 1000000 / 100),
		         SLICE_ARG(llm->currency));
	else
		snprintf(out, size, "no price is set for [llm %.*s]",
		         SLICE_ARG(llm->name));
}

static void plan_text(const struct digesting *x, const struct digest_plan *p)
{
	char cost[100];

	money(cost, sizeof(cost), p->cost, &x->llm);
	printf("%lld cases, %lld prompts, %lld of them answered already\n",
	       (long long)p->due, (long long)p->prompts, (long long)p->kept);
	printf("at most %lld tokens in, %lld out; %s\n",
	       (long long)p->input_tokens, (long long)p->output_tokens, cost);
	puts("an answer that has to be asked for again costs as much once "
	     "more");
}

static void numbers_json(const char *const *names, const int64_t *numbers,
                         size_t count, struct json_out *o)
{
	size_t i;

	for (i = 0; i < count; i++)
		json_pair_number(o, names[i], numbers[i]);
}

static void plan_json(const struct digesting *x, const struct digest_plan *p)
{
	static const char *const names[] = {
		"version",      "due",           "prompts",         "kept",
		"input_tokens", "output_tokens", "cost_millionths",
	};
	const int64_t numbers[] = { 1,       p->due,          p->prompts,
		                    p->kept, p->input_tokens, p->output_tokens,
		                    p->cost };
	struct buf line = BUF_INIT(1 << 16);
	struct json_out o;

	json_start(&o, &line);
	json_open(&o, '{');
	numbers_json(names, numbers, 7, &o);
	json_pair(&o, "currency", x->llm.currency);
	json_close(&o, '}');
	puts(buf_string(&line));
	buf_release(&line);
}

static void report_text(const struct digesting *x,
                        const struct digest_report *r)
{
	const struct {
		int64_t number;
		const char *what;
	} notes[] = {
		{ r->unclassified, "unclassified" }, { r->suspect, "suspect" },
		{ r->repaired, "repaired" },         { r->cleaned, "cleaned" },
		{ r->reduced, "in parts" },          { r->cut, "cut" },
	};
	char cost[100];
	size_t i;

	printf("%lld of %lld cases digested, %lld failed, %lld left\n",
	       (long long)r->digested, (long long)r->due, (long long)r->failed,
	       (long long)r->left);
	for (i = 0; i < sizeof(notes) / sizeof(*notes); i++)
		if (notes[i].number)
			printf("  %lld %s\n", (long long)notes[i].number,
			       notes[i].what);
	money(cost, sizeof(cost), r->asked.cost, &x->llm);
	printf("%lld asked, %lld kept answers, %lld sent, %lld tried again; "
	       "%lld tokens in, %lld out; %s\n",
	       (long long)r->asked.asked, (long long)r->asked.kept,
	       (long long)r->asked.sent, (long long)r->asked.tried_again,
	       (long long)r->asked.input_tokens,
	       (long long)r->asked.output_tokens, cost);
	if (r->digested)
		puts("next: opslore cases fold");
}

static void report_json(const struct digesting *x,
                        const struct digest_report *r)
{
	static const char *const names[] = {
		"version",      "due",           "digested",
		"failed",       "left",          "unclassified",
		"suspect",      "repaired",      "cleaned",
		"reduced",      "cut",           "asked",
		"kept",         "sent",          "tried_again",
		"input_tokens", "output_tokens", "cost_millionths",
	};
	const int64_t numbers[] = {
		1,
		r->due,
		r->digested,
		r->failed,
		r->left,
		r->unclassified,
		r->suspect,
		r->repaired,
		r->cleaned,
		r->reduced,
		r->cut,
		r->asked.asked,
		r->asked.kept,
		r->asked.sent,
		r->asked.tried_again,
		r->asked.input_tokens,
		r->asked.output_tokens,
		r->asked.cost,
	};
	struct buf line = BUF_INIT(1 << 16);
	struct json_out o;

	json_start(&o, &line);
	json_open(&o, '{');
	numbers_json(names, numbers, sizeof(numbers) / sizeof(*numbers), &o);
	json_pair(&o, "currency", x->llm.currency);
	json_close(&o, '}');
	puts(buf_string(&line));
	buf_release(&line);
}

static void report_out(const struct digesting *x, const struct digest_report *r)
{
	struct fault f;

	if (r->first.kind != FAULT_NONE) {
		f = r->first;
		fault_in(&f, "the first of %lld that failed",
		         (long long)r->failed);
		say_fault(SAY_WARN, &f);
	}
	if (r->budget.kind != FAULT_NONE)
		say_fault(SAY_WARN, &r->budget);
	if (x->app->json)
		report_json(x, r);
	else if (x->app->progress != PROGRESS_QUIET)
		report_text(x, r);
}

/* The exit code. What was done is told even where the run ended early. */
static int digest_all(struct digesting *x)
{
	struct digest_report r;
	struct fault f;
	bool ok;

	progress_start(&x->progress, x->app->progress, "cases digest", "cases");
	ok = digest_run(&x->options, &r, &f);
	progress_end(&x->progress);
	if (ok || (!x->app->json && r.digested + r.failed))
		report_out(x, &r);
	if (ok)
		return r.failed || r.left ? EXIT_PARTLY : EXIT_DONE;
	if (f.kind == FAULT_CANCELLED)
		fault(&f, FAULT_CANCELLED, "cancelled",
		      "stopped; what is digested stays, and the same command "
		      "goes on from there");
	return app_fail(x->app, &f);
}

static int digest_plan(struct digesting *x)
{
	struct digest_plan p;
	struct fault f;

	if (!digest_dry_run(&x->options, &p, &f))
		return app_fail(x->app, &f);
	if (x->app->json)
		plan_json(x, &p);
	else
		plan_text(x, &p);
	return EXIT_DONE;
}

static bool digesting_open(struct digesting *x, const struct digest_args *args,
                           struct store **s, struct fault *f)
{
	struct digest_options *o = &x->options;

	o->settings = &x->settings;
	o->llm = &x->llm;
	o->space = buf_slice(&args->name);
	o->again = args->again;
	o->now = x->app->now;
	o->moved = digest_progress;
	o->self = x;
	if (!app_whole(x->app, f) ||
	    !digest_settings_read(&x->settings, x->app->conf, &x->arena, f) ||
	    !llm_settings_read(&x->llm, x->app->conf, x->settings.model,
	                       digest_environment, &x->arena, f) ||
	    !app_store(x->app, args->dry ? STORE_READ : STORE_WRITE, s, f))
		return false;
	o->store = *s;
	return !args->id || case_operand(*s, &reader_all, args->id, args->space,
	                                 &o->case_id, f);
}

static int digest_command(struct app *app, int argc, char **argv)
{
	struct digest_args args = { .name = BUF_INIT(4096) };
	struct digesting x = { .app = app };
	struct store *s = NULL;
	struct fault f;
	int code;

	cancel_setup();
	if (!args_read(&args, argc, argv, &x.options.most, &f) ||
	    !digesting_open(&x, &args, &s, &f))
		code = app_fail(app, &f);
	else
		code = args.dry ? digest_plan(&x) : digest_all(&x);
	store_close(s);
	arena_release(&x.arena);
	buf_release(&args.name);
	return code;
}

const struct subcommand cases_digest = {
	.name = "digest",
	.usage = "[--dry-run] [--space SPACE] [--case ID] [--most N] [--again]",
	.summary = "each new or changed case through a model",
	.run = digest_command,
};
