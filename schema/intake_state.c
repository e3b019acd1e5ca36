/* Small verbs shared by the files behind intake.h. */

#include "schema/intake_state.h"

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

bool intake_wrote(struct intake *in, bool ok, struct fault *f)
{
	if (ok && !batch_due(&in->batch))
		return true;
	if (ok && visit_keep(in, f) && batch_commit(&in->batch, f))
		return true;
	batch_rollback(&in->batch);
	in->broken = true;
	return false;
}

void intake_count(struct intake *in, enum outcome what)
{
	struct intake_report *r = &in->report;

	switch (what) {
	case OUTCOME_ADDED:
		r->added++;
		break;
	case OUTCOME_UPDATED:
		r->updated++;
		break;
	case OUTCOME_COUNTED:
		r->counted++;
		break;
	case OUTCOME_MOVED:
	case OUTCOME_SAME:
		r->same++;
		break;
	case OUTCOME_OLDER:
		r->older++;
		break;
	case OUTCOME_FORGOTTEN:
		r->forgotten++;
		break;
	case OUTCOME_STAGED:  /* counted at the end */
	case OUTCOME_WAITING: /* likewise */
		break;
	}
}
