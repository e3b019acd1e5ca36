/* Under the lock: clear away what is left of others, decide whether the index
 * can be carried on or must be made anew, feed the changed posts through the
 * analyser into a new generation, publish it, clear away what is no longer
 * named. */

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/pool.h"
#include "kb/analyzer.h"
#include "kb/feed.h"
#include "kb/forward.h"
#include "kb/index.h"
#include "kb/index_file.h"
#include "kb/index_writer.h"
#include "schema/posts.h"

enum {
	MEMORY_DEFAULT = 256 << 20,
	MEMORY_BESIDE = 96 << 20,
	MEMORY_LEAST = 64 << 10, /* of the builders */
	GROWTH = 4, /* more passages than that many times those measured */
};

struct update {
	const char *folder;
	struct store *store;
	const struct index_options *options;
	struct index_report *report;
	struct arena arena;
	int lock;
	int64_t changed, counted; /* the store's, at the start */
	struct slice line;
	struct index *base; /* the last intact generation, or NULL */
	bool broken;        /* there are manifests, none of them intact */
	bool old;           /* one of them was of an older format */
	uint64_t top_generation, top_segment; /* in use, of any file */
	struct manifest manifest;             /* the one that was published */
	bool published;

	struct index_writer writer;
	int64_t total, done; /* posts */
};

static bool update_lock(struct update *u, struct fault *f)
{
	size_t size = strlen(u->folder) + 8;
	char *path = memory_new(size, 1);
	bool ok = true;

	snprintf(path, size, "%s/lock", u->folder);
	u->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	if (u->lock < 0) {
		ok = fault_errno(f, path, "open");
	} else if (flock(u->lock, LOCK_EX | LOCK_NB)) {
		ok = errno == EWOULDBLOCK
		             ? fault(f, FAULT_BUSY, "index-busy",
		                     "another opslore is writing the index")
		             : fault_errno(f, path, "lock");
		fault_at(f, u->folder, 0);
	}
	free(path);
	return ok;
}

/* Finds the last intact generation and the one before it, which readers may
 * still need, and removes what neither names. */
static bool update_base(struct update *u, struct fault *f)
{
	struct manifest keep[2];
	uint64_t *generations;
	size_t n, i, kept = 0;
	struct fault why;
	bool ok;

	if (!manifest_list(u->folder, &generations, &n, f))
		return false;
	u->top_generation = n ? generations[0] : 0;
	for (i = 0; i < n && kept < 2; i++) {
		if (!u->base) {
			if (!index_load(&u->base, u->folder, generations[i],
			                NULL, &why)) {
				u->old |= !strcmp(why.code, "index-old");
				continue;
			}
			keep[kept++] = u->base->manifest;
		} else if (manifest_read(&keep[kept], u->folder, generations[i],
		                         &u->arena, &why)) {
			kept++;
		}
	}
	u->broken = n && !u->base;
	free(generations);
	ok = folder_sweep(u->folder, "", f) &&
	     manifest_sweep(u->folder, keep, kept, &u->top_segment, f);
	/* A name is never used twice: a reader may still hold the manifest
	 * that meant another file by it. */
	if (u->base && u->base->manifest.next_segment > u->top_segment + 1)
		u->top_segment = u->base->manifest.next_segment - 1;
	return ok;
}

static uint64_t live_of(const struct index *x)
{
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < x->opened; i++)
		n += segment_live_count(x->segments[i]);
	return n;
}

/* Whether a segment has a forward file and should not, or the other way. */
static bool forward_changed(const struct update *u)
{
	size_t i;

	for (i = 0; i < u->base->opened; i++)
		if (forward_has(u->base->segments[i]) == u->options->no_forward)
			return true;
	return false;
}

