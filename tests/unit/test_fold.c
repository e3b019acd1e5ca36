/* Folding: what becomes of digests, of their changes, and of a death at any
 * commit; what forgetting takes; that words stay words. */

#include "intake_fixture.h"

#include "base/text/markdown.h"
#include "kb/cases/fold.h"
#include "kb/cases/fold_text.h"
#include "schema/cases.h"
#include "schema/digests.h"
#include "schema/ledger.h"

#define SPACE "aws-support/123456789012"

static struct fold_report folded;

static int64_t put_case(const char *id, int day, const char *access)
{
	struct case_reply reply = { .side = SIDE_CUSTOMER,
		                    .time = CLOCK_NONE,
		                    .body = SLICE("raw giraffe words") };
	struct support_case c = { .space = SLICE(SPACE),
		                  .native = slice_of(id),
		                  .subject = SLICE("zebra"),
		                  .service = SLICE("EC2"),
		                  .access = slice_of(access),
		                  .link = SLICE("https://support.example/"),
		                  .channel = SLICE("import"),
		                  .created = day * 86400000LL,
		                  .resolved = CLOCK_NONE,
		                  .replies = &reply,
		                  .reply_count = 1 };
	enum case_outcome what;
	int64_t number;

	OK(cases_put(store, &c, 1000, &what, &why));
	OK(case_find(store, &reader_all, c.space, c.native, &number, &why));
	return number;
}

/* Problem `n` of many that have no word in common. */
static void put_digest(int64_t id, int n, const char *steps)
{
	struct slice service = SLICE("EC2"), step = slice_of(steps);
	char problem[160], cause[160], code[32], title[64];
	struct slice codes, titles;
	struct digest d = { .case_id = id, .time = 5, .steps = &step };

	snprintf(problem, sizeof(problem),
	         "alpha%d bravo%d charlie%d delta%d echo%d are broken", n, n, n,
	         n, n);
	snprintf(cause, sizeof(cause), "golf%d hotel%d india%d", n, n, n);
	snprintf(code, sizeof(code), "Code%d", n);
	snprintf(title, sizeof(title), "Why are alpha%d bravo%d broken?", n, n);
	codes = slice_of(code);
	titles = slice_of(title);
	d.problem = slice_of(problem);
	d.cause = slice_of(cause);
	d.class = SLICE("configuration error");
	d.services = &service;
	d.codes = &codes;
	d.titles = &titles;
	d.step_count = *steps ? 1 : 0;
	d.service_count = d.code_count = d.title_count = 1;
	d.language = SLICE("en");
	d.back_end = SLICE("openai");
	d.model = SLICE("made");
	d.prompt = SLICE("1-0");
	OK(digest_put(store, &d, &why));
}

static bool fold(bool by_entry)
{
	const struct fold_options o = { .store = store,
		                        .now = 9000,
		                        .by_entry = by_entry };

	return fold_run(&o, &folded, &why);
}

