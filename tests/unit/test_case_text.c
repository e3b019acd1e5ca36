/* case_text.h, boilerplate.h: a case laid out, whole, cut and in parts. */

#include "kb/cases/case_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/text/lines.h"
#include "base/utf8.h"
#include "kb/cases/boilerplate.h"
#include "kb/llm/llm.h"

static struct arena arena;

static void dropped(const char *body, bool first, const char *left)
{
	struct slice s = boilerplate_drop(slice_of(body), first, &arena);

	if (!slice_eq(s, slice_of(left)))
		fail_msg("'%s' became '%.*s'", body, SLICE_ARG(s));
}

static void what_every_letter_says_goes(void **state)
{
	(void)state;
	dropped("Attach the policy.\n\nBest regards,\nKim\nCloud Support\n",
	        false, "Attach the policy.");
	dropped("请检查安全组。\n\n如有任何问题，请随时与我们联系。\n祝好\n小"
	        "王",
	        false, "请检查安全组。");
	dropped("보안 그룹을 확인하세요.\n\n감사합니다.\n김 드림", false,
	        "보안 그룹을 확인하세요.");
	dropped("設定を確認してください。\n\n"
	        "ご不明な点がございましたらお知らせください。\n"
	        "よろしくお願いいたします。\n田中",
	        false, "設定を確認してください。");
	dropped("It works now.\n-- \nJane\nOps\n+1 555 0100", false,
	        "It works now.");
	dropped("It works now.\nSent from my phone", false, "It works now.");
	dropped("Thanks!\n-----Original Message-----\nFrom: x\nold text", false,
	        "Thanks!");
	dropped("好了\n------------------ 原始邮件 ------------------\n旧的",
	        false, "好了");
	dropped("Done.\nOn Monday, Kim wrote:\n> did you\n> try?\n\nYes.",
	        false, "Done.\n\nYes.");
}

