/* crawler/robots.h: who may go where, by the file that says so. */

#include "crawler/robots.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"

#define US SLICE("opslore")

static bool allowed(const char *text, const char *target)
{
	struct arena a = ARENA_INIT;
	struct robots r;
	bool is;

	robots_parse(&r, slice_of(text), US, &a);
	is = robots_decide(&r, slice_of(target)).allowed;
	arena_release(&a);
	return is;
}

/* One line of tests/data/robots/decisions: "disallow 2 /path". */
static void expect(struct slice text, struct slice agent, struct slice line,
                   struct slice title)
{
	size_t one = slice_find(line, ' ');
	struct slice rest = slice_cut(line, one + 1, line.len);
	size_t two = slice_find(rest, ' ');
	struct slice path = slice_cut(rest, two + 1, rest.len);
	struct arena a = ARENA_INIT;
	struct robots_word word;
	struct robots r;
	int64_t number;
	bool want = slice_eq(slice_cut(line, 0, one), SLICE("allow"));

	assert_true(slice_number(slice_cut(rest, 0, two), &number));
	robots_parse(&r, text, agent, &a);
	word = robots_decide(&r, path);
	if (word.allowed != want || word.line != number)
		fail_msg("%.*s: '%.*s' for '%.*s' is %s by line %lld",
		         SLICE_ARG(title), SLICE_ARG(line), SLICE_ARG(agent),
		         word.allowed ? "allowed" : "disallowed",
		         (long long)word.line);
	arena_release(&a);
}

static bool next_line(struct slice all, size_t *at, struct slice *line)
{
	size_t end;

	if (*at >= all.len)
		return false;
	end = *at + slice_find(slice_cut(all, *at, all.len), '\n');
	*line = slice_cut(all, *at, end);
	*at = end + 1;
	return true;
}

static void decisions_of_the_file(void **state)
{
	struct slice line, title = { 0 }, text = { 0 }, agent = { 0 };
	struct slice all = { 0 };
	bool asking = false;
	size_t at = 0, from, count = 0;
	char *bytes;
	struct fault f;

	(void)state;
	assert_true(file_read(TEST_DATA "/robots/decisions", 1 << 20, &bytes,
	                      &all.len, &f));
	all.at = bytes;
	while (from = at, next_line(all, &at, &line)) {
		if (slice_starts(line, SLICE("== "))) {
			title = slice_cut(line, 3, line.len);
			text = slice_cut(all, at, at);
			asking = false;
		} else if (slice_starts(line, SLICE("-- "))) {
			agent = slice_cut(line, 3, line.len);
			asking = true;
		} else if (asking && line.len) {
			expect(text, agent, line, title);
			count++;
		} else if (!asking && text.at) {
			text.len += at - from;
		}
	}
	assert_true(count >= 100);
	free(bytes);
}

static void a_line_ends_in_any_way(void **state)
{
	static const char *const ways[] = { "\n", "\r", "\r\n" };
	char text[100];
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		struct arena a = ARENA_INIT;
		struct robots r;

		snprintf(text, sizeof(text),
		         "User-agent: *%s%sDisallow: /a%sDisallow: /b", ways[i],
		         ways[i], ways[i]);
		robots_parse(&r, slice_of(text), US, &a);
		assert_int_equal(robots_decide(&r, SLICE("/a")).line, 3);
		assert_int_equal(robots_decide(&r, SLICE("/b")).line, 4);
		arena_release(&a);
	}
}

static void a_byte_order_mark_is_skipped_even_in_part(void **state)
{
	(void)state;
	assert_false(allowed("\xef\xbb\xbfUser-agent: *\nDisallow: /", "/a"));
	assert_false(allowed("\xef\xbbUser-agent: *\nDisallow: /", "/a"));
	assert_false(allowed("\xefUser-agent: *\nDisallow: /", "/a"));
	assert_true(allowed("\xef\x11\xbfUser-agent: *\nDisallow: /", "/a"));
	assert_true(allowed("User-agent: *\n\xef\xbb\xbf"
	                    "Disallow: /",
	                    "/a"));
}

static void a_nul_ends_what_is_read_of_a_line(void **state)
{
	static const char text[] = "User-agent: *\nDisallow: /a\0b\nAllow: /c";
	struct slice all = { text, sizeof(text) - 1 };
	struct arena a = ARENA_INIT;
	struct robots r;

	(void)state;
	robots_parse(&r, all, US, &a);
	assert_false(robots_decide(&r, SLICE("/ac")).allowed);
	assert_int_equal(robots_decide(&r, SLICE("/c")).line, 3);
	arena_release(&a);
}

