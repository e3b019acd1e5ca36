/* What the recorded wikis do not say: lag, older forms, other versions. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crawler/dokuwiki_place.h"
#include "crawler/dokuwiki_remote.h"
#include "crawler/mediawiki_call.h"
#include "crawler/mediawiki_list.h"
#include "crawler/wiki_licence.h"
#include "crawler/xmlrpc.h"
#include "crawler/yield.h"

static void is(struct slice have, const char *wanted)
{
	if (!slice_eq(have, slice_of(wanted)))
		fail_msg("'%.*s', not '%s'", SLICE_ARG(have), wanted);
}

/* maxlag comes with status 200: the rest is as long as the wiki asks, and the
 * call is made again. */
static void test_lag(void **state)
{
	struct reply_header header = { SLICE("retry-after"), SLICE("17") };
	struct reply r = { .status = 200,
		           .type = SLICE("application/json"),
		           .body = SLICE("{\"error\":{\"code\":\"maxlag\","
		                         "\"info\":\"9 seconds lagged\"}}"),
		           .headers = &header };
	struct yield y = YIELD_INIT;
	struct fault f;
	struct json *j;

	(void)state;
	for (size_t with = 0; with < 2; with++) {
		r.header_count = with;
		assert_int_equal(mediawiki_call_read(&r, &y, &j, &f),
		                 ANSWER_BAD);
		assert_null(j);
		assert_int_equal(f.kind, FAULT_LATER);
		assert_int_equal(y.count, 1);
		assert_int_equal(y.first->kind, SAID_REST);
		assert_int_equal(y.first->number, with ? 17000 : 5000);
		assert_true(y.first->flag);
		yield_reset(&y);
	}
	yield_release(&y);
}

/* The API's first form: pages by number, flags that are just there. */
static void test_first_form(void **state)
{
	struct mediawiki_site s = { 0 };
	const struct json *pages;
	struct mediawiki_page p;
	struct fault f;
	struct json *j;

	(void)state;
	mediawiki_site_add(&s, 0);
	assert_true(json_parse(
	        &j,
	        SLICE("{\"7\":{\"pageid\":7,\"ns\":0,\"lastrevid\":9,"
	              "\"revisions\":[{\"timestamp\":\"2015-01-02T03:04:05Z\","
	              "\"user\":\"Ann\",\"userid\":3}]},"
	              "\"8\":{\"pageid\":8,\"ns\":0,\"missing\":\"\"},"
	              "\"9\":{\"pageid\":9,\"ns\":0,\"lastrevid\":2,"
	              "\"redirect\":\"\"},"
	              "\"10\":{\"pageid\":10,\"ns\":4,\"lastrevid\":2},"
	              "\"11\":{\"pageid\":11,\"ns\":0,\"lastrevid\":2},"
	              "\"-1\":{\"ns\":0,\"title\":\"X\",\"missing\":\"\"}}"),
	        &f));
	static const enum mediawiki_state wanted[] = {
		STATE_THERE, STATE_GONE, STATE_GONE,
		STATE_OTHER, STATE_HALF, STATE_SILENT,
	};
	pages = json_first(j);
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
		assert_int_equal(mediawiki_list_page(&s, pages, &p), wanted[i]);
		pages = json_next(pages);
	}
	json_free(j);
	mediawiki_site_release(&s);
}

static void check_space(bool (*space)(struct slice, struct buf *,
                                      struct fault *),
                        const char *url, const char *wanted)
{
	struct buf b = BUF_INIT(4096);
	struct fault f;

	assert_true(space(slice_of(url), &b, &f));
	is(buf_slice(&b), wanted);
	buf_release(&b);
}

static void test_spaces(void **state)
{
	(void)state;
	check_space(mediawiki_site_space, "https://W.example/w/api.php",
	            "w.example");
	check_space(mediawiki_site_space, "https://w.example/wiki/A/B?x=1",
	            "w.example");
	check_space(mediawiki_site_space, "http://w.example:81/ops/index.php/A",
	            "w.example:81/ops");
	check_space(mediawiki_site_space, "https://w.example/", "w.example");
	check_space(dokuwiki_place_space, "https://w.example/d/doku.php?id=a:b",
	            "w.example/d");
	check_space(dokuwiki_place_space,
	            "https://w.example/lib/exe/xmlrpc.php", "w.example");
	check_space(dokuwiki_place_space, "https://w.example/d", "w.example/d");
}

static void test_licences(void **state)
{
	(void)state;
	is(wiki_licence(SLICE("//creativecommons.org/licenses/by-sa/3.0/")),
	   "CC-BY-SA-3.0");
	is(wiki_licence(SLICE("https://www.gnu.org/copyleft/fdl.html")),
	   "GFDL-1.3-or-later");
	is(wiki_licence(SLICE("https://creativecommons.org/licenses/by/9.9/")),
	   "");
	is(wiki_licence(SLICE("https://example.org/")), "");
}

