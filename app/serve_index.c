/*
 * Counted views of one index. The lock covers pointers and counts alone: an
 * index is opened and closed outside of it.
 */

#include "app/serve_index.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* Milliseconds after a look that brought nothing: a damaged index is not read
 * for every request. */
enum { AGAIN = 100 };

/* One open generation; the newest counts itself as one user. */
struct serve_view {
	struct index *index;
	size_t users;
};

struct serve_index {
	char *folder;
	pthread_mutex_t lock;
	pthread_cond_t opened;
	struct serve_view *newest; /* NULL: none yet */
	bool opening;              /* some thread is at it */
	struct fault why;          /* there is none */
	int64_t again;             /* no look before this; see AGAIN */
	uint64_t turns;
};

struct serve_index *serve_index_new(const char *folder)
{
	struct serve_index *x = memory_new(1, sizeof(*x));

	x->folder = memory_copy(folder, strlen(folder));
	pthread_mutex_init(&x->lock, NULL);
	pthread_cond_init(&x->opened, NULL);
	return x;
}

/* Under the lock: the index to close when that was its last user. */
static struct index *view_leave(struct serve_view *v)
{
	struct index *last = NULL;

	if (v && --v->users == 0) {
		last = v->index;
		free(v);
	}
	return last;
}

void serve_index_free(struct serve_index *x)
{
	if (!x)
		return;
	index_close(view_leave(x->newest));
	pthread_cond_destroy(&x->opened);
	pthread_mutex_destroy(&x->lock);
	free(x->folder);
	free(x);
}

static bool open_first(const char *folder, struct index **out, struct fault *f)
{
	if (index_open(out, folder, f))
		return true;
	if (f->kind == FAULT_GONE)
		fault(f, FAULT_GONE, "index-missing",
		      "there is no index: run 'opslore index'");
	else if (f->kind == FAULT_INPUT && !strcmp(f->code, "index-damaged"))
		fault_in(f, "run 'opslore index --rebuild'");
	return false;
}

/* Puts `next` in the place of the newest, which somebody else still has. */
static void view_turn(struct serve_index *x, struct index *next)
{
	struct serve_view *v = memory_new(1, sizeof(*v));

	x->turns += x->newest != NULL;
	view_leave(x->newest);
	v->index = next;
	v->users = 1;
	x->newest = v;
}

/*
 * Under the lock, which is let go while the folder is read: brings the newest
 * generation in. What is open serves on when a newer one cannot be opened.
 */
static void view_refresh(struct serve_index *x, int64_t now)
{
	struct serve_view *old = x->newest;
	struct index *next = NULL, *last;
	struct fault why;
	bool done;

	x->opening = true;
	if (old)
		old->users++;
	pthread_mutex_unlock(&x->lock);
	done = old ? index_reopen(&next, old->index, x->folder, &why)
	           : open_first(x->folder, &next, &why);
	pthread_mutex_lock(&x->lock);
	if (done && next)
		view_turn(x, next);
	else
		x->again = now + AGAIN;
	if (!done)
		x->why = why;
	last = view_leave(old);
	x->opening = false;
	pthread_cond_broadcast(&x->opened);
	pthread_mutex_unlock(&x->lock);
	index_close(last);
	pthread_mutex_lock(&x->lock);
}

/* Under the lock: whether the folder is worth a look. A clock that was set
 * back does not keep us waiting. */
static bool view_stale(const struct serve_index *x, int64_t now)
{
	if (x->opening || (now < x->again && now >= x->again - AGAIN))
		return false;
	return !x->newest || index_moved(x->newest->index, x->folder, now);
}

bool serve_index_take(struct serve_index *x, int64_t now,
                      struct serve_lease *out, struct fault *f)
{
	bool there;

	pthread_mutex_lock(&x->lock);
	if (view_stale(x, now))
		view_refresh(x, now);
	while (!x->newest && x->opening)
		pthread_cond_wait(&x->opened, &x->lock);
	there = x->newest != NULL;
	if (there) {
		x->newest->users++;
		*out = (struct serve_lease){ x->newest->index, x, x->newest };
	} else {
		*f = x->why;
	}
	pthread_mutex_unlock(&x->lock);
	return there;
}

void serve_index_drop(struct serve_lease *lease)
{
	struct index *last;

	pthread_mutex_lock(&lease->from->lock);
	last = view_leave(lease->view);
	pthread_mutex_unlock(&lease->from->lock);
	index_close(last);
}

uint64_t serve_index_turns(struct serve_index *x)
{
	uint64_t turns;

	pthread_mutex_lock(&x->lock);
	turns = x->turns;
	pthread_mutex_unlock(&x->lock);
	return turns;
}
