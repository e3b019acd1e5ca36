/* What a crawl asks of the intake: a date from birth, replies that are
 * committed whole, things that vanish at their source or are renamed. */

#include "intake_fixture.h"

static void crawl(const char *name, int64_t on)
{
	struct intake_options o = { .space = SLICE("example.com"),
		                    .channel = SLICE("api"),
		                    .source = slice_of(name),
		                    .dated = true,
		                    .as_of = day(on) };

	OK(intake_open(&in, store, &o, &why));
}

static void end(void)
{
	OK(intake_finish(in, &report, &why));
	intake_close(in);
	in = NULL;
}

static void say(const struct line *lines, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		OK(put(in, &lines[i]));
}

#define SAY(...)                                                               \
	do {                                                                   \
		static const struct line said[] = { __VA_ARGS__ };             \
                                                                               \
		say(said, sizeof(said) / sizeof(said[0]));                     \
	} while (0)

static void thread(void)
{
	SAY({ .kind = QUESTION,
	      "10",
	      NULL,
	      "Pods",
	      "why pods",
	      10,
	      3,
	      .accepted = "12",
	      .author = "1" },
	    { .kind = ANSWER,
	      "11",
	      "10",
	      NULL,
	      "because",
	      11,
	      7,
	      .author = "2" },
	    { .kind = ANSWER, "12", "10", NULL, "or not", 12, 1 },
	    { .kind = QUESTION, "20", NULL, "Disks", "why disks", 20 },
	    { .kind = COMMENT, "1", "10", NULL, "nice", 15, 1, .author = "4" },
	    { .kind = COMMENT, "2", "12", NULL, "hm", 15, 1 },
	    { .kind = WIKI, "30", NULL, "k8s", "about k8s", 5 },
	    { .kind = LINK, "20", "10", NULL, NULL, 30 },
	    { .kind = LINK, "10", "20", NULL, NULL, 30 },
	    { .kind = ANSWER, "41", "40", NULL, "early", 12, 1 });
}

static int64_t staged(void)
{
	return count("SELECT (SELECT count(*) FROM StagedRecords) + (SELECT "
	             "count(*) FROM StagedComments)");
}

static void no_finding(void *self, const struct fault *finding)
{
	(void)self;
	fail_msg("%s: %s", finding->subject, finding->text);
}

static void expect_healthy(void)
{
	int64_t rows;

	OK(store_check(store, no_finding, NULL, &rows, &why));
}

static void the_date_is_known_from_birth_and_does_not_move(void **state)
{
	(void)state;
	crawl("run 1", 100);
	SAY({ .kind = QUESTION, "1", NULL, "T", "x", 500, 1, .last = 900 });
	intake_date_seen(in, day(1000));
	end();
	assert_int_equal(report.as_of, day(100));
	crawl("run 1", 200);
	end();
	assert_int_equal(report.as_of, day(100));
	assert_int_equal(count("SELECT AsOf = '1970-04-11 00:00:00.000' "
	                       "FROM Visits"),
	                 1);
}

static void nothing_waits_for_the_end_of_the_visit(void **state)
{
	(void)state;
	crawl("run 1", 100);
	thread();
	SAY({ .kind = USER, "1", NULL, "Ann", NULL });
	end();
	crawl("run 2", 101);
	SAY({ .kind = QUESTION,
	      "10",
	      NULL,
	      "Pods",
	      "why pods",
	      10,
	      9,
	      .accepted = "12",
	      .author = "1" },
	    { .kind = COMMENT, "1", "10", NULL, "nicer", 15, 2, .author = "4" },
	    { .kind = USER, "1", NULL, "Ann B.", NULL });
	assert_int_equal(staged(), 0);
	assert_int_equal(load("10").score, 9);
	assert_string_equal(load("10").author.at, "Ann B.");
	assert_int_equal(count("SELECT VoteCount FROM Comments "
	                       "WHERE Content = 'nicer'"),
	                 2);
	/* The same visit may see a thing twice: the later counts. */
	SAY({ .kind = QUESTION,
	      "10",
	      NULL,
	      "Pods",
	      "why pods",
	      10,
	      11,
	      .accepted = "12",
	      .author = "1" },
	    { .kind = COMMENT,
	      "1",
	      "10",
	      NULL,
	      "nicest",
	      15,
	      3,
	      .author = "4" },
	    { .kind = USER, "1", NULL, "Ann C.", NULL });
	assert_int_equal(load("10").score, 11);
	assert_string_equal(load("10").author.at, "Ann C.");
	assert_int_equal(count("SELECT count(*) FROM Comments "
	                       "WHERE Content = 'nicest'"),
	                 1);
	end();
	/* An older visit only adds. */
	crawl("late news", 99);
	SAY({ .kind = QUESTION, "10", NULL, "Pods", "why pods", 10, 2 },
	    { .kind = COMMENT, "1", "10", NULL, "old", 15, 0 },
	    { .kind = USER, "1", NULL, "A.", NULL });
	assert_int_equal(load("10").score, 11);
	assert_string_equal(load("10").author.at, "Ann C.");
	assert_int_equal(count("SELECT count(*) FROM Comments "
	                       "WHERE Content = 'nicest'"),
	                 1);
	expect_healthy();
}

