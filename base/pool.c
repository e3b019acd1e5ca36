/*
 * A ring of jobs between `head` (the oldest not yet taken) and `tail`; `next`
 * is the oldest that no thread has begun. Jobs that are done and not taken
 * make the ring grow, so that putting never waits for the taking that the same
 * thread would do next. One lock guards it all: jobs are meant to be coarse (a
 * row, a page), not single bytes.
 */

#include "base/pool.h"

#include <assert.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

#include "base/memory.h"

struct pool_job {
	void *job;
	bool done;
};

struct pool {
	pool_fn *run;
	void *self;
	pthread_t *threads;
	unsigned thread_count;
	size_t depth;
	struct pool_job *ring; /* `cap` of them */
	size_t cap, undone;
	size_t head, next, tail; /* count up for ever; modulo cap in the ring */
	bool stop;
	pthread_mutex_t lock;
	pthread_cond_t work, done;
};

static struct pool_job *pool_at(const struct pool *p, size_t i)
{
	return &p->ring[i % p->cap];
}

static void *pool_thread(void *argument)
{
	struct pool *p = argument;

	pthread_mutex_lock(&p->lock);
	for (;;) {
		size_t at;
		void *job;

		while (p->next == p->tail && !p->stop)
			pthread_cond_wait(&p->work, &p->lock);
		if (p->next == p->tail)
			break;
		at = p->next++;
		job = pool_at(p, at)->job;
		pthread_mutex_unlock(&p->lock);
		p->run(p->self, job);
		pthread_mutex_lock(&p->lock);
		/* Looked up again: the ring may have moved meanwhile. */
		pool_at(p, at)->done = true;
		p->undone--;
		pthread_cond_broadcast(&p->done);
	}
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

struct pool *pool_new(unsigned threads, size_t depth, pool_fn *run, void *self)
{
	struct pool *p = memory_new(1, sizeof(*p));
	unsigned i;

	p->run = run;
	p->self = self;
	p->depth = depth ? depth : 1;
	p->cap = p->depth;
	p->ring = memory_new(p->cap, sizeof(*p->ring));
	p->threads = memory_new(threads, sizeof(*p->threads));
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->work, NULL);
	pthread_cond_init(&p->done, NULL);
	for (i = 0; i < threads; i++) {
		/* With fewer threads, or none, it is only slower. */
		if (pthread_create(&p->threads[i], NULL, pool_thread, p))
			break;
		p->thread_count++;
	}
	return p;
}

void pool_free(struct pool *p)
{
	unsigned i;

	if (!p)
		return;
	pthread_mutex_lock(&p->lock);
	p->stop = true;
	pthread_cond_broadcast(&p->work);
	pthread_mutex_unlock(&p->lock);
	for (i = 0; i < p->thread_count; i++)
		pthread_join(p->threads[i], NULL);
	pthread_mutex_destroy(&p->lock);
	pthread_cond_destroy(&p->work);
	pthread_cond_destroy(&p->done);
	free(p->threads);
	free(p->ring);
	free(p);
}

/* head and tail are moved by the caller of put and take only. */
bool pool_has_room(const struct pool *p)
{
	return p->tail - p->head < p->depth;
}

static void pool_grow(struct pool *p)
{
	size_t i, cap = p->cap * 2;
	struct pool_job *ring = memory_new(cap, sizeof(*ring));

	for (i = p->head; i != p->tail; i++)
		ring[i % cap] = *pool_at(p, i);
	free(p->ring);
	p->ring = ring;
	p->cap = cap;
}

void pool_put(struct pool *p, void *job)
{
	assert(job);
	if (!p->thread_count)
		p->run(p->self, job);
	pthread_mutex_lock(&p->lock);
	while (p->undone >= p->depth)
		pthread_cond_wait(&p->done, &p->lock);
	if (p->tail - p->head == p->cap)
		pool_grow(p);
	*pool_at(p, p->tail++) = (struct pool_job){ job, !p->thread_count };
	if (p->thread_count)
		p->undone++;
	pthread_cond_signal(&p->work);
	pthread_mutex_unlock(&p->lock);
}

void *pool_take(struct pool *p)
{
	void *job = NULL;

	pthread_mutex_lock(&p->lock);
	if (p->head != p->tail) {
		while (!pool_at(p, p->head)->done)
			pthread_cond_wait(&p->done, &p->lock);
		job = pool_at(p, p->head)->job;
		p->head++;
	}
	pthread_mutex_unlock(&p->lock);
	return job;
}

unsigned pool_cores(void)
{
	cpu_set_t
	        set; /* the cores we may use, which may not be all there are */
	int n;

	CPU_ZERO(&set);
	if (sched_getaffinity(0, sizeof(set), &set))
		return 1;
	n = CPU_COUNT(&set);
	return n > 0 ? (unsigned)n : 1;
}
