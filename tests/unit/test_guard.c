/* guard.h: what speaks to a model goes and what does not stays; what a case
 * does not hold does not come back. Cases: tests/data/guard. */

#include "kb/cases/guard.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/utf8.h"

static const struct slice classes[] = {
	{ "configuration error", 19 },
	{ "service fault", 13 },
	{ "consulting", 10 },
	{ "咨询", 6 },
	{ "配置错误", 12 },
	{ "billing", 7 },
};
static const struct guard_names names = { classes, 6 };
static struct arena arena;
static struct fault f;

/* With \n, \\ and \u{...} read. */
static struct slice unescaped(struct slice s)
{
	struct buf b = BUF_INIT(1 << 20);
	struct slice out;
	size_t i;

	for (i = 0; i < s.len; i++) {
		struct slice rest = slice_cut(s, i, s.len);
		char bytes[4];

		if (slice_starts(rest, SLICE("\\n"))) {
			buf_byte(&b, '\n');
			i++;
		} else if (slice_starts(rest, SLICE("\\\\"))) {
			buf_byte(&b, '\\');
			i++;
		} else if (slice_starts(rest, SLICE("\\u{"))) {
			unsigned long point = strtoul(rest.at + 3, NULL, 16);

			buf_add(&b, (struct slice){
			                    bytes,
			                    utf8_put(bytes, (uint32_t)point) });
			i += slice_find(rest, '}');
		} else {
			buf_byte(&b, s.at[i]);
		}
	}
	out = arena_copy(&arena, buf_slice(&b));
	buf_release(&b);
	return out;
}

static struct slice read_cases(const char *name)
{
	char path[512], *bytes;
	struct slice all;
	size_t len;

	snprintf(path, sizeof(path), "%s/guard/%s.txt", TEST_DATA, name);
	assert_true(file_read(path, 1 << 20, &bytes, &len, &f));
	all = arena_copy(&arena, (struct slice){ bytes, len });
	free(bytes);
	return all;
}

static bool next_line(struct slice *rest, struct slice *line)
{
	do {
		if (!rest->len)
			return false;
		*line = slice_cut(*rest, 0, slice_find(*rest, '\n'));
		*rest = slice_cut(*rest, line->len + 1, rest->len);
	} while (!line->len || slice_starts(*line, SLICE("# ")));
	return true;
}

static size_t wrong;

static void differs(struct slice text, struct slice is, struct slice should)
{
	wrong++;
	print_error("'%.*s'\n  is  '%.*s'\n  not '%.*s'\n", SLICE_ARG(text),
	            SLICE_ARG(is), SLICE_ARG(should));
}

static void attacks_go(void **state)
{
	struct slice rest = read_cases("attacks"), line, text = { 0 };
	struct guard_input out;

	(void)state;
	wrong = 0;
	while (next_line(&rest, &line)) {
		struct slice body = unescaped(slice_cut(line, 2, line.len));

		if (line.at[0] == '<') {
			text = body;
			continue;
		}
		assert_true(guard_in(text, &names, &arena, &out, &f));
		if (!slice_eq(slice_trim(out.text), slice_trim(body)))
			differs(text, out.text, body);
		else if (!slice_eq(text, body))
			assert_true(out.signs != 0 || out.removed ||
			            out.text.len < text.len);
	}
	assert_int_equal(wrong, 0);
}

/* Whatever its words are: it is noticed, and not all of it is left. */
static void other_wordings_go(void **state)
{
	static const struct slice all[] = {
		{ "configuration error", 19 },
		{ "consulting", 10 },
		{ "咨询", 6 },
		{ "諮詢", 6 },
		{ "컨설팅", 9 },
		{ "구성 오류", 13 },
		{ "コンサルティング", 24 },
		{ "相談", 6 },
		{ "配置错误", 12 },
		{ "question", 8 },
	};
	static const struct guard_names more = { all, 10 };
	struct slice rest = read_cases("wordings"), line;
	struct guard_input out;

	(void)state;
	wrong = 0;
	while (next_line(&rest, &line)) {
		assert_true(guard_in(line, &more, &arena, &out, &f));
		if (!out.removed || !(out.signs & ~(unsigned)GUARD_BLOB))
			differs(line, out.text, SLICE(""));
	}
	assert_int_equal(wrong, 0);
}

static void ordinary_text_stays(void **state)
{
	struct slice rest = read_cases("ordinary"), line;
	struct guard_input out;

	(void)state;
	wrong = 0;
	while (next_line(&rest, &line)) {
		assert_true(guard_in(line, &names, &arena, &out, &f));
		if (!slice_eq(out.text, line) || out.signs)
			differs(line, out.text, line);
	}
	assert_int_equal(wrong, 0);
}

