/* The AWS Support API's requests, answers and refusals. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/file.h"
#include "crawler/cases/provider.h"

static const struct case_kind *const aws = &aws_support_kind;

static void is(struct slice s, const char *want)
{
	assert_int_equal(s.len, strlen(want));
	assert_memory_equal(s.at, want, s.len);
}

static int64_t at(const char *text)
{
	int64_t time;

	assert_true(clock_read(slice_of(text), &time));
	return time;
}

static void asks_for_a_window(void **state)
{
	struct case_query q = { .from = at("2026-01-01"),
		                .to = at("2026-02-01 00:00:01.5"),
		                .resolved = true };
	struct arena a = ARENA_INIT;
	struct case_wire w;

	(void)state;
	aws->list(&q, &a, &w);
	is(w.body, "{\"afterTime\":\"2026-01-01T00:00:00.000Z\","
	           "\"beforeTime\":\"2026-02-01T00:00:01.500Z\","
	           "\"includeResolvedCases\":true,"
	           "\"includeCommunications\":true,\"maxResults\":100}");
	assert_int_equal(w.header_count, 2);
	is(w.headers[0].value, "application/x-amz-json-1.1");
	is(w.headers[1].name, "x-amz-target");
	is(w.headers[1].value, "AWSSupport_20130415.DescribeCases");
	/* The next page: the very same, and the token. */
	q.token = SLICE("t\"1");
	q.to = CLOCK_NONE;
	aws->list(&q, &a, &w);
	is(w.body, "{\"afterTime\":\"2026-01-01T00:00:00.000Z\","
	           "\"includeResolvedCases\":true,"
	           "\"includeCommunications\":true,\"maxResults\":100,"
	           "\"nextToken\":\"t\\\"1\"}");
	arena_release(&a);
}

static void asks_for_cases_by_id_and_for_nothing(void **state)
{
	const struct slice ids[] = { SLICE("case-1"), SLICE("case-2") };
	struct case_query q = { .from = CLOCK_NONE,
		                .to = CLOCK_NONE,
		                .ids = ids,
		                .id_count = 2,
		                .resolved = true };
	struct case_query probe = { .probe = true,
		                    .from = CLOCK_NONE,
		                    .to = CLOCK_NONE };
	struct arena a = ARENA_INIT;
	struct case_wire w;

	(void)state;
	aws->list(&q, &a, &w);
	is(w.body, "{\"caseIdList\":[\"case-1\",\"case-2\"],"
	           "\"includeResolvedCases\":true,"
	           "\"includeCommunications\":true,\"maxResults\":100}");
	aws->list(&probe, &a, &w);
	is(w.body, "{\"includeResolvedCases\":false,"
	           "\"includeCommunications\":false,\"maxResults\":10,"
	           "\"dryRun\":true}");
	aws->replies(SLICE("case-1"), SLICE("t"), &a, &w);
	is(w.body, "{\"caseId\":\"case-1\",\"maxResults\":100,"
	           "\"nextToken\":\"t\"}");
	is(w.headers[1].value, "AWSSupport_20130415.DescribeCommunications");
	arena_release(&a);
}

/* A file of tests/data/support. */
static struct slice load(const char *name, struct arena *a)
{
	char path[512], *text;
	struct fault f;
	struct slice s;
	size_t len;

	snprintf(path, sizeof(path), "%s/support/%s", TEST_DATA, name);
	assert_true(file_read(path, 1 << 20, &text, &len, &f));
	s = arena_copy(a, (struct slice){ text, len });
	free(text);
	return s;
}

static void reads_a_case(const struct case_seen *seen)
{
	const struct support_case *c = &seen->c;
	const struct case_reply *first = &c->replies[1];

	assert_int_equal(seen->fault.kind, FAULT_NONE);
	assert_true(seen->whole);
	is(c->native, "70000001");
	is(c->source_id, "case-123456789012-muen-2026-0a1b2c3d");
	is(c->subject, "EC2 实例 无法启动");
	is(c->status, "resolved");
	is(c->severity, "urgent");
	is(c->service, "amazon-elastic-compute-cloud-linux");
	is(c->category, "instance-issue");
	is(c->language, "zh");
	is(c->submitted_by, "ops@example.com <运维 小李>");
	is(c->link, "https://support.console.aws.amazon.com/support/home#/"
	            "case/?displayId=70000001");
	assert_int_equal(c->created, at("2026-03-04 05:06:07.890"));
	assert_int_equal(c->reply_count, 2);
	assert_int_equal(c->replies[0].side, SIDE_PROVIDER);
	assert_int_equal(first->side, SIDE_CUSTOMER);
	is(first->body, "Kernel panic\n请协助");
	assert_int_equal(first->attachment_count, 2);
	is(first->attachments[0], "日志.txt");
	is(first->attachments[1], "core.tar");
}

static void reads_a_list(void **state)
{
	static const char *const faults[] = {
		[3] = "'subject' is no text",
		[4] = "a case has no caseId or no displayId",
		[5] = "'timeCreated' is no date",
		[6] = "a case is no object",
		[7] = "'communications' is no list",
	};
	struct arena a = ARENA_INIT;
	struct case_page page;
	struct fault f;
	size_t i;

	(void)state;
	assert_true(aws->listed(load("cases.json", &a), SLICE("us-east-1"), &a,
	                        &page, &f));
	assert_int_equal(page.count, 8);
	is(page.token, "AbC/+=");
	reads_a_case(&page.cases[0]);
	/* More than came; the first words are not among them. */
	assert_false(page.cases[1].whole);
	assert_int_equal(page.cases[1].c.replies[0].side, SIDE_PROVIDER);
	assert_false(page.cases[2].whole);
	for (i = 3; i < 8; i++) {
		assert_string_equal(page.cases[i].fault.text, faults[i]);
		assert_int_equal(page.cases[i].fault.kind, FAULT_INPUT);
	}
	assert_string_equal(page.cases[3].fault.subject, "case 70000004");
	arena_release(&a);
}

static void reads_replies(void **state)
{
	struct arena a = ARENA_INIT;
	struct case_part part;
	struct fault f;

	(void)state;
	assert_true(
	        aws->replied(load("communications.json", &a), &a, &part, &f));
	assert_int_equal(part.count, 3);
	is(part.token, "next");
	assert_int_equal(part.replies[0].side, SIDE_PROVIDER);
	assert_int_equal(part.replies[1].side, SIDE_UNKNOWN);
	assert_int_equal(part.replies[1].time, CLOCK_NONE);
	assert_int_equal(part.replies[2].side, SIDE_CUSTOMER);
	arena_release(&a);
}

static void refuses_what_is_no_answer(void **state)
{
	static const char *const bad[] = {
		"",
		"[]",
		"{}",
		"{\"cases\":{}}",
		"{\"cases\":null}",
		"{\"cases\":[],\"nextToken\":7}",
		"{\"cases\":[",
		"<html>",
		"{\"communications\":7}",
		"{\"communications\":[7]}",
		"{\"communications\":[{\"body\":7}]}",
		"{\"communications\":[{\"attachmentSet\":[{\"fileName\":1}]}]}",
	};
	struct arena a = ARENA_INIT;
	struct case_page page;
	struct case_part part;
	struct fault f;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_false(aws->listed(slice_of(bad[i]), SLICE(""), &a, &page,
		                         &f));
		assert_int_equal(f.kind, FAULT_INPUT);
		assert_false(aws->replied(slice_of(bad[i]), &a, &part, &f));
		assert_int_equal(f.kind, FAULT_INPUT);
	}
	assert_true(
	        aws->listed(SLICE("{\"cases\":[]}"), SLICE(""), &a, &page, &f));
	assert_int_equal(page.count + page.token.len, 0);
	arena_release(&a);
}

static enum case_refusal refusal(int status, const char *body, struct fault *f)
{
	const struct http_reply r = { .status = status,
		                      .body = slice_of(body) };

	return aws->refusal(&r, f);
}

static void knows_refusals(void **state)
{
	static const struct {
		int status;
		const char *body;
		enum case_refusal refusal;
		enum fault_kind kind;
		const char *text;
	} table[] = {
		{ 400,
		  "{\"__type\":\"com.amazonaws.support#ThrottlingException\","
		  "\"message\":\"Rate exceeded\"}",
		  REFUSAL_AGAIN, FAULT_LATER,
		  "AWS says 'Rate exceeded' (ThrottlingException)" },
		{ 400, "{\"__type\":\"ThrottlingException\"}", REFUSAL_AGAIN,
		  FAULT_LATER, "AWS says '' (ThrottlingException)" },
		{ 500,
		  "{\"__type\":\"InternalServerError\",\"Message\":\"no\"}",
		  REFUSAL_FAILED, FAULT_LATER,
		  "AWS says 'no' (InternalServerError)" },
		{ 400, "{\"__type\":\"a.b#CaseIdNotFound:http://x/\"}",
		  REFUSAL_UNKNOWN, FAULT_GONE, "AWS says '' (CaseIdNotFound)" },
		{ 400, "{\"__type\":\"DryRunOperationException\"}",
		  REFUSAL_PROBE, FAULT_INPUT,
		  "AWS says '' (DryRunOperationException)" },
		{ 400, "{\"__type\":\"SubscriptionRequiredException\"}",
		  REFUSAL_DENIED, FAULT_DENIED,
		  "the account's support plan has no API: it takes AWS "
		  "Business Support or higher "
		  "(SubscriptionRequiredException)" },
		{ 400, "{\"__type\":\"RequestTimeTooSkewed\"}", REFUSAL_CLOCK,
		  FAULT_DENIED,
		  "this machine's clock is wrong (RequestTimeTooSkewed)" },
		{ 400,
		  "{\"__type\":\"InvalidSignatureException\",\"message\":"
		  "\"Signature expired: 20260101T000000Z is now\"}",
		  REFUSAL_CLOCK, FAULT_DENIED,
		  "this machine's clock is wrong (InvalidSignatureException)" },
		{ 400,
		  "{\"__type\":\"InvalidSignatureException\",\"message\":"
		  "\"The request signature we calculated does not match\"}",
		  REFUSAL_DENIED, FAULT_DENIED,
		  "the secret does not belong to this access key, or the "
		  "region is wrong (InvalidSignatureException)" },
		{ 400, "{\"__type\":\"ExpiredTokenException\"}", REFUSAL_DENIED,
		  FAULT_DENIED,
		  "the session's key has ended: get a new one "
		  "(ExpiredTokenException)" },
		{ 400, "{\"__type\":\"InvalidParameterValueException\"}",
		  REFUSAL_WRONG, FAULT_INPUT,
		  "AWS says '' (InvalidParameterValueException)" },
		{ 503, "<html>", REFUSAL_AGAIN, FAULT_LATER,
		  "the service answered 503" },
		{ 403, "{\"__type\":7}", REFUSAL_DENIED, FAULT_DENIED,
		  "the service answered 403" },
		{ 404, "", REFUSAL_WRONG, FAULT_INPUT,
		  "the service answered 404" },
	};
	struct fault f;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		assert_int_equal(refusal(table[i].status, table[i].body, &f),
		                 table[i].refusal);
		assert_int_equal(f.kind, table[i].kind);
		assert_string_equal(f.text, table[i].text);
	}
}

static void knows_the_name_in_a_header(void **state)
{
	const struct http_header h = { SLICE("x-amzn-errortype"),
		                       SLICE("AccessDeniedException:http://"
		                             "x.example/") };
	const struct http_reply r = { .status = 400,
		                      .headers = &h,
		                      .header_count = 1 };
	struct fault f;

	(void)state;
	assert_int_equal(aws->refusal(&r, &f), REFUSAL_DENIED);
	assert_string_equal(f.text, "this identity may not: it needs "
	                            "support:DescribeCases and "
	                            "support:DescribeCommunications "
	                            "(AccessDeniedException)");
}

static void knows_what_is_closed(void **state)
{
	(void)state;
	assert_true(aws->closed(SLICE("resolved")));
	assert_false(aws->closed(SLICE("reopened")));
	assert_ptr_equal(case_kind_find(SLICE("aws-support")), aws);
	assert_null(case_kind_find(SLICE("aws")));
}

static void knows_whose_a_case_is(void **state)
{
	(void)state;
	is(aws->owner(SLICE("case-123456789012-muen-2026-0a1b")),
	   "123456789012");
	is(aws->owner(SLICE("case-123456789012")), "");
	is(aws->owner(SLICE("case-12345678901-muen-2026-0a1b")), "");
	is(aws->owner(SLICE("123456789012-muen")), "");
	is(aws->owner(SLICE("")), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(asks_for_a_window),
		cmocka_unit_test(asks_for_cases_by_id_and_for_nothing),
		cmocka_unit_test(reads_a_list),
		cmocka_unit_test(reads_replies),
		cmocka_unit_test(refuses_what_is_no_answer),
		cmocka_unit_test(knows_refusals),
		cmocka_unit_test(knows_the_name_in_a_header),
		cmocka_unit_test(knows_what_is_closed),
		cmocka_unit_test(knows_whose_a_case_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
