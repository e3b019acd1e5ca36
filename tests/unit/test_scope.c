/*
 * Scopes by the cases in data/source/scope.txt, where a line behind a case's
 * settings is one of
 *
 *	[DEPTH] ADDRESS => yes or no: why
 *	ADDRESS = its one spelling
 *	space THE SPACE
 *
 * and the counts of addresses that are alike.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crawler/alike.h"
#include "crawler/scope.h"

static size_t find(struct slice s, const char *what)
{
	size_t len = strlen(what), i;

	for (i = 0; i + len <= s.len; i++)
		if (!memcmp(s.at + i, what, len))
			return i;
	return s.len;
}

static struct slice next_line(struct slice *s)
{
	struct slice line = slice_cut(*s, 0, slice_find(*s, '\n'));

	*s = slice_cut(*s, line.len + 1, s->len);
	return line;
}

static void parse(struct url *u, struct slice text)
{
	struct fault f;

	if (!url_parse(u, text, NULL, &f))
		fail_msg("%.*s: %s", SLICE_ARG(text), f.text);
}

/* "3 https://..." */
static int32_t depth_of(struct slice *s)
{
	size_t blank = slice_find(*s, ' ');
	int64_t depth = 1;

	if (blank < s->len && slice_number(slice_cut(*s, 0, blank), &depth))
		*s = slice_cut(*s, blank + 1, s->len);
	return (int32_t)depth;
}

static void say_within(struct scope *s, struct slice address, struct buf *out)
{
	int32_t depth = depth_of(&address);
	struct buf why = BUF_INIT(1 << 16);
	struct url u = URL_INIT;
	bool within;

	parse(&u, address);
	within = scope_within(s, &u, depth, &why);
	buf_addf(out, "%s: %.*s", within ? "yes" : "no",
	         SLICE_ARG(buf_slice(&why)));
	assert_int_equal(within, scope_within(s, &u, depth, NULL));
	buf_release(&why);
	url_release(&u);
}

static void say_spelling(struct scope *s, struct slice address, struct buf *out)
{
	struct url u = URL_INIT;

	parse(&u, address);
	scope_write(s, &u, out);
	url_release(&u);
}

static size_t check_line(struct scope *s, const struct conf_section *c,
                         struct slice line)
{
	size_t verdict = find(line, " => "), spelling = find(line, " = ");
	struct buf out = BUF_INIT(1 << 16);
	struct slice expected;
	struct fault f;
	size_t wrong;

	if (slice_starts(line, SLICE("space "))) {
		expected = slice_cut(line, 6, line.len);
		if (!scope_space(c, &out, &f))
			fail_msg("%s", f.text);
	} else if (verdict < line.len) {
		expected = slice_cut(line, verdict + 4, line.len);
		say_within(s, slice_cut(line, 0, verdict), &out);
	} else {
		expected = slice_cut(line, spelling + 3, line.len);
		say_spelling(s, slice_cut(line, 0, spelling), &out);
	}
	wrong = !slice_eq(expected, buf_slice(&out));
	if (wrong)
		fprintf(stderr, "%.*s\n  but got: %.*s\n", SLICE_ARG(line),
		        SLICE_ARG(buf_slice(&out)));
	buf_release(&out);
	return wrong;
}

static size_t check_case(struct slice s)
{
	size_t middle = find(s, "\n-----\n"), wrong = 0;
	struct buf text = BUF_INIT(1 << 16);
	const struct conf_section *section;
	struct scope *scope;
	struct conf *conf;
	struct fault f;

	buf_text(&text, "[source it]\n");
	buf_add(&text, slice_cut(s, slice_find(s, '\n') + 1, middle));
	buf_byte(&text, '\n');
	if (!conf_parse(&conf, buf_slice(&text), "test.conf", &f))
		fail_msg("%s", f.text);
	section = conf_find(conf, "source", SLICE("it"));
	if (!scope_new(&scope, section, &f))
		fail_msg("%s", f.text);
	for (s = slice_cut(s, middle + 7, s.len); s.len;) {
		struct slice line = next_line(&s);

		if (line.len)
			wrong += check_line(scope, section, line);
	}
	scope_free(scope);
	conf_free(conf);
	buf_release(&text);
	return wrong;
}

