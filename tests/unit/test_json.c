/* json.h: what is JSON and what is not, values with all their digits, and a
 * writer whose output reads back as what was put in. */

#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"

static struct json *parse(const char *text)
{
	struct json *j;
	struct fault f;

	if (!json_parse(&j, slice_of(text), &f))
		fail_msg("%s: %s", text, f.text);
	return j;
}

/* Each line of a file is one text. */
static void each_line(const char *path, bool accepted)
{
	FILE *file = fopen(path, "r");
	char line[4096];
	int count = 0;

	assert_non_null(file);
	while (fgets(line, sizeof(line), file)) {
		struct json *j = NULL;
		struct fault f;
		bool ok;

		line[strcspn(line, "\n")] = '\0';
		ok = json_parse(&j, slice_of(line), &f);
		if (ok != accepted)
			fail_msg("%s '%s'", ok ? "accepted" : "refused", line);
		if (!ok)
			assert_int_equal(f.kind, FAULT_INPUT);
		json_free(ok ? j : NULL);
		count++;
	}
	fclose(file);
	assert_true(count > 20);
}

static void the_grammar_is_rfc_8259(void **state)
{
	(void)state;
	each_line(TEST_DATA "/json/accepted.txt", true);
	each_line(TEST_DATA "/json/refused.txt", false);
}

