/* A case stands in tables of its own, and in an entry that others share. */

#include "schema/forget_case.h"

#include "base/arena.h"
#include "base/limits.h"
#include "schema/gone.h"
#include "schema/identity.h"

bool forget_case_is(struct rows *r, struct slice space, struct slice native,
                    bool *is, struct fault *f)
{
	int64_t found;

	if (!rows_number(r, &found, 0, f,
	                 "SELECT 1 FROM Cases WHERE Space = ?1 AND "
	                 "NativeID = ?2",
	                 "tt", space, native))
		return false;
	*is = found != 0;
	return true;
}

/* Ids alone, the answer's before its post's: damaged rows can go too. */
static bool entry_rows_take(struct batch *b, struct gone_row *post,
                            struct arena *a, struct fault *f)
{
	struct gone_row answer = { .table = HELD_ANSWERS,
		                   .post = post->id,
		                   .space = post->space };
	struct query q;

	do {
		if (!rows_ask(b->rows, &q, f,
		              "SELECT AnswerID, NativeID FROM Answers "
		              "WHERE PostID = ?1 ORDER BY 1 LIMIT 1",
		              "i", post->id))
			return false;
		answer.id = query_next(&q) ? query_number(&q, 0) : 0;
		answer.native = arena_copy(a, query_text(&q, 1));
		if (!query_end(&q, f) ||
		    (answer.id && !gone_take(b, &answer, f)))
			return false;
	} while (answer.id);
	return gone_take(b, post, f);
}

/* No case stands in the entry any more. */
static bool entry_empty(struct rows *r, struct slice space, struct slice entry,
                        struct fault *f)
{
	return rows_run(r, f,
	                "DELETE FROM CaseEntries WHERE Space = ?1 AND "
	                "Entry = ?2",
	                "tt", space, entry);
}

/* The post goes, with what knows it by name. */
static bool entry_take(struct batch *b, struct slice space, struct slice entry,
                       struct arena *a, struct fault *f)
{
	struct gone_row post = { .table = HELD_POSTS,
		                 .space = space,
		                 .native = entry };

	if (!rows_number(b->rows, &post.id, 0, f,
	                 "SELECT PostID FROM Posts WHERE Space = ?1 AND "
	                 "NativeID = ?2",
	                 "tt", space, entry))
		return false;
	post.post = post.id;
	return (!post.id || entry_rows_take(b, &post, a, f)) &&
	       rows_run(b->rows, f,
	                "DELETE FROM Aliases WHERE Space = ?1 AND "
	                "NativeID = ?2",
	                "tt", space, entry);
}

static bool entry_find(struct rows *r, struct slice space, struct slice native,
                       struct arena *a, struct slice *entry, struct fault *f)
{
	struct query q;

	*entry = (struct slice){ 0 };
	if (!rows_ask(r, &q, f,
	              "SELECT Entry FROM CaseEntries WHERE CaseID = (SELECT "
	              "CaseID FROM Cases WHERE Space = ?1 AND NativeID = ?2)",
	              "tt", space, native))
		return false;
	if (query_next(&q))
		*entry = arena_copy(a, query_text(&q, 0));
	return query_end(&q, f);
}

/* What models were asked and said of it. */
static bool models_forget(struct rows *r, struct slice space,
                          struct slice native, bool *was, struct fault *f)
{
	static const char *const sql[] = {
		"DELETE FROM ModelAnswers WHERE Subject = ?1",
		"UPDATE ModelCalls SET Subject = '' WHERE Subject = ?1",
	};
	const struct identity id = { .space = space, .native = native };
	struct buf subject = BUF_INIT(LIMIT_ROW);
	bool ok = true;
	size_t i;

	identity_write(&subject, &id);
	for (i = 0; ok && i < sizeof(sql) / sizeof(*sql); i++) {
		ok = rows_run(r, f, sql[i], "t", buf_slice(&subject));
		*was |= ok && rows_changed(r) > 0;
	}
	buf_release(&subject);
	return ok;
}

bool forget_case(struct batch *b, struct slice space, struct slice native,
                 bool *was, struct fault *f)
{
	struct arena a = ARENA_INIT;
	struct slice entry;
	bool is = false, ok;

	*was = false;
	ok = forget_case_is(b->rows, space, native, &is, f) &&
	     entry_find(b->rows, space, native, &a, &entry, f) &&
	     entry_empty(b->rows, space, entry, f) &&
	     (!entry.len || slice_eq(entry, native) ||
	      entry_take(b, space, entry, &a, f)) &&
	     models_forget(b->rows, space, native, was, f) &&
	     rows_run(b->rows, f,
	              "DELETE FROM Cases WHERE Space = ?1 AND NativeID = ?2",
	              "tt", space, native);
	*was |= is;
	arena_release(&a);
	return ok;
}
