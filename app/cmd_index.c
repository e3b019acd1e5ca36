/* index: brings the index up to the store; with --follow, whenever the store
 * has moved. Following asks the store for its two counters, which costs one
 * small read, every few milliseconds: nothing has to be told to anyone, and
 * what another process committed is found within that time. Each generation
 * is reported when it is to be seen, and once more when it is synced. */

#include <stdio.h>
#include <time.h>

#include "app/command.h"
#include "app/index_run.h"
#include "base/cancel.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/say.h"
#include "kb/follow.h"
#include "kb/index.h"

enum { FOLLOW_MILLISECONDS = 5, FOLLOW_UNSYNCED = 256, SIZES_MOST = 16 };

struct index_args {
	const char *memory, *threads, *analyzer;
	bool rebuild, follow;
};

struct index_job {
	struct app *app;
	struct store *store;
	struct index_options options;
	struct progress progress;
};

static void on_progress(void *self, int64_t done, int64_t total,
                        int64_t passages)
{
	struct index_job *j = self;

	progress_move(&j->progress, done, total, passages);
}

static void put_list(struct json_out *o, const char *name,
                     const double *numbers, int count)
{
	int i;

	json_key(o, name);
	json_open(o, '[');
	for (i = 0; i < count; i++)
		json_put_real(o, numbers[i]);
	json_close(o, ']');
}

static void put_facts(struct json_out *o, const struct index *x)
{
	const struct index_facts *facts = index_facts(x);
	const struct index_weights *w = &facts->weights;

	json_pair_number(o, "generation", (int64_t)facts->generation);
	json_pair(o, "store", facts->store_uuid);
	json_pair_number(o, "changed", facts->changed);
	json_pair_number(o, "counted", facts->counted);
	json_pair(o, "analyzer", facts->analyzer);
	json_key(o, "weights");
	json_open(o, '{');
	json_key(o, "k1");
	json_put_real(o, w->k1);
	json_key(o, "b");
	json_put_real(o, w->b);
	put_list(o, "field", w->field, FIELD_COUNT);
	put_list(o, "body", w->body, PASSAGE_KINDS);
	put_list(o, "average", w->average, FIELD_COUNT);
	json_key(o, "votes");
	json_put_real(o, w->votes);
	json_key(o, "accepted");
	json_put_real(o, w->accepted);
	json_close(o, '}');
}

static void put_sizes(struct json_out *o, const struct index *x)
{
	struct index_size sizes[SIZES_MOST];
	size_t n = index_sizes(x, sizes, SIZES_MOST), i;

	json_key(o, "bytes");
	json_open(o, '{');
	for (i = 0; i < n; i++)
		json_pair_number(o, sizes[i].section, (int64_t)sizes[i].bytes);
	json_close(o, '}');
}

/* `published`: the time it took, in milliseconds, or negative: not told. */
static void report_json(const struct index_report *r, const struct index *x,
                        double published)
{
	struct buf line = BUF_INIT(64 << 10);
	struct json_out o;

	json_start(&o, &line);
	json_open(&o, '{');
	json_pair_number(&o, "version", 1);
	json_key(&o, "rebuilt");
	json_put_bool(&o, r->rebuilt);
	if (r->reason)
		json_pair(&o, "reason", slice_of(r->reason));
	json_pair_number(&o, "posts", r->posts);
	json_pair_number(&o, "added", r->added);
	json_pair_number(&o, "removed", r->removed);
	json_pair_number(&o, "rescored", r->rescored);
	json_pair_number(&o, "merges", r->merges);
	json_pair_number(&o, "passages", r->passages);
	json_pair_number(&o, "segments", r->segments);
	if (published >= 0) {
		json_key(&o, "published_ms");
		json_put_real(&o, published);
	}
	put_facts(&o, x);
	put_sizes(&o, x);
	json_close(&o, '}');
	puts(buf_string(&line));
	fflush(stdout);
	buf_release(&line);
}

static void report_text(const struct index_report *r, const struct index *x)
{
	struct index_size sizes[SIZES_MOST];
	size_t n = index_sizes(x, sizes, SIZES_MOST), i;
	uint64_t all = 0;

	if (r->rebuilt)
		printf("rebuilt: %s\n", r->reason);
	printf("%lld posts read, %lld passages added, %lld removed, %lld with "
	       "new votes\n",
	       (long long)r->posts, (long long)r->added, (long long)r->removed,
	       (long long)r->rescored);
	printf("generation %llu: %lld passages in %lld segments (%lld "
	       "merges)\n",
	       (unsigned long long)index_facts(x)->generation,
	       (long long)r->passages, (long long)r->segments,
	       (long long)r->merges);
	for (i = 0; i < n; i++) {
		printf("  %-12s %12llu bytes\n", sizes[i].section,
		       (unsigned long long)sizes[i].bytes);
		all += sizes[i].bytes;
	}
	printf("  %-12s %12llu bytes\n", "all", (unsigned long long)all);
	fflush(stdout);
}

/* One run, and what came of it. */
static bool index_once(struct index_job *j, struct fault *f)
{
	struct index_report report;
	struct index *x;
	bool ok;

	progress_start(&j->progress, j->app->progress, "index", "passages");
	ok = index_update(j->app->index, j->store, &j->options, &report, f);
	progress_end(&j->progress);
	if (!ok || !index_open(&x, j->app->index, f))
		return false;
	if (j->app->json)
		report_json(&report, x, -1);
	else if (j->app->progress != PROGRESS_QUIET)
		report_text(&report, x);
	index_close(x);
	j->options.rebuild = false;
	return true;
}

