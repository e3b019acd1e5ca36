/* A MediaWiki's replies, as a real one gave them, and what is read in them. */

#include "recorded.h"

#include "crawler/mediawiki_call.h"
#include "crawler/mediawiki_list.h"
#include "crawler/mediawiki_site.h"

#define WIKI "url = http://127.0.0.1:18092/index.php/Main_Page\n"

#define API "url = http://127.0.0.1:18092/api.php\n"
#define SECRET "0123456789abcdef0123456789abcdef"
#define LATER "2026-11-23 12:00"

static const struct source_kind *kind(void)
{
	return source_find(SLICE("mediawiki"));
}

/* The API's address is on the page; then all pages of all namespaces for
 * content, and the text of each. */
static void test_first_run_reads_everything(void **state)
{
	struct recorded c;

	(void)state;
	recorded_open(&c, kind(), "mediawiki/full");
	recorded_run(&c, WIKI, (struct source_start){ 0 });
	recorded_expect(&c, "expected");
	recorded_close(&c);
}

static int64_t day(const char *text)
{
	int64_t time = 0;

	assert_true(clock_read(slice_of(text), &time));
	return time;
}

/* A day later: an edit, a move, a delete, a delete that was undone, a new
 * page, and a template that another page shows. No page list. */
static void test_next_run_reads_what_changed(void **state)
{
	struct recorded c;

	(void)state;
	recorded_open(&c, kind(), "mediawiki/full");
	recorded_run(&c, WIKI, (struct source_start){ 0 });
	recorded_turn(&c, "mediawiki/changes");
	buf_reset(&c.story);
	recorded_run(&c, WIKI, (struct source_start){ .time = day(LATER) });
	recorded_expect(&c, "expected");
	recorded_close(&c);
}

/* The same wiki by its pages: every record is the same but for what pages do
 * not say (when and by whom). */
static void test_pages_say_what_the_api_says(void **state)
{
	struct recorded c;

	(void)state;
	recorded_open(&c, kind(), "mediawiki/html");
	recorded_run(&c, WIKI "way = html\n", (struct source_start){ 0 });
	recorded_expect(&c, "expected");
	recorded_close(&c);
}

/* A private wiki: 200 and an error. Without a bot's name the run says what it
 * takes; with it, the token comes first, and every call is made as a user. */
static void test_private_wiki(void **state)
{
	struct recorded c;
	struct source_start s = { .secrets = { .user = SLICE("Admin@crawler"),
		                               .password = SLICE(SECRET) } };

	(void)state;
	recorded_open(&c, kind(), "mediawiki/private");
	recorded_run(&c, API, (struct source_start){ 0 });
	recorded_run(&c, API, s);
	recorded_run(&c, WIKI "way = html\n", (struct source_start){ 0 });
	recorded_expect(&c, "expected");
	recorded_close(&c);
}

static void test_wrong_password(void **state)
{
	struct recorded c;
	struct source_start s = { .secrets = { .user = SLICE("Admin"),
		                               .password = SLICE("x") } };

	(void)state;
	recorded_open(&c, kind(), "mediawiki/refused");
	recorded_run(&c, API, s);
	s.secrets.user = SLICE("Admin@crawler");
	recorded_run(&c, API, s);
	recorded_expect(&c, "expected");
	recorded_close(&c);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_run_reads_everything),
		cmocka_unit_test(test_next_run_reads_what_changed),
		cmocka_unit_test(test_pages_say_what_the_api_says),
		cmocka_unit_test(test_private_wiki),
		cmocka_unit_test(test_wrong_password),
	};

	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
