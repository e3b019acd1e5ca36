/* A published folder is there whole or not at all. */

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "export/publish.h"

static char folder[256], inside[300];

static int setup(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "publish-%ld", (long)getpid());
	snprintf(inside, sizeof(inside), "%s/manifest.json", folder);
	return 0;
}

static int teardown(void **state)
{
	char other[300];

	(void)state;
	snprintf(other, sizeof(other), "%s/other.txt", folder);
	unlink(other);
	unlink(inside);
	rmdir(folder);
	return 0;
}

static void publish_one(const char *text)
{
	struct publish p;
	struct fault f;

	assert_true(publish_start(&p, folder, &f));
	assert_true(publish_text(&p, "manifest.json", slice_of(text), &f));
	assert_true(publish_commit(&p, &f));
}

static void assert_holds(const char *text)
{
	struct fault f;
	char *got;
	size_t len;

	assert_true(file_read(inside, 4096, &got, &len, &f));
	assert_string_equal(got, text);
	free(got);
}

static void nothing_shows_before_the_commit(void **state)
{
	struct publish p;
	struct fault f;

	(void)state;
	assert_true(publish_start(&p, folder, &f));
	assert_true(publish_text(&p, "manifest.json", SLICE("{}"), &f));
	assert_int_equal(access(folder, F_OK), -1);
	publish_drop(&p);
	assert_int_equal(access(folder, F_OK), -1);
}

static void a_second_export_takes_the_place_of_the_first(void **state)
{
	(void)state;
	publish_one("one");
	assert_holds("one");
	publish_one("two");
	assert_holds("two");
}

static void a_dropped_export_leaves_the_old_one(void **state)
{
	struct publish p;
	struct fault f;

	(void)state;
	publish_one("old");
	assert_true(publish_start(&p, folder, &f));
	assert_true(publish_text(&p, "manifest.json", SLICE("new"), &f));
	publish_drop(&p);
	assert_holds("old");
}

static void a_folder_with_other_files_is_refused(void **state)
{
	struct publish p;
	struct fault f;
	char other[300];
	int fd;

	(void)state;
	assert_int_equal(mkdir(folder, 0777), 0);
	snprintf(other, sizeof(other), "%s/other.txt", folder);
	fd = open(other, O_WRONLY | O_CREAT, 0666);
	assert_true(fd >= 0);
	close(fd);
	assert_false(publish_start(&p, folder, &f));
	assert_int_equal(f.kind, FAULT_DENIED);
	assert_int_equal(access(other, F_OK), 0);
}

static void what_a_killed_export_left_is_swept(void **state)
{
	char left[300];

	(void)state;
	/* No process has this number: it is over the kernel's ceiling. */
	snprintf(left, sizeof(left), "%s.tmp-99999999", folder);
	assert_int_equal(mkdir(left, 0777), 0);
	publish_one("fresh");
	assert_int_equal(access(left, F_OK), -1);
}

static void what_a_living_export_writes_stays(void **state)
{
	char other[300];
	int fd;

	(void)state;
	snprintf(other, sizeof(other), "%s.tmp-99999998", folder);
	assert_int_equal(mkdir(other, 0777), 0);
	fd = open(other, O_RDONLY | O_DIRECTORY);
	assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), 0);
	publish_one("fresh");
	assert_int_equal(access(other, F_OK), 0);
	close(fd);
	publish_one("fresh");
	assert_int_equal(access(other, F_OK), -1);
}

static bool is_there(const char *below)
{
	char path[320];

	snprintf(path, sizeof(path), "%s%s", folder, below);
	return !access(path, F_OK);
}

/* A folder of folders: made whole, or gone with all that is in it. */
static void a_fresh_folder_may_have_folders(void **state)
{
	struct publish p;
	struct fault f;
	char path[320];
	int round;

	(void)state;
	for (round = 0; round < 2; round++) {
		assert_true(publish_start_new(&p, folder, &f));
		assert_true(publish_folder(&p, "a", &f));
		assert_true(publish_folder(&p, "a/b", &f));
		assert_true(publish_text(&p, "a/b/c.txt", SLICE("c"), &f));
		assert_false(publish_folder(&p, "none/b", &f));
		snprintf(path, sizeof(path), "%s", p.temporary);
		if (round == 0)
			publish_drop(&p);
		else
			assert_true(publish_commit(&p, &f));
		assert_int_equal(access(path, F_OK), -1);
		assert_int_equal(is_there("/a/b/c.txt"), round);
	}
	assert_false(publish_start_new(&p, folder, &f));
	assert_string_equal(f.code, "export-exists");
	assert_true(is_there("/a/b/c.txt"));
	snprintf(path, sizeof(path), "%s/a/b/c.txt", folder);
	unlink(path);
	snprintf(path, sizeof(path), "%s/a/b", folder);
	rmdir(path);
	snprintf(path, sizeof(path), "%s/a", folder);
	rmdir(path);
}

/* Somebody makes a folder of that name while it is written. */
static void a_fresh_folder_replaces_nothing(void **state)
{
	struct publish p;
	struct fault f;

	(void)state;
	assert_true(publish_start_new(&p, folder, &f));
	assert_true(publish_text(&p, "x", SLICE("x"), &f));
	assert_int_equal(mkdir(folder, 0777), 0);
	assert_false(publish_commit(&p, &f));
	publish_drop(&p);
	assert_false(is_there("/x"));
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
	const struct CMUnitTest tests[] = {
		CASE(a_fresh_folder_may_have_folders),
		CASE(a_fresh_folder_replaces_nothing),
		CASE(nothing_shows_before_the_commit),
		CASE(a_second_export_takes_the_place_of_the_first),
		CASE(a_dropped_export_leaves_the_old_one),
		CASE(a_folder_with_other_files_is_refused),
		CASE(what_a_killed_export_left_is_swept),
		CASE(what_a_living_export_writes_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
