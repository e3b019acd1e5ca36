/* What an intake has seen and counted, as its files tell it. */

#include "schema/intake_state.h"

#include "base/clock.h"

void intake_saw(struct intake *in, int64_t time)
{
	char text[CLOCK_TEXT];

	if (time <= in->as_of)
		return;
	clock_write(text, time);
	if (text[0])
		in->as_of = time;
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
