/*
 * What is no longer at its source leaves the live rows and may come back: so
 * its authors stay, and so do links that lead to it.
 */

#include "schema/gone.h"

#include "base/clock.h"
#include "schema/intake_state.h"
#include "schema/intake_write.h"
#include "schema/twins_keep.h"

bool gone_take(struct batch *b, const struct gone_row *x, struct fault *f)
{
	static const char *const sql[HELD_TABLES] = {
		"DELETE FROM Posts WHERE PostID = ?1",
		"DELETE FROM Answers WHERE AnswerID = ?1",
		"DELETE FROM Extras WHERE ExtraID = ?1",
	};
	static const struct slice kinds[HELD_TABLES] = { { "post", 4 },
		                                         { "answer", 6 },
		                                         { "extra", 5 } };

	return (x->table != HELD_POSTS || twins_drop(b->rows, x->id, f)) &&
	       rows_run(b->rows, f,
	                "DELETE FROM Originals WHERE OriginalID = ?1", "i",
	                held_original(x->table, x->id)) &&
	       rows_run(b->rows, f, sql[x->table], "i", x->id) &&
	       (x->table == HELD_EXTRAS ||
	        rows_run(b->rows, f,
	                 "INSERT INTO Gone (Space, NativeID, Kind, PostID, "
	                 "AnswerID, GoneTime, Changed) VALUES (?1, ?2, ?3, "
	                 "?4, ?5, ?6, ?7)",
	                 "tttiiti", x->space, x->native, kinds[x->table],
	                 x->post, x->table == HELD_ANSWERS ? x->id : (int64_t)0,
	                 x->time, batch_changed(b)));
}

/* What hangs on a native id; `found` grows by what was there. */
static bool gone_traces(struct intake *in, struct slice id, bool *was,
                        struct fault *f)
{
	static const char *const sql[] = {
		"DELETE FROM Comments WHERE Space = ?1 AND Parent = ?2",
		"DELETE FROM Links WHERE Space = ?1 AND FromID = ?2",
		"DELETE FROM StagedAnswers WHERE Space = ?1 AND NativeID = ?2",
		"DELETE FROM StagedAnswers WHERE Space = ?1 AND Parent = ?2",
		"DELETE FROM StagedRecords WHERE NativeID = ?2 AND VisitID IN "
		"(SELECT VisitID FROM Visits WHERE Space = ?1)",
		"DELETE FROM StagedComments WHERE Parent = ?2 AND VisitID IN "
		"(SELECT VisitID FROM Visits WHERE Space = ?1)",
	};
	size_t i;

	for (i = 0; i < sizeof(sql) / sizeof(sql[0]); i++) {
		if (!rows_run(in->rows, f, sql[i], "tt", intake_space(in), id))
			return false;
		*was |= rows_changed(in->rows) > 0;
	}
	return true;
}

static bool gone_one(struct intake *in, struct gone_row *x, bool *was,
                     struct fault *f)
{
	*was = true;
	x->space = intake_space(in);
	return gone_take(&in->batch, x, f) &&
	       gone_traces(in, x->native, was, f);
}

/* Ids alone: a damaged row may go too. */
static bool gone_answers(struct intake *in, int64_t post, struct slice time,
                         bool *was, struct fault *f)
{
	struct gone_row x = { HELD_ANSWERS, 1, post, { 0 }, { 0 }, time };
	struct query q;

	while (x.id) {
		arena_reset(&in->inner);
		if (!rows_ask(in->rows, &q, f,
		              "SELECT AnswerID, NativeID FROM Answers "
		              "WHERE PostID = ?1 ORDER BY 1 LIMIT 1",
		              "i", post))
			return false;
		x.id = 0;
		if (query_next(&q)) {
			x.id = query_number(&q, 0);
			x.native = arena_copy(&in->inner, query_text(&q, 1));
		}
		if (!query_end(&q, f) || (x.id && !gone_one(in, &x, was, f)))
			return false;
	}
	return true;
}

static bool gone_from(struct intake *in, enum held_table t, struct slice id,
                      struct slice time, bool *was, struct fault *f)
{
	static const char *const sql[HELD_TABLES] = {
		"SELECT PostID, PostID FROM Posts WHERE Space = ?1 AND "
		"NativeID = ?2",
		"SELECT AnswerID, PostID FROM Answers WHERE Space = ?1 AND "
		"NativeID = ?2",
		"SELECT ExtraID, 0 FROM Extras WHERE Space = ?1 AND "
		"NativeID = ?2",
	};
	struct gone_row x = { .table = t, .native = id, .time = time };
	struct query q;

	if (!rows_ask(in->rows, &q, f, sql[t], "tt", intake_space(in), id))
		return false;
	if (query_next(&q)) {
		x.id = query_number(&q, 0);
		x.post = query_number(&q, 1);
	}
	if (!query_end(&q, f))
		return false;
	return !x.id ||
	       ((t != HELD_POSTS || gone_answers(in, x.id, time, was, f)) &&
	        gone_one(in, &x, was, f));
}

bool gone_all(struct intake *in, struct slice id, int64_t time, bool *was,
              struct fault *f)
{
	char text[CLOCK_TEXT];
	enum held_table t;

	clock_write(text, time);
	for (t = HELD_POSTS; t < HELD_TABLES; t++)
		if (!gone_from(in, t, id, slice_of(text), was, f))
			return false;
	return gone_traces(in, id, was, f);
}

/* Those that the gone one connected are looked at, the first few at once. */
static bool gone_twins(struct intake *in, struct fault *f)
{
	bool left;

	return twins_work(in->rows, TWINS_AT_ONCE, &left, f);
}

bool intake_gone(struct intake *in, struct slice id, int64_t time, bool *was,
                 struct fault *f)
{
	*was = false;
	return intake_write(in, f) &&
	       intake_wrote(in,
	                    gone_all(in, id, time, was, f) && gone_twins(in, f),
	                    f);
}