static bool answer(const char *json, int status, enum dokuwiki_call call,
                   struct arena *a, struct dokuwiki_answer *out,
                   struct fault *f)
{
	struct reply r = { .status = status,
		           .type = SLICE("application/json"),
		           .body = slice_of(json),
		           .arena = a };

	return dokuwiki_remote_read(DOKUWIKI_JSON, call, &r, out, f);
}

/* JSON-RPC as versions from 2024 on have it (as they document it: no real one
 * was at hand). */
static void test_json_rpc(void **state)
{
	struct arena a = ARENA_INIT;
	struct dokuwiki_answer out;
	struct buf body = BUF_INIT(4096);
	struct fault f;

	(void)state;
	dokuwiki_remote_write(DOKUWIKI_JSON, DOKUWIKI_PAGE, SLICE("a:\"b"), 0,
	                      &body);
	is(buf_slice(&body), "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":"
	                     "\"core.getPageHTML\",\"params\":{\"page\":"
	                     "\"a:\\\"b\"}}");
	buf_release(&body);
	assert_true(answer("{\"result\":1700000000,\"id\":1}", 200,
	                   DOKUWIKI_TIME, &a, &out, &f));
	assert_int_equal(out.time, 1700000000);
	assert_true(answer("{\"result\":[{\"id\":\"a\",\"revision\":5,"
	                   "\"author\":\"ann\",\"type\":\"E\"},{\"id\":\"b\","
	                   "\"revision\":6,\"type\":\"D\"}]}",
	                   200, DOKUWIKI_CHANGES, &a, &out, &f));
	assert_int_equal(out.page_count, 2);
	is(out.pages[0].page.author, "ann");
	assert_false(out.pages[0].gone);
	assert_true(out.pages[1].gone);
	assert_false(answer("{\"error\":{\"code\":-32603,\"message\":\"no\"}}",
	                    401, DOKUWIKI_TIME, &a, &out, &f));
	assert_int_equal(f.kind, FAULT_DENIED);
	assert_false(answer("{\"error\":{\"code\":121,\"message\":\"no\"}}",
	                    400, DOKUWIKI_PAGE, &a, &out, &f));
	assert_int_equal(f.kind, FAULT_GONE);
	/* An answer of another shape is no listing of nothing. */
	assert_false(
	        answer("{\"result\":{}}", 200, DOKUWIKI_LIST, &a, &out, &f));
	assert_false(answer("{}", 200, DOKUWIKI_LIST, &a, &out, &f));
	arena_release(&a);
}

/* Values in every spelling, and what is none of them. */
static void test_xml_rpc(void **state)
{
	static const char xml[] =
	        "<methodResponse><params><param><value><struct>"
	        "<member><name>a</name><value>bare</value></member>"
	        "<member><name> b </name><value><i4> 4 </i4></value></member>"
	        "<member><name>c</name><value><string>x<![CDATA[<y>]]>z"
	        "</string></value></member>"
	        "<member><name>d</name><value><array><data>"
	        "<value><int>1</int></value><value><int>2</int></value>"
	        "</data></array></value></member>"
	        "<member><name>e</name><value><base64>aa</base64></value>"
	        "</member></struct></value></param></params></methodResponse>";
	struct markup_parser *p = markup_parser_new();
	struct arena a = ARENA_INIT;
	struct slice text;
	struct markup m;
	struct fault f;
	int64_t n, sum = 0;
	uint32_t value, at;

	(void)state;
	assert_true(markup_parse_as(p, MARKUP_XML, slice_of(xml), &a, &m, &f));
	assert_true(xmlrpc_reply(&m, &a, &value, NULL, &f));
	assert_true(xmlrpc_text(&m, xmlrpc_member(&m, value, "a"), &a, &text));
	is(text, "bare");
	assert_true(xmlrpc_number(&m, xmlrpc_member(&m, value, "b"), &n));
	assert_int_equal(n, 4);
	assert_true(xmlrpc_text(&m, xmlrpc_member(&m, value, "c"), &a, &text));
	is(text, "x<y>z");
	at = xmlrpc_member(&m, value, "d");
	assert_true(xmlrpc_is_array(&m, at));
	for (at = xmlrpc_first(&m, at); at != MARKUP_NONE;
	     at = xmlrpc_next(&m, at)) {
		assert_true(xmlrpc_number(&m, at, &n));
		sum = sum * 10 + n;
	}
	assert_int_equal(sum, 12);
	assert_false(xmlrpc_text(&m, xmlrpc_member(&m, value, "e"), &a, &text));
	assert_int_equal(xmlrpc_member(&m, value, "f"), MARKUP_NONE);
	assert_false(xmlrpc_number(&m, MARKUP_NONE, &n));
	arena_release(&a);
	markup_parser_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lag),
		cmocka_unit_test(test_first_form),
		cmocka_unit_test(test_spaces),
		cmocka_unit_test(test_licences),
		cmocka_unit_test(test_json_rpc),
		cmocka_unit_test(test_xml_rpc),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