static void expect_fold(int64_t added, int64_t updated, int64_t same,
                        int64_t removed)
{
	OK(fold(false));
	assert_int_equal(folded.added, added);
	assert_int_equal(folded.updated, updated);
	assert_int_equal(folded.same, same);
	assert_int_equal(folded.removed, removed);
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

/* One text out of the store. */
static const char *ask(const char *sql)
{
	static char out[1 << 16];
	sqlite3_stmt *s;

	assert_int_equal(
	        sqlite3_prepare_v2(store_rows(store)->db, sql, -1, &s, NULL),
	        SQLITE_OK);
	out[0] = '\0';
	while (sqlite3_step(s) == SQLITE_ROW)
		snprintf(out + strlen(out), sizeof(out) - strlen(out), "%s%s",
		         *out ? ";" : "",
		         sqlite3_column_text(s, 0)
		                 ? (const char *)sqlite3_column_text(s, 0)
		                 : "NULL");
	sqlite3_finalize(s);
	return out;
}

#define EXPECT(sql, value) assert_string_equal(ask(sql), value)

/* All that folding wrote, but for numbers that deaths may use up. */
static char *folded_rows(void)
{
	static const char *const tables[] = {
		"SELECT NativeID||'|'||Title||'|'||PostContent||'|'||Access||"
		"'|'||Tags||'|'||AcceptedAnswer||'|'||ModifyTime FROM Posts "
		"ORDER BY NativeID",
		"SELECT p.NativeID||'|'||a.NativeID||'|'||AnswerContent FROM "
		"Answers a JOIN Posts p USING (PostID) ORDER BY 1",
		"SELECT Address||'|'||NativeID FROM Aliases ORDER BY 1",
		"SELECT CaseID||'|'||Entry||'|'||Folded FROM CaseEntries "
		"ORDER BY 1",
	};
	struct buf b = BUF_INIT(1 << 20);
	char *out;
	size_t i;

	for (i = 0; i < sizeof(tables) / sizeof(*tables); i++)
		buf_addf(&b, "%s\n", ask(tables[i]));
	out = strdup(buf_string(&b));
	buf_release(&b);
	return out;
}

static void the_same_problem_is_one_entry(void **state)
{
	int64_t one = put_case("11", 1, "staff"),
	        two = put_case("12", 2, "staff");

	(void)state;
	put_case("13", 3, "staff");
	put_digest(one, 1, "");
	put_digest(two, 1, "turn it on");
	expect_fold(1, 0, 0, 0);
	assert_int_equal(folded.cases, 2);
	assert_int_equal(folded.entries, 1);
	assert_int_equal(folded.recurring, 1);
	assert_int_equal(folded.waiting, 1);
	EXPECT("SELECT NativeID || Kind || Access || Flags FROM Posts",
	       "11casestaff2");
	EXPECT("SELECT NativeID FROM Answers", "11");
	/* The first has no steps: they come from the second. */
	EXPECT("SELECT AnswerContent LIKE '%1. turn it on' FROM Answers", "1");
	EXPECT("SELECT Address || NativeID FROM Aliases", "1211");
	EXPECT("SELECT count(*) FROM Posts, Answers WHERE PostContent || Title "
	       "|| AnswerContent LIKE '%giraffe%' OR Title LIKE '%zebra%'",
	       "0");
	expect_fold(0, 0, 1, 0);
	expect_healthy();
}

static void an_earlier_case_takes_the_entry_over(void **state)
{
	int64_t two = put_case("12", 2, "staff"), one;
	char *post;

	(void)state;
	put_digest(two, 1, "");
	expect_fold(1, 0, 0, 0);
	post = strdup(ask("SELECT PostID FROM Posts"));
	one = put_case("11", 1, "staff");
	put_digest(one, 1, "");
	expect_fold(0, 1, 0, 0);
	EXPECT("SELECT NativeID FROM Posts", "11");
	EXPECT("SELECT NativeID FROM Answers", "11");
	EXPECT("SELECT PostID FROM Posts", post);
	EXPECT("SELECT Address || NativeID || Kind FROM Aliases",
	       "1211redirect");
	free(post);
	expect_healthy();
}

static void labels_part_entries(void **state)
{
	int64_t one = put_case("11", 1, "staff"),
	        two = put_case("12", 2, "staff");

	(void)state;
	put_digest(one, 1, "");
	put_digest(two, 1, "");
	expect_fold(1, 0, 0, 0);
	put_case("11", 1, "public");
	expect_fold(1, 1, 0, 0);
	EXPECT("SELECT NativeID || Access FROM Posts ORDER BY 1",
	       "11public;12staff");
	EXPECT("SELECT count(*) FROM Posts WHERE NativeID = '11' AND "
	       "PostContent LIKE '%12%'",
	       "0");
	EXPECT("SELECT count(*) FROM Aliases", "0");
	expect_healthy();
}

/* A digest that is not there any more, or says nothing. */
static void what_loses_its_digest_goes(void **state)
{
	int64_t one = put_case("11", 1, "staff"),
	        two = put_case("12", 2, "staff");

	(void)state;
	put_digest(one, 1, "");
	put_digest(two, 2, "");
	expect_fold(2, 0, 0, 0);
	OK(rows_script(store_rows(store),
	               "DELETE FROM CaseDigests WHERE "
	               "CaseID = 1",
	               &why));
	expect_fold(0, 0, 1, 1);
	EXPECT("SELECT NativeID FROM Posts", "12");
	EXPECT("SELECT Entry FROM CaseEntries", "12");
	/* An answer that has nothing to say goes alone. */
	OK(rows_script(store_rows(store), "UPDATE CaseDigests SET Cause = ''",
	               &why));
	expect_fold(0, 1, 0, 0);
	EXPECT("SELECT count(*) FROM Answers", "0");
	expect_fold(0, 0, 1, 0);
	expect_healthy();
}

/* Many cases in states that move each other's entries. */
static void make_first(void)
{
	char id[16];
	int i;

	for (i = 10; i < 70; i++) {
		snprintf(id, sizeof(id), "%d", i);
		put_digest(put_case(id, i, i % 7 ? "staff" : "public"), i / 3,
		           "do it");
	}
}

static void make_second(void)
{
	char id[16];
	int i;

	for (i = 10; i < 70; i += 2) {
		snprintf(id, sizeof(id), "%d", i);
		put_digest(put_case(id, 90 - i, i % 5 ? "staff" : "public"),
		           i / 4, "do it well");
	}
	OK(rows_script(store_rows(store),
	               "DELETE FROM Cases WHERE NativeID IN ('12', '21', '24')",
	               &why));
}

static int commits_left;

/* Every commit from some on fails, as if the process had died there. */
static int die(void *self)
{
	(void)self;
	return commits_left-- <= 0;
}

static void again(void)
{
	store_close(store);
	remove_store();
	open_store();
}

static void killed_anywhere_it_ends_the_same(void **state)
{
	char *want, *have;
	bool died = true;
	int k, deaths = 0;

	(void)state;
	make_first();
	OK(fold(false));
	make_second();
	OK(fold(false));
	want = folded_rows();
	for (k = 0; died; k++) {
		again();
		make_first();
		OK(fold(false));
		make_second();
		commits_left = k;
		sqlite3_commit_hook(store_rows(store)->db, die, NULL);
		died = !fold(true);
		deaths += died;
		store_close(store);
		open_store();
		if (k % 4 == 0)
			expect_healthy();
		OK(fold(true));
		have = folded_rows();
		assert_string_equal(have, want);
		free(have);
		expect_fold(0, 0, folded.entries, 0);
	}
	print_message("%d deaths\n", deaths);
	assert_true(deaths > 10);
	expect_healthy();
	free(want);
}

static void ledger(const char *subject)
{
	struct ledger_call c = { .section = SLICE("default"),
		                 .purpose = SLICE("digest"),
		                 .subject = slice_of(subject),
		                 .back_end = SLICE("openai"),
		                 .model = SLICE("made"),
		                 .request = SLICE("00ff"),
		                 .started = 5,
		                 .cost = 7 };
	struct ledger_end e = { .outcome = SLICE("answer"), .cost = 7 };
	struct ledger_answer a = { .request = SLICE("00ff"),
		                   .subject = slice_of(subject),
		                   .model = SLICE("made"),
		                   .finish = SLICE("stop"),
		                   .answer = SLICE("words about giraffes") };
	int64_t id;

	OK(ledger_sent(store, &c, &id, &why));
	OK(ledger_ended(store, id, &e, &a, &why));
}

/* Forgets case 12, which is an occurrence of 11's entry, or 11 itself. */
static void forgetting_takes_all_of_a_case(void **state)
{
	static const char *const ids[] = { "12", "11", "11#a-11" };
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		int64_t one, two;
		char id[64];

		again();
		one = put_case("11", 1, "staff");
		two = put_case("12", 2, "staff");
		put_digest(one, 1, "");
		put_digest(two, 1, "");
		OK(digest_correct(store, one, FIELD_CLASS, SLICE("billing"), 6,
		                  &why));
		OK(digest_correct(store, two, FIELD_CLASS, SLICE("billing"), 6,
		                  &why));
		ledger(i ? SPACE "/11" : SPACE "/12");
		expect_fold(1, 0, 0, 0);
		snprintf(id, sizeof(id), SPACE "/%s", ids[i]);
		OK(store_forget(store, slice_of(id), 7, &why));
		EXPECT("SELECT count(*) FROM Posts", "0");
		EXPECT("SELECT count(*) FROM Answers", "0");
		EXPECT("SELECT count(*) FROM Aliases", "0");
		EXPECT("SELECT count(*) FROM CaseEntries", "0");
		EXPECT("SELECT NativeID FROM Cases", i ? "12" : "11");
		EXPECT("SELECT count(*) FROM CaseReplies", "1");
		EXPECT("SELECT count(*) FROM CaseDigests", "1");
		EXPECT("SELECT count(*) FROM CaseCorrections", "1");
		EXPECT("SELECT count(*) FROM ModelAnswers", "0");
		EXPECT("SELECT Subject || Cost FROM ModelCalls", "7");
		EXPECT("SELECT NativeID FROM Forgotten", i ? "11" : "12");
		expect_healthy();
		/* It stays out, and the other one has its entry again. */
		{
			struct support_case c = {
				.space = SLICE(SPACE),
				.native = i ? SLICE("11") : SLICE("12"),
				.access = SLICE("staff"),
				.created = CLOCK_NONE,
				.resolved = CLOCK_NONE,
			};
			enum case_outcome what;

			OK(cases_put(store, &c, 8, &what, &why));
			assert_int_equal(what, CASE_FORGOTTEN);
		}
		expect_fold(1, 0, 0, 0);
		EXPECT("SELECT NativeID FROM Posts", i ? "12" : "11");
		assert_false(store_forget(store, slice_of(id), 9, &why));
		assert_int_equal(why.kind, FAULT_GONE);
		expect_healthy();
	}
}

