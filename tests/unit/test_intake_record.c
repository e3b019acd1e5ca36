/* What one record becomes: rows that wait, authors, licences, texts, and
 * those that are refused. The rules are those of intake.h. */

#include "intake_fixture.h"

static void an_answer_waits_for_its_question_across_runs(void **state)
{
	static const struct line one[] = {
		{ .kind = ANSWER, "2", "1", NULL, "y", 6, 4, .author = "8" },
		{ .kind = USER, "8", NULL, "Eve", NULL },
	};
	static const struct line two[] = {
		{ .kind = QUESTION, "1", NULL, "T", "x", 5 },
	};
	static const struct dump a = DUMP("a", one), b = DUMP("b", two);

	(void)state;
	import(&a);
	assert_int_equal(report.waiting, 1);
	assert_int_equal(report.added, 0);
	assert_int_equal(count("SELECT count(*) FROM Answers"), 0);
	store_close(store);
	open_store();
	import(&b);
	assert_int_equal(report.waiting, 0);
	assert_int_equal(report.added, 2);
	assert_string_equal(load("1").answers[0].content.at, "y");
	assert_string_equal(load("1").answers[0].author.at, "Eve");
}

static void of_waiting_answers_the_newest_goes_in(void **state)
{
	static const struct line one[] = {
		{ .kind = ANSWER, "2", "1", NULL, "new", 9, 4 }
	};
	static const struct line two[] = {
		{ .kind = ANSWER, "2", "1", NULL, "old", 6, 2 }
	};
	static const struct line three[] = {
		{ .kind = QUESTION, "1", NULL, "T", "x", 5 }
	};
	static const struct dump a = DUMP("a", one), b = DUMP("b", two),
	                         c = DUMP("c", three);

	(void)state;
	import(&a);
	import(&b);
	import(&c);
	assert_string_equal(load("1").answers[0].content.at, "new");
	assert_int_equal(load("1").answers[0].score, 4);
}

static void authors_have_the_names_the_design_gives_them(void **state)
{
	static const struct line one[] = {
		{ .kind = QUESTION, "1", NULL, "T", "x", 5, .author = "7" },
		{ .kind = QUESTION, "2", NULL, "T", "x", 5 },
		{ .kind = QUESTION, "3", NULL, "T", "x", 5, .author = "9" },
		{ .kind = USER, "9", NULL, "Ann", NULL },
		{ .kind = USER, "10", NULL, "Unheard", NULL },
	};
	static const struct dump a = DUMP("a", one);

	(void)state;
	import(&a);
	assert_string_equal(load("1").author.at, "user 7");
	assert_string_equal(load("1").author_link.at,
	                    "https://example.com/users/7");
	assert_string_equal(load("2").author.at, "deleted user");
	assert_string_equal(load("2").author_link.at, "");
	assert_string_equal(load("3").author.at, "Ann");
	assert_int_equal(count("SELECT count(*) FROM Authors"), 2);
}

static void a_licence_comes_from_row_revision_or_date(void **state)
{
	static const struct line one[] = {
		/* 14000 is in 2008, 15500 in 2012, 18000 in 2019. */
		{ .kind = REVISION, "3", NULL, NULL, "first", 14000 },
		{ .kind = REVISION, "3", NULL, NULL, "spoilt", 18000 },
		{ .kind = REVISION, "3", NULL, NULL, "first", 18001, 1 },
		{ .kind = REVISION, "4", NULL, NULL, "first", 14000 },
		{ .kind = REVISION, "4", NULL, NULL, "better", 15500 },
		{ .kind = QUESTION,
		  "1",
		  NULL,
		  "T",
		  "x",
		  14000,
		  .licence = "MIT" },
		{ .kind = QUESTION, "2", NULL, "T", "x", 15500 },
		{ .kind = QUESTION, "3", NULL, "T", "x", 18001 },
		{ .kind = QUESTION, "4", NULL, "T", "x", 18001 },
	};
	static const struct dump a = DUMP("a", one);

	(void)state;
	import(&a);
	assert_string_equal(load("1").licence.at, "MIT");
	assert_string_equal(load("2").licence.at, "CC-BY-SA-3.0");
	assert_string_equal(load("3").licence.at, "CC-BY-SA-2.5");
	assert_string_equal(load("4").licence.at, "CC-BY-SA-3.0");
	assert_int_equal(count("SELECT count(*) FROM StagedRevisions"), 0);
}

static void a_newer_extractor_reads_the_same_original_again(void **state)
{
	static const struct line one[] = {
		{ .kind = QUESTION, "1", NULL, "T", "x", 5, 3, .author = "7" }
	};
	static const struct dump a = DUMP("a", one);
	struct record r = { .kind = RECORD_QUESTION,
		            .id = SLICE("1"),
		            .title = SLICE("T"),
		            .content = SLICE("**x**"),
		            .original = SLICE("x"),
		            .created = day(1),
		            .modified = day(5),
		            .closed = CLOCK_NONE,
		            .revision = day(5),
		            .author_id = SLICE("7"),
		            .score = 3,
		            .extractor = 2 };
	bool has;

	(void)state;
	import(&a);
	begin(&a);
	OK(intake_has(in, RECORD_QUESTION, SLICE("1"), SLICE("x"), 2, &has,
	              &why));
	assert_false(has);
	OK(intake_record(in, &r, &why));
	OK(intake_has(in, RECORD_QUESTION, SLICE("1"), SLICE("x"), 2, &has,
	              &why));
	assert_true(has);
	OK(intake_finish(in, &report, &why));
	assert_int_equal(report.updated, 1);
	assert_string_equal(load("1").content.at, "**x**");
	assert_string_equal(load("1").author.at, "user 7");
	expect_counters(2, 0);
}

