/*
 * Each row is written whole within one transaction; the first failure breaks
 * the intake, so that what follows cannot be kept without it.
 */

#include "schema/intake_write.h"

#include "schema/visit.h"

bool intake_write(struct intake *in, struct fault *f)
{
	if (in->broken)
		return fault(f, FAULT_SYSTEM, "intake-broken",
		             "an earlier write failed");
	if (batch_begin(&in->batch, f))
		return true;
	in->broken = true;
	return false;
}

bool intake_keep(struct intake *in, struct fault *f)
{
	const struct intake_guest *g = &in->guest;

	return (!in->sync || in->sync(in->sync_self, f)) && visit_keep(in, f) &&
	       (!g->keep || g->keep(g->self, f));
}

bool intake_wrote(struct intake *in, bool ok, struct fault *f)
{
	if (ok && (in->hold || !batch_due(&in->batch)))
		return true;
	if (ok && intake_keep(in, f) && batch_commit(&in->batch, f))
		return true;
	batch_rollback(&in->batch);
	in->broken = true;
	return false;
}

bool intake_drain(struct intake *in, const char *any, intake_take_fn *take,
                  struct fault *f)
{
	int64_t some;
	bool found;

	if (!rows_number(in->rows, &some, 0, f, any, "i", in->visit))
		return false;
	found = some != 0;
	while (found)
		if (!batch_begin(&in->batch, f) || !take(in, &found, f) ||
		    !batch_pause(&in->batch, f))
			return false;
	return batch_commit(&in->batch, f);
}
