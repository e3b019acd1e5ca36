/* slice.h */

#include "base/slice.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

static void cutting_clamps(void **state)
{
	struct slice s = SLICE("abcdef");

	(void)state;
	assert_true(slice_eq(slice_cut(s, 1, 3), SLICE("bc")));
	assert_true(slice_eq(slice_cut(s, 4, 99), SLICE("ef")));
	assert_int_equal(slice_cut(s, 99, 100).len, 0);
	assert_int_equal(slice_cut(s, 5, 2).len, 0);
	assert_int_equal(slice_cut((struct slice){ 0 }, 0, 5).len, 0);
}

static void comparing(void **state)
{
	struct slice none = { 0 };

	(void)state;
	assert_true(slice_eq(none, SLICE("")));
	assert_false(slice_eq(SLICE("a"), SLICE("b")));
	assert_true(slice_cmp(SLICE("a"), SLICE("ab")) < 0);
	assert_true(slice_cmp(SLICE("b"), SLICE("ab")) > 0);
	assert_true(slice_cmp(SLICE("\xC3"), SLICE("z")) > 0);
	assert_int_equal(slice_cmp(none, SLICE("")), 0);
	assert_true(slice_starts(SLICE("abc"), SLICE("ab")));
	assert_false(slice_starts(SLICE("a"), SLICE("ab")));
	assert_true(slice_starts(none, SLICE("")));
	assert_true(slice_ends(SLICE("abc"), SLICE("bc")));
	assert_false(slice_ends(SLICE("c"), SLICE("bc")));
	assert_int_equal(slice_find(SLICE("abc"), 'c'), 2);
	assert_int_equal(slice_find(SLICE("abc"), 'x'), 3);
	assert_int_equal(slice_find(none, 'x'), 0);
	assert_int_equal(slice_of(NULL).len, 0);
}

static void trimming(void **state)
{
	(void)state;
	assert_true(
	        slice_eq(slice_trim(SLICE(" \t\r\n a b \v\f")), SLICE("a b")));
	assert_int_equal(slice_trim(SLICE("  ")).len, 0);
	assert_int_equal(slice_trim((struct slice){ 0 }).len, 0);
	assert_int_equal(slice_trim(SLICE("\xA0")).len, 1);
}

static void numbers(void **state)
{
	static const struct {
		const char *text;
		bool ok;
		int64_t n;
	} cases[] = {
		{ "0", true, 0 },
		{ "-0", true, 0 },
		{ "007", true, 7 },
		{ "-12", true, -12 },
		{ "9223372036854775807", true, INT64_MAX },
		{ "-9223372036854775808", true, INT64_MIN },
		{ "9223372036854775808", false, 0 },
		{ "-9223372036854775809", false, 0 },
		{ "99999999999999999999", false, 0 },
		{ "", false, 0 },
		{ "-", false, 0 },
		{ "+1", false, 0 },
		{ " 1", false, 0 },
		{ "1.0", false, 0 },
		{ "1a", false, 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int64_t n = 42;

		assert_int_equal(slice_number(slice_of(cases[i].text), &n),
		                 cases[i].ok);
		assert_int_equal(n, cases[i].ok ? cases[i].n : 42);
	}
}

static void printing(void **state)
{
	struct slice none = { 0 };
	char out[20];

	(void)state;
	snprintf(out, sizeof(out), "<%.*s>", SLICE_ARG(none));
	assert_string_equal(out, "<>");
	snprintf(out, sizeof(out), "<%.*s>",
	         SLICE_ARG(slice_cut(SLICE("abc"), 1, 2)));
	assert_string_equal(out, "<b>");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cutting_clamps), cmocka_unit_test(comparing),
		cmocka_unit_test(trimming),       cmocka_unit_test(numbers),
		cmocka_unit_test(printing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
