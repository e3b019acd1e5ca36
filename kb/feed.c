/* A ring of jobs: the calling thread loads posts into a free one and hands it
 * to the pool, takes the oldest one back, gives it out and fills it again. A
 * job is a few posts, at most FEED_TEXT bytes of text unless one post is
 * longer, so that memory does not depend on the store. A thread works with an
 * analyzer that no other has meanwhile, since what an analyzer remembers is
 * large: there are as many as threads. */

#include "kb/feed.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/cancel.h"
#include "base/memory.h"
#include "base/pool.h"
#include "kb/analyzer.h"
#include "kb/forward.h"
#include "kb/passage.h"
#include "schema/posts.h"

enum {
	FEED_FIRST = 32, /* posts of the first job; then twice as many */
	FEED_TEXT = 160 << 10,
	FEED_IDS = 256,
	FEED_MEMO = 21, /* of an analyzer, as analyzer_remember() has it */
};

/* The analyzers that no thread has at hand. */
struct shelf {
	pthread_mutex_t lock;
	struct analyzer **free;
	size_t count;
};

struct job {
	struct arena arena;
	struct analyzer *analyzer; /* while it is run */
	bool forward;
	int64_t ids[FEED_IDS];
	size_t id_count;
	struct post_row posts[FEED_IDS];
	size_t post_count;
	struct tally tally;
};

/* Ids that were asked for and not yet loaded. */
struct ids {
	int64_t at[FEED_IDS];
	size_t count, next;
	int64_t last;
	size_t most; /* of the next job: threads should not wait for it */
	bool through;
};

struct field_run {
	struct tally *tally;
	enum field field;
	struct forward_gauge gauge; /* full from the start: none is kept */
};

static bool on_token(void *self, const struct token *t)
{
	struct field_run *run = self;
	uint32_t term, step;

	term = tally_token(run->tally, run->field, t);
	if (forward_takes(&run->gauge, t, &step))
		tally_keep(run->tally, run->field, term, step);
	return true;
}

static void analyse(struct job *j, enum field field, struct slice text)
{
	struct field_run run = { .tally = &j->tally,
		                 .field = field,
		                 .gauge.full = !j->forward };

	if (text.len)
		analyzer_run(j->analyzer, text, on_token, &run);
}

static int part_order(const void *a, const void *b)
{
	const struct passage *x = a, *y = b;

	return (x->part > y->part) - (x->part < y->part);
}

static struct analyzer *shelf_take(struct shelf *shelf)
{
	struct analyzer *a;

	pthread_mutex_lock(&shelf->lock);
	a = shelf->free[--shelf->count];
	pthread_mutex_unlock(&shelf->lock);
	return a;
}

static void shelf_put(struct shelf *shelf, struct analyzer *a)
{
	pthread_mutex_lock(&shelf->lock);
	shelf->free[shelf->count++] = a;
	pthread_mutex_unlock(&shelf->lock);
}

/* What a thread does with a job. */
static void job_run(void *self, void *job)
{
	struct job *j = job;
	size_t i, k, n;

	j->analyzer = shelf_take(self);
	for (i = 0; i < j->post_count; i++) {
		struct passage *p = passage_split(&j->posts[i], &j->arena, &n);

		if (n)
			qsort(p, n, sizeof(*p), part_order);
		for (k = 0; k < n; k++) {
			tally_passage(&j->tally, &j->posts[i], &p[k]);
			analyse(j, FIELD_TITLE, p[k].title);
			analyse(j, FIELD_TAGS, p[k].tags);
			analyse(j, FIELD_HEADING, p[k].heading);
			analyse(j, FIELD_BODY, p[k].body);
		}
	}
	tally_sort(&j->tally);
	shelf_put(self, j->analyzer);
}

static void job_reset(struct job *j)
{
	tally_reset(&j->tally);
	arena_reset(&j->arena);
	j->id_count = 0;
	j->post_count = 0;
}

/* Asks for more ids when none are left. */
static bool ids_fill(const struct feed *feed, struct ids *ids, struct fault *f)
{
	if (ids->next < ids->count || ids->through)
		return true;
	if (!posts_changed(feed->store, feed->after, feed->upto, ids->last,
	                   ids->at, FEED_IDS, &ids->count, f))
		return false;
	ids->next = 0;
	ids->through = ids->count < FEED_IDS;
	if (ids->count)
		ids->last = ids->at[ids->count - 1];
	return true;
}

