/* file.h: files are there whole or not at all. */

#include "base/file.h"

#define COUNT(list) (sizeof(list) / sizeof(*(list)))

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "test_file.XXXXXX";

static int enter(void **state)
{
	(void)state;
	return !mkdtemp(folder) || chdir(folder);
}

static int leave(void **state)
{
	(void)state;
	return chdir("..") || rmdir(folder);
}

/* How many entries the folder has, "." and ".." apart. */
static int entries(const char *path)
{
	DIR *d = opendir(path);
	int n = -2;

	assert_non_null(d);
	while (readdir(d))
		n++;
	closedir(d);
	return n;
}

static void expect_file(const char *path, const char *text)
{
	struct fault f;
	char *at;
	size_t len;

	assert_true(file_read(path, 1 << 20, &at, &len, &f));
	assert_int_equal(len, strlen(text));
	assert_string_equal(at, text);
	free(at);
}

static void put(const char *path, const char *text)
{
	struct file_new n;
	struct fault f;

	assert_true(file_start(&n, path, &f));
	file_add(&n, slice_of(text));
	assert_true(file_publish(&n, &f));
}

static void a_file_is_seen_once_published(void **state)
{
	struct file_new n;
	struct fault f;

	(void)state;
	put("a", "old");
	assert_true(file_start(&n, "a", &f));
	file_add(&n, SLICE("new"));
	file_add(&n, SLICE(""));
	file_add(&n, SLICE("er"));
	assert_int_equal(n.len, 5);
	expect_file("a", "old");
	assert_int_equal(entries("."), 2);
	assert_true(file_publish(&n, &f));
	expect_file("a", "newer");
	assert_int_equal(entries("."), 1);
	file_drop(&n);
	expect_file("a", "newer");
	unlink("a");
}

static void a_dropped_file_leaves_nothing(void **state)
{
	struct file_new n = { 0 };
	struct fault f;

	(void)state;
	file_drop(&n);
	assert_true(file_start(&n, "a", &f));
	file_add(&n, SLICE("x"));
	file_drop(&n);
	file_drop(&n);
	assert_int_equal(entries("."), 0);
}

static void large_pieces_go_through(void **state)
{
	size_t sizes[] = { 1, 65535, 65536, 1, 65537, 200000, 3 }, i, total = 0;
	char *text = malloc(200000), *at;
	struct file_new n;
	struct fault f;
	size_t len;

	(void)state;
	memset(text, 'x', 200000);
	assert_true(file_start(&n, "a", &f));
	for (i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		text[0] = (char)('0' + i);
		file_add(&n, (struct slice){ text, sizes[i] });
		total += sizes[i];
	}
	assert_true(file_place(&n, &f));
	assert_true(file_read("a", total, &at, &len, &f));
	assert_int_equal(len, total);
	for (i = 0, total = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		assert_int_equal(at[total], '0' + i);
		total += sizes[i];
	}
	free(at);
	free(text);
	unlink("a");
}

static void faults_are_told_apart(void **state)
{
	struct file_new n;
	struct file_map m;
	struct fault f;
	size_t len;
	char *at;

	(void)state;
	assert_false(file_start(&n, "absent/a", &f));
	assert_int_equal(f.kind, FAULT_GONE);
	assert_string_equal(f.subject, "absent/a");
	file_drop(&n);
	assert_false(file_read("absent", 10, &at, &len, &f));
	assert_int_equal(f.kind, FAULT_GONE);
	assert_string_equal(f.text,
	                    "cannot open 'absent': No such file or directory");
	assert_false(file_read(".", 10, &at, &len, &f));
	assert_int_equal(f.kind, FAULT_SYSTEM);
	assert_false(file_map_open(&m, "absent", &f));
	assert_int_equal(f.kind, FAULT_GONE);
	assert_false(file_map_open(&m, ".", &f));
	file_map_close(&m);
	put("a", "12345");
	assert_true(file_read("a", 5, &at, &len, &f));
	free(at);
	assert_false(file_read("a", 4, &at, &len, &f));
	assert_int_equal(f.kind, FAULT_LIMIT);
	assert_false(folder_make("a/b", &f));
	assert_int_equal(f.kind, FAULT_GONE); /* "a" is no folder */
	assert_false(folder_sync("absent", &f));
	unlink("a");
}

