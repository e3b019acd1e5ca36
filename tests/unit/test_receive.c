/* From bytes of the wire to what a source reads. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crawler/receive.h"

static struct markup_parser *parser;
static struct receive receive;
static struct reply reply;
static struct fault why;

static bool got(const char *type, struct slice body, const char *robots)
{
	const struct http_header headers[] = {
		{ SLICE("content-type"), slice_of(type) },
		{ SLICE("x-robots-tag"), slice_of(robots) },
	};
	const struct http_reply r = {
		.status = 200,
		.body = body,
		.headers = headers,
		.header_count = robots ? 2 : 1,
	};
	static const struct ask ask;

	return receive_reply(&receive, &r, &ask, SLICE("https://a.example/x"),
	                     5000, &reply, &why);
}

static void a_page_is_utf8_and_a_tree(void **state)
{
	(void)state;
	assert_true(got("Text/HTML; charset=gb2312",
	                SLICE("<title>\xb4\xc5\xc5\xcc</title><p>x"), NULL));
	assert_true(slice_eq(reply.type, SLICE("text/html")));
	assert_non_null(reply.page);
	assert_true(slice_starts(reply.body,
	                         SLICE("<title>\xe7\xa3\x81\xe7\x9b\x98")));
	assert_int_equal(reply.time, 5000);
	assert_int_equal(reply.flags, 0);
}

static void a_type_that_says_nothing_is_looked_through(void **state)
{
	(void)state;
	assert_true(got("application/octet-stream",
	                SLICE("<?xml version='1.0'?><urlset><url/></urlset>"),
	                NULL));
	assert_true(slice_eq(reply.type, SLICE("application/xml")));
	assert_non_null(reply.page);
	assert_true(got("", SLICE("<!DOCTYPE html><p>x"), NULL));
	assert_true(slice_eq(reply.type, SLICE("text/html")));
	assert_true(got("application/octet-stream",
	                SLICE("\x7f"
	                      "ELF"),
	                NULL));
	assert_null(reply.page);
	assert_int_equal(reply.body.len, 4);
}

/* gzip -9 of "<urlset></urlset>\n", as sitemap.xml.gz comes. */
static void what_is_packed_unsaid_is_unpacked(void **state)
{
	static const unsigned char packed[] = {
		0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00,
		0x02, 0x03, 0xb3, 0x29, 0x2d, 0xca, 0x29, 0x4e,
		0x2d, 0xb1, 0xb3, 0xd1, 0x87, 0xb0, 0xb8, 0x00,
		0x5b, 0xae, 0x64, 0x50, 0x12, 0x00, 0x00, 0x00,
	};
	struct slice cut = { (const char *)packed, 20 };

	(void)state;
	assert_false(got("application/gzip", cut, NULL));
	assert_int_equal(why.kind, FAULT_INPUT);
	assert_string_equal(why.code, "gzip-damaged");
}

static void a_picture_is_no_page_whatever_its_label(void **state)
{
	(void)state;
	assert_true(
	        got("text/html", SLICE("\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), NULL));
	assert_true(slice_eq(reply.type, SLICE("application/octet-stream")));
	assert_null(reply.page);
	assert_true(got("text/html; charset=utf-16le", SLICE("<\0p\0>\0x\0"),
	                NULL));
	assert_true(slice_eq(reply.body, SLICE("<p>x")));
	assert_true(got("text/html; charset=iso-2022-jp",
	                SLICE("<p>\x1b$B\x46\x7c\x1b(B"), NULL));
	assert_non_null(reply.page);
}

static void a_page_may_ask_robots_to_leave(void **state)
{
	(void)state;
	assert_true(got("text/html",
	                SLICE("<meta name=ROBOTS content='noindex'><p>x"),
	                NULL));
	assert_int_equal(reply.flags, REPLY_NOINDEX);
	assert_true(got("text/html",
	                SLICE("<meta name=otherbot content='noindex'><p>x"),
	                NULL));
	assert_int_equal(reply.flags, 0);
	assert_true(got("text/html", SLICE("<p>x"),
	                "otherbot: noindex, opslore: nofollow"));
	assert_int_equal(reply.flags, REPLY_NOFOLLOW);
	assert_true(got("text/plain", SLICE("x"), "none"));
	assert_int_equal(reply.flags, REPLY_NOINDEX | REPLY_NOFOLLOW);
}

static void xml_that_is_none_is_the_sources_to_judge(void **state)
{
	(void)state;
	assert_true(got("application/xml",
	                SLICE("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"),
	                NULL));
	assert_null(reply.page);
}

static void a_hostile_page_is_a_fault_and_the_next_is_read(void **state)
{
	struct buf page = BUF_INIT(1 << 20);
	int i;

	(void)state;
	buf_text(&page, "<p");
	for (i = 0; i < 2000; i++)
		buf_addf(&page, " a%d=1", i);
	buf_text(&page, ">");
	assert_false(got("text/html", buf_slice(&page), NULL));
	assert_int_equal(why.kind, FAULT_LIMIT);
	assert_true(got("text/html", SLICE("<p>x"), NULL));
	buf_release(&page);
}

static int setup(void **state)
{
	(void)state;
	parser = markup_parser_new();
	receive_init(&receive, parser);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	receive_release(&receive);
	markup_parser_free(parser);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_page_is_utf8_and_a_tree),
		cmocka_unit_test(a_type_that_says_nothing_is_looked_through),
		cmocka_unit_test(what_is_packed_unsaid_is_unpacked),
		cmocka_unit_test(a_picture_is_no_page_whatever_its_label),
		cmocka_unit_test(a_page_may_ask_robots_to_leave),
		cmocka_unit_test(xml_that_is_none_is_the_sources_to_judge),
		cmocka_unit_test(
		        a_hostile_page_is_a_fault_and_the_next_is_read),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
