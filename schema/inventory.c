/*
 * One row for each native id of a source. A miss is noted with its time; a
 * second one counts when it is far enough from the first. A listing marks what
 * it names with its number, so that its end has only to note that it came: who
 * bears an older number was missed, which is written down in short
 * transactions as the run ends. Noting the same miss twice changes nothing, so
 * a run that died on the way begins that walk anew.
 */

#include "schema/inventory.h"

#include "schema/frontier_state.h"

enum { INVENTORY_BATCH = 256 };

struct item {
	bool there;
	int64_t revision, listing, misses;
	bool read; /* at `revision` */
};

static bool item_find(struct frontier *fr, struct slice native,
                      struct item *out, struct fault *f)
{
	struct query q;

	*out = (struct item){ 0 };
	if (!rows_ask(fr->rows, &q, f,
	              "SELECT Revision, Listing, Misses FROM CrawlItems "
	              "WHERE SourceID = ?1 AND NativeID = ?2",
	              "it", fr->source, native))
		return false;
	if (query_next(&q)) {
		out->there = true;
		out->read = !query_is_null(&q, 0);
		out->revision = query_number(&q, 0);
		out->listing = query_number(&q, 1);
		out->misses = query_number(&q, 2);
	}
	return query_end(&q, f);
}

/* It is there; with `read`, at that revision. */
static bool item_seen(struct frontier *fr, struct slice native, bool read,
                      int64_t revision, struct fault *f)
{
	static const char named[] =
	        "INSERT INTO CrawlItems VALUES (?1, ?2, NULL, ?3, 0, 0) "
	        "ON CONFLICT DO UPDATE SET Listing = ?3, Missed = 0, "
	        "Misses = 0";
	static const char seen[] =
	        "INSERT INTO CrawlItems VALUES (?1, ?2, ?4, ?3, 0, 0) "
	        "ON CONFLICT DO UPDATE SET Listing = ?3, Missed = 0, "
	        "Misses = 0, Revision = ?4";

	if (!frontier_write(fr, f))
		return false;
	return frontier_wrote(fr,
	                      read ? rows_run(fr->rows, f, seen, "itii",
	                                      fr->source, native, fr->listing,
	                                      revision)
	                           : rows_run(fr->rows, f, named, "iti",
	                                      fr->source, native, fr->listing),
	                      f);
}

bool inventory_named(struct frontier *fr, struct slice native, int64_t revision,
                     bool *current, struct fault *f)
{
	struct item x;

	if (!item_find(fr, native, &x, f))
		return false;
	*current = revision && x.read && x.revision == revision;
	/* What was forgotten is never asked for. */
	if (!*current && fr->in &&
	    !intake_forgotten(fr->in, native, native, current, f))
		return false;
	return (x.there && !x.misses && x.listing == fr->listing) ||
	       item_seen(fr, native, false, 0, f);
}

bool inventory_read(struct frontier *fr, struct slice native, int64_t revision,
                    struct fault *f)
{
	struct item x;

	if (!item_find(fr, native, &x, f))
		return false;
	return (x.there && !x.misses && x.listing == fr->listing && x.read &&
	        x.revision == revision) ||
	       item_seen(fr, native, true, revision, f);
}

/* Whether we hold something by that name. */
static bool item_held(struct frontier *fr, struct slice native, bool *held,
                      struct fault *f)
{
	int64_t found;

	if (!rows_number(fr->rows, &found, 0, f,
	                 "SELECT EXISTS (SELECT 1 FROM Posts WHERE Space = ?1 "
	                 "AND NativeID = ?2) OR EXISTS (SELECT 1 FROM Answers "
	                 "WHERE Space = ?1 AND NativeID = ?2) OR EXISTS "
	                 "(SELECT 1 FROM Extras WHERE Space = ?1 AND "
	                 "NativeID = ?2)",
	                 "tt", buf_slice(&fr->space), native))
		return false;
	*held = found != 0;
	return true;
}

/* Whether a miss would mean anything: we hold it, or know of it. */
static bool item_matters(struct frontier *fr, struct slice native,
                         bool *matters, struct fault *f)
{
	struct item x;

	if (!item_find(fr, native, &x, f))
		return false;
	*matters = x.there;
	return x.there || item_held(fr, native, matters, f);
}