/* Generations that were published and are not yet known to be synced. */
struct following {
	struct index_job *job;
	struct follower *follower;
	struct {
		uint64_t generation;
		double seen;
	} unsynced[FOLLOW_UNSYNCED];
	size_t count;
};

static double milliseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Reports the newest generation, whose change was seen at that time. */
static void following_report(struct following *w, const struct index_report *r,
                             double seen)
{
	const struct index *x = follow_index(w->follower);

	if (w->job->app->json)
		report_json(r, x, milliseconds() - seen);
	else if (w->job->app->progress != PROGRESS_QUIET)
		report_text(r, x);
	if (w->count == FOLLOW_UNSYNCED)
		return;
	w->unsynced[w->count].generation = index_facts(x)->generation;
	w->unsynced[w->count++].seen = seen;
}

static void following_synced(struct following *w, uint64_t generation)
{
	double now = milliseconds();
	size_t n = 0, i;

	for (; n < w->count && w->unsynced[n].generation <= generation; n++) {
		struct buf line = BUF_INIT(4 << 10);
		struct json_out o;

		if (!w->job->app->json)
			continue;
		json_start(&o, &line);
		json_open(&o, '{');
		json_pair_number(&o, "version", 1);
		json_pair_number(&o, "synced",
		                 (int64_t)w->unsynced[n].generation);
		json_key(&o, "synced_ms");
		json_put_real(&o, now - w->unsynced[n].seen);
		json_close(&o, '}');
		puts(buf_string(&line));
		fflush(stdout);
		buf_release(&line);
	}
	for (i = n; i < w->count; i++)
		w->unsynced[i - n] = w->unsynced[i];
	w->count -= n;
}

/* One look at the store, and whatever there is to do after it. */
static bool following_step(struct following *w, struct fault *f)
{
	struct index_job *j = w->job;
	struct index_report report;
	struct follow_tended tended;
	double seen = milliseconds();
	bool moved;

	progress_start(&j->progress, j->app->progress, "index", "passages");
	if (!follow_publish(w->follower, clock_monotonic(), &report, &moved,
	                    f) &&
	    f->kind != FAULT_BUSY)
		return false;
	progress_end(&j->progress);
	if (moved)
		following_report(w, &report, seen);
	seen = milliseconds();
	if (!follow_tend(w->follower, clock_monotonic(), &tended, f))
		return false;
	if (tended.merged)
		following_report(w, &tended.report, seen);
	following_synced(w, tended.synced);
	/* Another writer is waited for: what it leaves to be done is done
	 * after it. */
	if (!moved && !tended.merged)
		follow_wait(w->follower, FOLLOW_MILLISECONDS);
	return true;
}

/* Until it is told to stop. */
static bool follow(struct index_job *j, struct fault *f)
{
	struct following w = { .job = j };
	struct fault late;

	if (!follow_start(&w.follower, j->app->index, j->store, &j->options, f))
		return false;
	while (cancel_check(f) && following_step(&w, f))
		;
	if (!follow_end(w.follower, &late) && f->kind == FAULT_CANCELLED)
		*f = late;
	return false;
}

static bool args_read(struct index_args *x, struct index_options *o, int argc,
                      char **argv, struct fault *f)
{
	const struct option table[] = {
		{ .name = "memory", .value = &x->memory },
		{ .name = "threads", .value = &x->threads },
		{ .name = "rebuild", .flag = &x->rebuild },
		{ .name = "follow", .flag = &x->follow },
		{ 0 },
	};
	int64_t memory = 0, threads = 0;
	int n;

	if (!options_read(table, argc, argv, &n, f) ||
	    (x->memory && !conf_size(slice_of(x->memory), &memory, f)) ||
	    !option_number("threads", x->threads, 0, 64, &threads, f))
		return false;
	if (n)
		return fault(f, FAULT_USAGE, "usage",
		             "index takes no operands; see 'opslore help "
		             "index'");
	o->memory = (uint64_t)memory;
	o->threads = (unsigned)threads;
	o->rebuild = x->rebuild;
	return true;
}

static int cmd_index_run(struct app *app, int argc, char **argv)
{
	struct index_job j = { .app = app };
	struct buf analyzer = BUF_INIT(64 << 10);
	struct index_args args = { 0 };
	struct fault f = { 0 };
	bool ok;

	memory_huge();
	ok = index_run_options(app, &analyzer, &j.options, &f);
	j.options.progress = on_progress;
	j.options.self = &j;
	ok = ok && args_read(&args, &j.options, argc, argv, &f) &&
	     (!app->as || app_whole(app, &f)) &&
	     app_store(app, STORE_READ, &j.store, &f) &&
	     (args.follow ? follow(&j, &f) : index_once(&j, &f));
	store_close(j.store);
	buf_release(&analyzer);
	return ok ? EXIT_DONE : app_fail(app, &f);
}

const struct command cmd_index = {
	.name = "index",
	.usage = "[--rebuild] [--follow] [--memory SIZE] [--threads N]",
	.summary = "bring the search index up to the store",
	.help = "Reads what has changed in the store since the last run. The "
	        "index is a\n"
	        "folder beside the store; it can be deleted at any time and is "
	        "then rebuilt.\n"
	        "\n"
	        "  --rebuild        from nothing, even if what is there is "
	        "good\n"
	        "  --follow         stay, and index whatever is committed to "
	        "the store\n"
	        "                   within milliseconds; Ctrl-C ends it\n"
	        "  --memory SIZE    for building, from 128m up (default 256m)\n"
	        "  --threads N      for analysis; 0, the default: one a core\n"
	        "\n"
	        "The configuration's [index] analyzer = LINE chooses the "
	        "analyzer.",
	.run = cmd_index_run,
};
