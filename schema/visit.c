/*
 * A visit is one dump, file or crawl of a space, known by what its importer
 * says tells it apart. Its date is the latest date in its content: a running
 * maximum that each commit keeps, final once the visit is finished; a crawl's is
 * given at its birth and never moves.
 */

#include "schema/visit.h"

#include "base/clock.h"

bool visit_date(struct rows *r, int64_t visit, int64_t *as_of, struct fault *f)
{
	struct query q;

	*as_of = CLOCK_NONE;
	if (!rows_ask(r, &q, f, "SELECT AsOf FROM Visits WHERE VisitID = ?1",
	              "i", visit))
		return false;
	if (query_next(&q) && !clock_read(query_text(&q, 0), as_of))
		*as_of = CLOCK_NONE;
	return query_end(&q, f);
}

bool visit_newer(struct intake *in, int64_t visit, int64_t as_of, int64_t other,
                 bool *newer, struct fault *f)
{
	int64_t date;

	if (!visit_date(in->rows, other, &date, f))
		return false;
	/* Undated ones count in the order in which they first came. */
	*newer = as_of > date ||
	         (as_of == CLOCK_NONE && date == CLOCK_NONE && visit > other);
	return true;
}

static bool visit_find(struct intake *in, const struct intake_options *o,
                       struct fault *f)
{
	struct query q;

	if (!rows_ask(in->rows, &q, f,
	              "SELECT VisitID, AsOf, Finished FROM Visits "
	              "WHERE Space = ?1 AND Channel = ?2 AND Source = ?3",
	              "ttb", intake_space(in), o->channel, o->source))
		return false;
	in->visit = 0;
	if (query_next(&q)) {
		in->visit = query_number(&q, 0);
		if (!clock_read(query_text(&q, 1), &in->kept_as_of))
			in->kept_as_of = CLOCK_NONE;
		in->finished = query_number(&q, 2) != 0;
		in->final = in->finished || in->dated;
	}
	return query_end(&q, f);
}

/* Names that a run of the crawl left when it was killed are ours now. */
static bool visit_inherit(struct intake *in, const struct intake_options *o,
                          struct fault *f)
{
	return !o->dated ||
	       rows_run(in->rows, f,
	                "UPDATE OR REPLACE StagedAuthors SET VisitID = "
	                "(SELECT VisitID FROM Visits WHERE Space = ?1 AND "
	                "Channel = ?2 AND Source = ?3) WHERE VisitID IN "
	                "(SELECT VisitID FROM Visits WHERE Space = ?1 AND "
	                "Channel = ?2 AND Source <> ?3 AND Finished = 0)",
	                "ttb", intake_space(in), o->channel, o->source);
}

bool visit_open(struct intake *in, const struct intake_options *o,
                struct fault *f)
{
	char as_of[CLOCK_TEXT];

	in->dated = o->dated;
	in->kept_as_of = in->as_of = CLOCK_NONE;
	clock_write(as_of, o->dated ? o->as_of : CLOCK_NONE);
	if (!visit_find(in, o, f))
		return false;
	if (in->visit)
		return true;
	return batch_begin(&in->batch, f) &&
	       rows_run(in->rows, f,
	                "INSERT OR IGNORE INTO Visits (Space, Channel, Source, "
	                "Terms, AsOf, Finished) VALUES (?1, ?2, ?3, ?4, ?5, 0)",
	                "ttbtt", intake_space(in), o->channel, o->source,
	                o->terms, slice_of(as_of)) &&
	       visit_inherit(in, o, f) && batch_commit(&in->batch, f) &&
	       visit_find(in, o, f);
}

bool visit_keep(struct intake *in, struct fault *f)
{
	char text[CLOCK_TEXT];

	if (in->as_of <= in->kept_as_of)
		return true;
	clock_write(text, in->as_of);
	if (!rows_run(in->rows, f,
	              "UPDATE Visits SET AsOf = ?2 WHERE VisitID = ?1", "it",
	              in->visit, slice_of(text)))
		return false;
	in->kept_as_of = in->as_of;
	return true;
}

bool visit_finish(struct intake *in, struct fault *f)
{
	if (in->finished && in->as_of <= in->kept_as_of)
		return true;
	if (!batch_begin(&in->batch, f) || !visit_keep(in, f) ||
	    !rows_run(in->rows, f,
	              "UPDATE Visits SET Finished = 1 WHERE VisitID = ?1", "i",
	              in->visit) ||
	    !batch_commit(&in->batch, f))
		return false;
	in->finished = in->final = true;
	return true;
}
