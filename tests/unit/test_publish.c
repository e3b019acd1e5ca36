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

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
	const struct CMUnitTest tests[] = {
		CASE(nothing_shows_before_the_commit),
		CASE(a_second_export_takes_the_place_of_the_first),
		CASE(a_dropped_export_leaves_the_old_one),
		CASE(a_folder_with_other_files_is_refused),
		CASE(what_a_killed_export_left_is_swept),
		CASE(what_a_living_export_writes_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
