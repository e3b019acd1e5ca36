/* Bringing the index up to the store, for more commands than one. */

#include "app/index_run.h"

#include "base/memory.h"

bool index_run_options(struct app *app, struct buf *analyzer,
                       struct index_options *out, struct fault *f)
{
	struct slice line = { 0 };
	bool forward = true;

	if (!app_analyzer(app, NULL, &line, f) ||
	    !app_forward(app, &forward, f))
		return false;
	buf_add(analyzer, line);
	out->no_forward = !forward;
	out->analyzer = line.len ? buf_string(analyzer) : NULL;
	return true;
}

bool index_run_again(struct app *app, struct store *s, bool *there,
                     struct index_report *out, struct fault *f)
{
	struct buf analyzer = BUF_INIT(64 << 10);
	struct index_options o = { 0 };
	struct index *index = NULL;
	struct fault why = { 0 };
	bool ok;

	/* A damaged one is there too: the update makes it anew. */
	*there = index_open(&index, app->index, &why) || why.kind != FAULT_GONE;
	index_close(index);
	if (!*there)
		return true;
	memory_huge();
	ok = index_run_options(app, &analyzer, &o, f) &&
	     index_update(app->index, s, &o, out, f);
	buf_release(&analyzer);
	return ok;
}
