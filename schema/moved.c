/*
 * A thing that goes by another id at its source: rows keep their numbers, and
 * what names the old id names the new one. Hashes over an id are made anew.
 */

#include "base/clock.h"
#include "base/limits.h"
#include "base/text/unicode.h"
#include "schema/gone.h"
#include "schema/intake_state.h"
#include "schema/intake_write.h"
#include "schema/staging.h"

/* A question's name is part of its answers' public ids. */
static bool moved_answers(struct intake *in, int64_t post, struct fault *f)
{
	int64_t id = 0;

	do {
		if (!rows_number(in->rows, &id, 0, f,
		                 "SELECT AnswerID FROM Answers WHERE "
		                 "PostID = ?1 AND AnswerID > ?2 "
		                 "ORDER BY AnswerID LIMIT 1",
		                 "ii", post, id) ||
		    (id && !rows_run(in->rows, f,
		                     "UPDATE Answers SET Changed = ?2 "
		                     "WHERE AnswerID = ?1",
		                     "ii", id, batch_changed(&in->batch))))
			return false;
	} while (id);
	return true;
}

/* The question that accepted an answer says so by its id. */
static bool moved_accepted(struct intake *in, int64_t post, struct slice from,
                           struct slice to, struct fault *f)
{
	struct held h;

	if (!held_load(in->rows, HELD_POSTS, post, false, &in->inner, &h, f))
		return false;
	if (!h.id || !slice_eq(h.r.accepted, from))
		return true;
	h.r.accepted = to;
	h.changed = batch_changed(&in->batch);
	return held_update(in->rows, HELD_POSTS, &h, false, f);
}

static bool moved_row(struct intake *in, enum held_table t, struct held *h,
                      struct slice from, struct slice to, struct fault *f)
{
	static const char *const sql[HELD_TABLES] = {
		"UPDATE Posts SET NativeID = ?2 WHERE PostID = ?1",
		"UPDATE Answers SET NativeID = ?2 WHERE AnswerID = ?1",
		"UPDATE Extras SET NativeID = ?2 WHERE ExtraID = ?1",
	};

	in->touched = true;
	h->r.id = to;
	if (t != HELD_EXTRAS)
		h->changed = batch_changed(&in->batch);
	if (!rows_run(in->rows, f, sql[t], "it", h->id, to) ||
	    !held_update(in->rows, t, h, false, f))
		return false;
	if (t == HELD_POSTS)
		return moved_answers(in, h->id, f);
	return t == HELD_EXTRAS || moved_accepted(in, h->post, from, to, f);
}

static bool moved_comments(struct intake *in, struct slice from,
                           struct slice to, struct fault *f)
{
	struct intake_comment c;
	struct query q;
	uint64_t hash;
	int64_t id;

	for (;;) {
		if (!rows_ask(in->rows, &q, f,
		              "SELECT CommentID, NativeID, Content, VoteCount, "
		              "CommentTime, AuthorName, Licence FROM Comments "
		              "WHERE Space = ?1 AND Parent = ?2 LIMIT 1",
		              "tt", intake_space(in), from))
			return false;
		id = query_next(&q) ? query_number(&q, 0) : 0;
		c = (struct intake_comment){ .parent = to };
		c.id = query_text(&q, 1);
		c.content = query_text(&q, 2);
		c.score = query_number(&q, 3);
		if (!clock_read(query_text(&q, 4), &c.created))
			c.created = CLOCK_NONE;
		c.author = query_text(&q, 5);
		c.licence = query_text(&q, 6);
		hash = comment_hash(intake_space(in), &c);
		if (!query_end(&q, f))
			return false;
		if (!id)
			return true;
		if (!rows_run(in->rows, f,
		              "UPDATE Comments SET Parent = ?2, RowHash = ?3 "
		              "WHERE CommentID = ?1",
		              "iti", id, to, (int64_t)hash))
			return false;
	}
}

/* Answers that wait for the question by its old name. */
static bool moved_waiting(struct intake *in, struct slice from, struct slice to,
                          struct fault *f)
{
	struct slice native = { 0 }, bytes = { 0 };
	struct record r;
	struct query q;
	int64_t visit;

