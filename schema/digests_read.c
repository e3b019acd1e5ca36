/* Which cases want a digest, which failed, which a person corrected. */

#include "base/clock.h"
#include "schema/digests.h"
#include "schema/rows.h"

static bool ids_take(struct query *q, int64_t *ids, size_t *count,
                     struct fault *f)
{
	*count = 0;
	while (query_next(q))
		ids[(*count)++] = query_number(q, 0);
	return query_end(q, f);
}

bool digests_due(struct store *s, const struct digest_due *what, int64_t after,
                 int64_t *ids, size_t room, size_t *count, struct fault *f)
{
	struct query q;

	return rows_ask(store_rows(s), &q, f,
	                "SELECT c.CaseID FROM Cases c "
	                "LEFT JOIN CaseDigests d ON d.CaseID = c.CaseID "
	                "LEFT JOIN CaseFailures x ON x.CaseID = c.CaseID "
	                "AND x.CaseHash = c.ContentHash "
	                "WHERE c.CaseID > ?1 AND (?2 = '' OR c.Space = ?2) "
	                "AND (d.CaseID IS NULL OR d.CaseHash <> c.ContentHash "
	                "OR (?3 AND d.Prompt <> ?4)) "
	                "AND (x.Tries IS NULL OR x.Tries < ?5) "
	                "ORDER BY c.CaseID LIMIT ?6",
	                "ititii", after, what->space, (int64_t)what->again,
	                what->prompt, (int64_t)what->tries, (int64_t)room) &&
	       ids_take(&q, ids, count, f);
}

bool digests_corrected(struct store *s, struct slice space, struct slice access,
                       int64_t *ids, size_t room, size_t *count,
                       struct fault *f)
{
	struct query q;

	return rows_ask(store_rows(s), &q, f,
	                "SELECT CaseID FROM Cases JOIN (SELECT CaseID, "
	                "max(Time) AS Latest FROM CaseCorrections GROUP BY "
	                "CaseID) USING (CaseID) WHERE Space = ?1 AND Access = "
	                "?2 ORDER BY Latest DESC, CaseID LIMIT ?3",
	                "tti", space, access, (int64_t)room) &&
	       ids_take(&q, ids, count, f);
}

bool digests_failed(struct store *s, const struct reader *r, struct arena *a,
                    digest_failure_fn *fn, void *self, struct fault *f)
{
	bool ok = true;
	struct query q;

	if (!rows_ask(store_rows(s), &q, f,
	              "SELECT Space, NativeID, Code, Said, Tries, Time, Access "
	              "FROM CaseFailures x JOIN Cases c ON c.CaseID = x.CaseID "
	              "AND c.ContentHash = x.CaseHash ORDER BY Space, NativeID",
	              ""))
		return false;
	while (ok && query_next(&q)) {
		struct digest_failure x = { .tries = query_number(&q, 4),
			                    .time = CLOCK_NONE };

		if (!reader_may(r, query_text(&q, 6)))
			continue;
		arena_reset(a);
		x.space = arena_copy(a, query_text(&q, 0));
		x.native = arena_copy(a, query_text(&q, 1));
		x.code = arena_copy(a, query_text(&q, 2));
		x.said = arena_copy(a, query_text(&q, 3));
		clock_read(query_text(&q, 5), &x.time);
		ok = fn(self, &x, f);
	}
	return query_end(&q, ok ? f : &(struct fault){ 0 }) && ok;
}

struct digests_walk {
	struct store *store;
	struct arena *arena;
	digested_fn *fn;
	void *self;
};

static bool walk_case(void *self, const struct support_case *c, struct fault *f)
{
	struct digests_walk *w = self;
	struct digest d;
	bool found;

	return digest_load(w->store, c->id, w->arena, &d, &found, f) &&
	       w->fn(w->self, c, found ? &d : NULL, f);
}

bool digests_each(struct store *s, const struct reader *r,
                  const struct case_filter *filter, struct arena *a,
                  digested_fn *fn, void *self, struct fault *f)
{
	struct digests_walk w = { s, a, fn, self };

	return cases_each(s, r, filter, a, walk_case, &w, f);
}