static void doctor_hears(void *self, const struct fault *finding)
{
	(void)finding;
	++*(int *)self;
}

static void doctor_sees_a_changed_case(void **state)
{
	int64_t rows;
	int found = 0;

	(void)state;
	put_digest(put_case("11", 1, "staff"), 1, "");
	OK(fold(false));
	OK(rows_script(store_rows(store),
	               "UPDATE CaseReplies SET Body = Body || '!'", &why));
	OK(store_check(store, doctor_hears, &found, &rows, &why));
	assert_int_equal(found, 1);
	OK(rows_script(store_rows(store),
	               "UPDATE CaseDigests SET Steps = 'no list'; "
	               "UPDATE CaseEntries SET Entry = 'nothing'",
	               &why));
	found = 0;
	OK(store_check(store, doctor_hears, &found, &rows, &why));
	assert_int_equal(found, 3);
}

/* Whatever a digest says, a reader sees those words and no markup. */
static void words_stay_words(void **state)
{
	static const char *const words[] = {
		"# no heading",
		"- no list, 1. nor this",
		"1. first",
		"> no quote",
		"[a link](https://evil.example)",
		"![an image](https://evil.example/x.png)",
		"<b>bold</b> <script>alert(1)</script>",
		"*no* _emphasis_ **at all** ~~none~~",
		"`no code` ```nor a fence",
		"a | b | c",
		"--- no rule",
		"&amp; &lt;b&gt;",
		"\\ backslash \\* and \\[",
		"line one\nline two\n\n# line four",
		"=== equals",
		"+ plus",
		"    indented",
		"表格 | 不是 *强调* 的",
		"<https://evil.example>",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(words) / sizeof(*words); i++) {
		struct slice s = slice_of(words[i]);
		struct digest d = { .problem = s,
			            .cause = s,
			            .class = SLICE("x"),
			            .steps = &s,
			            .titles = &s,
			            .step_count = 1,
			            .title_count = 1 };
		const struct fold_member m = { .native = SLICE("11"),
			                       .created = CLOCK_NONE,
			                       .resolved = CLOCK_NONE,
			                       .digest = &d };
		struct buf plain = BUF_INIT(1 << 16), want = BUF_INIT(1 << 16);
		struct fold_text t;
		size_t j;

		fold_text(&m, 1, &arena, &t);
		markdown_text(t.problem, &plain);
		for (j = 0; j < slice_trim(s).len; j++)
			if (slice_trim(s).at[j] != '\n')
				buf_byte(&want, slice_trim(s).at[j]);
			else if (want.at[want.len - 1] != ' ')
				buf_byte(&want, ' ');
		assert_string_equal(buf_string(&plain), buf_string(&want));
		assert_true(slice_find(t.problem, '\n') == t.problem.len);
		buf_reset(&plain);
		markdown_text(t.solution, &plain);
		assert_non_null(strstr(buf_string(&plain), buf_string(&want)));
		buf_release(&plain);
		buf_release(&want);
	}
}

