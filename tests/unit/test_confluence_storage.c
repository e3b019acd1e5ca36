/*
 * The storage format by the cases in data/confluence/: NAME.xml is read as
 * NAME.md. Each file is a theme; what is not well-formed comes as far as it
 * goes, and is flagged.
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

#include "base/file.h"
#include "base/limits.h"
#include "crawler/confluence_storage.h"

static struct markup_parser *parser;

static const struct confluence_person people[] = {
	{ { "557058:aa", 9 }, { "Ann Example", 11 } },
};

static const struct confluence_place place = {
	.base = { "https://wiki.example.com/wiki", 29 },
	.space = { "OPS", 3 },
	.page = { "4711", 4 },
	.jira = { "https://jira.example.com", 24 },
	.people = people,
	.people_count = 1,
};

static struct slice read_data(const char *name, const char *end)
{
	char path[600];
	struct fault f;
	char *bytes;
	size_t len;

	snprintf(path, sizeof(path), "%s/confluence/%s%s", TEST_DATA, name,
	         end);
	if (!file_read(path, 1 << 20, &bytes, &len, &f))
		fail_msg("%s: %s", path, f.text);
	return (struct slice){ bytes, len };
}

static bool convert(struct slice storage, struct buf *out, bool *truncated,
                    struct fault *f)
{
	struct arena a = ARENA_INIT;
	bool ok = confluence_storage(storage, &place, parser, &a, out,
	                             truncated, f);

	arena_release(&a);
	return ok;
}

static bool run_case(const char *name)
{
	struct slice xml = read_data(name, ".xml"), md = read_data(name, ".md");
	struct slice expected = slice_trim(md);
	struct buf out = BUF_INIT(LIMIT_TEXT);
	bool truncated, same;
	struct fault f;

	if (!convert(xml, &out, &truncated, &f))
		fail_msg("%s: %s", name, f.text);
	assert_false(truncated);
	same = slice_eq(buf_slice(&out), expected);
	if (!same)
		print_error("%s.md: expected\n%.*s\ngot\n%.*s\n\n", name,
		            SLICE_ARG(expected), SLICE_ARG(buf_slice(&out)));
	buf_release(&out);
	free((char *)(uintptr_t)xml.at);
	free((char *)(uintptr_t)md.at);
	return same;
}

static void test_readable_cases(void **state)
{
	DIR *all = opendir(TEST_DATA "/confluence");
	size_t wrong = 0, count = 0;
	struct dirent *e;

	(void)state;
	assert_non_null(all);
	while ((e = readdir(all))) {
		char *dot = strstr(e->d_name, ".xml");

		if (!dot)
			continue;
		*dot = '\0';
		count++;
		wrong += !run_case(e->d_name);
	}
	closedir(all);
	assert_true(count >= 10);
	assert_int_equal(wrong, 0);
}

static void expect(const char *storage, const char *markdown, bool cut)
{
	struct buf out = BUF_INIT(LIMIT_TEXT);
	bool truncated;
	struct fault f;

	if (!convert(slice_of(storage), &out, &truncated, &f))
		fail_msg("%s: %s", storage, f.text);
	assert_string_equal(buf_string(&out), markdown);
	assert_int_equal(truncated, cut);
	buf_release(&out);
}

static void test_what_breaks_off_is_flagged(void **state)
{
	(void)state;
	expect("", "", false);
	expect("<p>all of it</p>", "all of it", false);
	expect("<p>as far <b>as it", "as far **as it**", true);
	expect("<p>one</p></div><p>two</p>", "one", true);
	expect("<p>one</p><![CDATA[no end", "one", true);
	expect("<p a=b>x</p>", "", true);
	expect("a &#0; b", "a", true);
}

static void test_no_document_type(void **state)
{
	struct buf out = BUF_INIT(LIMIT_TEXT);
	bool truncated;
	struct fault f;

	(void)state;
	/* The root comes first: a document type behind it is a mistake. */
	assert_true(convert(SLICE("<!DOCTYPE x [<!ENTITY e \"boo\">]><p>&e;"
	                          "</p>"),
	                    &out, &truncated, &f));
	assert_true(truncated);
	assert_int_equal(out.len, 0);
	buf_release(&out);
}

/* Deeper than anything is: the text stays, what is around it need not. */
static void test_nested_deep(void **state)
{
	struct buf in = BUF_INIT(1 << 20), out = BUF_INIT(LIMIT_TEXT);
	bool truncated;
	struct fault f;
	int i;

	(void)state;
	for (i = 0; i < 1000; i++)
		buf_text(&in, "<ac:structured-macro ac:name=\"info\">"
		              "<ac:rich-text-body>");
	buf_text(&in, "<p>deep</p>");
	for (i = 0; i < 1000; i++)
		buf_text(&in, "</ac:rich-text-body></ac:structured-macro>");
	assert_true(convert(buf_slice(&in), &out, &truncated, &f));
	assert_true(truncated);
	assert_non_null(strstr(buf_string(&out), "deep"));
	buf_release(&in);
	buf_release(&out);
}

static void test_too_long(void **state)
{
	struct buf in = BUF_INIT(2u * LIMIT_BODY), out = BUF_INIT(LIMIT_TEXT);
	bool truncated;
	struct fault f;

	(void)state;
	while (in.len <= LIMIT_BODY)
		buf_text(&in, "<p>&nbsp;&nbsp;&nbsp;</p>&&&&&&&&&&&&&&&&&&&&");
	assert_false(convert(buf_slice(&in), &out, &truncated, &f));
	assert_int_equal(f.kind, FAULT_LIMIT);
	buf_release(&in);
	buf_release(&out);
}

static int setup(void **state)
{
	(void)state;
	parser = markup_parser_new();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	markup_parser_free(parser);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_readable_cases),
		cmocka_unit_test(test_what_breaks_off_is_flagged),
		cmocka_unit_test(test_no_document_type),
		cmocka_unit_test(test_nested_deep),
		cmocka_unit_test(test_too_long),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
