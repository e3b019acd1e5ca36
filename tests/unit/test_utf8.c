/* utf8.h, against the borders of Unicode's table 3-7. */

#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void well_formed_sequences(void **state)
{
	static const struct {
		const char *bytes;
		uint32_t point;
	} cases[] = {
		{ "a", 'a' },
		{ "\x7F", 0x7F },
		{ "\xC2\x80", 0x80 },
		{ "\xDF\xBF", 0x7FF },
		{ "\xE0\xA0\x80", 0x800 },
		{ "\xE1\x80\x80", 0x1000 },
		{ "\xEC\xBF\xBF", 0xCFFF },
		{ "\xED\x80\x80", 0xD000 },
		{ "\xED\x9F\xBF", 0xD7FF },
		{ "\xEE\x80\x80", 0xE000 },
		{ "\xEF\xBF\xBF", 0xFFFF },
		{ "\xF0\x90\x80\x80", 0x10000 },
		{ "\xF1\x80\x80\x80", 0x40000 },
		{ "\xF3\xBF\xBF\xBF", 0xFFFFF },
		{ "\xF4\x80\x80\x80", 0x100000 },
		{ "\xF4\x8F\xBF\xBF", 0x10FFFF },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct slice s = slice_of(cases[i].bytes);
		char back[4];
		size_t at = 0;

		assert_int_equal(utf8_next(s, &at), cases[i].point);
		assert_int_equal(at, s.len);
		assert_int_equal(utf8_put(back, cases[i].point), s.len);
		assert_memory_equal(back, s.at, s.len);
		assert_int_equal(utf8_valid(s), s.len);
	}
}

static void ill_formed_sequences_move_by_one(void **state)
{
	static const char *const cases[] = {
		"\x80",
		"\xBF",
		"\xC0\x80",
		"\xC1\xBF",
		"\xC2",
		"\xC2\x7F",
		"\xC2\xC0",
		"\xE0\x9F\xBF",
		"\xE0\xA0",
		"\xE1\x80\x7F",
		"\xED\xA0\x80",
		"\xED\xBF\xBF",
		"\xF0\x8F\xBF\xBF",
		"\xF0\x90\x80",
		"\xF4\x90\x80\x80",
		"\xF5\x80\x80\x80",
		"\xFE",
		"\xFF",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct slice s = slice_of(cases[i]);
		size_t at = 0;

		assert_int_equal(utf8_next(s, &at), UTF8_BAD);
		assert_int_equal(at, 1);
		assert_int_equal(utf8_valid(s), 0);
	}
}

static void invalid_points_write_the_replacement(void **state)
{
	char to[4];

	(void)state;
	assert_int_equal(utf8_put(to, 0xD800), 3);
	assert_memory_equal(to, "\xEF\xBF\xBD", 3);
	assert_int_equal(utf8_put(to, 0x110000), 3);
	assert_int_equal(utf8_put(to, UTF8_BAD), 3);
}

static void whole_texts(void **state)
{
	struct slice s = SLICE("0123456789 \xE4\xBD\xBF\xC3\xA9\xFFz");

	(void)state;
	assert_int_equal(utf8_valid(s), 16);
	assert_int_equal(utf8_count(s), 15);
	assert_true(utf8_ascii(slice_cut(s, 0, 11)));
	assert_false(utf8_ascii(s));
	assert_true(utf8_ascii(SLICE("")));
	assert_int_equal(utf8_valid((struct slice){ 0 }), 0);
	assert_int_equal(utf8_head(s, 12).len, 11);
	assert_int_equal(utf8_head(s, 13).len, 11);
	assert_int_equal(utf8_head(s, 14).len, 14);
	assert_int_equal(utf8_head(s, 15).len, 14);
	assert_int_equal(utf8_head(s, 99).len, s.len);
	assert_int_equal(utf8_head(s, 0).len, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(well_formed_sequences),
		cmocka_unit_test(ill_formed_sequences_move_by_one),
		cmocka_unit_test(invalid_points_write_the_replacement),
		cmocka_unit_test(whole_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