static void bytes_that_are_not_text_are_refused(void **state)
{
	static const struct slice cases[] = {
		{ "\"\xFF\"", 3 },
		{ "\"\xC0\x80\"", 4 },
		{ "\"\xED\xA0\x80\"", 5 },
		{ "\"a\0b\"", 5 },
		{ "1\0", 2 },
		{ "\0", 1 },
		{ "[1,\0]", 5 },
		{ NULL, 0 },
		{ "\"", 1 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct json *j;
		struct fault f;

		assert_false(json_parse(&j, cases[i], &f));
		assert_int_equal(f.kind, FAULT_INPUT);
	}
}

static void faults_say_where(void **state)
{
	struct json *j;
	struct fault f;

	(void)state;
	assert_false(json_parse(&j, SLICE("[1, x]"), &f));
	assert_string_equal(f.text, "not JSON: a value is missing at byte 4");
}

static void half_pairs_become_the_replacement(void **state)
{
	static const struct {
		const char *text, *value;
	} cases[] = {
		{ "\"\\ud83d\\ude00\"", "\xF0\x9F\x98\x80" },
		{ "\"\\ud83dx\"", "\xEF\xBF\xBDx" },
		{ "\"\\ude00\\ud83d\"", "\xEF\xBF\xBD\xEF\xBF\xBD" },
		{ "\"\\ud83d\\ud83d\\ude00\"", "\xEF\xBF\xBD\xF0\x9F\x98\x80" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct json *j = parse(cases[i].text);
		struct slice s;

		assert_true(json_text(j, &s));
		assert_true(slice_eq(s, slice_of(cases[i].value)));
		json_free(j);
	}
}

static void values_are_found(void **state)
{
	struct json *root = parse("{\"a\":[1,\"x\",{}],\"A\":true,\"b\":null,"
	                          "\"dup\":1,\"dup\":2}");
	const struct json *j = json_get(root, "a");
	struct slice s = SLICE("same");
	int64_t n;
	bool b;

	(void)state;
	assert_true(json_is_object(root));
	assert_true(json_is_array(j));
	assert_true(slice_eq(json_name(j), SLICE("a")));
	j = json_first(j);
	assert_true(json_number(j, &n) && n == 1);
	assert_int_equal(json_name(j).len, 0);
	j = json_next(j);
	assert_true(json_is_text(j) && json_text(j, &s));
	assert_true(slice_eq(s, SLICE("x")));
	j = json_next(j);
	assert_true(json_is_object(j) && !json_first(j) && !json_next(j));
	assert_true(json_bool(json_get(root, "A"), &b) && b);
	assert_true(json_is_null(json_get(root, "b")));
	assert_true(json_number(json_get(root, "dup"), &n) && n == 2);
	assert_null(json_get(root, "c"));
	json_free(root);
}

static void nothing_is_nothing(void **state)
{
	struct json *list = parse("[1]");
	struct slice s;
	double x;
	int64_t n;
	bool b;

	(void)state;
	assert_null(json_get(NULL, "a"));
	assert_null(json_get(list, "a"));
	assert_null(json_first(NULL));
	assert_null(json_next(NULL));
	assert_false(json_text(NULL, &s) || json_text(list, &s));
	assert_false(json_number(NULL, &n) || json_number(list, &n));
	assert_false(json_real(NULL, &x) || json_real(list, &x));
	assert_false(json_bool(NULL, &b) || json_bool(list, &b));
	assert_false(json_is_null(NULL) || json_is_object(NULL));
	json_free(list);
	json_free(NULL);
}

static void numbers_keep_their_digits(void **state)
{
	struct json *root = parse("[9007199254740993,-9223372036854775808,"
	                          "12345678901234567890,1.50,1e3,1e999]");
	const struct json *j = json_first(root);
	struct slice s;
	int64_t n;
	double x;

	(void)state;
	assert_true(json_number(j, &n) && n == 9007199254740993);
	j = json_next(j);
	assert_true(json_number(j, &n) && n == INT64_MIN);
	j = json_next(j);
	assert_false(json_number(j, &n));
	assert_true(json_text(j, &s));
	assert_true(slice_eq(s, SLICE("12345678901234567890")));
	assert_true(json_real(j, &x) && x == 12345678901234567890.0);
	j = json_next(j);
	assert_false(json_number(j, &n));
	assert_true(json_text(j, &s) && slice_eq(s, SLICE("1.50")));
	assert_true(json_real(j, &x) && x == 1.5);
	j = json_next(j);
	assert_true(json_real(j, &x) && x == 1000);
	assert_false(json_real(json_next(j), &x));
	json_free(root);
}

static void repeat(struct buf *b, const char *text, int count)
{
	while (count--)
		buf_text(b, text);
}

static void ceilings_hold(void **state)
{
	struct buf b = BUF_INIT(16 << 20);
	struct slice huge = { "", LIMIT_ROW + 1 };
	struct json *j;
	struct fault f;

	(void)state;
	repeat(&b, "[", LIMIT_JSON_DEPTH);
	repeat(&b, "]", LIMIT_JSON_DEPTH);
	assert_true(json_parse(&j, buf_slice(&b), &f));
	json_free(j);
	buf_reset(&b);
	repeat(&b, "[{\"a\":", LIMIT_JSON_DEPTH);
	assert_false(json_parse(&j, buf_slice(&b), &f));
	assert_string_equal(f.code, "limit-json-depth");
	buf_reset(&b);
	buf_byte(&b, '[');
	repeat(&b, "1,", LIMIT_JSON_VALUES);
	assert_false(json_parse(&j, buf_slice(&b), &f));
	assert_string_equal(f.code, "limit-json-values");
	assert_false(json_parse(&j, huge, &f)); /* not even looked at */
	assert_string_equal(f.code, "limit-row");
	buf_release(&b);
}

static void the_writer_writes(void **state)
{
	struct buf b = BUF_INIT(1 << 16);
	struct json_out o;

	(void)state;
	json_start(&o, &b);
	json_open(&o, '{');
	json_pair(&o, "text",
	          SLICE("a\"\\/\b\f\n\r\t\1\x7F\xC2\x80\xC3\xA9\xFF"));
	json_pair_number(&o, "n", INT64_MIN);
	json_key(&o, "list");
	json_open(&o, '[');
	json_put_bool(&o, true);
	json_put_bool(&o, false);
	json_put_null(&o);
	json_open(&o, '[');
	json_close(&o, ']');
	json_open(&o, '{');
	json_close(&o, '}');
	json_put_text(&o, (struct slice){ 0 });
	json_close(&o, ']');
	json_key(&o, "\"");
	json_put_real(&o, NAN);
	json_close(&o, '}');
	assert_string_equal(
	        buf_string(&b),
	        "{\"text\":\"a\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u007f\\u0080"
	        "\xC3\xA9\xEF\xBF\xBD\",\"n\":-9223372036854775808,"
	        "\"list\":[true,false,null,[],{},\"\"],\"\\\"\":null}");
	buf_release(&b);
}

static void reals_are_short_and_exact(void **state)
{
	static const struct {
		double x;
		const char *text;
	} cases[] = {
		{ 0, "0" },
		{ 0.1, "0.1" },
		{ 0.1 + 0.2, "0.30000000000000004" },
		{ -1.5, "-1.5" },
		{ 1e300, "1e+300" },
		{ 100, "100" },
		{ 1.0 / 3, "0.3333333333333333" },
		{ DBL_MIN, "2.2250738585072014e-308" },
		{ DBL_MAX, "1.7976931348623157e+308" },
		{ INFINITY, "null" },
	};
	struct buf b = BUF_INIT(1000);
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct json_out o;

		buf_reset(&b);
		json_start(&o, &b);
		json_put_real(&o, cases[i].x);
		assert_string_equal(buf_string(&b), cases[i].text);
	}
	buf_release(&b);
}

/* The same digits as trying precisions in turn gives, of all sizes, of few
 * digits and of many, and next to powers of two and of ten. */
static void check_real(double x)
{
	struct buf b = BUF_INIT(100);
	struct json_out o;
	char digits[40];
	int precision;

	for (precision = 15; precision <= 17; precision++) {
		snprintf(digits, sizeof(digits), "%.*g", precision, x);
		if (strtod(digits, NULL) == x)
			break;
	}
	json_start(&o, &b);
	json_put_real(&o, x);
	assert_string_equal(buf_string(&b), digits);
	buf_release(&b);
}

static void reals_are_as_the_library_gives_them(void **state)
{
	static const double near[] = {
		1e-5, 1e-4, 0.5,  1,    2,
		1024, 1e14, 1e15, 1e16, 4503599627370496.0
	};
	uint64_t seed = 1;
	size_t i;
	int scale;

	(void)state;
	for (i = 0; i < sizeof(near) / sizeof(*near); i++) {
		check_real(near[i]);
		check_real(-near[i]);
		check_real(nextafter(near[i], 0));
		check_real(nextafter(near[i], 1e300));
	}
	for (i = 0; i < 20000; i++) {
		double x;

		seed = seed * 6364136223846793005U + 1442695040888963407U;
		x = (double)(seed >> 11);
		for (scale = -25; scale <= 20; scale += 9)
			check_real(x * pow(10, scale));
		check_real((double)(seed >> 40) / 1000);
		check_real(ldexp((double)(seed >> 20), -40));
	}
}

/* Whatever stands next to what, at every place of a word. */
static void every_byte_is_escaped_everywhere(void **state)
{
	struct buf b = BUF_INIT(1000);
	struct json_out o;
	char text[20];
	size_t place;
	int byte;

	(void)state;
	for (byte = 0; byte < 0x80; byte++)
		for (place = 0; place < sizeof(text); place++) {
			struct json *j;
			struct slice s;
			struct fault f;

			memset(text, byte == 'a' ? 'b' : 'a', sizeof(text));
			text[place] = (char)byte;
			buf_reset(&b);
			json_start(&o, &b);
			json_put_text(&o, (struct slice){ text, sizeof(text) });
			assert_int_equal(b.len > sizeof(text) + 2,
			                 byte < 0x20 || byte == '"' ||
			                         byte == '\\' || byte == 0x7F);
			if (!byte)
				continue;
			assert_true(json_parse(&j, buf_slice(&b), &f));
			assert_true(json_text(j, &s));
			assert_memory_equal(s.at, text, sizeof(text));
			json_free(j);
		}
	buf_release(&b);
}

/* Where a comma stands for the point, if this machine has such a locale. */
static void the_locale_does_not_matter(void **state)
{
	static const char *const names[] = { "de_DE.UTF-8", "fr_FR.UTF-8",
		                             "de_DE", "ru_RU.UTF-8" };
	size_t i = 0;

	while (i < 4 && !setlocale(LC_NUMERIC, names[i]))
		i++;
	numbers_keep_their_digits(state);
	reals_are_short_and_exact(state);
	setlocale(LC_NUMERIC, "C");
}

static void an_escaped_nul_cuts_no_string(void **state)
{
	struct json *j = parse("\"a\\u0000b\"");
	struct slice s;

	(void)state;
	assert_true(json_text(j, &s));
	assert_true(slice_eq(s, SLICE("a\xEF\xBF\xBD"
	                              "b")));
	json_free(j);
}

/* Any bytes at all survive, but for those that are not UTF-8 and NUL. */
static void what_is_written_reads_back(void **state)
{
	struct buf text = BUF_INIT(1000), b = BUF_INIT(10000);
	uint32_t seed = 1;
	int i, k;

	(void)state;
	for (i = 0; i < 2000; i++) {
		struct json_out o;
		struct json *j;
		struct slice s;

		buf_reset(&text);
		buf_reset(&b);
		for (k = 0; k < 40; k++) {
			seed = seed * 1664525 + 1013904223;
			buf_byte(&text, (char)(1 + (seed >> 8) % 127));
			if (seed >> 30 == 3)
				buf_text(&text, "\xC2\x9F\xE4\xBD\xBF");
		}
		json_start(&o, &b);
		json_put_text(&o, buf_slice(&text));
		j = parse(buf_string(&b));
		assert_true(json_text(j, &s));
		assert_true(slice_eq(s, buf_slice(&text)));
		json_free(j);
	}
	buf_release(&text);
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_grammar_is_rfc_8259),
		cmocka_unit_test(bytes_that_are_not_text_are_refused),
		cmocka_unit_test(faults_say_where),
		cmocka_unit_test(half_pairs_become_the_replacement),
		cmocka_unit_test(values_are_found),
		cmocka_unit_test(nothing_is_nothing),
		cmocka_unit_test(numbers_keep_their_digits),
		cmocka_unit_test(ceilings_hold),
		cmocka_unit_test(the_writer_writes),
		cmocka_unit_test(reals_are_short_and_exact),
		cmocka_unit_test(reals_are_as_the_library_gives_them),
		cmocka_unit_test(every_byte_is_escaped_everywhere),
		cmocka_unit_test(the_locale_does_not_matter),
		cmocka_unit_test(an_escaped_nul_cuts_no_string),
		cmocka_unit_test(what_is_written_reads_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
