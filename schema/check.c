/*
 * All that can be checked without the index. SQLite's own check sees the trees
 * but hardly ever a flipped bit in a text (one in forty, when measured), so
 * every row is read and compared with its hashes as well. Walks go by id in
 * short batches, beside whoever writes.
 */

#include <stdio.h>

#include "base/cancel.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/pack.h"
#include "schema/cases_check.h"
#include "schema/frontier_state.h"
#include "schema/held.h"
#include "schema/intake_state.h"
#include "schema/staging.h"
#include "schema/store.h"
#include "schema/twins_check.h"

enum { CHECK_BATCH = 128, CHECK_STEPS = 10000 };

struct check {
	struct rows *rows;
	struct store *store;
	store_finding_fn *say;
	void *self;
	int64_t seen;
	struct pack *pack;
	struct arena arena;
	struct buf body;
};

static void check_say(struct check *c, const char *code, const char *subject,
                      const char *text)
{
	struct fault finding;

	fault(&finding, FAULT_INPUT, code, "%s", text);
	fault_at(&finding, subject, 0);
	c->say(c->self, &finding);
}

static bool check_sqlite(struct check *c, struct fault *f)
{
	char text[240];
	struct query q;

	if (!rows_ask(c->rows, &q, f, "PRAGMA integrity_check(100)", ""))
		return false;
	while (query_next(&q)) {
		struct slice s = query_text(&q, 0);

		if (slice_eq(s, SLICE("ok")))
			continue;
		snprintf(text, sizeof(text), "SQLite: %.*s", SLICE_ARG(s));
		check_say(c, "store-damaged", c->rows->path, text);
	}
	return query_end(&q, f);
}

static bool check_references(struct check *c, struct fault *f)
{
	char text[240];
	struct query q;

	if (!rows_ask(c->rows, &q, f, "PRAGMA foreign_key_check", ""))
		return false;
	while (query_next(&q)) {
		snprintf(text, sizeof(text),
		         "row %lld of %.*s refers to a row of %.*s that is not "
		         "there",
		         (long long)query_number(&q, 1),
		         SLICE_ARG(query_text(&q, 0)),
		         SLICE_ARG(query_text(&q, 2)));
		check_say(c, "store-reference", c->rows->path, text);
	}
	return query_end(&q, f);
}

/* The next ids above `after` by `sql` (?1, ?2: id and how many). */
static bool check_ids(struct check *c, const char *sql, int64_t after,
                      int64_t ids[CHECK_BATCH], size_t *count, struct fault *f)
{
	struct query q;

	*count = 0;
	if (!cancel_check(f) ||
	    !rows_ask(c->rows, &q, f, sql, "ii", after, (int64_t)CHECK_BATCH))
		return false;
	while (query_next(&q))
		ids[(*count)++] = query_number(&q, 0);
	return query_end(&q, f);
}

/* A damaged row is a finding, any other fault ends the check. */
static bool check_verdict(struct check *c, bool good, const struct fault *why,
                          struct fault *f)
{
	if (good)
		return true;
	if (why->kind == FAULT_INPUT) {
		c->say(c->self, why);
		return true;
	}
	*f = *why;
	return false;
}

/* The original beside a row: there, whole, and what was hashed. */
static bool check_original(struct check *c, enum held_table t,
                           const struct held *h, struct fault *f)
{
	int64_t id = held_original(t, h->id);
	struct slice bytes = { 0 };
	struct fault why;
	char subject[64];
	struct query q;

	if (!rows_ask(c->rows, &q, f,
	              "SELECT Body FROM Originals WHERE OriginalID = ?1", "i",
	              id))
		return false;
	if (query_next(&q))
		bytes = arena_copy(&c->arena, query_text(&q, 0));
	if (!query_end(&q, f))
		return false;
	buf_reset(&c->body);
	if (bytes.len && !pack_open(c->pack, bytes, &c->body, &why))
		buf_reset(&c->body);
	if (hash64(buf_slice(&c->body)) == h->original_hash)
		return true;
	snprintf(subject, sizeof(subject), "OriginalID %lld", (long long)id);
	check_say(c, "original-damaged", subject,
	          "the original of a row is missing or damaged; its text is "
	          "good");
	return true;
}

