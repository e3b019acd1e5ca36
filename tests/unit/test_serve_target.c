/* serve_target.h and serve_param.h: requests taken apart, and what a search
 * makes of the parts. */

#include "app/serve_target.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "app/serve_param.h"
#include "base/buf.h"
#include "base/limits.h"

/* The pairs as "name=value;" in a row. */
static void shown(const struct serve_target *t, struct buf *out)
{
	size_t i;

	for (i = 0; i < t->count; i++) {
		buf_add(out, t->pairs[i].name);
		buf_byte(out, '=');
		buf_add(out, t->pairs[i].value);
		buf_byte(out, ';');
	}
}

static void check_target(const char *target, const char *path,
                         const char *pairs)
{
	struct arena a = ARENA_INIT;
	struct buf b = BUF_INIT(10000);
	struct serve_target t;
	struct fault f;

	assert_true(serve_target_read(slice_of(target), &a, &t, &f));
	shown(&t, &b);
	assert_true(slice_eq(t.path, slice_of(path)));
	assert_string_equal(buf_string(&b), pairs);
	buf_release(&b);
	arena_release(&a);
}

static void a_target_has_a_path_and_pairs(void **state)
{
	(void)state;
	check_target("/v1/search", "/v1/search", "");
	check_target("/v1/search?", "/v1/search", "");
	check_target("/a%2Fb?q=a+b%20c%2B", "/a%2Fb", "q=a b c+;");
	check_target("/?a=1&&b&c=&=d&e=f=g", "/", "a=1;b=;c=;=d;e=f=g;");
	check_target("/?%71=%e5%ad%97&q=?", "/", "q=\xE5\xAD\x97;q=?;");
	check_target("", "", "");
}

static void bad_target(const char *target, const char *code)
{
	struct arena a = ARENA_INIT;
	struct serve_target t;
	struct fault f;

	assert_false(serve_target_read(slice_of(target), &a, &t, &f));
	assert_string_equal(f.code, code);
	arena_release(&a);
}

static void a_bad_escape_is_said(void **state)
{
	(void)state;
	bad_target("/?q=%", "request-target");
	bad_target("/?q=%4", "request-target");
	bad_target("/?q=%4g", "request-target");
	bad_target("/?q=%00", "request-target");
	bad_target("/?%ff=1", "request-target");
	bad_target("/?q=%ed%a0%80", "request-target");
}

static void parameters_are_counted(void **state)
{
	struct buf b = BUF_INIT(10000);
	int i;

	(void)state;
	buf_text(&b, "/?");
	for (i = 0; i <= LIMIT_PARAMETERS; i++)
		buf_text(&b, "&a");
	bad_target(buf_string(&b), "limit-parameters");
	buf_release(&b);
}

static void check_json(const char *body, const char *pairs)
{
	struct arena a = ARENA_INIT;
	struct buf b = BUF_INIT(10000);
	struct serve_target t = { 0 };
	struct fault f;

	if (serve_target_json(slice_of(body), &a, &t, &f))
		shown(&t, &b);
	else
		buf_text(&b, f.code);
	assert_string_equal(buf_string(&b), pairs);
	buf_release(&b);
	arena_release(&a);
}

static void a_body_has_the_same_pairs(void **state)
{
	(void)state;
	check_json("{}", "");
	check_json(
	        " {\"q\":\"a b\",\"k\":3,\"x\":true,\"y\":false,\"z\":null} ",
	        "q=a b;k=3;x=yes;y=no;");
	check_json("{\"tag\":[\"a\",null,2],\"e\":[]}", "tag=a;tag=2;");
	check_json("{\"filter\":{\"tag\":[\"a\",\"b\"],\"score\":1}}",
	           "filter=tag=a;filter=tag=b;filter=score=1;");
	check_json("{\"filter\":[\"tag=a\",\"date=..2020-01-01\"]}",
	           "filter=tag=a;filter=date=..2020-01-01;");
	check_json("{\"q\":{\"a\":1}}", "request-json");
	check_json("{\"q\":[[1]]}", "request-json");
	check_json("{\"filter\":{\"tag\":{}}}", "request-json");
	check_json("[]", "request-json");
	check_json("\"q\"", "request-json");
	check_json("", "json");
	check_json("{\"q\":\"a\"", "json");
}

