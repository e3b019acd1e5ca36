/*
 * Forgetting: rows, originals, comments, links and whatever is staged about an
 * id go in one transaction that also notes the removal for the index and the
 * mark for later imports. Freed pages are overwritten and the WAL is emptied,
 * so that the bytes do not linger in the file.
 */

#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/memory.h"
#include "schema/batch.h"
#include "schema/forget_case.h"
#include "schema/gone.h"
#include "schema/held.h"
#include "schema/identity.h"
#include "schema/store.h"
#include "schema/twins_keep.h"

enum { FORGET_TWINS = 256 };

struct forget {
	struct rows *rows;
	struct batch batch;
	struct arena arena;
	struct arena names; /* that outlive a row */
	struct slice space;
	int64_t removed;
	int64_t *authors; /* of what was removed */
	size_t author_count, author_cap;
};

static bool forget_author(struct forget *x, struct query *q, struct fault *f)
{
	while (query_next(q)) {
		x->authors = memory_room(x->authors, x->author_count,
		                         &x->author_cap, sizeof(*x->authors));
		x->authors[x->author_count++] = query_number(q, 0);
	}
	return query_end(q, f);
}

/* Those who commented on an id, or wait in staging because of it. */
static bool forget_talkers(struct forget *x, struct slice id, struct fault *f)
{
	static const char *const sql[] = {
		"SELECT AuthorID FROM Comments WHERE Space = ?1 AND "
		"Parent = ?2 AND AuthorID IS NOT NULL",
		"SELECT AuthorID FROM StagedAnswers WHERE Space = ?1 AND "
		"?2 IN (NativeID, Parent) AND AuthorID IS NOT NULL",
		"SELECT AuthorID FROM StagedComments WHERE Parent = ?2 AND "
		"AuthorID IS NOT NULL AND VisitID IN "
		"(SELECT VisitID FROM Visits WHERE Space = ?1)",
	};
	struct query q;
	size_t i;

	for (i = 0; i < sizeof(sql) / sizeof(sql[0]); i++)
		if (!rows_ask(x->rows, &q, f, sql[i], "tt", x->space, id) ||
		    !forget_author(x, &q, f))
			return false;
	return true;
}

/* All that hangs on a native id, whichever table its row is in. */
static bool forget_traces(struct forget *x, struct slice id, struct fault *f)
{
	static const char *const sql[] = {
		"DELETE FROM Comments WHERE Space = ?1 AND Parent = ?2",
		"DELETE FROM Links WHERE Space = ?1 AND FromID = ?2",
		"DELETE FROM Links WHERE Space = ?1 AND ToID = ?2",
		"DELETE FROM StagedAnswers WHERE Space = ?1 AND NativeID = ?2",
		"DELETE FROM StagedAnswers WHERE Space = ?1 AND Parent = ?2",
		"DELETE FROM StagedRecords WHERE NativeID = ?2 AND VisitID IN "
		"(SELECT VisitID FROM Visits WHERE Space = ?1)",
		"DELETE FROM StagedComments WHERE Parent = ?2 AND VisitID IN "
		"(SELECT VisitID FROM Visits WHERE Space = ?1)",
		"DELETE FROM StagedRevisions WHERE NativeID = ?2 AND VisitID "
		"IN (SELECT VisitID FROM Visits WHERE Space = ?1)",
		/* Its addresses are never due again (FRONTIER_NEVER). */
		"UPDATE Frontier SET Due = 9223372036854775807, "
		"ETag = NULL, Modified = NULL, Digest = 0 "
		"WHERE NativeID = ?2 AND SourceID IN "
		"(SELECT SourceID FROM CrawlSources WHERE Space = ?1)",
		"DELETE FROM CrawlItems WHERE NativeID = ?2 AND SourceID IN "
		"(SELECT SourceID FROM CrawlSources WHERE Space = ?1)",
		"DELETE FROM Aliases WHERE Space = ?1 AND "
		"?2 IN (Address, NativeID)",
		"INSERT OR IGNORE INTO Forgotten VALUES (?1, ?2)",
	};
	const size_t found = 8; /* of them say that something was there */
	size_t i;

	if (!forget_talkers(x, id, f))
		return false;
	for (i = 0; i < sizeof(sql) / sizeof(sql[0]); i++) {
		if (!rows_run(x->rows, f, sql[i], "tt", x->space, id))
			return false;
		/* What waited counts as found; marks do not. */
		if (i < found)
			x->removed += rows_changed(x->rows);
	}
	return true;
}

