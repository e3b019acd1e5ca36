/*
 * New, newer, same or older: the rules of intake.h as a plan made from reads
 * alone, and its execution. A record of an equal revision from another visit
 * can only be judged when this visit's date is known: it is staged (without
 * its text when that is the same) and judged again at the end.
 */

#include "base/hash.h"
#include "schema/intake_state.h"
#include "schema/intake_write.h"
#include "schema/staging.h"
#include "schema/visit.h"

enum plan {
	PLAN_NOTHING,
	PLAN_INSERT,
	PLAN_UPDATE,
	PLAN_REFRESH,
	PLAN_RELABEL,
	PLAN_HEAD,
	PLAN_DEFER,
	PLAN_WAIT,
};

struct decision {
	enum held_table table;
	struct held held;
	int64_t post; /* of an answer's question */
	enum plan plan;
	enum outcome what; /* of PLAN_NOTHING */
};

static bool decide_parent(struct intake *in, const struct record *r,
                          int64_t *post, struct fault *f)
{
	return rows_number(in->rows, post, 0, f,
	                   "SELECT PostID FROM Posts WHERE Space = ?1 AND "
	                   "NativeID = ?2",
	                   "tt", intake_space(in), r->parent);
}

/* A missing row: in it goes, unless its question is missing too. */
static bool plan_missing(struct intake *in, const struct record *r,
                         int64_t visit, struct decision *d, struct fault *f)
{
	int64_t found;

	d->plan = PLAN_INSERT;
	if (r->kind != RECORD_ANSWER || d->post)
		return true;
	d->plan = PLAN_WAIT;
	buf_reset(&in->bytes);
	staging_write(&in->bytes, r);
	if (!rows_number(in->rows, &found, 0, f,
	                 "SELECT 1 FROM StagedAnswers WHERE Space = ?1 AND "
	                 "NativeID = ?2 AND VisitID = ?3 AND Record = ?4",
	                 "ttib", intake_space(in), r->id, visit,
	                 buf_slice(&in->bytes)))
		return false;
	if (found) {
		d->plan = PLAN_NOTHING;
		d->what = OUTCOME_WAITING;
	}
	return true;
}

static bool decide_date(struct intake *in, int64_t visit, int64_t other,
                        bool *newer, struct fault *f)
{
	int64_t as_of = in->kept_as_of;

	return (visit == in->visit || visit_date(in->rows, visit, &as_of, f)) &&
	       visit_newer(in, visit, as_of, other, newer, f);
}

static bool plan_equal(struct intake *in, const struct record *r, int64_t visit,
                       struct decision *d, struct fault *f)
{
	const struct held *h = &d->held;
	bool newer;

	d->what = OUTCOME_SAME;
	d->plan = PLAN_NOTHING;
	if (r->original.at && r->extractor > h->r.extractor &&
	    hash64(r->original) == h->original_hash) {
		d->plan = PLAN_REFRESH;
		return true;
	}
	/* A crawl reads a page again within one visit: the later counts. */
	if (h->visit == visit && in->dated && visit == in->visit) {
		d->plan = PLAN_UPDATE;
		return true;
	}
	if (h->visit == visit) {
		if (d->table != HELD_ANSWERS &&
		    !slice_eq(h->access, intake_label(in, r)))
			d->plan = PLAN_RELABEL;
		return true;
	}
	if (visit == in->visit && !in->final) {
		d->plan = PLAN_DEFER;
		return true;
	}
	if (!decide_date(in, visit, h->visit, &newer, f))
		return false;
	if (newer)
		d->plan = PLAN_UPDATE;
	return true;
}

static bool decide_plan(struct intake *in, const struct record *r,
                        int64_t visit, struct arena *a, struct decision *d,
                        struct fault *f)
{
	bool forgotten;

	*d = (struct decision){ .table = held_table(r->kind) };
	if (!intake_forgotten(in, r->id,
	                      r->kind == RECORD_ANSWER ? r->parent : r->id,
	                      &forgotten, f))
		return false;
	if (forgotten) {
		d->what = OUTCOME_FORGOTTEN;
		return true;
	}
	if (!held_find(in->rows, d->table, intake_space(in), r->id, a, &d->held,
	               f))
		return false;
	if (r->kind == RECORD_ANSWER && !decide_parent(in, r, &d->post, f))
		return false;
	if (r->flags & RECORD_HEAD) {
		d->plan = d->held.id ? PLAN_HEAD : PLAN_NOTHING;
		d->what = OUTCOME_SAME;
		return true;
	}
	if (!d->held.id)
		return plan_missing(in, r, visit, d, f);
	if (r->kind == RECORD_ANSWER && !d->post)
		d->post = d->held.post;
	if (r->revision == d->held.r.revision)
		return plan_equal(in, r, visit, d, f);
	d->plan = r->revision > d->held.r.revision ? PLAN_UPDATE : PLAN_NOTHING;
	d->what = OUTCOME_OLDER;
	return true;
}