/* Like Google's parser: what stands past 16,663 bytes is not there. */
static void a_line_has_an_end(void **state)
{
	struct buf text = BUF_INIT(100000), path = BUF_INIT(100000);
	struct arena a = ARENA_INIT;
	struct robots r;

	(void)state;
	buf_text(&path, "/");
	while (path.len < 16663 - strlen("Disallow: "))
		buf_byte(&path, 'x');
	buf_text(&text, "User-agent: *\nDisallow: ");
	buf_add(&text, buf_slice(&path));
	buf_text(&text, "/more\nDisallow: /b\n");
	robots_parse(&r, buf_slice(&text), US, &a);
	assert_int_equal(robots_decide(&r, buf_slice(&path)).line, 2);
	buf_text(&path, "/less");
	assert_int_equal(robots_decide(&r, buf_slice(&path)).line, 2);
	buf_cut(&path, 16663 - strlen("Disallow: ") - 1);
	assert_int_equal(robots_decide(&r, buf_slice(&path)).line, 0);
	assert_int_equal(robots_decide(&r, SLICE("/b")).line, 3);
	arena_release(&a);
	buf_release(&path);
	buf_release(&text);
}

static void a_file_has_an_end_at_a_line(void **state)
{
	struct buf text = BUF_INIT(2 << 20);
	struct arena a = ARENA_INIT;
	struct robots r;

	(void)state;
	buf_text(&text, "User-agent: *\nDisallow: /a\n");
	while (text.len < ROBOTS_MOST - 20)
		buf_text(&text, "# nothing\n");
	buf_text(&text, "Disallow: /the-limit-is-within-this-one\n");
	buf_text(&text, "Disallow: /behind\n");
	robots_parse(&r, buf_slice(&text), US, &a);
	assert_true(r.truncated);
	assert_false(robots_decide(&r, SLICE("/a")).allowed);
	assert_true(robots_decide(&r, SLICE("/the")).allowed);
	assert_true(robots_decide(&r, SLICE("/the-limit-is-within-this-one"))
	                    .allowed);
	assert_true(robots_decide(&r, SLICE("/behind")).allowed);

	buf_cut(&text, ROBOTS_MOST);
	robots_parse(&r, buf_slice(&text), US, &a);
	assert_false(r.truncated);
	arena_release(&a);
	buf_release(&text);
}

static void sitemaps_belong_to_no_group(void **state)
{
	struct arena a = ARENA_INIT;
	struct robots r;

	(void)state;
	robots_parse(&r,
	             SLICE("Sitemap: https://a.example/1.xml\n"
	                   "User-agent: otherbot\nDisallow: /\n"
	                   "site-map:https://a.example/2.xml # new\n"
	                   "Sitemap:\n"),
	             US, &a);
	assert_int_equal(r.sitemap_count, 2);
	assert_true(slice_eq(r.sitemaps[0], SLICE("https://a.example/1.xml")));
	assert_true(slice_eq(r.sitemaps[1], SLICE("https://a.example/2.xml")));
	assert_int_equal(r.rule_count, 0);
	assert_false(r.named);
	arena_release(&a);
}