/* `apart`: how far from the first miss this one must be to be the second. */
static bool item_miss(struct frontier *fr, struct slice native, int64_t now,
                      int64_t apart, struct fault *f)
{
	return rows_run(fr->rows, f,
	                "INSERT INTO CrawlItems VALUES (?1, ?2, NULL, ?3, ?4, "
	                "1) ON CONFLICT DO UPDATE SET Misses = iif(Misses = "
	                "0, 1, iif(?4 - Missed >= ?5, 2, Misses)), "
	                "Missed = iif(Misses = 0, ?4, Missed)",
	                "itiii", fr->source, native, fr->listing, now, apart);
}

bool inventory_missed(struct frontier *fr, struct slice native, int64_t now,
                      struct fault *f)
{
	bool matters;

	if (!native.len)
		return true;
	if (!item_matters(fr, native, &matters, f))
		return false;
	return !matters ||
	       (frontier_write(fr, f) &&
	        frontier_wrote(fr, item_miss(fr, native, now, fr->apart, f),
	                       f));
}

bool inventory_deleted(struct frontier *fr, struct slice native, int64_t now,
                       struct fault *f)
{
	bool held, ok;

	if (!item_held(fr, native, &held, f) || !frontier_write(fr, f))
		return false;
	/* What was never stored cannot vanish. */
	if (held)
		ok = item_miss(fr, native, now, INT64_MIN, f) &&
		     item_miss(fr, native, now, INT64_MIN, f);
	else
		ok = rows_run(fr->rows, f,
		              "DELETE FROM CrawlItems WHERE SourceID = ?1 AND "
		              "NativeID = ?2",
		              "it", fr->source, native);
	return frontier_wrote(fr, ok, f);
}

static bool inventory_joined(const struct frontier *fr, struct fault *f)
{
	return fr->in || fault(f, FAULT_USAGE, "inventory-intake",
	                       "there is no intake for what moves or vanishes");
}

static bool item_move(struct frontier *fr, struct slice from, struct slice to,
                      struct fault *f)
{
	static const char *const sql[] = {
		"UPDATE OR IGNORE CrawlItems SET NativeID = ?3 "
		"WHERE SourceID = ?1 AND NativeID = ?2",
		"DELETE FROM CrawlItems WHERE SourceID = ?1 AND "
		"NativeID = ?2 AND ?3 IS NOT NULL",
		"UPDATE Frontier SET NativeID = ?3 "
		"WHERE SourceID = ?1 AND NativeID = ?2",
	};
	size_t i;

	for (i = 0; i < sizeof(sql) / sizeof(sql[0]); i++)
		if (!rows_run(fr->rows, f, sql[i], "itt", fr->source, from, to))
			return false;
	return true;
}

bool inventory_moved(struct frontier *fr, struct slice from, struct slice to,
                     struct fault *f)
{
	bool held, was, ok;

	if (!inventory_joined(fr, f))
		return false;
	if (!from.len || slice_eq(from, to))
		return true;
	/* Rows and addresses move in one transaction. */
	held = fr->in->hold;
	intake_hold(fr->in);
	ok = intake_moved(fr->in, from, to, fr->now, &was, f) &&
	     frontier_write(fr, f) &&
	     frontier_wrote(fr, item_move(fr, from, to, f), f);
	fr->in->hold = held;
	return ok && (held || intake_let_go(fr->in, f));
}

bool inventory_list(struct frontier *fr, struct fault *f)
{
	fr->listing++;
	fr->listed = LISTING_OPEN;
	fr->dirty = true;
	return frontier_write(fr, f) && frontier_wrote(fr, true, f);
}

bool inventory_listed(struct frontier *fr, int64_t now, struct fault *f)
{
	if (fr->listed != LISTING_OPEN)
		return true;
	fr->listed = LISTING_ENDED;
	fr->listed_time = now;
	fr->dirty = true;
	return frontier_write(fr, f) && frontier_wrote(fr, true, f);
}

/* The next ids by `sql` (?1 source, ?2 the id before, ?3 a number), made in
 * the scratch arena, read outside of any transaction. */
static bool items_next(struct frontier *fr, const char *sql, struct slice after,
                       int64_t number, struct slice ids[INVENTORY_BATCH],
                       size_t *count, struct fault *f)
{
	struct arena fresh_ids = ARENA_INIT;
	struct query q;
	bool ok;

	*count = 0;
	ok = intake_commit(fr->in, f) &&
	     rows_ask(fr->rows, &q, f, sql, "iti", fr->source, after, number);
	if (ok) {
		while (query_next(&q) && *count < INVENTORY_BATCH)
			ids[(*count)++] =
			        arena_copy(&fresh_ids, query_text(&q, 0));
		ok = query_end(&q, f);
	}
	/* `after` may live in the old one. */
	arena_release(&fr->scratch);
	fr->scratch = fresh_ids;
	return ok;
}

