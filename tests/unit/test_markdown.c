/*
 * Markdown from HTML, by the cases in data/markdown/ (one file a theme). A
 * case there is
 *
 *	=== name
 *	html
 *	---
 *	markdown, without its last newline
 */

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/text/markdown.h"

static struct markup_parser *parser;

static void convert(struct slice html, struct slice base, struct buf *out)
{
	struct arena a = ARENA_INIT;
	struct markup m;
	struct fault f;

	buf_reset(out);
	if (!markup_parse(parser, html, &a, &m, &f))
		fail_msg("%s", f.text);
	markdown_write(&m, base, out);
	arena_release(&a);
}

/* Where a line that is `mark`, or starts with it, begins; s.len: nowhere. */
static size_t find_line(struct slice s, size_t from, const char *mark)
{
	while (from < s.len) {
		struct slice line = slice_cut(s, from, s.len);

		line = slice_cut(line, 0, slice_find(line, '\n'));
		if (slice_starts(line, slice_of(mark)))
			return from;
		from += line.len + 1;
	}
	return s.len;
}

static size_t run_case(const char *file, struct slice s, struct slice *name)
{
	struct buf out = BUF_INIT(1 << 20);
	size_t name_end = slice_find(s, '\n');
	size_t middle = find_line(s, name_end, "-----");
	size_t end = find_line(s, name_end, "=== ");
	struct slice html, expected;
	size_t wrong;

	*name = slice_cut(s, 4, name_end);
	html = slice_cut(s, name_end + 1, middle);
	expected = slice_cut(s, middle + 6, end);
	while (expected.len && expected.at[expected.len - 1] == '\n')
		expected.len--;
	convert(html, SLICE("https://example.com/questions/1/title"), &out);
	wrong = !slice_eq(buf_slice(&out), expected);
	if (wrong)
		print_error("%s: %.*s: expected\n%.*s\ngot\n%.*s\n\n", file,
		            SLICE_ARG(*name), SLICE_ARG(expected),
		            SLICE_ARG(buf_slice(&out)));
	buf_release(&out);
	return wrong;
}

/* Runs a file's cases; returns how many there were. */
static size_t run_file(const char *path, size_t *wrong)
{
	char *text = calloc(1, 1 << 20);
	FILE *file = fopen(path, "rb");
	struct slice s = { text, 0 }, name;
	size_t at, next, count = 0;

	assert_non_null(text);
	assert_non_null(file);
	s.len = fread(text, 1, 1 << 20, file);
	fclose(file);
	for (at = find_line(s, 0, "=== "); at < s.len; at = next, count++) {
		next = find_line(s, at + 4, "=== ");
		*wrong += run_case(path, slice_cut(s, at, next), &name);
	}
	free(text);
	return count;
}

static void test_cases(void **state)
{
	struct dirent **names;
	int i, n = scandir(TEST_DATA "/markdown", &names, NULL, alphasort);
	size_t count = 0, wrong = 0;

	(void)state;
	assert_true(n > 0);
	for (i = 0; i < n; i++) {
		char path[4096];

		snprintf(path, sizeof(path), "%s/%s", TEST_DATA "/markdown",
		         names[i]->d_name);
		if (slice_ends(slice_of(path), SLICE(".txt")))
			count += run_file(path, &wrong);
		free(names[i]);
	}
	free(names);
	print_message("%zu cases\n", count);
	assert_int_equal(wrong, 0);
	assert_true(count);
}

/* Our Markdown and what a reader sees of it. */
static const struct {
	const char *markdown, *text;
} plain[] = {
	{ "", "" },
	{ "## A *b* `c`", "A b c" },
	{ "**a *b***, ~~c~~ and ***d***", "a b, c and d" },
	{ "2 * 3, a*, *b and snake_case", "2 * 3, a*, *b and snake_case" },
	{ "\\*a\\* \\# C:\\Users \\\\x", "*a* # C:\\Users \\x" },
	{ "[a \\[b\\]](https://e.org/x_(y)) c", "a [b] c" },
	{ "[a] (b) [c](d e", "[a] (b) [c](d e" },
	{ "<https://e.org/x>, <kbd>Ctrl</kbd>+<kbd>C</kbd>, 2<sup>10</sup>",
	  "https://e.org/x, Ctrl+C, 210" },
	{ "``a`b`` `` `x` `` `*y*`", "a`b `x` *y*" },
	{ "`a b", "`a b" },
	{ "> - a\n>   - b\n>\n>   1. c", "a\nb\n\nc" },
	{ "a\\\nb", "a\nb" },
	{ "a\n\n---\n\nb", "a\n\n\nb" },
	{ "```sh\nls *\n\n# x\n```\n\na", "ls *\n\n# x\n\na" },
	{ "- ````\n  ```\n  ````\n- b", "```\nb" },
	{ "| a | **b** |\n| --- | :-: |\n| `x\\|y` | c<br>d |",
	  "a b\nx|y c d" },
	{ "$a_1*b*c$ and \\(\\{x\\}\\), $5",
	  "$a_1*b*c$ and \\(\\{x\\}\\), $5" },
	{ "term\n: meaning", "term\nmeaning" },
	{ "\xe4\xbd\xbf\xe7\x94\xa8**nginx**\xe3\x80\x82",
	  "\xe4\xbd\xbf\xe7\x94\xa8nginx\xe3\x80\x82" },
};

static void test_text(void **state)
{
	struct buf out = BUF_INIT(1 << 20);
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
		buf_reset(&out);
		markdown_text(slice_of(plain[i].markdown), &out);
		assert_string_equal(buf_string(&out), plain[i].text);
	}
	buf_release(&out);
}

/* It appends, and a ceiling leaves a full buffer, never a cut line unsaid. */
static void test_ceiling(void **state)
{
	struct arena a = ARENA_INIT;
	struct buf out = BUF_INIT(20);
	struct markup m;
	struct fault f;

	(void)state;
	if (!markup_parse(parser, SLICE("<p>1. b<ul><li>c"), &a, &m, &f))
		fail_msg("%s", f.text);
	buf_text(&out, "a ");
	markdown_write(&m, (struct slice){ 0 }, &out);
	assert_string_equal(buf_string(&out), "a 1\\. b\n\n- c");
	assert_false(buf_full(&out));
	buf_text(&out, "1234");
	markdown_write(&m, (struct slice){ 0 }, &out);
	assert_true(buf_full(&out));
	assert_true(out.len <= 20);
	buf_release(&out);
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
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_ceiling),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