/* Loads the next posts; none are left when the job has no ids then. */
static bool job_load(const struct feed *feed, struct ids *ids, struct job *j,
                     struct fault *f)
{
	struct posts_batch batch = { .posts = j->posts };
	size_t count;

	job_reset(j);
	if (!ids_fill(feed, ids, f))
		return false;
	count = ids->count - ids->next;
	if (count > ids->most)
		count = ids->most;
	if (ids->most < FEED_IDS)
		ids->most *= 2;
	if (!posts_load(feed->store, ids->at + ids->next, count, FEED_TEXT,
	                &j->arena, &batch, f))
		return false;
	memcpy(j->ids, ids->at + ids->next, batch.taken * sizeof(*j->ids));
	ids->next += batch.taken;
	j->id_count = batch.taken;
	j->post_count = batch.count;
	return true;
}

static bool feed_loop(const struct feed *feed, struct pool *pool,
                      struct job **idle, size_t idle_count, feed_fn *fn,
                      void *self, struct fault *f)
{
	struct ids ids = { .last = INT64_MIN, .most = FEED_FIRST };
	uint32_t serial = 0;
	bool through = false;
	struct job *j;

	for (;;) {
		while (!through && idle_count) {
			j = idle[idle_count - 1];
			if (!job_load(feed, &ids, j, f))
				return false;
			through = !j->id_count;
			if (through)
				break;
			idle_count--;
			j->tally.serial = ++serial;
			pool_put(pool, j);
		}
		j = pool_take(pool);
		if (!j)
			return true;
		if (!cancel_check(f) ||
		    !fn(self, j->ids, j->id_count, &j->tally, f))
			return false;
		idle[idle_count++] = j;
	}
}

static void job_free(struct job *j)
{
	tally_release(&j->tally);
	arena_release(&j->arena);
	free(j);
}

static bool shelf_fill(struct shelf *shelf, const struct feed *feed,
                       size_t count, struct fault *f)
{
	pthread_mutex_init(&shelf->lock, NULL);
	shelf->free = memory_new(count, sizeof(struct analyzer *));
	for (shelf->count = 0; shelf->count < count; shelf->count++) {
		struct analyzer **a = &shelf->free[shelf->count];

		if (!analyzer_new(a, feed->analyzer, f))
			return false;
		analyzer_remember(*a, feed->few ? 0 : FEED_MEMO);
	}
	return true;
}

static void shelf_clear(struct shelf *shelf)
{
	while (shelf->count)
		analyzer_free(shelf->free[--shelf->count]);
	free(shelf->free);
	pthread_mutex_destroy(&shelf->lock);
}

bool feed_run(const struct feed *feed, feed_fn *fn, void *self, struct fault *f)
{
	unsigned threads = feed->threads > 1 ? feed->threads : 0;
	size_t n = 2 * (size_t)feed->threads + 1, i;
	struct job **jobs = memory_new(n, sizeof(*jobs));
	struct job **idle = memory_new(n, sizeof(*idle));
	struct pool *pool = NULL;
	struct shelf shelf;
	bool ok;

	for (i = 0; i < n; i++)
		idle[i] = jobs[i] = memory_new(1, sizeof(**jobs));
	for (i = 0; i < n; i++)
		jobs[i]->forward = feed->forward;
	ok = shelf_fill(&shelf, feed, threads ? threads : 1, f);
	if (ok) {
		pool = pool_new(threads, n, job_run, &shelf);
		ok = feed_loop(feed, pool, idle, n, fn, self, f);
	}
	pool_free(pool);
	for (i = 0; i < n; i++)
		job_free(jobs[i]);
	shelf_clear(&shelf);
	free(jobs);
	free(idle);
	return ok;
}

bool feed_count(const struct feed *feed, int64_t *out, struct fault *f)
{
	struct ids ids = { .last = INT64_MIN };

	*out = 0;
	do {
		ids.next = ids.count;
		if (!ids_fill(feed, &ids, f))
			return false;
		*out += (int64_t)(ids.count - ids.next);
	} while (!ids.through);
	return true;
}
