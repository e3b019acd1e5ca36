/*
 * The ledger. Answers are kept packed under the hash of what was asked. A call
 * that has no end yet has the outcome "sent".
 */

#include "schema/ledger.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/pack.h"
#include "schema/held.h"
#include "schema/rows.h"

bool ledger_sent(struct store *s, const struct ledger_call *c, int64_t *id,
                 struct fault *f)
{
	struct rows *r = store_rows(s);
	struct arena a = ARENA_INIT;
	bool ok;

	ok = rows_run(r, f,
	              "INSERT INTO ModelCalls (Section, Purpose, Subject, "
	              "BackEnd, Model, Request, Started, Outcome, Status, "
	              "InputTokens, OutputTokens, Reckoned, Cost, Latency) "
	              "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'sent', 0, ?8, ?9, "
	              "1, ?10, 0)",
	              "tttttttiii", c->section, c->purpose, c->subject,
	              c->back_end, c->model, c->request,
	              held_time(&a, c->started), c->input_tokens,
	              c->output_tokens, c->cost) &&
	     rows_number(r, id, 0, f, "SELECT last_insert_rowid()", "");
	arena_release(&a);
	return ok;
}

static bool answer_keep(struct rows *r, const struct ledger_answer *x,
                        struct fault *f)
{
	struct buf packed = BUF_INIT(LIMIT_ROW);
	struct pack *pack = pack_new();
	struct arena a = ARENA_INIT;
	bool ok;

	pack_add(pack, x->answer, &packed);
	ok = rows_run(r, f,
	              "INSERT OR REPLACE INTO ModelAnswers (Request, Subject, "
	              "Model, Finish, Answer, Time) VALUES (?1, ?2, ?3, ?4, "
	              "?5, ?6)",
	              "ttttbt", x->request, x->subject, x->model, x->finish,
	              buf_slice(&packed), held_time(&a, x->time));
	pack_free(pack);
	buf_release(&packed);
	arena_release(&a);
	return ok;
}

bool ledger_ended(struct store *s, int64_t id, const struct ledger_end *e,
                  const struct ledger_answer *answer, struct fault *f)
{
	struct rows *r = store_rows(s);
	bool held = r->inside;
	bool ok = held || rows_begin(r, f);

	ok = ok &&
	     rows_run(r, f,
	              "UPDATE ModelCalls SET Outcome = ?2, Status = ?3, "
	              "InputTokens = ?4, OutputTokens = ?5, Reckoned = ?6, "
	              "Cost = ?7, Latency = ?8 WHERE CallID = ?1",
	              "itiiiiii", id, e->outcome, e->status, e->input_tokens,
	              e->output_tokens, (int64_t)e->reckoned, e->cost,
	              e->latency) &&
	     (!answer || answer_keep(r, answer, f));
	if (held || !r->inside)
		return ok;
	if (ok && rows_commit(r, f))
		return true;
	rows_rollback(r);
	return false;
}

static bool answer_read(struct query *q, struct arena *a,
                        struct ledger_answer *out, struct fault *f)
{
	struct buf text = BUF_INIT(LIMIT_ROW);
	struct pack *pack = pack_new();
	bool ok;

	out->subject = arena_copy(a, query_text(q, 0));
	out->model = arena_copy(a, query_text(q, 1));
	out->finish = arena_copy(a, query_text(q, 2));
	out->time = CLOCK_NONE;
	clock_read(query_text(q, 4), &out->time);
	ok = pack_open(pack, query_text(q, 3), &text, f);
	if (ok)
		out->answer = arena_copy(a, buf_slice(&text));
	pack_free(pack);
	buf_release(&text);
	return ok;
}

bool ledger_find(struct store *s, struct slice request, struct arena *a,
                 struct ledger_answer *out, bool *found, struct fault *f)
{
	bool ok = true;
	struct query q;

	*found = false;
	*out = (struct ledger_answer){ .request = request };
	if (!rows_ask(store_rows(s), &q, f,
	              "SELECT Subject, Model, Finish, Answer, Time FROM "
	              "ModelAnswers WHERE Request = ?1",
	              "t", request))
		return false;
	if (query_next(&q)) {
		*found = true;
		ok = answer_read(&q, a, out, f);
	}
	return query_end(&q, ok ? f : &(struct fault){ 0 }) && ok;
}

bool ledger_drop(struct store *s, struct slice request, struct fault *f)
{
	return rows_run(store_rows(s), f,
	                "DELETE FROM ModelAnswers WHERE Request = ?1", "t",
	                request);
}

bool ledger_sum(struct store *s, struct slice section, int64_t from,
                struct ledger_sum *out, struct fault *f)
{
	struct arena a = ARENA_INIT;
	struct query q;
	bool ok;

	*out = (struct ledger_sum){ 0 };
	ok = rows_ask(store_rows(s), &q, f,
	              "SELECT count(*), total(Outcome = 'answer'), "
	              "total(Outcome = 'sent'), total(InputTokens), "
	              "total(OutputTokens), total(Cost), total(Latency) "
	              "FROM ModelCalls WHERE (?1 = '' OR Section = ?1) AND "
	              "Started >= ?2",
	              "tt", section, held_time(&a, from));
	if (ok && query_next(&q)) {
		out->calls = query_number(&q, 0);
		out->answered = query_number(&q, 1);
		out->lost = query_number(&q, 2);
		out->input_tokens = query_number(&q, 3);
		out->output_tokens = query_number(&q, 4);
		out->cost = query_number(&q, 5);
		out->latency = query_number(&q, 6);
	}
	ok = ok && query_end(&q, f);
	arena_release(&a);
	return ok;
}

bool ledger_each(struct store *s, struct arena *a, ledger_fn *fn, void *self,
                 struct fault *f)
{
	bool ok = true;
	struct query q;

	if (!rows_ask(store_rows(s), &q, f,
	              "SELECT Section, Model, substr(Started, 1, 7) AS Month, "
	              "Outcome, count(*), sum(InputTokens), sum(OutputTokens), "
	              "sum(Cost) FROM ModelCalls GROUP BY Section, Model, "
	              "Month, Outcome ORDER BY Section, Model, Month, Outcome",
	              ""))
		return false;
	while (ok && query_next(&q)) {
		struct ledger_line l = { .calls = query_number(&q, 4),
			                 .input_tokens = query_number(&q, 5),
			                 .output_tokens = query_number(&q, 6),
			                 .cost = query_number(&q, 7) };

		arena_reset(a);
		l.section = arena_copy(a, query_text(&q, 0));
		l.model = arena_copy(a, query_text(&q, 1));
		l.month = arena_copy(a, query_text(&q, 2));
		l.outcome = arena_copy(a, query_text(&q, 3));
		ok = fn(self, &l, f);
	}
	return query_end(&q, ok ? f : &(struct fault){ 0 }) && ok;
}