/* Codes stay as they are, whatever quotes they have. */
static void codes_stay_codes(void **state)
{
	struct slice codes[] = { SLICE("A_B*C"), SLICE("tick`tock"),
		                 SLICE("`x`") };
	struct digest d = { .problem = SLICE("p"),
		            .class = SLICE("x"),
		            .codes = codes,
		            .code_count = 3 };
	const struct fold_member m = { .native = SLICE("11"),
		                       .created = CLOCK_NONE,
		                       .resolved = CLOCK_NONE,
		                       .digest = &d };
	struct buf plain = BUF_INIT(1 << 16);
	struct fold_text t;

	(void)state;
	fold_text(&m, 1, &arena, &t);
	markdown_text(t.problem, &plain);
	assert_string_equal(buf_string(&plain),
	                    "p\n\nError codes: A_B*C, tick`tock, `x`");
	assert_int_equal(t.tag_count, 3);
	assert_int_equal(t.solution.len, 0);
	buf_release(&plain);
}

/* A case that spoke to the model does not speak for the others. */
static void suspects_speak_last(void **state)
{
	struct digest first = { .problem = SLICE("obey me"),
		                .class = SLICE("x"),
		                .flags = DIGEST_SUSPECT };
	struct digest second = { .problem = SLICE("the disk is full"),
		                 .class = SLICE("x") };
	struct fold_member m[] = { { .native = SLICE("11"), .digest = &first },
		                   { .native = SLICE("12"),
		                     .digest = &second } };
	struct fold_text t;

	(void)state;
	fold_text(m, 2, &arena, &t);
	assert_true(slice_starts(t.problem, SLICE("the disk is full")));
	first.corrected = 1u << FIELD_PROBLEM;
	fold_text(m, 2, &arena, &t);
	assert_true(slice_starts(t.problem, SLICE("obey me")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_same_problem_is_one_entry),
		TEST(an_earlier_case_takes_the_entry_over),
		TEST(labels_part_entries),
		TEST(what_loses_its_digest_goes),
		TEST(killed_anywhere_it_ends_the_same),
		TEST(forgetting_takes_all_of_a_case),
		TEST(doctor_sees_a_changed_case),
		TEST(words_stay_words),
		TEST(codes_stay_codes),
		TEST(suspects_speak_last),
	};

	return cmocka_run_group_tests_name("fold", tests, NULL, NULL);
}
