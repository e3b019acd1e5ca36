/* Threads that are made for one errand: it takes milliseconds at least, which
 * makes a thread cheap. */

#include "kb/errand.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/memory.h"
#include "kb/manifest.h"
#include "kb/merge.h"

enum { MERGE_NICE = 5 }; /* readers and publishing go first */

static bool errand_send(struct errand *e, int bell, void *(*run)(void *),
                        void *self, struct fault *f)
{
	int code;

	e->bell = bell;
	e->ok = false;
	atomic_store(&e->done, false);
	code = pthread_create(&e->thread, NULL, run, self);
	if (code)
		return fault(f, FAULT_SYSTEM, "thread",
		             "cannot start a thread: %s", strerror(code));
	e->out = true;
	return true;
}

static void errand_done(struct errand *e)
{
	ssize_t n;

	atomic_store_explicit(&e->done, true, memory_order_release);
	/* A full pipe rings as well. */
	n = write(e->bell, "", 1);
	(void)n;
}

bool errand_back(const struct errand *e)
{
	return e->out && atomic_load_explicit(&e->done, memory_order_acquire);
}

void errand_take(struct errand *e)
{
	if (e->out)
		pthread_join(e->thread, NULL);
	e->out = false;
}

static void *sync_run(void *self)
{
	struct sync_errand *s = self;
	const struct index *was = s->synced;

	s->errand.ok =
	        manifest_sync(s->folder, &s->index->manifest,
	                      was ? &was->manifest : NULL, &s->errand.fault);
	errand_done(&s->errand);
	return NULL;
}

bool sync_send(struct sync_errand *s, int bell, struct fault *f)
{
	return errand_send(&s->errand, bell, sync_run, s, f);
}

static void *merge_run(void *self)
{
	struct merge_errand *m = self;
	struct merged merged = { .stop = &m->stop };
	char *path = segment_path(m->folder, m->number);
	struct fault *f = &m->errand.fault;

	/* On Linux this is of the thread alone. That it may fail is no harm. */
	setpriority(PRIO_PROCESS, 0, MERGE_NICE);
	m->errand.ok =
	        segment_merge((const struct segment *const *)m->inputs,
	                      m->count, path, &merged, f) &&
	        member_open(&m->merged, m->folder, m->number, m->generation,
	                    &merged.written, merged.scores, merged.count, f);
	free(merged.scores);
	free(path);
	errand_done(&m->errand);
	return NULL;
}

bool merge_send(struct merge_errand *m, int bell, struct fault *f)
{
	return errand_send(&m->errand, bell, merge_run, m, f);
}

bool merge_has(const struct merge_errand *m, uint64_t number)
{
	size_t i;

	for (i = 0; m->errand.out && i < m->count; i++)
		if (m->numbers[i] == number)
			return true;
	return false;
}

/* The merged passage that was `doc` of an input. */
static bool merged_doc(const struct member *m, const struct segment *was,
                       uint32_t doc, uint32_t *out, struct fault *f)
{
	uint64_t post, part;

	return column_read(was, SECTION_POST, doc, &post, f) &&
	       column_read(was, SECTION_PART, doc, &part, f) &&
	       segment_find(m->segment, (int64_t)post, (int64_t)part, out, f) &&
	       (*out < m->segment->count ||
	        segment_damaged(m->segment, "order", f));
}

bool merge_carry(struct merge_errand *m, size_t i, const struct segment *is,
                 struct fault *f)
{
	const struct segment *was = m->inputs[i];
	uint32_t doc, at;

	if (is && is->dead_map == was->dead_map &&
	    is->score_map == was->score_map)
		return true;
	for (doc = 0; doc < was->count; doc++) {
		bool live = is && segment_live(is, doc);

		if (!segment_live(was, doc) ||
		    (live && segment_score(is, doc) == segment_score(was, doc)))
			continue;
		if (!merged_doc(&m->merged, was, doc, &at, f))
			return false;
		if (live)
			member_score(&m->merged, at, segment_score(is, doc));
		else if (!member_kill(&m->merged, at, f))
			return false;
	}
	return true;
}

void merge_release(struct merge_errand *m)
{
	while (m->count)
		segment_close(m->inputs[--m->count]);
	free(m->inputs);
	free(m->numbers);
	member_release(&m->merged);
	m->inputs = NULL;
	m->numbers = NULL;
}
