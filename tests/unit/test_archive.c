/* archive.h: members come in order, whole, and no cut archive passes. */

#include "base/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"

enum { LARGE = 300000 };

static const char path[] = "test_archive.bin";
static char *large;

static int setup(void **state)
{
	uint32_t seed = 1;
	size_t i;

	(void)state;
	large = malloc(LARGE);
	for (i = 0; i < LARGE; i++) {
		seed = seed * 1664525 + 1013904223;
		large[i] = (char)('a' + (seed >> 24) % 16);
	}
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	free(large);
	unlink(path);
	return 0;
}

static void member(struct archive *a, const char *name, unsigned type,
                   struct slice s)
{
	struct archive_entry *e = archive_entry_new();

	archive_entry_set_pathname(e, name);
	archive_entry_set_filetype(e, type);
	archive_entry_set_perm(e, 0644);
	archive_entry_set_size(e, (la_int64_t)s.len);
	assert_int_equal(archive_write_header(a, e), ARCHIVE_OK);
	if (s.len)
		archive_write_data(a, s.at, s.len);
	archive_entry_free(e);
}

static void make(bool zip)
{
	struct archive *a = archive_write_new();

	if (zip)
		archive_write_set_format_zip(a);
	else
		archive_write_set_format_7zip(a);
	assert_int_equal(archive_write_open_filename(a, path), ARCHIVE_OK);
	member(a, "Badges.xml", AE_IFREG, SLICE("<badges/>"));
	member(a, "folder", AE_IFDIR, SLICE(""));
	member(a, "folder/Empty.xml", AE_IFREG, SLICE(""));
	member(a, "Posts.xml", AE_IFREG, (struct slice){ large, LARGE });
	assert_int_equal(archive_write_close(a), ARCHIVE_OK);
	archive_write_free(a);
}

/* Reads all members as "name:length" words; false on a fault. */
static bool read_all(struct buf *out, struct fault *f)
{
	struct archive_reader *a;
	struct slice name, bytes;
	bool ok = false;

	if (!archive_open(&a, path, f))
		return false;
	while ((ok = archive_next(a, &name, f)) && name.len) {
		size_t len = 0;

		buf_addf(out, "%.*s:", SLICE_ARG(name));
		while ((ok = archive_bytes(a, &bytes, f)) && bytes.len) {
			if (len + bytes.len <= LARGE && len + bytes.len > 20)
				assert_memory_equal(bytes.at, large + len,
				                    bytes.len);
			len += bytes.len;
			assert_true(archive_at(a) > 0);
			assert_true(archive_at(a) <= archive_size(a));
		}
		if (!ok)
			break;
		buf_addf(out, "%zu ", len);
	}
	archive_close(a);
	return ok;
}

static void members_come_in_order(void **state)
{
	int zip;

	(void)state;
	for (zip = 0; zip < 2; zip++) {
		struct buf b = BUF_INIT(1000);
		struct fault f;

		make(zip);
		assert_true(read_all(&b, &f));
		assert_non_null(strstr(buf_string(&b), "Badges.xml:9 "));
		assert_non_null(strstr(buf_string(&b), "folder/Empty.xml:0 "));
		assert_non_null(strstr(buf_string(&b), "Posts.xml:300000 "));
		assert_null(strstr(buf_string(&b), "folder:"));
		buf_release(&b);
	}
}

static void members_can_be_skipped(void **state)
{
	struct archive_reader *a;
	struct slice name, bytes;
	struct fault f;
	int count = 0;

	(void)state;
	make(false);
	assert_true(archive_open(&a, path, &f));
	assert_true(archive_bytes(a, &bytes, &f) && !bytes.len);
	while (archive_next(a, &name, &f) && name.len)
		count++;
	assert_int_equal(count, 3);
	archive_close(a);
	archive_close(NULL);
}

static void rewrite(const char *at, size_t len)
{
	FILE *file = fopen(path, "wb");

	assert_int_equal(fwrite(at, 1, len, file), len);
	fclose(file);
}

static void cut_archives_are_faults(void **state)
{
	int zip;

	(void)state;
	for (zip = 0; zip < 2; zip++) {
		struct fault f;
		size_t len, cut;
		char *at;

		make(zip);
		assert_true(file_read(path, 1 << 24, &at, &len, &f));
		for (cut = 0; cut < len; cut += len / 50) {
			struct buf b = BUF_INIT(1000);

			rewrite(at, cut);
			/* A zip may lack no more than its directory. */
			if (zip && cut + 500 > len)
				break;
			assert_false(read_all(&b, &f));
			assert_int_equal(f.kind, FAULT_INPUT);
			assert_string_equal(f.subject, path);
			buf_release(&b);
		}
		free(at);
	}
}

static void damage_is_found(void **state)
{
	struct fault f;
	size_t len, i;
	char *at;

	(void)state;
	make(false);
	assert_true(file_read(path, 1 << 24, &at, &len, &f));
	for (i = 0; i < 40; i++) {
		struct buf b = BUF_INIT(1000);
		size_t place = 40 + i * (len - 200) / 40;

		at[place] = (char)(at[place] ^ 0x10);
		rewrite(at, len);
		assert_false(read_all(&b, &f));
		assert_int_equal(f.kind, FAULT_INPUT);
		assert_non_null(strstr(f.text, "is cut or damaged"));
		at[place] = (char)(at[place] ^ 0x10);
		buf_release(&b);
	}
	free(at);
}

static void other_files_are_no_archives(void **state)
{
	struct archive_reader *a;
	struct fault f;

	(void)state;
	assert_false(archive_open(&a, "absent.7z", &f));
	assert_int_equal(f.kind, FAULT_GONE);
	assert_false(archive_open(&a, ".", &f));
	assert_int_equal(f.kind, FAULT_INPUT);
	rewrite("", 0);
	assert_false(archive_open(&a, path, &f));
	assert_int_equal(f.kind, FAULT_INPUT);
	rewrite("<?xml version", 13);
	assert_false(archive_open(&a, path, &f));
	assert_string_equal(f.text, "'test_archive.bin' is not a 7z or zip "
	                            "archive");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_come_in_order),
		cmocka_unit_test(members_can_be_skipped),
		cmocka_unit_test(cut_archives_are_faults),
		cmocka_unit_test(damage_is_found),
		cmocka_unit_test(other_files_are_no_archives),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
