/*
 * What folding remembers, beside the posts it writes. A post of an entry is
 * known by the channel of its visit, so that one whose cases are all gone is
 * found although no row names it.
 */

#include "schema/entries.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "schema/intake_state.h"
#include "schema/intake_write.h"

bool entries_cases(struct store *s, struct slice space, struct arena *a,
                   struct entry_case **out, size_t *count, struct fault *f)
{
	struct rows *r = store_rows(s);
	int64_t room;
	struct query q;

	*count = 0;
	if (!rows_number(r, &room, 0, f,
	                 "SELECT count(*) FROM CaseEntries WHERE Space = ?1",
	                 "t", space) ||
	    !rows_ask(r, &q, f,
	              "SELECT CaseID, Entry, Folded FROM CaseEntries "
	              "WHERE Space = ?1 ORDER BY CaseID LIMIT ?2",
	              "ti", space, room))
		return false;
	*out = arena_array(a, (size_t)room, sizeof(**out));
	while (query_next(&q))
		(*out)[(*count)++] = (struct entry_case){
			.id = query_number(&q, 0),
			.entry = arena_copy(a, query_text(&q, 1)),
			.folded = (uint64_t)query_number(&q, 2),
		};
	return query_end(&q, f);
}

/* The first column of an answer whose length nobody knows. */
static bool texts_take(struct query *q, struct arena *a, struct slice **out,
                       size_t *count, struct fault *f)
{
	struct slice *all = NULL;
	size_t n = 0, room = 0;

	while (query_next(q)) {
		all = memory_room(all, n, &room, sizeof(*all));
		all[n++] = arena_copy(a, query_text(q, 0));
	}
	*out = arena_array(a, n, sizeof(**out));
	if (n)
		memcpy(*out, all, n * sizeof(**out));
	*count = n;
	free(all);
	return query_end(q, f);
}

bool entries_posts(struct store *s, struct slice space, struct arena *a,
                   struct slice **out, size_t *count, struct fault *f)
{
	struct query q;

	return rows_ask(store_rows(s), &q, f,
	                "SELECT NativeID FROM Posts WHERE Space = ?1 AND "
	                "VisitID IN (SELECT VisitID FROM Visits WHERE Space = "
	                "?1 AND Channel = '" ENTRY_CHANNEL "') ORDER BY 1",
	                "t", space) &&
	       texts_take(&q, a, out, count, f);
}

bool entries_spaces(struct store *s, struct arena *a, struct slice **out,
                    size_t *count, struct fault *f)
{
	struct query q;

	return rows_ask(store_rows(s), &q, f,
	                "SELECT Space FROM Cases UNION SELECT Space FROM "
	                "Visits WHERE Channel = '" ENTRY_CHANNEL "' ORDER BY 1",
	                "") &&
	       texts_take(&q, a, out, count, f);
}

bool entries_lock(struct intake *in, struct fault *f)
{
	return intake_write(in, f);
}

bool entries_there(struct intake *in, int64_t case_id, struct slice access,
                   bool *there, struct fault *f)
{
	int64_t found;

	if (!rows_number(in->rows, &found, 0, f,
	                 "SELECT 1 FROM Cases WHERE CaseID = ?1 AND "
	                 "Access = ?2",
	                 "it", case_id, access))
		return false;
	*there = found != 0;
	return true;
}

bool entries_put(struct intake *in, const struct entry_case *x, struct fault *f)
{
	return intake_write(in, f) &&
	       intake_wrote(in,
	                    rows_run(in->rows, f,
	                             "INSERT OR REPLACE INTO CaseEntries "
	                             "VALUES (?1, ?2, ?3, ?4)",
	                             "itti", x->id, intake_space(in), x->entry,
	                             (int64_t)x->folded),
	                    f);
}

bool entries_drop(struct intake *in, int64_t case_id, struct fault *f)
{
	return intake_write(in, f) &&
	       intake_wrote(in,
	                    rows_run(in->rows, f,
	                             "DELETE FROM CaseEntries WHERE CaseID = "
	                             "?1",
	                             "i", case_id),
	                    f);
}

bool entries_end(struct intake *in, struct slice entry, struct fault *f)
{
	return intake_write(in, f) &&
	       intake_wrote(in,
	                    rows_run(in->rows, f,
	                             "DELETE FROM CaseEntries WHERE Space = ?1 "
	                             "AND Entry = ?2",
	                             "tt", intake_space(in), entry),
	                    f);
}

bool entries_tidy(struct intake *in, struct slice entry, int64_t now,
                  struct fault *f)
{
	char time[CLOCK_TEXT];

	clock_write(time, now);
	return intake_write(in, f) &&
	       intake_wrote(
	               in,
	               rows_run(in->rows, f,
	                        "DELETE FROM Aliases WHERE Space = ?1 AND "
	                        "NativeID = ?2 AND NOT EXISTS (SELECT 1 FROM "
	                        "Cases c "
	                        "JOIN CaseEntries e USING (CaseID) WHERE "
	                        "c.Space = ?1 "
	                        "AND c.NativeID = Address AND e.Entry = ?2)",
	                        "tt", intake_space(in), entry) &&
	                       rows_run(in->rows, f,
	                                "UPDATE Visits SET AsOf = ?2 WHERE "
	                                "VisitID = "
	                                "?1 AND AsOf < ?2",
	                                "it", in->visit, slice_of(time)),
	               f);
}