static bool check_row(struct check *c, enum held_table t, int64_t id,
                      struct fault *f)
{
	struct fault why = { 0 };
	struct held h;
	bool good;

	arena_reset(&c->arena);
	good = held_load(c->rows, t, id, true, &c->arena, &h, &why);
	if (good && !h.id)
		return true; /* gone meanwhile */
	c->seen++;
	if (!check_verdict(c, good, &why, f))
		return false;
	return !good || check_original(c, t, &h, f);
}

static bool check_table(struct check *c, enum held_table t, struct fault *f)
{
	static const char *const sql[HELD_TABLES] = {
		"SELECT PostID FROM Posts WHERE PostID > ?1 ORDER BY 1 "
		"LIMIT ?2",
		"SELECT AnswerID FROM Answers WHERE AnswerID > ?1 ORDER BY 1 "
		"LIMIT ?2",
		"SELECT ExtraID FROM Extras WHERE ExtraID > ?1 ORDER BY 1 "
		"LIMIT ?2",
	};
	int64_t ids[CHECK_BATCH], after = INT64_MIN;
	size_t i, count;

	do {
		if (!check_ids(c, sql[t], after, ids, &count, f))
			return false;
		for (i = 0; i < count; i++)
			if (!check_row(c, t, ids[i], f))
				return false;
		if (count)
			after = ids[count - 1];
	} while (count);
	return true;
}

static void check_named(struct check *c, const char *name, int64_t id)
{
	char subject[64];

	snprintf(subject, sizeof(subject), "%s %lld", name, (long long)id);
	check_say(c, "row-damaged", subject,
	          "the row is not what was written: restore a backup, or "
	          "make the store anew from its sources");
}

static bool check_comments(struct check *c, int64_t *after, struct fault *f)
{
	struct query q;
	int64_t n = 0;

	if (!cancel_check(f) ||
	    !rows_ask(c->rows, &q, f,
	              "SELECT CommentID, Space, NativeID, Parent, Content, "
	              "VoteCount, CommentTime, AuthorName, Licence, RowHash "
	              "FROM Comments WHERE CommentID > ?1 ORDER BY 1 LIMIT ?2",
	              "ii", *after, (int64_t)CHECK_BATCH))
		return false;
	for (; query_next(&q); n++) {
		struct intake_comment x = { .id = query_text(&q, 2),
			                    .parent = query_text(&q, 3),
			                    .content = query_text(&q, 4),
			                    .score = query_number(&q, 5),
			                    .created = CLOCK_NONE,
			                    .author = query_text(&q, 7),
			                    .licence = query_text(&q, 8) };
		bool timed = clock_read(query_text(&q, 6), &x.created) ||
		             !query_text(&q, 6).len;

		*after = query_number(&q, 0);
		if (!timed || comment_hash(query_text(&q, 1), &x) !=
		                      (uint64_t)query_number(&q, 9))
			check_named(c, "CommentID", *after);
	}
	c->seen += n;
	if (n < CHECK_BATCH)
		*after = -1;
	return query_end(&q, f);
}

static bool check_authors(struct check *c, int64_t *after, struct fault *f)
{
	struct query q;
	int64_t n = 0;

	if (!cancel_check(f) ||
	    !rows_ask(c->rows, &q, f,
	              "SELECT AuthorID, Space, NativeID, Name, Link, RowHash "
	              "FROM Authors WHERE AuthorID > ?1 ORDER BY 1 LIMIT ?2",
	              "ii", *after, (int64_t)CHECK_BATCH))
		return false;
	for (; query_next(&q); n++) {
		*after = query_number(&q, 0);
		if (author_hash(query_text(&q, 1), query_text(&q, 2),
		                query_text(&q, 3), query_text(&q, 4)) !=
		    (uint64_t)query_number(&q, 5))
			check_named(c, "AuthorID", *after);
	}
	c->seen += n;
	if (n < CHECK_BATCH)
		*after = -1;
	return query_end(&q, f);
}

