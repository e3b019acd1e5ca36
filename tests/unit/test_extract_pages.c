/*
 * What is kept of whole pages, as Markdown: data/extract/pages.txt. A case is
 *
 *	=== name
 *	the page's address
 *	-----
 *	the page
 *	-----
 *	what is kept
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/text/markdown.h"
#include "base/text/markup.h"
#include "crawler/content.h"

static struct markup_parser *parser;

/* Where a line that begins so starts, from `from` on; or the end. */
static size_t find_line(struct slice s, size_t from, const char *mark)
{
	while (from < s.len) {
		struct slice rest = slice_cut(s, from, s.len);

		if (slice_starts(rest, slice_of(mark)))
			return from;
		from += slice_find(rest, '\n') + 1;
	}
	return s.len;
}

static void find(struct content *c, struct slice html, struct slice url,
                 struct arena *a, struct markup *m)
{
	struct fault f;

	if (!markup_parse(parser, html, a, m, &f))
		fail_msg("%s", f.text);
	content_find(c, m, url, NULL, a);
}

static bool run_case(struct slice s)
{
	size_t name = slice_find(s, '\n'), url, page, end;
	struct buf out = BUF_INIT(LIMIT_TEXT);
	struct arena a = ARENA_INIT;
	struct content c;
	struct markup m;
	bool right;

	url = find_line(s, name + 1, "-----");
	page = url + 6;
	end = find_line(s, page, "-----");
	find(&c, slice_cut(s, page, end), slice_trim(slice_cut(s, name, url)),
	     &a, &m);
	markdown_write(&c.part, SLICE(""), &out);
	right = slice_eq(slice_trim(buf_slice(&out)),
	                 slice_trim(slice_cut(s, end + 6, s.len)));
	if (!right)
		fprintf(stderr, "%.*s: got\n%.*s\n", (int)name, s.at,
		        SLICE_ARG(buf_slice(&out)));
	buf_release(&out);
	arena_release(&a);
	return right;
}

static void test_pages(void **state)
{
	size_t at, next, count = 0, wrong = 0;
	struct slice s;
	struct fault f;
	char *text;

	(void)state;
	assert_true(file_read(TEST_DATA "/extract/pages.txt", LIMIT_BODY, &text,
	                      &s.len, &f));
	s.at = text;
	for (at = 0; at < s.len; at = next, count++) {
		next = find_line(s, at + 4, "=== ");
		wrong += !run_case(slice_cut(s, at, next));
	}
	free(text);
	assert_int_equal(wrong, 0);
	assert_int_equal(count, 2);
}

/* What stands between posts may be told from them by whoever reads names and
 * dates; what is around the thread is gone. */
static void test_thread(void **state)
{
	static const char *const kept[] = { "Where would you begin to look?",
		                            "if it does, that was it.",
		                            "for the quick help!" };
	static const char *const gone[] = { "Log in", "Related", "More disks",
		                            "Powered by" };
	struct buf out = BUF_INIT(LIMIT_TEXT);
	struct arena a = ARENA_INIT;
	struct slice html;
	struct content c;
	struct markup m;
	struct fault f;
	char *text;
	size_t i;

	(void)state;
	assert_true(file_read(TEST_DATA "/extract/thread.html", LIMIT_BODY,
	                      &text, &html.len, &f));
	html.at = text;
	find(&c, html, SLICE("https://forum.example/t/pool/12"), &a, &m);
	assert_string_equal(c.rule, "model");
	assert_true(c.certainty > 0.5 && c.certainty <= 1);
	markdown_write(&c.part, SLICE(""), &out);
	buf_byte(&out, '\0');
	for (i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		assert_non_null(strstr(out.at, kept[i]));
	for (i = 0; i < sizeof(gone) / sizeof(gone[0]); i++)
		assert_null(strstr(out.at, gone[i]));
	free(text);
	buf_release(&out);
	arena_release(&a);
}

/* Every node of the part is one of the page, with the same name or text. */
static void test_origin(void **state)
{
	struct slice html = SLICE("<noscript><p>a<b>b</b></noscript><nav>c");
	struct arena a = ARENA_INIT;
	struct content c;
	struct markup m;
	uint32_t i;

	(void)state;
	find(&c, html, SLICE(""), &a, &m);
	for (i = 0; i < c.part.node_count; i++) {
		const struct markup_node *old = &m.nodes[c.origin[i]];

		assert_int_equal(c.nodes[i].kind, old->kind);
		assert_true(slice_eq(c.nodes[i].text, old->text));
		if (!slice_eq(old->name, SLICE("noscript")))
			assert_true(slice_eq(c.nodes[i].name, old->name));
	}
	arena_release(&a);
}

static int start(void **state)
{
	(void)state;
	parser = markup_parser_new();
	return 0;
}

static int stop(void **state)
{
	(void)state;
	markup_parser_free(parser);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pages),
		cmocka_unit_test(test_thread),
		cmocka_unit_test(test_origin),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