static void a_name_may_come_before_whom_it_names(void **state)
{
	(void)state;
	crawl("run 1", 100);
	SAY({ .kind = USER, "7", NULL, "Zoe", NULL },
	    { .kind = USER, "8", NULL, "Yan", NULL },
	    { .kind = QUESTION, "1", NULL, "T", "x", 5, .author = "7" });
	assert_string_equal(load("1").author.at, "Zoe");
	end();
	assert_int_equal(count("SELECT count(*) FROM Authors"), 1);
	assert_int_equal(count("SELECT count(*) FROM StagedAuthors"), 0);
	expect_healthy();
}

static void a_killed_run_leaves_its_names_to_the_next(void **state)
{
	(void)state;
	crawl("run 1", 100);
	SAY({ .kind = USER, "7", NULL, "Zoe", NULL });
	intake_close(in);
	crawl("run 2", 101);
	SAY({ .kind = QUESTION, "1", NULL, "T", "x", 5, .author = "7" });
	assert_string_equal(load("1").author.at, "Zoe");
	end();
	assert_int_equal(count("SELECT count(*) FROM StagedAuthors"), 0);
}

static void answers_still_wait_for_their_question(void **state)
{
	(void)state;
	crawl("run 1", 100);
	thread();
	end();
	assert_int_equal(report.waiting, 1);
	crawl("run 2", 101);
	SAY({ .kind = QUESTION, "40", NULL, "Late", "late", 10 });
	assert_string_equal(load("40").answers[0].native.at, "41");
	end();
}

static void what_is_held_is_committed_whole_or_not_at_all(void **state)
{
	int64_t n;

	(void)state;
	crawl("run 1", 100);
	in->batch.most = 0; /* each row by itself, were it not held */
	intake_hold(in);
	SAY({ .kind = QUESTION, "1", NULL, "T", "x", 5 },
	    { .kind = QUESTION, "2", NULL, "T", "x", 5 });
	assert_true(batch_open(&in->batch));
	OK(intake_let_go(in, &why));
	assert_false(batch_open(&in->batch));
	in->batch.most = 80;
	SAY({ .kind = QUESTION, "3", NULL, "T", "x", 5 });
	OK(intake_commit(in, &why));
	assert_false(batch_open(&in->batch));
	intake_hold(in);
	SAY({ .kind = QUESTION, "4", NULL, "T", "x", 5 });
	intake_close(in); /* in the middle of a reply */
	in = NULL;
	n = count("SELECT count(*) FROM Posts");
	assert_int_equal(n, 3);
}

static bool gone(const char *id)
{
	bool was;

	OK(intake_gone(in, slice_of(id), day(100), &was, &why));
	return was;
}