static void crawl_delays_are_read_for_us(void **state)
{
	static const struct {
		const char *text;
		int64_t delay;
	} cases[] = {
		{ "User-agent: *\nCrawl-delay: 10", 10000 },
		{ "User-agent: *\ncrawl-delay: 0.25", 250 },
		{ "User-agent: *\nCrawl-delay: .5", 500 },
		{ "User-agent: *\nCrawl-delay 3", 3000 },
		{ "User-agent: *\nCrawl-delay: 2 # seconds", 2000 },
		{ "User-agent: *\nCrawl-delay: 1.5s", 1500 },
		{ "User-agent: *\nCrawl-delay: 4 seconds", 4000 },
		{ "User-agent: *\nCrawl-delay: -3", 0 },
		{ "User-agent: *\nCrawl-delay: soon", 0 },
		{ "User-agent: *\nCrawl-delay:", 0 },
		{ "User-agent: *\nCrawl-delay: 99999999999", 86400000 },
		{ "Crawl-delay: 5", 0 },
		{ "User-agent: *\nCrawl-delay: 5\n"
		  "User-agent: opslore\nDisallow: /a",
		  0 },
		{ "User-agent: *\nCrawl-delay: 5\nDisallow: /\n"
		  "User-agent: opslore\nCrawl-delay: 2\nCrawl-delay: 7",
		  7000 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct arena a = ARENA_INIT;
		struct robots r;

		robots_parse(&r, slice_of(cases[i].text), US, &a);
		if (r.crawl_delay != cases[i].delay)
			fail_msg("'%s': %lld", cases[i].text,
			         (long long)r.crawl_delay);
		arena_release(&a);
	}
}

static void a_status_says_what_the_file_means(void **state)
{
	static const char rules[] = "User-agent: *\nDisallow: /\n";
	static const char html[] =
	        "<html>\nUser-agent: *\nDisallow: /\n</html>";
	static const struct {
		int status;
		const char *body;
		enum robots_source source;
		bool allowed;
	} cases[] = {
		{ 200, rules, ROBOTS_RULES, false },
		{ 206, rules, ROBOTS_RULES, false },
		{ 200, "", ROBOTS_RULES, true },
		{ 204, "", ROBOTS_RULES, true },
		{ 200, "<html>Not here</html>", ROBOTS_RULES, true },
		{ 301, "", ROBOTS_NONE, true },
		{ 400, "", ROBOTS_NONE, true },
		{ 401, "Log in", ROBOTS_NONE, true },
		{ 403, "<h1>No</h1>", ROBOTS_NONE, true },
		{ 404, "", ROBOTS_NONE, true },
		{ 410, "", ROBOTS_NONE, true },
		{ 418, rules, ROBOTS_RULES, false },
		{ 403, rules, ROBOTS_RULES, false },
		{ 404, html, ROBOTS_NONE, true },
		{ 404, "Disallow: /\nUser-agent: *\n", ROBOTS_NONE, true },
		{ 404, "There is no file here: sorry", ROBOTS_NONE, true },
		{ 429, rules, ROBOTS_UNKNOWN, false },
		{ 500, rules, ROBOTS_UNKNOWN, false },
		{ 503, "", ROBOTS_UNKNOWN, false },
		{ 599, "", ROBOTS_UNKNOWN, false },
		{ 0, "", ROBOTS_UNKNOWN, false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct arena a = ARENA_INIT;
		struct robots r;

		robots_read(&r, cases[i].status, slice_of(cases[i].body), US,
		            &a);
		if (r.source != cases[i].source ||
		    robots_decide(&r, SLICE("/a")).allowed != cases[i].allowed)
			fail_msg("%d: '%s'", cases[i].status, cases[i].body);
		assert_true(robots_decide(&r, SLICE("/robots.txt")).allowed);
		arena_release(&a);
	}
}

/* A pattern made to be slow: many asterisks, and a path that almost matches.
 * By trying every way it would take longer than the universe is old. */
static void wildcards_cost_one_pass(void **state)
{
	struct buf text = BUF_INIT(100000), path = BUF_INIT(100000);
	size_t i;

	(void)state;
	buf_text(&text, "User-agent: *\nDisallow: /");
	for (i = 0; i < 3000; i++)
		buf_text(&text, "*a");
	buf_text(&text, "*b$\n");
	buf_byte(&path, '/');
	for (i = 0; i < 8000; i++)
		buf_byte(&path, 'a');
	assert_true(allowed(buf_string(&text), buf_string(&path)));
	buf_byte(&path, 'b');
	assert_false(allowed(buf_string(&text), buf_string(&path)));
	buf_release(&text);
	buf_release(&path);
}

static void pages_say_what_they_ask_for(void **state)
{
	enum { I = ROBOTS_NOINDEX, F = ROBOTS_NOFOLLOW, A = ROBOTS_NOARCHIVE };
	static const struct {
		const char *value;
		unsigned flags;
	} cases[] = {
		{ "", 0 },
		{ "all", 0 },
		{ "index, follow", 0 },
		{ "noindex", I },
		{ "NoIndex,NOFOLLOW", I | F },
		{ " noindex ; nofollow ", I | F },
		{ "noindex nofollow", I | F },
		{ "none", I | F },
		{ "noarchive", A },
		{ "noindexes, nofollowing", 0 },
		{ "opslore: noindex", I },
		{ "OpsLore : noindex, nofollow", I | F },
		{ "otherbot: noindex", 0 },
		{ "otherbot: noindex, nofollow", 0 },
		{ "otherbot: noindex, opslore: nofollow", F },
		{ "noarchive, otherbot: none", A },
		{ "otherbot: none, *: noarchive", A },
		{ "unavailable_after: 25 Jun 2010 15:00:00 PST", 0 },
		{ "unavailable_after: Fri, 25-Jun-10 15:00:00 GMT, nofollow",
		  F },
		{ "max-image-preview:none, noindex", I },
		{ "max-snippet:-1, max-video-preview: none", 0 },
		{ ":::, ,;", 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		if (robots_directives(slice_of(cases[i].value), US) !=
		    cases[i].flags)
			fail_msg("'%s'", cases[i].value);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decisions_of_the_file),
		cmocka_unit_test(a_line_ends_in_any_way),
		cmocka_unit_test(a_byte_order_mark_is_skipped_even_in_part),
		cmocka_unit_test(a_nul_ends_what_is_read_of_a_line),
		cmocka_unit_test(a_line_has_an_end),
		cmocka_unit_test(a_file_has_an_end_at_a_line),
		cmocka_unit_test(sitemaps_belong_to_no_group),
		cmocka_unit_test(crawl_delays_are_read_for_us),
		cmocka_unit_test(a_status_says_what_the_file_means),
		cmocka_unit_test(wildcards_cost_one_pass),
		cmocka_unit_test(pages_say_what_they_ask_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
