/* A store is made, opened, refused; what it promises about the file. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
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

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_new_store_has_a_uuid_and_counters_at_zero),
		TEST(a_missing_store_is_gone),
		TEST(what_goes_in_comes_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
