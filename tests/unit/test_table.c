/* Tables and the buckets of votes. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "export/table.h"
#include "export/votes.h"

static const char *const columns[] = { "word", "count" };

static void spelled(const struct cell *cells, size_t height,
                    enum table_form form, const char *want)
{
	const struct table t = { "words", columns, 2, cells, height };
	struct buf out = BUF_INIT(1 << 16);

	table_write(&t, form, &out);
	assert_string_equal(buf_string(&out), want);
	buf_release(&out);
}

static void wide_characters_take_two_columns(void **state)
{
	const struct cell cells[] = { CELL(SLICE("nginx")), CELL_NUMBER(7),
		                      CELL(SLICE("代理")), CELL_NUMBER(1234) };

	(void)state;
	spelled(cells, 2, TABLE_TEXT,
	        "word   count\nnginx      7\n代理    1234\n");
}

static void a_formula_is_disarmed_in_csv(void **state)
{
	const struct cell cells[] = {
		CELL(SLICE("=cmd|' /C calc'!A0")),
		CELL_NUMBER(-3),
		CELL(SLICE("say \"hi\", you")),
		CELL_NUMBER(2),
	};

	(void)state;
	spelled(cells, 2, TABLE_CSV,
	        "word,count\r\n\"'=cmd|' /C calc'!A0\",-3\r\n"
	        "\"say \"\"hi\"\", you\",2\r\n");
}

static void json_keeps_numbers_as_numbers(void **state)
{
	const struct cell cells[] = { CELL(SLICE("a\"b")), CELL_NUMBER(1) };

	(void)state;
	spelled(cells, 1, TABLE_JSON,
	        "{\"version\":1,\"words\":[{\"word\":\"a\\\"b\","
	        "\"count\":1}]}\n");
}

static void an_empty_table_has_its_head(void **state)
{
	(void)state;
	spelled(NULL, 0, TABLE_TEXT, "word  count\n");
	spelled(NULL, 0, TABLE_JSON, "{\"version\":1,\"words\":[]}\n");
}

static void every_score_has_one_bucket(void **state)
{
	static const struct {
		int64_t score;
		const char *bucket;
	} cases[] = {
		{ INT64_MIN, "negative" },
		{ -1, "negative" },
		{ 0, "0-100" },
		{ 1, "0-100" },
		{ 100, "0-100" },
		{ 101, "101-200" },
		{ 200, "101-200" },
		{ 201, "201-300" },
		{ 300, "201-300" },
		{ 301, "301-400" },
		{ 400, "301-400" },
		{ 401, "401-500" },
		{ 500, "401-500" },
		{ 501, "over 500" },
		{ INT64_MAX, "over 500" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_string_equal(votes_names[votes_bucket(cases[i].score)],
		                    cases[i].bucket);
}

static void an_unknown_form_names_the_known_ones(void **state)
{
	enum table_form form;
	struct fault f;

	(void)state;
	assert_true(table_form_read(NULL, &form, &f));
	assert_int_equal(form, TABLE_TEXT);
	assert_true(table_form_read("csv", &form, &f));
	assert_int_equal(form, TABLE_CSV);
	assert_false(table_form_read("xml", &form, &f));
	assert_int_equal(f.kind, FAULT_USAGE);
	assert_non_null(strstr(f.text, "table, csv, json"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wide_characters_take_two_columns),
		cmocka_unit_test(a_formula_is_disarmed_in_csv),
		cmocka_unit_test(json_keeps_numbers_as_numbers),
		cmocka_unit_test(an_empty_table_has_its_head),
		cmocka_unit_test(every_score_has_one_bucket),
		cmocka_unit_test(an_unknown_form_names_the_known_ones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