static void a_record_without_its_text_keeps_what_is_there(void **state)
{
	struct record r = { .kind = RECORD_QUESTION,
		            .id = SLICE("10"),
		            .title = SLICE("Pods anew"),
		            .created = day(1),
		            .modified = day(200),
		            .closed = CLOCK_NONE,
		            .revision = day(200) };
	static const struct dump later = { "x", NULL, 0, NULL, NULL };

	(void)state;
	import(&dump1);
	begin(&later);
	OK(intake_record(in, &r, &why));
	OK(intake_finish(in, &report, &why));
	assert_string_equal(load("10").title.at, "Pods anew");
	assert_string_equal(load("10").content.at, "why pods");
}

static void undated_documents_follow_the_order_of_files(void **state)
{
	static const struct line one[] = {
		{ .kind = DOCUMENT, "d", NULL, "T", "x" }
	};
	static const struct line two[] = {
		{ .kind = DOCUMENT, "d", NULL, "T", "y" }
	};
	struct dump a = DUMP("a", one), b = DUMP("b", two);

	(void)state;
	a.channel = b.channel = "import";
	import(&a);
	import(&b);
	assert_string_equal(load("d").content.at, "y");
	assert_string_equal(load("d").licence.at, "");
	assert_string_equal(load("d").author.at, "");
	import(&a);
	assert_string_equal(load("d").content.at, "y");
}

static void bad_records_are_refused_alone(void **state)
{
	const struct slice barred = { "a|b", 3 };
	const struct {
		struct record r;
		const char *code;
	} bad[] = {
		{ { .kind = RECORD_QUESTION }, "record-id" },
		{ { .kind = RECORD_ANSWER, .id = { "1", 1 } }, "record-id" },
		{ { .id = { "1", 1 }, .title = { "\xff", 1 } }, "record-text" },
		{ { .id = { "1", 1 }, .content = { "a\0b", 3 } },
		  "record-text" },
		{ { .id = { "1\n", 2 } }, "record-line" },
		{ { .id = { "1", 1 }, .original = { "", 17 << 20 } },
		  "limit-body" },
		{ { .id = { "1", 1 }, .tag_count = 65 }, "limit-tags" },
		{ { .id = { "1", 1 }, .tag_count = 1, .tags = &barred },
		  "record-tag" },
	};
	static const struct dump empty = { "x", NULL, 0, NULL, NULL };
	size_t i;

	(void)state;
	begin(&empty);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_false(intake_record(in, &bad[i].r, &why));
		assert_string_equal(why.code, bad[i].code);
	}
	put_record(in, &year1[1]);
	OK(intake_finish(in, &report, &why));
	assert_int_equal(report.added, 1);
}

static void a_damaged_row_is_never_shown(void **state)
{
	struct post_row p;
	int64_t id;

	(void)state;
	import(&dump1);
	OK(rows_script(store_rows(store),
	               "UPDATE Posts SET PostContent = 'why pode' "
	               "WHERE NativeID = '10'",
	               &why));
	OK(post_find(store, &reader_all, SLICE("example.com"), SLICE("10"), &id,
	             &why));
	assert_false(post_load(store, &reader_all, id, &arena, &p, &why));
	assert_string_equal(why.code, "row-damaged");
	assert_int_equal(why.kind, FAULT_INPUT);
	assert_string_equal(why.subject, "PostID 1");
}

static void a_damaged_row_refuses_its_record_alone(void **state)
{
	static const struct dump again = { "x", NULL, 0, NULL, NULL };
	struct record r = { .kind = RECORD_QUESTION,
		            .id = SLICE("10"),
		            .created = CLOCK_NONE,
		            .modified = CLOCK_NONE,
		            .closed = CLOCK_NONE,
		            .revision = day(500) };
	int i;

	(void)state;
	import(&dump1);
	OK(rows_script(store_rows(store),
	               "UPDATE Posts SET VoteCount = 4 WHERE NativeID = '10'",
	               &why));
	begin(&again);
	/* Before and inside of a transaction. */
	for (i = 0; i < 2; i++) {
		assert_false(intake_record(in, &r, &why));
		assert_string_equal(why.code, "row-damaged");
		r.id = i ? SLICE("41") : SLICE("40");
		OK(intake_record(in, &r, &why));
		r.id = SLICE("10");
	}
	OK(intake_finish(in, &report, &why));
	assert_int_equal(report.added, 2);
}

static void a_duplicate_is_known_by_its_link(void **state)
{
	(void)state;
	import(&dump1);
	assert_string_equal(load("20").duplicate_of.at, "10");
	assert_string_equal(load("10").duplicate_of.at, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_answer_waits_for_its_question_across_runs),
		TEST(of_waiting_answers_the_newest_goes_in),
		TEST(authors_have_the_names_the_design_gives_them),
		TEST(a_licence_comes_from_row_revision_or_date),
		TEST(a_newer_extractor_reads_the_same_original_again),
		TEST(a_record_without_its_text_keeps_what_is_there),
		TEST(undated_documents_follow_the_order_of_files),
		TEST(bad_records_are_refused_alone),
		TEST(a_damaged_row_is_never_shown),
		TEST(a_damaged_row_refuses_its_record_alone),
		TEST(a_duplicate_is_known_by_its_link),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
