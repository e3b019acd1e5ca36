/* Under the lock: clear away what is left of others, decide whether the index
 * can be carried on or must be made anew, feed the changed posts through the
 * analyser into a new generation, publish it, clear away what is no longer
 * named. */

#include "kb/update.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/pool.h"
#include "kb/analyzer.h"
#include "kb/feed.h"
#include "kb/forward.h"
#include "schema/posts.h"

enum {
	MEMORY_DEFAULT = 256 << 20,
	MEMORY_BESIDE = 96 << 20,
	MEMORY_LEAST = 64 << 10, /* of the builders */
	GROWTH = 4,      /* more passages than that many times those measured */
	POSTS_FEW = 256, /* that are not worth several threads, nor waiting */
};

void update_unlock(struct update *u)
{
	if (u->lock >= 0)
		close(u->lock);
	u->lock = -1;
}

bool update_lock(struct update *u, struct fault *f)
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
	if (!ok)
		update_unlock(u);
	return ok;
}

/* What was published before it was synced must not be taken for what a power
 * cut cannot touch: what it names is synced first. */
static bool base_sync(struct update *u, struct fault *f)
{
	struct manifest *m;
	size_t i;

	if (!u->base || !u->base->manifest.unsynced)
		return true;
	m = &u->base->manifest;
	if (!manifest_sync(u->folder, m, NULL, f))
		return false;
	m->unsynced = false;
	for (i = 0; i < m->count; i++)
		m->segments[i].fresh = false;
	return true;
}

/* Why no generation could be opened. */
static const char *unusable(size_t manifests, bool old)
{
	if (old)
		return "an older format";
	return manifests ? "index damaged" : "no index";
}

bool update_base(struct update *u, struct fault *f)
{
	struct manifest keep[2];
	uint64_t *generations;
	size_t n, i, kept = 0;
	struct fault why;
	bool ok, old = false;

	if (!manifest_list(u->folder, &generations, &n, f))
		return false;
	u->base = NULL;
	u->top_generation = n ? generations[0] : 0;
	for (i = 0; i < n && kept < 2; i++) {
		if (!u->base) {
			if (!index_load(&u->base, u->folder, generations[i],
			                NULL, &why)) {
				old |= !strcmp(why.code, "index-old");
				continue;
			}
			keep[kept++] = u->base->manifest;
		} else if (manifest_read(&keep[kept], u->folder, generations[i],
		                         &u->arena, &why)) {
			kept++;
		}
	}
	u->unusable = u->base ? NULL : unusable(n, old);
	free(generations);
	ok = base_sync(u, f) && manifest_unmark(u->folder, f) &&
	     folder_sweep(u->folder, "", f) &&
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

	if (u->unusable)
		return u->unusable;
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

static unsigned thread_count(const struct update *u)
{
	if (u->total <= POSTS_FEW)
		return 1;
	return u->options->threads ? u->options->threads : pool_cores();
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
		                },
		                .unsynced = u->later };
	if (!base)
		return;
	m->facts.weights = base->manifest.facts.weights;
	m->measured = base->manifest.measured;
}

bool update_seen(const struct update *u)
{
	const struct index_facts *was;

	if (!u->base)
		return false;
	was = &u->base->manifest.facts;
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

void update_writer(struct update *u, const struct index *base)
{
	fill_facts(u, base, &u->manifest);
	index_writer_start(&u->writer, u->folder, base,
	                   &u->manifest.facts.weights, u->report);
	u->writer.generation = u->top_generation + 1;
	u->writer.next_segment = u->top_segment + 1;
	u->writer.later = u->later;
}

bool update_publish(struct update *u, struct fault *f)
{
	u->published =
	        index_writer_publish(&u->writer, &u->manifest, &u->arena, f);
	return u->published;
}

/* Makes and publishes the next generation, from `base` or from nothing. */
static bool update_run(struct update *u, const struct index *base,
                       struct fault *f)
{
	struct feed feed = {
		.store = u->store,
		.analyzer = u->line,
		.threads = thread_count(u),
		.forward = !u->options->no_forward,
		.few = u->total <= POSTS_FEW,
		.after = base ? base->manifest.facts.changed : 0,
		.upto = u->changed,
	};
	struct index_writer *w = &u->writer;

	update_writer(u, base);
	w->later = u->later && base && u->total <= POSTS_FEW;
	w->budget = builder_budget(u->options);
	w->forward = !u->options->no_forward;
	u->done = 0;
	if (!feed_run(&feed, on_posts, u, f) || !index_writer_flush(w, f))
		return false;
	if (base && !posts_counted(u->store, base->manifest.facts.counted,
	                           u->counted, on_count, u, f))
		return false;
	/* Who publishes before syncing merges after publishing. */
	if ((!base || !u->later) && !index_writer_merge(w, !base, f))
		return false;
	if (!base)
		measure(u, &u->manifest);
	return update_publish(u, f);
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

	if (update_seen(u)) {
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

bool update_make(struct update *u, struct fault *f)
{
	const char *reason = rebuild_reason(u);

	return reason ? rebuild(u, reason, f) : carry_on(u, f);
}

static bool update_locked(struct update *u, struct fault *f)
{
	return store_counters(u->store, &u->changed, &u->counted, f) &&
	       update_base(u, f) && update_make(u, f) && update_sweep(u, f);
}

/* The analyzer's line in its normal form. */
static bool update_line(struct update *u, struct fault *f)
{
	const char *line = u->options->analyzer;
	struct analyzer *a;

	if (!analyzer_new(&a, slice_of(line ? line : analyzer_default), f))
		return false;
	u->line = arena_copy(&u->facts, analyzer_line(a));
	analyzer_free(a);
	return u->line.len <= UINT16_MAX ||
	       fault(f, FAULT_LIMIT, "limit-analyzer",
	             "the analyzer's line is too long");
}

bool update_start(struct update *u, const char *folder, struct store *s,
                  const struct index_options *options, struct fault *f)
{
	*u = (struct update){
		.folder = folder, .store = s, .options = options, .lock = -1
	};
	return folder_make(folder, f) && update_line(u, f);
}

void update_release(struct update *u)
{
	index_writer_release(&u->writer);
	arena_release(&u->arena);
	arena_release(&u->facts);
	update_unlock(u);
}

bool index_update(const char *folder, struct store *s,
                  const struct index_options *options, struct index_report *out,
                  struct fault *f)
{
	struct update u;
	bool ok;

	*out = (struct index_report){ 0 };
	ok = update_start(&u, folder, s, options, f);
	u.report = out;
	ok = ok && update_lock(&u, f) && update_locked(&u, f);
	index_close(u.base);
	update_release(&u);
	return ok;
}