static void a_write_that_fails_is_told_at_the_end(void **state)
{
	struct file_new n;
	struct fault f;
	int full;

	(void)state;
	assert_true(file_start(&n, "a", &f));
	full = open("/dev/full", O_WRONLY);
	assert_true(full >= 0 && dup2(full, n.fd) == n.fd);
	close(full);
	file_add(&n, SLICE("x"));
	assert_false(file_publish(&n, &f));
	assert_string_equal(f.code, "disk-full");
	assert_string_equal(f.subject, "a");
	assert_int_equal(entries("."), 0);
}

static void folders_are_made_all_the_way(void **state)
{
	struct fault f;
	struct stat st;

	(void)state;
	assert_true(folder_make("x/y//z/", &f));
	assert_true(folder_make("x/y/z", &f));
	assert_true(folder_make("/", &f));
	assert_true(!stat("x/y/z", &st) && S_ISDIR(st.st_mode));
	assert_true(!rmdir("x/y/z") && !rmdir("x/y") && !rmdir("x"));
}

static void maps_show_the_file(void **state)
{
	struct file_map m;
	struct fault f;

	(void)state;
	put("a", "content");
	assert_true(file_map_open(&m, "a", &f));
	assert_int_equal(m.len, 7);
	assert_memory_equal(m.at, "content", 7);
	put("a", "");
	assert_memory_equal(m.at, "content", 7); /* the old one lives on */
	file_map_close(&m);
	file_map_close(&m);
	assert_true(file_map_open(&m, "a", &f));
	assert_int_equal(m.len, 0);
	file_map_close(&m);
	unlink("a");
}

static void only_temporary_files_are_swept(void **state)
{
	static const char *const kept[] = { ".tmp-",    ".tmp-x", ".tmp-12",
		                            ".tmp--a",  "a",      "tmp-12-a",
		                            ".tmp-1x-a" };
	static const char *const mine[] = { ".tmp-12-a", ".tmp-99999999-a",
		                            ".tmp-7-a-wal" };
	static const char *const other[] = { ".tmp-12-b", ".tmp-12-" };
	struct fault f;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(kept); i++)
		put(kept[i], "");
	for (i = 0; i < COUNT(mine); i++)
		put(mine[i], "");
	for (i = 0; i < COUNT(other); i++)
		put(other[i], "");
	assert_true(folder_sweep(".", "a", &f));
	for (i = 0; i < COUNT(mine); i++)
		assert_int_equal(access(mine[i], F_OK), -1);
	for (i = 0; i < COUNT(other); i++)
		assert_int_equal(access(other[i], F_OK), 0);
	assert_true(folder_sweep(".", "", &f));
	for (i = 0; i < COUNT(other); i++)
		assert_int_equal(access(other[i], F_OK), -1);
	for (i = 0; i < COUNT(kept); i++)
		assert_int_equal(unlink(kept[i]), 0);
	assert_true(folder_sweep("absent", "", &f));
	put("a", "");
	assert_false(folder_sweep("a", "", &f));
	unlink("a");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_is_seen_once_published),
		cmocka_unit_test(a_dropped_file_leaves_nothing),
		cmocka_unit_test(large_pieces_go_through),
		cmocka_unit_test(faults_are_told_apart),
		cmocka_unit_test(a_write_that_fails_is_told_at_the_end),
		cmocka_unit_test(folders_are_made_all_the_way),
		cmocka_unit_test(maps_show_the_file),
		cmocka_unit_test(only_temporary_files_are_swept),
	};

	return cmocka_run_group_tests(tests, enter, leave);
}
