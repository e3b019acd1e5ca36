/* Asking models: through the scripted server, into a store of its own. */

#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "kb/llm/ask.h"
#include "kb/llm/ask_budget.h"
#include "schema/ledger.h"
#include "tests/unit/model_server.h"

#define NOW INT64_C(1700000000000)
#define SCHEMA "{\"type\":\"object\",\"properties\":{}}"

struct scene {
	struct model_server server;
	struct store *store;
	char url[64], path[96];
	struct llm_settings settings;
	struct asker *asker;
	struct llm_turn turn;
	struct llm_prompt prompt;
	char text[64];
};

static void scene_store(struct scene *s)
{
	struct fault f;

	snprintf(s->path, sizeof(s->path), "%s/kb.db", s->server.folder);
	if (!store_open(&s->store, s->path, STORE_CREATE, &f))
		fail_msg("%s", f.text);
}

static void scene_open(struct scene *s, const char *script,
                       const char *const *options)
{
	memset(s, 0, sizeof(*s));
	model_server_start(&s->server, script, options);
	snprintf(s->url, sizeof(s->url), "http://127.0.0.1:%d", s->server.port);
	scene_store(s);
	s->settings = (struct llm_settings){
		.name = SLICE("default"),
		.kind = llm_kinds[0],
		.url = slice_of(s->url),
		.model = SLICE("small"),
		.schema = SLICE("messages"),
		.shape = -1,
		.window = 8192,
		.output_most = 100,
		.currency = SLICE("USD"),
		.rate = 1000,
		.concurrency = 4,
		.tries = 3,
		.timeout = 20000,
		.allow_private = true,
	};
}

static void scene_asker(struct scene *s, struct asker_options o)
{
	struct fault f;

	asker_free(s->asker);
	o.settings = &s->settings;
	o.store = s->store;
	o.purpose = SLICE("test");
	o.now = NOW;
	if (!asker_new(&s->asker, &o, &f))
		fail_msg("%s", f.text);
}

static void scene_close(struct scene *s)
{
	asker_free(s->asker);
	store_close(s->store);
	model_server_stop(&s->server);
}

/* A prompt about case `n`; good until the next. */
static const struct llm_prompt *prompt_of(struct scene *s, int n)
{
	snprintf(s->text, sizeof(s->text), "Case case-%d: it is slow", n);
	s->turn.text = slice_of(s->text);
	s->prompt = (struct llm_prompt){
		.system = SLICE("You sort cases."),
		.turns = &s->turn,
		.turn_count = 1,
		.schema = SLICE(SCHEMA),
		.schema_name = SLICE("digest"),
		.output_most = 100,
	};
	return &s->prompt;
}

static void start(struct scene *s, int n)
{
	struct fault f;

	if (!asker_start(s->asker, prompt_of(s, n), SLICE("case"), (uint64_t)n,
	                 &f))
		fail_msg("%d: %s", n, f.text);
}

static struct asker_reply *wait_for_one(struct scene *s)
{
	struct asker_reply *r;
	struct fault f;

	while (!(r = asker_next(s->asker))) {
		assert_true(asker_pending(s->asker) > 0);
		if (!asker_poll(s->asker, 1000, &f))
			fail_msg("%s", f.text);
	}
	return r;
}

/* One from start to end. */
static struct asker_reply *ask(struct scene *s, int n)
{
	start(s, n);
	return wait_for_one(s);
}

static void good(const struct asker_reply *r)
{
	if (r->fault.kind != FAULT_NONE)
		fail_msg("%s: %s", r->fault.code, r->fault.text);
	assert_true(r->answer.text.len > 0);
}

static struct asker_counts counts(const struct scene *s)
{
	struct asker_counts c;

	asker_counts(s->asker, &c);
	return c;
}

static struct ledger_sum sum(const struct scene *s)
{
	struct ledger_sum sum;
	struct fault f;

	assert_true(ledger_sum(s->store, SLICE("default"), 0, &sum, &f));
	return sum;
}

