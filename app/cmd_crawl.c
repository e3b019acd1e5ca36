/*
 * crawl: the sources that are due, each in a thread of its own (they are polite
 * one by one, and wait most of the time). This thread shows how far they are.
 */

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app/command.h"
#include "app/crawl_summary.h"
#include "base/cancel.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/say.h"
#include "crawler/crawl.h"

enum {
	CRAWL_NAMES = 256,
	CRAWL_THREADS = 8,     /* sources at once */
	CRAWL_LOOK = 100,      /* milliseconds between looks */
	CRAWL_METRICS = 15000, /* milliseconds between metrics files */
};

struct crawl_args {
	const char *names[CRAWL_NAMES];
	size_t name_count;
	bool all, everything, vanish;
	const char *explain, *events, *metrics, *warc;
};

struct crawl_one {
	struct crawls *all;
	pthread_t thread;
	bool started, done;
	struct crawl_settings settings;
	struct crawl_options options;
	struct crawl_run_result result;
	struct journal_counts counts; /* latest, under the lock */
};

struct crawls {
	struct app *app;
	const struct crawl_args *args;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct journal journal;
	/* Made, migrated and kept open before any thread opens it. */
	struct store *store;
	struct crawl_one *one;
	size_t count, running, finished;
	char *metrics, *events, *warc; /* paths, or NULL */
	int64_t warc_most;
};

static const struct conf_key crawl_keys[] = {
	{ "contact", "", "address or page of who runs this crawler" },
	{ "events", "", "a file for the event log" },
	{ "metrics", "", "a file for Prometheus' textfile collector" },
	{ "warc", "", "a folder for WARC files of what is fetched" },
	{ "warc-size", "1g", "a larger WARC file is followed by another" },
	{ 0 },
};

static const char *environment(const char *name)
{
	return getenv(name);
}

static void one_moved(void *self, const struct journal_counts *counts)
{
	struct crawl_one *one = self;

	pthread_mutex_lock(&one->all->lock);
	one->counts = *counts;
	pthread_mutex_unlock(&one->all->lock);
}

static void *one_run(void *self)
{
	struct crawl_one *one = self;
	struct crawl_run_result *r = &one->result;
	int64_t began = clock_monotonic();

	r->ok = crawl_run(&one->options, &r->report, &r->fault);
	r->took = clock_monotonic() - began;
	pthread_mutex_lock(&one->all->lock);
	one->counts = r->report.counts;
	one->done = true;
	one->all->running--;
	one->all->finished++;
	pthread_cond_signal(&one->all->changed);
	pthread_mutex_unlock(&one->all->lock);
	return NULL;
}

static bool one_start(struct crawls *all, struct crawl_one *one,
                      struct fault *f)
{
	if (pthread_create(&one->thread, NULL, one_run, one))
		return fault(f, FAULT_SYSTEM, "thread",
		             "cannot start a thread");
	one->started = true;
	all->running++;
	return true;
}

/* "61 queued  2xx 39  4xx 1  429s 3  resting": what there is of it. */
static void crawls_note(struct progress *p, int64_t due,
                        const int64_t status[6], int64_t refused,
                        int64_t resting)
{
	struct buf note = BUF_INIT(sizeof(p->note) - 1);
	int k;

	buf_addf(&note, "%lld queued", (long long)due);
	for (k = 2; k < 6; k++)
		if (status[k])
			buf_addf(&note, "  %dxx %lld", k, (long long)status[k]);
	if (refused)
		buf_addf(&note, "  429s %lld", (long long)refused);
	if (resting > 1000)
		buf_text(&note, "  resting");
	snprintf(p->note, sizeof(p->note), "%s", buf_string(&note));
	buf_release(&note);
}

/* Sums over the sources; called with the lock. */
static void crawls_show(struct crawls *all, struct progress *p)
{
	int64_t known = 0, due = 0, pages = 0, refused = 0, status[6] = { 0 };
	int64_t resting = 0;
	size_t i, k;

	for (i = 0; i < all->count; i++) {
		const struct journal_counts *n = &all->one[i].counts;

		known += n->known;
		due += n->due;
		pages += n->read + n->unchanged;
		refused += n->refused;
		resting = n->resting > resting ? n->resting : resting;
		for (k = 0; k < 6; k++)
			status[k] += n->status[k];
	}
	crawls_note(p, due, status, refused, resting);
	progress_move(p, pages, pages + due, pages);
}

static void crawls_metrics(struct crawls *all)
{
	struct journal_source *s;
	struct fault f;
	size_t i;

	if (!all->metrics)
		return;
	s = memory_new(all->count + 1, sizeof(*s));
	pthread_mutex_lock(&all->lock);
	for (i = 0; i < all->count; i++) {
		const struct crawl_one *one = &all->one[i];

		s[i].name = one->settings.name;
		s[i].counts = one->counts;
		if (one->done && one->result.ok && one->result.report.ended)
			s[i].succeeded = one->options.now + one->result.took;
	}
	pthread_mutex_unlock(&all->lock);
	if (!journal_metrics(all->metrics, s, all->count, &f))
		say_fault(SAY_WARN, &f);
	free(s);
}

