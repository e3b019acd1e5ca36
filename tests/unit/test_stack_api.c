/* The API's replies, and what the source does next. */

#include "stack_scene.h"

#include "crawler/stack_api.h"

#define SITE "site = ops.example\napi = https://api.example/2.3/\n"
#define FILTER "&filter=%21made%2ABy%28test%29~&site=ops.example"

/* A filter was made already. */
static void start_filtered(struct scene *s, const char *settings)
{
	scene_start(s, settings);
	scene_must_read(s, "api/filter.json");
}

static void makes_its_filter_once(void **state)
{
	struct scene *s = *state;

	scene_start(s, SITE);
	assert_non_null(
	        strstr(buf_string(&s->log),
	               "listing\nask https://api.example/2.3/filters/"
	               "create?base=none&unsafe=true&include=.backoff%3B"));
	assert_true(s->asked.flags & ASK_ERRORS);
	assert_false(s->asked.flags & ASK_PAGE);
	scene_must_read(s, "api/filter.json");
	scene_said(s, "quota 299 of 300 until 1700006400000\n"
	              "mark\n"
	              "ask https://api.example/2.3/questions?order=asc&sort="
	              "activity&page=1&pagesize=100" FILTER "\n");
	/* The next run knows it. */
	scene_start(s, SITE);
	scene_said(s, "listing\n"
	              "ask https://api.example/2.3/questions?order=asc&sort="
	              "activity&page=1&pagesize=100" FILTER "\n");
}

static void reads_questions_with_answers(void **state)
{
	struct scene *s = *state;

	start_filtered(s, SITE);
	scene_must_read(s, "api/list-1.json");
	scene_said(s,
	           "quota 298 of 300 until 1700006400000\n"
	           "named 11 at 1400034072\n"
	           "named 21 at 1400031472\n"
	           "named 22 at 1400033472\n"
	           "named 12 at 1400030000\n"
	           "named 13 at 1400041000\n"
	           "named 31 at 1400042000\n"
	           "question 11 [Why does \"df\" & du disagree?] votes 12 "
	           "views 3456 accepted 21 at 1400034072 by 5 #linux "
	           "#disk-space CC-BY-SA-3.0\n"
	           "author 5 [Ada & Co] https://ops.example/users/5\n"
	           "comment 91 of 11 votes 3 [Is a file deleted but open? "
	           "`lsof +L1`]\n"
	           "author 6 [Bo] https://ops.example/users/6\n"
	           "answer 21 of 11 [] votes 9 at 1400031472 by 6 "
	           "CC-BY-SA-3.0\n"
	           "author 6 [Bo] https://ops.example/users/6\n"
	           "answer 22 of 11 [] votes -1 at 1400033472 by ~user77 "
	           "CC-BY-SA-3.0\n"
	           "question 13 [Restart loop of a unit] votes -2 views 77 at "
	           "1400041000 closed 1400049000 by 7 #systemd CC-BY-SA-3.0\n"
	           "author 7 [Cy] https://ops.example/users/7\n"
	           "link 13 to 11 duplicate\n"
	           "answer 31 of 13 [] votes 0 at 1400042000 by 5 \n"
	           "author 5 [Ada & Co] https://ops.example/users/5\n"
	           "ask https://api.example/2.3/questions/13/answers?order=asc&"
	           "sort=creation&page=1&pagesize=100" FILTER "\n");
}

static void asks_for_answers_left_out_then_goes_on(void **state)
{
	struct scene *s = *state;

	start_filtered(s, SITE);
	scene_must_read(s, "api/list-1.json");
	scene_must_read(s, "api/answers-1.json");
	scene_said(s, "quota 297 of 300 until 1700006400000\n"
	              "rest 5001\n"
	              "named 31 at 1400042000\n"
	              "named 32 at 1400043000\n"
	              "answer 31 of 13 [] votes 0 at 1400042000 by 5 \n"
	              "author 5 [Ada & Co] https://ops.example/users/5\n"
	              "answer 32 of 13 [] votes 4 at 1400043000 by 6 \n"
	              "author 6 [Bo] https://ops.example/users/6\n"
	              "ask https://api.example/2.3/questions/13/answers?order="
	              "asc&sort=creation&page=2&pagesize=100" FILTER "\n");
	scene_must_read(s, "api/answers-2.json");
	scene_said(s,
	           "quota 296 of 300 until 1700006400000\n"
	           "named 33 at 1400044000\n"
	           "answer 33 of 13 [] votes 1 at 1400044000 by 8 \n"
	           "author 8 [Di] https://ops.example/users/8\n"
	           "mark\n"
	           "ask https://api.example/2.3/questions?order=asc&sort="
	           "activity&min=1400050000&page=1&pagesize=100" FILTER "\n");
	scene_must_read(s, "api/list-2.json");
	scene_said(s, "quota 295 of 300 until 1700006400000\n"
	              "named 13 at 1400041000\n"
	              "named 14 at 1400060000\n"
	              "question 14 [Clock drift] votes 2 views 5 at 1400060000 "
	              "by 7 #ntp \n"
	              "author 7 [Cy] https://ops.example/users/7\n"
	              "listed\n"
	              "mark\n");
}