bool decide_idle(struct intake *in, const struct record *r, bool *idle,
                 enum outcome *what, struct fault *f)
{
	struct decision d;

	if (!decide_plan(in, r, in->visit, &in->arena, &d, f))
		return false;
	*idle = d.plan == PLAN_NOTHING;
	*what = d.what;
	return true;
}

static bool decide_defer(struct intake *in, const struct record *r,
                         const struct decision *d, struct fault *f)
{
	struct record light = *r;

	if (!r->original.at || hash64(r->original) == d->held.original_hash)
		light.content = light.original = light.original_type =
		        (struct slice){ 0 };
	buf_reset(&in->bytes);
	staging_write(&in->bytes, &light);
	return rows_run(in->rows, f,
	                "INSERT OR REPLACE INTO StagedRecords "
	                "VALUES (?1, ?2, ?3, ?4)",
	                "iitb", in->visit, (int64_t)d->table, r->id,
	                buf_slice(&in->bytes));
}

static bool decide_wait(struct intake *in, const struct record *r,
                        int64_t visit, struct fault *f)
{
	static const char sql[] = "INSERT OR REPLACE INTO StagedAnswers "
	                          "VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
	static const char anonymous[] = "INSERT OR REPLACE INTO StagedAnswers "
	                                "VALUES (?1, ?2, ?3, ?4, NULL, ?5)";
	int64_t author;

	/* The reference keeps the author's name for the day it is needed. */
	if (!author_refer(in, r->author_id, &author, f))
		return false;
	buf_reset(&in->bytes);
	staging_write(&in->bytes, r);
	if (!author)
		return rows_run(in->rows, f, anonymous, "ttitb",
		                intake_space(in), r->id, visit, r->parent,
		                buf_slice(&in->bytes));
	return rows_run(in->rows, f, sql, "ttitib", intake_space(in), r->id,
	                visit, r->parent, author, buf_slice(&in->bytes));
}

static bool decide_do(struct intake *in, const struct record *r, int64_t visit,
                      struct decision *d, enum outcome *what, struct fault *f)
{
	*what = d->what;
	in->touched |= d->plan != PLAN_NOTHING;
	switch (d->plan) {
	case PLAN_NOTHING:
		return true;
	case PLAN_INSERT:
		return settle_insert(in, d->table, d->post, r, visit, what, f);
	case PLAN_UPDATE:
		return settle_update(in, d->table, &d->held, d->post, r, visit,
		                     what, f);
	case PLAN_REFRESH:
		return settle_refresh(in, d->table, &d->held, r, what, f);
	case PLAN_RELABEL:
		return settle_relabel(in, d->table, &d->held, r, what, f);
	case PLAN_HEAD:
		return settle_head(in, d->table, &d->held, r, what, f);
	case PLAN_DEFER:
		*what = OUTCOME_STAGED;
		return decide_defer(in, r, d, f);
	case PLAN_WAIT:
		*what = OUTCOME_WAITING;
		return decide_wait(in, r, visit, f);
	}
	return true;
}

static bool decide_one(struct intake *in, const struct record *r, int64_t visit,
                       struct arena *a, enum outcome *what, enum plan *plan,
                       struct fault *f)
{
	struct decision d;
	enum outcome first;

	if (!decide_plan(in, r, visit, a, &d, f) ||
	    !decide_do(in, r, visit, &d, what, f))
		return false;
	*plan = d.plan;
	if (d.plan != PLAN_REFRESH)
		return true;
	/* The rest of an equal revision is judged on the refreshed row. */
	first = *what;
	if (!decide_plan(in, r, visit, a, &d, f) ||
	    !decide_do(in, r, visit, &d, what, f))
		return false;
	if (first == OUTCOME_UPDATED && *what != OUTCOME_STAGED)
		*what = first;
	return true;
}

bool decide_reread(struct intake *in, const struct record *r, uint64_t original,
                   enum outcome *what, struct fault *f)
{
	enum held_table t = held_table(r->kind);
	struct held h;

