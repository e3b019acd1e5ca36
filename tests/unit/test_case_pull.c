/* What a pull remembers, and how replies of two sources become one list. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "crawler/cases/pull_identity.h"
#include "crawler/cases/pull_mark.h"
#include "crawler/cases/pull_settings.h"
#include "crawler/cases/replies.h"

static int64_t at(const char *text)
{
	int64_t time = CLOCK_NONE;

	assert_true(!*text || clock_read(slice_of(text), &time));
	return time;
}

static void is_time(int64_t time, const char *want)
{
	char text[CLOCK_TEXT];

	clock_write(text, time);
	assert_string_equal(text, want);
}

static void none(struct pull_mark *m)
{
	struct arena a = ARENA_INIT;

	pull_mark_read(m, SLICE(""), &a);
	arena_release(&a);
}

static void lists_month_by_month(void **state)
{
	static const char *const starts[] = {
		"2025-12-31 23:00:00.000",
		"2026-01-01 00:00:00.000",
		"2026-02-01 00:00:00.000",
		"2026-03-01 00:00:00.000",
	};
	struct pull_mark m;
	size_t i;

	(void)state;
	none(&m);
	assert_false(pull_mark_start(&m, at("2025-12-31 23:00"), false, true,
	                             at("2026-03-20")));
	assert_int_equal(pull_mark_windows(m.from, m.began), 4);
	for (i = 0; i < 4; i++) {
		assert_int_equal(m.phase, PULL_WINDOWS);
		is_time(m.from, starts[i]);
		is_time(m.to, i < 3 ? starts[i + 1] : "");
		pull_mark_window(&m);
	}
	assert_int_equal(m.phase, PULL_OPEN);
	pull_mark_end(&m);
	is_time(m.complete, "2026-03-20 00:00:00.000");
	is_time(m.covered, "2025-12-31 23:00:00.000");
}

/* A mark after a complete pull of 2026-03-20 back to 2024-03-20. */
static void complete(struct pull_mark *m)
{
	none(m);
	assert_false(pull_mark_start(m, at("2024-03-20"), false, true,
	                             at("2026-03-20")));
	pull_mark_end(m);
}

static void begins_where_the_last_one_did(void **state)
{
	struct pull_mark m;
	int64_t now = at("2026-04-02");

	(void)state;
	complete(&m);
	/* Two years back has moved on: that is no reason to list all. */
	pull_mark_start(&m, at("2024-04-02"), false, true, now);
	is_time(m.since, "2026-03-19 00:00:00.000");
	/* Whoever wants more gets it; nobody leaves a gap. */
	complete(&m);
	pull_mark_start(&m, at("2020-01-01"), false, true, now);
	is_time(m.since, "2020-01-01 00:00:00.000");
	complete(&m);
	pull_mark_start(&m, at("2025-01-01"), true, true, now);
	is_time(m.since, "2025-01-01 00:00:00.000");
	complete(&m);
	pull_mark_start(&m, at("2026-04-01"), true, true, now);
	is_time(m.since, "2026-03-19 00:00:00.000");
	is_time(m.covered, "2024-03-20 00:00:00.000");
}

static void goes_on_if_that_is_enough(void **state)
{
	struct pull_mark m;

	(void)state;
	none(&m);
	assert_false(pull_mark_start(&m, at("2024-03-20"), false, true,
	                             at("2026-03-20")));
	pull_mark_window(&m);
	m.token = SLICE("t");
	assert_true(pull_mark_start(&m, at("2024-03-21"), true, true,
	                            at("2026-03-21")));
	is_time(m.from, "2024-04-01 00:00:00.000");
	assert_int_equal(m.token.len, 1);
	/* Other filters: the token is worth nothing. */
	assert_false(pull_mark_start(&m, at("2024-03-21"), true, false,
	                             at("2026-03-21")));
	assert_int_equal(m.token.len, 0);
	/* Further back. */
	assert_false(pull_mark_start(&m, at("2023-01-01"), true, false,
	                             at("2026-03-21")));
	is_time(m.from, "2023-01-01 00:00:00.000");
}