static void what_is_gone_leaves_with_all_that_hangs_on_it(void **state)
{
	int64_t changed, counted, after;

	(void)state;
	crawl("run 1", 100);
	thread();
	OK(intake_commit(in, &why));
	OK(store_counters(store, &changed, &counted, &why));
	assert_true(gone("10"));
	assert_false(gone("10"));
	OK(intake_commit(in, &why));
	OK(store_counters(store, &after, &counted, &why));
	/* The question and its two answers, each with a number of its own. */
	assert_int_equal(after - changed, 3);
	assert_int_equal(count("SELECT count(DISTINCT Changed) FROM Gone WHERE "
	                       "GoneTime = '1970-04-11 00:00:00.000'"),
	                 3);
	assert_int_equal(count("SELECT count(*) FROM Posts"), 1);
	assert_int_equal(count("SELECT count(*) FROM Answers"), 0);
	assert_int_equal(count("SELECT count(*) FROM Comments"), 0);
	assert_int_equal(count("SELECT count(*) FROM Originals"), 2);
	assert_int_equal(count("SELECT count(*) FROM Authors"), 3);
	assert_int_equal(count("SELECT count(*) FROM Links"), 1);
	assert_int_equal(count("SELECT count(*) FROM Forgotten"), 0);
	assert_true(gone("30"));
	assert_true(gone("41")); /* waited in staging */
	assert_int_equal(count("SELECT count(*) FROM StagedAnswers"), 0);
	assert_int_equal(count("SELECT count(*) FROM Extras"), 0);
	/* It may come back. */
	thread();
	assert_int_equal(load("10").answer_count, 2);
	end();
	expect_healthy();
}

static void one_answer_may_go_alone(void **state)
{
	(void)state;
	crawl("run 1", 100);
	thread();
	assert_true(gone("12"));
	assert_int_equal(load("10").answer_count, 1);
	assert_int_equal(count("SELECT count(*) FROM Comments"), 1);
	assert_int_equal(count("SELECT AnswerID > 0 AND PostID > 0 FROM Gone"),
	                 1);
	end();
	expect_healthy();
}

static bool moved(const char *from, const char *to)
{
	bool was;

	OK(intake_moved(in, slice_of(from), slice_of(to), day(100), &was,
	                &why));
	return was;
}

static void a_new_id_keeps_the_post_and_what_names_it(void **state)
{
	int64_t post, changed, counted, after;

	(void)state;
	crawl("run 1", 100);
	thread();
	post = load("10").id;
	OK(intake_commit(in, &why));
	OK(store_counters(store, &changed, &counted, &why));
	assert_true(moved("10", "100"));
	OK(intake_commit(in, &why));
	OK(store_counters(store, &after, &counted, &why));
	assert_int_equal(after - changed, 3);
	assert_int_equal(load("100").id, post);
	assert_int_equal(load("100").answer_count, 2);
	assert_int_equal(count("SELECT count(*) FROM Comments "
	                       "WHERE Parent = '100'"),
	                 1);
	assert_int_equal(count("SELECT count(*) FROM Links WHERE '100' IN "
	                       "(FromID, ToID)"),
	                 2);
	assert_int_equal(count("SELECT count(*) FROM Gone"), 0);
	assert_true(moved("12", "120"));
	assert_true(load("100").answers[0].accepted);
	assert_true(moved("30", "300"));
	assert_false(moved("40", "400"));
	SAY({ .kind = QUESTION, "400", NULL, "Late", "late", 10 });
	assert_string_equal(load("400").answers[0].native.at, "41");
	end();
	expect_healthy();
}

static void onto_one_that_is_there_the_old_one_goes(void **state)
{
	(void)state;
	crawl("run 1", 100);
	thread();
	assert_true(moved("20", "10"));
	assert_int_equal(count("SELECT count(*) FROM Posts"), 1);
	assert_string_equal(load("10").title.at, "Pods");
	assert_false(moved("10", "10"));
	end();
	expect_healthy();
}

static void a_new_id_does_not_bring_back_what_was_forgotten(void **state)
{
	(void)state;
	crawl("run 1", 100);
	thread();
	OK(intake_commit(in, &why));
	OK(store_forget(store, SLICE("example.com/20"), 0, &why));
	assert_false(moved("20", "21"));
	SAY({ .kind = QUESTION, "21", NULL, "Disks", "why disks", 20 });
	assert_int_equal(count("SELECT count(*) FROM Posts"), 1);
	assert_true(moved("10", "21"));
	assert_int_equal(count("SELECT count(*) FROM Posts"), 0);
	end();
	expect_healthy();
}

