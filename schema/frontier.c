/*
 * A source, its runs, and in whose transactions its rows are written. What
 * changes with every address (horizon, counts) is kept here and written to the
 * source's row once a transaction.
 */

#include "schema/frontier.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "base/memory.h"
#include "schema/frontier_state.h"
#include "schema/intake_write.h"

enum { FRONTIER_SWEEP = 500 };

static bool frontier_keep(void *self, struct fault *f)
{
	struct frontier *fr = self;

	if (!fr->dirty)
		return true;
	if (!rows_run(fr->rows, f,
	              "UPDATE CrawlSources SET Horizon = ?2, Pages = ?3, "
	              "Calls = ?4, Visited = ?5, Listing = ?6, Listed = ?7, "
	              "ListedTime = ?8 WHERE SourceID = ?1",
	              "iiiiiiii", fr->source, fr->horizon, fr->pages, fr->calls,
	              fr->visited, fr->listing, (int64_t)fr->listed,
	              fr->listed_time))
		return false;
	fr->dirty = false;
	return true;
}

bool frontier_write(struct frontier *fr, struct fault *f)
{
	return fr->in ? intake_write(fr->in, f) : batch_begin(&fr->batch, f);
}

bool frontier_wrote(struct frontier *fr, bool ok, struct fault *f)
{
	if (fr->in)
		return intake_wrote(fr->in, ok, f);
	if (ok && frontier_keep(fr, f) && batch_commit(&fr->batch, f))
		return true;
	batch_rollback(&fr->batch);
	return false;
}

static void frontier_leave(void *self)
{
	struct frontier *fr = self;

	fr->in = NULL;
}

void frontier_join(struct frontier *fr, struct intake *in)
{
	fr->in = in;
	in->guest = (struct intake_guest){ frontier_keep, frontier_leave, fr };
}

bool frontier_damaged(const char *table, int64_t id, struct fault *f)
{
	char row[80];

	snprintf(row, sizeof(row), "%s %lld", table, (long long)id);
	fault(f, FAULT_INPUT, "row-damaged",
	      "the row %s is not what was written: restore a backup, or "
	      "make the store anew from its sources",
	      row);
	return fault_at(f, row, 0);
}

/* Numbers that counting from can overflow nothing. */
static bool source_sane(const struct frontier *fr)
{
	return fr->run >= 0 && fr->run < FRONTIER_LATEST &&
	       fr->horizon / 1000 < FRONTIER_LATEST && fr->pages >= 0 &&
	       fr->calls >= 0 && fr->visited >= 0 && fr->listing >= 0 &&
	       fr->listing < FRONTIER_LATEST && fr->listed >= LISTING_OPEN &&
	       fr->listed <= LISTING_ENDED;
}

/* A source of which nothing was ever read begins anew as what it is now:
 * somebody corrected its address. */
static bool source_adopt(struct frontier *fr, const struct frontier_options *o,
                         struct fault *f)
{
	static const char *const sql[] = {
		"DELETE FROM Frontier WHERE SourceID = ?1",
		"DELETE FROM CrawlNotes WHERE SourceID = ?1",
		"DELETE FROM CrawlItems WHERE SourceID = ?1",
	};
	bool ok = true;
	int64_t read;
	size_t i;

	/* What a page held, or what a call brought. */
	if (!rows_number(fr->rows, &read, 0, f,
	                 "SELECT EXISTS (SELECT 1 FROM CrawlItems WHERE "
	                 "SourceID = ?1 AND Revision IS NOT NULL)",
	                 "i", fr->source))
		return false;
	if (fr->visited || read)
		return fault(f, FAULT_USAGE, "source-other",
		             "the source '%.*s' was of another kind or space "
		             "before: choose another name",
		             SLICE_ARG(o->name));
	if (!frontier_write(fr, f))
		return false;
	for (i = 0; ok && i < sizeof(sql) / sizeof(sql[0]); i++)
		ok = rows_run(fr->rows, f, sql[i], "i", fr->source);
	fr->running = fr->seeded = fr->everything = false;
	fr->listed = LISTING_SETTLED;
	fr->pages = fr->calls = fr->listing = 0;
	fr->dirty = true;
	return frontier_wrote(
	        fr,
	        ok && rows_run(fr->rows, f,
	                       "UPDATE CrawlSources SET Kind = ?2, Space = "
	                       "?3, Running = 0, Seeded = 0, Everything = 0, "
	                       "Next = 0 WHERE SourceID = ?1",
	                       "itt", fr->source, o->kind, o->space),
	        f);
}

