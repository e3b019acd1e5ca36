/* A DokuWiki's replies, as a real one gave them, and what is read in them. */

#include "recorded.h"

#include "crawler/dokuwiki_place.h"
#include "crawler/dokuwiki_remote.h"

#define WIKI "url = http://127.0.0.1:18093/doku.php?id=start\n"

static const struct source_kind *kind(void)
{
	return source_find(SLICE("dokuwiki"));
}

/* JSON-RPC is not there, XML-RPC is: one list, and the HTML of each page. A
 * page that may not be read is not listed. The next run asks for changes: an
 * edit, a new page, a page that is gone. */
static void test_full_and_changes(void **state)
{
	struct source_start s = { .time = INT64_C(1000000000000) };
	struct recorded c;

	(void)state;
	recorded_open(&c, kind(), "dokuwiki/full");
	recorded_run(&c, WIKI, s);
	recorded_expect(&c, "expected");
	recorded_turn(&c, "dokuwiki/changes");
	recorded_run(&c, WIKI, s);
	recorded_expect(&c, "expected");
	recorded_close(&c);
}

/* The same wiki by its pages, from its index and its feed: the same ids,
 * titles, contents; the page of a closed namespace comes as 200 and is none.
 */
static void test_pages_say_what_the_api_says(void **state)
{
	struct recorded c;

	(void)state;
	recorded_open(&c, kind(), "dokuwiki/html");
	recorded_run(&c, WIKI "way = html\n", (struct source_start){ 0 });
	recorded_expect(&c, "expected");
	recorded_close(&c);
}

/* Switched off, not open to us, and closed to strangers altogether. */
static void test_closed(void **state)
{
	struct recorded c;

	(void)state;
	recorded_open(&c, kind(), "dokuwiki/off");
	recorded_run(&c, WIKI "way = xmlrpc\n", (struct source_start){ 0 });
	recorded_turn(&c, "dokuwiki/refused");
	recorded_run(&c, WIKI "way = xmlrpc\n", (struct source_start){ 0 });
	recorded_turn(&c, "dokuwiki/closed");
	recorded_run(&c, WIKI "way = xmlrpc\n", (struct source_start){ 0 });
	recorded_run(&c, WIKI "way = html\n", (struct source_start){ 0 });
	recorded_expect(&c, "expected");
	recorded_close(&c);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_full_and_changes),
		cmocka_unit_test(test_pages_say_what_the_api_says),
		cmocka_unit_test(test_closed),
	};

	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