/* Why the index cannot be carried on; NULL when it can. */
static const char *rebuild_reason(const struct update *u)
{
	const struct index_facts *was;

	if (!u->base && u->old)
		return "an older format";
	if (!u->base)
		return u->broken ? "index damaged" : "no index";
	was = &u->base->manifest.facts;
	if (u->options->rebuild)
		return "asked for";
	if (!slice_eq(was->store_uuid, store_uuid(u->store)))
		return "another store";
	if (was->changed > u->changed || was->counted > u->counted)
		return "the store went back";
	if (!slice_eq(was->analyzer, u->line) ||
	    was->analyzer_version != ANALYZER_VERSION)
		return "analyzer changed";
	if (was->passage_version != PASSAGE_VERSION)
		return "passages are cut in another way";
	if (forward_changed(u))
		return "setting 'forward' changed";
	return NULL;
}

/* Averages are constants until there are far more passages than those they
 * were measured over. */
static bool outgrown(const struct update *u)
{
	return live_of(u->base) + (uint64_t)u->total >
	       GROWTH * u->base->manifest.measured;
}

static bool on_posts(void *self, const int64_t *ids, size_t count,
                     const struct tally *tally, struct fault *f)
{
	struct update *u = self;
	size_t i;

	for (i = 0; i < count; i++)
		if (!index_writer_kill(&u->writer, ids[i], f))
			return false;
	if (!index_writer_add(&u->writer, tally, f))
		return false;
	u->report->posts += (int64_t)count;
	u->done += (int64_t)count;
	if (u->options->progress)
		u->options->progress(u->options->self, u->done, u->total,
		                     u->report->added);
	return true;
}

static bool on_count(void *self, const struct count_row *c, struct fault *f)
{
	struct update *u = self;

	return index_writer_score(&u->writer, c->post, c->answer, c->score, f);
}

static unsigned thread_count(const struct index_options *o)
{
	return o->threads ? o->threads : pool_cores();
}

/* What batches on their way, analyzers and writing out take does not depend on
 * the corpus: MEMORY_BESIDE covers it. The rest is for the builders; where too
 * little would be left, a quarter. */
static uint64_t builder_budget(const struct index_options *o)
{
	uint64_t memory = o->memory ? o->memory : MEMORY_DEFAULT;

	if (memory > MEMORY_BESIDE + MEMORY_BESIDE / 3)
		return memory - MEMORY_BESIDE;
	return memory / 4 > MEMORY_LEAST ? memory / 4 : MEMORY_LEAST;
}

/* Averages over the live passages, where none is given. */
static void measure(struct update *u, struct manifest *m)
{
	double *average = m->facts.weights.average, all = 0;
	uint64_t sums[FIELD_COUNT];
	uint64_t live = index_writer_live(&u->writer, sums);
	int i;

	m->measured = live;
	for (i = 0; i < FIELD_COUNT; i++) {
		if (average[i] <= 0 && live)
			average[i] = (double)sums[i] / (double)live;
		all += average[i];
	}
	if (all <= 0)
		average[FIELD_BODY] = 1;
}

static void fill_facts(const struct update *u, const struct index *base,
                       struct manifest *m)
{
	const struct index_weights *given = u->options->weights;

	*m = (struct manifest){ .facts = {
		                        .store_uuid = store_uuid(u->store),
		                        .changed = u->changed,
		                        .counted = u->counted,
		                        .analyzer = u->line,
		                        .analyzer_version = ANALYZER_VERSION,
		                        .passage_version = PASSAGE_VERSION,
		                        .weights =
		                                given ? *given
		                                      : index_weights_default,
		                } };
	if (!base)
		return;
	m->facts.weights = base->manifest.facts.weights;
	m->measured = base->manifest.measured;
}

static bool nothing_new(const struct update *u, const struct index *base)
{
	const struct index_facts *was;

	if (!base)
		return false;
	was = &base->manifest.facts;
	return was->changed == u->changed && was->counted == u->counted;
}

static void report_base(struct update *u)
{
	size_t i;

	u->report->passages = (int64_t)live_of(u->base);
	u->report->segments = (int64_t)u->base->opened;
	for (i = 0; i < u->base->opened; i++)
		u->report->bytes += u->base->segments[i]->len;
}

