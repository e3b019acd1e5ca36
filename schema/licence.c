/*
 * Which Creative Commons licence a text of Stack Exchange stands under: that
 * of the day of the revision that made it (meta.stackexchange 347758). An edit
 * re-licenses; a rollback restores what the revision it went back to had; a
 * change of tags alone changes nothing and is not passed here.
 */

#include "base/clock.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "schema/intake_state.h"
#include "schema/intake_write.h"

struct slice licence_by_date(int64_t time)
{
	const int64_t to_3 = 1302220800000; /* 2011-04-08 */
	const int64_t to_4 = 1525219200000; /* 2018-05-02 */

	if (time == CLOCK_NONE)
		return (struct slice){ "", 0 };
	if (time < to_3)
		return SLICE("CC-BY-SA-2.5");
	return time < to_4 ? SLICE("CC-BY-SA-3.0") : SLICE("CC-BY-SA-4.0");
}

bool intake_revision(struct intake *in, struct slice id, struct slice text,
                     bool rollback, struct slice licence, int64_t time,
                     struct fault *f)
{
	if (!id.len || id.len > LIMIT_ID || utf8_valid(id) != id.len ||
	    licence.len > LIMIT_NAME)
		return fault(f, FAULT_INPUT, "revision-shape",
		             "a revision without a usable id");
	in->report.revisions++;
	intake_saw(in, time);
	if (intake_again(in))
		return true;
	return intake_write(in, f) &&
	       intake_wrote(in,
	                    rows_run(in->rows, f,
	                             "INSERT OR REPLACE INTO StagedRevisions "
	                             "VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
	                             "itiiit", in->visit, id, time,
	                             (int64_t)hash64(text), (int64_t)rollback,
	                             licence),
	                    f);
}

/* What the revision at (time, hash) went back to; by date if nowhere. */
static bool licence_restored(struct intake *in, struct slice native,
                             int64_t time, int64_t hash, struct slice *out,
                             struct fault *f)
{
	struct query q;
	int64_t then = time;

	*out = (struct slice){ 0 };
	if (!rows_ask(in->rows, &q, f,
	              "SELECT Licence, Time FROM StagedRevisions "
	              "WHERE VisitID = ?1 AND NativeID = ?2 AND Time < ?3 AND "
	              "TextHash = ?4 AND Rollback = 0 "
	              "ORDER BY Time DESC LIMIT 1",
	              "itii", in->visit, native, time, hash))
		return false;
	if (query_next(&q)) {
		*out = arena_copy(&in->arena, query_text(&q, 0));
		then = query_number(&q, 1);
	}
	if (!out->len)
		*out = licence_by_date(then);
	return query_end(&q, f);
}

/* Of the last revision of `native`. */
static bool licence_of(struct intake *in, struct slice native,
                       struct slice *out, struct fault *f)
{
	int64_t time = CLOCK_NONE, hash = 0, rollback = 0;
	struct query q;

	*out = (struct slice){ 0 };
	if (!rows_ask(in->rows, &q, f,
	              "SELECT Licence, Time, TextHash, Rollback "
	              "FROM StagedRevisions "
	              "WHERE VisitID = ?1 AND NativeID = ?2 "
	              "ORDER BY Time DESC, TextHash LIMIT 1",
	              "it", in->visit, native))
		return false;
	if (query_next(&q)) {
		*out = arena_copy(&in->arena, query_text(&q, 0));
		time = query_number(&q, 1);
		hash = query_number(&q, 2);
		rollback = query_number(&q, 3);
	}
	if (!query_end(&q, f))
		return false;
	if (!out->len && rollback)
		return licence_restored(in, native, time, hash, out, f);
	if (!out->len)
		*out = licence_by_date(time);
	return true;
}

/* Only where this visit brought the row, and the row itself says nothing. */
static bool licence_apply(struct intake *in, enum held_table t,
                          struct slice native, struct slice licence,
                          struct fault *f)
{
	struct held h;

	if (!held_find(in->rows, t, intake_space(in), native, &in->arena, &h,
	               f))
		return false;
	if (!h.id || h.licensed || h.visit != in->visit ||
	    slice_eq(h.r.licence, licence))
		return true;
	h.r.licence = licence;
	return held_update(in->rows, t, &h, false, f);
}

static bool licence_take(struct intake *in, bool *found, struct fault *f)
{
	struct slice native = { 0 }, licence;
	enum held_table t;
	struct query q;

	arena_reset(&in->arena);
	if (!rows_ask(in->rows, &q, f,
	              "SELECT NativeID FROM StagedRevisions "
	              "WHERE VisitID = ?1 ORDER BY NativeID LIMIT 1",
	              "i", in->visit))
		return false;
	*found = query_next(&q);
	if (*found)
		native = arena_copy(&in->arena, query_text(&q, 0));
	if (!query_end(&q, f))
		return false;
	if (!*found)
		return true;
	if (!licence_of(in, native, &licence, f))
		return false;
	for (t = HELD_POSTS; t < HELD_TABLES; t++)
		if (!licence_apply(in, t, native, licence, f))
			return false;
	return rows_run(in->rows, f,
	                "DELETE FROM StagedRevisions WHERE VisitID = ?1 AND "
	                "NativeID = ?2",
	                "it", in->visit, native);
}

bool licence_settle(struct intake *in, struct fault *f)
{
	return intake_drain(
	        in, "SELECT 1 FROM StagedRevisions WHERE VisitID = ?1 LIMIT 1",
	        licence_take, f);
}