/* An address whose id is no hash of it, or with numbers that cannot be. */
static bool check_frontier(struct check *c, int64_t *after, struct fault *f)
{
	struct frontier_place place;
	struct frontier_entry e;
	struct fault why;
	struct query q;
	int64_t n = 0;

	arena_reset(&c->arena);
	if (!cancel_check(f) ||
	    !rows_ask(c->rows, &q, f,
	              "SELECT " FRONTIER_COLUMNS "FROM Frontier "
	              "WHERE EntryID > ?1 ORDER BY EntryID LIMIT ?2",
	              "ii", *after, (int64_t)CHECK_BATCH))
		return false;
	for (; query_next(&q); n++) {
		if (!frontier_row(&q, &c->arena, &e, &place, &why))
			c->say(c->self, &why);
		*after = e.id;
	}
	c->seen += n;
	if (n < CHECK_BATCH)
		*after = -1;
	return query_end(&q, f);
}

static bool check_notes(struct check *c, struct fault *f)
{
	struct query q;

	if (!rows_ask(c->rows, &q, f,
	              "SELECT SourceID, Name, Value, Hash FROM CrawlNotes", ""))
		return false;
	for (; query_next(&q); c->seen++)
		if (frontier_note_hash(query_text(&q, 1), query_text(&q, 2)) !=
		    (uint64_t)query_number(&q, 3))
			check_named(c, "CrawlNotes of SourceID",
			            query_number(&q, 0));
	return query_end(&q, f);
}

static bool check_robots(struct check *c, struct fault *f)
{
	char subject[240];
	struct fault why;
	struct query q;

	if (!rows_ask(c->rows, &q, f, "SELECT Origin, Body FROM CrawlRobots",
	              ""))
		return false;
	for (; query_next(&q); c->seen++) {
		buf_reset(&c->body);
		if (!query_text(&q, 1).len ||
		    pack_open(c->pack, query_text(&q, 1), &c->body, &why))
			continue;
		snprintf(subject, sizeof(subject), "CrawlRobots '%.*s'",
		         SLICE_ARG(slice_cut(query_text(&q, 0), 0, 200)));
		check_say(c, "row-damaged", subject,
		          "a kept robots.txt is damaged: it will be fetched "
		          "anew");
	}
	return query_end(&q, f);
}

static bool check_crawls(struct check *c, struct fault *f)
{
	int64_t entry = INT64_MIN;

	while (entry != -1)
		if (!check_frontier(c, &entry, f))
			return false;
	return check_notes(c, f) && check_robots(c, f);
}

static bool check_staged(struct check *c, struct fault *f)
{
	struct record r;
	struct fault why;
	struct query q;

	if (!rows_ask(c->rows, &q, f,
	              "SELECT Record FROM StagedAnswers UNION ALL "
	              "SELECT Record FROM StagedRecords",
	              ""))
		return false;
	while (query_next(&q)) {
		arena_reset(&c->arena);
		c->seen++;
		if (!staging_read(query_text(&q, 0), &c->arena, &r, &why))
			c->say(c->self, &why);
	}
	return query_end(&q, f);
}

