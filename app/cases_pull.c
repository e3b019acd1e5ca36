/* cases pull: each [cases NAME] in turn, from its provider into the store. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/cases.h"
#include "app/pull_summary.h"
#include "base/cancel.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/say.h"
#include "crawler/cases/pull.h"

enum { NAMES_MOST = 64 };

struct pull_args {
	const char *names[NAMES_MOST];
	size_t count;
	bool all, dry_run, full;
	int64_t since; /* CLOCK_NONE: not said */
};

struct pulls {
	struct app *app;
	const struct pull_args *args;
	struct store *store;
	struct progress progress;
	struct pull_result *results;
	struct pull_probe *probes;
	size_t count;
};

static void pull_shown(void *self, const struct pull_report *r)
{
	struct pulls *p = self;
	struct buf note = BUF_INIT(sizeof(p->progress.note) - 1);

	buf_addf(&note, "%lld new  %lld changed", (long long)r->added,
	         (long long)r->changed);
	if (r->fetched)
		buf_addf(&note, "  %lld fetched", (long long)r->fetched);
	if (r->refused)
		buf_addf(&note, "  %lld too fast", (long long)r->refused);
	if (r->resting)
		buf_text(&note, "  resting");
	snprintf(p->progress.note, sizeof(p->progress.note), "%s",
	         buf_string(&note));
	buf_release(&note);
	progress_move(&p->progress, r->windows, r->of_windows, r->seen);
}

/* What to do about it belongs into the fault. */
static void pull_explain(struct fault *f)
{
	if (f->kind == FAULT_CANCELLED)
		fault(f, FAULT_CANCELLED, "cancelled",
		      "stopped; what is in the store stays, and the same pull "
		      "run again goes on from there");
}

static void pull_one(struct pulls *p, const struct pull_settings *s,
                     struct pull_result *r)
{
	const struct pull_options o = {
		.settings = s,
		.store = p->store,
		.now = p->app->now,
		.full = p->args->full,
		.since = p->args->since,
		.moved = pull_shown,
		.self = p,
	};
	int64_t began = clock_monotonic();
	char job[80];

	snprintf(job, sizeof(job), "pull %s", r->name);
	progress_start(&p->progress, p->app->progress, job, "cases");
	r->ran = true;
	r->ok = pull_run(&o, &r->report, &r->fault);
	r->took = clock_monotonic() - began;
	progress_end(&p->progress);
	if (!r->ok)
		pull_explain(&r->fault);
}

static bool pulls_run(struct pulls *p, struct fault *f)
{
	struct pull_settings s;
	size_t i;

	for (i = 0; i < p->count; i++) {
		struct pull_result *r = &p->results[i];
		bool stop;

		if (!pull_settings_read(&s, p->app->conf, slice_of(r->name),
		                        p->app->now, f))
			return false;
		if (p->args->dry_run)
			r->ok = pull_probe(&s, NULL, p->app->now, &p->probes[i],
			                   &r->fault);
		else
			pull_one(p, &s, r);
		pull_settings_release(&s);
		stop = !r->ok && r->fault.kind == FAULT_CANCELLED;
		if (stop) {
			p->count = i + 1;
			break;
		}
	}
	return true;
}

static int pulls_code(const struct pulls *p)
{
	size_t i, bad = 0, part = 0;

	for (i = 0; i < p->count; i++) {
		const struct pull_result *r = &p->results[i];

		if (!r->ok && r->fault.kind == FAULT_CANCELLED)
			return EXIT_INTERRUPTED;
		bad += !r->ok ||
		       (p->args->dry_run && p->probes[i].refused.kind);
		part += r->ok && r->report.broken.count;
	}
	if (bad && bad == p->count)
		return EXIT_FAILED;
	return bad || part ? EXIT_PARTLY : EXIT_DONE;
}

static void pulls_json(const struct pulls *p, struct buf *out)
{
	struct json_out o;
	size_t i;

	json_start(&o, out);
	json_open(&o, '{');
	json_pair_number(&o, "version", 1);
	json_key(&o, p->args->dry_run ? "probes" : "pulls");
	json_open(&o, '[');
	for (i = 0; i < p->count; i++)
		if (p->args->dry_run && p->results[i].ok)
			pull_probe_json(p->results[i].name, &p->probes[i], &o);
		else
			pull_summary_json(&p->results[i], &o);
	json_close(&o, ']');
	json_close(&o, '}');
	buf_byte(out, '\n');
}