/* An hour before the mark, and no listing until it is time for one. */
static void goes_on_from_its_mark(void **state)
{
	static const char from[] =
	        "ask https://api.example/2.3/questions?order=asc&sort=activity&"
	        "min=1400056400&page=1&pagesize=100" FILTER "\n";
	struct scene *s = *state;

	start_filtered(s, SITE);
	scene_must_read(s, "api/list-2.json");
	scene_start(s, SITE);
	scene_said(s, from);
	scene_must_read(s, "api/list-2.json");
	assert_null(strstr(buf_string(&s->log), "listed"));
	/* Other questions are wanted: the mark says nothing about them. */
	scene_start(s, SITE "min-score = 5\n");
	assert_null(strstr(buf_string(&s->log), "min="));
	/* --now */
	assert_true(scene_open(s, SITE, true));
	s->kind->seed(s->self, &s->yield);
	scene_take(s);
	assert_non_null(strstr(buf_string(&s->log), "listing\n"));
}

static void keeps_what_is_wanted(void **state)
{
	struct scene *s = *state;

	start_filtered(s, SITE "min-score = 0\ntags = systemd, linux\n");
	scene_must_read(s, "api/list-1.json");
	assert_non_null(strstr(buf_string(&s->log), "named 13 "));
	assert_non_null(strstr(buf_string(&s->log), "question 11 "));
	assert_null(strstr(buf_string(&s->log), "question 13 "));
	assert_null(strstr(buf_string(&s->log), "answer 31 "));
	/* One tag: the API chooses, and nobody says what there is. */
	s->mark = (struct slice){ 0 };
	scene_start(s, SITE "tags = c++\n");
	assert_null(strstr(buf_string(&s->log), "listing"));
	scene_must_read(s, "api/filter.json");
	assert_non_null(strstr(buf_string(&s->log), "&tagged=c%2B%2B&page=1"));
}

static void walks_by_votes(void **state)
{
	struct scene *s = *state;

	start_filtered(s, SITE "order = votes\nmin-score = -5\npages = 2\n");
	assert_non_null(strstr(buf_string(&s->log),
	                       "?order=desc&sort=votes&min=-5&page=1"));
	scene_must_read(s, "api/backwards.json");
	assert_non_null(strstr(buf_string(&s->log),
	                       "?order=desc&sort=votes&max=0&min=-5&page=1"));
	/* All of one page have the same votes: its second page. */
	scene_must_read(s, "api/backwards.json");
	assert_non_null(strstr(buf_string(&s->log), "event stack-ceiling"));
	assert_null(strstr(buf_string(&s->log), "ask"));
}

static void never_walks_in_circles(void **state)
{
	struct scene *s = *state;

	start_filtered(s, SITE);
	scene_must_read(s, "api/backwards.json");
	assert_non_null(strstr(buf_string(&s->log), "&min=100&page=1&"));
	scene_must_read(s, "api/backwards.json");
	assert_non_null(strstr(buf_string(&s->log), "&min=100&page=2&"));
	scene_must_read(s, "api/list-1.json");
	scene_must_read(s, "api/answers-2.json");
	assert_false(scene_read(s, "api/backwards.json"));
	assert_string_equal(s->fault.code, "stack-order");
}

/* A listing that breaks off says nothing of what is missing. */
static void an_empty_page_ends_no_listing(void **state)
{
	struct scene *s = *state;

	start_filtered(s, SITE);
	assert_false(scene_read(s, "api/empty-more.json"));
	assert_int_equal(s->fault.kind, FAULT_LATER);
	assert_null(strstr(buf_string(&s->log), "listed"));
	assert_false(scene_reply(s, SLICE("{\"items\": []}")));
	assert_int_equal(s->fault.kind, FAULT_LATER);
	assert_null(strstr(buf_string(&s->log), "listed"));
	scene_must_read(s, "api/spent.json");
	scene_said(s, "quota 0 of 300 until 1700006400000\nlisted\nmark\n");
}