/* What one table says of another. */
static bool check_agreement(struct check *c, struct fault *f)
{
	static const struct {
		const char *sql, *text;
	} rules[] = {
		{ "SELECT (SELECT max(Changed) FROM (SELECT Changed FROM Posts "
		  "UNION ALL SELECT Changed FROM Answers UNION ALL "
		  "SELECT Changed FROM Gone)) > "
		  "(SELECT Value FROM Meta WHERE Name = 'changed')",
		  "a row has a change number that was not given out: rebuild "
		  "the index" },
		{ "SELECT (SELECT max(Counted) FROM (SELECT Counted FROM Posts "
		  "UNION ALL SELECT Counted FROM Answers)) > "
		  "(SELECT Value FROM Meta WHERE Name = 'counted')",
		  "a row has a vote number that was not given out: rebuild "
		  "the index" },
		{ "SELECT count(*) FROM Posts p JOIN Forgotten USING "
		  "(Space, NativeID)",
		  "a forgotten post is there: forget it again" },
		{ "SELECT count(*) FROM Answers a JOIN Forgotten USING "
		  "(Space, NativeID)",
		  "a forgotten answer is there: forget it again" },
		{ "SELECT count(*) FROM Originals o WHERE NOT EXISTS "
		  "(SELECT 1 FROM Posts WHERE PostID = o.OriginalID / 4) AND "
		  "o.OriginalID % 4 = 0",
		  "an original has no post" },
		{ "SELECT count(*) FROM Originals o WHERE o.OriginalID % 4 = 1 "
		  "AND NOT EXISTS (SELECT 1 FROM Answers WHERE AnswerID = "
		  "o.OriginalID / 4)",
		  "an original has no answer" },
		{ "SELECT count(*) FROM Frontier WHERE SourceID NOT IN "
		  "(SELECT SourceID FROM CrawlSources)",
		  "an address belongs to no source" },
		{ "SELECT count(*) FROM Frontier JOIN CrawlSources USING "
		  "(SourceID) WHERE Done > Run",
		  "an address was read in a run that never was" },
		{ "SELECT count(*) FROM CrawlSources s WHERE (Pages, Calls, "
		  "Visited) <> (SELECT total(Kind = 0), total(Kind = 1), "
		  "total(Visited > 0) FROM Frontier WHERE SourceID = "
		  "s.SourceID)",
		  "a source has other addresses than it counts" },
		{ "SELECT count(*) FROM (SELECT SourceID FROM CrawlItems "
		  "UNION ALL SELECT SourceID FROM CrawlNotes) WHERE SourceID "
		  "NOT IN (SELECT SourceID FROM CrawlSources)",
		  "an item or a note belongs to no source" },
		{ "SELECT count(*) FROM Cases JOIN Forgotten USING "
		  "(Space, NativeID)",
		  "a forgotten case is there: forget it again" },
		{ "SELECT count(*) FROM CaseEntries e WHERE NOT EXISTS "
		  "(SELECT 1 FROM Posts p WHERE p.Space = e.Space AND "
		  "p.NativeID = e.Entry)",
		  "a folded case has no post: run 'opslore cases fold'" },
	};
	int64_t bad;
	size_t i;

	for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		if (!rows_number(c->rows, &bad, 0, f, rules[i].sql, ""))
			return false;
		if (bad)
			check_say(c, "store-disagrees", c->rows->path,
			          rules[i].text);
	}
	return true;
}

static bool check_all(struct check *c, struct fault *f)
{
	int64_t comment = 0, author = 0;
	enum held_table t;

	if (!check_sqlite(c, f) || !check_references(c, f))
		return false;
	for (t = HELD_POSTS; t < HELD_TABLES; t++)
		if (!check_table(c, t, f))
			return false;
	while (comment >= 0)
		if (!check_comments(c, &comment, f))
			return false;
	while (author >= 0)
		if (!check_authors(c, &author, f))
			return false;
	return check_crawls(c, f) && check_staged(c, f) &&
	       twins_check(c->rows, c->say, c->self, f) &&
	       cases_check(c->store, c->say, c->self, &c->seen, f) &&
	       check_agreement(c, f);
}

/* SQLite's own checks take long on a large file: it asks us now and then. */
static int check_asked(void *self)
{
	(void)self;
	return cancel_asked();
}

bool store_check(struct store *s, store_finding_fn *say, void *self,
                 int64_t *rows, struct fault *f)
{
	struct check c = { .rows = store_rows(s),
		           .store = s,
		           .say = say,
		           .self = self,
		           .pack = pack_new(),
		           .body = BUF_INIT(LIMIT_BODY) };
	bool ok;

	sqlite3_progress_handler(c.rows->db, CHECK_STEPS, check_asked, NULL);
	ok = check_all(&c, f);
	if (!ok && cancel_asked())
		ok = cancel_check(f);
	sqlite3_progress_handler(c.rows->db, 0, NULL, NULL);
	*rows = c.seen;
	pack_free(c.pack);
	arena_release(&c.arena);
	buf_release(&c.body);
	return ok;
}