static void a_damaged_row_is_not_moved_and_may_go(void **state)
{
	bool was;

	(void)state;
	crawl("run 1", 100);
	thread();
	OK(rows_script(store_rows(store),
	               "UPDATE Posts SET Title = 'x' WHERE NativeID = '10'",
	               &why));
	assert_false(
	        intake_moved(in, SLICE("10"), SLICE("100"), 0, &was, &why));
	assert_string_equal(why.code, "row-damaged");
	assert_true(gone("10"));
	end();
	expect_healthy();
}

/* One page by hand: these lines say more than a dump's can. */
static struct record page(int64_t revision, const char *title)
{
	return (struct record){
		.kind = RECORD_PAGE,
		.id = SLICE("7"),
		.title = slice_of(title),
		.link = SLICE("https://example.com/7"),
		.created = day(1),
		.modified = day(revision),
		.closed = CLOCK_NONE,
		.revision = revision,
	};
}

static int64_t changed(void)
{
	return count("SELECT max(Changed) FROM Posts");
}

static void expect_row(const char *title, const char *access, int64_t revision)
{
	char sql[300];

	snprintf(sql, sizeof(sql),
	         "SELECT count(*) FROM Posts WHERE NativeID = '7' AND Title = "
	         "'%s' AND Access = '%s' AND Revision = %lld AND PostContent "
	         "= 'body'",
	         title, access, (long long)revision);
	assert_int_equal(count(sql), 1);
}

static void a_record_may_bear_a_label_of_its_own(void **state)
{
	struct record r = page(3, "Disks");

	(void)state;
	r.content = r.original = SLICE("body");
	r.access = SLICE("sre");
	crawl("one", 10);
	OK(intake_record(in, &r, &why));
	expect_row("Disks", "sre", 3);
	r.access = (struct slice){ 0 };
	OK(intake_record(in, &r, &why));
	expect_row("Disks", "public", 3);
	r.access = SLICE("two words");
	assert_false(intake_record(in, &r, &why));
	assert_string_equal(why.code, "access-label");
	expect_row("Disks", "public", 3);
	end();
	expect_healthy();
}

static void a_head_changes_what_stands_around_a_text(void **state)
{
	struct record r = page(3, "Disks"), head = page(4, "Disks, all");
	int64_t before;

	(void)state;
	r.content = r.original = SLICE("body");
	head.flags = RECORD_HEAD;
	crawl("one", 10);
	OK(intake_record(in, &head, &why));
	assert_int_equal(count("SELECT count(*) FROM Posts"), 0);
	OK(intake_record(in, &r, &why));
	end();
	before = changed();
	crawl("two", 11);
	head.access = SLICE("sre");
	OK(intake_record(in, &head, &why));
	assert_true(changed() > before);
	expect_row("Disks, all", "sre", 3);
	/* Said again it moves nothing, and the text of 4 is still to come. */
	before = changed();
	OK(intake_record(in, &head, &why));
	assert_int_equal(changed(), before);
	head.content = head.original = SLICE("no");
	OK(intake_record(in, &head, &why));
	expect_row("Disks, all", "sre", 3);
	head.title = head.link = (struct slice){ 0 };
	head.access = SLICE("closed");
	OK(intake_record(in, &head, &why));
	expect_row("Disks, all", "closed", 3);
	assert_int_equal(changed(), before + 1);
	OK(intake_record(in, &head, &why));
	assert_int_equal(changed(), before + 1);
	r = page(4, "Disks, all");
	r.content = r.original = SLICE("body");
	OK(intake_record(in, &r, &why));
	expect_row("Disks, all", "public", 4);
	end();
	expect_healthy();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_date_is_known_from_birth_and_does_not_move),
		TEST(nothing_waits_for_the_end_of_the_visit),
		TEST(a_name_may_come_before_whom_it_names),
		TEST(a_killed_run_leaves_its_names_to_the_next),
		TEST(answers_still_wait_for_their_question),
		TEST(what_is_held_is_committed_whole_or_not_at_all),
		TEST(what_is_gone_leaves_with_all_that_hangs_on_it),
		TEST(one_answer_may_go_alone),
		TEST(a_new_id_keeps_the_post_and_what_names_it),
		TEST(onto_one_that_is_there_the_old_one_goes),
		TEST(a_new_id_does_not_bring_back_what_was_forgotten),
		TEST(a_damaged_row_is_not_moved_and_may_go),
		TEST(a_record_may_bear_a_label_of_its_own),
		TEST(a_head_changes_what_stands_around_a_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