/* Makes and publishes the next generation, from `base` or from nothing. */
static bool update_run(struct update *u, const struct index *base,
                       struct fault *f)
{
	struct feed feed = {
		.store = u->store,
		.analyzer = u->line,
		.threads = thread_count(u->options),
		.forward = !u->options->no_forward,
		.after = base ? base->manifest.facts.changed : 0,
		.upto = u->changed,
	};
	struct index_writer *w = &u->writer;

	fill_facts(u, base, &u->manifest);
	index_writer_start(w, u->folder, base, &u->manifest.facts.weights,
	                   u->report);
	w->generation = u->top_generation + 1;
	w->next_segment = u->top_segment + 1;
	w->budget = builder_budget(u->options);
	w->forward = !u->options->no_forward;
	u->done = 0;
	if (!feed_run(&feed, on_posts, u, f) || !index_writer_flush(w, f))
		return false;
	if (base && !posts_counted(u->store, base->manifest.facts.counted,
	                           u->counted, on_count, u, f))
		return false;
	if (!index_writer_merge(w, !base, f))
		return false;
	if (!base)
		measure(u, &u->manifest);
	u->published = index_writer_publish(w, &u->manifest, &u->arena, f);
	return u->published;
}

static bool rebuild(struct update *u, const char *reason, struct fault *f)
{
	struct feed feed = { .store = u->store, .upto = u->changed };

	*u->report = (struct index_report){ .rebuilt = true, .reason = reason };
	return feed_count(&feed, &u->total, f) && update_run(u, NULL, f);
}

/* What one attempt wrote is of no use to the next. */
static void abandon(struct update *u)
{
	u->top_segment = u->writer.next_segment;
	index_writer_release(&u->writer);
}

static bool carry_on(struct update *u, struct fault *f)
{
	struct feed feed = {
		.store = u->store,
		.after = u->base->manifest.facts.changed,
		.upto = u->changed,
	};

	if (nothing_new(u, u->base)) {
		report_base(u);
		return true;
	}
	if (!feed_count(&feed, &u->total, f))
		return false;
	if (u->total && outgrown(u))
		return rebuild(u, "grown", f);
	if (update_run(u, u->base, f))
		return true;
	if (f->kind != FAULT_INPUT || strcmp(f->code, "index-damaged") != 0)
		return false;
	abandon(u);
	return rebuild(u, "index damaged", f);
}

/* What only the generation before last names goes. */
static bool update_sweep(struct update *u, struct fault *f)
{
	struct manifest keep[2] = { u->manifest };
	uint64_t top;

	if (!u->published)
		return true;
	if (u->base)
		keep[1] = u->base->manifest;
	return manifest_sweep(u->folder, keep, u->base ? 2 : 1, &top, f);
}

static bool update_locked(struct update *u, struct fault *f)
{
	const char *reason;

	if (!store_counters(u->store, &u->changed, &u->counted, f) ||
	    !update_base(u, f))
		return false;
	reason = rebuild_reason(u);
	return (reason ? rebuild(u, reason, f) : carry_on(u, f)) &&
	       update_sweep(u, f);
}

/* The analyzer's line in its normal form. */
static bool update_line(struct update *u, struct fault *f)
{
	const char *line = u->options->analyzer;
	struct analyzer *a;

	if (!analyzer_new(&a, slice_of(line ? line : analyzer_default), f))
		return false;
	u->line = arena_copy(&u->arena, analyzer_line(a));
	analyzer_free(a);
	return u->line.len <= UINT16_MAX ||
	       fault(f, FAULT_LIMIT, "limit-analyzer",
	             "the analyzer's line is too long");
}

bool index_update(const char *folder, struct store *s,
                  const struct index_options *options, struct index_report *out,
                  struct fault *f)
{
	struct update u = { .folder = folder,
		            .store = s,
		            .options = options,
		            .report = out,
		            .lock = -1 };
	bool ok;

	*out = (struct index_report){ 0 };
	ok = folder_make(folder, f) && update_line(&u, f) &&
	     update_lock(&u, f) && update_locked(&u, f);
	index_writer_release(&u.writer);
	index_close(u.base);
	arena_release(&u.arena);
	if (u.lock >= 0)
		close(u.lock);
	return ok;
}