static void lists_again_what_was_missed(void **state)
{
	struct pull_mark m;

	(void)state;
	none(&m);
	pull_mark_start(&m, at("2026-01-05"), false, true, at("2026-03-20"));
	pull_mark_window(&m);
	pull_mark_miss(&m);
	pull_mark_window(&m);
	pull_mark_miss(&m);
	pull_mark_end(&m);
	pull_mark_start(&m, at("2026-01-05"), false, true, at("2026-03-21"));
	is_time(m.since, "2026-02-01 00:00:00.000");
	/* This time nothing was. */
	pull_mark_end(&m);
	pull_mark_start(&m, at("2026-01-05"), false, true, at("2026-03-22"));
	is_time(m.since, "2026-03-20 00:00:00.000");
}

static void is_written_and_read(void **state)
{
	struct buf text = BUF_INIT(1 << 16), again = BUF_INIT(1 << 16);
	struct arena a = ARENA_INIT;
	struct pull_mark m, read;

	(void)state;
	complete(&m);
	pull_mark_start(&m, at("2024-03-20"), true, true, at("2026-03-21"));
	m.token = SLICE("Ab\"c\n=");
	m.native = SLICE("70000001");
	m.open_after = at("2025-01-01");
	pull_mark_miss(&m);
	pull_mark_write(&m, &text);
	pull_mark_read(&read, buf_slice(&text), &a);
	pull_mark_write(&read, &again);
	assert_string_equal(buf_string(&text), buf_string(&again));
	assert_true(slice_eq(read.token, m.token));
	assert_int_equal(read.phase, PULL_WINDOWS);
	/* What it does not understand is as none. */
	pull_mark_read(&read, SLICE("{\"version\":2,\"complete\":5}"), &a);
	assert_int_equal(read.complete, CLOCK_NONE);
	pull_mark_read(&read, SLICE("{\"version\":1,\"phase\":1}"), &a);
	assert_int_equal(read.phase, PULL_NONE);
	pull_mark_read(&read, SLICE("["), &a);
	assert_int_equal(read.phase, PULL_NONE);
	arena_release(&a);
	buf_release(&text);
	buf_release(&again);
}

/* ---- replies ------------------------------------------------------------ */

#define REPLY(who, when, said)                                                 \
	{                                                                      \
		.by = SLICE(who), .time = (when), .body = SLICE(said)          \
	}

static void says(struct replies r, const char *want)
{
	struct buf text = BUF_INIT(4096);
	size_t i;

	for (i = 0; i < r.count; i++)
		buf_addf(&text, "%s%.*s", i ? " " : "",
		         SLICE_ARG(r.list[i].body));
	assert_string_equal(buf_string(&text), want);
	buf_release(&text);
}

static void puts_replies_into_order(void **state)
{
	/* Newest first; two of one moment; one told twice by two pages. */
	const struct case_reply came[] = {
		REPLY("aws", 40, "d"),  REPLY("ops", 30, "c2"),
		REPLY("aws", 30, "c1"), REPLY("ops", 20, "b"),
		REPLY("ops", 20, "b"),  REPLY("ops", 10, "a"),
	};
	const struct case_reply upward[] = { REPLY("ops", 10, "a"),
		                             REPLY("ops", 20, "b1"),
		                             REPLY("aws", 20, "b2"),
		                             REPLY("aws", 30, "c") };
	struct arena a = ARENA_INIT;

	(void)state;
	says(replies_join((struct replies){ came, 6 }, (struct replies){ 0 },
	                  &a),
	     "a b c1 c2 d");
	says(replies_join((struct replies){ upward, 4 }, (struct replies){ 0 },
	                  &a),
	     "a b1 b2 c");
	says(replies_join((struct replies){ 0 }, (struct replies){ 0 }, &a),
	     "");
	arena_release(&a);
}

static void keeps_what_is_told_no_more(void **state)
{
	const struct case_reply there[] = { REPLY("ops", 10, "old"),
		                            REPLY("aws", 20, "b"),
		                            REPLY("ops", 30, "c") };
	const struct case_reply came[] = { REPLY("aws", 40, "new"),
		                           REPLY("ops", 30, "c, edited"),
		                           REPLY("aws", 20, "b") };
	struct arena a = ARENA_INIT;

	(void)state;
	says(replies_join((struct replies){ came, 3 },
	                  (struct replies){ there, 3 }, &a),
	     "old b c, edited new");
	arena_release(&a);
}

static void sees_what_is_there_just_so(void **state)
{
	const struct slice names[] = { SLICE("a.log") };
	const struct case_reply there[] = {
		REPLY("ops", 10, "a"),
		{ .by = SLICE("aws"),
		  .time = 20,
		  .body = SLICE("b"),
		  .attachments = names,
		  .attachment_count = 1 },
	};
	const struct case_reply bare[] = { REPLY("aws", 20, "b") };
	const struct case_reply newer[] = { REPLY("aws", 30, "c") };
	const struct replies all = { there, 2 };

	(void)state;
	assert_true(replies_hold(all, all));
	assert_true(replies_hold(all, (struct replies){ there + 1, 1 }));
	assert_true(replies_hold(all, (struct replies){ 0 }));
	assert_false(replies_hold(all, (struct replies){ bare, 1 }));
	assert_false(replies_hold(all, (struct replies){ newer, 1 }));
	assert_false(replies_hold((struct replies){ 0 }, all));
}

/* ---- settings and identity ---------------------------------------------- */

static void reads_dates(void **state)
{
	int64_t now = at("2026-03-20"), out;
	struct fault f;

	(void)state;
	assert_true(pull_since(SLICE("10d"), now, &out, &f));
	is_time(out, "2026-03-10 00:00:00.000");
	assert_true(pull_since(SLICE("2024-01-31"), now, &out, &f));
	is_time(out, "2024-01-31 00:00:00.000");
	assert_false(pull_since(SLICE("2026-03-21"), now, &out, &f));
	assert_false(pull_since(SLICE("soon"), now, &out, &f));
	assert_int_equal(f.kind, FAULT_USAGE);
}

static void reads_whose_key_it_is(void **state)
{
	struct pull_identity who;
	struct fault f;

	(void)state;
	assert_true(pull_identity_read(
	        SLICE("{\"GetCallerIdentityResponse\":{"
	              "\"GetCallerIdentityResult\":{\"Account\":"
	              "\"123456789012\",\"Arn\":\"arn:aws:iam::123456789012:"
	              "user/ops\",\"UserId\":\"AIDAEXAMPLE\"}}}"),
	        &who, &f));
	assert_string_equal(who.account, "123456789012");
	assert_string_equal(who.arn, "arn:aws:iam::123456789012:user/ops");
	assert_false(pull_identity_read(
	        SLICE("{\"GetCallerIdentityResponse\":{"
	              "\"GetCallerIdentityResult\":{\"Account\":"
	              "\"../../etc/12\",\"Arn\":\"a\"}}}"),
	        &who, &f));
	assert_false(pull_identity_read(SLICE("<xml/>"), &who, &f));
	assert_false(pull_identity_read(
	        SLICE("<Account>12345678901\xc2</Account><Arn>a</Arn>"), &who,
	        &f));
	assert_true(pull_identity_read(
	        SLICE("<GetCallerIdentityResponse><GetCallerIdentityResult>"
	              "<Arn>arn:aws:iam::210987654321:user/ops</Arn><UserId>"
	              "A</UserId><Account>210987654321</Account>"
	              "</GetCallerIdentityResult>"),
	        &who, &f));
	assert_string_equal(who.account, "210987654321");
	assert_string_equal(who.arn, "arn:aws:iam::210987654321:user/ops");
	assert_false(pull_identity_read(SLICE("{}"), &who, &f));
	assert_int_equal(f.kind, FAULT_INPUT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_month_by_month),
		cmocka_unit_test(begins_where_the_last_one_did),
		cmocka_unit_test(goes_on_if_that_is_enough),
		cmocka_unit_test(lists_again_what_was_missed),
		cmocka_unit_test(is_written_and_read),
		cmocka_unit_test(puts_replies_into_order),
		cmocka_unit_test(keeps_what_is_told_no_more),
		cmocka_unit_test(sees_what_is_there_just_so),
		cmocka_unit_test(reads_dates),
		cmocka_unit_test(reads_whose_key_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