	*what = OUTCOME_SAME;
	if (!held_find(in->rows, t, intake_space(in), r->id, &in->arena, &h, f))
		return false;
	if (!h.id || h.original_hash != original ||
	    h.r.extractor >= r->extractor)
		return true;
	in->touched = true;
	return settle_refresh(in, t, &h, r, what, f);
}

/* The first row of a query for Record, NativeID and a number. */
struct decide_staged {
	bool found;
	struct slice bytes, native;
	int64_t number;
};

static bool staged_first(struct query *q, struct arena *a,
                         struct decide_staged *out, struct fault *f)
{
	*out = (struct decide_staged){ .found = query_next(q) };
	if (out->found) {
		out->bytes = arena_copy(a, query_text(q, 0));
		out->native = arena_copy(a, query_text(q, 1));
		out->number = query_number(q, 2);
	}
	return query_end(q, f);
}

/* One waiting answer of the question `parent`, taken out of staging. */
static bool release_take(struct intake *in, struct slice parent,
                         struct record *r, int64_t *visit, bool *found,
                         struct fault *f)
{
	struct decide_staged it;
	struct query q;

	arena_reset(&in->inner);
	if (!rows_ask(in->rows, &q, f,
	              "SELECT Record, NativeID, VisitID FROM StagedAnswers "
	              "WHERE Space = ?1 AND Parent = ?2 "
	              "ORDER BY NativeID, VisitID LIMIT 1",
	              "tt", intake_space(in), parent) ||
	    !staged_first(&q, &in->inner, &it, f))
		return false;
	*found = it.found;
	*visit = it.number;
	if (!it.found)
		return true;
	return staging_read(it.bytes, &in->inner, r, f) &&
	       rows_run(in->rows, f,
	                "DELETE FROM StagedAnswers WHERE Space = ?1 AND "
	                "NativeID = ?2 AND VisitID = ?3",
	                "tti", intake_space(in), it.native, it.number);
}

/* The question has come: those who waited for it go in. */
static bool decide_release(struct intake *in, struct slice parent,
                           struct fault *f)
{
	enum outcome what;
	struct record r;
	enum plan plan;
	int64_t visit;
	bool found;

	for (;;) {
		if (!release_take(in, parent, &r, &visit, &found, f))
			return false;
		if (!found)
			return true;
		if (!decide_one(in, &r, visit, &in->inner, &what, &plan, f))
			return false;
		intake_count(in, what);
	}
}

bool decide_record(struct intake *in, const struct record *r, int64_t visit,
                   enum outcome *what, struct fault *f)
{
	enum plan plan;

	if (!decide_one(in, r, visit, &in->arena, what, &plan, f))
		return false;
	return plan != PLAN_INSERT || held_table(r->kind) != HELD_POSTS ||
	       decide_release(in, r->id, f);
}

static bool deferred_take(struct intake *in, struct record *r, bool *found,
                          struct fault *f)
{
	struct decide_staged it;
	struct query q;

	arena_reset(&in->arena);
	arena_reset(&in->inner);
	if (!rows_ask(in->rows, &q, f,
	              "SELECT Record, NativeID, Kind FROM StagedRecords "
	              "WHERE VisitID = ?1 ORDER BY Kind, NativeID LIMIT 1",
	              "i", in->visit) ||
	    !staged_first(&q, &in->arena, &it, f))
		return false;
	*found = it.found;
	if (!it.found)
		return true;
	return staging_read(it.bytes, &in->arena, r, f) &&
	       rows_run(in->rows, f,
	                "DELETE FROM StagedRecords WHERE VisitID = ?1 AND "
	                "Kind = ?2 AND NativeID = ?3",
	                "iit", in->visit, it.number, it.native);
}

static bool deferred_decide(struct intake *in, bool *found, struct fault *f)
{
	enum outcome what;
	struct record r;

	/* The date is known now: staged rows are judged by it. */
	in->final = true;
	if (!deferred_take(in, &r, found, f))
		return false;
	if (!*found)
		return true;
	if (!decide_record(in, &r, in->visit, &what, f))
		return false;
	intake_count(in, what);
	return true;
}

bool decide_settle(struct intake *in, struct fault *f)
{
	return intake_drain(in,
	                    "SELECT 1 FROM StagedRecords WHERE VisitID = ?1",
	                    deferred_decide, f);
}
