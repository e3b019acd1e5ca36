/* The rules of intake.h, one test a rule. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/memory.h"
#include "schema/intake.h"
#include "schema/intake_state.h"
#include "schema/posts.h"
#include "schema/rows.h"
#include "schema/store.h"

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

static void remove_store(void)
{
	static const char *const ends[] = { "", "-wal", "-shm" };
	char name[160];
	size_t i;

	for (i = 0; i < 3; i++) {
		snprintf(name, sizeof(name), "%s%s", path, ends[i]);
		unlink(name);
	}
}

static void open_store(void)
{
	OK(store_open(&store, path, STORE_CREATE, &why));
	/* Thousands of commits: what they survive is tested elsewhere. */
	OK(rows_script(store_rows(store), "PRAGMA synchronous = OFF", &why));
}

static int setup(void **state)
{
	(void)state;
	snprintf(path, sizeof(path), "intake-test-%ld.db", (long)getpid());
	remove_store();
	open_store();
	return 0;
}

static int teardown(void **state)
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

static int64_t day(int64_t n)
{
	return n * 86400000;
}

static struct slice text(const char *s)
{
	return slice_of(s ? s : "");
}

static void put_record(struct intake *to, const struct line *l)
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

static bool put(struct intake *to, const struct line *l)
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

static void begin(const struct dump *d)
{
	struct intake_options o = { .space = SLICE("example.com"),
		                    .channel = text(d->channel ? d->channel
		                                               : "dump"),
		                    .access = text(d->access),
		                    .source = text(d->name) };

	OK(intake_open(&in, store, &o, &why));
}

static void import(const struct dump *d)
{
	size_t i;

	begin(d);
	for (i = 0; i < d->count; i++)
		OK(put(in, &d->lines[i]));
	OK(intake_finish(in, &report, &why));
	intake_close(in);
	in = NULL;
}

static struct post_row load(const char *native)
{
	struct post_row p;
	int64_t id;

	OK(post_find(store, &reader_all, SLICE("example.com"), text(native),
	             &id, &why));
	OK(post_load(store, &reader_all, id, &arena, &p, &why));
	return p;
}

static void counters(int64_t *changed, int64_t *counted)
{
	OK(store_counters(store, changed, counted, &why));
}

static void expect_counters(int64_t changed, int64_t counted)
{
	int64_t x, y;

	counters(&x, &y);
	assert_int_equal(x, changed);
	assert_int_equal(y, counted);
}

static int64_t count(const char *sql)
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
static char *whole(void)
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
static void expect_same(char *a, char *b)
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
	  50,
	  "11",
	  "1",
	  "k8s",
	  NULL,
	  100 },
	{ .kind = ANSWER, "11", "10", NULL, "because", 11, 7, 0, NULL, "2" },
	{ .kind = ANSWER, "12", "10", NULL, "or not", 12, 1 },
	{ .kind = QUESTION,
	  "20",
	  NULL,
	  "Disks",
	  "why disks",
	  20,
	  1,
	  5,
	  NULL,
	  "1" },
	{ .kind = ANSWER, "21", "99", NULL, "too early", 21, 1, 0, NULL, "3" },
	{ .kind = WIKI, "30", NULL, "k8s", "about k8s", 5 },
	{ .kind = COMMENT, "1", "10", NULL, "nice", 15, 1, 0, NULL, "4" },
	{ .kind = LINK, "20", "10", NULL, NULL, 30 },
	{ .kind = USER, "2", NULL, "Bob", NULL },
	{ .kind = USER, "3", NULL, "Cid", NULL },
	{ .kind = USER, "5", NULL, "Nobody", NULL },
	{ .kind = REVISION, "10", NULL, NULL, "why pods", 10 },
};
static const struct dump dump1 = DUMP("one", year1);

static const struct line year2[] = {
	{ .kind = REVISION, "10", NULL, NULL, "why pods", 10 },
	{ .kind = COMMENT, "1", "10", NULL, "nice", 15, 4, 0, NULL, "4" },
	{ .kind = COMMENT, "2", "11", NULL, "more", 400, 0, 0, NULL, "1" },
	{ .kind = USER, "1", NULL, "Ann B.", NULL },
	{ .kind = USER, "2", NULL, "Bob", NULL },
	{ .kind = QUESTION,
	  "10",
	  NULL,
	  "Pods",
	  "why pods",
	  10,
	  9,
	  90,
	  "12",
	  "1",
	  "k8s",
	  NULL,
	  450 },
	{ .kind = ANSWER, "11", "10", NULL, "because", 11, 8, 0, NULL, "2" },
	{ .kind = ANSWER, "12", "10", NULL, "or not, edited", 300, 4 },
	{ .kind = ANSWER, "22", "20", NULL, "new", 310 },
	{ .kind = QUESTION,
	  "20",
	  NULL,
	  "Disks",
	  "why disks",
	  20,
	  1,
	  5,
	  NULL,
	  "1" },
	{ .kind = ANSWER, "21", "99", NULL, "too early", 21, 2, 0, NULL, "3" },
	{ .kind = QUESTION,
	  "99",
	  NULL,
	  "Late",
	  "late text",
	  320,
	  0,
	  0,
	  NULL,
	  "6" },
	{ .kind = WIKI, "30", NULL, "k8s", "more about k8s", 330 },
	{ .kind = LINK, "99", "10", NULL, NULL, 340 },
	{ .kind = REVISION, "99", NULL, NULL, "late text", 320 },
	{ .kind = USER, "6", NULL, "Fay", NULL },
};
static const struct dump dump2 = DUMP("two", year2);

static void the_same_dump_twice_changes_nothing(void **state)
{
	char *first, *second;
	int64_t writes;

	(void)state;
	import(&dump1);
	assert_int_equal(report.added, 5);
	assert_int_equal(report.waiting, 1);
	first = whole();
	writes = sqlite3_total_changes64(store_rows(store)->db);
	import(&dump1);
	second = whole();
	expect_same(first, second);
	assert_int_equal(report.added + report.updated + report.counted, 0);
	assert_int_equal(sqlite3_total_changes64(store_rows(store)->db),
	                 writes);
}

static void a_newer_dump_updates(void **state)
{
	struct post_row p;

	(void)state;
	import(&dump1);
	p = load("10");
	assert_string_equal(p.answers[0].content.at, "because");
	assert_true(p.answers[0].accepted);
	import(&dump2);
	p = load("10");
	assert_int_equal(p.score, 9);
	assert_int_equal(p.views, 90);
	assert_string_equal(p.author.at, "Ann B.");
	assert_string_equal(p.answers[0].content.at, "or not, edited");
	assert_true(p.answers[0].accepted);
	assert_int_equal(p.answers[0].score, 4);
	assert_int_equal(p.answers[1].score, 8);
	assert_string_equal(load("99").answers[0].native.at, "21");
	assert_int_equal(load("99").answers[0].score, 2);
	assert_int_equal(count("SELECT VoteCount FROM Comments "
	                       "WHERE NativeID = '1'"),
	                 4);
	assert_int_equal(report.waiting, 0);
}

static void an_older_dump_changes_nothing_that_is_there(void **state)
{
	char *first, *second;

	(void)state;
	import(&dump1);
	import(&dump2);
	first = whole();
	import(&dump1);
	second = whole();
	expect_same(first, second);
}

static void an_older_dump_that_comes_second_only_adds(void **state)
{
	struct post_row p;

	(void)state;
	import(&dump2);
	import(&dump1);
	p = load("10");
	assert_int_equal(p.score, 9);
	assert_string_equal(p.author.at, "Ann B.");
	assert_string_equal(p.answers[0].content.at, "or not, edited");
	assert_int_equal(report.updated + report.counted, 0);
	assert_int_equal(report.older, 2);
}

static void a_confirmed_vote_resists_a_dump_of_between(void **state)
{
	static const struct line one[] = {
		{ .kind = QUESTION, "1", NULL, "T", "x", 5, 5 }
	};
	static const struct line two[] = { { .kind = QUESTION,
		                             "1",
		                             NULL,
		                             "T",
		                             "x",
		                             5,
		                             6,
		                             0,
		                             NULL,
		                             NULL,
		                             NULL,
		                             NULL,
		                             50 } };
	static const struct line three[] = { { .kind = QUESTION,
		                               "1",
		                               NULL,
		                               "T",
		                               "x",
		                               5,
		                               5,
		                               0,
		                               NULL,
		                               NULL,
		                               NULL,
		                               NULL,
		                               90 } };
	static const struct dump a = DUMP("a", one), b = DUMP("b", two),
	                         c = DUMP("c", three);

	(void)state;
	import(&a);
	import(&c);
	import(&b);
	assert_int_equal(load("1").score, 5);
}

static void votes_move_counted_and_text_moves_changed(void **state)
{
	static const struct line one[] = {
		{ .kind = QUESTION, "1", NULL, "T", "x", 5, 5 },
		{ .kind = ANSWER, "2", "1", NULL, "y", 6 },
		{ .kind = ANSWER, "3", "1", NULL, "z", 6 },
	};
	static const struct line votes[] = {
		{ .kind = QUESTION,
		  "1",
		  NULL,
		  "T",
		  "x",
		  5,
		  6,
		  1,
		  NULL,
		  NULL,
		  NULL,
		  NULL,
		  50 },
		{ .kind = ANSWER, "2", "1", NULL, "y", 6, 1 },
	};
	static const struct line accepted[] = {
		{ .kind = QUESTION,
		  "1",
		  NULL,
		  "T",
		  "x",
		  5,
		  6,
		  1,
		  "2",
		  NULL,
		  NULL,
		  NULL,
		  60 },
	};
	static const struct line edited[] = {
		{ .kind = ANSWER, "2", "1", NULL, "new", 70, 1 },
	};
	static const struct line titled[] = {
		{ .kind = QUESTION,
		  "1",
		  NULL,
		  "New",
		  "x",
		  80,
		  6,
		  1,
		  "2",
		  NULL,
		  NULL,
		  NULL,
		  80 },
	};
	static const struct line tagged[] = {
		{ .kind = QUESTION,
		  "1",
		  NULL,
		  "New",
		  "x",
		  90,
		  6,
		  1,
		  "2",
		  NULL,
		  "tag",
		  NULL,
		  90 },
	};
	static const struct dump d[] = {
		DUMP("a", one),    DUMP("b", votes),  DUMP("c", accepted),
		DUMP("d", edited), DUMP("e", titled), DUMP("f", tagged)
	};

	(void)state;
	import(&d[0]);
	expect_counters(3, 0);
	import(&d[1]);
	expect_counters(3, 2);
	import(&d[2]);
	expect_counters(4, 2);
	import(&d[3]);
	expect_counters(5, 2);
	import(&d[4]);
	expect_counters(8, 2);
	import(&d[5]);
	expect_counters(11, 2);
}

static void a_label_follows_the_same_dump_and_moves_the_answers(void **state)
{
	struct dump staff = dump1;
	int64_t changed, after, counted;

	(void)state;
	import(&dump1);
	counters(&changed, &counted);
	assert_string_equal(load("10").access.at, "public");
	staff.access = "staff";
	import(&staff);
	counters(&after, &counted);
	assert_string_equal(load("10").access.at, "staff");
	/* Two questions and two answers; a wiki has no number. */
	assert_int_equal(after, changed + 4);
}

static void an_answer_waits_for_its_question_across_runs(void **state)
{
	static const struct line one[] = {
		{ .kind = ANSWER, "2", "1", NULL, "y", 6, 4, 0, NULL, "8" },
		{ .kind = USER, "8", NULL, "Eve", NULL },
	};
	static const struct line two[] = {
		{ .kind = QUESTION, "1", NULL, "T", "x", 5 },
	};
	static const struct dump a = DUMP("a", one), b = DUMP("b", two);

	(void)state;
	import(&a);
	assert_int_equal(report.waiting, 1);
	assert_int_equal(report.added, 0);
	assert_int_equal(count("SELECT count(*) FROM Answers"), 0);
	store_close(store);
	open_store();
	import(&b);
	assert_int_equal(report.waiting, 0);
	assert_int_equal(report.added, 2);
	assert_string_equal(load("1").answers[0].content.at, "y");
	assert_string_equal(load("1").answers[0].author.at, "Eve");
}

static void of_waiting_answers_the_newest_goes_in(void **state)
{
	static const struct line one[] = {
		{ .kind = ANSWER, "2", "1", NULL, "new", 9, 4 }
	};
	static const struct line two[] = {
		{ .kind = ANSWER, "2", "1", NULL, "old", 6, 2 }
	};
	static const struct line three[] = {
		{ .kind = QUESTION, "1", NULL, "T", "x", 5 }
	};
	static const struct dump a = DUMP("a", one), b = DUMP("b", two),
	                         c = DUMP("c", three);

	(void)state;
	import(&a);
	import(&b);
	import(&c);
	assert_string_equal(load("1").answers[0].content.at, "new");
	assert_int_equal(load("1").answers[0].score, 4);
}

static void authors_have_the_names_the_design_gives_them(void **state)
{
	static const struct line one[] = {
		{ .kind = QUESTION, "1", NULL, "T", "x", 5, 0, 0, NULL, "7" },
		{ .kind = QUESTION, "2", NULL, "T", "x", 5 },
		{ .kind = QUESTION, "3", NULL, "T", "x", 5, 0, 0, NULL, "9" },
		{ .kind = USER, "9", NULL, "Ann", NULL },
		{ .kind = USER, "10", NULL, "Unheard", NULL },
	};
	static const struct dump a = DUMP("a", one);

	(void)state;
	import(&a);
	assert_string_equal(load("1").author.at, "user 7");
	assert_string_equal(load("1").author_link.at,
	                    "https://example.com/users/7");
	assert_string_equal(load("2").author.at, "deleted user");
	assert_string_equal(load("2").author_link.at, "");
	assert_string_equal(load("3").author.at, "Ann");
	assert_int_equal(count("SELECT count(*) FROM Authors"), 2);
}

static void a_licence_comes_from_row_revision_or_date(void **state)
{
	static const struct line one[] = {
		/* 14000 is in 2008, 15500 in 2012, 18000 in 2019. */
		{ .kind = REVISION, "3", NULL, NULL, "first", 14000 },
		{ .kind = REVISION, "3", NULL, NULL, "spoilt", 18000 },
		{ .kind = REVISION, "3", NULL, NULL, "first", 18001, 1 },
		{ .kind = REVISION, "4", NULL, NULL, "first", 14000 },
		{ .kind = REVISION, "4", NULL, NULL, "better", 15500 },
		{ .kind = QUESTION,
		  "1",
		  NULL,
		  "T",
		  "x",
		  14000,
		  0,
		  0,
		  NULL,
		  NULL,
		  NULL,
		  "MIT" },
		{ .kind = QUESTION, "2", NULL, "T", "x", 15500 },
		{ .kind = QUESTION, "3", NULL, "T", "x", 18001 },
		{ .kind = QUESTION, "4", NULL, "T", "x", 18001 },
	};
	static const struct dump a = DUMP("a", one);

	(void)state;
	import(&a);
	assert_string_equal(load("1").licence.at, "MIT");
	assert_string_equal(load("2").licence.at, "CC-BY-SA-3.0");
	assert_string_equal(load("3").licence.at, "CC-BY-SA-2.5");
	assert_string_equal(load("4").licence.at, "CC-BY-SA-3.0");
	assert_int_equal(count("SELECT count(*) FROM StagedRevisions"), 0);
}

static void a_newer_extractor_reads_the_same_original_again(void **state)
{
	static const struct line one[] = {
		{ .kind = QUESTION, "1", NULL, "T", "x", 5, 3, 0, NULL, "7" }
	};
	static const struct dump a = DUMP("a", one);
	struct record r = { .kind = RECORD_QUESTION,
		            .id = SLICE("1"),
		            .title = SLICE("T"),
		            .content = SLICE("**x**"),
		            .original = SLICE("x"),
		            .created = day(1),
		            .modified = day(5),
		            .closed = CLOCK_NONE,
		            .revision = day(5),
		            .author_id = SLICE("7"),
		            .score = 3,
		            .extractor = 2 };
	bool has;

	(void)state;
	import(&a);
	begin(&a);
	OK(intake_has(in, RECORD_QUESTION, SLICE("1"), SLICE("x"), 2, &has,
	              &why));
	assert_false(has);
	OK(intake_record(in, &r, &why));
	OK(intake_has(in, RECORD_QUESTION, SLICE("1"), SLICE("x"), 2, &has,
	              &why));
	assert_true(has);
	OK(intake_finish(in, &report, &why));
	assert_int_equal(report.updated, 1);
	assert_string_equal(load("1").content.at, "**x**");
	assert_string_equal(load("1").author.at, "user 7");
	expect_counters(2, 0);
}

static void a_record_without_its_text_keeps_what_is_there(void **state)
{
	struct record r = { .kind = RECORD_QUESTION,
		            .id = SLICE("10"),
		            .title = SLICE("Pods anew"),
		            .created = day(1),
		            .modified = day(200),
		            .closed = CLOCK_NONE,
		            .revision = day(200) };
	static const struct dump later = { "x", NULL, 0, NULL, NULL };

	(void)state;
	import(&dump1);
	begin(&later);
	OK(intake_record(in, &r, &why));
	OK(intake_finish(in, &report, &why));
	assert_string_equal(load("10").title.at, "Pods anew");
	assert_string_equal(load("10").content.at, "why pods");
}

static void undated_documents_follow_the_order_of_files(void **state)
{
	static const struct line one[] = {
		{ .kind = DOCUMENT, "d", NULL, "T", "x" }
	};
	static const struct line two[] = {
		{ .kind = DOCUMENT, "d", NULL, "T", "y" }
	};
	struct dump a = DUMP("a", one), b = DUMP("b", two);

	(void)state;
	a.channel = b.channel = "import";
	import(&a);
	import(&b);
	assert_string_equal(load("d").content.at, "y");
	assert_string_equal(load("d").licence.at, "");
	assert_string_equal(load("d").author.at, "");
	import(&a);
	assert_string_equal(load("d").content.at, "y");
}

static void bad_records_are_refused_alone(void **state)
{
	const struct slice barred = { "a|b", 3 };
	const struct {
		struct record r;
		const char *code;
	} bad[] = {
		{ { .kind = RECORD_QUESTION }, "record-id" },
		{ { .kind = RECORD_ANSWER, .id = { "1", 1 } }, "record-id" },
		{ { .id = { "1", 1 }, .title = { "\xff", 1 } }, "record-text" },
		{ { .id = { "1", 1 }, .content = { "a\0b", 3 } },
		  "record-text" },
		{ { .id = { "1\n", 2 } }, "record-line" },
		{ { .id = { "1", 1 }, .original = { "", 17 << 20 } },
		  "limit-body" },
		{ { .id = { "1", 1 }, .tag_count = 65 }, "limit-tags" },
		{ { .id = { "1", 1 }, .tag_count = 1, .tags = &barred },
		  "record-tag" },
	};
	static const struct dump empty = { "x", NULL, 0, NULL, NULL };
	size_t i;

	(void)state;
	begin(&empty);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_false(intake_record(in, &bad[i].r, &why));
		assert_string_equal(why.code, bad[i].code);
	}
	put_record(in, &year1[1]);
	OK(intake_finish(in, &report, &why));
	assert_int_equal(report.added, 1);
}

static void a_damaged_row_is_never_shown(void **state)
{
	struct post_row p;
	int64_t id;

	(void)state;
	import(&dump1);
	OK(rows_script(store_rows(store),
	               "UPDATE Posts SET PostContent = 'why pode' "
	               "WHERE NativeID = '10'",
	               &why));
	OK(post_find(store, &reader_all, SLICE("example.com"), SLICE("10"), &id,
	             &why));
	assert_false(post_load(store, &reader_all, id, &arena, &p, &why));
	assert_string_equal(why.code, "row-damaged");
	assert_int_equal(why.kind, FAULT_INPUT);
	assert_string_equal(why.subject, "PostID 1");
}

static void a_damaged_row_refuses_its_record_alone(void **state)
{
	static const struct dump again = { "x", NULL, 0, NULL, NULL };
	struct record r = { .kind = RECORD_QUESTION,
		            .id = SLICE("10"),
		            .created = CLOCK_NONE,
		            .modified = CLOCK_NONE,
		            .closed = CLOCK_NONE,
		            .revision = day(500) };
	int i;

	(void)state;
	import(&dump1);
	OK(rows_script(store_rows(store),
	               "UPDATE Posts SET VoteCount = 4 WHERE NativeID = '10'",
	               &why));
	begin(&again);
	/* Before and inside of a transaction. */
	for (i = 0; i < 2; i++) {
		assert_false(intake_record(in, &r, &why));
		assert_string_equal(why.code, "row-damaged");
		r.id = i ? SLICE("41") : SLICE("40");
		OK(intake_record(in, &r, &why));
		r.id = SLICE("10");
	}
	OK(intake_finish(in, &report, &why));
	assert_int_equal(report.added, 2);
}

struct counted {
	struct count_row rows[8];
	size_t count;
};

static bool note_count(void *self, const struct count_row *c, struct fault *f)
{
	struct counted *x = self;

	(void)f;
	assert_true(x->count < 8);
	x->rows[x->count++] = *c;
	return true;
}

static void votes_that_moved_are_told_once_each(void **state)
{
	struct counted x = { .count = 0 };
	int64_t changed, counted, i;

	(void)state;
	import(&dump1);
	import(&dump2);
	counters(&changed, &counted);
	OK(posts_counted(store, 0, counted, note_count, &x, &why));
	assert_int_equal(x.count, counted);
	for (i = 0; i < counted; i++) {
		struct post_row p;

		OK(post_load(store, &reader_all, x.rows[i].post, &arena, &p,
		             &why));
		if (!x.rows[i].answer) {
			assert_int_equal(x.rows[i].score, p.score);
			assert_int_equal(x.rows[i].views, p.views);
		}
	}
	x.count = 0;
	OK(posts_counted(store, counted - 1, counted, note_count, &x, &why));
	assert_int_equal(x.count, 1);
	x.count = 0;
	OK(posts_counted(store, counted, counted + 9, note_count, &x, &why));
	assert_int_equal(x.count, 0);
}

static void a_duplicate_is_known_by_its_link(void **state)
{
	(void)state;
	import(&dump1);
	assert_string_equal(load("20").duplicate_of.at, "10");
	assert_string_equal(load("10").duplicate_of.at, "");
}

static void closing_and_owners_move_no_counter(void **state)
{
	static const struct line one[] = {
		{ .kind = QUESTION, "1", NULL, "T", "x", 5, 3 }
	};
	static const struct line two[] = { { .kind = QUESTION,
		                             "1",
		                             NULL,
		                             "T",
		                             "x",
		                             5,
		                             3,
		                             0,
		                             NULL,
		                             "8",
		                             NULL,
		                             NULL,
		                             50,
		                             49 } };
	static const struct dump a = DUMP("a", one), b = DUMP("b", two);

	(void)state;
	import(&a);
	import(&b);
	assert_int_equal(load("1").closed, day(49));
	assert_string_equal(load("1").author.at, "user 8");
	expect_counters(1, 0);
	assert_int_equal(report.same, 1);
}

/* Documents of a space of its own, in many small transactions. */
static bool import_many(struct store *s, const char *space)
{
	struct intake_options o = { .space = text(space),
		                    .channel = SLICE("import"),
		                    .source = SLICE("x") };
	struct record r = { .kind = RECORD_DOCUMENT,
		            .created = CLOCK_NONE,
		            .modified = CLOCK_NONE,
		            .closed = CLOCK_NONE };
	struct intake_report done;
	struct intake *mine;
	char id[16];
	bool ok;
	int i;

	if (!intake_open(&mine, s, &o, &why))
		return false;
	mine->batch.most = 0;
	for (i = 0, ok = true; ok && i < 200; i++) {
		snprintf(id, sizeof(id), "%d", i);
		r.id = text(id);
		ok = intake_record(mine, &r, &why);
	}
	ok = ok && intake_finish(mine, &done, &why);
	intake_close(mine);
	return ok;
}

static void two_imports_at_once_both_go_in(void **state)
{
	int64_t changed, counted;
	int status = -1;
	pid_t child;

	(void)state;
	store_close(store);
	store = NULL;
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		bool ok = store_open(&store, path, STORE_CREATE, &why) &&
		          import_many(store, "child.example");

		_exit(ok ? 0 : 1);
	}
	open_store();
	OK(import_many(store, "parent.example"));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	counters(&changed, &counted);
	assert_int_equal(changed, 400);
	assert_int_equal(count("SELECT count(DISTINCT Changed) FROM Posts"),
	                 400);
}

/* Every commit from the k-th on fails, as if the process had died there. */
struct killer {
	int left;
};

static int kill_at(void *self)
{
	struct killer *k = self;

	return k->left-- <= 0;
}

/* Imports with a commit after every row, dying at the k-th; false if dead. */
static bool import_dying(const struct dump *d, int k)
{
	struct killer killer = { k };
	struct intake_options o = { .space = SLICE("example.com"),
		                    .channel = SLICE("dump"),
		                    .source = text(d->name) };
	bool alive;
	size_t i;

	sqlite3_commit_hook(store_rows(store)->db, kill_at, &killer);
	alive = intake_open(&in, store, &o, &why);
	if (alive) {
		in->batch.most = 0;
		for (i = 0; alive && i < d->count; i++) {
			/* put_record() insists: ask before. */
			alive = killer.left > 0 && put(in, &d->lines[i]);
		}
		alive = alive && intake_finish(in, &report, &why);
		killer.left = 0;
		intake_close(in);
		in = NULL;
	}
	sqlite3_commit_hook(store_rows(store)->db, NULL, NULL);
	return alive;
}

static void killed_anywhere_and_run_again_ends_in_the_same_rows(void **state)
{
	char *clean;
	bool alive = false;
	int k;

	import(&dump1);
	import(&dump2);
	clean = whole();
	for (k = 1; !alive && k < 200; k++) {
		teardown(state);
		setup(state);
		alive = import_dying(&dump1, k);
		import(&dump1);
		import(&dump2);
		expect_same(memory_copy(clean, strlen(clean)), whole());
	}
	assert_true(alive);
	assert_true(k > 10);
	alive = false;
	for (k = 1; !alive && k < 200; k++) {
		teardown(state);
		setup(state);
		import(&dump1);
		alive = import_dying(&dump2, k);
		import(&dump2);
		expect_same(memory_copy(clean, strlen(clean)), whole());
	}
	assert_true(alive);
	assert_true(k > 20);
	free(clean);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(the_same_dump_twice_changes_nothing),
		TEST(a_newer_dump_updates),
		TEST(an_older_dump_changes_nothing_that_is_there),
		TEST(an_older_dump_that_comes_second_only_adds),
		TEST(a_confirmed_vote_resists_a_dump_of_between),
		TEST(votes_move_counted_and_text_moves_changed),
		TEST(a_label_follows_the_same_dump_and_moves_the_answers),
		TEST(an_answer_waits_for_its_question_across_runs),
		TEST(of_waiting_answers_the_newest_goes_in),
		TEST(authors_have_the_names_the_design_gives_them),
		TEST(a_licence_comes_from_row_revision_or_date),
		TEST(a_newer_extractor_reads_the_same_original_again),
		TEST(a_record_without_its_text_keeps_what_is_there),
		TEST(undated_documents_follow_the_order_of_files),
		TEST(bad_records_are_refused_alone),
		TEST(a_damaged_row_is_never_shown),
		TEST(a_damaged_row_refuses_its_record_alone),
		TEST(votes_that_moved_are_told_once_each),
		TEST(a_duplicate_is_known_by_its_link),
		TEST(closing_and_owners_move_no_counter),
		TEST(two_imports_at_once_both_go_in),
		TEST(killed_anywhere_and_run_again_ends_in_the_same_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
