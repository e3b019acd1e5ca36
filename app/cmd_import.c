/* import: files that somebody has into the store. Each kind reads its own
 * operands; what they did is told in one way. */

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "app/command.h"
#include "app/import_summary.h"
#include "app/import_warc.h"
#include "base/cancel.h"
#include "base/file.h"
#include "base/pool.h"
#include "crawler/dump.h"
#include "crawler/jsonl.h"
#include "schema/identity.h"

struct import_args {
	const char *path;
	const char *site, *space, *access, *threads;
	const char *source, *url, *events;
};

/* Tells what was done; the exit code for it. */
static int import_done(struct app *app, const struct import_summary *s)
{
	if (app->json)
		import_summary_json(s, stdout);
	else if (app->progress != PROGRESS_QUIET || s->broken->count)
		import_summary_text(s, stdout);
	return s->broken->count ? EXIT_PARTLY : EXIT_DONE;
}

static int import_failed(struct app *app, struct fault *f)
{
	if (f->kind == FAULT_CANCELLED)
		fault(f, FAULT_CANCELLED, "cancelled",
		      "stopped; what is in the store stays, and the same "
		      "import run again goes on from there");
	return app_fail(app, f);
}

static int import_dump(struct app *app, const struct import_args *args)
{
	struct dump_options o = {
		.path = args->path,
		.site = slice_of(args->site),
		.access = slice_of(args->access),
		.progress = app->progress,
	};
	struct import_summary s;
	struct dump_report report = { 0 };
	struct store *store = NULL;
	struct fault f = { 0 };
	/* One core reads and writes: that takes longer than all the rest. */
	int64_t threads = pool_cores() > 1 ? pool_cores() - 1 : 1;
	bool ok;

	import_summary_start(&s, "stackexchange");
	ok = option_number("threads", args->threads, 0, 64, &threads, &f) &&
	     app_store(app, STORE_CREATE, &store, &f);
	o.threads = (unsigned)threads;
	ok = ok && dump_import(store, &o, &report, &f);
	store_close(store);
	if (!ok)
		return import_failed(app, &f);
	import_summary_dump(&s, &report);
	return import_done(app, &s);
}

/* The file's own date and size; of a pipe, now. */
static bool open_lines(struct app *app, const char *path, FILE **file,
                       struct jsonl_options *o, struct fault *f)
{
	struct stat st;

	*file = strcmp(path, "-") ? fopen(path, "rb") : stdin;
	if (!*file || fstat(fileno(*file), &st))
		return fault_errno(f, path, "open");
	if (S_ISDIR(st.st_mode))
		return fault(f, FAULT_USAGE, "usage", "'%s' is a folder", path);
	o->as_of = app->now;
	if (S_ISREG(st.st_mode)) {
		o->as_of = (int64_t)st.st_mtim.tv_sec * 1000 +
		           st.st_mtim.tv_nsec / 1000000;
		o->size = st.st_size;
	}
	return true;
}

static int import_jsonl(struct app *app, const struct import_args *args)
{
	struct jsonl_options o = {
		.path = args->path,
		.access = slice_of(args->access),
		.progress = app->progress,
	};
	struct buf space = BUF_INIT(4096);
	struct import_summary s;
	struct jsonl_report report = { 0 };
	struct store *store = NULL;
	struct fault f = { 0 };
	FILE *file = NULL;
	bool ok;
	int code;

	import_summary_start(&s, "jsonl");
	ok = identity_space(slice_of(args->space), &space, &f) &&
	     open_lines(app, args->path, &file, &o, &f) &&
	     app_store(app, STORE_CREATE, &store, &f);
	o.space = buf_slice(&space);
	ok = ok && jsonl_import(store, file, &o, &report, &f);
	store_close(store);
	if (file && file != stdin)
		fclose(file);
	s.space = buf_string(&space);
	s.rows = report.lines;
	s.bytes = report.bytes;
	s.in = &report.in;
	s.broken = &report.broken;
	code = ok ? import_done(app, &s) : import_failed(app, &f);
	buf_release(&space);
	return code;
}

static int usage(struct app *app, const char *text)
{
	struct fault f;

	fault(&f, FAULT_USAGE, "usage", "%s", text);
	return app_fail(app, &f);
}