static void test_cases(void **state)
{
	static char text[1 << 16];
	FILE *file = fopen(TEST_DATA "/source/scope.txt", "rb");
	struct slice s = { text, 0 };
	size_t count = 0, wrong = 0;

	(void)state;
	assert_non_null(file);
	s.len = fread(text, 1, sizeof(text), file);
	fclose(file);
	for (; s.len; count++) {
		size_t end = find(s, "\n=== ");

		wrong += check_case(slice_cut(s, 0, end + 1));
		s = slice_cut(s, end + 1, s.len);
	}
	print_message("%zu cases\n", count);
	assert_int_equal(wrong, 0);
	assert_true(count > 10);
}

static int64_t add(struct alike *a, const char *fmt, int n, bool *single)
{
	struct alike_count c;
	char url[128];

	/* NOLINTNEXTLINE: the forms are those below. */
	snprintf(url, sizeof(url), "https://wiki.example:8080%s%d", fmt, n);
	c = alike_add(a, slice_of(url));
	*single = c.single;
	return c.count;
}

static void test_alike(void **state)
{
	struct alike *a = alike_new();
	int64_t count = 0, same = 0;
	bool single;
	int i;

	(void)state;
	for (i = 0; i < 20000; i++)
		count = add(a, "/calendar?month=5&day=", i, &single);
	assert_false(single);
	assert_in_range(count, 17000, 23000);
	for (i = 0; i < 20000; i++)
		same = add(a, "/calendar?month=7&day=", i % 10, &single);
	assert_in_range(same, 17000, 23000);
	for (i = 0; i < 100; i++)
		count = add(a, "/issues/", i, &single);
	assert_true(single);
	assert_in_range(count, 90, 110);
	for (i = 0; i < 100; i++)
		count = add(a, "/issues/", i % 10, &single);
	assert_in_range(count, 90, 110);
	alike_free(a);
}

/* Pages that differ in words are not alike, however many. */
static void test_not_alike(void **state)
{
	struct alike *a = alike_new();
	char url[64] = "https://wiki.example/........";
	int i, j;

	(void)state;
	for (i = 0; i < 20000; i++) {
		int n = i;

		for (j = 21; j < 29; j++, n /= 26)
			url[j] = (char)('a' + n % 26);
		assert_int_equal(alike_add(a, slice_of(url)).count, 1);
	}
	alike_free(a);
}

/* In a scope: so many with parameters, ten times as many without, a hundred
 * times where one number is all that differs. */
static void test_room(void **state)
{
	static const char text[] = "[source it]\nurl = https://wiki.example/\n"
	                           "pattern-most = 20\n";
	int i, pages = 0, days = 0, queries = 0;
	struct scope *s;
	struct conf *c;
	struct fault f;

	(void)state;
	assert_true(conf_parse(&c, SLICE(text), "test.conf", &f));
	assert_true(scope_new(&s, conf_find(c, "source", SLICE("it")), &f));
	for (i = 0; i < 4000; i++) {
		char url[64];

		snprintf(url, sizeof(url), "https://wiki.example/p/%d", i);
		pages += scope_room(s, slice_of(url));
		snprintf(url, sizeof(url), "https://wiki.example/%d/%d", i / 30,
		         i % 30);
		days += scope_room(s, slice_of(url));
		snprintf(url, sizeof(url), "https://wiki.example/c?day=%d", i);
		queries += scope_room(s, slice_of(url));
	}
	assert_in_range(pages, 1700, 2300);
	assert_in_range(days, 170, 230);
	assert_in_range(queries, 18, 22);
	scope_free(s);
	conf_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_alike),
		cmocka_unit_test(test_not_alike),
		cmocka_unit_test(test_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