static void crawls_wait(struct crawls *all)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += CRAWL_LOOK * 1000000L;
	if (until.tv_nsec >= 1000000000L) {
		until.tv_nsec -= 1000000000L;
		until.tv_sec++;
	}
	pthread_cond_timedwait(&all->changed, &all->lock, &until);
}

static bool crawls_run(struct crawls *all, struct fault *f)
{
	struct progress p;
	char job[80];
	size_t next = 0, i;
	int64_t written = clock_monotonic();
	bool ok = true;

	if (all->count == 1)
		snprintf(job, sizeof(job), "crawl %.*s",
		         SLICE_ARG(all->one[0].settings.name));
	else
		snprintf(job, sizeof(job), "crawl %zu sources", all->count);
	progress_start(&p, all->app->progress, job, "pages");
	pthread_mutex_lock(&all->lock);
	while (all->finished < all->count) {
		while (ok && next < all->count && all->running < CRAWL_THREADS)
			ok = one_start(all, &all->one[next++], f);
		if (!ok && !all->running)
			break;
		crawls_wait(all);
		crawls_show(all, &p);
		if (clock_monotonic() - written < CRAWL_METRICS)
			continue;
		written = clock_monotonic();
		pthread_mutex_unlock(&all->lock);
		crawls_metrics(all);
		pthread_mutex_lock(&all->lock);
	}
	pthread_mutex_unlock(&all->lock);
	progress_end(&p);
	for (i = 0; i < all->count; i++)
		if (all->one[i].started)
			pthread_join(all->one[i].thread, NULL);
	crawls_metrics(all);
	return ok;
}

/* What all of them came to: the worst of them, and "in part" for some. */
static int crawls_code(const struct crawls *all)
{
	size_t i, bad = 0, part = 0;

	for (i = 0; i < all->count; i++) {
		const struct crawl_run_result *r = &all->one[i].result;

		if (!r->ok && r->fault.kind == FAULT_CANCELLED)
			return EXIT_INTERRUPTED;
		bad += !r->ok;
		part += r->ok && r->report.ran &&
		        (r->report.counts.failed || !r->report.ended ||
		         r->report.gone.guarded);
	}
	if (bad && bad == all->count)
		return EXIT_FAILED;
	return bad || part ? EXIT_PARTLY : EXIT_DONE;
}

static void crawls_tell(struct crawls *all)
{
	struct buf out = BUF_INIT(1 << 20);
	size_t i;

	for (i = 0; i < all->count; i++) {
		struct crawl_run_result *r = &all->one[i].result;

		if (!r->ok && !all->app->json) {
			struct fault f = r->fault;

			crawl_summary_short(f.subject);
			fault_in(&f, "%.*s", SLICE_ARG(r->name));
			say_fault(SAY_ERROR, &f);
		}
		if (all->app->json)
			crawl_summary_json(r, &out);
		else if (all->app->progress != PROGRESS_QUIET &&
		         (r->ok || r->report.counts.requests))
			crawl_summary_text(r, &out);
	}
	if (out.len)
		fwrite(out.at, 1, out.len, stdout);
	buf_release(&out);
}

static bool one_open(struct crawls *all, struct slice name, struct fault *f)
{
	struct crawl_one *one = &all->one[all->count];
	struct app *app = all->app;

	if (!settings_read(&one->settings, app->conf, name, environment, f))
		return false;
	all->count++;
	one->all = all;
	one->result.name = one->settings.name;
	one->options = (struct crawl_options){
		.settings = &one->settings,
		.store = app->db,
		.now = app->now,
		.everything = all->args->everything,
		.confirmed = all->args->vanish,
		.journal = &all->journal,
		.moved = one_moved,
		.self = one,
		.warc = all->warc,
		.warc_most = all->warc_most,
	};
	if (one->settings.robots_ignored)
		say(SAY_WARN, "[source %.*s] robots.txt is ignored",
		    SLICE_ARG(one->settings.name));
	if (!one->settings.kind->carrier &&
	    slice_find(one->settings.user_agent, '(') ==
	            one->settings.user_agent.len)
		say(SAY_INFO,
		    "[crawl] contact is not set: servers cannot tell whose "
		    "crawler this is");
	return true;
}

static bool crawls_open_names(struct crawls *all, struct fault *f)
{
	const struct conf_section *s = NULL;
	size_t i, count = all->args->name_count;

	for (i = 0; i < count; i++)
		if (!one_open(all, slice_of(all->args->names[i]), f))
			return false;
	while (!count && (s = conf_next(all->app->conf, "source", s)))
		if (!one_open(all, conf_name(s), f))
			return false;
	return all->count ||
	       fault(f, FAULT_USAGE, "source-none",
	             "there is no [source NAME] in the configuration; 'opslore "
	             "sources' shows how one looks");
}