/* Options of one kind alone are refused by the others. */
static bool import_fits(const struct import_args *args, const char *kind,
                        struct fault *f)
{
	const struct {
		const char *given, *name, *kinds;
	} table[] = {
		{ args->site, "site", "stackexchange" },
		{ args->threads, "threads", "stackexchange" },
		{ args->space, "space", "jsonl and warc" },
		{ args->source, "source", "warc" },
		{ args->url, "url", "warc" },
		{ args->events, "events", "warc" },
	};
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (table[i].given && !strstr(table[i].kinds, kind))
			return fault(f, FAULT_USAGE, "usage",
			             "--%s is for %s, not for %s",
			             table[i].name, table[i].kinds, kind);
	return true;
}

static int import_archive(struct app *app, const struct import_args *args,
                          char **paths, int count)
{
	const struct import_warc_args w = {
		.paths = paths,
		.path_count = (size_t)count,
		.source = args->source,
		.url = args->url,
		.space = args->space,
		.access = args->access,
		.events = args->events,
	};

	return import_warc(app, &w);
}

static int cmd_import_run(struct app *app, int argc, char **argv)
{
	struct import_args args = { 0 };
	const struct option table[] = {
		{ .name = "site", .value = &args.site },
		{ .name = "space", .value = &args.space },
		{ .name = "access", .value = &args.access },
		{ .name = "threads", .value = &args.threads },
		{ .name = "source", .value = &args.source },
		{ .name = "url", .value = &args.url },
		{ .name = "events", .value = &args.events },
		{ 0 },
	};
	struct fault f;
	int operands;

	if (!options_read(table, argc, argv, &operands, &f) ||
	    (args.access && !reader_label(slice_of(args.access), &f)) ||
	    (app->as && !app_whole(app, &f)))
		return app_fail(app, &f);
	if (operands < 2 || (operands > 2 && strcmp(argv[1], "warc")))
		return usage(app, "import wants a kind and a path: opslore "
		                  "import stackexchange PATH, opslore import "
		                  "jsonl FILE --space NAME, or opslore import "
		                  "warc PATH...");
	if (!import_fits(&args, argv[1], &f))
		return app_fail(app, &f);
	args.path = argv[2];
	cancel_setup();
	if (!strcmp(argv[1], "stackexchange"))
		return import_dump(app, &args);
	if (!strcmp(argv[1], "warc"))
		return import_archive(app, &args, argv + 2, operands - 1);
	if (strcmp(argv[1], "jsonl"))
		return usage(app, "import knows 'stackexchange', 'jsonl' and "
		                  "'warc'");
	if (!args.space)
		return usage(app, "import jsonl wants --space NAME");
	return import_jsonl(app, &args);
}

const struct command cmd_import = {
	.name = "import",
	.usage = "stackexchange PATH [--site HOST] [--access LABEL] "
	         "[--threads N]\n"
	         "jsonl FILE --space NAME [--access LABEL]\n"
	         "warc PATH... [--source NAME] [--url START] [--space SPACE] "
	         "[--access LABEL] [--events FILE]",
	.summary = "files that you have into the store",
	.help = "stackexchange takes a Posts.xml, a folder of a data dump's "
	        "XML files, or SITE.7z as\n"
	        "it is downloaded. The site's host comes from the name of "
	        "archive or folder, else\n"
	        "from --site. jsonl takes one document a line ({\"_id\", "
	        "\"title\", \"text\"}); FILE\n"
	        "may be - for standard input. warc replays WARC files, or "
	        "folders of them, as\n"
	        "the crawl that they are of, without the network: "
	        "[source NAME] of the\n"
	        "configuration or of the archive itself, else a site.\n"
	        "\n"
	        "  --site HOST      the site the dump is of\n"
	        "  --space NAME     the place the documents belong to\n"
	        "  --source NAME    the source whose pages they are\n"
	        "  --url START      where a site begins (default: the "
	        "archive's "
	        "first page)\n"
	        "  --events FILE    append an event log, one JSON object a "
	        "line\n"
	        "  --access LABEL   who may read them (default: public)\n"
	        "  --threads N      that make Markdown (default: all cores but "
	        "one)\n"
	        "\n"
	        "The same files again change nothing; newer ones update, older "
	        "ones do not.\n"
	        "Stopped or killed, the same command goes on. Exit code 3: "
	        "some rows did not go\n"
	        "in; each was listed with file and line.\n",
	.run = cmd_import_run,
};
