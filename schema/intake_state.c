/* What an intake has seen, counted and must keep out, for all its files. */

#include "schema/intake_state.h"

#include "base/clock.h"

void intake_saw(struct intake *in, int64_t time)
{
	char text[CLOCK_TEXT];

	if (in->dated || time <= in->as_of)
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

/* Mostly nothing is: then one look a transaction is enough. */
static bool intake_any_forgotten(struct intake *in, bool *any, struct fault *f)
{
	struct rows_known *known = &in->rows->known;
	int64_t found = 1;

	if (!in->rows->inside || !known->forgotten_read) {
		if (!rows_number(in->rows, &found, 0, f,
		                 "SELECT EXISTS (SELECT 1 FROM Forgotten)", ""))
			return false;
		known->forgotten = found != 0;
		known->forgotten_read = true;
	}
	*any = known->forgotten;
	return true;
}

bool intake_forgotten(struct intake *in, struct slice id, struct slice parent,
                      bool *forgotten, struct fault *f)
{
	int64_t found;

	if (!intake_any_forgotten(in, forgotten, f))
		return false;
	if (!*forgotten)
		return true;
	if (!rows_number(in->rows, &found, 0, f,
	                 "SELECT 1 FROM Forgotten WHERE Space = ?1 AND "
	                 "NativeID IN (?2, ?3)",
	                 "ttt", intake_space(in), id, parent))
		return false;
	*forgotten = found != 0;
	return true;
}