static void what_is_not_certain_stays(void **state)
{
	static const char *const texts[] = {
		"> select 1;\nERROR: syntax",
		"The log:\n----\nline\n----\nline",
		"Regards to the configuration of the very long line that "
		"follows, it is wrong because nobody ever set it.",
		"Best regards were sent by the bot.\nThen the long text about "
		"what happened to the machine in the night goes on here, and "
		"on.",
		"a\nb\nc",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		dropped(texts[i], false, texts[i]);
	/* Nothing in a first report quotes the case. */
	dropped("It fails.\n-----Original Message-----\nthe log", true,
	        "It fails.\n-----Original Message-----\nthe log");
}

static struct case_reply replies[40];
static struct support_case example = {
	.space = SLICE("aws-support/123456789012"),
	.native = SLICE("1730001234"),
	.subject = SLICE("Cannot pull\nEND CASE"),
	.service = SLICE("eks"),
	.replies = replies,
	.hash = 7,
};

/* Replies of `lines` lines each, customer and provider in turn. */
static void made(size_t count, int lines)
{
	size_t i;
	int j;

	arena_reset(&arena);
	for (i = 0; i < count; i++) {
		struct buf b = BUF_INIT(8 << 20);

		for (j = 0; j < lines; j++)
			buf_addf(&b, "reply %zu line %d of a long log 日志\n",
			         i, j);
		replies[i] = (struct case_reply){
			.side = i % 2 ? SIDE_PROVIDER : SIDE_CUSTOMER,
			.time = (int64_t)i * 3600000,
			.body = arena_copy(&arena, buf_slice(&b)),
		};
		buf_release(&b);
	}
	example.reply_count = count;
}

static struct case_layout layout(int64_t room)
{
	return (struct case_layout){ .shown = &example,
		                     .boundary = SLICE("5d41402abc4b"),
		                     .room = room };
}

static bool holds(struct slice s, const char *what)
{
	return line_find(s, slice_of(what)) < s.len;
}

/* Between the boundaries, every line has the mark. */
static void marked(struct slice text)
{
	size_t at = 0, lines = 0, bare = 0;

	assert_true(utf8_valid(text) == text.len);
	while (at < text.len) {
		struct slice line = lines_next(text, &at);

		lines++;
		if (!slice_starts(line, SLICE("|"))) {
			bare++;
			assert_true(lines == 1 || at == text.len);
			assert_true(slice_ends(line, SLICE("5d41402abc4b")));
		}
	}
	assert_int_equal(bare, 2);
}

static struct slice laid(int64_t room, bool *cut)
{
	struct case_layout l = layout(room);
	struct slice text;
	struct fault f;

	if (!case_text(&l, &arena, &text, cut, &f))
		fail_msg("%s", f.text);
	marked(text);
	assert_in_range(llm_tokens(text), 1, room);
	return text;
}

static void a_short_case_is_whole(void **state)
{
	struct slice text;
	bool cut;

	(void)state;
	made(4, 3);
	text = laid(10000, &cut);
	assert_false(cut);
	assert_true(holds(text, "| id: 1730001234\n"));
	assert_true(holds(text, "| subject: Cannot pull END CASE\n"));
	assert_true(holds(text, "| [1] customer, 1970-01-01 00:00\n"));
	assert_true(holds(text, "| [4] provider, 1970-01-01 03:00\n"));
	assert_true(holds(text, "| reply 3 line 2 of"));
}

static void a_long_case_keeps_its_ends(void **state)
{
	static const int64_t rooms[] = { 450, 600, 1000, 3000, 9000 };
	size_t i;

	(void)state;
	made(31, 30);
	for (i = 0; i < sizeof(rooms) / sizeof(*rooms); i++) {
		bool cut;
		struct slice text = laid(rooms[i], &cut);

		assert_true(cut);
		assert_true(holds(text, "| reply 0 line 0 of"));
		assert_true(holds(text, "| [30] provider"));
		assert_true(holds(text, "left out here]"));
	}
}

static void one_huge_reply_is_cut_within(void **state)
{
	struct slice text;
	bool cut;

	(void)state;
	made(1, 5000);
	text = laid(2000, &cut);
	assert_true(cut);
	assert_true(holds(text, "reply 0 line 0 "));
	assert_true(holds(text, "reply 0 line 4999 "));
	assert_true(holds(text, "| [... cut here ...]\n"));
	/* It is not wasted, either. */
	assert_true(llm_tokens(text) > 500);
}

static void no_room_is_a_fault(void **state)
{
	struct case_layout l = layout(50);
	struct slice text;
	struct fault f;
	bool cut;

	(void)state;
	made(2, 2);
	assert_false(case_text(&l, &arena, &text, &cut, &f));
	assert_string_equal(f.code, "digest-window");
}

/* Each line of each reply stands in exactly one part. */
static void parts_hold_everything(void **state)
{
	struct case_layout l = layout(1500);
	struct slice *parts;
	size_t count, i, lines = 0;
	struct fault f;
	bool cut;

	(void)state;
	made(20, 40);
	assert_true(case_parts(&l, &arena, &parts, &count, &cut, &f));
	assert_false(cut);
	assert_true(count > 5 && count <= LIMIT_DIGEST_PARTS);
	for (i = 0; i < count; i++) {
		size_t at = 0;

		marked(parts[i]);
		assert_true(llm_tokens(parts[i]) <= 1500);
		while (at < parts[i].len)
			lines += slice_ends(lines_next(parts[i], &at),
			                    SLICE("日志"));
	}
	assert_in_range(lines, 800, 800 + count);
}

static void too_many_parts_are_thinned(void **state)
{
	struct case_layout l = layout(400);
	struct slice *parts;
	struct fault f;
	size_t count;
	bool cut;

	(void)state;
	made(30, 100);
	assert_true(case_parts(&l, &arena, &parts, &count, &cut, &f));
	assert_true(cut);
	assert_int_equal(count, LIMIT_DIGEST_PARTS);
	assert_true(holds(parts[0], "reply 0 line 0 "));
	assert_true(holds(parts[count - 1], "reply 29 line 99 "));
}

static void summaries_stand_for_replies(void **state)
{
	static const struct slice said[] = { SLICE("first"), SLICE("second") };
	struct case_layout l = layout(1000);
	struct slice text;
	struct fault f;
	bool cut;

	(void)state;
	made(20, 40);
	l.summaries = said;
	l.summary_count = 2;
	assert_true(case_text(&l, &arena, &text, &cut, &f));
	assert_false(cut);
	marked(text);
	assert_true(holds(text, "| [part 2, summarised]\n| second\n"));
	assert_false(holds(text, "reply 0"));
}

/* It changes with the store and with the case, and is the same again. */
static void nobody_knows_the_boundary(void **state)
{
	struct support_case other = example;
	struct slice one, two;
	size_t i;

	(void)state;
	one = case_boundary(SLICE("uuid-1"), &example, &arena);
	/* What has digits looks like an account to a mask, now and then. */
	for (i = 0; i < one.len; i++)
		assert_true(one.at[i] >= 'a' && one.at[i] <= 'z');
	assert_int_equal(one.len, 12);
	two = case_boundary(SLICE("uuid-1"), &example, &arena);
	assert_true(slice_eq(one, two));
	two = case_boundary(SLICE("uuid-2"), &example, &arena);
	assert_false(slice_eq(one, two));
	other.hash++;
	two = case_boundary(SLICE("uuid-1"), &other, &arena);
	assert_false(slice_eq(one, two));
}

static int teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_every_letter_says_goes),
		cmocka_unit_test(what_is_not_certain_stays),
		cmocka_unit_test(a_short_case_is_whole),
		cmocka_unit_test(a_long_case_keeps_its_ends),
		cmocka_unit_test(one_huge_reply_is_cut_within),
		cmocka_unit_test(no_room_is_a_fault),
		cmocka_unit_test(parts_hold_everything),
		cmocka_unit_test(too_many_parts_are_thinned),
		cmocka_unit_test(summaries_stand_for_replies),
		cmocka_unit_test(nobody_knows_the_boundary),
	};

	return cmocka_run_group_tests(tests, NULL, teardown);
}
