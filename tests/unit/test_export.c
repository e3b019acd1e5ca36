/* The pure parts of an export: which answer, which reason, which bytes. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "export/card.h"
#include "export/format.h"
#include "export/gather.h"
#include "schema/record.h"

#define S(text) SLICE(text)

static struct answer_row answer(int64_t id, int64_t score, bool accepted)
{
	struct answer_row a = {
		.id = id,
		.native = S("7"),
		.link = S("https://ops.example/a/7"),
		.content = S("Check the *previous* log:\n\n"
		             "```bash\nkubectl logs --previous pod\n```"),
		.author = S("李雷"),
		.author_link = S("https://ops.example/users/3"),
		.licence = S("CC-BY-SA-4.0"),
		.channel = S("dump"),
		.score = score,
		.accepted = accepted,
	};

	return a;
}

static struct post_row question(struct answer_row *answers, size_t count)
{
	struct post_row p = {
		.id = 1,
		.space = S("ops.example"),
		.native = S("5"),
		.kind = S("question"),
		.link = S("https://ops.example/questions/5"),
		.title = S("Pod in \"CrashLoopBackOff\""),
		.content = S("It restarts again and again.\tWhy?\n\n\\x"),
		.author = S("user 9"),
		.author_link = S("https://ops.example/users/9"),
		.licence = S("CC-BY-SA-3.0"),
		.channel = S("dump"),
		.score = 10,
		.closed = CLOCK_NONE,
		.answers = answers,
		.answer_count = count,
	};

	return p;
}

static const struct gather_options plain = { .min_score = 1,
	                                     .min_question_score = INT64_MIN };

static enum drop_reason reason_of(const struct gather_options *o,
                                  const struct post_row *p)
{
	struct arena a = ARENA_INIT;
	struct example e;
	struct gather g;
	enum drop_reason reason;

	gather_init(&g, o);
	reason = gather_example(&g, p, &a, &e);
	gather_release(&g);
	arena_release(&a);
	return reason;
}

static void the_accepted_answer_wins_when_it_reaches_the_score(void **state)
{
	struct answer_row answers[] = { answer(1, 50, false),
		                        answer(2, 3, true) };
	struct post_row p = question(answers, 2);
	struct gather_options o = plain;
	struct arena a = ARENA_INIT;
	struct example e;
	struct gather g;

	(void)state;
	answers[0].content = S("Look at its events.");
	gather_init(&g, &o);
	assert_int_equal(gather_example(&g, &p, &a, &e), DROP_NONE);
	assert_int_equal(e.answer.score, 3);
	o.min_score = 4;
	assert_int_equal(gather_example(&g, &p, &a, &e), DROP_NONE);
	assert_int_equal(e.answer.score, 50);
	gather_release(&g);
	arena_release(&a);
}

static void each_reason_has_its_case(void **state)
{
	struct answer_row good[] = { answer(1, 5, false) };
	struct answer_row poor[] = { answer(1, 0, true) };
	struct answer_row mute[] = { answer(1, 5, false) };
	struct answer_row bare[] = { answer(1, 5, false) };
	struct post_row p = question(good, 1);
	struct gather_options o = plain;

	(void)state;
	assert_int_equal(reason_of(&o, &p), DROP_NONE);
	p.kind = S("page");
	assert_int_equal(reason_of(&o, &p), DROP_KIND);
	p = question(good, 1);
	o.tag = S("redis");
	assert_int_equal(reason_of(&o, &p), DROP_TAG);
	o = plain;
	p = question(NULL, 0);
	assert_int_equal(reason_of(&o, &p), DROP_NO_ANSWER);
	p = question(poor, 1);
	assert_int_equal(reason_of(&o, &p), DROP_SCORE);
	p = question(good, 1);
	o.min_question_score = 11;
	assert_int_equal(reason_of(&o, &p), DROP_QUESTION);
	o = plain;
	p.closed = 0;
	assert_int_equal(reason_of(&o, &p), DROP_CLOSED);
	p = question(good, 1);
	p.duplicate_of = S("4");
	assert_int_equal(reason_of(&o, &p), DROP_CLOSED);
	mute[0].content = S(" \n");
	p = question(mute, 1);
	assert_int_equal(reason_of(&o, &p), DROP_EMPTY);
	p = question(good, 1);
	p.flags = RECORD_TRUNCATED;
	assert_int_equal(reason_of(&o, &p), DROP_TRUNCATED);
	p.flags = RECORD_UNTRUSTED;
	assert_int_equal(reason_of(&o, &p), DROP_UNTRUSTED);
	bare[0].licence = S("");
	p = question(bare, 1);
	assert_int_equal(reason_of(&o, &p), DROP_UNLICENSED);
	p = question(good, 1);
	o.max_bytes = 20;
	assert_int_equal(reason_of(&o, &p), DROP_LONG);
}

static void a_pattern_that_cannot_decide_drops_too(void **state)
{
	struct answer_row answers[] = { answer(1, 5, false) };
	struct post_row p = question(answers, 1);
	struct gather_options o = plain;
	char many[64 * 1024];
	struct fault f;

	(void)state;
	assert_true(pattern_new(&o.drop, S("--previous"), 0, &f));
	assert_int_equal(reason_of(&o, &p), DROP_PATTERN);
	pattern_free(o.drop);
	assert_true(pattern_new(&o.drop, S("nowhere"), 0, &f));
	assert_int_equal(reason_of(&o, &p), DROP_NONE);
	pattern_free(o.drop);
	memset(many, 'a', sizeof(many));
	answers[0].content = (struct slice){ many, sizeof(many) };
	assert_true(pattern_new(&o.drop, S("(a+)+$x|(a+)+b"), 0, &f));
	assert_int_equal(reason_of(&o, &p), DROP_PATTERN);
	pattern_free(o.drop);
}

static void the_same_texts_are_taken_once(void **state)
{
	struct answer_row answers[] = { answer(1, 5, false) };
	struct post_row p = question(answers, 1);
	struct arena a = ARENA_INIT;
	struct example e;
	struct gather g;

	(void)state;
	gather_init(&g, &plain);
	assert_int_equal(gather_example(&g, &p, &a, &e), DROP_NONE);
	assert_int_equal(gather_example(&g, &p, &a, &e), DROP_REPEATED);
	gather_release(&g);
	arena_release(&a);
}

static void a_chat_line_has_the_bytes_of_its_golden_file(void **state)
{
	struct answer_row answers[] = { answer(1, 5, true) };
	struct post_row p = question(answers, 1);
	struct gather_options o = plain;
	struct buf line = BUF_INIT(1 << 20);
	struct arena a = ARENA_INIT;
	struct json *parsed;
	struct example e;
	struct gather g;
	struct fault f;
	char *golden;
	size_t len;

	(void)state;
	o.system = S("You help engineers on call.");
	gather_init(&g, &o);
	assert_int_equal(gather_example(&g, &p, &a, &e), DROP_NONE);
	assert_int_equal(slice_cmp(e.id, S("ops.example/5#a-7")), 0);
	format_find(S("chat"))->spell(&e, &line);
	assert_true(json_parse(&parsed, buf_slice(&line), &f));
	json_free(parsed);
	buf_byte(&line, '\n');
	assert_true(file_read(TEST_DATA "/export/chat.jsonl", 1 << 20, &golden,
	                      &len, &f));
	assert_string_equal(buf_string(&line), golden);
	free(golden);
	gather_release(&g);
	arena_release(&a);
	buf_release(&line);
}

static void attribution_names_and_links_everybody(void **state)
{
	struct answer_row answers[] = { answer(1, 5, true) };
	struct post_row p = question(answers, 1);
	struct buf out = BUF_INIT(1 << 20);
	struct arena a = ARENA_INIT;
	struct example e;
	struct gather g;

	(void)state;
	gather_init(&g, &plain);
	assert_int_equal(gather_example(&g, &p, &a, &e), DROP_NONE);
	card_attribution(&e, S("A [tricky] `title`"), &out);
	assert_string_equal(
	        buf_string(&out),
	        "- [A \\[tricky\\] "
	        "\\`title\\`](https://ops.example/questions/5)"
	        ": question by [user 9](https://ops.example/users/9) "
	        "(CC-BY-SA-3.0), [answer](https://ops.example/a/7) by "
	        "[李雷](https://ops.example/users/3) (CC-BY-SA-4.0)\n");
	gather_release(&g);
	arena_release(&a);
	buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		        the_accepted_answer_wins_when_it_reaches_the_score),
		cmocka_unit_test(each_reason_has_its_case),
		cmocka_unit_test(a_pattern_that_cannot_decide_drops_too),
		cmocka_unit_test(the_same_texts_are_taken_once),
		cmocka_unit_test(a_chat_line_has_the_bytes_of_its_golden_file),
		cmocka_unit_test(attribution_names_and_links_everybody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
