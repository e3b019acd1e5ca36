/* opslore export: a data set from the store. */

#include <stdio.h>

#include "app/command.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/say.h"
#include "export/export.h"

struct export_args {
	const char *out, *min_score, *min_question, *max_bytes, *system, *drop;
	const char *filters[16];
	size_t filter_count;
};

static bool args_read(struct export_args *x, int argc, char **argv,
                      const struct format **format, struct fault *f)
{
	const struct option table[] = {
		{ .name = "out", .value = &x->out },
		{ .name = "min-score", .value = &x->min_score },
		{ .name = "min-question-score", .value = &x->min_question },
		{ .name = "max-bytes", .value = &x->max_bytes },
		{ .name = "system", .value = &x->system },
		{ .name = "drop", .value = &x->drop },
		{ .name = "filter",
		  .list = x->filters,
		  .room = 16,
		  .count = &x->filter_count },
		{ 0 },
	};
	int n;

	if (!options_read(table, argc, argv, &n, f))
		return false;
	if (n != 1)
		return fault(f, FAULT_USAGE, "export-format",
		             "name one format: opslore export FORMAT --out "
		             "DIR");
	*format = format_find(slice_of(argv[1]));
	if (!*format)
		return fault(f, FAULT_USAGE, "export-format",
		             "there is no format '%s'; 'opslore help export' "
		             "lists them",
		             argv[1]);
	if (!x->out || !*x->out)
		return fault(f, FAULT_USAGE, "export-out",
		             "say where the data set goes with --out DIR");
	return true;
}

static bool filter_take(const char *text, struct export_options *o,
                        struct fault *f)
{
	struct slice all = slice_of(text);
	size_t eq = slice_find(all, '=');
	struct slice key = slice_cut(all, 0, eq);
	struct slice value = slice_cut(all, eq + 1, all.len);

	if (slice_eq(key, SLICE("space")) && value.len)
		o->filter.space = value;
	else if (slice_eq(key, SLICE("tag")) && value.len)
		o->gather.tag = value;
	else
		return fault(f, FAULT_USAGE, "filter",
		             "export takes --filter space=NAME and --filter "
		             "tag=NAME, not '%s'",
		             text);
	return true;
}

static bool options_fill(const struct export_args *x, struct export_options *o,
                         struct fault *f)
{
	int64_t max_bytes = 0;
	size_t i;

	o->folder = x->out;
	o->gather.min_score = 1;
	o->gather.min_question_score = INT64_MIN;
	o->gather.system = slice_of(x->system);
	o->drop_text = slice_of(x->drop);
	for (i = 0; i < x->filter_count; i++)
		if (!filter_take(x->filters[i], o, f))
			return false;
	if (!option_number("min-score", x->min_score, -1000000, 1000000,
	                   &o->gather.min_score, f) ||
	    !option_number("min-question-score", x->min_question, -1000000,
	                   1000000, &o->gather.min_question_score, f) ||
	    !option_number("max-bytes", x->max_bytes, 1, LIMIT_ROW, &max_bytes,
	                   f))
		return false;
	o->gather.max_bytes = (uint64_t)max_bytes;
	return !x->drop || pattern_new(&o->gather.drop, o->drop_text, 0, f);
}

static void report_json(const struct export_report *r, const char *folder)
{
	struct buf line = BUF_INIT(64 << 10);
	struct json_out o;
	int i;

	json_start(&o, &line);
	json_open(&o, '{');
	json_pair_number(&o, "version", 1);
	json_pair(&o, "folder", slice_of(folder));
	json_pair_number(&o, "candidates", r->candidates);
	json_pair_number(&o, "examples", r->examples);
	json_pair_number(&o, "bytes", (int64_t)r->bytes);
	json_pair(&o, "sha256", slice_of(r->sha256));
	json_key(&o, "dropped");
	json_open(&o, '{');
	for (i = DROP_NONE + 1; i < DROP_COUNT; i++)
		json_pair_number(&o, drop_reason_name((enum drop_reason)i),
		                 r->dropped[i]);
	json_close(&o, '}');
	json_close(&o, '}');
	puts(buf_string(&line));
	buf_release(&line);
}

static void report_text(const struct export_report *r, const char *folder,
                        const char *format)
{
	int i;

	printf("%s: %lld examples from %lld posts, %.1f MB\n", folder,
	       (long long)r->examples, (long long)r->candidates,
	       (double)r->bytes / 1e6);
	for (i = DROP_NONE + 1; i < DROP_COUNT; i++)
		if (r->dropped[i])
			printf("  %6lld left out: %s\n",
			       (long long)r->dropped[i],
			       drop_reason_name((enum drop_reason)i));
	printf("  sha256 %s  %s.jsonl\n", r->sha256, format);
}

static void export_progress(void *self, int64_t posts, int64_t examples)
{
	progress_move(self, 0, 0, posts);
	(void)examples;
}

static bool export_to(struct app *app, struct export_options *o,
                      struct export_report *r, struct fault *f)
{
	struct progress p;
	struct store *s = NULL;
	struct reader *reader = NULL;
	bool ok;

	progress_start(&p, app->progress, "export", "posts");
	o->progress = export_progress;
	o->self = &p;
	ok = app_store(app, STORE_READ, &s, f) && app_reader(app, &reader, f) &&
	     export_run(s, reader, o, r, f);
	progress_end(&p);
	reader_free(reader);
	store_close(s);
	return ok;
}

static int export_command(struct app *app, int argc, char **argv)
{
	struct export_args args = { 0 };
	struct export_options o = { 0 };
	struct export_report r;
	struct fault f;
	int code = EXIT_DONE;

	if (!args_read(&args, argc, argv, &o.format, &f) ||
	    !options_fill(&args, &o, &f) || !export_to(app, &o, &r, &f))
		code = app_fail(app, &f);
	else if (app->json)
		report_json(&r, args.out);
	else if (app->progress != PROGRESS_QUIET)
		report_text(&r, args.out, o.format->name);
	if (!code && !r.examples)
		say(SAY_WARN, "the data set is empty: see what was left out, "
		              "and --min-score");
	pattern_free(o.gather.drop);
	return code;
}

const struct command cmd_export = {
	.name = "export",
	.usage = "FORMAT --out DIR [--min-score N] [--min-question-score N]\n"
	         "FORMAT --out DIR [--filter K=V]... [--drop PATTERN]",
	.summary = "make a fine-tuning set of questions and their best answers",
	.help = "formats: chat\n\n"
	        "  --out DIR            folder that appears whole; replaces an "
	        "earlier export\n"
	        "  --min-score N        the answer's votes (default 1)\n"
	        "  --min-question-score N  the question's votes (default: "
	        "any)\n"
	        "  --max-bytes N        question and answer together (default: "
	        "any)\n"
	        "  --filter K=V         space=NAME or tag=NAME\n"
	        "  --drop PATTERN       leave out what matches (PCRE2)\n"
	        "  --system TEXT        a first turn for every example\n\n"
	        "The same store and options give the same bytes.",
	.run = export_command,
};
