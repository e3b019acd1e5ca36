/* Fetching as it is meant: many at once, headers, bodies, logins, cookies,
 * proxies, and nothing shared that should not be. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <curl/curl.h>

#include "base/net/http.h"
#include "tests/unit/hostile.h"

static struct hostile server;

static struct http *open_http(struct http_options o)
{
	struct http *h;
	struct fault f;

	o.allow_private = o.allow_private_proxy = true;
	if (!http_new(&h, &o, &f))
		fail_msg("%s", f.text);
	return h;
}

/* An address at the server; good for three at a time. */
static struct slice at(const char *path)
{
	static char urls[3][160];
	static unsigned next;
	char *url = urls[next++ % 3];

	snprintf(url, sizeof(urls[0]), "http://127.0.0.1:%d/%s",
	         hostile_port(&server, "main"), path);
	return slice_of(url);
}

static bool holds(struct slice body, const char *text)
{
	size_t len = strlen(text);

	for (size_t i = 0; i + len <= body.len; i++)
		if (!memcmp(body.at + i, text, len))
			return true;
	return false;
}

/* What the server was sent with this request. */
static struct http_reply *echo(struct http *h, struct http_request r)
{
	struct http_reply *reply;

	r.url = at("echo/");
	reply = fetch(h, &r);
	assert_int_equal(reply->trouble, HTTP_FINE);
	return reply;
}

static void a_page_comes_with_what_is_known_of_it(void **state)
{
	struct http *h = open_http((struct http_options){
	        .user_agent = SLICE("opslore-test/1 (+mailto:a@b.example)"),
	});
	struct http_request r = { .url = at("good/3"), .id = 42 };
	struct http_reply *reply = fetch(h, &r);

	(void)state;
	assert_int_equal(reply->id, 42);
	assert_int_equal(reply->trouble, HTTP_FINE);
	assert_int_equal(reply->status, 200);
	assert_int_equal(reply->version, 11);
	assert_string_equal(reply->address, "127.0.0.1");
	assert_false(reply->reused);
	assert_true(holds(reply->body, "Good page 3"));
	assert_true(slice_eq(http_header(reply, "content-type"),
	                     SLICE("text/html")));
	assert_int_equal(http_header(reply, "x-none").len, 0);
	assert_int_equal(reply->wire, (int64_t)reply->body.len);
	assert_int_equal(reply->decoded, (int64_t)reply->body.len);
	http_done(h, reply);
	reply = fetch(h, &r);
	assert_true(reply->reused);
	assert_int_equal(reply->connected, 0);
	http_done(h, reply);
	reply = echo(h, (struct http_request){ 0 });
	assert_true(holds(reply->body, "GET /echo/ HTTP/1.1\r\n"));
	assert_true(holds(reply->body, "User-Agent: opslore-test/1 (+"));
	assert_true(holds(reply->body, "Accept-Encoding: gzip\r\n"));
	http_done(h, reply);
	http_free(h);
}

static void many_at_once_share_connections(void **state)
{
	struct http *h = open_http((struct http_options){ .connections = 4 });
	size_t fine = 0, reused = 0;
	struct http_reply *reply;
	struct fault f;
	char path[32];

	(void)state;
	for (uint64_t i = 0; i < 200; i++) {
		struct http_request r = { .id = i };

		snprintf(path, sizeof(path), "good/%d", (int)i);
		r.url = at(path);
		assert_true(http_start(h, &r, &f));
	}
	assert_int_equal(http_active(h), 200);
	while (http_active(h)) {
		assert_true(http_poll(h, 1000, &f));
		for (; (reply = http_next(h)); http_done(h, reply)) {
			snprintf(path, sizeof(path), "Good page %d<",
			         (int)reply->id);
			fine += reply->status == 200 &&
			        holds(reply->body, path);
			reused += reply->reused;
		}
	}
	assert_int_equal(fine, 200);
	assert_true(reused >= 196);
	http_free(h);
}

/* Looking up a name must not keep the others waiting. */
static void names_are_looked_up_beside(void **state)
{
	(void)state;
	assert_true(curl_version_info(CURLVERSION_NOW)->features &
	            CURL_VERSION_ASYNCHDNS);
}

static void nothing_to_do_returns_at_once(void **state)
{
	struct http *h = open_http((struct http_options){ 0 });
	struct fault f;

	(void)state;
	assert_true(http_poll(h, INT64_MAX, &f));
	assert_null(http_next(h));
	http_free(h);
}

/* What is under way, and what nobody took, goes with the http. */
static void it_can_end_in_the_middle(void **state)
{
	static const char *const paths[] = { "silent/", "good/1", "slow-body/",
		                             "echo/" };
	struct http *h = open_http((struct http_options){ .connections = 3 });
	struct http_reply *held;
	struct fault f;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct http_request r = { .url = at(paths[i]) };

		assert_true(http_start(h, &r, &f));
	}
	for (held = NULL; !held; held = http_next(h))
		assert_true(http_poll(h, 1000, &f));
	http_free(h);
}

static void requests_say_what_they_are_told(void **state)
{
	struct http *h = open_http((struct http_options){ 0 });
	const struct http_header headers[] = {
		{ SLICE("If-None-Match"), SLICE("\"abc\"") },
		{ SLICE("X-Empty"), SLICE("") },
	};
	struct http_reply *reply =
	        echo(h, (struct http_request){ .headers = headers,
	                                       .header_count = 2 });

	(void)state;
	assert_true(holds(reply->body, "If-None-Match: \"abc\"\r\n"));
	assert_true(holds(reply->body, "X-Empty:\r\n"));
	http_done(h, reply);
	reply = echo(h, (struct http_request){ .body = SLICE("a=b&c=d") });
	assert_true(holds(reply->body, "POST /echo/ HTTP/1.1\r\n"));
	assert_true(holds(reply->body, "\r\n\r\na=b&c=d"));
	http_done(h, reply);
	reply = echo(h, (struct http_request){ .method = SLICE("PUT"),
	                                       .body = SLICE("x") });
	assert_true(holds(reply->body, "PUT /echo/ HTTP/1.1\r\n"));
	http_done(h, reply);
	/* Nothing of them is left for the next one. */
	reply = echo(h, (struct http_request){ 0 });
	assert_true(holds(reply->body, "GET /echo/ HTTP/1.1\r\n"));
	assert_false(holds(reply->body, "If-None-Match"));
	assert_false(holds(reply->body, "Content-Length"));
	http_done(h, reply);
	http_free(h);
}

static void head_has_no_body(void **state)
{
	struct http *h = open_http((struct http_options){ 0 });
	struct http_request r = { .url = at("not-modified/"),
		                  .method = SLICE("HEAD") };
	struct http_reply *reply = fetch(h, &r);

	(void)state;
	assert_int_equal(reply->trouble, HTTP_FINE);
	assert_int_equal(reply->status, 304);
	assert_true(slice_eq(http_header(reply, "etag"), SLICE("\"x\"")));
	http_done(h, reply);
	http_free(h);
}

static void cannot_start(struct http *h, struct http_request r,
                         const char *code)
{
	struct fault f;

	if (http_start(h, &r, &f))
		fail_msg("'%.*s' was started", SLICE_ARG(r.url));
	assert_string_equal(f.code, code);
	assert_null(strstr(f.text, "secret"));
	assert_null(strstr(f.subject, "secret"));
}

static void what_cannot_be_tried_is_said_at_once(void **state)
{
	struct http *h = open_http((struct http_options){ 0 });
	const struct http_header split = { SLICE("X-A"), SLICE("b\r\nX-C: d") };
	const struct http_header name = { SLICE("X A"), SLICE("b") };
	const struct http_proxy bad = { .url = SLICE("gopher://a:1") };
	const struct http_proxy open = { .url = SLICE("http://a") };
	const struct http_proxy login = { .url = SLICE(
		                                  "http://bob:secret@a:1") };
	struct http_request r = { 0 };

	(void)state;
	r.url = SLICE("ftp://a/");
	cannot_start(h, r, "http-scheme");
	r.url = SLICE("file:///etc/passwd");
	cannot_start(h, r, "http-scheme");
	r.url = SLICE("");
	cannot_start(h, r, "http-url");
	r.url = SLICE("good");
	cannot_start(h, r, "http-scheme");
	r.url = SLICE("http://");
	cannot_start(h, r, "http-url");
	r.url = SLICE("http://a/\r\nX: y");
	cannot_start(h, r, "http-url");
	r.url = SLICE("http://bob:secret@a/");
	cannot_start(h, r, "http-login");
	r.url = SLICE("http://a/");
	r.headers = &split;
	r.header_count = 1;
	cannot_start(h, r, "http-header");
	r.headers = &name;
	cannot_start(h, r, "http-header");
	r.header_count = 0;
	r.method = SLICE("G ET");
	cannot_start(h, r, "http-method");
	r.method = SLICE("");
	r.proxy = &bad;
	cannot_start(h, r, "proxy");
	r.proxy = &open;
	cannot_start(h, r, "proxy");
	r.proxy = &login;
	cannot_start(h, r, "proxy");
	assert_int_equal(http_active(h), 0);
	http_free(h);
}

static void logins_go_with_their_request_alone(void **state)
{
	struct http *h = open_http((struct http_options){ 0 });
	struct http_reply *reply;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		reply = echo(h, (struct http_request){
		                        .user = SLICE("alice"),
		                        .password = SLICE("secret") });
		assert_true(holds(reply->body, "Authorization: Basic "
		                               "YWxpY2U6c2VjcmV0\r\n"));
		http_done(h, reply);
		reply = echo(h,
		             (struct http_request){ .bearer = SLICE("t0ken") });
		assert_true(
		        holds(reply->body, "Authorization: Bearer t0ken\r\n"));
		http_done(h, reply);
		reply = echo(h, (struct http_request){ 0 });
		assert_false(holds(reply->body, "Authorization"));
		http_done(h, reply);
	}
	http_free(h);
}

static void ask_cookie(struct http *h, const char *expected)
{
	struct http_request r = { .url = at("cookie-echo/") };
	struct http_reply *reply = fetch(h, &r);

	if (reply->body.len != 3 + strlen(expected) ||
	    !holds(reply->body, expected))
		fail_msg("'%.*s', not '%s'", SLICE_ARG(reply->body), expected);
	http_done(h, reply);
}

static void visit(struct http *h, const char *path)
{
	struct http_request r = { .url = at(path) };

	http_done(h, fetch(h, &r));
}

static void cookies_stay_where_they_belong(void **state)
{
	struct http *h = open_http((struct http_options){ .cookies = true });
	struct http *other =
	        open_http((struct http_options){ .cookies = true });
	struct http *none = open_http((struct http_options){ 0 });

	(void)state;
	visit(h, "cookie-foreign/");
	visit(none, "cookie-foreign/");
	/* Not those that were set for example.com and all of com. */
	visit(h, "good/1");
	ask_cookie(h, "");
	ask_cookie(other, "");
	ask_cookie(none, "");
	http_free(h);
	http_free(other);
	http_free(none);
}

static const char *jar(const char *text)
{
	const char *path = hostile_path(&server, "jar");
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	return path;
}

static void a_jar_is_where_cookies_begin(void **state)
{
	const char *file = jar(
	        "# Netscape HTTP Cookie File\n\n"
	        "127.0.0.1\tFALSE\t/\tFALSE\t0\tsid\tabc\n"
	        "#HttpOnly_127.0.0.1\tFALSE\t/\tFALSE\t4102444800\ttok\tdef\n"
	        "other.example\tFALSE\t/\tFALSE\t0\tsid\tother\n");
	struct http *h =
	        open_http((struct http_options){ .cookie_file = file });

	(void)state;
	ask_cookie(h, "tok=def; sid=abc");
	http_forget_cookies(h);
	ask_cookie(h, "");
	http_free(h);
}

static void a_bad_jar_is_named_by_its_line(void **state)
{
	struct http_options o = { .cookie_file = jar("# x\nnonsense\n") };
	struct http *h;
	struct fault f;

	(void)state;
	assert_false(http_new(&h, &o, &f));
	assert_string_equal(f.code, "cookie-file");
	assert_int_equal(f.kind, FAULT_USAGE);
	assert_int_equal(f.line, 2);
	o.cookie_file = "/nowhere/at/all";
	assert_false(http_new(&h, &o, &f));
	assert_string_equal(f.code, "cookie-file");
	o = (struct http_options){ .ca_file = "/nowhere/at/all" };
	assert_false(http_new(&h, &o, &f));
	assert_string_equal(f.code, "ca-file");
}

/* A server that sets new ones for ever loses all of them now and then. */
static void cookies_are_bounded(void **state)
{
	const char *file = jar("127.0.0.1\tFALSE\t/\tFALSE\t0\tsid\tabc\n");
	struct http *h = open_http(
	        (struct http_options){ .cookies = true, .cookie_file = file });

	(void)state;
	for (size_t i = 0; i < 100; i++)
		visit(h, "cookie-drizzle/");
	ask_cookie(h, "sid=abc");
	http_free(h);
}

struct through {
	const char *name, *scheme, *user, *password;
	bool tls;
	enum http_trouble trouble;
};

static const struct through proxies[] = {
	{ "http", "http", NULL, NULL, false, HTTP_FINE },
	{ "http", "http", NULL, NULL, true, HTTP_FINE },
	{ "login", "http", "alice", "secret", false, HTTP_FINE },
	{ "login", "http", "alice", "secret", true, HTTP_FINE },
	{ "login", "http", "alice", "wrong", false, HTTP_PROXY_LOGIN },
	{ "login", "http", "alice", "wrong", true, HTTP_PROXY_LOGIN },
	{ "login", "http", NULL, NULL, false, HTTP_PROXY_LOGIN },
	{ "deny", "http", NULL, NULL, true, HTTP_PROXY_REFUSED },
	{ "close", "http", NULL, NULL, false, HTTP_CUT },
	{ "close", "http", NULL, NULL, true, HTTP_PROXY_DEAD },
	{ "junk", "http", NULL, NULL, true, HTTP_PROXY_DEAD },
	{ "junk", "https", NULL, NULL, true, HTTP_PROXY_DEAD },
	{ "hang", "http", NULL, NULL, false, HTTP_TIMEOUT },
	{ "hang", "http", NULL, NULL, true, HTTP_TIMEOUT },
	{ "hang", "socks5h", NULL, NULL, false, HTTP_TIMEOUT },
	{ "socks-good", "socks5h", NULL, NULL, false, HTTP_FINE },
	{ "socks-good", "socks5", NULL, NULL, true, HTTP_FINE },
	{ "socks-login", "socks5h", "alice", "secret", false, HTTP_FINE },
	{ "socks-login", "socks5h", "alice", "wrong", false, HTTP_PROXY_LOGIN },
	{ "socks-login", "socks5h", NULL, NULL, false, HTTP_PROXY_LOGIN },
	{ "socks-deny", "socks5h", NULL, NULL, false, HTTP_PROXY_REFUSED },
	{ "socks-junk", "socks5h", NULL, NULL, false, HTTP_PROXY_DEAD },
};

static void go_through(struct http *h, const struct through *p)
{
	char place[64], url[64], what[48];
	struct http_proxy proxy = { .user = slice_of(p->user),
		                    .password = slice_of(p->password) };
	bool hangs = !strcmp(p->name, "hang");
	struct http_request r = { .proxy = &proxy,
		                  .timeout = hangs ? 400 : 60000 };
	struct http_reply *reply;

	snprintf(what, sizeof(what), "proxy %s", p->name);
	snprintf(place, sizeof(place), "%s://127.0.0.1:%d", p->scheme,
	         hostile_port(&server, what));
	snprintf(url, sizeof(url), "http%s://127.0.0.1:%d/good/1",
	         p->tls ? "s" : "",
	         hostile_port(&server, p->tls ? "tls good" : "main"));
	proxy.url = slice_of(place);
	r.url = slice_of(url);
	reply = fetch(h, &r);
	if (reply->trouble != p->trouble)
		fail_msg("%s (%s%s): %s: %s", p->name, p->scheme,
		         p->tls ? ", TLS" : "",
		         http_trouble_name(reply->trouble), reply->fault.text);
	if (p->trouble != HTTP_FINE) {
		assert_null(strstr(reply->fault.text,
		                   p->password ? p->password : "secret"));
		assert_null(strstr(reply->fault.text, "alice"));
	}
	http_done(h, reply);
}

static void each_proxy_has_its_word(void **state)
{
	char ca[160];
	struct http *h;

	(void)state;
	snprintf(ca, sizeof(ca), "%s", hostile_path(&server, "ca.pem"));
	h = open_http((struct http_options){ .ca_file = ca });
	for (size_t i = 0; i < sizeof(proxies) / sizeof(*proxies); i++)
		go_through(h, &proxies[i]);
	http_free(h);
}

static void a_dead_proxy_is_not_the_page(void **state)
{
	struct http *h = open_http((struct http_options){ 0 });
	/* Nobody listens at the port that nobody may use. */
	struct http_proxy proxy = { .url = SLICE("http://127.0.0.1:1") };
	struct http_request r = { .url = at("good/1"), .proxy = &proxy };
	struct http_reply *reply = fetch(h, &r);

	(void)state;
	assert_int_equal(reply->trouble, HTTP_PROXY_DEAD);
	http_done(h, reply);
	r.proxy = NULL;
	r.url = SLICE("http://127.0.0.1:1/");
	reply = fetch(h, &r);
	assert_int_equal(reply->trouble, HTTP_NO_CONNECTION);
	http_done(h, reply);
	http_free(h);
}

/* The log of proxies tells who came by which connection: no two logins may
 * ever share one, whatever else is the same. */
static void logins_never_share_a_connection(void **state)
{
	static const char *const users[] = { "ann", "bob", "" };
	struct http *h = open_http((struct http_options){ 0 });
	char place[64], line[256], user_of[1024][8] = { { 0 } };
	struct http_proxy proxy = { 0 };
	struct http_reply *reply;
	struct fault f;
	size_t seen = 0;
	FILE *log;

	(void)state;
	snprintf(place, sizeof(place), "http://127.0.0.1:%d",
	         hostile_port(&server, "proxy http"));
	proxy.url = slice_of(place);
	for (size_t i = 0; i < 60; i++) {
		struct http_request r = { .url = at("echo/shared"),
			                  .proxy = &proxy };

		proxy.user = slice_of(users[i % 3]);
		proxy.password = slice_of(i % 3 == 2 ? "" : "pw");
		assert_true(http_start(h, &r, &f));
	}
	while (http_active(h)) {
		assert_true(http_poll(h, 1000, &f));
		for (; (reply = http_next(h)); http_done(h, reply))
			assert_int_equal(reply->trouble, HTTP_FINE);
	}
	http_free(h);
	log = fopen(hostile_path(&server, "log"), "r");
	assert_non_null(log);
	while (fgets(line, sizeof(line), log)) {
		unsigned number;
		char user[8];

		if (!strstr(line, "echo/shared") ||
		    sscanf(line, "proxy http #%u %7s", &number, user) != 2)
			continue;
		assert_true(number < 1024);
		if (!user_of[number][0])
			memcpy(user_of[number], user, sizeof(user));
		assert_string_equal(user_of[number], user);
		seen++;
	}
	fclose(log);
	assert_int_equal(seen, 60);
}

static void a_proxy_can_be_forgotten(void **state)
{
	struct http *h = open_http((struct http_options){ 0 });
	char place[64];
	struct http_proxy proxy = { 0 };
	struct http_request r = { .url = at("good/1"), .proxy = &proxy };
	struct http_reply *reply;
	bool again;

	(void)state;
	snprintf(place, sizeof(place), "http://127.0.0.1:%d",
	         hostile_port(&server, "proxy http"));
	proxy.url = slice_of(place);
	http_done(h, fetch(h, &r));
	reply = fetch(h, &r);
	again = reply->reused;
	http_forget(h, &proxy); /* with a reply still out */
	http_done(h, reply);
	assert_true(again);
	reply = fetch(h, &r);
	assert_false(reply->reused);
	http_done(h, reply);
	http_free(h);
}

/* More pairs than are kept: the oldest go, and all are served. */
static void many_logins_are_bounded(void **state)
{
	struct http *h = open_http((struct http_options){ 0 });
	char token[16];

	(void)state;
	for (int i = 0; i < 200; i++) {
		snprintf(token, sizeof(token), "t%d", i);
		http_done(h, echo(h, (struct http_request){
		                             .bearer = slice_of(token) }));
	}
	http_free(h);
}

static int set_up(void **state)
{
	(void)state;
	/* None of it is looked at. */
	setenv("http_proxy", "http://127.0.0.1:1", 1);
	setenv("https_proxy", "http://127.0.0.1:1", 1);
	setenv("all_proxy", "http://127.0.0.1:1", 1);
	setenv("no_proxy", "*", 1);
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
		cmocka_unit_test(a_page_comes_with_what_is_known_of_it),
		cmocka_unit_test(many_at_once_share_connections),
		cmocka_unit_test(names_are_looked_up_beside),
		cmocka_unit_test(nothing_to_do_returns_at_once),
		cmocka_unit_test(it_can_end_in_the_middle),
		cmocka_unit_test(requests_say_what_they_are_told),
		cmocka_unit_test(head_has_no_body),
		cmocka_unit_test(what_cannot_be_tried_is_said_at_once),
		cmocka_unit_test(logins_go_with_their_request_alone),
		cmocka_unit_test(cookies_stay_where_they_belong),
		cmocka_unit_test(a_jar_is_where_cookies_begin),
		cmocka_unit_test(a_bad_jar_is_named_by_its_line),
		cmocka_unit_test(cookies_are_bounded),
		cmocka_unit_test(each_proxy_has_its_word),
		cmocka_unit_test(a_dead_proxy_is_not_the_page),
		cmocka_unit_test(logins_never_share_a_connection),
		cmocka_unit_test(a_proxy_can_be_forgotten),
		cmocka_unit_test(many_logins_are_bounded),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
