/* The report's figures: percentiles by nearest rank, months of a time zone,
 * sums of every table; and the file of departments. */

#include "intake_fixture.h"

#include "export/case_report.h"
#include "schema/cases.h"
#include "schema/digests.h"

enum { HOUR = 3600 * 1000 };

static void put_case(int number, const char *severity, int64_t created,
                     int hours)
{
	char native[16], by[32];
	struct support_case c = { .space = SLICE("aws-support/123456789012"),
		                  .service = number % 3 ? SLICE("EC2")
		                                        : SLICE("S3"),
		                  .severity = slice_of(severity),
		                  .access = SLICE("staff"),
		                  .created = created,
		                  .resolved = CLOCK_NONE };
	enum case_outcome what;

	snprintf(native, sizeof(native), "%d", number);
	snprintf(by, sizeof(by), "u%d@example.com", number % 5);
	c.native = slice_of(native);
	c.submitted_by = slice_of(by);
	if (hours >= 0)
		c.resolved = created + (int64_t)hours * HOUR;
	OK(cases_put(store, &c, 1000, &what, &why));
}

static const char *cell_of(const struct table *t, const char *row,
                           const char *column)
{
	static char out[256];
	size_t i, j;

	for (i = 0; i < t->height; i++)
		for (j = 0; j < t->width; j++) {
			const struct cell *c = &t->cells[i * t->width + j];

			if (strcmp(t->columns[j], column) ||
			    !slice_eq(t->cells[i * t->width].text,
			              slice_of(row)))
				continue;
			if (c->is_number)
				snprintf(out, sizeof(out), "%lld",
				         (long long)c->number);
			else
				snprintf(out, sizeof(out), "%.*s",
				         SLICE_ARG(c->text));
			return out;
		}
	return "no such cell";
}

static void table_of(struct case_report *r, const char *name, struct table *t)
{
	size_t i = 0;

	while (strcmp(case_report_names[i], name))
		assert_non_null(case_report_names[++i]);
	OK(case_report_table(r, i, &arena, t, &why));
	assert_string_equal(t->title, name);
}

static void times_by_nearest_rank(void **state)
{
	struct case_report_options o = { .store = store,
		                         .reader = &reader_all };
	struct case_report *r;
	struct table t;
	int i;

	(void)state;
	/* 1 to 10 hours, one without an end, one that ends before it begins */
	for (i = 1; i <= 10; i++)
		put_case(i, "high", HOUR, i);
	put_case(11, "high", HOUR, -1);
	put_case(12, "low", 90 * HOUR, -90);
	put_case(13, "low", CLOCK_NONE, -1);
	OK(case_report_new(&r, &o, &why));
	table_of(r, "time", &t);
	assert_string_equal(cell_of(&t, "high", "cases"), "11");
	assert_string_equal(cell_of(&t, "high", "ended"), "10");
	assert_string_equal(cell_of(&t, "high", "median_hours"), "5.0");
	assert_string_equal(cell_of(&t, "high", "p90_hours"), "9.0");
	assert_string_equal(cell_of(&t, "low", "ended"), "0");
	assert_string_equal(cell_of(&t, "low", "median_hours"), "");
	case_report_free(r);
}

/* Every table of cases, whatever is known of them. */
static void all_tables_sum_up(void **state)
{
	struct case_report_options o = { .store = store,
		                         .reader = &reader_all };
	static const char *const severities[] = { "low", "", "high" };
	struct case_report *r;
	size_t i, j, k;
	int n;

	(void)state;
	for (n = 0; n < 200; n++)
		put_case(n, severities[n % 3],
		         n % 17 ? (int64_t)n * 40 * HOUR : CLOCK_NONE,
		         n % 4 * 10);
	OK(case_report_new(&r, &o, &why));
	assert_int_equal(case_report_cases(r), 200);
	for (i = 0; strcmp(case_report_names[i], "failures"); i++) {
		struct table t;
		int64_t sum = 0;

		OK(case_report_table(r, i, &arena, &t, &why));
		for (j = 0; j < t.height; j++)
			for (k = 0; k < t.width; k++)
				if (!strcmp(t.columns[k], "cases"))
					sum += t.cells[j * t.width + k].number;
		assert_int_equal(sum, 200);
	}
	assert_true(i > 8);
	case_report_free(r);
}

