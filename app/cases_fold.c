/* cases fold: digests into posts, and into the index at once. */

#include <stdio.h>

#include "app/cases.h"
#include "app/index_run.h"
#include "app/options.h"
#include "base/cancel.h"
#include "base/json.h"
#include "kb/cases/fold.h"
#include "schema/identity.h"

struct fold_args {
	const char *space;
	bool no_index;
	struct buf name; /* of the space, as it is written */
};

/* What came of it. */
struct folded {
	struct fold_report report;
	struct index_report index;
	bool indexed;
};

static bool args_read(struct fold_args *x, int argc, char **argv,
                      struct fault *f)
{
	const struct option table[] = {
		{ .name = "space", .value = &x->space },
		{ .name = "no-index", .flag = &x->no_index },
		{ 0 },
	};
	int n;

	if (!options_read(table, argc, argv, &n, f) ||
	    (x->space && !identity_space(slice_of(x->space), &x->name, f)))
		return false;
	return !n || fault(f, FAULT_USAGE, "usage",
	                   "cases fold takes no operand: --space NAME folds "
	                   "one space alone");
}

static void fold_text_out(const struct folded *x, const struct fold_args *args)
{
	const struct fold_report *r = &x->report;

	printf("%lld cases in %lld entries, %lld of them recurring\n",
	       (long long)r->cases, (long long)r->entries,
	       (long long)r->recurring);
	printf("%lld added, %lld updated, %lld as they were, %lld removed\n",
	       (long long)r->added, (long long)r->updated, (long long)r->same,
	       (long long)r->removed);
	if (r->waiting)
		printf("%lld cases wait for a digest: opslore cases digest\n",
		       (long long)r->waiting);
	if (x->indexed)
		printf("index: %lld passages added, %lld removed\n",
		       (long long)x->index.added, (long long)x->index.removed);
	else if (!args->no_index)
		puts("next: opslore index (there is none yet)");
}

static void fold_json_out(const struct folded *x)
{
	const struct fold_report *r = &x->report;
	const struct {
		const char *name;
		int64_t number;
	} pairs[] = {
		{ "version", 1 },          { "cases", r->cases },
		{ "entries", r->entries }, { "recurring", r->recurring },
		{ "added", r->added },     { "updated", r->updated },
		{ "same", r->same },       { "removed", r->removed },
		{ "waiting", r->waiting },
	};
	struct buf line = BUF_INIT(1 << 16);
	struct json_out o;
	size_t i;

	json_start(&o, &line);
	json_open(&o, '{');
	for (i = 0; i < sizeof(pairs) / sizeof(*pairs); i++)
		json_pair_number(&o, pairs[i].name, pairs[i].number);
	json_key(&o, "indexed");
	json_put_bool(&o, x->indexed);
	json_close(&o, '}');
	puts(buf_string(&line));
	buf_release(&line);
}

static bool fold_all(struct app *app, const struct fold_args *args,
                     struct folded *x, struct fault *f)
{
	struct fold_options o = { .space = buf_slice(&args->name),
		                  .now = app->now };
	struct store *s = NULL;
	bool ok = app_whole(app, f) && app_store(app, STORE_WRITE, &s, f);

	o.store = s;
	ok = ok && fold_run(&o, &x->report, f) &&
	     (args->no_index ||
	      index_run_again(app, s, &x->indexed, &x->index, f));
	store_close(s);
	return ok;
}

static int fold_command(struct app *app, int argc, char **argv)
{
	struct fold_args args = { .name = BUF_INIT(4096) };
	struct folded x = { 0 };
	struct fault f = { 0 };
	bool ok;

	cancel_setup();
	ok = args_read(&args, argc, argv, &f) && fold_all(app, &args, &x, &f);
	if (ok && app->json)
		fold_json_out(&x);
	else if (ok && app->progress != PROGRESS_QUIET)
		fold_text_out(&x, &args);
	buf_release(&args.name);
	return ok ? EXIT_DONE : app_fail(app, &f);
}

const struct subcommand cases_fold = {
	.name = "fold",
	.usage = "[--space SPACE] [--no-index]",
	.summary = "digests into posts that search finds",
	.run = fold_command,
};
