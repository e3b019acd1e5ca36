/* Walks by SQLite's own cursor: a table or two, in one snapshot. */

#include "schema/survey.h"

#include "base/cancel.h"
#include "schema/rows.h"

/* After a false of the caller the query's own verdict is of no interest. */
static bool survey_end(struct query *q, bool ok, struct fault *f)
{
	if (ok)
		return query_end(q, f);
	return query_end(q, &(struct fault){ 0 }) && ok;
}

bool survey_posts(struct store *s, const struct reader *r, struct slice space,
                  survey_fn *fn, void *self, struct fault *f)
{
	struct query q;
	bool ok = true;

	if (!rows_ask(store_rows(s), &q, f,
	              "SELECT Access, Space, Kind, Language, ModifyTime, "
	              "PostID, octets, (SELECT count(*) FROM Answers a WHERE "
	              "a.PostID = p.PostID), Extractor, (SELECT ClusterID "
	              "FROM Twins t WHERE t.PostID = p.PostID), EXISTS "
	              "(SELECT 1 FROM Sketches k WHERE k.PostID = p.PostID) "
	              "FROM (SELECT *, length(CAST(PostContent AS BLOB)) AS "
	              "octets FROM Posts WHERE ?1 IN ('', Space)) p "
	              "ORDER BY PostID",
	              "t", space))
		return false;
	while (ok && query_next(&q)) {
		const struct survey_post p = {
			.space = query_text(&q, 1),
			.kind = query_text(&q, 2),
			.language = query_text(&q, 3),
			.modified = query_text(&q, 4),
			.post = query_number(&q, 5),
			.bytes = query_number(&q, 6),
			.answers = query_number(&q, 7),
			.extractor = query_number(&q, 8),
			.cluster = query_number(&q, 9),
			.sketched = query_number(&q, 10) != 0,
		};

		if (reader_may(r, query_text(&q, 0)))
			ok = cancel_check(f) && fn(self, &p, f);
	}
	return survey_end(&q, ok, f);
}

bool survey_aliases(struct store *s, const struct reader *r, struct slice space,
                    survey_alias_fn *fn, void *self, struct fault *f)
{
	struct query q;
	bool ok = true;

	if (!rows_ask(store_rows(s), &q, f,
	              "SELECT Access, a.Space, a.NativeID, Address, a.Kind "
	              "FROM Aliases a JOIN Posts USING (Space, NativeID) "
	              "WHERE ?1 IN ('', a.Space) ORDER BY a.Space, Address",
	              "t", space))
		return false;
	while (ok && query_next(&q)) {
		const struct survey_alias a = {
			.space = query_text(&q, 1),
			.native = query_text(&q, 2),
			.address = query_text(&q, 3),
			.kind = query_text(&q, 4),
		};

		if (reader_may(r, query_text(&q, 0)))
			ok = fn(self, &a, f);
	}
	return survey_end(&q, ok, f);
}