/* The code of the fault, or "" and what was understood. */
static const char *understood(const char *target, struct arena *a,
                              struct serve_search *out)
{
	struct serve_target t;
	static struct fault f;

	assert_true(serve_target_read(slice_of(target), a, &t, &f));
	return serve_search_read(&t, 1000, a, out, &f) ? "" : f.code;
}

static void a_search_is_the_commands_unless_told(void **state)
{
	struct arena a = ARENA_INIT;
	struct serve_search s;

	(void)state;
	assert_string_equal(understood("?q=disk+full", &a, &s), "");
	assert_true(s.form->write == search_json);
	assert_true(slice_eq(s.query.text, SLICE("disk full")));
	assert_int_equal(s.query.k, 10);
	assert_int_equal(s.query.columns, 216);
	assert_true(s.query.by_post && s.query.fold && !s.query.answers);
	assert_int_equal(s.view.budget, 0);
	assert_int_equal(s.view.now, 1000);
	assert_string_equal(understood("?format=context&q=a", &a, &s), "");
	assert_int_equal(s.query.k, 20);
	assert_int_equal(s.view.budget, 2000);
	assert_true(!s.query.by_post && s.query.answers && !s.query.columns);
	arena_release(&a);
}

static void a_search_takes_every_parameter(void **state)
{
	struct arena a = ARENA_INIT;
	struct serve_search s;

	(void)state;
	assert_string_equal(
	        understood("?k=1000&q=a&plain=1&stage1=true&passages=yes&"
	                   "budget=200&filter=tag=x&tag=y&score=1..&"
	                   "accepted=no",
	                   &a, &s),
	        "");
	assert_int_equal(s.query.k, 1000);
	assert_int_equal(s.view.budget, 200);
	assert_true(s.query.plain && s.query.stage1 && !s.query.by_post);
	assert_int_equal(s.query.filter_count, 4);
	assert_true(slice_eq(s.query.filters[0].key, SLICE("tag")));
	assert_true(slice_eq(s.query.filters[0].value, SLICE("x")));
	assert_true(slice_eq(s.query.filters[3].key, SLICE("accepted")));
	arena_release(&a);
}

static void what_is_not_understood_is_said(void **state)
{
	static const struct {
		const char *target, *code;
	} cases[] = {
		{ "?", "query-missing" },
		{ "?k=3", "query-missing" },
		{ "?q=a&Q=b", "parameter-unknown" },
		{ "?q=a&q=a", "parameter-twice" },
		{ "?q=a&k=1&k=1", "parameter-twice" },
		{ "?q=a&k=", "parameter-value" },
		{ "?q=a&k=1001", "parameter-value" },
		{ "?q=a&k=9223372036854775808", "parameter-value" },
		{ "?q=a&budget=199", "parameter-value" },
		{ "?q=a&stage1=YES", "parameter-value" },
		{ "?q=a&format=", "parameter-value" },
		{ "?q=a&format=trec", "parameter-value" },
		{ "?q=a&filter=tag", "filter" },
		{ "?q=a&filter=", "filter" },
		{ "?q=a&filter==a", "filter" },
		{ "?q=a&score=b", "filter" },
		{ "?q=a&date=2024", "filter" },
		{ "?q=a&accepted=1", "filter" },
	};
	struct arena a = ARENA_INIT;
	struct serve_search s;
	struct buf b = BUF_INIT(10000);
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_string_equal(understood(cases[i].target, &a, &s),
		                    cases[i].code);
	buf_text(&b, "?q=a");
	for (i = 0; i < LIMIT_FILTERS; i++)
		buf_text(&b, "&tag=a");
	assert_string_equal(understood(buf_string(&b), &a, &s), "");
	buf_text(&b, "&tag=a");
	assert_string_equal(understood(buf_string(&b), &a, &s),
	                    "limit-filters");
	buf_release(&b);
	arena_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_target_has_a_path_and_pairs),
		cmocka_unit_test(a_bad_escape_is_said),
		cmocka_unit_test(parameters_are_counted),
		cmocka_unit_test(a_body_has_the_same_pairs),
		cmocka_unit_test(a_search_is_the_commands_unless_told),
		cmocka_unit_test(a_search_takes_every_parameter),
		cmocka_unit_test(what_is_not_understood_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