static bool forget_row(struct forget *x, enum held_table t, int64_t id,
                       int64_t post, struct slice native, struct fault *f)
{
	static const char *const owners[HELD_TABLES] = {
		"SELECT AuthorID FROM Posts WHERE PostID = ?1 AND "
		"AuthorID IS NOT NULL",
		"SELECT AuthorID FROM Answers WHERE AnswerID = ?1 AND "
		"AuthorID IS NOT NULL",
		"SELECT AuthorID FROM Extras WHERE ExtraID = ?1 AND "
		"AuthorID IS NOT NULL",
	};
	struct gone_row row = { .table = t,
		                .id = id,
		                .post = post,
		                .space = x->space,
		                .native = native };
	struct query q;

	x->removed++;
	return rows_ask(x->rows, &q, f, owners[t], "i", id) &&
	       forget_author(x, &q, f) && gone_take(&x->batch, &row, f) &&
	       forget_traces(x, native, f);
}

/* Ids and native ids only: a damaged row can be forgotten too. */
static bool forget_find(struct forget *x, const char *sql, struct slice native,
                        int64_t *id, int64_t *post, struct fault *f)
{
	struct query q;

	*id = *post = 0;
	if (!rows_ask(x->rows, &q, f, sql, "tt", x->space, native))
		return false;
	if (query_next(&q)) {
		*id = query_number(&q, 0);
		*post = query_number(&q, 1);
	}
	return query_end(&q, f);
}

static bool forget_answer(struct forget *x, struct slice native,
                          struct fault *f)
{
	int64_t id, post;

	if (!forget_find(x,
	                 "SELECT AnswerID, PostID FROM Answers "
	                 "WHERE Space = ?1 AND NativeID = ?2",
	                 native, &id, &post, f))
		return false;
	return id ? forget_row(x, HELD_ANSWERS, id, post, native, f)
	          : forget_traces(x, native, f);
}

static bool forget_answers(struct forget *x, int64_t post, struct fault *f)
{
	struct slice native = { 0 };
	int64_t id = 1;
	struct query q;

	while (id) {
		arena_reset(&x->arena);
		if (!rows_ask(x->rows, &q, f,
		              "SELECT AnswerID, NativeID FROM Answers "
		              "WHERE PostID = ?1 ORDER BY 1 LIMIT 1",
		              "i", post))
			return false;
		id = 0;
		if (query_next(&q)) {
			id = query_number(&q, 0);
			native = arena_copy(&x->arena, query_text(&q, 1));
		}
		if (!query_end(&q, f) ||
		    (id && !forget_row(x, HELD_ANSWERS, id, post, native, f)))
			return false;
	}
	return true;
}

static bool forget_post(struct forget *x, struct slice native, struct fault *f)
{
	int64_t id, post, extra, none;
	bool was;

	if (!forget_case(&x->batch, x->space, native, &was, f))
		return false;
	x->removed += was;
	if (!forget_find(x,
	                 "SELECT PostID, PostID FROM Posts "
	                 "WHERE Space = ?1 AND NativeID = ?2",
	                 native, &id, &post, f) ||
	    !forget_find(x,
	                 "SELECT ExtraID, 0 FROM Extras "
	                 "WHERE Space = ?1 AND NativeID = ?2",
	                 native, &extra, &none, f))
		return false;
	if (extra && !forget_row(x, HELD_EXTRAS, extra, 0, native, f))
		return false;
	if (id)
		return forget_answers(x, id, f) &&
		       forget_row(x, HELD_POSTS, id, id, native, f);
	return forget_traces(x, native, f);
}

/* What the id was or is another name of, unless it is a thing by itself. */
static bool forget_alias(struct forget *x, struct slice native,
                         struct slice *target, struct fault *f)
{
	struct query q;

	*target = (struct slice){ 0 };
	if (!rows_ask(x->rows, &q, f,
	              "SELECT NativeID FROM Aliases a WHERE Space = ?1 AND "
	              "Address = ?2 AND NOT EXISTS (SELECT 1 FROM Posts p "
	              "WHERE p.Space = ?1 AND p.NativeID = ?2)",
	              "tt", x->space, native))
		return false;
	if (query_next(&q))
		*target = arena_copy(&x->names, query_text(&q, 0));
	return query_end(&q, f);
}

/* Under all its names. That of a case leads to an entry it shares with others:
 * they stay. */