static void an_answer_is_never_asked_for_twice(void **state)
{
	struct asker_reply *r;
	struct asker_estimate e;
	struct fault f;
	struct scene s;
	int i;

	(void)state;
	scene_open(&s, NULL, NULL);
	scene_asker(&s, (struct asker_options){ 0 });
	for (i = 0; i < 8; i++)
		start(&s, i);
	for (i = 0; i < 8; i++) {
		r = wait_for_one(&s);
		good(r);
		assert_false(r->kept);
		assert_true(r->answer.input_tokens > 0);
		assert_true(slice_eq(r->answer.model, SLICE("small-0101")));
		asker_done(s.asker, r);
	}
	assert_int_equal(asker_pending(s.asker), 0);
	scene_asker(&s, (struct asker_options){ 0 });
	assert_true(asker_estimate(s.asker, prompt_of(&s, 3), &e, &f));
	assert_true(e.kept && e.input_tokens > 0);
	for (i = 0; i < 8; i++) {
		r = ask(&s, i);
		good(r);
		assert_true(r->kept);
		assert_int_equal(r->answer.finish, LLM_DONE);
		asker_done(s.asker, r);
	}
	assert_int_equal(counts(&s).kept, 8);
	assert_int_equal(counts(&s).sent, 0);
	assert_int_equal(model_server_logged(&s.server, "\"n\""), 8);
	assert_int_equal(sum(&s).answered, 8);
	/* Dropped, or asked for anew, it is. */
	r = ask(&s, 1);
	assert_true(ledger_drop(s.store, r->request, &f));
	asker_done(s.asker, r);
	r = ask(&s, 1);
	assert_false(r->kept);
	asker_done(s.asker, r);
	scene_asker(&s, (struct asker_options){ .fresh = true });
	r = ask(&s, 2);
	assert_false(r->kept);
	asker_done(s.asker, r);
	assert_int_equal(model_server_logged(&s.server, "\"n\""), 10);
	scene_close(&s);
}

static void the_same_at_once_is_asked_once(void **state)
{
	struct asker_reply *r;
	struct scene s;
	int i, kept = 0;

	(void)state;
	scene_open(&s, NULL, NULL);
	scene_asker(&s, (struct asker_options){ 0 });
	for (i = 0; i < 5; i++)
		start(&s, 7);
	for (i = 0; i < 5; i++) {
		r = wait_for_one(&s);
		good(r);
		kept += r->kept;
		asker_done(s.asker, r);
	}
	assert_int_equal(kept, 4);
	assert_int_equal(model_server_logged(&s.server, "\"n\""), 1);
	scene_close(&s);
}

static void what_a_server_refuses_is_said_otherwise(void **state)
{
	static const char *const options[] = { "--shapes", "prompt",
		                               "--refuse", "ceiling",
		                               "--refuse", "temperature",
		                               NULL };
	struct asker_reply *r;
	struct scene s;

	(void)state;
	scene_open(&s, NULL, options);
	scene_asker(&s, (struct asker_options){ 0 });
	r = ask(&s, 1);
	good(r);
	asker_done(s.asker, r);
	/* schema, tool, max_tokens, temperature, and at last */
	assert_int_equal(model_server_logged(&s.server, "\"n\""), 5);
	r = ask(&s, 2);
	good(r);
	asker_done(s.asker, r);
	assert_int_equal(model_server_logged(&s.server, "\"n\""), 6);
	assert_int_equal(counts(&s).refused, 4);
	assert_int_equal(sum(&s).calls, 6);
	/* A shape that is set is not left. */
	s.settings.shape = LLM_SCHEMA;
	scene_asker(&s, (struct asker_options){ 0 });
	r = ask(&s, 3);
	assert_string_equal(r->fault.code, "llm-refused");
	asker_done(s.asker, r);
	assert_int_equal(model_server_logged(&s.server, "\"n\""), 7);
	scene_close(&s);
}

