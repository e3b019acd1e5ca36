/*
 * Comments have no revisions: a new one goes in at once, a known one from
 * another visit is staged and replaces what stands if this visit is newer; in a
 * crawl, whose date is known, at once.
 */

#include "base/clock.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "schema/intake_state.h"
#include "schema/intake_write.h"
#include "schema/visit.h"

static bool comment_check(const struct intake_comment *c, struct fault *f)
{
	if (!c->id.len || c->id.len > LIMIT_ID || !c->parent.len ||
	    c->parent.len > LIMIT_ID || c->author_id.len > LIMIT_ID ||
	    c->author.len > LIMIT_NAME || c->licence.len > LIMIT_NAME ||
	    c->content.len > LIMIT_TEXT)
		return fault(f, FAULT_INPUT, "comment-shape",
		             "a comment without id or post, or too long");
	if (utf8_valid(c->id) != c->id.len ||
	    utf8_valid(c->parent) != c->parent.len ||
	    utf8_valid(c->content) != c->content.len ||
	    utf8_valid(c->author_id) != c->author_id.len ||
	    utf8_valid(c->author) != c->author.len ||
	    utf8_valid(c->licence) != c->licence.len)
		return fault(f, FAULT_INPUT, "comment-utf8",
		             "a comment is not UTF-8");
	return true;
}

uint64_t comment_hash(struct slice space, const struct intake_comment *c)
{
	char time[CLOCK_TEXT], score[32];
	struct hash h;

	clock_write(time, c->created);
	snprintf(score, sizeof(score), "%lld", (long long)c->score);
	hash_init(&h);
	hash_part(&h, space);
	hash_part(&h, c->id);
	hash_part(&h, c->parent);
	hash_part(&h, c->content);
	hash_part(&h, c->author);
	hash_part(&h, c->licence);
	hash_part(&h, slice_of(time));
	hash_part(&h, slice_of(score));
	return hash_end(&h);
}

/* The row of Comments with this id: what decides about the new one. */
struct comment_found {
	int64_t id, visit;
	uint64_t hash;
};

static bool comment_find(struct intake *in, struct slice id,
                         struct comment_found *out, struct fault *f)
{
	struct query q;

	*out = (struct comment_found){ 0 };
	if (!rows_ask(in->rows, &q, f,
	              "SELECT CommentID, VisitID, RowHash FROM Comments "
	              "WHERE Space = ?1 AND NativeID = ?2",
	              "tt", intake_space(in), id))
		return false;
	if (query_next(&q)) {
		out->id = query_number(&q, 0);
		out->visit = query_number(&q, 1);
		out->hash = (uint64_t)query_number(&q, 2);
	}
	return query_end(&q, f);
}

/* A comment and its AuthorID. */
struct comment_row {
	struct intake_comment c;
	int64_t author;
};

static bool comment_insert(struct intake *in, const struct comment_row *x,
                           struct slice time, struct fault *f)
{
	const struct intake_comment *c = &x->c;

	return rows_run(in->rows, f,
	                "INSERT INTO Comments (Space, NativeID, Parent, "
	                "Content, VoteCount, CommentTime, AuthorID, "
	                "AuthorName, Licence, RowHash, VisitID) VALUES (?1, "
	                "?2, ?3, ?4, ?5, ?6, nullif(?7, 0), ?8, ?9, ?10, ?11)",
	                "ttttitittii", intake_space(in), c->id, c->parent,
	                c->content, c->score, time, x->author, c->author,
	                c->licence, (int64_t)comment_hash(intake_space(in), c),
	                in->visit);
}

static bool comment_stage(struct intake *in, const struct comment_row *x,
                          struct slice time, struct fault *f)
{
	const struct intake_comment *c = &x->c;

	return rows_run(in->rows, f,
	                "INSERT OR REPLACE INTO StagedComments VALUES (?1, "
	                "?2, ?3, ?4, ?5, ?6, nullif(?7, 0), ?8, ?9)",
	                "itttititt", in->visit, c->id, c->parent, c->content,
	                c->score, time, x->author, c->author, c->licence);
}

static bool comment_apply(struct intake *in, const struct comment_row *x,
                          struct fault *f)
{
	const struct intake_comment *c = &x->c;
	struct comment_found old;
	char time[CLOCK_TEXT];
	bool newer = false;

