#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "app/options.h"

#define ARGV(...)                                                              \
	char *argv[] = { (char[]){ "cmd" }, __VA_ARGS__ };                     \
	int argc = (int)(sizeof(argv) / sizeof(*argv))

static void options_and_operands_may_be_mixed(void **state)
{
	char one[] = "first", two[] = "--site", three[] = "example.org",
	     four[] = "second", five[] = "--dry";
	const char *site = NULL;
	bool dry = false;
	const struct option table[] = { { .name = "site", .value = &site },
		                        { .name = "dry", .flag = &dry },
		                        { 0 } };
	struct fault f;
	int operands;

	(void)state;
	ARGV(one, two, three, four, five);
	assert_true(options_read(table, argc, argv, &operands, &f));
	assert_int_equal(operands, 2);
	assert_string_equal(argv[1], "first");
	assert_string_equal(argv[2], "second");
	assert_string_equal(site, "example.org");
	assert_true(dry);
}

static void values_may_be_joined(void **state)
{
	char one[] = "-k5", two[] = "--site=a=b";
	const char *k = NULL, *site = NULL;
	const struct option table[] = { { .name = "k", .value = &k },
		                        { .name = "site", .value = &site },
		                        { 0 } };
	struct fault f;
	int operands;

	(void)state;
	ARGV(one, two);
	assert_true(options_read(table, argc, argv, &operands, &f));
	assert_int_equal(operands, 0);
	assert_string_equal(k, "5");
	assert_string_equal(site, "a=b");
}

static void two_dashes_end_the_options(void **state)
{
	char one[] = "--", two[] = "--not-an-option", three[] = "-";
	const struct option table[] = { { 0 } };
	struct fault f;
	int operands;

	(void)state;
	ARGV(one, two, three);
	assert_true(options_read(table, argc, argv, &operands, &f));
	assert_int_equal(operands, 2);
	assert_string_equal(argv[1], "--not-an-option");
	assert_string_equal(argv[2], "-");
}

static void a_repeated_option_fills_its_list(void **state)
{
	char one[] = "--filter", two[] = "a=1", three[] = "--filter=b=2";
	const char *list[2] = { NULL };
	size_t count = 0;
	const struct option table[] = {
		{ .name = "filter", .list = list, .room = 2, .count = &count },
		{ 0 }
	};
	struct fault f;
	int operands;

	(void)state;
	ARGV(one, two, three);
	assert_true(options_read(table, argc, argv, &operands, &f));
	assert_int_equal(count, 2);
	assert_string_equal(list[0], "a=1");
	assert_string_equal(list[1], "b=2");
}

static void mistakes_are_usage_faults(void **state)
{
	static char bad[][12] = { "--nope", "--sit", "-x", "--dry=yes",
		                  "--site" };
	const char *site = NULL;
	bool dry = false;
	const struct option table[] = { { .name = "site", .value = &site },
		                        { .name = "dry", .flag = &dry },
		                        { 0 } };
	struct fault f;
	int operands;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		ARGV(bad[i]);
		assert_false(options_read(table, argc, argv, &operands, &f));
		assert_int_equal(f.kind, FAULT_USAGE);
	}
}

static void numbers_keep_to_their_range(void **state)
{
	int64_t n = 7;
	struct fault f;

	(void)state;
	assert_true(option_number("k", NULL, 1, 10, &n, &f));
	assert_int_equal(n, 7);
	assert_true(option_number("k", "10", 1, 10, &n, &f));
	assert_int_equal(n, 10);
	assert_false(option_number("k", "11", 1, 10, &n, &f));
	assert_false(option_number("k", "ten", 1, 10, &n, &f));
	assert_false(option_number("k", "", 1, 10, &n, &f));
	assert_int_equal(n, 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_and_operands_may_be_mixed),
		cmocka_unit_test(values_may_be_joined),
		cmocka_unit_test(two_dashes_end_the_options),
		cmocka_unit_test(a_repeated_option_fills_its_list),
		cmocka_unit_test(mistakes_are_usage_faults),
		cmocka_unit_test(numbers_keep_to_their_range),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