/* Whoever the listing did not name was missed when it ended. */
static bool settle_listing(struct frontier *fr, struct fault *f)
{
	struct slice ids[INVENTORY_BATCH], after = { "", 0 };
	size_t i, count;

	if (fr->listed != LISTING_ENDED)
		return true;
	do {
		if (!items_next(fr,
		                "SELECT NativeID FROM CrawlItems WHERE "
		                "SourceID = ?1 AND NativeID > ?2 AND "
		                "Listing < ?3 ORDER BY NativeID LIMIT 256",
		                after, fr->listing, ids, &count, f))
			return false;
		for (i = 0; i < count; i++)
			if (!frontier_write(fr, f) ||
			    !frontier_wrote(fr,
			                    item_miss(fr, ids[i],
			                              fr->listed_time,
			                              fr->apart, f),
			                    f))
				return false;
		if (count)
			after = ids[count - 1];
	} while (count == INVENTORY_BATCH);
	fr->listed = LISTING_SETTLED;
	fr->dirty = true;
	return frontier_write(fr, f) && frontier_wrote(fr, true, f) &&
	       intake_commit(fr->in, f);
}

static bool settle_count(struct frontier *fr, struct inventory_report *out,
                         struct fault *f)
{
	static const char missed[] =
	        "SELECT count(*) FROM CrawlItems WHERE SourceID = ?1 AND "
	        "Misses <> 0 AND Misses = ?2";

	return rows_number(fr->rows, &out->known, 0, f,
	                   "SELECT count(*) FROM CrawlItems "
	                   "WHERE SourceID = ?1",
	                   "i", fr->source) &&
	       rows_number(fr->rows, &out->missed, 0, f, missed, "ii",
	                   fr->source, (int64_t)1) &&
	       rows_number(fr->rows, &out->due, 0, f, missed, "ii", fr->source,
	                   (int64_t)2);
}

/* The addresses of what vanished know nothing: should it come back, it is
 * read whole. */
static bool settle_one(struct frontier *fr, struct slice native, int64_t now,
                       struct fault *f)
{
	bool was;

	intake_hold(fr->in);
	return intake_gone(fr->in, native, now, &was, f) &&
	       rows_run(fr->rows, f,
	                "DELETE FROM CrawlItems WHERE SourceID = ?1 AND "
	                "NativeID = ?2",
	                "it", fr->source, native) &&
	       rows_run(fr->rows, f,
	                "UPDATE Frontier SET NativeID = NULL, ETag = NULL, "
	                "Modified = NULL, Digest = 0 "
	                "WHERE SourceID = ?1 AND NativeID = ?2",
	                "it", fr->source, native) &&
	       intake_let_go(fr->in, f);
}

static bool settle_vanish(struct frontier *fr, int64_t now, int64_t *vanished,
                          struct fault *f)
{
	struct slice ids[INVENTORY_BATCH];
	size_t i, count;

	do {
		if (!items_next(fr,
		                "SELECT NativeID FROM CrawlItems WHERE "
		                "SourceID = ?1 AND Misses <> 0 AND Misses = ?3 "
		                "AND ?2 = '' LIMIT 256",
		                SLICE(""), 2, ids, &count, f))
			return false;
		for (i = 0; i < count; i++) {
			if (!settle_one(fr, ids[i], now, f))
				return false;
			++*vanished;
		}
	} while (count);
	return intake_commit(fr->in, f);
}

bool inventory_settle(struct frontier *fr, int64_t now,
                      const struct inventory_guard *g,
                      struct inventory_report *out, struct fault *f)
{
	int64_t most;

	*out = (struct inventory_report){ 0 };
	if (!inventory_joined(fr, f) || !settle_listing(fr, f) ||
	    !settle_count(fr, out, f))
		return false;
	most = out->known / 100 * g->percent +
	       out->known % 100 * g->percent / 100;
	if (most < g->most)
		most = g->most;
	out->guarded = out->due > most && !g->confirmed;
	return out->guarded || settle_vanish(fr, now, &out->vanished, f);
}
