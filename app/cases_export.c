/* cases export: the cases of a space as plain files. */

#include <stdio.h>

#include "app/cases.h"
#include "base/cancel.h"
#include "base/clock.h"
#include "base/json.h"
#include "export/case_files.h"

struct export_args {
	const char *from, *to;
	const char *filters[1];
	size_t filter_count;
};

static bool read_date(const char *name, const char *text, int64_t *out,
                      struct fault *f)
{
	return !text || clock_read(slice_of(text), out) ||
	       fault(f, FAULT_USAGE, "usage",
	             "--%s wants a date such as 2026-01-31, not '%s'", name,
	             text);
}

static bool args_read(struct export_args *x, int argc, char **argv,
                      struct case_files_options *o, struct fault *f)
{
	const struct option table[] = {
		{ .name = "from", .value = &x->from },
		{ .name = "to", .value = &x->to },
		{ .name = "filter",
		  .list = x->filters,
		  .room = 1,
		  .count = &x->filter_count },
		{ 0 },
	};
	struct slice filter;
	int operands;

	if (!options_read(table, argc, argv, &operands, f))
		return false;
	if (operands != 1)
		return fault(f, FAULT_USAGE, "usage",
		             "name the folder to make: opslore cases export "
		             "DIR");
	o->folder = argv[1];
	filter = slice_of(x->filters[0]);
	if (filter.len && !slice_starts(filter, SLICE("space=")))
		return fault(f, FAULT_USAGE, "filter",
		             "cases export takes --filter space=NAME, not "
		             "'%s'",
		             x->filters[0]);
	o->space = slice_cut(filter, 6, filter.len);
	if (!read_date("from", x->from, &o->from, f) ||
	    !read_date("to", x->to, &o->to, f))
		return false;
	/* Both bounds are set when one is. */
	if (x->from && !x->to)
		o->to = INT64_MAX;
	if (x->to && !x->from)
		o->from = CLOCK_NONE;
	return true;
}

static void report_json(const struct case_files_report *r, const char *folder)
{
	struct buf line = BUF_INIT(64 << 10);
	struct json_out o;

	json_start(&o, &line);
	json_open(&o, '{');
	json_pair_number(&o, "version", 1);
	json_pair(&o, "folder", slice_of(folder));
	json_pair(&o, "space", slice_of(r->space));
	json_pair_number(&o, "cases", r->cases);
	json_pair_number(&o, "replies", r->replies);
	json_pair_number(&o, "months", r->months);
	json_pair_number(&o, "bytes", (int64_t)r->bytes);
	json_close(&o, '}');
	puts(buf_string(&line));
	buf_release(&line);
}

static void show_progress(void *self, int64_t cases)
{
	progress_move(self, 0, 0, cases);
}

static bool export_to(struct app *app, struct case_files_options *o,
                      struct case_files_report *out, struct fault *f)
{
	struct reader *reader = NULL;
	struct store *s = NULL;
	struct progress p;
	bool ok;

	progress_start(&p, app->progress, "cases export", "cases");
	o->progress = show_progress;
	o->self = &p;
	ok = app_store(app, STORE_READ, &s, f) && app_reader(app, &reader, f) &&
	     case_files_export(s, reader, o, out, f);
	progress_end(&p);
	reader_free(reader);
	store_close(s);
	return ok;
}

static int cases_export_run(struct app *app, int argc, char **argv)
{
	struct case_files_options o = { 0 };
	struct case_files_report r;
	struct export_args args = { 0 };
	struct fault f;

	cancel_setup();
	if (!args_read(&args, argc, argv, &o, &f) ||
	    !export_to(app, &o, &r, &f))
		return app_fail(app, &f);
	if (app->json)
		report_json(&r, o.folder);
	else if (app->progress != PROGRESS_QUIET)
		printf("%s: %lld cases of %s with %lld replies, in %lld "
		       "months, %.1f MB\n",
		       o.folder, (long long)r.cases, r.space,
		       (long long)r.replies, (long long)r.months,
		       (double)r.bytes / 1e6);
	return EXIT_DONE;
}

const struct subcommand cases_export = {
	.name = "export",
	.usage = "DIR [--filter space=NAME] [--from DATE] [--to DATE]",
	.summary = "cases as a CSV a month and a text of replies a case",
	.run = cases_export_run,
};
