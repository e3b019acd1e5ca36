/* The plain form of cases: what is written, and what is read of it. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/clock.h"
#include "schema/case_form.h"

static void assert_slice(struct slice s, const char *text)
{
	char room[4096];

	snprintf(room, sizeof(room), "%.*s", SLICE_ARG(s));
	assert_string_equal(room, text);
}

static const struct slice files[] = { { "error.log", 9 }, { "图\n1.png", 9 } };

static const struct case_reply replies[] = {
	{ .by = { "Kim \\ Minji", 11 },
	  .side = SIDE_CUSTOMER,
	  .time = 1767323045678,
	  .body = { "磁盘满了\n\n=== reply\n\\=== end\n", 33 },
	  .attachments = files,
	  .attachment_count = 2 },
	{ .time = CLOCK_NONE, .body = { "", 0 } },
	{ .side = SIDE_PROVIDER, .time = 0, .body = { "by: nobody", 10 } },
};

static const char written[] = "opslore case replies, form 1\n"
                              "=== reply\n"
                              "by: Kim \\\\ Minji\n"
                              "side: customer\n"
                              "time: 2026-01-02T03:04:05.678Z\n"
                              "attachment: error.log\n"
                              "attachment: 图\\n1.png\n"
                              "\n"
                              "磁盘满了\n"
                              "\n"
                              "\\=== reply\n"
                              "\\\\=== end\n"
                              "\n"
                              "=== reply\n"
                              "\n"
                              "\n"
                              "=== reply\n"
                              "side: provider\n"
                              "time: 1970-01-01T00:00:00.000Z\n"
                              "\n"
                              "by: nobody\n"
                              "=== end\n";

static void replies_come_back(void **state)
{
	struct buf out = BUF_INIT(1 << 16);
	struct arena a = ARENA_INIT;
	struct case_reply *r;
	struct fault f;
	size_t count, i;

	(void)state;
	case_form_write(replies, 3, &out);
	assert_string_equal(buf_string(&out), written);
	assert_true(case_form_is(buf_slice(&out)));
	if (!case_form_read(buf_slice(&out), &a, &r, &count, &f))
		fail_msg("line %lld: %s", (long long)f.line, f.text);
	assert_int_equal(count, 3);
	for (i = 0; i < 3; i++) {
		assert_true(slice_eq(r[i].by, replies[i].by));
		assert_int_equal(r[i].side, replies[i].side);
		assert_int_equal(r[i].time, replies[i].time);
		assert_true(slice_eq(r[i].body, replies[i].body));
		assert_int_equal(r[i].attachment_count,
		                 replies[i].attachment_count);
	}
	assert_true(slice_eq(r[0].attachments[1], files[1]));
	arena_release(&a);
	buf_release(&out);
}

static void a_text_cut_anywhere_is_refused(void **state)
{
	struct slice whole = SLICE(written);
	struct arena a = ARENA_INIT;
	struct case_reply *r;
	struct fault f;
	size_t count, i;

	(void)state;
	/* The very last line end may be missing. */
	for (i = 29; i + 1 < whole.len; i++) {
		if (case_form_read(slice_cut(whole, 0, i), &a, &r, &count, &f))
			fail_msg("%zu bytes of it were taken for all", i);
		assert_string_equal(f.code, "case-form");
	}
	arena_release(&a);
}

static void bad_lines_are_named(void **state)
{
	static const struct {
		const char *text;
		int64_t line;
		const char *says;
	} bad[] = {
		{ "hello\n", 2, "neither '=== reply' nor '=== end': 'hello'" },
		{ "=== reply\nfrom: me\n", 3, "a reply has no heading 'from'" },
		{ "=== reply\nby: x\nside: both\n", 4,
		  "a side is customer or provider, not 'both'" },
		{ "=== reply\ntime: soon\n", 3,
		  "a time is written 2026-01-31T08:00:00Z, not 'soon'" },
		{ "=== reply\nno heading\n", 3,
		  "this is no heading of a reply: 'no heading'" },
		{ "=== reply\n\none\ntwo\n=== elsewhere\n", 6,
		  "neither '=== reply' nor '=== end': '=== elsewhere'" },
		{ "=== end\nmore\n", 3,
		  "something follows '=== end': 'more\n'" },
	};
	struct arena a = ARENA_INIT;
	struct case_reply *r;
	char text[256];
	struct fault f;
	size_t count, i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		snprintf(text, sizeof(text), "opslore case replies, form 1\n%s",
		         bad[i].text);
		assert_false(
		        case_form_read(slice_of(text), &a, &r, &count, &f));
		assert_string_equal(f.text, bad[i].says);
		assert_int_equal(f.line, bad[i].line);
	}
	arena_release(&a);
}

static void only_the_whole_first_line_says_so(void **state)
{
	(void)state;
	assert_true(case_form_is(SLICE("opslore case replies, form 1")));
	assert_false(case_form_is(SLICE("opslore case replies, form 12\n")));
	assert_false(case_form_is(SLICE("opslore case replies\n")));
	assert_false(case_form_is(SLICE("")));
}