/* An option, else the configuration's; NULL: neither. free() it. */
static char *crawls_path(const char *option, const struct conf_section *own,
                         const char *key)
{
	struct slice s = option ? slice_of(option) : conf_get(own, key, "");

	return s.len ? memory_copy(s.at, s.len) : NULL;
}

static bool crawls_open(struct crawls *all, struct fault *f)
{
	const struct conf_section *s = NULL, *own;
	size_t room = all->args->name_count + 1;

	own = conf_find(all->app->conf, "crawl", SLICE(""));
	if (own && !conf_check(own, crawl_keys, f))
		return false;
	while ((s = conf_next(all->app->conf, "source", s)))
		room++;
	all->one = memory_new(room, sizeof(*all->one));
	all->metrics = crawls_path(all->args->metrics, own, "metrics");
	all->events = crawls_path(all->args->events, own, "events");
	all->warc = crawls_path(all->args->warc, own, "warc");
	if (!conf_size(conf_get(own, "warc-size", "1g"), &all->warc_most, f))
		return false;
	if (all->events && !(all->journal.events = fopen(all->events, "ab")))
		return fault_errno(f, all->events, "open");
	/* Who follows it sees each line as it comes. */
	if (all->journal.events)
		setvbuf(all->journal.events, NULL, _IOLBF, 0);
	return crawls_open_names(all, f);
}

static void crawls_close(struct crawls *all)
{
	size_t i;

	for (i = 0; i < all->count; i++)
		settings_release(&all->one[i].settings);
	store_close(all->store);
	free(all->one);
	free(all->metrics);
	free(all->events);
	free(all->warc);
	if (all->journal.events)
		fclose(all->journal.events);
}

static bool crawls_explain(struct crawls *all, struct fault *f)
{
	struct buf out = BUF_INIT(1 << 20);
	bool ok = true;
	size_t i;

	for (i = 0; ok && i < all->count; i++) {
		if (i)
			buf_byte(&out, '\n');
		ok = crawl_explain(&all->one[i].options,
		                   slice_of(all->args->explain), &out, f);
	}
	if (ok)
		fwrite(out.at, 1, out.len, stdout);
	buf_release(&out);
	return ok;
}

static int crawls_do(struct app *app, const struct crawl_args *args)
{
	struct crawls all = { .app = app,
		              .args = args,
		              .lock = PTHREAD_MUTEX_INITIALIZER,
		              .changed = PTHREAD_COND_INITIALIZER };
	struct fault f;
	bool ok = crawls_open(&all, &f) &&
	          app_store(app, STORE_CREATE, &all.store, &f);
	int code;

	if (ok)
		ok = args->explain ? crawls_explain(&all, &f)
		                   : crawls_run(&all, &f);
	if (!ok) {
		code = app_fail(app, &f);
	} else if (args->explain) {
		code = EXIT_DONE;
	} else {
		crawls_tell(&all);
		code = crawls_code(&all);
	}
	crawls_close(&all);
	return code;
}

static int cmd_crawl_run(struct app *app, int argc, char **argv)
{
	struct crawl_args args = { 0 };
	const struct option table[] = {
		{ .name = "all", .flag = &args.all },
		{ .name = "now", .flag = &args.everything },
		{ .name = "vanish", .flag = &args.vanish },
		{ .name = "explain", .value = &args.explain },
		{ .name = "events", .value = &args.events },
		{ .name = "metrics", .value = &args.metrics },
		{ .name = "warc", .value = &args.warc },
		{ 0 },
	};
	struct fault f;
	int operands, i;

	if (!options_read(table, argc, argv, &operands, &f))
		return app_fail(app, &f);
	for (i = 1; i <= operands && i <= CRAWL_NAMES; i++)
		args.names[args.name_count++] = argv[i];
	if ((args.all || args.explain) ? args.all && args.name_count
	                               : !args.name_count) {
		fault(&f, FAULT_USAGE, "usage",
		      "crawl wants the names of sources, or --all");
		return app_fail(app, &f);
	}
	return crawls_do(app, &args);
}

const struct command cmd_crawl = {
	.name = "crawl",
	.usage = "NAME... [--now] [--vanish] [--events FILE] [--metrics FILE] "
	         "[--warc FOLDER]\n"
	         "--all [--now] ...\n"
	         "[NAME...] --explain URL",
	.summary =
	        "bring sources of the configuration into the store, politely",
	.help = "  NAME            a section [source NAME] of the "
	        "configuration\n"
	        "  --all           every source that is due\n"
	        "  --now           also what is not due yet\n"
	        "  --vanish        a mass of pages may leave the store\n"
	        "  --explain URL   why it would be fetched or passed over\n"
	        "  --events FILE   append an event log, one JSON object a "
	        "line\n"
	        "  --metrics FILE  write counters for Prometheus' textfile "
	        "collector\n"
	        "  --warc FOLDER   keep what is fetched as WARC files there\n\n"
	        "A run that was stopped, however, goes on when it is started "
	        "again.",
	.run = cmd_crawl_run,
};
