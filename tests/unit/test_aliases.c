/* Other addresses of a thing: told, moved, taken back, forgotten. */

#include "intake_fixture.h"

#include "schema/survey.h"

static void start(void)
{
	struct intake_options o = { .space = SLICE("wiki"),
		                    .channel = SLICE("crawl"),
		                    .source = SLICE("one") };

	OK(intake_open(&in, store, &o, &why));
}

static void finish(void)
{
	OK(intake_finish(in, &report, &why));
	intake_close(in);
	in = NULL;
}

static void say(const char *id, const char *link)
{
	struct record r = { .kind = RECORD_PAGE,
		            .id = slice_of(id),
		            .link = slice_of(link),
		            .title = SLICE("A page"),
		            .content = SLICE("some text"),
		            .original = SLICE("some text"),
		            .created = CLOCK_NONE,
		            .modified = CLOCK_NONE,
		            .closed = CLOCK_NONE };

	OK(intake_record(in, &r, &why));
}

static bool write_alias(void *self, const struct survey_alias *a,
                        struct fault *f)
{
	(void)f;
	buf_addf(self, "%.*s %.*s %.*s\n", SLICE_ARG(a->address),
	         SLICE_ARG(a->kind), SLICE_ARG(a->native));
	return true;
}

/* Those whose thing is there for the reader. */
static void expect_aliases(const struct reader *r, const char *expected)
{
	struct buf b = BUF_INIT(1 << 16);

	OK(survey_aliases(store, r, SLICE(""), write_alias, &b, &why));
	assert_string_equal(buf_string(&b), expected);
	buf_release(&b);
}

static void an_address_is_known_when_its_thing_is(void **state)
{
	(void)state;
	start();
	OK(intake_alias(in, SLICE("https://w/old"), SLICE("w/new"),
	                ALIAS_REDIRECT, &why));
	finish();
	expect_aliases(&reader_all, "");
	start();
	say("w/new", "https://w/new");
	OK(intake_alias(in, SLICE("https://w/print"), SLICE("w/new"),
	                ALIAS_CANONICAL, &why));
	OK(intake_alias(in, SLICE("w/new"), SLICE("w/new"), ALIAS_CANONICAL,
	                &why));
	finish();
	expect_aliases(&reader_all, "https://w/old redirect w/new\n"
	                            "https://w/print canonical w/new\n");
	expect_aliases(&reader_public, "https://w/old redirect w/new\n"
	                               "https://w/print canonical w/new\n");
	expect_aliases(NULL, "");
}

static void what_moves_takes_its_addresses_along(void **state)
{
	bool was;

	(void)state;
	start();
	say("w/a", "https://w/a");
	OK(intake_alias(in, SLICE("https://w/x"), SLICE("w/a"), ALIAS_REDIRECT,
	                &why));
	OK(intake_moved(in, SLICE("w/a"), SLICE("w/b"), 5, &was, &why));
	OK(intake_moved(in, SLICE("w/none"), SLICE("w/c"), 5, &was, &why));
	finish();
	expect_aliases(&reader_all, "https://w/x redirect w/b\n"
	                            "w/a moved w/b\n");
	/* The old address is a page again. */
	start();
	say("w/a", "https://w/a");
	finish();
	expect_aliases(&reader_all, "https://w/x redirect w/b\n");
	/* The new one is there too: the old goes, its addresses stay. */
	start();
	OK(intake_moved(in, SLICE("w/b"), SLICE("w/a"), 6, &was, &why));
	finish();
	expect_aliases(&reader_all, "https://w/x redirect w/a\n"
	                            "w/b moved w/a\n");
}

static void what_is_forgotten_has_none(void **state)
{
	(void)state;
	start();
	say("w/a", "https://w/a");
	OK(intake_alias(in, SLICE("https://w/x"), SLICE("w/a"), ALIAS_REDIRECT,
	                &why));
	finish();
	OK(store_forget(store, SLICE("wiki/w%2Fa"), day(9), &why));
	assert_int_equal(count("SELECT count(*) FROM Aliases"), 0);
	start();
	OK(intake_alias(in, SLICE("https://w/x"), SLICE("w/a"), ALIAS_REDIRECT,
	                &why));
	finish();
	assert_int_equal(count("SELECT count(*) FROM Aliases"), 0);
}

/* Whoever knows a thing by a name of old means the thing. */
static void an_old_name_is_enough_to_forget(void **state)
{
	bool was;

	(void)state;
	start();
	say("a", "https://w/a");
	OK(intake_moved(in, SLICE("a"), SLICE("b"), 5, &was, &why));
	finish();
	OK(store_forget(store, SLICE("wiki/a"), day(9), &why));
	assert_int_equal(count("SELECT count(*) FROM Posts"), 0);
	start();
	say("b", "https://w/b");
	say("a", "https://w/a");
	finish();
	assert_int_equal(count("SELECT count(*) FROM Posts"), 0);
}

static void a_bad_address_is_refused_alone(void **state)
{
	(void)state;
	start();
	assert_false(
	        intake_alias(in, SLICE(""), SLICE("a"), ALIAS_REDIRECT, &why));
	assert_false(intake_alias(in, SLICE("a\nb"), SLICE("a"), ALIAS_REDIRECT,
	                          &why));
	assert_false(intake_alias(in, SLICE("a\xff"), SLICE("a"),
	                          ALIAS_REDIRECT, &why));
	assert_int_equal(why.kind, FAULT_INPUT);
	finish();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_address_is_known_when_its_thing_is),
		TEST(what_moves_takes_its_addresses_along),
		TEST(what_is_forgotten_has_none),
		TEST(an_old_name_is_enough_to_forget),
		TEST(a_bad_address_is_refused_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
