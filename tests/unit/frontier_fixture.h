#ifndef TESTS_FRONTIER_FIXTURE_H
#define TESTS_FRONTIER_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/limits.h"
#include "schema/frontier_state.h"
#include "schema/intake_state.h"
#include "schema/inventory.h"
#include "schema/rows.h"
#include "schema/store.h"

/*
 * A store of its own for each test with one source, "handbook", and verbs
 * short enough to read a test as a story: start a run, add, take, done, stop.
 */
enum { HOUR = 3600000, APART = 2 * HOUR };

static char path[128];
static struct store *store;
static struct intake *in;
static struct frontier *fr;
static struct frontier_entry entry; /* taken last */
static struct arena arena;
static struct fault why;
static bool fresh;
static int64_t started;

#define OK(call)                                                               \
	do {                                                                   \
		if (!(call))                                                   \
			fail_msg("%s: %s", #call, why.text);                   \
	} while (0)

static const struct frontier_options options = {
	.name = { "handbook", 8 },
	.kind = { "site", 4 },
	.space = { "handbook.example", 16 },
	.first = HOUR,
	.least = HOUR / 4,
	.most = 4 * HOUR,
	.apart = APART,
};

static inline void remove_store(void)
{
	static const char *const ends[] = { "", "-wal", "-shm" };
	char name[160];
	size_t i;

	for (i = 0; i < 3; i++) {
		snprintf(name, sizeof(name), "%s%s", path, ends[i]);
		unlink(name);
	}
}

static inline void open_crawl(void)
{
	struct intake_options o = { .space = options.space,
		                    .channel = SLICE("crawl"),
		                    .source = SLICE("run"),
		                    .dated = true,
		                    .as_of = HOUR };

	OK(store_open(&store, path, STORE_CREATE, &why));
	OK(rows_script(store_rows(store), "PRAGMA synchronous = OFF", &why));
	OK(frontier_open(&fr, store, &options, &why));
	OK(intake_open(&in, store, &o, &why));
	frontier_join(fr, in);
}

static inline void close_crawl(void)
{
	frontier_close(fr);
	intake_close(in);
	store_close(store);
	fr = NULL;
	in = NULL;
	store = NULL;
}

static inline void reopen(void)
{
	close_crawl();
	open_crawl();
}

static inline int setup(void **state)
{
	(void)state;
	snprintf(path, sizeof(path), "frontier-test-%ld.db", (long)getpid());
	remove_store();
	open_crawl();
	return 0;
}

static inline int teardown(void **state)
{
	(void)state;
	close_crawl();
	arena_release(&arena);
	remove_store();
	return 0;
}

static inline void start(int64_t now)
{
	OK(frontier_begin(fr, now, false, &fresh, &started, &why));
}

static inline void start_all(int64_t now)
{
	OK(frontier_begin(fr, now, true, &fresh, &started, &why));
}

static inline void stop(int64_t now)
{
	OK(frontier_end(fr, now, now + HOUR, true, &why));
}

static inline bool add_due(const char *url, int64_t due, bool again)
{
	struct frontier_entry e = { .url = slice_of(url), .due = due };
	bool added;

	OK(frontier_add(fr, &e, again, &added, &why));
	return added;
}

static inline bool add(const char *url)
{
	return add_due(url, 0, false);
}

/* The address of the next one, or NULL. */
static inline const char *take(int64_t now)
{
	bool found;

	OK(frontier_take(fr, now, &arena, &entry, &found, &why));
	return found ? entry.url.at : NULL;
}

static inline void done(int64_t now, enum frontier_outcome outcome)
{
	OK(frontier_done(fr, &entry, now, outcome, &why));
}

static inline struct frontier_entry find(const char *url)
{
	struct frontier_entry e;
	bool found;

	OK(frontier_find(fr, slice_of(url), &arena, &e, &found, &why));
	assert_true(found);
	return e;
}

/* Another run when the page taken last is due, and takes it. */
static inline int64_t take_again(int64_t now)
{
	stop(now);
	start(now);
	assert_non_null(take(now));
	return now;
}

static inline int64_t visit_again(int64_t now, enum frontier_outcome outcome)
{
	now += find(entry.url.at).interval;
	take_again(now);
	done(now, outcome);
	return now;
}

static inline struct frontier_count counts(void)
{
	struct frontier_count c;

	OK(frontier_count(fr, &c, &why));
	return c;
}

static inline void script(const char *sql)
{
	OK(rows_script(store_rows(store), sql, &why));
}

static inline int64_t count(const char *sql)
{
	sqlite3_stmt *s;
	int64_t n;

	assert_int_equal(
	        sqlite3_prepare_v2(store_rows(store)->db, sql, -1, &s, NULL),
	        SQLITE_OK);
	assert_int_equal(sqlite3_step(s), SQLITE_ROW);
	n = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	return n;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif
