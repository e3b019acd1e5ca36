/*
 * What http.h makes of each thing that a server can do to it: the trouble that
 * it names, within the ceilings; and that the next request works.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "base/limits.h"
#include "base/net/http.h"
#include "tests/unit/hostile.h"

static struct hostile server;

enum {
	SHORT = 400, /* milliseconds, for those that would never end */
	LONG = 60 * 1000,
};

struct expected {
	const char *name;
	enum http_trouble trouble;
	int status;       /* when fine */
	int64_t decoded;  /* when fine; -1: not looked at */
	const char *code; /* of the ceiling */
};

#define FINE(name, status, bytes)                                              \
	{                                                                      \
		name, HTTP_FINE, status, bytes, NULL                           \
	}
#define BAD(name, trouble)                                                     \
	{                                                                      \
		name, trouble, 0, 0, NULL                                      \
	}
#define LIMIT(name, what)                                                      \
	{                                                                      \
		name, HTTP_LIMIT, 0, 0, "limit-fetch-" what                    \
	}

/* The page that those send who send one whole. */
enum { PAGE = 299 };

static const struct expected wire_cases[] = {
	BAD("silent", HTTP_TIMEOUT),
	BAD("slow-status", HTTP_TIMEOUT),
	BAD("slow-head", HTTP_TIMEOUT),
	BAD("slow-body", HTTP_TIMEOUT),
	BAD("slow-chunks", HTTP_TIMEOUT),
	LIMIT("endless-chunks", "wire"),
	LIMIT("endless-body", "wire"),
	LIMIT("endless-headers", "headers"),
	LIMIT("endless-line", "headers"),
	LIMIT("endless-status", "headers"),
	LIMIT("endless-trailers", "headers"),
	LIMIT("endless-extension", "wire"),
	LIMIT("continue-flood", "headers"),
	LIMIT("hints-flood", "headers"),
	LIMIT("header-10mb", "headers"),
	LIMIT("headers-100k", "headers"),
	LIMIT("length-exabyte", "wire"),
	LIMIT("gzip-bomb", "body"),
	LIMIT("chunked-bomb", "body"),
	LIMIT("patient-bomb", "wire"),
	LIMIT("hollow-gzip", "wire"),
	BAD("deflate-bomb", HTTP_BROKEN),
	BAD("raw-deflate-bomb", HTTP_BROKEN),
	BAD("brotli-bomb", HTTP_BROKEN),
	BAD("zstd-bomb", HTTP_BROKEN),
	BAD("nested-bomb", HTTP_BROKEN),
	BAD("encodings-30", HTTP_BROKEN),
	BAD("gzip-cut", HTTP_BROKEN),
	BAD("gzip-junk", HTTP_BROKEN),
	BAD("gzip-damaged", HTTP_BROKEN),
	BAD("unknown-encoding", HTTP_BROKEN),
	FINE("gzip-empty", 200, 0),
	FINE("gzip-members", 200, 2 * PAGE),
	BAD("transfer-gzip", HTTP_BROKEN),
	BAD("close-at-once", HTTP_CUT),
	BAD("close-in-head", HTTP_CUT),
	BAD("close-in-body", HTTP_CUT),
	BAD("close-in-chunk", HTTP_CUT),
	BAD("no-last-chunk", HTTP_CUT),
	BAD("reset-in-head", HTTP_CUT),
	BAD("reset-in-body", HTTP_CUT),
	FINE("keep-and-close", 200, PAGE),
	FINE("two-answers", 200, PAGE),
	BAD("http09", HTTP_BROKEN),
	BAD("garbage", HTTP_BROKEN),
	BAD("banner", HTTP_BROKEN),
	BAD("http99", HTTP_BROKEN),
	BAD("status-000", HTTP_BROKEN),
	FINE("status-999", 999, PAGE),
	BAD("status-20", HTTP_BROKEN),
	BAD("status-minus", HTTP_BROKEN),
	FINE("status-bare", 200, PAGE),
	BAD("chunk-junk", HTTP_BROKEN),
	BAD("chunk-overflow", HTTP_BROKEN),
	BAD("chunk-minus", HTTP_BROKEN),
	BAD("length-minus", HTTP_BROKEN),
	BAD("length-junk", HTTP_BROKEN),
	FINE("length-short", 200, 5),
	BAD("two-lengths", HTTP_BROKEN),
	FINE("length-and-chunks", 200, 5),
	BAD("nul-header", HTTP_BROKEN),
	BAD("cr-only", HTTP_CUT),
	FINE("lf-only", 200, PAGE),
	BAD("no-colon", HTTP_BROKEN),
	FINE("folded", 200, PAGE),
	FINE("terminal", 200, PAGE),
	BAD("upgrade", HTTP_BROKEN),
	FINE("cookie-bomb", 200, PAGE),
	FINE("cookie-drizzle", 200, PAGE),
	FINE("cookie-foreign", 200, PAGE),
	FINE("cookie-echo", 200, 3),
	FINE("echo", 200, -1),
	FINE("empty", 200, 0),
	FINE("no-content", 204, 0),
	FINE("reset-content", 205, 0),
	FINE("partial", 206, 10),
	FINE("not-modified", 304, 0),
	FINE("login-401", 401, PAGE),
	FINE("forbidden-403", 403, PAGE),
	FINE("proxy-407", 407, PAGE),
	FINE("range-416", 416, 0),
	FINE("storm-429", 429, 0),
	FINE("storm-503", 503, 0),
	FINE("retry-huge", 429, 0),
	FINE("retry-minus", 429, 0),
	FINE("retry-far", 429, 0),
	FINE("retry-past", 429, 0),
	FINE("retry-junk", 429, 0),
};

enum { CASES = sizeof(wire_cases) / sizeof(*wire_cases) };

static const struct expected tls_cases[] = {
	FINE("good", 200, -1),       BAD("expired", HTTP_TLS),
	BAD("other-host", HTTP_TLS), BAD("self-signed", HTTP_TLS),
	BAD("old", HTTP_TLS),        BAD("plain", HTTP_TIMEOUT),
	BAD("silent", HTTP_TIMEOUT), BAD("reset", HTTP_TLS),
};

static void open_http(struct http **h, const struct http_options *o)
{
	struct fault f;

	if (!http_new(h, o, &f))
		fail_msg("%s", f.text);
}

static void start(struct http *h, const char *scheme, int port,
                  const char *path, int64_t timeout, uint64_t id)
{
	char url[160];
	struct http_request r = { .id = id, .timeout = timeout };
	struct fault f;

	snprintf(url, sizeof(url), "%s://127.0.0.1:%d/%s", scheme, port, path);
	r.url = slice_of(url);
	if (!http_start(h, &r, &f))
		fail_msg("%s: %s", url, f.text);
}

static void check(const struct expected *e, const struct http_reply *r)
{
	if (r->trouble != e->trouble)
		fail_msg("%s: %s (%s), not %s", e->name,
		         http_trouble_name(r->trouble), r->fault.text,
		         http_trouble_name(e->trouble));
	if (r->status != e->status)
		fail_msg("%s: %d, not %d", e->name, r->status, e->status);
	if (e->code && strcmp(e->code, r->fault.code))
		fail_msg("%s: %s, not %s", e->name, r->fault.code, e->code);
	if (e->trouble == HTTP_FINE && e->decoded >= 0)
		assert_int_equal(r->body.len, e->decoded);
	if (e->trouble != HTTP_FINE) {
		assert_int_equal(r->body.len, 0);
		assert_true(strchr(r->fault.text, '\x1b') == NULL);
		assert_true(r->fault.subject[0] == 'h');
	}
	assert_true(r->wire <= LIMIT_FETCH_WIRE + (1 << 20));
	assert_true(r->decoded <= LIMIT_FETCH_BODY);
}

/* All replies of `h`, each against the case that its id names. */
static void check_all(struct http *h, const struct expected *cases)
{
	struct http_reply *r;
	struct fault f;

	while (http_active(h)) {
		if (!http_poll(h, 1000, &f))
			fail_msg("%s", f.text);
		for (; (r = http_next(h)); http_done(h, r))
			check(&cases[r->id], r);
	}
}

static void check_good(struct http *h)
{
	static const struct expected good = FINE("good", 200, -1);

	for (uint64_t i = 0; i < 4; i++)
		start(h, "http", hostile_port(&server, "main"), "good/1", LONG,
		      0);
	check_all(h, &good);
}

static void each_behaviour_has_its_word(void **state)
{
	struct http_options o = { .allow_private = true };
	int port = hostile_port(&server, "main");
	struct http *h;
	char path[64];

	(void)state;
	open_http(&h, &o);
	for (uint64_t i = 0; i < CASES; i++) {
		bool ends = wire_cases[i].trouble != HTTP_TIMEOUT;

		snprintf(path, sizeof(path), "%s/", wire_cases[i].name);
		start(h, "http", port, path, ends ? LONG : SHORT, i);
	}
	check_all(h, wire_cases);
	check_good(h);
	http_free(h);
}

static bool has_case(const char *name)
{
	for (size_t i = 0; i < CASES; i++)
		if (!strcmp(wire_cases[i].name, name))
			return true;
	return false;
}

static void no_behaviour_is_left_out(void **state)
{
	char kind[16], name[48];
	size_t seen = 0;

	(void)state;
	for (size_t i = 0; i < server.count; i++) {
		if (sscanf(server.lines[i], "behaviour %15s %47s", kind,
		           name) != 2 ||
		    (strcmp(kind, "wire") && strcmp(kind, "status")))
			continue;
		seen++;
		if (!has_case(name))
			fail_msg("nothing is expected of '%s'", name);
	}
	assert_int_equal(seen, CASES);
}

/* A kept connection never hands one request the answer of another. */
static void left_over_answers_are_dropped(void **state)
{
	struct http_options o = { .allow_private = true, .connections = 1 };
	char url[2][64];
	struct http_request ask = { .timeout = LONG };
	struct http *h;

	(void)state;
	snprintf(url[0], 64, "http://127.0.0.1:%d/two-answers/",
	         hostile_port(&server, "main"));
	snprintf(url[1], 64, "http://127.0.0.1:%d/good/1",
	         hostile_port(&server, "main"));
	open_http(&h, &o);
	for (size_t i = 0; i < 10; i++) {
		struct http_reply *r;

		ask.url = slice_of(url[i % 2]);
		r = fetch(h, &ask);
		assert_int_equal(r->trouble, HTTP_FINE);
		if (i % 2)
			assert_non_null(strstr(r->body.at, "Good page 1"));
		http_done(h, r);
	}
	http_free(h);
}

static void tls_is_verified(void **state)
{
	struct http_options o = { .allow_private = true };
	char ca[160], what[64];
	struct http *h;

	(void)state;
	snprintf(ca, sizeof(ca), "%s", hostile_path(&server, "ca.pem"));
	o.ca_file = ca;
	open_http(&h, &o);
	for (uint64_t i = 0; i < sizeof(tls_cases) / sizeof(*tls_cases); i++) {
		bool ends = tls_cases[i].trouble != HTTP_TIMEOUT;

		snprintf(what, sizeof(what), "tls %s", tls_cases[i].name);
		start(h, "https", hostile_port(&server, what), "good/1",
		      ends ? LONG : SHORT, i);
	}
	check_all(h, tls_cases);
	http_free(h);
}

/* Without the authority's file nobody vouches for the good one either. */
static void authorities_are_the_systems(void **state)
{
	static const struct expected unknown = BAD("good", HTTP_TLS);
	struct http_options o = { .allow_private = true };
	struct http *h;

	(void)state;
	open_http(&h, &o);
	start(h, "https", hostile_port(&server, "tls good"), "good/1", LONG, 0);
	check_all(h, &unknown);
	http_free(h);
}

static long peak(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return u.ru_maxrss;
}

/* First of all, while the peak is not yet others'. */
static void a_bomb_takes_little_memory(void **state)
{
	static const struct expected bomb = LIMIT("gzip-bomb", "body");
	struct http_options o = { .allow_private = true };
	struct http *h;
	long before;

	(void)state;
	open_http(&h, &o);
	check_good(h);
	before = peak();
	start(h, "http", hostile_port(&server, "main"), "gzip-bomb/", LONG, 0);
	check_all(h, &bomb);
#ifndef __SANITIZE_ADDRESS__
	assert_true(peak() - before <= 8 << 10);
#endif
	print_message("a bomb of 512 MiB: %ld kB more\n", peak() - before);
	http_free(h);
}

static void ceilings_can_be_lower(void **state)
{
	static const struct expected cases[] = {
		LIMIT("endless-body", "wire"),
		LIMIT("good/1", "body"),
		LIMIT("gzip-members/", "body"),
	};
	struct http_options o = { .allow_private = true };
	struct http *h;
	char url[96];
	struct fault f;

	(void)state;
	open_http(&h, &o);
	for (uint64_t i = 0; i < 3; i++) {
		struct http_request r = { .id = i, .body_most = 150 };

		if (i == 0)
			r.body_most = r.wire_most = 100 << 10;
		snprintf(url, sizeof(url), "http://127.0.0.1:%d/%s%s",
		         hostile_port(&server, "main"), cases[i].name,
		         i ? "" : "/");
		r.url = slice_of(url);
		assert_true(http_start(h, &r, &f));
	}
	check_all(h, cases);
	http_free(h);
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
		cmocka_unit_test(a_bomb_takes_little_memory),
		cmocka_unit_test(each_behaviour_has_its_word),
		cmocka_unit_test(no_behaviour_is_left_out),
		cmocka_unit_test(left_over_answers_are_dropped),
		cmocka_unit_test(tls_is_verified),
		cmocka_unit_test(authorities_are_the_systems),
		cmocka_unit_test(ceilings_can_be_lower),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