static void troubles_are_tried_again(void **state)
{
	static const char script[] =
	        "{\"id\": \"case-1\", \"each\": 1, \"do\": \"429\"}\n"
	        "{\"id\": \"case-2\", \"each\": 1, \"do\": \"503\"}\n"
	        "{\"id\": \"case-3\", \"each\": 1, \"do\": \"500\"}\n"
	        "{\"id\": \"case-4\", \"each\": 2, \"do\": \"cut\"}\n"
	        "{\"id\": \"case-5\", \"do\": \"529\"}\n";
	static const char *const options[] = { "--id-pattern", "(case-\\d+)",
		                               NULL };
	struct asker_reply *r;
	struct scene s;
	int i;

	(void)state;
	scene_open(&s, script, options);
	scene_asker(&s, (struct asker_options){ 0 });
	for (i = 1; i <= 4; i++) {
		r = ask(&s, i);
		good(r);
		asker_done(s.asker, r);
	}
	assert_int_equal(counts(&s).tried_again, 5);
	/* Cut answers may have been paid for. */
	assert_true(sum(&s).output_tokens >= 2 * 100);
	r = ask(&s, 5);
	assert_int_equal(r->fault.kind, FAULT_LATER);
	assert_non_null(strstr(r->fault.text, "529"));
	asker_done(s.asker, r);
	assert_int_equal(model_server_logged(&s.server, "case-5"), 3);
	assert_int_equal(sum(&s).lost, 0);
	scene_close(&s);
}

static void bad_answers_are_faults(void **state)
{
	static const char script[] =
	        "{\"id\": \"case-1\", \"do\": \"empty\"}\n"
	        "{\"id\": \"case-2\", \"do\": \"html\"}\n"
	        "{\"id\": \"case-3\", \"do\": \"bytes\"}\n"
	        "{\"id\": \"case-4\", \"do\": \"huge\"}\n"
	        "{\"id\": \"case-5\", \"do\": \"nothing\"}\n"
	        "{\"id\": \"case-6\", \"do\": \"413\"}\n"
	        "{\"id\": \"case-7\", \"do\": \"404\"}\n"
	        "{\"id\": \"case-8\", \"do\": \"refusal\"}\n"
	        "{\"id\": \"case-9\", \"do\": \"filter\"}\n"
	        "{\"id\": \"case-10\", \"do\": \"length\"}\n"
	        "{\"id\": \"case-11\", \"do\": \"no-usage\"}\n";
	static const char *const options[] = { "--id-pattern", "(case-\\d+)",
		                               NULL };
	static const char *const codes[] = { "llm-empty",  "llm-broken",
		                             "llm-broken", "limit",
		                             "llm-empty",  "llm-window",
		                             "llm-gone" };
	static const enum llm_finish finish[] = { LLM_REFUSED, LLM_FILTERED,
		                                  LLM_LENGTH, LLM_DONE };
	struct asker_reply *r;
	struct scene s;
	int i;

	(void)state;
	scene_open(&s, script, options);
	scene_asker(&s, (struct asker_options){ 0 });
	for (i = 1; i <= 7; i++) {
		r = ask(&s, i);
		if (!r->fault.code ||
		    strncmp(r->fault.code, codes[i - 1], strlen(codes[i - 1])))
			fail_msg("%d: %s, not %s", i, r->fault.code,
			         codes[i - 1]);
		asker_done(s.asker, r);
	}
	for (i = 8; i <= 11; i++) {
		r = ask(&s, i);
		good(r);
		assert_int_equal(r->answer.finish, finish[i - 8]);
		asker_done(s.asker, r);
	}
	assert_int_equal(counts(&s).tried_again, 0);
	assert_true(counts(&s).output_tokens > 0);
	scene_close(&s);
}

static void a_refused_key_stops_all(void **state)
{
	static const char *const options[] = { "--auth", "bearer", NULL };
	struct asker_reply *r;
	struct scene s;
	int i;

	(void)state;
	scene_open(&s, NULL, options);
	s.settings.token = SLICE("sk-wrong");
	s.settings.concurrency = 1;
	scene_asker(&s, (struct asker_options){ 0 });
	for (i = 0; i < 10; i++)
		start(&s, i);
	for (i = 0; i < 10; i++) {
		r = wait_for_one(&s);
		assert_int_equal(r->fault.kind, FAULT_DENIED);
		assert_null(strstr(r->fault.text, "sk-"));
		asker_done(s.asker, r);
	}
	assert_int_equal(model_server_logged(&s.server, "\"n\""), 1);
	s.settings.token = SLICE("sk-example-not-a-real-key");
	scene_asker(&s, (struct asker_options){ 0 });
	r = ask(&s, 1);
	good(r);
	asker_done(s.asker, r);
	scene_close(&s);
}

static void budgets_hold(void **state)
{
	struct asker_estimate e;
	struct asker_reply *r;
	struct fault f;
	struct scene s;
	int i, n = 0;

	(void)state;
	scene_open(&s, NULL, NULL);
	s.settings.input_price = 1.5;
	s.settings.output_price = 6;
	scene_asker(&s, (struct asker_options){ 0 });
	assert_true(asker_estimate(s.asker, prompt_of(&s, 0), &e, &f));
	assert_false(e.kept);
	assert_true(e.cost >= 600 + e.input_tokens);
	/* Reserved at the estimate: two fit, a third does not. */
	s.settings.run_tokens = 2 * (e.input_tokens + 100) + 50;
	scene_asker(&s, (struct asker_options){ 0 });
	for (i = 0; i < 3 && asker_start(s.asker, prompt_of(&s, i),
	                                 SLICE("case"), 0, &f);
	     i++)
		n++;
	assert_int_equal(n, 2);
	assert_int_equal(f.kind, FAULT_LIMIT);
	assert_string_equal(f.code, "llm-budget");
	while (n--) {
		r = wait_for_one(&s);
		good(r);
		asker_done(s.asker, r);
	}
	/* Settled: what they really took leaves room. */
	r = ask(&s, 2);
	good(r);
	asker_done(s.asker, r);
	assert_true(counts(&s).cost > 0);
	/* A month holds what earlier runs spent; what is kept costs nothing. */
	s.settings.run_tokens = 0;
	s.settings.month_cost = (double)(sum(&s).cost + e.cost - 1) / 1e6;
	scene_asker(&s, (struct asker_options){ 0 });
	assert_false(
	        asker_start(s.asker, prompt_of(&s, 9), SLICE("case"), 0, &f));
	assert_non_null(strstr(f.text, "month"));
	r = ask(&s, 1);
	assert_true(r->kept);
	asker_done(s.asker, r);
	s.settings.month_cost += 2e-6;
	scene_asker(&s, (struct asker_options){ 0 });
	start(&s, 9);
	assert_int_equal(model_server_logged(&s.server, "\"n\""), 3);
	scene_close(&s);
}

/* A call that was sent and has no end counts by its estimate. */
static void lost_calls_count(void **state)
{
	struct ledger_call lost = { .section = SLICE("default"),
		                    .started = NOW - 1000,
		                    .request = SLICE("x"),
		                    .input_tokens = 900,
		                    .output_tokens = 100 };
	struct fault f;
	struct scene s;
	int64_t id;

	(void)state;
	scene_open(&s, NULL, NULL);
	assert_true(ledger_sent(s.store, &lost, &id, &f));
	s.settings.month_tokens = 1100;
	scene_asker(&s, (struct asker_options){ 0 });
	assert_false(
	        asker_start(s.asker, prompt_of(&s, 1), SLICE("case"), 0, &f));
	assert_string_equal(f.code, "llm-budget");
	s.settings.month_tokens = 1200;
	scene_asker(&s, (struct asker_options){ 0 });
	start(&s, 1);
	scene_close(&s);
}

static void nothing_unmasked_leaves(void **state)
{
	static const char mail[] = "Case case-1: write to kim.lee@example.com";
	struct asker_reply *r;
	struct fault f;
	struct scene s;

	(void)state;
	scene_open(&s, NULL, NULL);
	scene_asker(&s, (struct asker_options){ 0 });
	prompt_of(&s, 1);
	s.turn.text = slice_of(mail);
	assert_false(asker_start(s.asker, &s.prompt, SLICE("case"), 0, &f));
	assert_int_equal(f.kind, FAULT_DENIED);
	assert_string_equal(f.code, "llm-unmasked");
	assert_null(strstr(f.text, "kim"));
	scene_asker(&s, (struct asker_options){ .private_data = true });
	prompt_of(&s, 1);
	s.turn.text = slice_of(mail);
	assert_true(asker_start(s.asker, &s.prompt, SLICE("case"), 0, &f));
	r = wait_for_one(&s);
	good(r);
	asker_done(s.asker, r);
	assert_int_equal(model_server_logged(&s.server, "\"n\""), 1);
	scene_close(&s);
}

static void what_is_too_long_is_not_sent(void **state)
{
	struct asker_estimate e;
	struct fault f;
	struct scene s;

	(void)state;
	scene_open(&s, NULL, NULL);
	s.settings.window = 110;
	scene_asker(&s, (struct asker_options){ 0 });
	assert_false(
	        asker_start(s.asker, prompt_of(&s, 1), SLICE("case"), 0, &f));
	assert_string_equal(f.code, "llm-window");
	assert_false(asker_estimate(s.asker, prompt_of(&s, 1), &e, &f));
	s.prompt.turn_count = 0;
	assert_false(asker_start(s.asker, &s.prompt, SLICE("case"), 0, &f));
	scene_close(&s);
}

static const char *example_keys(const char *name)
{
	return !strcmp(name, "AWS_ACCESS_KEY_ID") ? "AKIAIOSFODNN7EXAMPLE"
	       : !strcmp(name, "AWS_SECRET_ACCESS_KEY")
	               ? "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
	               : NULL;
}

/* By each of AWS's kinds, with ids that have to be encoded; our clock is
 * whatever, and the server's is believed. */
static void signed_requests_are_taken(void **state)
{
	static const char *const options[] = { "--auth", "sigv4", NULL };
	struct asker_options o = { .env = example_keys };
	struct asker_reply *r;
	struct scene s;
	int i;

	(void)state;
	scene_open(&s, NULL, options);
	s.settings.region = SLICE("us-east-1");
	s.settings.model = SLICE("arn:aws:bedrock:us-east-1:123456789012:"
	                         "inference-profile/us.m-1:0");
	s.settings.endpoint = SLICE("ops-model");
	for (i = 1; llm_kinds[i]; i++) {
		s.settings.kind = llm_kinds[i];
		scene_asker(&s, o);
		r = ask(&s, i);
		good(r);
		asker_done(s.asker, r);
		assert_true(counts(&s).tried_again <= 1);
	}
	s.settings.schema = SLICE("text-generation");
	scene_asker(&s, o);
	r = ask(&s, 9);
	good(r);
	assert_true(r->answer.input_tokens < 0);
	asker_done(s.asker, r);
	assert_true(counts(&s).input_tokens > 0);
	scene_close(&s);
}

static void a_key_may_have_a_header_of_its_own(void **state)
{
	static const char *const options[] = { "--auth", "header",
		                               "--key-header", "api-key",
		                               NULL };
	static const char text[] = "[llm x]\nkey-header = api-key\n";
	struct asker_reply *r;
	struct conf *conf;
	struct fault f;
	struct scene s;

	(void)state;
	scene_open(&s, NULL, options);
	assert_true(conf_parse(&conf, slice_of(text), "o.conf", &f));
	s.settings.section = conf_find(conf, "llm", SLICE("x"));
	s.settings.token = SLICE("sk-example-not-a-real-key");
	scene_asker(&s, (struct asker_options){ 0 });
	r = ask(&s, 1);
	good(r);
	asker_done(s.asker, r);
	scene_close(&s);
	conf_free(conf);
}

/* All that is due, in a process that is killed at any instant. */
static void child_asks(struct scene *s, int cases)
{
	struct fault f;
	int next = 0;

	scene_store(s);
	scene_asker(s, (struct asker_options){ 0 });
	while (next < cases || asker_pending(s->asker)) {
		struct asker_reply *r;

		while (next < cases && asker_room(s->asker))
			start(s, next++);
		if (!asker_poll(s->asker, 1000, &f))
			_exit(3);
		while ((r = asker_next(s->asker))) {
			if (r->fault.kind != FAULT_NONE)
				_exit(4);
			asker_done(s->asker, r);
		}
	}
	_exit(0);
}

