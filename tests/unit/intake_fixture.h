#ifndef TESTS_INTAKE_FIXTURE_H
#define TESTS_INTAKE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/clock.h"
#include "schema/intake.h"
#include "schema/intake_state.h"
#include "schema/posts.h"
#include "schema/rows.h"
#include "schema/store.h"

/*
 * A store of its own for each test, dumps written as tables of lines, and
 * what became of them: one post, the counters, or every row as text.
 */
static char path[128];
static struct store *store;
static struct intake *in;
static struct intake_report report;
static struct arena arena;
static struct fault why;

#define OK(call)                                                               \
	do {                                                                   \
		if (!(call))                                                   \
			fail_msg("%s: %s", #call, why.text);                   \
	} while (0)

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

static inline void open_store(void)
{
	OK(store_open(&store, path, STORE_CREATE, &why));
	/* Thousands of commits: what they survive is tested elsewhere. */
	OK(rows_script(store_rows(store), "PRAGMA synchronous = OFF", &why));
}

static inline int setup(void **state)
{
	(void)state;
	snprintf(path, sizeof(path), "intake-test-%ld.db", (long)getpid());
	remove_store();
	open_store();
	return 0;
}

static inline int teardown(void **state)
{
	(void)state;
	intake_close(in);
	in = NULL;
	store_close(store);
	store = NULL;
	arena_release(&arena);
	remove_store();
	return 0;
}

/* One thing a dump says. Times are days since the epoch. */
enum kind { QUESTION, ANSWER, USER, COMMENT, REVISION, LINK, WIKI, DOCUMENT };

struct line {
	enum kind kind;
	const char *id, *parent, *title, *text;
	int64_t revision, score, views;
	const char *accepted, *author, *tag, *licence;
	int64_t last, closed; /* 0: as `revision`; open */
	unsigned extractor;
};

struct dump {
	const char *name;
	const struct line *lines;
	size_t count;
	const char *access, *channel;
};

#define DUMP(n, l)                                                             \
	{                                                                      \
		(n), (l), sizeof(l) / sizeof((l)[0]), NULL, NULL               \
	}

static inline int64_t day(int64_t n)
{
	return n * 86400000;
}

static inline struct slice text(const char *s)
{
	return slice_of(s ? s : "");
}

static inline void put_record(struct intake *to, const struct line *l)
{
	static const enum record_kind kinds[] = {
		[QUESTION] = RECORD_QUESTION,
		[ANSWER] = RECORD_ANSWER,
		[WIKI] = RECORD_EXTRA,
		[DOCUMENT] = RECORD_DOCUMENT,
	};
	struct slice tag = text(l->tag);
	struct record r = {
		.kind = kinds[l->kind],
		.id = text(l->id),
		.parent = text(l->parent),
		.title = text(l->title),
		.content = text(l->text),
		.original = text(l->text),
		.original_type = SLICE("text/html"),
		.accepted = text(l->accepted),
		.author_id = text(l->author),
		.licence = text(l->licence),
		.extra_kind = text(l->kind == WIKI ? "tag-wiki" : ""),
		.tags = &tag,
		.tag_count = l->tag ? 1 : 0,
		.score = l->score,
		.views = l->views,
		.created = l->revision ? day(1) : CLOCK_NONE,
		.modified = l->last ? day(l->last) : CLOCK_NONE,
		.closed = l->closed ? day(l->closed) : CLOCK_NONE,
		.revision = day(l->revision),
		.extractor = l->extractor,
	};

	if (r.modified == CLOCK_NONE && l->revision)
		r.modified = r.revision;
	OK(intake_record(to, &r, &why));
}

static inline bool put(struct intake *to, const struct line *l)
{
	struct intake_comment c = { .id = text(l->id),
		                    .parent = text(l->parent),
		                    .content = text(l->text),
		                    .author_id = text(l->author),
		                    .score = l->score,
		                    .created = day(l->revision) };

	if (to->broken)
		return false;
	switch (l->kind) {
	case USER:
		return intake_author(to, text(l->id), text(l->title), SLICE(""),
		                     &why);
	case COMMENT:
		return intake_comment(to, &c, &why);
	case REVISION:
		return intake_revision(to, text(l->id), text(l->text),
		                       l->score != 0, text(l->licence),
		                       day(l->revision), &why);
	case LINK:
		return intake_link(to, text(l->id), text(l->parent),
		                   LINK_DUPLICATE, day(l->revision), &why);
	default:
		put_record(to, l);
		return true;
	}
}

static inline void begin(const struct dump *d)
{
	struct intake_options o = { .space = SLICE("example.com"),
		                    .channel = text(d->channel ? d->channel
		                                               : "dump"),
		                    .access = text(d->access),
		                    .source = text(d->name) };

	OK(intake_open(&in, store, &o, &why));
}

static inline void import(const struct dump *d)
{
	size_t i;

	begin(d);
	for (i = 0; i < d->count; i++)
		OK(put(in, &d->lines[i]));
	OK(intake_finish(in, &report, &why));
	intake_close(in);
	in = NULL;
}

static inline struct post_row load(const char *native)
{
	struct post_row p;
	int64_t id;

	OK(post_find(store, &reader_all, SLICE("example.com"), text(native),
	             &id, &why));
	OK(post_load(store, &reader_all, id, &arena, &p, &why));
	return p;
}

static inline void counters(int64_t *changed, int64_t *counted)
{
	OK(store_counters(store, changed, counted, &why));
}

static inline void expect_counters(int64_t changed, int64_t counted)
{
	int64_t x, y;

	counters(&x, &y);
	assert_int_equal(x, changed);
	assert_int_equal(y, counted);
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

/* All rows of all tables but the store's name, as text. */
static inline char *whole(void)
{
	static const char *const tables[] = {
		"Meta WHERE Name <> 'uuid'",
		"Visits",
		"Authors",
		"Posts",
		"Answers",
		"Extras",
		"Originals",
		"Comments",
		"Links",
		"Gone",
		"Forgotten",
		"StagedAnswers",
		"StagedRecords",
		"StagedAuthors",
		"StagedComments",
		"StagedRevisions",
		"sqlite_sequence",
	};
	struct buf b = BUF_INIT(1 << 24);
	size_t i;

	for (i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		char sql[128];
		sqlite3_stmt *s;
		int j;

		snprintf(sql, sizeof(sql), "SELECT * FROM %s ORDER BY 1, 2",
		         tables[i]);
		assert_int_equal(sqlite3_prepare_v2(store_rows(store)->db, sql,
		                                    -1, &s, NULL),
		                 SQLITE_OK);
		buf_addf(&b, "-- %s\n", tables[i]);
		while (sqlite3_step(s) == SQLITE_ROW) {
			for (j = 0; j < sqlite3_column_count(s); j++) {
				const unsigned char *t;
				int len = sqlite3_column_bytes(s, j);

				t = sqlite3_column_blob(s, j);
				for (; t && len--; t++)
					buf_addf(&b,
					         *t < 32 || *t > 126 ? "%%%02x"
					                             : "%c",
					         *t);
				buf_byte(&b, '|');
			}
			buf_byte(&b, '\n');
		}
		sqlite3_finalize(s);
	}
	buf_string(&b);
	return b.at;
}

/* Fails with the first line that differs; frees both. */
static inline void expect_same(char *a, char *b)
{
	char *x = a, *y = b;

	while (*x && *x == *y) {
		x++;
		y++;
	}
	if (*x || *y) {
		while (x > a && x[-1] != '\n') {
			x--;
			y--;
		}
		fail_msg("%.*s\n%.*s", (int)strcspn(x, "\n"), x,
		         (int)strcspn(y, "\n"), y);
	}
	free(a);
	free(b);
}

/* The first dump of the stories below, and how it looks a year later. */
static const struct line year1[] = {
	{ .kind = USER, "1", NULL, "Ann", NULL },
	{ .kind = QUESTION,
	  "10",
	  NULL,
	  "Pods",
	  "why pods",
	  10,
	  3,
	  .views = 50,
	  .accepted = "11",
	  .author = "1",
	  .tag = "k8s",
	  .last = 100 },
	{ .kind = ANSWER, "11", "10", NULL, "because", 11, 7, .author = "2" },
	{ .kind = ANSWER, "12", "10", NULL, "or not", 12, 1 },
	{ .kind = QUESTION,
	  "20",
	  NULL,
	  "Disks",
	  "why disks",
	  20,
	  1,
	  .views = 5,
	  .author = "1" },
	{ .kind = ANSWER, "21", "99", NULL, "too early", 21, 1, .author = "3" },
	{ .kind = WIKI, "30", NULL, "k8s", "about k8s", 5 },
	{ .kind = COMMENT, "1", "10", NULL, "nice", 15, 1, .author = "4" },
	{ .kind = LINK, "20", "10", NULL, NULL, 30 },
	{ .kind = USER, "2", NULL, "Bob", NULL },
	{ .kind = USER, "3", NULL, "Cid", NULL },
	{ .kind = USER, "5", NULL, "Nobody", NULL },
	{ .kind = REVISION, "10", NULL, NULL, "why pods", 10 },
};
static const struct dump dump1 = DUMP("one", year1);

static const struct line year2[] = {
	{ .kind = REVISION, "10", NULL, NULL, "why pods", 10 },
	{ .kind = COMMENT, "1", "10", NULL, "nice", 15, 4, .author = "4" },
	{ .kind = COMMENT, "2", "11", NULL, "more", 400, .author = "1" },
	{ .kind = USER, "1", NULL, "Ann B.", NULL },
	{ .kind = USER, "2", NULL, "Bob", NULL },
	{ .kind = QUESTION,
	  "10",
	  NULL,
	  "Pods",
	  "why pods",
	  10,
	  9,
	  .views = 90,
	  .accepted = "12",
	  .author = "1",
	  .tag = "k8s",
	  .last = 450 },
	{ .kind = ANSWER, "11", "10", NULL, "because", 11, 8, .author = "2" },
	{ .kind = ANSWER, "12", "10", NULL, "or not, edited", 300, 4 },
	{ .kind = ANSWER, "22", "20", NULL, "new", 310 },
	{ .kind = QUESTION,
	  "20",
	  NULL,
	  "Disks",
	  "why disks",
	  20,
	  1,
	  .views = 5,
	  .author = "1" },
	{ .kind = ANSWER, "21", "99", NULL, "too early", 21, 2, .author = "3" },
	{ .kind = QUESTION,
	  "99",
	  NULL,
	  "Late",
	  "late text",
	  320,
	  .author = "6" },
	{ .kind = WIKI, "30", NULL, "k8s", "more about k8s", 330 },
	{ .kind = LINK, "99", "10", NULL, NULL, 340 },
	{ .kind = REVISION, "99", NULL, NULL, "late text", 320 },
	{ .kind = USER, "6", NULL, "Fay", NULL },
};
static const struct dump dump2 = DUMP("two", year2);

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif
