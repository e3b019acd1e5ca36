/* A store is made, opened, refused; what it promises about the file. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cancel.h"
#include "base/clock.h"
#include "base/file.h"
#include "schema/intake.h"
#include "schema/posts.h"
#include "schema/rows.h"
#include "schema/store.h"

static char folder[64];
static char path[128];

static int setup(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "store-test-XXXXXX");
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/a.db", folder);
	return 0;
}

static int teardown(void **state)
{
	static const char *const names[] = { "a.db", "a.db-wal", "a.db-shm",
		                             "b.db", "b.db-wal", "b.db-shm" };
	char name[256];
	size_t i;

	(void)state;
	chmod(folder, 0700);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(name, sizeof(name), "%s/%s", folder, names[i]);
		unlink(name);
	}
	return rmdir(folder);
}

static struct store *open_new(void)
{
	struct store *s = NULL;
	struct fault f;

	if (!store_open(&s, path, STORE_CREATE, &f))
		fail_msg("%s", f.text);
	return s;
}

static void a_new_store_has_a_uuid_and_counters_at_zero(void **state)
{
	struct store *s = open_new();
	int64_t changed = -1, counted = -1;
	struct fault f;
	char uuid[40];

	(void)state;
	assert_int_equal(store_uuid(s).len, 36);
	memcpy(uuid, store_uuid(s).at, 37);
	assert_true(store_counters(s, &changed, &counted, &f));
	assert_int_equal(changed, 0);
	assert_int_equal(counted, 0);
	store_close(s);
	s = open_new();
	assert_string_equal(store_uuid(s).at, uuid);
	store_close(s);
}

static void a_missing_store_is_gone(void **state)
{
	struct store *s = NULL;
	struct fault f = { 0 };

	(void)state;
	assert_false(store_open(&s, path, STORE_READ, &f));
	assert_int_equal(f.kind, FAULT_GONE);
	assert_false(store_open(&s, path, STORE_WRITE, &f));
	assert_int_equal(f.kind, FAULT_GONE);
}

static struct intake *open_intake(struct store *s)
{
	struct intake_options o = { .space = SLICE("example.com"),
		                    .channel = SLICE("dump"),
		                    .source = SLICE("one") };
	struct intake *in = NULL;
	struct fault f;

	if (!intake_open(&in, s, &o, &f))
		fail_msg("%s", f.text);
	return in;
}

static void what_goes_in_comes_out(void **state)
{
	struct store *s = open_new();
	struct intake *in = open_intake(s);
	const struct slice tags[] = { SLICE("docker"), SLICE("nginx") };
	struct record q = { .kind = RECORD_QUESTION,
		            .id = SLICE("7"),
		            .title = SLICE("Why"),
		            .link = SLICE("https://example.com/q/7"),
		            .content = SLICE("Because `x`"),
		            .original = SLICE("<p>Because</p>"),
		            .original_type = SLICE("text/html"),
		            .tags = tags,
		            .tag_count = 2,
		            .accepted = SLICE("9"),
		            .author_id = SLICE("3"),
		            .score = 5,
		            .views = 10,
		            .created = 1400000000000,
		            .modified = 1400000000000,
		            .closed = CLOCK_NONE,
		            .revision = 1400000000000 };
	struct record a = { .kind = RECORD_ANSWER,
		            .id = SLICE("9"),
		            .parent = SLICE("7"),
		            .content = SLICE("So"),
		            .created = 1400000000001,
		            .modified = CLOCK_NONE,
		            .closed = CLOCK_NONE,
		            .revision = 1400000000001 };
	struct intake_report report;
	struct arena arena = ARENA_INIT;
	struct post_row p;
	struct fault f;
	int64_t id;

	(void)state;
	assert_true(intake_record(in, &a, &f));
	assert_true(intake_record(in, &q, &f));
	assert_true(intake_author(in, SLICE("3"), SLICE("Ann"), SLICE(""), &f));
	if (!intake_finish(in, &report, &f))
		fail_msg("%s", f.text);
	intake_close(in);
	assert_int_equal(report.added, 2);
	assert_int_equal(report.waiting, 0);
	assert_true(post_find(s, &reader_public, SLICE("example.com"),
	                      SLICE("7"), &id, &f));
	if (!post_load(s, &reader_public, id, &arena, &p, &f))
		fail_msg("%s", f.text);
	assert_string_equal(p.content.at, "Because `x`");
	assert_string_equal(p.author.at, "Ann");
	assert_string_equal(p.author_link.at, "https://example.com/users/3");
	assert_string_equal(p.licence.at, "CC-BY-SA-3.0");
	assert_int_equal(p.tag_count, 2);
	assert_int_equal(p.answer_count, 1);
	assert_true(p.answers[0].accepted);
	assert_string_equal(p.answers[0].author.at, "deleted user");
	arena_release(&arena);
	store_close(s);
}

/* Two questions, the first with an answer; all by "one". */
static void fill(struct store *s)
{
	struct intake *in = open_intake(s);
	struct record r = { .kind = RECORD_QUESTION,
		            .link = SLICE("https://example.com/q"),
		            .title = SLICE("First"),
		            .content = SLICE("a text to remember"),
		            .original = SLICE("<p>a text to remember</p>"),
		            .accepted = SLICE("3"),
		            .author_id = SLICE("7"),
		            .score = 11,
		            .created = 1500000000000,
		            .modified = 1500000000000,
		            .closed = CLOCK_NONE,
		            .revision = 1500000000000 };
	struct intake_comment c = { .id = SLICE("1"),
		                    .parent = SLICE("1"),
		                    .content = SLICE("a remark"),
		                    .author_id = SLICE("8"),
		                    .created = 1500000000000 };
	struct intake_report report;
	struct fault f;

	r.id = SLICE("1");
	assert_true(intake_record(in, &r, &f));
	r.id = SLICE("10");
	r.accepted = SLICE("");
	r.content = r.original = SLICE("another text");
	assert_true(intake_record(in, &r, &f));
	r.id = SLICE("2");
	assert_true(intake_record(in, &r, &f));
	r = (struct record){ .kind = RECORD_ANSWER,
		             .id = SLICE("3"),
		             .parent = SLICE("1"),
		             .content = SLICE("an answer"),
		             .original = SLICE("<p>an answer</p>"),
		             .author_id = SLICE("9"),
		             .score = 4,
		             .created = 1500000000001,
		             .modified = CLOCK_NONE,
		             .closed = CLOCK_NONE,
		             .revision = 1500000000001 };
	assert_true(intake_record(in, &r, &f));
	assert_true(intake_comment(in, &c, &f));
	assert_true(intake_author(in, SLICE("7"), SLICE("Ann"), SLICE(""), &f));
	assert_true(intake_author(in, SLICE("9"), SLICE("Bob"), SLICE(""), &f));
	if (!intake_finish(in, &report, &f))
		fail_msg("%s", f.text);
	intake_close(in);
}

static int64_t number(struct store *s, const char *sql)
{
	struct fault f;
	int64_t n;

	if (!rows_number(store_rows(s), &n, -1, &f, sql, ""))
		fail_msg("%s", f.text);
	return n;
}

static void script(struct store *s, const char *sql)
{
	struct fault f;

	if (!rows_script(store_rows(s), sql, &f))
		fail_msg("%s", f.text);
}

static void a_query_for_the_plain_two_tables_runs_unchanged(void **state)
{
	struct store *s = open_new();

	(void)state;
	fill(s);
	assert_int_equal(number(s,
	                        "SELECT count(*) FROM (SELECT p.Title, "
	                        "a.AnswerContent FROM Posts p JOIN Answers a "
	                        "ON a.PostID = p.PostID WHERE p.VoteCount > 10 "
	                        "ORDER BY a.VoteCount DESC)"),
	                 1);
	assert_int_equal(
	        number(s, "SELECT count(*) FROM (SELECT PostID, PostLink, "
	                  "Title, PostContent, PostTime, ModifyTime, "
	                  "ViewCount, VoteCount FROM Posts)"),
	        3);
	/* In this order, before anything of ours. */
	assert_int_equal(
	        number(s, "SELECT group_concat(name) = 'PostID,PostLink,Title,"
	                  "PostContent,PostTime,ModifyTime,ViewCount,"
	                  "VoteCount' FROM (SELECT name FROM "
	                  "pragma_table_info('Posts') ORDER BY cid LIMIT 8)"),
	        1);
	assert_int_equal(
	        number(s, "SELECT group_concat(name) = 'AnswerID,PostID,"
	                  "AnswerContent,VoteCount' FROM (SELECT name FROM "
	                  "pragma_table_info('Answers') ORDER BY cid LIMIT 4)"),
	        1);
	assert_int_equal(number(s, "SELECT PostTime = "
	                           "'2017-07-14 02:40:00.000' FROM Posts"),
	                 1);
	store_close(s);
}

