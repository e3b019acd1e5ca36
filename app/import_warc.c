/* First all files are looked through, then each run that is in them is crawled
 * from them; a line or an object tells what each came to. */

#include "app/import_warc.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/cancel.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/say.h"
#include "crawler/replay.h"

enum { WARC_DAMAGED = 20 }; /* files listed */

struct warc_import {
	struct app *app;
	struct warc_index index;
	struct replay replay;
	struct progress progress;
	struct buf out;
	struct json_out json;
	size_t read; /* pages and replies of all runs */
	bool partly;
};

static void index_moved(void *self, size_t file, size_t count)
{
	struct warc_import *w = self;

	progress_move(&w->progress, (int64_t)file, (int64_t)count,
	              w->index.records);
}

static void run_moved(void *self, const struct journal_counts *n)
{
	struct warc_import *w = self;

	progress_move(&w->progress, n->requests, n->requests + n->due,
	              n->read + n->unchanged);
}

/* What of the files could not be read: a cut end is no news to those who know
 * how archives are made, but it is said. */
static void put_damage(struct warc_import *w)
{
	size_t i, said = 0;

	for (i = 0; i < w->index.file_count; i++) {
		const struct warc_file *file = &w->index.files[i];

		if (!file->damage.places)
			continue;
		if (++said <= WARC_DAMAGED)
			say(SAY_WARN, "%s: %s, at byte %lld%s", file->path,
			    file->damage.what, (long long)file->damage.first,
			    file->damage.places > 1 ? ", and more behind it"
			                            : "");
	}
	if (said > WARC_DAMAGED)
		say(SAY_WARN, "%zu more files are damaged",
		    said - WARC_DAMAGED);
}

static void put_text(struct warc_import *w, const char *time,
                     const struct crawl_report *p)
{
	const struct journal_counts *n = &p->counts;

	buf_addf(&w->out,
	         "%.*s: the run of %.19s UTC\n"
	         "  %lld asked for: %lld read, %lld unchanged, %lld not "
	         "there, %lld redirected, %lld not in the archive\n"
	         "  store: %lld added, %lld updated, %lld vanished\n",
	         SLICE_ARG(w->replay.settings.name), time,
	         (long long)n->requests, (long long)n->read,
	         (long long)n->unchanged, (long long)n->missed,
	         (long long)n->moved, (long long)n->not_held,
	         (long long)n->added, (long long)n->updated,
	         (long long)n->vanished);
	if (n->shut || n->robots)
		buf_addf(&w->out,
		         "  passed over: %lld out of scope, %lld by "
		         "robots.txt\n",
		         (long long)n->shut, (long long)n->robots);
	if (n->failed)
		buf_addf(&w->out, "  %lld failed; the first: %s: %s\n",
		         (long long)n->failed, p->first.subject, p->first.text);
}

static void put_json(struct warc_import *w, const char *time,
                     const struct crawl_report *p)
{
	const struct journal_counts *n = &p->counts;
	struct json_out *o = &w->json;

	json_open(o, '{');
	json_pair(o, "source", w->replay.settings.name);
	json_pair(o, "run", slice_of(time));
	json_pair_number(o, "requests", n->requests);
	json_pair_number(o, "read", n->read);
	json_pair_number(o, "unchanged", n->unchanged);
	json_pair_number(o, "missed", n->missed);
	json_pair_number(o, "redirected", n->moved);
	json_pair_number(o, "not_held", n->not_held);
	json_pair_number(o, "out_of_scope", n->shut);
	json_pair_number(o, "refused_by_robots", n->robots);
	json_pair_number(o, "failed", n->failed);
	json_pair_number(o, "added", n->added);
	json_pair_number(o, "updated", n->updated);
	json_pair_number(o, "vanished", n->vanished);
	json_close(o, '}');
}

static void run_done(void *self, size_t run, const struct warc_run *what,
                     const struct crawl_report *report)
{
	struct warc_import *w = self;
	char time[CLOCK_TEXT];

	(void)run;
	clock_write(time, what->started);
	w->read += (size_t)(report->counts.read + report->counts.unchanged);
	w->partly |= report->counts.failed > 0 || report->gone.guarded;
	if (w->app->json)
		put_json(w, time, report);
	else
		put_text(w, time, report);
}

static bool import_read(struct warc_import *w,
                        const struct import_warc_args *args, struct fault *f)
{
	const struct replay_options o = {
		.conf = w->app->conf,
		.source = slice_of(args->source),
		.url = slice_of(args->url),
		.space = slice_of(args->space),
		.access = slice_of(args->access),
	};
	bool ok;

	progress_start(&w->progress, w->app->progress, "read WARC files",
	               "records");
	ok = warc_index_make(&w->index, (const char *const *)args->paths,
	                     args->path_count, index_moved, w, f);
	progress_end(&w->progress);
	if (ok)
		put_damage(w);
	return ok && replay_open(&w->replay, &w->index, &o, f);
}

static bool import_crawl(struct warc_import *w, const char *events,
                         struct fault *f)
{
	struct journal journal = { 0 };
	const struct crawl_options base = {
		.store = w->app->db,
		.confirmed = true,
		.journal = &journal,
		.moved = run_moved,
		.self = w,
	};
	bool ok;

	if (events && !(journal.events = fopen(events, "ab")))
		return fault_errno(f, events, "open");
	progress_start(&w->progress, w->app->progress, "import warc", "pages");
	ok = replay_run(&w->replay, &base, run_done, w, f);
	progress_end(&w->progress);
	if (journal.events)
		fclose(journal.events);
	if (ok && !w->read)
		return fault(f, FAULT_INPUT, "warc-nothing",
		             "of what the archive holds nothing belongs to "
		             "this source: --url or --source says what does");
	return ok;
}

static int import_end(struct warc_import *w, bool ok, struct fault *f)
{
	if (w->app->json)
		json_close(&w->json, ']');
	if (w->app->json && ok)
		json_pair_number(&w->json, "records", w->index.records);
	if (w->app->json)
		json_close(&w->json, '}');
	if (w->app->json)
		buf_byte(&w->out, '\n');
	if (ok && (w->app->json || w->app->progress != PROGRESS_QUIET))
		fwrite(w->out.at, 1, w->out.len, stdout);
	if (ok)
		return w->partly ? EXIT_PARTLY : EXIT_DONE;
	if (f->kind == FAULT_CANCELLED)
		fault(f, FAULT_CANCELLED, "cancelled",
		      "stopped; what is in the store stays, and the same "
		      "import run again goes on from there");
	return app_fail(w->app, f);
}

int import_warc(struct app *app, const struct import_warc_args *args)
{
	struct warc_import w = { .app = app, .out = BUF_INIT(16 << 20) };
	struct store *store = NULL;
	struct fault f = { 0 };
	bool ok;
	int code;

	cancel_setup();
	if (app->json) {
		json_start(&w.json, &w.out);
		json_open(&w.json, '{');
		json_pair_number(&w.json, "version", 1);
		json_key(&w.json, "runs");
		json_open(&w.json, '[');
	}
	ok = import_read(&w, args, &f);
	/* Made and migrated here, and kept open while it is written to. */
	ok = ok && app_store(app, STORE_CREATE, &store, &f) &&
	     import_crawl(&w, args->events, &f);
	store_close(store);
	code = import_end(&w, ok, &f);
	if (w.replay.index)
		replay_close(&w.replay);
	warc_index_release(&w.index);
	buf_release(&w.out);
	return code;
}
