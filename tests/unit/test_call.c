/* Calls of an API: each tried again, signed anew, told before it leaves, and
 * handed over once. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/net/call.h"
#include "tests/unit/hostile.h"

static struct hostile server;

static struct slice at(const char *path)
{
	static char urls[3][160];
	static unsigned next;
	char *url = urls[next++ % 3];

	snprintf(url, sizeof(urls[0]), "http://127.0.0.1:%d/%s",
	         hostile_port(&server, "main"), path);
	return slice_of(url);
}

struct seen {
	unsigned left, signed_for;
	bool shut;
	enum pace_word word; /* for a 200, when `judging` */
	bool judging;
};

static bool sign(void *self, const struct call_try *t, struct arena *a,
                 const struct http_header **headers, size_t *count,
                 struct fault *f)
{
	struct seen *s = self;
	struct http_header *h = arena_array(a, 2, sizeof(*h));
	char text[32];

	(void)f;
	s->signed_for++;
	h[0] = t->headers[0];
	snprintf(text, sizeof(text), "try %u", t->number);
	h[1].name = SLICE("x-signature");
	h[1].value = arena_copy(a, slice_of(text));
	*headers = h;
	*count = 2;
	return true;
}

static bool leave(void *self, const struct call_try *t, struct fault *f)
{
	struct seen *s = self;

	assert_true(t->now >= 1000);
	if (s->shut)
		return fault(f, FAULT_LIMIT, "budget", "no money");
	s->left++;
	return true;
}

static enum pace_word judge(void *self, const struct call_try *t,
                            const struct http_reply *r)
{
	struct seen *s = self;

	if (s->judging && r->status == 200 && t->number < 3)
		return s->word;
	return caller_usual(self, t, r);
}

static struct caller *open_caller(struct seen *s, unsigned tries)
{
	struct caller_options o = {
		.http = { .allow_private = true },
		.pace = { .rate = 1000, .concurrency = 8 },
		.tries = tries,
		.now = 1000,
		.sign = sign,
		.sign_self = s,
		.leave = leave,
		.judge = judge,
		.self = s,
	};
	struct caller *c;
	struct fault f;

	if (!caller_new(&c, &o, &f))
		fail_msg("%s", f.text);
	return c;
}

static const struct http_header plain = { { "x-plain", 7 }, { "yes", 3 } };

static struct call_reply *ask(struct caller *c, const char *path)
{
	struct call call = { .url = at(path),
		             .body = SLICE("{}"),
		             .headers = &plain,
		             .header_count = 1,
		             .id = 7 };
	struct call_reply *r;
	struct fault f;

	if (!caller_ask(c, &call, &r, &f))
		fail_msg("%s", f.text);
	assert_int_equal(r->id, 7);
	return r;
}

static bool holds(struct slice body, const char *text)
{
	size_t len = strlen(text);

	for (size_t i = 0; i + len <= body.len; i++)
		if (!memcmp(body.at + i, text, len))
			return true;
	return false;
}

static void an_answer_comes_with_its_signature(void **state)
{
	struct seen s = { 0 };
	struct caller *c = open_caller(&s, 3);
	struct call_reply *r = ask(c, "echo/");

	(void)state;
	assert_int_equal(r->fault.kind, FAULT_NONE);
	assert_int_equal(r->tries, 1);
	assert_true(holds(r->http->body, "x-plain: yes"));
	assert_true(holds(r->http->body, "x-signature: try 1"));
	assert_true(holds(r->http->body, "POST"));
	caller_done(c, r);
	assert_int_equal(caller_pending(c), 0);
	assert_null(caller_next(c));
	caller_free(c);
}

static void a_refusal_is_tried_again_and_signed_anew(void **state)
{
	struct seen s = { .judging = true, .word = PACE_FAILED };
	struct caller *c = open_caller(&s, 5);
	struct call_reply *r = ask(c, "echo/");

	(void)state;
	assert_int_equal(r->fault.kind, FAULT_NONE);
	assert_int_equal(r->tries, 3);
	assert_int_equal(s.signed_for, 3);
	assert_int_equal(s.left, 3);
	assert_true(holds(r->http->body, "x-signature: try 3"));
	caller_done(c, r);
	caller_free(c);
}

static void what_never_works_ends(void **state)
{
	struct seen s = { 0 };
	struct caller *c = open_caller(&s, 2);
	struct call_reply *r = ask(c, "close-at-once/");

	(void)state;
	assert_true(r->gave_up);
	assert_int_equal(r->tries, 2);
	assert_int_not_equal(r->fault.kind, FAULT_NONE);
	caller_done(c, r);
	caller_free(c);
}

static void a_status_is_an_answer(void **state)
{
	struct seen s = { 0 };
	struct caller *c = open_caller(&s, 2);
	struct call_reply *r = ask(c, "there-is-no-such/");

	(void)state;
	assert_int_equal(r->fault.kind, FAULT_NONE);
	assert_int_equal(r->http->status, 404);
	assert_int_equal(r->tries, 1);
	caller_done(c, r);
	caller_free(c);
}

static void what_may_not_leave_does_not(void **state)
{
	struct seen s = { .shut = true };
	struct caller *c = open_caller(&s, 2);
	struct call_reply *r = ask(c, "echo/");

	(void)state;
	assert_true(r->unsent);
	assert_string_equal(r->fault.code, "budget");
	assert_null(r->http);
	caller_done(c, r);
	caller_free(c);
}

static void many_at_once_come_once_each(void **state)
{
	struct seen s = { 0 };
	struct caller *c = open_caller(&s, 2);
	bool came[40] = { false };
	struct call_reply *r;
	struct fault f;
	size_t n = 0;

	(void)state;
	for (uint64_t i = 0; i < 40; i++) {
		struct call call = { .url = at("good/1"),
			             .headers = &plain,
			             .header_count = 1,
			             .id = i };

		assert_true(caller_start(c, &call, &f));
	}
	while (caller_pending(c)) {
		assert_true(caller_poll(c, 100, &f));
		assert_true(caller_under_way(c) <= 8);
		while ((r = caller_next(c))) {
			assert_false(came[r->id]);
			came[r->id] = true;
			n++;
			caller_done(c, r);
		}
	}
	assert_int_equal(n, 40);
	caller_free(c);
}

static void it_can_end_in_the_middle(void **state)
{
	struct seen s = { 0 };
	struct caller *c = open_caller(&s, 2);
	struct fault f;

	(void)state;
	for (int i = 0; i < 20; i++) {
		struct call call = { .url = at("good/1"),
			             .headers = &plain,
			             .header_count = 1,
			             .bearer = SLICE("secret") };

		assert_true(caller_start(c, &call, &f));
	}
	assert_true(caller_poll(c, 0, &f));
	caller_free(c);
}

static int set_up(void **state)
{
	(void)state;
	hostile_start(&server);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	hostile_stop(&server);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_comes_with_its_signature),
		cmocka_unit_test(a_refusal_is_tried_again_and_signed_anew),
		cmocka_unit_test(what_never_works_ends),
		cmocka_unit_test(a_status_is_an_answer),
		cmocka_unit_test(what_may_not_leave_does_not),
		cmocka_unit_test(many_at_once_come_once_each),
		cmocka_unit_test(it_can_end_in_the_middle),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