/* The source's row; *found. Its kind and space must be ours. */
static bool source_find(struct frontier *fr, const struct frontier_options *o,
                        bool *found, struct fault *f)
{
	bool same = true;
	struct query q;

	if (!rows_ask(fr->rows, &q, f,
	              "SELECT SourceID, Kind, Space, Run, Running, Seeded, "
	              "Everything, Horizon, Started, Pages, Calls, Visited, "
	              "Listing, Listed, ListedTime FROM CrawlSources "
	              "WHERE Name = ?1",
	              "t", o->name))
		return false;
	*found = query_next(&q);
	if (*found) {
		same = slice_eq(query_text(&q, 1), o->kind) &&
		       slice_eq(query_text(&q, 2), o->space);
		fr->source = query_number(&q, 0);
		fr->run = query_number(&q, 3);
		fr->running = query_number(&q, 4) != 0;
		fr->seeded = query_number(&q, 5) != 0;
		fr->everything = query_number(&q, 6) != 0;
		fr->horizon = query_number(&q, 7);
		fr->started = query_number(&q, 8);
		fr->pages = query_number(&q, 9);
		fr->calls = query_number(&q, 10);
		fr->visited = query_number(&q, 11);
		fr->listing = query_number(&q, 12);
		fr->listed = (enum frontier_listing)query_number(&q, 13);
		fr->listed_time = query_number(&q, 14);
	}
	if (!query_end(&q, f))
		return false;
	if (*found && same && !source_sane(fr))
		return frontier_damaged("SourceID", fr->source, f);
	return same || source_adopt(fr, o, f);
}

static bool source_make(struct frontier *fr, const struct frontier_options *o,
                        struct fault *f)
{
	if (!o->name.len || o->name.len > LIMIT_NAME || !o->space.len)
		return fault(f, FAULT_USAGE, "source-name",
		             "a source needs a name and a space");
	return frontier_write(fr, f) &&
	       frontier_wrote(
	               fr,
	               rows_run(fr->rows, f,
	                        "INSERT OR IGNORE INTO CrawlSources (Name, "
	                        "Kind, Space, Run, Running, Seeded, "
	                        "Everything, Horizon, Started, Ended, "
	                        "Succeeded, Next, Pages, Calls, Visited, "
	                        "Listing, Listed, ListedTime) VALUES (?1, "
	                        "?2, ?3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, "
	                        "0, 1, 0)",
	                        "ttt", o->name, o->kind, o->space),
	               f);
}

bool frontier_open(struct frontier **out, struct store *s,
                   const struct frontier_options *o, struct fault *f)
{
	struct frontier *fr = memory_new(1, sizeof(*fr));
	bool found;

	fr->rows = store_rows(s);
	batch_init(&fr->batch, fr->rows);
	fr->bytes = BUF_INIT(LIMIT_BODY);
	fr->space = BUF_INIT(LIMIT_LINK);
	fr->pack = pack_new();
	fr->first = o->first;
	fr->least = o->least;
	fr->most = o->most;
	fr->apart = o->apart;
	buf_add(&fr->space, o->space);
	/* Addresses are looked up all over their table. */
	if (rows_script(fr->rows, "PRAGMA cache_size = -16384", f) &&
	    source_find(fr, o, &found, f) &&
	    (found ||
	     (source_make(fr, o, f) && source_find(fr, o, &found, f)))) {
		*out = fr;
		return true;
	}
	frontier_close(fr);
	return false;
}

void frontier_close(struct frontier *fr)
{
	if (!fr)
		return;
	if (fr->in) {
		/* The commit to come must find the source's row as it is. */
		if (batch_open(&fr->in->batch) &&
		    !frontier_keep(fr, &(struct fault){ 0 }))
			fr->in->broken = true;
		fr->in->guest = (struct intake_guest){ 0 };
	}
	arena_release(&fr->texts);
	arena_release(&fr->scratch);
	buf_release(&fr->bytes);
	buf_release(&fr->space);
	free(fr->hand.slots);
	pack_free(fr->pack);
	free(fr);
}

/* Calls that failed for good in an earlier run. */
static bool run_sweep(struct frontier *fr, struct fault *f)
{
	int64_t swept;

	do {
		if (!frontier_write(fr, f))
			return false;
		if (!rows_run(fr->rows, f,
		              "DELETE FROM Frontier WHERE EntryID IN (SELECT "
		              "EntryID FROM Frontier WHERE SourceID = ?1 AND "
		              "Kind = 1 AND Done > 0 LIMIT ?2)",
		              "ii", fr->source, (int64_t)FRONTIER_SWEEP))
			return frontier_wrote(fr, false, f);
		swept = rows_changed(fr->rows);
		fr->calls -= swept;
		fr->dirty = true;
		if (!frontier_wrote(fr, true, f))
			return false;
	} while (swept == FRONTIER_SWEEP);
	return true;
}