static void expect_refused(unsigned flags, enum fault_kind kind,
                           const char *code)
{
	struct store *s = NULL;
	struct fault f = { 0 };

	assert_false(store_open(&s, path, flags, &f));
	assert_int_equal(f.kind, kind);
	assert_string_equal(f.code, code);
	assert_string_equal(f.subject, path);
}

static void write_file(const char *name, const char *bytes, size_t len)
{
	FILE *file = fopen(name, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

static void a_text_file_is_refused(void **state)
{
	char text[4096];

	(void)state;
	memset(text, 'x', sizeof(text));
	write_file(path, text, sizeof(text));
	expect_refused(STORE_READ, FAULT_INPUT, "store-foreign");
	expect_refused(STORE_CREATE, FAULT_INPUT, "store-foreign");
}

static void the_database_of_another_program_is_refused(void **state)
{
	sqlite3 *db;

	(void)state;
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	sqlite3_exec(db, "CREATE TABLE Posts (a); PRAGMA user_version = 1",
	             NULL, NULL, NULL);
	sqlite3_close(db);
	expect_refused(STORE_READ, FAULT_INPUT, "store-foreign");
	expect_refused(STORE_CREATE, FAULT_INPUT, "store-foreign");
	/* Nor is it touched. */
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(
	        sqlite3_exec(db, "SELECT a FROM Posts", NULL, NULL, NULL),
	        SQLITE_OK);
	sqlite3_close(db);
}

static void an_empty_file_becomes_a_store_only_when_asked(void **state)
{
	struct store *s;

	(void)state;
	write_file(path, "", 0);
	expect_refused(STORE_READ, FAULT_INPUT, "store-foreign");
	expect_refused(STORE_WRITE, FAULT_INPUT, "store-foreign");
	s = open_new();
	store_close(s);
}

static void a_store_from_the_future_is_refused(void **state)
{
	struct store *s = open_new();

	(void)state;
	script(s, "PRAGMA user_version = 999");
	store_close(s);
	expect_refused(STORE_READ, FAULT_INPUT, "store-future");
	expect_refused(STORE_CREATE, FAULT_INPUT, "store-future");
}

/* Tests may run as root, whom permissions do not stop. */
static void become(uid_t user)
{
	if (getuid() == 0)
		assert_int_equal(seteuid(user), 0);
}

static void a_read_only_folder_is_said(void **state)
{
	(void)state;
	assert_int_equal(chmod(folder, 0555), 0);
	become(65534);
	expect_refused(STORE_CREATE, FAULT_DENIED, "store-denied");
	become(0);
}

/* Whether whom root becomes gets to the folder: not in root's own home. */
static bool is_reachable(void)
{
	int fd;

	become(65534);
	fd = open(folder, O_RDONLY | O_CLOEXEC);
	become(0);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static void a_read_only_store_can_be_read(void **state)
{
	struct store *s;
	struct fault f;
	int64_t id;

	(void)state;
	assert_int_equal(chmod(folder, 0755), 0);
	if (!is_reachable())
		skip();
	s = open_new();
	fill(s);
	store_close(s);
	assert_int_equal(chmod(path, 0444), 0);
	assert_int_equal(chmod(folder, 0555), 0);
	become(65534);
	if (!store_open(&s, path, STORE_READ, &f)) {
		become(0);
		fail_msg("%s", f.text);
	}
	assert_true(post_find(s, &reader_all, SLICE("example.com"), SLICE("1"),
	                      &id, &f));
	store_close(s);
	expect_refused(STORE_WRITE, FAULT_DENIED, "store-denied");
	become(0);
}

static void a_reading_store_never_writes(void **state)
{
	struct store *s = open_new();
	struct fault f;

	(void)state;
	store_close(s);
	assert_true(store_open(&s, path, STORE_READ, &f));
	assert_false(rows_script(store_rows(s), "DELETE FROM Meta", &f));
	store_close(s);
}

static void the_settings_that_keep_promises_are_on(void **state)
{
	struct store *s = open_new();

	(void)state;
	assert_int_equal(number(s, "PRAGMA synchronous"), 2);
	assert_int_equal(number(s, "PRAGMA foreign_keys"), 1);
	assert_int_equal(number(s, "SELECT journal_mode = 'wal' FROM "
	                           "pragma_journal_mode"),
	                 1);
	store_close(s);
}

/* What store_check() said: codes and subjects, one after the other. */
static char said[1024];

static void hear(void *self, const struct fault *finding)
{
	size_t used = strlen(said);

	(void)self;
	snprintf(said + used, sizeof(said) - used, "%s %s;", finding->code,
	         finding->subject);
}

static const char *check(struct store *s)
{
	struct fault f;
	int64_t rows;

	said[0] = '\0';
	if (!store_check(s, hear, NULL, &rows, &f))
		fail_msg("%s", f.text);
	return said;
}

static void a_changed_byte_anywhere_in_a_row_is_found(void **state)
{
	static const struct {
		const char *sql, *finding;
	} cases[] = {
		{ "UPDATE Posts SET PostContent = replace(PostContent, 't', "
		  "'u') WHERE PostID = 1",
		  "row-damaged PostID 1;" },
		{ "UPDATE Posts SET Title = 'Girst' WHERE PostID = 2",
		  "row-damaged PostID 2;" },
		{ "UPDATE Posts SET VoteCount = 12 WHERE PostID = 1",
		  "row-damaged PostID 1;" },
		{ "UPDATE Posts SET Access = 'publid' WHERE PostID = 1",
		  "row-damaged PostID 1;" },
		{ "UPDATE Posts SET PostTime = '2017-07-14 02:40:00.001' "
		  "WHERE PostID = 1",
		  "row-damaged PostID 1;" },
		{ "UPDATE Posts SET Kind = 'questioo' WHERE PostID = 1",
		  "row-damaged PostID 1;" },
		{ "UPDATE Answers SET AnswerContent = 'bn answer'",
		  "row-damaged AnswerID 1;" },
		{ "UPDATE Answers SET PostID = 2", "row-damaged AnswerID 1;" },
		{ "UPDATE Authors SET Name = 'Amn' WHERE NativeID = '7'",
		  "row-damaged AuthorID 1;" },
		{ "UPDATE Comments SET Content = 'b remark'",
		  "row-damaged CommentID 1;" },
		{ "UPDATE Originals SET Body = zeroblob(20) WHERE OriginalID "
		  "= 4",
		  "original-damaged OriginalID 4;" },
		{ "DELETE FROM Originals WHERE OriginalID = 5",
		  "original-damaged OriginalID 5;" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct store *s = open_new();

		fill(s);
		assert_string_equal(check(s), "");
		script(s, cases[i].sql);
		assert_string_equal(check(s), cases[i].finding);
		store_close(s);
		unlink(path);
	}
}

static void tables_that_disagree_are_found(void **state)
{
	struct store *s = open_new();

	(void)state;
	fill(s);
	script(s, "PRAGMA foreign_keys = OFF; DELETE FROM Authors "
	          "WHERE NativeID = '9'");
	assert_non_null(strstr(check(s), "store-reference"));
	script(s, "UPDATE Meta SET Value = 1 WHERE Name = 'changed'");
	assert_non_null(strstr(check(s), "store-disagrees"));
	store_close(s);
}

static void a_backup_is_a_whole_store_with_its_own_name(void **state)
{
	struct store *s = open_new(), *b;
	char to[160], uuid[40];
	struct fault f;

	(void)state;
	snprintf(to, sizeof(to), "%s/b.db", folder);
	fill(s);
	memcpy(uuid, store_uuid(s).at, 37);
	if (!store_backup(s, to, &f))
		fail_msg("%s", f.text);
	assert_false(store_backup(s, to, &f));
	assert_string_equal(f.code, "backup-exists");
	store_close(s);
	assert_true(store_open(&b, to, STORE_WRITE, &f));
	assert_int_equal(store_uuid(b).len, 36);
	assert_string_not_equal(store_uuid(b).at, uuid);
	assert_int_equal(number(b, "SELECT count(*) FROM Posts"), 3);
	assert_string_equal(check(b), "");
	store_close(b);
}

static void a_backup_waits_for_no_writer(void **state)
{
	struct store *s = open_new(), *other;
	struct fault f;
	char to[160];

	(void)state;
	snprintf(to, sizeof(to), "%s/b.db", folder);
	fill(s);
	assert_true(store_open(&other, path, STORE_WRITE, &f));
	assert_true(rows_begin(store_rows(other), &f));
	script(other, "DELETE FROM Links");
	assert_true(store_backup(s, to, &f));
	rows_rollback(store_rows(other));
	store_close(other);
	store_close(s);
}

/* Whether the bytes stand anywhere in the files of the store. */
static bool in_files(const char *bytes)
{
	static const char *const ends[] = { "", "-wal" };
	bool found = false;
	size_t i, j;

	for (i = 0; i < 2; i++) {
		char name[160], *at;
		size_t len;
		struct fault f;

		snprintf(name, sizeof(name), "%s%s", path, ends[i]);
		if (!file_read(name, 1 << 24, &at, &len, &f))
			continue;
		for (j = 0; j + strlen(bytes) <= len; j++)
			found = found || !memcmp(at + j, bytes, strlen(bytes));
		free(at);
	}
	return found;
}

static void what_is_forgotten_is_gone_and_stays_out(void **state)
{
	struct store *s = open_new();
	int64_t ids[8], after, counted;
	size_t count;
	struct fault f = { 0 };

	(void)state;
	fill(s);
	assert_true(in_files("a text to remember"));
	assert_true(store_counters(s, &after, &counted, &f));
	assert_false(store_forget(s, SLICE("example.com/77"), 0, &f));
	assert_int_equal(f.kind, FAULT_GONE);
	if (!store_forget(s, SLICE("example.com/1"), 1600000000000, &f))
		fail_msg("%s", f.text);
	assert_int_equal(number(s, "SELECT count(*) FROM Posts"), 2);
	assert_int_equal(number(s, "SELECT count(*) FROM Answers"), 0);
	assert_int_equal(number(s, "SELECT count(*) FROM Comments"), 0);
	assert_int_equal(number(s, "SELECT count(*) FROM Authors"), 1);
	assert_int_equal(number(s, "SELECT count(*) FROM Originals "
	                           "WHERE OriginalID IN (4, 5)"),
	                 0);
	assert_int_equal(number(s, "SELECT count(*) FROM Audit WHERE Time = "
	                           "'2020-09-13 12:26:40.000' AND Subject = "
	                           "'example.com/1'"),
	                 1);
	assert_false(in_files("a text to remember"));
	/* The indexer hears of it. */
	assert_true(posts_changed(s, after, INT64_MAX, 0, ids, 8, &count, &f));
	assert_int_equal(count, 1);
	assert_int_equal(ids[0], 1);
	fill(s);
	assert_int_equal(number(s, "SELECT count(*) FROM Posts "
	                           "WHERE NativeID = '1'"),
	                 0);
	assert_int_equal(number(s, "SELECT count(*) FROM Answers"), 0);
	assert_int_equal(number(s, "SELECT count(*) FROM StagedAnswers"), 0);
	assert_int_equal(number(s, "SELECT count(*) FROM Comments"), 0);
	store_close(s);
}

static void one_answer_can_be_forgotten(void **state)
{
	struct store *s = open_new();
	struct arena a = ARENA_INIT;
	struct post_row p;
	struct fault f;

	(void)state;
	fill(s);
	assert_true(store_forget(s, SLICE("example.com/1#a-3"), 0, &f));
	assert_true(post_load(s, &reader_all, 1, &a, &p, &f));
	assert_int_equal(p.answer_count, 0);
	fill(s);
	assert_int_equal(number(s, "SELECT count(*) FROM Answers"), 0);
	arena_release(&a);
	store_close(s);
}

struct seen {
	char order[256];
	int count;
};

static bool note(void *self, const struct post_row *p, struct fault *f)
{
	struct seen *seen = self;
	size_t used = strlen(seen->order);

	(void)f;
	if (used + 40 < sizeof(seen->order))
		snprintf(seen->order + used, sizeof(seen->order) - used,
		         "%.*s ", SLICE_ARG(p->native));
	seen->count++;
	return true;
}

static void posts_come_in_the_order_of_their_ids(void **state)
{
	static const char *const ids[] = { "b",   "10", "9",   "a/1",
		                           "100", "0x", "007", "2" };
	struct store *s = open_new();
	struct intake *in = open_intake(s);
	struct seen seen = { 0 };
	struct arena a = ARENA_INIT;
	struct intake_report report;
	struct post_filter filter = { 0 };
	struct record r = { .kind = RECORD_DOCUMENT,
		            .created = CLOCK_NONE,
		            .modified = CLOCK_NONE,
		            .closed = CLOCK_NONE };
	struct fault f;
	char id[32];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		r.id = slice_of(ids[i]);
		assert_true(intake_record(in, &r, &f));
	}
	assert_true(posts_each(s, &reader_all, &filter, &a, note, &seen, &f));
	assert_string_equal(seen.order, "2 9 10 100 007 0x a/1 b ");
	/* More than a few batches. */
	for (i = 1000; i < 1300; i++) {
		snprintf(id, sizeof(id), "%zu", i);
		r.id = slice_of(id);
		assert_true(intake_record(in, &r, &f));
	}
	seen = (struct seen){ 0 };
	assert_true(posts_each(s, &reader_all, NULL, &a, note, &seen, &f));
	assert_int_equal(seen.count, 308);
	filter.space = SLICE("other.example");
	seen = (struct seen){ 0 };
	assert_true(posts_each(s, &reader_all, &filter, &a, note, &seen, &f));
	assert_int_equal(seen.count, 0);
	filter = (struct post_filter){ .kind = SLICE("question") };
	assert_true(posts_each(s, &reader_all, &filter, &a, note, &seen, &f));
	assert_int_equal(seen.count, 0);
	assert_true(posts_each(s, NULL, NULL, &a, note, &seen, &f));
	assert_int_equal(seen.count, 0);
	assert_true(intake_finish(in, &report, &f));
	intake_close(in);
	arena_release(&a);
	store_close(s);
}

/* That of those ids the batch has the posts that post_load() gives. */
static void expect_batch(struct store *s, const int64_t *ids, size_t count)
{
	struct post_row posts[32], p;
	struct posts_batch batch = { .posts = posts };
	struct arena a = ARENA_INIT;
	struct fault f;
	size_t i, k, at = 0;

	assert_true(count <= 32);
	assert_true(posts_load(s, ids, count, SIZE_MAX, &a, &batch, &f));
	assert_int_equal(batch.taken, count);
	for (i = 0; i < count; i++) {
		if (!post_load(s, &reader_all, ids[i], &a, &p, &f))
			continue;
		assert_true(at < batch.count);
		assert_int_equal(posts[at].id, p.id);
		assert_true(slice_eq(posts[at].title, p.title));
		assert_true(slice_eq(posts[at].content, p.content));
		assert_true(slice_eq(posts[at].space, p.space));
		assert_int_equal(posts[at].tag_count, p.tag_count);
		assert_int_equal(posts[at].changed, p.changed);
		assert_int_equal(posts[at].answer_count, p.answer_count);
		for (k = 0; k < p.answer_count; k++) {
			assert_int_equal(posts[at].answers[k].id,
			                 p.answers[k].id);
			assert_true(slice_eq(posts[at].answers[k].content,
			                     p.answers[k].content));
		}
		at++;
	}
	assert_int_equal(batch.count, at);
	arena_release(&a);
}

static void posts_are_loaded_in_batches(void **state)
{
	static const int64_t near[] = { 1, 2, 3, 4, 7, 9 };
	static const int64_t far[] = { 1, 3, 900, 100000 };
	struct store *s = open_new();
	struct post_row posts[6];
	struct posts_batch batch = { .posts = posts };
	struct arena a = ARENA_INIT;
	struct fault f;

	(void)state;
	fill(s);
	expect_batch(s, near, 6);
	expect_batch(s, near + 1, 2);
	expect_batch(s, far, 4);
	expect_batch(s, far + 2, 2);
	assert_true(posts_load(s, near, 6, 1, &a, &batch, &f));
	assert_int_equal(batch.count, 1);
	assert_int_equal(batch.taken, 1);
	assert_true(posts_load(s, far, 4, 1, &a, &batch, &f));
	assert_int_equal(batch.taken, 1);
	assert_true(posts_load(s, near, 0, 1, &a, &batch, &f));
	assert_int_equal(batch.count + batch.taken, 0);
	arena_release(&a);
	store_close(s);
}

static void a_label_hides_posts_from_reading_and_counting(void **state)
{
	struct store *s = open_new();
	struct intake_options o = { .space = SLICE("inside"),
		                    .channel = SLICE("import"),
		                    .access = SLICE("staff"),
		                    .source = SLICE("x") };
	struct record r = { .kind = RECORD_DOCUMENT,
		            .id = SLICE("d"),
		            .created = CLOCK_NONE,
		            .modified = CLOCK_NONE,
		            .closed = CLOCK_NONE };
	struct arena a = ARENA_INIT;
	struct store_count *counts;
	struct seen seen = { 0 };
	struct post_row p;
	struct intake *in;
	struct fault f;
	size_t count;
	int64_t id;

	(void)state;
	fill(s);
	assert_true(intake_open(&in, s, &o, &f));
	assert_true(intake_record(in, &r, &f));
	intake_close(in);
	assert_true(post_find(s, &reader_all, SLICE("inside"), SLICE("d"), &id,
	                      &f));
	assert_false(post_find(s, &reader_public, SLICE("inside"), SLICE("d"),
	                       &id, &f));
	assert_int_equal(f.kind, FAULT_GONE);
	assert_false(post_load(s, &reader_public, id, &a, &p, &f));
	assert_int_equal(f.kind, FAULT_GONE);
	assert_true(posts_each(s, &reader_public, NULL, &a, note, &seen, &f));
	assert_int_equal(seen.count, 3);
	assert_true(posts_count(s, &reader_public, &a, &counts, &count, &f));
	assert_int_equal(count, 1);
	assert_int_equal(counts[0].posts, 3);
	assert_int_equal(counts[0].answers, 1);
	assert_int_equal(counts[0].accepted, 1);
	assert_int_equal(counts[0].oldest, 1500000000000);
	assert_int_equal(counts[0].as_of, 1500000000001);
	assert_true(posts_count(s, &reader_all, &a, &counts, &count, &f));
	assert_int_equal(count, 2);
	arena_release(&a);
	store_close(s);
}

static void the_indexer_sees_what_changed_since(void **state)
{
	struct store *s = open_new();
	int64_t ids[8];
	size_t count;
	struct fault f;

	(void)state;
	fill(s);
	/* Posts 1 to 3 have the numbers 1 to 3, the answer of post 1 has 4. */
	assert_true(posts_changed(s, 0, 4, 0, ids, 8, &count, &f));
	assert_int_equal(count, 3);
	assert_true(posts_changed(s, 3, 4, 0, ids, 8, &count, &f));
	assert_int_equal(count, 1);
	assert_int_equal(ids[0], 1);
	assert_true(posts_changed(s, 0, 4, 0, ids, 2, &count, &f));
	assert_int_equal(count, 2);
	assert_true(posts_changed(s, 0, 4, 2, ids, 2, &count, &f));
	assert_int_equal(count, 1);
	assert_int_equal(ids[0], 3);
	assert_true(posts_changed(s, 0, 2, 0, ids, 8, &count, &f));
	assert_int_equal(count, 2);
	assert_true(posts_changed(s, 4, 9, 0, ids, 8, &count, &f));
	assert_int_equal(count, 0);
	store_close(s);
}

static void check_and_backup_stop_when_asked(void **state)
{
	struct store *s = open_new();
	char copy[128];
	struct fault f;
	int64_t rows;

	(void)state;
	snprintf(copy, sizeof(copy), "%s/b.db", folder);
	cancel_setup();
	raise(SIGINT);
	assert_false(store_check(s, hear, NULL, &rows, &f));
	assert_int_equal(f.kind, FAULT_CANCELLED);
	assert_false(store_backup(s, copy, &f));
	assert_int_equal(f.kind, FAULT_CANCELLED);
	assert_int_equal(access(copy, F_OK), -1);
	cancel_setup();
	assert_true(store_check(s, hear, NULL, &rows, &f));
	assert_true(store_backup(s, copy, &f));
	store_close(s);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_new_store_has_a_uuid_and_counters_at_zero),
		TEST(a_missing_store_is_gone),
		TEST(what_goes_in_comes_out),
		TEST(a_query_for_the_plain_two_tables_runs_unchanged),
		TEST(a_text_file_is_refused),
		TEST(the_database_of_another_program_is_refused),
		TEST(an_empty_file_becomes_a_store_only_when_asked),
		TEST(a_store_from_the_future_is_refused),
		TEST(a_read_only_folder_is_said),
		TEST(a_read_only_store_can_be_read),
		TEST(a_reading_store_never_writes),
		TEST(the_settings_that_keep_promises_are_on),
		TEST(a_changed_byte_anywhere_in_a_row_is_found),
		TEST(tables_that_disagree_are_found),
		TEST(a_backup_is_a_whole_store_with_its_own_name),
		TEST(check_and_backup_stop_when_asked),
		TEST(a_backup_waits_for_no_writer),
		TEST(what_is_forgotten_is_gone_and_stays_out),
		TEST(one_answer_can_be_forgotten),
		TEST(posts_come_in_the_order_of_their_ids),
		TEST(posts_are_loaded_in_batches),
		TEST(a_label_hides_posts_from_reading_and_counting),
		TEST(the_indexer_sees_what_changed_since),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