static void months_of_a_zone(void **state)
{
	struct case_report_options o = { .store = store,
		                         .reader = &reader_all };
	struct case_report *r;
	struct table t;
	int64_t time;

	(void)state;
	assert_true(clock_read(SLICE("2026-01-31 20:00"), &time));
	put_case(1, "low", time, -1);
	OK(case_report_new(&r, &o, &why));
	table_of(r, "month", &t);
	assert_string_equal(cell_of(&t, "2026-01", "cases"), "1");
	case_report_free(r);
	o.zone = 8 * HOUR;
	OK(case_report_new(&r, &o, &why));
	table_of(r, "month", &t);
	assert_string_equal(cell_of(&t, "2026-02", "cases"), "1");
	case_report_free(r);
	o.from = time;
	o.to = time + 1;
	OK(case_report_new(&r, &o, &why));
	assert_int_equal(case_report_cases(r), 1);
	case_report_free(r);
	o.to = time;
	OK(case_report_new(&r, &o, &why));
	assert_int_equal(case_report_cases(r), 0);
	case_report_free(r);
	o.reader = &reader_public;
	o.from = o.to = 0;
	OK(case_report_new(&r, &o, &why));
	assert_int_equal(case_report_cases(r), 0);
	case_report_free(r);
}

static void departments_by_name_and_pattern(void **state)
{
	static const struct {
		const char *submitter, *department;
	} rows[] = {
		{ "ann@example.com", "Platform" },
		{ "ANN@Example.COM", "Platform" },
		{ "bob@example.com", "Shop, EU" },
		{ "bob@corp.example", "" },
		{ "김철수", "Data" },
		{ "李雷", "运维" },
		{ "", "" },
		{ "@", "" },
		{ "a@b@example.com", "Shop, EU" },
	};
	struct case_departments *d;
	size_t i;

	(void)state;
	OK(case_departments_parse(&d,
	                          SLICE("\xEF\xBB\xBFsubmitter,department\r\n"
	                                "ann@example.com,Platform\r\n"
	                                "*@example.com,\"Shop, EU\"\n"
	                                "김철수,Data\n李雷,运维"),
	                          "map.csv", &why));
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct slice got =
		        case_department(d, slice_of(rows[i].submitter));

		if (!slice_eq(got, slice_of(rows[i].department)))
			fail_msg("'%s' is of '%.*s'", rows[i].submitter,
			         SLICE_ARG(got));
	}
	case_departments_free(d);
	assert_int_equal(case_department(NULL, SLICE("x")).len, 0);
}

static void departments_that_are_none(void **state)
{
	static const struct {
		const char *text;
		int64_t line;
	} rows[] = {
		{ "a,b\nc\n", 2 },
		{ "a,b,c\n", 1 },
		{ "a,\n", 1 },
		{ ",b\n", 1 },
		{ "a,b\n\na,c\n", 3 },
		{ "a,\"b\nc", 1 },
		{ "*@x.example,A\n*@X.example,B\n", 2 },
	};
	struct case_departments *d = NULL;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct fault f = { 0 };

		if (case_departments_parse(&d, slice_of(rows[i].text), "m.csv",
		                           &f))
			fail_msg("'%s' was taken", rows[i].text);
		assert_int_equal(f.kind, FAULT_INPUT);
		assert_int_equal(f.line, rows[i].line);
		assert_string_equal(f.subject, "m.csv");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(times_by_nearest_rank),
		TEST(all_tables_sum_up),
		TEST(months_of_a_zone),
		TEST(departments_by_name_and_pattern),
		TEST(departments_that_are_none),
	};

	return cmocka_run_group_tests_name("case_report", tests, NULL, NULL);
}
