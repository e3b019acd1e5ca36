/* Cases, digests and the ledger in the store: what is put is read, what did
 * not change is left alone, and a person's word stays above a model's. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/limits.h"
#include "schema/cases.h"
#include "schema/digests.h"
#include "schema/ledger.h"

static const struct slice space = { "aws-support/123456789012", 24 };
static struct store *store;

static void worked(bool ok, const struct fault *f)
{
	if (!ok)
		fail_msg("%s: %s", f->code, f->text);
}

static int open_new(void **state)
{
	struct fault f;

	(void)state;
	unlink("cases-test.db");
	worked(store_open(&store, "cases-test.db", STORE_CREATE, &f), &f);
	return 0;
}

static int close_it(void **state)
{
	(void)state;
	store_close(store);
	unlink("cases-test.db");
	return 0;
}

static const struct slice names[] = { { "log.txt", 7 }, { "图.png", 7 } };

static struct case_reply replies[] = {
	{ { "ops@example.com", 15 },
	  SIDE_CUSTOMER,
	  1000,
	  { "it broke", 8 },
	  names,
	  2 },
	{ { "Amazon Web Services", 19 },
	  SIDE_PROVIDER,
	  2000,
	  { "已修复", 9 },
	  NULL,
	  0 },
	{ { "ops@example.com", 15 },
	  SIDE_CUSTOMER,
	  3000,
	  { "thanks", 6 },
	  NULL,
	  0 },
};

static struct support_case a_case(const char *id, size_t count)
{
	return (struct support_case){
		.space = space,
		.native = slice_of(id),
		.subject = SLICE("EC2 instance unreachable"),
		.submitted_by = SLICE("ops@example.com"),
		.status = SLICE("resolved"),
		.severity = SLICE("high"),
		.service = SLICE("amazon-ec2"),
		.access = SLICE("staff"),
		.channel = SLICE("import"),
		.created = 500,
		.resolved = CLOCK_NONE,
		.replies = replies,
		.reply_count = count,
	};
}

static enum case_outcome put(const struct support_case *c)
{
	enum case_outcome what;
	struct fault f;

	worked(cases_put(store, c, 9000, &what, &f), &f);
	return what;
}

static int64_t find(const char *id)
{
	struct fault f;
	int64_t found;

	worked(case_find(store, &reader_all, space, slice_of(id), &found, &f),
	       &f);
	return found;
}

static bool text_is(struct slice s, const char *text)
{
	return slice_eq(s, slice_of(text));
}

static void what_is_put_is_read(void **state)
{
	struct support_case c = a_case("17", 3), back;
	struct arena a = ARENA_INIT;
	struct fault f;

	(void)state;
	assert_int_equal(put(&c), CASE_NEW);
	assert_int_equal(put(&c), CASE_SAME);
	worked(case_load(store, &reader_all, find("17"), &a, &back, &f), &f);
	assert_true(text_is(back.subject, "EC2 instance unreachable"));
	assert_int_equal(back.created, 500);
	assert_int_equal(back.resolved, CLOCK_NONE);
	assert_int_equal(back.reply_count, 3);
	assert_int_equal(back.replies[1].side, SIDE_PROVIDER);
	assert_true(text_is(back.replies[1].body, "已修复"));
	assert_int_equal(back.replies[0].attachment_count, 2);
	assert_true(text_is(back.replies[0].attachments[1], "图.png"));
	assert_int_equal(back.replies[2].time, 3000);
	arena_release(&a);
}

static void who_may_not_read_finds_nothing(void **state)
{
	struct support_case c = a_case("17", 3), back;
	struct arena a = ARENA_INIT;
	struct fault f;
	int64_t id;

	(void)state;
	put(&c);
	assert_false(
	        case_find(store, &reader_public, space, c.native, &id, &f));
	assert_int_equal(f.kind, FAULT_GONE);
	assert_false(
	        case_load(store, &reader_public, find("17"), &a, &back, &f));
	assert_false(case_load(store, NULL, find("17"), &a, &back, &f));
	arena_release(&a);
}

static void an_older_state_overwrites_nothing(void **state)
{
	struct support_case c = a_case("17", 3), less = a_case("17", 2);

	(void)state;
	put(&c);
	assert_int_equal(put(&less), CASE_OLDER);
	c.status = SLICE("reopened");
	assert_int_equal(put(&c), CASE_CHANGED);
}

static void what_cannot_be_kept_is_refused(void **state)
{
	struct support_case c = a_case("", 3);
	enum case_outcome what;
	struct fault f;

	(void)state;
	assert_false(cases_put(store, &c, 1, &what, &f));
	c = a_case("18", 3);
	c.subject = (struct slice){ "a\0b", 3 };
	assert_false(cases_put(store, &c, 1, &what, &f));
	assert_string_equal(f.code, "case-text");
	c = a_case("18", 3);
	c.access = SLICE("two words");
	assert_false(cases_put(store, &c, 1, &what, &f));
	c = a_case("18", LIMIT_CASE_REPLIES + 1);
	assert_false(cases_put(store, &c, 1, &what, &f));
	assert_int_equal(f.kind, FAULT_LIMIT);
}

static bool count_case(void *self, const struct support_case *c,
                       struct fault *f)
{
	(void)c;
	(void)f;
	++*(int *)self;
	return true;
}

static void a_walk_sees_each_once(void **state)
{
	struct case_filter within = { .from = 600, .to = 650 };
	struct arena a = ARENA_INIT;
	struct fault f;
	char id[16];
	int seen = 0;

	(void)state;
	worked(cases_hold(store, &f), &f);
	for (int i = 0; i < 200; i++) {
		struct support_case c = a_case(id, 1);

		snprintf(id, sizeof(id), "%d", i);
		c.native = slice_of(id);
		c.created = i % 3 ? 600 + i : CLOCK_NONE;
		put(&c);
	}
	worked(cases_let_go(store, &f), &f);
	worked(cases_each(store, &reader_all, NULL, &a, count_case, &seen, &f),
	       &f);
	assert_int_equal(seen, 200);
	seen = 0;
	worked(cases_each(store, &reader_all, &within, &a, count_case, &seen,
	                  &f),
	       &f);
	assert_int_equal(seen, 33);
	seen = 0;
	worked(cases_each(store, &reader_public, NULL, &a, count_case, &seen,
	                  &f),
	       &f);
	assert_int_equal(seen, 0);
	arena_release(&a);
}

static struct digest a_digest(int64_t id, uint64_t hash)
{
	static const struct slice steps[] = { { "restart", 7 }, { "tell", 4 } };

	return (struct digest){
		.case_id = id,
		.case_hash = hash,
		.problem = SLICE("an instance could not be reached"),
		.cause = SLICE("a route was missing"),
		.class = SLICE("configuration error"),
		.steps = steps,
		.step_count = 2,
		.model = SLICE("m"),
		.prompt = SLICE("1"),
		.back_end = SLICE("openai"),
		.time = 7000,
	};
}

static size_t due(int tries)
{
	struct digest_due what = { .tries = tries, .prompt = SLICE("1") };
	struct fault f;
	int64_t ids[8];
	size_t count;

	worked(digests_due(store, &what, 0, ids, 8, &count, &f), &f);
	return count;
}

static struct support_case load(struct arena *a, const char *id)
{
	struct support_case c;
	struct fault f;

	worked(case_load(store, &reader_all, find(id), a, &c, &f), &f);
	return c;
}

static void a_digest_is_due_until_it_is_there(void **state)
{
	struct support_case c = a_case("17", 3), back;
	struct arena a = ARENA_INIT;
	struct fault why, f;
	struct digest d;

	(void)state;
	put(&c);
	assert_int_equal(due(2), 1);
	back = load(&a, "17");
	fault(&why, FAULT_INPUT, "reply", "nonsense");
	worked(digest_failed(store, &back, &why, 1, &f), &f);
	assert_int_equal(due(2), 1);
	worked(digest_failed(store, &back, &why, 1, &f), &f);
	assert_int_equal(due(2), 0);
	c.subject = SLICE("another subject");
	put(&c);
	assert_int_equal(due(2), 1);
	back = load(&a, "17");
	d = a_digest(back.id, back.hash);
	worked(digest_put(store, &d, &f), &f);
	assert_int_equal(due(2), 0);
	c.status = SLICE("reopened");
	put(&c);
	assert_int_equal(due(2), 0);
	arena_release(&a);
}

static void a_persons_word_stays_above(void **state)
{
	struct support_case c = a_case("17", 3);
	struct arena a = ARENA_INIT;
	struct digest d, back;
	struct fault f;
	bool found;
	int64_t id;

	(void)state;
	put(&c);
	id = find("17");
	worked(digest_correct(store, id, FIELD_CLASS, SLICE("service fault"), 1,
	                      &f),
	       &f);
	worked(digest_correct(store, id, FIELD_STEPS, SLICE("[\"wait\"]"), 1,
	                      &f),
	       &f);
	assert_false(
	        digest_correct(store, id, FIELD_STEPS, SLICE("{}"), 1, &f));
	d = a_digest(id, 1);
	worked(digest_put(store, &d, &f), &f);
	worked(digest_load(store, id, &a, &back, &found, &f), &f);
	assert_true(found);
	assert_true(text_is(back.class, "service fault"));
	assert_true(text_is(back.problem, "an instance could not be reached"));
	assert_int_equal(back.step_count, 1);
	assert_int_equal(back.corrected, 1u << FIELD_CLASS | 1u << FIELD_STEPS);
	worked(digest_correct(store, id, FIELD_CLASS, SLICE(""), 1, &f), &f);
	worked(digest_load(store, id, &a, &back, &found, &f), &f);
	assert_true(text_is(back.class, "configuration error"));
	arena_release(&a);
}

static void an_answer_is_kept_and_a_lost_call_seen(void **state)
{
	struct ledger_call call = { .section = SLICE("default"),
		                    .purpose = SLICE("digest"),
		                    .subject = SLICE("aws-support/1/17"),
		                    .model = SLICE("m"),
		                    .request = SLICE("abcd"),
		                    .started = 100000,
		                    .input_tokens = 10,
		                    .cost = 5 };
	struct ledger_end end = { .outcome = SLICE("answer"),
		                  .status = 200,
		                  .input_tokens = 8,
		                  .output_tokens = 3,
		                  .cost = 4 };
	struct ledger_answer x = { .request = SLICE("abcd"),
		                   .subject = SLICE("aws-support/1/17"),
		                   .finish = SLICE("done"),
		                   .answer = SLICE("好的"),
		                   .time = 1 };
	struct arena a = ARENA_INIT;
	struct ledger_answer back;
	struct ledger_sum sum;
	struct fault f;
	int64_t first, second;
	bool found;

	(void)state;
	worked(ledger_sent(store, &call, &first, &f), &f);
	worked(ledger_sent(store, &call, &second, &f), &f);
	assert_int_not_equal(first, second);
	worked(ledger_ended(store, second, &end, &x, &f), &f);
	worked(ledger_find(store, SLICE("abcd"), &a, &back, &found, &f), &f);
	assert_true(found);
	assert_true(text_is(back.answer, "好的"));
	worked(ledger_sum(store, SLICE("default"), 0, &sum, &f), &f);
	assert_int_equal(sum.calls, 2);
	assert_int_equal(sum.lost, 1);
	assert_int_equal(sum.input_tokens, 18);
	assert_int_equal(sum.cost, 9);
	worked(ledger_sum(store, SLICE("default"), 100001, &sum, &f), &f);
	assert_int_equal(sum.calls, 0);
	worked(ledger_drop(store, SLICE("abcd"), &f), &f);
	worked(ledger_find(store, SLICE("abcd"), &a, &back, &found, &f), &f);
	assert_false(found);
	arena_release(&a);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_new, close_it)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_put_is_read),
		TEST(who_may_not_read_finds_nothing),
		TEST(an_older_state_overwrites_nothing),
		TEST(what_cannot_be_kept_is_refused),
		TEST(a_walk_sees_each_once),
		TEST(a_digest_is_due_until_it_is_there),
		TEST(a_persons_word_stays_above),
		TEST(an_answer_is_kept_and_a_lost_call_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
