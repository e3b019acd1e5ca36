/* clock.h: dates there and back, leap years, offsets, and what is no date. */

#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void dates_are_read_and_written(void **state)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{ "1970-01-01", "1970-01-01 00:00:00.000" },
		{ "2014-05-14T01:21:12.123", "2014-05-14 01:21:12.123" },
		{ "2014-05-14T01:21:12.1", "2014-05-14 01:21:12.100" },
		{ "2014-05-14 01:21:12.98765Z", "2014-05-14 01:21:12.987" },
		{ "2014-05-14 01:21", "2014-05-14 01:21:00.000" },
		{ "2000-02-29", "2000-02-29 00:00:00.000" },
		{ "2024-02-29T23:59:59Z", "2024-02-29 23:59:59.000" },
		{ "2023-12-31T23:30:00-01:00", "2024-01-01 00:30:00.000" },
		{ "2024-03-01T00:30:00+05:30", "2024-02-29 19:00:00.000" },
		{ "2024-03-01T00:30:00+0100", "2024-02-29 23:30:00.000" },
		{ "2016-12-31T23:59:60Z", "2017-01-01 00:00:00.000" },
		{ "0001-01-01", "0001-01-01 00:00:00.000" },
		{ "9999-12-31T23:59:59.999", "9999-12-31 23:59:59.999" },
		{ "1969-12-31T23:59:59.999", "1969-12-31 23:59:59.999" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char out[CLOCK_TEXT];
		int64_t time, again;

		assert_true(clock_read(slice_of(cases[i].in), &time));
		clock_write(out, time);
		assert_string_equal(out, cases[i].out);
		assert_true(clock_read(slice_of(out), &again));
		assert_int_equal(time, again);
	}
}

static void other_things_are_refused(void **state)
{
	static const char *const cases[] = {
		"",
		"2014",
		"2014-5-14",
		"2014-00-01",
		"2014-13-01",
		"2014-04-31",
		"2023-02-29",
		"1900-02-29",
		"0000-01-01",
		"2014-05-14T",
		"2014-05-14T24:00",
		"2014-05-14T01:60",
		"2014-05-14T01:21:61",
		"2014-05-14T01:21:12.",
		"2014-05-14T01:21:12x",
		"2014-05-14T01:21:12+",
		"2014-05-14T01:21:12+24:00",
		"2014-05-14T01:21:12Zz",
		"2014-05-14T01",
		" 2014-05-14",
		"2014-05-14 ",
		"20a4-05-14",
		"-014-05-14",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int64_t time = 5;

		assert_false(clock_read(slice_of(cases[i]), &time));
		assert_int_equal(time, 5);
	}
}

static void every_day_of_400_years_is_its_own(void **state)
{
	int64_t day, day_ms = 86400000, back;
	char out[CLOCK_TEXT], last[CLOCK_TEXT] = "";

	(void)state;
	for (day = -146097 / 2; day < 146097 / 2; day++) {
		clock_write(out, day * day_ms);
		assert_true(strcmp(out, last) > 0);
		assert_true(clock_read(slice_of(out), &back));
		assert_int_equal(back, day * day_ms);
		memcpy(last, out, sizeof(out));
	}
}

static void unknown_and_absurd_times_are_empty(void **state)
{
	static const int64_t cases[] = { CLOCK_NONE, INT64_MIN + 1, INT64_MAX,
		                         253402300800000, -62135596800001 };
	char out[CLOCK_TEXT];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		clock_write(out, cases[i]);
		assert_string_equal(out, "");
	}
}

static void clocks_go_forward(void **state)
{
	int64_t then = clock_monotonic();

	(void)state;
	assert_true(clock_monotonic() >= then);
	assert_true(clock_now() > 1600000000000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dates_are_read_and_written),
		cmocka_unit_test(other_things_are_refused),
		cmocka_unit_test(every_day_of_400_years_is_its_own),
		cmocka_unit_test(unknown_and_absurd_times_are_empty),
		cmocka_unit_test(clocks_go_forward),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