static void names_stay_within_their_folder(void **state)
{
	static const struct {
		const char *id, *name;
	} names[] = {
		{ "1234567890", "1234567890" },
		{ "INC-0_1.a", "INC-0_1.a" },
		{ "../../etc/passwd", "%2E.%2F..%2Fetc%2Fpasswd" },
		{ "..", "%2E." },
		{ "a b%", "a%20b%25" },
		{ "工单", "%E5%B7%A5%E5%8D%95" },
	};
	struct buf out = BUF_INIT(4096);
	char longest[300];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		buf_reset(&out);
		case_form_name(slice_of(names[i].id), &out);
		assert_string_equal(buf_string(&out), names[i].name);
	}
	memset(longest, 'x', sizeof(longest));
	buf_reset(&out);
	case_form_name((struct slice){ longest, sizeof(longest) }, &out);
	assert_int_equal(out.len, 197);
	assert_int_equal(out.at[180], '~');
	buf_release(&out);
}

/* Seven columns, and those in which there is something to be told. */
static void a_row_has_the_columns_it_needs(void **state)
{
	struct support_case c = {
		.native = SLICE("101"),
		.subject = SLICE("=cmd|' /C calc'!A0"),
		.submitted_by = SLICE("li, wei"),
		.created = 1767323045678,
		.resolved = CLOCK_NONE,
		.severity = SLICE("high"),
		.service = SLICE("ec2"),
		.category = SLICE("-"),
		.access = SLICE("staff"),
		.channel = SLICE("import"),
	};
	unsigned basic = case_form_needs(&c), more;
	struct buf out = BUF_INIT(4096);

	(void)state;
	assert_int_equal(basic, 0x7f);
	case_form_head(basic, &out);
	case_form_row(&c, basic, &out);
	assert_string_equal(
	        buf_string(&out),
	        "displayId,subject,submittedBy,timeCreated,severityCode,"
	        "serviceCode,categoryCode\n"
	        "101,\"'=cmd|' /C calc'!A0\",\"li, wei\","
	        "2026-01-02T03:04:05.678Z,high,ec2,\"'-\"\n");
	c.access = SLICE("team");
	c.resolved = 1767323045678;
	more = case_form_needs(&c);
	buf_reset(&out);
	case_form_head(more, &out);
	case_form_row(&c, more, &out);
	assert_string_equal(
	        buf_string(&out),
	        "displayId,subject,submittedBy,timeCreated,severityCode,"
	        "serviceCode,categoryCode,timeResolved,accessLabel\n"
	        "101,\"'=cmd|' /C calc'!A0\",\"li, wei\","
	        "2026-01-02T03:04:05.678Z,high,ec2,\"'-\","
	        "2026-01-02T03:04:05.678Z,team\n");
	assert_slice(*case_form_field(&c, CASE_SERVICE), "ec2");
	assert_null(case_form_field(&c, CASE_TIME_RESOLVED));
	buf_release(&out);
}

static void months_are_those_of_utc(void **state)
{
	struct buf out = BUF_INIT(64);

	(void)state;
	case_form_month(1767323045678, &out);
	assert_string_equal(buf_string(&out), "2026-01");
	buf_reset(&out);
	case_form_month(CLOCK_NONE, &out);
	assert_string_equal(buf_string(&out), "undated");
	buf_release(&out);
}

/* One reply of which nothing is known is its text, unless that would be read
 * as something else. */
static void a_bare_reply_is_its_text(void **state)
{
	static const struct {
		const char *body;
		bool plain;
	} bodies[] = {
		{ "a\n\nb\n\n", true },
		{ " indented", true },
		{ "=== reply\nby: x", true },
		{ "", false },
		{ "\n\n", false },
		{ " {\"a\": 1}", false },
		{ "[]", false },
		{ "opslore case replies, form 1\n=== end\n", false },
		{ "hello\nSubmittedBy: me\n", false },
		{ "timecreated: now", false },
		{ "\xEF\xBB\xBFmark", false },
	};
	struct case_reply r = { .time = CLOCK_NONE }, *read;
	struct buf out = BUF_INIT(4096);
	struct arena a = ARENA_INIT;
	struct fault f;
	size_t count, i;

	(void)state;
	for (i = 0; i < sizeof(bodies) / sizeof(*bodies); i++) {
		r.body = slice_of(bodies[i].body);
		assert_int_equal(case_form_is_plain(r.body), bodies[i].plain);
		buf_reset(&out);
		case_form_write(&r, 1, &out);
		if (bodies[i].plain) {
			assert_string_equal(buf_string(&out), bodies[i].body);
			continue;
		}
		assert_true(
		        case_form_read(buf_slice(&out), &a, &read, &count, &f));
		assert_int_equal(count, 1);
		assert_true(slice_eq(read->body, r.body));
	}
	r.side = SIDE_CUSTOMER;
	r.body = SLICE("plain");
	buf_reset(&out);
	case_form_write(&r, 1, &out);
	assert_true(case_form_is(buf_slice(&out)));
	arena_release(&a);
	buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(replies_come_back),
		cmocka_unit_test(a_text_cut_anywhere_is_refused),
		cmocka_unit_test(bad_lines_are_named),
		cmocka_unit_test(only_the_whole_first_line_says_so),
		cmocka_unit_test(names_stay_within_their_folder),
		cmocka_unit_test(a_row_has_the_columns_it_needs),
		cmocka_unit_test(months_are_those_of_utc),
		cmocka_unit_test(a_bare_reply_is_its_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
