/* The counters live in Meta and are written once a transaction. */

#include "schema/batch.h"

#include "base/clock.h"

enum { BATCH_MS = 80 };

static const char batch_set[] = "UPDATE Meta SET Value = ?2 WHERE Name = ?1";
static const char batch_get[] = "SELECT Value FROM Meta WHERE Name = ?1";

void batch_init(struct batch *b, struct rows *r)
{
	*b = (struct batch){ .rows = r, .most = BATCH_MS };
}

bool batch_begin(struct batch *b, struct fault *f)
{
	struct rows *r = b->rows;

	if (r->inside)
		return true;
	if (!rows_begin(r, f))
		return false;
	b->began = clock_monotonic();
	if (!rows_number(r, &b->changed, 0, f, batch_get, "t",
	                 SLICE("changed")) ||
	    !rows_number(r, &b->counted, 0, f, batch_get, "t",
	                 SLICE("counted"))) {
		rows_rollback(r);
		return false;
	}
	b->kept_changed = b->changed;
	b->kept_counted = b->counted;
	return true;
}

static bool batch_keep(struct batch *b, struct fault *f)
{
	return (b->changed == b->kept_changed ||
	        rows_run(b->rows, f, batch_set, "ti", SLICE("changed"),
	                 b->changed)) &&
	       (b->counted == b->kept_counted ||
	        rows_run(b->rows, f, batch_set, "ti", SLICE("counted"),
	                 b->counted));
}

bool batch_commit(struct batch *b, struct fault *f)
{
	if (!b->rows->inside)
		return true;
	if (batch_keep(b, f))
		return rows_commit(b->rows, f);
	rows_rollback(b->rows);
	return false;
}

bool batch_due(const struct batch *b)
{
	return b->rows->inside && clock_monotonic() - b->began >= b->most;
}

bool batch_pause(struct batch *b, struct fault *f)
{
	return !batch_due(b) || batch_commit(b, f);
}

void batch_rollback(struct batch *b)
{
	rows_rollback(b->rows);
}