static void kills_cost_what_was_under_way(void **state)
{
	enum { CASES = 120, KILLS = 8 };
	static const char *const options[] = { "--delay", "0.01", NULL };
	struct ledger_sum after;
	struct scene s;
	int kills = 0, status = -1;
	size_t asked;

	(void)state;
	scene_open(&s, NULL, options);
	store_close(s.store);
	s.store = NULL;
	while (status != 0) {
		pid_t pid = fork(), ended = 0;

		if (pid == 0)
			child_asks(&s, CASES);
		/* Some answers later. */
		asked = model_server_logged(&s.server, "\"n\"");
		while (kills < KILLS && !ended &&
		       model_server_logged(&s.server, "\"n\"") < asked + 5) {
			poll(NULL, 0, 1);
			ended = waitpid(pid, &status, WNOHANG);
		}
		if (!ended && kills < KILLS) {
			kill(pid, SIGKILL);
			kills++;
		}
		if (!ended)
			assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
	}
	scene_store(&s);
	after = sum(&s);
	asked = model_server_logged(&s.server, "\"n\"");
	/* Each answered once; each try that left stands in the ledger; what
	 * was asked twice was under way when a kill came. */
	assert_int_equal(after.answered, CASES);
	assert_true((int64_t)asked <= after.calls);
	assert_int_equal(after.calls, CASES + after.lost);
	assert_true(after.lost <= KILLS * 4);
	scene_close(&s);
}

static void a_minute_holds_so_many_tokens(void **state)
{
	static const struct ask_amount hundred = { 100, 0 };
	struct llm_settings settings = { .name = SLICE("default"),
		                         .minute_tokens = 250 };
	struct ask_amount small = { 10, 0 };
	struct ask_budget b;
	struct fault f;
	struct scene s;

	(void)state;
	scene_open(&s, NULL, NULL);
	assert_true(ask_budget_open(&b, &settings, s.store, NOW, &f));
	assert_true(ask_budget_when(&b, 900, NOW) == NOW);
	assert_true(ask_budget_reserve(&b, &hundred, NOW, &f));
	assert_true(ask_budget_reserve(&b, &hundred, NOW, &f));
	assert_true(ask_budget_leave(&b, 1, &hundred, NOW, &f));
	assert_true(ask_budget_leave(&b, 2, &hundred, NOW + 5000, &f));
	assert_true(ask_budget_when(&b, 50, NOW + 6000) == NOW + 6000);
	assert_true(ask_budget_when(&b, 100, NOW + 6000) == NOW + 60000);
	assert_true(ask_budget_when(&b, 200, NOW + 6000) == NOW + 65000);
	ask_budget_end(&b, 1, &hundred, &small);
	assert_true(ask_budget_when(&b, 100, NOW + 6000) == NOW + 6000);
	assert_true(ask_budget_when(&b, 200, NOW + 61000) == NOW + 65000);
	assert_true(ask_budget_when(&b, 200, NOW + 66000) == NOW + 66000);
	ask_budget_close(&b);
	scene_close(&s);
}

static void a_month_begins_in_utc(void **state)
{
	(void)state;
	/* 2023-11-14T22:13:20Z and 2024-02-29T23:59:59.999Z */
	assert_true(ask_month(NOW) == INT64_C(1698796800000));
	assert_true(ask_month(INT64_C(1709251199999)) ==
	            INT64_C(1706745600000));
	assert_true(ask_month(INT64_C(1709251200000)) ==
	            INT64_C(1709251200000));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_is_never_asked_for_twice),
		cmocka_unit_test(the_same_at_once_is_asked_once),
		cmocka_unit_test(what_a_server_refuses_is_said_otherwise),
		cmocka_unit_test(troubles_are_tried_again),
		cmocka_unit_test(bad_answers_are_faults),
		cmocka_unit_test(a_refused_key_stops_all),
		cmocka_unit_test(budgets_hold),
		cmocka_unit_test(lost_calls_count),
		cmocka_unit_test(nothing_unmasked_leaves),
		cmocka_unit_test(what_is_too_long_is_not_sent),
		cmocka_unit_test(signed_requests_are_taken),
		cmocka_unit_test(a_key_may_have_a_header_of_its_own),
		cmocka_unit_test(kills_cost_what_was_under_way),
		cmocka_unit_test(a_minute_holds_so_many_tokens),
		cmocka_unit_test(a_month_begins_in_utc),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
