/* What a worker holds on to between requests, and how it comes by it. */

#include "app/serve.h"

#include <string.h>

bool serve_worker_store(struct serve_worker *w, struct fault *f)
{
	return w->retriever || retriever_open_on(&w->retriever, w->service->app,
	                                         &reader_public, f);
}

/* A store that was put in the place of ours (a restored backup) has another
 * name, and so has its index: the file is opened again, once. */
static bool worker_turn(struct serve_worker *w, const struct index *x,
                        struct fault *f)
{
	if (!serve_worker_store(w, f))
		return false;
	if (retriever_turn(w->retriever, x, f))
		return true;
	if (strcmp(f->code, "index-foreign") != 0)
		return false;
	retriever_close(w->retriever);
	w->retriever = NULL;
	return serve_worker_store(w, f) && retriever_turn(w->retriever, x, f);
}

bool serve_worker_take(struct serve_worker *w, int64_t now,
                       struct serve_lease *lease, struct fault *f)
{
	if (!serve_worker_store(w, f) ||
	    !serve_index_take(w->service->index, now, lease, f))
		return false;
	if (worker_turn(w, lease->index, f))
		return true;
	serve_index_drop(lease);
	return false;
}

void serve_worker_done(struct serve_lease *lease)
{
	serve_index_drop(lease);
}