static void rests_as_long_as_told(void **state)
{
	struct scene *s = *state;

	start_filtered(s, SITE);
	s->status = 400;
	assert_false(scene_read(s, "api/throttled.json"));
	assert_int_equal(s->fault.kind, FAULT_LATER);
	scene_said(s, "rest 17502000 refused\n");
	assert_false(scene_reply(s, SLICE("{\"error_id\": 502}")));
	scene_said(s, "rest 60000 refused\n");
	assert_false(scene_reply(s, SLICE("{\"error_id\": 500}")));
	assert_int_equal(s->fault.kind, FAULT_LATER);
	scene_said(s, "rest 30000\n");
	s->status = 200;
	scene_must_read(s, "api/list-1.json");
}

static void explains_errors(void **state)
{
	struct scene *s = *state;

	start_filtered(s, SITE);
	s->status = 400;
	assert_false(scene_read(s, "api/denied.json"));
	assert_int_equal(s->fault.kind, FAULT_DENIED);
	assert_string_equal(s->fault.text,
	                    "the API refused: page above 25 requires access "
	                    "token or app key (403)");
	scene_said(s, "");
	assert_false(scene_reply(
	        s, SLICE("{\"error_id\": 400, \"error_message\": \"site\"}")));
	assert_int_equal(s->fault.kind, FAULT_USAGE);
	assert_false(scene_reply(s, SLICE("{\"error_id\": 4711}")));
	assert_int_equal(s->fault.kind, FAULT_INPUT);
}

static void makes_a_lost_filter_anew(void **state)
{
	struct scene *s = *state;

	start_filtered(s, SITE);
	s->status = 400;
	scene_must_read(s, "api/bad-filter.json");
	assert_non_null(strstr(buf_string(&s->log), "/filters/create?"));
	s->status = 200;
	scene_must_read(s, "api/filter.json");
	s->status = 400;
	assert_false(scene_read(s, "api/bad-filter.json"));
	assert_int_equal(s->fault.kind, FAULT_USAGE);
}

/* An older service refuses a list with fields that it does not know. */
static void asks_for_fewer_fields(void **state)
{
	struct scene *s = *state;

	scene_start(s, SITE);
	assert_non_null(strstr(buf_string(&s->log), "original_question."));
	s->status = 400;
	scene_must_read(s, "api/bad-filter.json");
	assert_non_null(strstr(buf_string(&s->log), "/filters/create?"));
	assert_null(strstr(buf_string(&s->log), "original_question."));
	assert_false(scene_read(s, "api/bad-filter.json"));
	assert_int_equal(s->fault.kind, FAULT_USAGE);
	s->status = 200;
	scene_must_read(s, "api/filter.json");
	assert_non_null(strstr(buf_string(&s->log), "/questions?"));
}

/* Something between us and the API answers. */
static void tells_who_is_no_api(void **state)
{
	static const char page[] = "<html><h1>Bad gateway</h1></html>";
	struct scene *s = *state;

	start_filtered(s, SITE);
	assert_false(scene_reply(s, SLICE(page)));
	assert_int_equal(s->fault.kind, FAULT_LATER);
	assert_false(scene_reply(s, SLICE("{\"items\": [{\"question_id\": ")));
	assert_int_equal(s->fault.kind, FAULT_LATER);
	assert_false(scene_reply(s, SLICE("")));
	assert_int_equal(s->fault.kind, FAULT_LATER);
	s->status = 403;
	assert_false(scene_reply(s, SLICE(page)));
	assert_int_equal(s->fault.kind, FAULT_DENIED);
	s->status = 404;
	assert_false(scene_reply(s, SLICE(page)));
	assert_int_equal(s->fault.kind, FAULT_USAGE);
}

static void refuses_settings(void **state)
{
	static const char *const wrong[] = {
		"order = newest\n",   "page-size = 101\n", "pages = 0\n",
		"min-score = many\n", "recheck = -1\n",    "site = a/b\n",
	};
	struct scene *s = *state;
	size_t i;

	for (i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		if (scene_open(s, wrong[i], false))
			fail_msg("%s", wrong[i]);
		assert_int_equal(s->fault.kind, FAULT_USAGE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define SCENE_TEST(f)                                                          \
	cmocka_unit_test_setup_teardown(f, scene_setup, scene_teardown)
		SCENE_TEST(makes_its_filter_once),
		SCENE_TEST(reads_questions_with_answers),
		SCENE_TEST(asks_for_answers_left_out_then_goes_on),
		SCENE_TEST(goes_on_from_its_mark),
		SCENE_TEST(keeps_what_is_wanted),
		SCENE_TEST(walks_by_votes),
		SCENE_TEST(never_walks_in_circles),
		SCENE_TEST(an_empty_page_ends_no_listing),
		SCENE_TEST(rests_as_long_as_told),
		SCENE_TEST(explains_errors),
		SCENE_TEST(makes_a_lost_filter_anew),
		SCENE_TEST(asks_for_fewer_fields),
		SCENE_TEST(tells_who_is_no_api),
		SCENE_TEST(refuses_settings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
