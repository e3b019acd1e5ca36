/* Counting what is there; nothing here changes anything. */

#include "schema/status.h"

#include "base/clock.h"
#include "schema/rows.h"

static bool status_numbers(struct rows *r, struct store_status *x,
                           struct fault *f)
{
	const struct {
		int64_t *to;
		const char *sql;
	} all[] = {
		{ &x->version, "PRAGMA user_version" },
		{ &x->bytes, "SELECT page_count * page_size FROM "
		             "pragma_page_count, pragma_page_size" },
		{ &x->extras, "SELECT count(*) FROM Extras" },
		{ &x->comments, "SELECT count(*) FROM Comments" },
		{ &x->authors, "SELECT count(*) FROM Authors" },
		{ &x->links, "SELECT count(*) FROM Links" },
		{ &x->gone, "SELECT count(*) FROM Gone" },
		{ &x->forgotten, "SELECT count(*) FROM Forgotten" },
		{ &x->waiting, "SELECT count(*) FROM (SELECT DISTINCT Space, "
		               "NativeID FROM StagedAnswers)" },
		{ &x->cases, "SELECT count(*) FROM Cases" },
		{ &x->digests, "SELECT count(*) FROM CaseDigests" },
		{ &x->corrected, "SELECT count(DISTINCT CaseID) FROM "
		                 "CaseCorrections" },
		{ &x->failed, "SELECT count(*) FROM CaseFailures" },
		{ &x->folded, "SELECT count(*) FROM CaseEntries" },
		{ &x->entries, "SELECT count(*) FROM (SELECT DISTINCT Space, "
		               "Entry FROM CaseEntries)" },
		{ &x->model_calls, "SELECT count(*) FROM ModelCalls" },
	};
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (!rows_number(r, all[i].to, 0, f, all[i].sql, ""))
			return false;
	return true;
}

static bool status_visits(struct rows *r, struct arena *a,
                          struct store_status *x, struct fault *f)
{
	struct query q;
	int64_t room;

	if (!rows_number(r, &room, 0, f, "SELECT count(*) FROM Visits", ""))
		return false;
	x->visits = arena_array(a, (size_t)room, sizeof(*x->visits));
	if (!rows_ask(r, &q, f,
	              "SELECT Space, Channel, AsOf, Finished FROM Visits "
	              "ORDER BY Space, Channel, AsOf, VisitID LIMIT ?1",
	              "i", room))
		return false;
	while (query_next(&q)) {
		struct store_visit *v = &x->visits[x->visit_count++];

		v->space = arena_copy(a, query_text(&q, 0));
		v->channel = arena_copy(a, query_text(&q, 1));
		if (!clock_read(query_text(&q, 2), &v->as_of))
			v->as_of = CLOCK_NONE;
		v->finished = query_number(&q, 3) != 0;
	}
	return query_end(&q, f);
}

bool store_status(struct store *s, struct arena *a, struct store_status *out,
                  struct fault *f)
{
	struct rows *r = store_rows(s);

	*out = (struct store_status){ 0 };
	return status_numbers(r, out, f) && status_visits(r, a, out, f) &&
	       store_counters(s, &out->changed, &out->counted, f);
}