	for (;;) {
		arena_reset(&in->inner);
		if (!rows_ask(in->rows, &q, f,
		              "SELECT NativeID, VisitID, Record FROM "
		              "StagedAnswers WHERE Space = ?1 AND Parent = ?2 "
		              "LIMIT 1",
		              "tt", intake_space(in), from))
			return false;
		visit = query_next(&q) ? query_number(&q, 1) : 0;
		native = arena_copy(&in->inner, query_text(&q, 0));
		bytes = arena_copy(&in->inner, query_text(&q, 2));
		if (!query_end(&q, f))
			return false;
		if (!visit)
			return true;
		if (!staging_read(bytes, &in->inner, &r, f))
			return false;
		r.parent = to;
		buf_reset(&in->bytes);
		staging_write(&in->bytes, &r);
		if (!rows_run(in->rows, f,
		              "UPDATE StagedAnswers SET Parent = ?4, "
		              "Record = ?5 WHERE Space = ?1 AND NativeID = ?2 "
		              "AND VisitID = ?3",
		              "ttitb", intake_space(in), native, visit, to,
		              buf_slice(&in->bytes)))
			return false;
	}
}

static bool moved_traces(struct intake *in, struct slice from, struct slice to,
                         struct fault *f)
{
	static const char *const sql[] = {
		"UPDATE OR REPLACE Links SET FromID = ?3 WHERE Space = ?1 AND "
		"FromID = ?2",
		"UPDATE OR REPLACE Links SET ToID = ?3 WHERE Space = ?1 AND "
		"ToID = ?2",
		"UPDATE StagedComments SET Parent = ?3 WHERE Parent = ?2 AND "
		"VisitID IN (SELECT VisitID FROM Visits WHERE Space = ?1)",
	};
	size_t i;

	for (i = 0; i < sizeof(sql) / sizeof(sql[0]); i++)
		if (!rows_run(in->rows, f, sql[i], "ttt", intake_space(in),
		              from, to))
			return false;
	return moved_comments(in, from, to, f) &&
	       moved_waiting(in, from, to, f);
}

/* Something by the name `id` is there. */
static bool moved_taken(struct intake *in, struct slice id, bool *taken,
                        struct fault *f)
{
	int64_t found;

	if (!rows_number(in->rows, &found, 0, f,
	                 "SELECT EXISTS (SELECT 1 FROM Posts WHERE Space = ?1 "
	                 "AND NativeID = ?2) OR EXISTS (SELECT 1 FROM Answers "
	                 "WHERE Space = ?1 AND NativeID = ?2) OR EXISTS "
	                 "(SELECT 1 FROM Extras WHERE Space = ?1 AND "
	                 "NativeID = ?2)",
	                 "tt", intake_space(in), id))
		return false;
	*taken = found != 0;
	return true;
}

/* The mark of a forgotten one follows too: what it keeps out stays out. */
static bool moved_forgotten(struct intake *in, struct slice from,
                            struct slice to, bool *out, struct fault *f)
{
	bool was;

	if (!intake_forgotten(in, from, from, &was, f) ||
	    !intake_forgotten(in, to, to, out, f))
		return false;
	if (!was || *out)
		return true;
	in->touched = *out = true;
	return rows_run(in->rows, f,
	                "INSERT OR IGNORE INTO Forgotten VALUES (?1, ?2)", "tt",
	                intake_space(in), to);
}

static bool moved_all(struct intake *in, struct slice from, struct slice to,
                      int64_t time, bool *was, struct fault *f)
{
	bool taken, forgotten;
	enum held_table t;
	struct held h;

	if (!moved_taken(in, to, &taken, f) ||
	    !moved_forgotten(in, from, to, &forgotten, f))
		return false;
	in->touched |= forgotten || taken;
	if (forgotten)
		return gone_all(in, to, time, was, f) &&
		       gone_all(in, from, time, was, f);
	if (taken)
		return gone_all(in, from, time, was, f) &&
		       (!*was || alias_moved(in, from, to, f));
	for (t = HELD_POSTS; t < HELD_TABLES; t++) {
		arena_reset(&in->inner);
		if (!held_find(in->rows, t, intake_space(in), from, &in->inner,
		               &h, f) ||
		    (h.id && !moved_row(in, t, &h, from, to, f)))
			return false;
		*was |= h.id != 0;
	}
	return moved_traces(in, from, to, f) &&
	       (!*was || alias_moved(in, from, to, f));
}

bool intake_moved(struct intake *in, struct slice from, struct slice to,
                  int64_t time, bool *was, struct fault *f)
{
	bool ok;

	*was = false;
	if (!to.len || to.len > LIMIT_ID || !unicode_is_clean(to) ||
	    slice_find(to, '\n') < to.len || slice_find(to, '\t') < to.len)
		return fault(f, FAULT_INPUT, "record-id",
		             "a new id that is empty, too long or not clean");
	if (slice_eq(from, to))
		return true;
	if (!intake_write(in, f))
		return false;
	/* A damaged row in the way rejects this alone: nothing was written. */
	in->touched = false;
	ok = moved_all(in, from, to, time, was, f);
	if (!ok && !in->touched && f->kind == FAULT_INPUT)
		return false;
	return intake_wrote(in, ok, f);
}
