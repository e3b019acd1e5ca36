/* A MediaWiki's replies, as a real one gave them, and what is read in them. */

#include "recorded.h"

#include "crawler/mediawiki_call.h"
#include "crawler/mediawiki_list.h"
#include "crawler/mediawiki_site.h"

#define WIKI "url = http://127.0.0.1:18091/index.php/Main_Page\n"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_run_reads_everything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