static struct slice losses_of(unsigned losses)
{
	static const char *const words[] = { "link", "markup", "order", "whole",
		                             "long" };
	struct buf b = BUF_INIT(100);
	struct slice s;
	size_t i;

	for (i = 0; i < 5; i++)
		if (losses & 1u << i)
			buf_addf(&b, "%s%s", b.len ? " " : "", words[i]);
	s = arena_copy(&arena, buf_slice(&b));
	buf_release(&b);
	return s;
}

static void answers_gain_nothing(void **state)
{
	struct slice rest = read_cases("out"), line, text = { 0 }, out = { 0 };
	struct guard_case *g;
	unsigned losses = 0;

	(void)state;
	wrong = 0;
	assert_true(guard_case_new(&g, &f));
	while (next_line(&rest, &line)) {
		struct slice body = unescaped(slice_cut(line, 2, line.len));

		if (line.at[0] == '=') {
			assert_true(guard_case_add(g, body, &f));
		} else if (line.at[0] == '<') {
			text = body;
			assert_true(guard_out(g, text, 4096, &arena, &out,
			                      &losses, &f));
		} else if (line.at[0] == '>') {
			if (!slice_eq(out, body))
				differs(text, out, body);
		} else if (!slice_eq(losses_of(losses), slice_trim(body))) {
			differs(text, losses_of(losses), body);
		}
	}
	assert_int_equal(wrong, 0);
	guard_case_free(g);
}

static void tokens_are_held_at_borders(void **state)
{
	struct guard_case *g;

	(void)state;
	assert_true(guard_case_new(&g, &f));
	assert_true(guard_case_add(
	        g, SLICE("got AccessDenied (HTTP 403) 错误码E1001出现"), &f));
	assert_true(guard_holds(g, SLICE("AccessDenied")));
	assert_true(guard_holds(g, SLICE("HTTP 403")));
	assert_true(guard_holds(g, SLICE("E1001")));
	assert_false(guard_holds(g, SLICE("Access")));
	assert_false(guard_holds(g, SLICE("TTP 403")));
	assert_false(guard_holds(g, SLICE("accessdenied")));
	assert_false(guard_holds(g, SLICE("")));
	guard_case_free(g);
}

static void long_answers_are_cut_at_a_character(void **state)
{
	struct guard_case *g;
	struct slice out;
	unsigned losses;

	(void)state;
	assert_true(guard_case_new(&g, &f));
	assert_true(
	        guard_out(g, SLICE("磁盘已满"), 7, &arena, &out, &losses, &f));
	assert_true(slice_eq(out, SLICE("磁盘")));
	assert_int_equal(losses, GUARD_LONG);
	guard_case_free(g);
}

/* Long runs of what begins something again and again: done at all, in the
 * seconds a test may take, means linear. */
static void hostile_texts_take_no_longer(void **state)
{
	static const char *const parts[] = {
		"<!--", "<|",   "<",      "[",       "![", "a\n",
		"1 ",   "0",    ".- ",    "ignore ", "%6", "\"role\":",
		"a,",   "<b ",  "[a](",   "&#",      "a.", "忽略",
		"====", "a@b.", "i g n ", "\\u00",   "::", "+1",
	};
	struct guard_case *g;
	size_t i, j;

	(void)state;
	assert_true(guard_case_new(&g, &f));
	for (i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		struct buf text = BUF_INIT(1 << 20);
		struct guard_input in;
		struct slice out;
		unsigned losses;

		for (j = 0; j < (1 << 15) / strlen(parts[i]); j++)
			buf_text(&text, parts[i]);
		assert_true(
		        guard_in(buf_slice(&text), &names, &arena, &in, &f));
		assert_true(guard_out(g, buf_slice(&text), 1 << 20, &arena,
		                      &out, &losses, &f));
		buf_release(&text);
		arena_reset(&arena);
	}
	guard_case_free(g);
}

static int forget(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(attacks_go, forget),
		cmocka_unit_test_teardown(other_wordings_go, forget),
		cmocka_unit_test_teardown(ordinary_text_stays, forget),
		cmocka_unit_test_teardown(answers_gain_nothing, forget),
		cmocka_unit_test_teardown(tokens_are_held_at_borders, forget),
		cmocka_unit_test_teardown(long_answers_are_cut_at_a_character,
		                          forget),
		cmocka_unit_test_teardown(hostile_texts_take_no_longer, forget),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