static bool run_keep(struct frontier *fr, struct fault *f)
{
	fr->dirty = true;
	return rows_run(fr->rows, f,
	                "UPDATE CrawlSources SET Run = ?2, Running = ?3, "
	                "Seeded = ?4, Everything = ?5, Started = ?6 "
	                "WHERE SourceID = ?1",
	                "iiiiii", fr->source, fr->run, (int64_t)fr->running,
	                (int64_t)fr->seeded, (int64_t)fr->everything,
	                fr->started) &&
	       frontier_keep(fr, f);
}

static bool run_write(struct frontier *fr, struct fault *f)
{
	return frontier_write(fr, f) && frontier_wrote(fr, run_keep(fr, f), f);
}

bool frontier_begin(struct frontier *fr, int64_t now, bool everything,
                    bool *fresh, int64_t *started, struct fault *f)
{
	if (!fr->running) {
		if (!run_sweep(fr, f))
			return false;
		fr->run++;
		fr->running = true;
		fr->seeded = fr->everything = false;
		fr->started = now;
		if (fr->listed == LISTING_OPEN)
			fr->listed = LISTING_SETTLED;
		if (fr->horizon < now * 1000 + 999)
			fr->horizon = now * 1000 + 999;
	}
	fr->everything |= everything;
	fr->counted = fr->drained = false;
	fr->cursor = (struct frontier_place){ INT64_MIN, 0, 0 };
	fr->queued = fr->at = fr->held_count = 0;
	fr->now = now;
	free(fr->hand.slots);
	fr->hand = (struct frontier_set){ 0 };
	*fresh = !fr->seeded;
	*started = fr->started;
	return run_write(fr, f);
}

bool frontier_seeded(struct frontier *fr, struct fault *f)
{
	fr->seeded = true;
	return run_write(fr, f);
}

bool frontier_end(struct frontier *fr, int64_t now, int64_t next, bool good,
                  struct fault *f)
{
	fr->running = fr->seeded = fr->everything = fr->counted = false;
	return frontier_write(fr, f) &&
	       frontier_wrote(
	               fr,
	               run_keep(fr, f) &&
	                       rows_run(fr->rows, f,
	                                "UPDATE CrawlSources SET Ended = ?2, "
	                                "Next = ?3, Succeeded = iif(?4, ?2, "
	                                "Succeeded) WHERE SourceID = ?1",
	                                "iiii", fr->source, now, next,
	                                (int64_t)good),
	               f);
}

static bool count_due(struct frontier *fr, struct fault *f)
{
	fr->due = 0;
	if (fr->running &&
	    !rows_number(fr->rows, &fr->due, 0, f,
	                 "SELECT count(*) FROM Frontier WHERE SourceID = ?1 "
	                 "AND Due <= ?2 AND Done < ?3",
	                 "iii", fr->source,
	                 fr->everything ? FRONTIER_NEVER - 1 : fr->horizon,
	                 fr->run))
		return false;
	fr->counted = true;
	return true;
}

bool frontier_count(struct frontier *fr, struct frontier_count *out,
                    struct fault *f)
{
	if (!fr->counted && !count_due(fr, f))
		return false;
	*out = (struct frontier_count){ fr->pages, fr->calls, fr->due,
		                        fr->visited };
	return true;
}

bool frontier_forget(struct store *s, struct slice name, struct fault *f)
{
	static const char *const sql[] = {
		"DELETE FROM Frontier WHERE SourceID IN "
		"(SELECT SourceID FROM CrawlSources WHERE Name = ?1)",
		"DELETE FROM CrawlNotes WHERE SourceID IN "
		"(SELECT SourceID FROM CrawlSources WHERE Name = ?1)",
		"DELETE FROM CrawlItems WHERE SourceID IN "
		"(SELECT SourceID FROM CrawlSources WHERE Name = ?1)",
		"DELETE FROM CrawlSources WHERE Name = ?1",
	};
	struct rows *rows = store_rows(s);
	struct batch batch;
	bool ok;
	size_t i;

	batch_init(&batch, rows);
	ok = batch_begin(&batch, f);
	for (i = 0; ok && i < sizeof(sql) / sizeof(sql[0]); i++)
		ok = rows_run(rows, f, sql[i], "t", name);
	if (ok && batch_commit(&batch, f))
		return true;
	batch_rollback(&batch);
	return false;
}
