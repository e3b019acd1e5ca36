#ifndef BASE_POOL_H
#define BASE_POOL_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A few threads that run jobs, and give results back in the order in which
 * the jobs were put in: what comes out does not depend on the threads. One
 * thread puts and takes.
 *
 *	pool_put(p, job);             blocks while `depth` jobs are under way
 *	while ((job = pool_take(p)))  the oldest one, when it is done
 */
struct pool;

typedef void pool_fn(void *self, void *job);

/* `threads` 0 runs each job inside pool_put(). `self` is shared by them. */
struct pool *pool_new(unsigned threads, size_t depth, pool_fn *run, void *self);

/* Waits until all jobs were run; those not taken are the caller's still. NULL
 * is allowed. */
void pool_free(struct pool *p);

/* Whether fewer than `depth` jobs are in, so that putting one will not block;
 * otherwise take one first. */
bool pool_has_room(const struct pool *p);

void pool_put(struct pool *p, void *job);

/* The oldest job, once run; NULL when there is none. */
void *pool_take(struct pool *p);

/* Cores this process may use. */
unsigned pool_cores(void);

#endif
