/* pattern.h: finding, groups, and that a limit is never "no match". */

#include "base/text/pattern.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"

static struct pattern *make(const char *text, unsigned flags)
{
	struct pattern *p;
	struct fault f;

	if (!pattern_new(&p, slice_of(text), flags, &f))
		fail_msg("%s", f.text);
	return p;
}

static void patterns_are_found(void **state)
{
	static const struct {
		const char *pattern;
		unsigned flags;
		const char *text, *whole; /* NULL: not found */
	} cases[] = {
		{ "b+", 0, "abbbc", "bbb" },
		{ "b+", 0, "aaa", NULL },
		{ "B+", 0, "abb", NULL },
		{ "B+", PATTERN_CASELESS, "abb", "bb" },
		{ "\xC3\x89", PATTERN_CASELESS, "\xC3\xA9", "\xC3\xA9" },
		{ "^c$", 0, "b\nc\nd", NULL },
		{ "^c$", PATTERN_LINES, "b\nc\nd", "c" },
		{ "", 0, "", "" },
		{ ".", 0, "\xE4\xBD\xBF", "\xE4\xBD\xBF" },
		{ "\\p{Han}", 0, "a\xE4\xBD\xBF", "\xE4\xBD\xBF" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct pattern *p = make(cases[i].pattern, cases[i].flags);
		struct pattern_match m;
		struct fault f;
		bool found;

		assert_true(pattern_find(p, slice_of(cases[i].text), 0, &m,
		                         &found, &f));
		assert_int_equal(found, cases[i].whole != NULL);
		if (found)
			assert_true(
			        slice_eq(m.group[0], slice_of(cases[i].whole)));
		pattern_free(p);
	}
	pattern_free(NULL);
}

static void groups_and_steps(void **state)
{
	struct pattern *p = make("(\\w)=(\\d)?", 0);
	struct slice s = SLICE("a=1 b=");
	struct pattern_match m;
	struct fault f;
	bool found;

	(void)state;
	assert_true(pattern_find(p, s, 0, &m, &found, &f) && found);
	assert_true(slice_eq(m.group[1], SLICE("a")));
	assert_true(slice_eq(m.group[2], SLICE("1")));
	assert_null(m.group[3].at);
	assert_true(pattern_find(p, s, 3, &m, &found, &f) && found);
	assert_true(slice_eq(m.group[1], SLICE("b")));
	assert_null(m.group[2].at);
	assert_true(pattern_find(p, s, 6, &m, &found, &f) && !found);
	assert_true(pattern_find(p, s, 7, &m, &found, &f) && !found);
	pattern_free(p);
}

static void more_groups_than_room(void **state)
{
	struct pattern *p = make("(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)(k)", 0);
	struct pattern_match m;
	struct fault f;
	bool found;

	(void)state;
	assert_true(pattern_find(p, SLICE("abcdefghijk"), 0, &m, &found, &f));
	assert_true(found && slice_eq(m.group[9], SLICE("i")));
	pattern_free(p);
}

static void wrong_patterns_are_refused(void **state)
{
	static const char *const cases[] = { "(",   "a**",  "[",       "\\C",
		                             "(?R", "\xFF", "x{99999}" };
	static char large[LIMIT_PATTERN + 1];
	struct pattern *p;
	struct fault f;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_false(pattern_new(&p, slice_of(cases[i]), 0, &f));
		assert_int_equal(f.kind, FAULT_USAGE);
		assert_non_null(strstr(f.text, "at byte"));
	}
	memset(large, 'x', sizeof(large));
	assert_false(
	        pattern_new(&p, (struct slice){ large, sizeof(large) }, 0, &f));
	assert_int_equal(f.kind, FAULT_LIMIT);
}

static void limits_are_faults(void **state)
{
	struct pattern *p = make("(a+)+$", 0);
	struct buf b = BUF_INIT(1 << 20);
	struct pattern_match m;
	struct fault f;
	bool found;
	int i;

	(void)state;
	for (i = 0; i < 100; i++)
		buf_byte(&b, 'a');
	buf_byte(&b, 'b');
	assert_false(pattern_find(p, buf_slice(&b), 0, &m, &found, &f));
	assert_int_equal(f.kind, FAULT_LIMIT);
	pattern_free(p);
	/* Recursion as deep as the text is long. */
	p = make("^(\\((?1)*\\))*$", 0);
	buf_reset(&b);
	for (i = 0; i < 500000; i++)
		buf_byte(&b, '(');
	assert_false(pattern_find(p, buf_slice(&b), 0, &m, &found, &f));
	assert_int_equal(f.kind, FAULT_LIMIT);
	pattern_free(p);
	buf_release(&b);
}

static void text_that_is_not_utf8_is_a_fault(void **state)
{
	struct pattern *p = make("b", 0);
	struct slice s = SLICE("a\xC3(b");
	struct pattern_match m;
	struct fault f;
	bool found;

	(void)state;
	assert_false(pattern_find(p, s, 0, &m, &found, &f));
	assert_int_equal(f.kind, FAULT_INPUT);
	/* Unchecked, but harmless. */
	assert_true(pattern_find(p, s, 1, &m, &found, &f) && found);
	pattern_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(patterns_are_found),
		cmocka_unit_test(groups_and_steps),
		cmocka_unit_test(more_groups_than_room),
		cmocka_unit_test(wrong_patterns_are_refused),
		cmocka_unit_test(limits_are_faults),
		cmocka_unit_test(text_that_is_not_utf8_is_a_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
