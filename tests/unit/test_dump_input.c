/* Where a dump's bytes come from, and what the path says about the site. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "crawler/dump_input.h"

#define DUMPS TEST_DATA "/dump/"

/* "PostLinks Posts ..." with the bytes of each. */
static void tables_of(const char *path, char *out, size_t size)
{
	static const char letters[] = "HLCPU";
	struct dump_input *in = NULL;
	struct fault f = { 0 };
	struct slice name, bytes;
	enum dump_table table;
	size_t n = 0;

	assert_true(dump_input_open(&in, path, &f));
	while (dump_input_next(in, &table, &name, &f) && name.len) {
		size_t sum = 0;

		while (dump_input_bytes(in, &bytes, &f) && bytes.len)
			sum += bytes.len;
		n += (size_t)snprintf(out + n, size - n, "%c%s", letters[table],
		                      sum ? "" : "!");
	}
	assert_int_equal(f.kind, FAULT_NONE);
	if (*path)
		assert_true(dump_input_at(in) <= dump_input_size(in));
	dump_input_close(in);
}

static void reads_files_folders_and_archives(void **state)
{
	char got[64];

	(void)state;
	tables_of(DUMPS "traps", got, sizeof(got));
	assert_string_equal(got, "HLCPU");
	tables_of(DUMPS "traps/Users.xml", got, sizeof(got));
	assert_string_equal(got, "U");
	tables_of(DUMPS "windows.example.com.7z", got, sizeof(got));
	assert_string_equal(got, "P");
	tables_of(DUMPS "windows.example.com.zip", got, sizeof(got));
	assert_string_equal(got, "P");
}

static void refuses_what_has_no_tables(void **state)
{
	struct dump_input *in = NULL;
	struct fault f = { 0 };

	(void)state;
	assert_false(dump_input_open(&in, DUMPS, &f));
	assert_string_equal(f.code, "dump-no-tables");
	assert_false(dump_input_open(&in, DUMPS "nowhere", &f));
	assert_int_equal(f.kind, FAULT_GONE);
}

static void tells_the_site_from_the_name(void **state)
{
	static const struct {
		const char *path, *site;
	} cases[] = {
		{ DUMPS "windows.example.com.7z", "windows.example.com" },
		{ DUMPS "windows.example.com.zip", "windows.example.com" },
		{ DUMPS "windows/Posts.xml", "" },
		{ DUMPS "traps/", "" },
	};
	struct buf site = BUF_INIT(512);
	struct dump_input *in;
	struct fault f;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		in = NULL;
		buf_reset(&site);
		assert_true(dump_input_open(&in, cases[i].path, &f));
		assert_int_equal(dump_input_site(in, &site),
		                 *cases[i].site != '\0');
		assert_string_equal(buf_string(&site), cases[i].site);
		dump_input_close(in);
	}
	buf_release(&site);
}

static uint64_t mark_of(const char *path)
{
	struct dump_input *in = NULL;
	struct fault f;
	uint64_t mark = 0;

	assert_true(dump_input_open(&in, path, &f));
	assert_true(dump_input_mark(in, &mark, &f));
	dump_input_close(in);
	return mark;
}

static void marks_tell_dumps_apart(void **state)
{
	(void)state;
	assert_true(mark_of(DUMPS "older") == mark_of(DUMPS "older"));
	assert_true(mark_of(DUMPS "older") != mark_of(DUMPS "votes"));
	assert_true(mark_of(DUMPS "older") != mark_of(DUMPS "newer"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_files_folders_and_archives),
		cmocka_unit_test(refuses_what_has_no_tables),
		cmocka_unit_test(tells_the_site_from_the_name),
		cmocka_unit_test(marks_tell_dumps_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