static void pulls_text(const struct pulls *p, struct buf *out)
{
	size_t i;

	for (i = 0; i < p->count; i++) {
		const struct pull_result *r = &p->results[i];
		struct fault f = r->fault;

		if (!r->ok) {
			fault_in(&f, "%s", r->name);
			say_fault(SAY_ERROR, &f);
		}
		if (p->args->dry_run && r->ok)
			pull_probe_text(r->name, &p->probes[i], out);
		else if (r->report.calls &&
		         (p->app->progress != PROGRESS_QUIET ||
		          r->report.broken.count))
			pull_summary_text(r, out);
	}
}

static void pulls_tell(const struct pulls *p)
{
	struct buf out = BUF_INIT(4 << 20);

	if (p->app->json)
		pulls_json(p, &out);
	else
		pulls_text(p, &out);
	if (out.len)
		fwrite(out.at, 1, out.len, stdout);
	buf_release(&out);
}

/* The names that were said, or all. They live as long as the configuration. */
static bool pulls_name(struct pulls *p, struct arena *a, struct fault *f)
{
	const struct conf_section *s = NULL;
	size_t room = p->args->count;

	while ((s = conf_next(p->app->conf, "cases", s)))
		room++;
	p->results = memory_new(room + 1, sizeof(*p->results));
	p->probes = memory_new(room + 1, sizeof(*p->probes));
	for (; p->count < p->args->count; p->count++)
		p->results[p->count].name = p->args->names[p->count];
	while (p->args->all && (s = conf_next(p->app->conf, "cases", s)))
		p->results[p->count++].name = arena_copy(a, conf_name(s)).at;
	return p->count ||
	       fault(f, FAULT_USAGE, "cases-none",
	             "there is no [cases NAME] in the configuration; "
	             "docs/cases-pull.md shows how one looks");
}

static int pulls_do(struct app *app, const struct pull_args *args)
{
	struct pulls p = { .app = app, .args = args };
	struct arena a = ARENA_INIT;
	struct fault f;
	int code;

	if (!pulls_name(&p, &a, &f) ||
	    (!args->dry_run && !app_store(app, STORE_CREATE, &p.store, &f)) ||
	    !pulls_run(&p, &f)) {
		code = app_fail(app, &f);
	} else {
		pulls_tell(&p);
		code = pulls_code(&p);
	}
	store_close(p.store);
	free(p.results);
	free(p.probes);
	arena_release(&a);
	return code;
}

static bool pull_args_fit(const struct pull_args *args, struct fault *f)
{
	if (args->all ? args->count : !args->count)
		return fault(f, FAULT_USAGE, "usage",
		             "cases pull wants the names of sections [cases "
		             "NAME], or --all");
	if (args->dry_run && (args->full || args->since != CLOCK_NONE))
		return fault(f, FAULT_USAGE, "usage",
		             "--dry-run lists nothing: --full and --since mean "
		             "nothing beside it");
	return true;
}

static int cases_pull_run(struct app *app, int argc, char **argv)
{
	struct pull_args args = { .since = CLOCK_NONE };
	const char *since = NULL;
	const struct option table[] = {
		{ .name = "all", .flag = &args.all },
		{ .name = "dry-run", .flag = &args.dry_run },
		{ .name = "full", .flag = &args.full },
		{ .name = "since", .value = &since },
		{ 0 },
	};
	struct fault f;
	int operands, i;

	if (!options_read(table, argc, argv, &operands, &f) ||
	    (app->as && !app_whole(app, &f)) ||
	    (since && !pull_since(slice_of(since), app->now, &args.since, &f)))
		return app_fail(app, &f);
	for (i = 1; i < operands + 1 && args.count < NAMES_MOST; i++)
		args.names[args.count++] = argv[i];
	if (!pull_args_fit(&args, &f))
		return app_fail(app, &f);
	cancel_setup();
	return pulls_do(app, &args);
}

const struct subcommand cases_pull = {
	.name = "pull",
	.usage = "NAME...|--all [--dry-run] [--since DATE] [--full]",
	.summary = "cases of a provider's API into the store",
	.run = cases_pull_run,
};