static bool forget_named(struct forget *x, struct slice native, struct fault *f)
{
	struct slice target = { 0 };
	bool is;

	return forget_case_is(x->rows, x->space, native, &is, f) &&
	       (is || forget_alias(x, native, &target, f)) &&
	       forget_post(x, native, f) &&
	       (!target.len || forget_post(x, target, f));
}

/* The answer of an entry is its case's, and goes by the same id. */
static bool forget_part(struct forget *x, struct slice answer, struct fault *f)
{
	bool is;

	if (!forget_case_is(x->rows, x->space, answer, &is, f))
		return false;
	return is ? forget_named(x, answer, f) : forget_answer(x, answer, f);
}

/* Names that nothing refers to any more. */
static bool forget_authors(struct forget *x, struct fault *f)
{
	static const char sql[] =
	        "DELETE FROM Authors WHERE AuthorID = ?1 AND NOT "
	        "(EXISTS (SELECT 1 FROM Posts WHERE AuthorID = ?1) OR "
	        "EXISTS (SELECT 1 FROM Answers WHERE AuthorID = ?1) OR "
	        "EXISTS (SELECT 1 FROM Comments WHERE AuthorID = ?1) OR "
	        "EXISTS (SELECT 1 FROM Extras WHERE AuthorID = ?1) OR "
	        "EXISTS (SELECT 1 FROM StagedAnswers WHERE AuthorID = ?1) OR "
	        "EXISTS (SELECT 1 FROM StagedComments WHERE AuthorID = ?1))";
	size_t i;

	for (i = 0; i < x->author_count; i++)
		if (!rows_run(x->rows, f, sql, "i", x->authors[i]))
			return false;
	return true;
}

static bool forget_audit(struct forget *x, struct slice public_id, int64_t now,
                         struct fault *f)
{
	char time[CLOCK_TEXT];

	clock_write(time, now);
	return rows_run(x->rows, f,
	                "INSERT INTO Audit (Time, Action, Subject) "
	                "VALUES (?1, 'forget', ?2)",
	                "tt", slice_of(time), public_id);
}

/* What it connected is looked at again, and the rest of it in the next run. */
static bool forget_twins(struct forget *x, struct fault *f)
{
	bool left;

	return twins_work(x->rows, FORGET_TWINS, &left, f);
}

static bool forget_all(struct forget *x, const struct identity *id,
                       struct slice public_id, int64_t now, struct fault *f)
{
	if (!(id->answer.len ? forget_part(x, id->answer, f)
	                     : forget_named(x, id->native, f)))
		return false;
	if (!x->removed) {
		fault(f, FAULT_GONE, "forget-gone",
		      "there is nothing by the id '%.*s'",
		      SLICE_ARG(public_id));
		return false;
	}
	return forget_authors(x, f) && forget_twins(x, f) &&
	       forget_audit(x, public_id, now, f) && batch_commit(&x->batch, f);
}

/* A section is a part of its page's text: nothing to be taken out alone, and
 * nobody who names one means the whole page. */
static bool forget_whole(const struct identity *id, struct fault *f)
{
	return !id->slug.len ||
	       fault(f, FAULT_USAGE, "forget-section",
	             "a section cannot be forgotten alone: give the id of "
	             "its page, without '#s-%.*s'",
	             SLICE_ARG(id->slug));
}

bool store_forget(struct store *s, struct slice public_id, int64_t now,
                  struct fault *f)
{
	struct forget x = { .rows = store_rows(s) };
	struct arena names = ARENA_INIT;
	struct identity id;
	bool ok = false;

	batch_init(&x.batch, x.rows);
	if (identity_read(public_id, &names, &id, f) && forget_whole(&id, f) &&
	    rows_script(x.rows, "PRAGMA secure_delete = ON", f) &&
	    batch_begin(&x.batch, f)) {
		x.space = id.space;
		ok = forget_all(&x, &id, public_id, now, f);
		batch_rollback(&x.batch);
		/* A reader may hold the WAL: then the next checkpoint does. */
		sqlite3_wal_checkpoint_v2(x.rows->db, NULL,
		                          SQLITE_CHECKPOINT_TRUNCATE, NULL,
		                          NULL);
		ok = rows_script(x.rows, "PRAGMA secure_delete = OFF",
		                 ok ? f : &(struct fault){ 0 }) &&
		     ok;
	}
	arena_release(&names);
	arena_release(&x.arena);
	arena_release(&x.names);
	free(x.authors);
	return ok;
}