	clock_write(time, c->created);
	if (!comment_find(in, c->id, &old, f))
		return false;
	if (old.id && in->dated && old.visit == in->visit)
		newer = true;
	else if (old.id && !visit_newer(in, in->visit, in->kept_as_of,
	                                old.visit, &newer, f))
		return false;
	if (newer &&
	    !rows_run(in->rows, f,
	              "UPDATE Comments SET Parent = ?2, Content = ?3, "
	              "VoteCount = ?4, CommentTime = ?5, "
	              "AuthorID = nullif(?6, 0), AuthorName = ?7, "
	              "Licence = ?8, RowHash = ?9, VisitID = ?10 "
	              "WHERE CommentID = ?1",
	              "ittitittii", old.id, c->parent, c->content, c->score,
	              slice_of(time), x->author, c->author, c->licence,
	              (int64_t)comment_hash(intake_space(in), c), in->visit))
		return false;
	return rows_run(in->rows, f,
	                "DELETE FROM StagedComments WHERE VisitID = ?1 AND "
	                "NativeID = ?2",
	                "it", in->visit, c->id);
}

/* A known one waits for the end of the visit, unless its date is known. */
static bool comment_write(struct intake *in, const struct intake_comment *c,
                          bool known, struct fault *f)
{
	struct comment_row x = { .c = *c };
	char time[CLOCK_TEXT];

	clock_write(time, c->created);
	if (!author_refer(in, c->author_id, &x.author, f))
		return false;
	if (known && in->dated)
		return comment_apply(in, &x, f);
	return (known ? comment_stage : comment_insert)(in, &x, slice_of(time),
	                                                f);
}

/* Whether there is anything to write; *known: over a row that is there. */
static bool comment_judge(struct intake *in, const struct intake_comment *c,
                          bool *wanted, bool *known, struct fault *f)
{
	struct comment_found old;
	bool forgotten;

	if (!intake_forgotten(in, c->parent, c->parent, &forgotten, f) ||
	    !comment_find(in, c->id, &old, f))
		return false;
	*known = old.id != 0;
	*wanted = !forgotten && old.visit != in->visit &&
	          !(*known && intake_again(in));
	if (!*known || !in->dated || forgotten)
		return true;
	*wanted = old.hash != comment_hash(intake_space(in), c);
	return old.visit == in->visit ||
	       visit_newer(in, in->visit, in->kept_as_of, old.visit, wanted, f);
}

bool intake_comment(struct intake *in, const struct intake_comment *c,
                    struct fault *f)
{
	bool locked = batch_open(&in->batch), wanted, known, ok;

	if (!comment_check(c, f))
		return false;
	in->report.comments++;
	intake_saw(in, c->created);
	if (!comment_judge(in, c, &wanted, &known, f))
		return false;
	if (!wanted)
		return true;
	if (!intake_write(in, f))
		return false;
	/* Another import may have been quicker. */
	ok = (locked || comment_judge(in, c, &wanted, &known, f)) &&
	     (!wanted || comment_write(in, c, known, f));
	return intake_wrote(in, ok, f);
}

static bool comment_take(struct intake *in, struct comment_row *x, bool *found,
                         struct fault *f)
{
	struct arena *a = &in->arena;
	struct query q;

	arena_reset(a);
	*x = (struct comment_row){ .c.created = CLOCK_NONE };
	if (!rows_ask(in->rows, &q, f,
	              "SELECT NativeID, Parent, Content, VoteCount, "
	              "CommentTime, AuthorID, AuthorName, Licence "
	              "FROM StagedComments WHERE VisitID = ?1 "
	              "ORDER BY NativeID LIMIT 1",
	              "i", in->visit))
		return false;
	*found = query_next(&q);
	if (*found) {
		x->c.id = arena_copy(a, query_text(&q, 0));
		x->c.parent = arena_copy(a, query_text(&q, 1));
		x->c.content = arena_copy(a, query_text(&q, 2));
		x->c.score = query_number(&q, 3);
		if (!clock_read(query_text(&q, 4), &x->c.created))
			x->c.created = CLOCK_NONE;
		x->author = query_number(&q, 5);
		x->c.author = arena_copy(a, query_text(&q, 6));
		x->c.licence = arena_copy(a, query_text(&q, 7));
	}
	return query_end(&q, f);
}

static bool comment_move(struct intake *in, bool *found, struct fault *f)
{
	struct comment_row x;

	return comment_take(in, &x, found, f) &&
	       (!*found || comment_apply(in, &x, f));
}

bool comment_settle(struct intake *in, struct fault *f)
{
	return intake_drain(
	        in, "SELECT 1 FROM StagedComments WHERE VisitID = ?1 LIMIT 1",
	        comment_move, f);
}
