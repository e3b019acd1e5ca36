/*
 * Where http.h does not go: every spelling of tests/server/forbidden, read by
 * url.h as a link of a page would be and also as it stands, to the destination
 * and as the proxy; and a name whose address changes. A trap listens where
 * they lead to, and nobody ever connects to it.
 *
 * Names come from a file, by libnss-wrapper: the program starts itself again
 * with it preloaded.
 */

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/net/http.h"
#include "base/net/http_wall.h"
#include "base/net/url.h"
#include "tests/unit/hostile.h"

static struct hostile server;
static char names_file[64];

/* A line of the file, its escapes read; *keep is its memory. */
static struct slice spelling(const char *line, struct buf *keep, int port)
{
	static const char mark[] = "{port}";

	buf_reset(keep);
	for (const char *at = line; *at && *at != '\n'; at++) {
		if (!strncmp(at, mark, sizeof(mark) - 1)) {
			buf_addf(keep, "%d", port);
			at += sizeof(mark) - 2;
		} else if (*at == '\\') {
			at++;
			buf_byte(keep, *at == 't'   ? '\t'
			               : *at == 'n' ? '\n'
			                            : '\\');
		} else {
			buf_byte(keep, *at);
		}
	}
	return buf_slice(keep);
}

/* What becomes of a request: it may not be started, or its reply says why. */
static enum http_trouble go(struct http *h, const struct http_request *r)
{
	struct http_reply *reply = NULL;
	enum http_trouble trouble;
	struct fault f;

	if (!http_start(h, r, &f))
		return HTTP_FORBIDDEN;
	while (!reply) {
		if (!http_poll(h, 60000, &f))
			fail_msg("%s", f.text);
		reply = http_next(h);
	}
	trouble = reply->trouble;
	http_done(h, reply);
	return trouble;
}

static void try_destination(struct http *h, struct slice url)
{
	struct http_request r = { .url = url };
	enum http_trouble t = go(h, &r);

	/* A name of this machine that is not known leads nowhere either. */
	if (t != HTTP_FORBIDDEN && t != HTTP_NO_HOST)
		fail_msg("'%.*s': %s", SLICE_ARG(url), http_trouble_name(t));
}

/* The proxy field is not read by url.h. */
static void try_proxy(struct http *h, struct slice url)
{
	struct http_proxy proxy = { .url = slice_cut(url, 0, url.len - 1) };
	struct http_request r = { .url = SLICE("http://example.com/"),
		                  .proxy = &proxy };
	enum http_trouble t = go(h, &r);

	if (t != HTTP_FORBIDDEN && t != HTTP_PROXY_DEAD)
		fail_msg("proxy '%.*s': %s", SLICE_ARG(url),
		         http_trouble_name(t));
}

/* Behind a proxy that works: it must not be asked. */
static void try_through(struct http *h, struct slice url)
{
	char place[64];
	struct http_proxy proxy = { 0 };
	struct http_request r = { .url = url, .proxy = &proxy };
	enum http_trouble t;

	snprintf(place, sizeof(place), "http://127.0.0.1:%d",
	         hostile_port(&server, "proxy http"));
	proxy.url = slice_of(place);
	t = go(h, &r);
	if (t != HTTP_FORBIDDEN)
		fail_msg("through a proxy '%.*s': %s", SLICE_ARG(url),
		         http_trouble_name(t));
}

static size_t try_file(void (*attempt)(struct http *h, struct slice url),
                       const struct http_options *o, bool read_first)
{
	FILE *file = fopen(TEST_DATA "/../server/forbidden", "r");
	struct buf keep = BUF_INIT(4096);
	struct url base = URL_INIT, url = URL_INIT;
	size_t count = 0;
	char line[256];
	struct http *h;
	struct fault f;

	assert_non_null(file);
	assert_true(http_new(&h, o, &f));
	assert_true(url_parse(&base, SLICE("http://example.com/a"), NULL, &f));
	while (fgets(line, sizeof(line), file)) {
		struct slice s =
		        spelling(line, &keep, hostile_port(&server, "trap"));

		if (line[0] == '#')
			continue;
		count++;
		if (!read_first)
			attempt(h, s);
		else if (url_parse(&url, s, &base, &f) &&
		         !slice_eq(url_host(&url), SLICE("example.com")))
			attempt(h, url_text(&url));
	}
	fclose(file);
	url_release(&base);
	url_release(&url);
	buf_release(&keep);
	http_free(h);
	return count;
}

static void no_spelling_gets_through(void **state)
{
	const struct http_options o = { 0 };

	(void)state;
	assert_true(try_file(try_destination, &o, true) >= 80);
	try_file(try_destination, &o, false);
	assert_int_equal(hostile_logged(&server, "trap"), 0);
}

static void no_spelling_gets_through_as_a_proxy(void **state)
{
	const struct http_options o = { .allow_private = true };

	(void)state;
	try_file(try_proxy, &o, false);
	assert_int_equal(hostile_logged(&server, "trap"), 0);
}

static void no_proxy_is_asked_for_them(void **state)
{
	const struct http_options o = { .allow_private_proxy = true };

	(void)state;
	try_file(try_through, &o, true);
	assert_int_equal(hostile_logged(&server, "trap"), 0);
	assert_int_equal(hostile_logged(&server, "proxy http"), 0);
}

/* Permission for private addresses is none for those of metadata. */
static void some_are_never_reached(void **state)
{
	static const char *const never[] = {
		"http://169.254.169.254/",
		"http://0/",
		"http://[::ffff:a9fe:a9fe]/",
		"http://metadata.google.internal/",
		"http://100.100.100.200/",
		"http://[fd00:ec2::254]/",
		"http://224.0.0.1/",
	};
	const struct http_options o = { .allow_private = true,
		                        .allow_private_proxy = true };
	struct http *h;
	struct fault f;

	(void)state;
	assert_true(http_new(&h, &o, &f));
	for (size_t i = 0; i < sizeof(never) / sizeof(*never); i++) {
		try_destination(h, slice_of(never[i]));
		try_through(h, slice_of(never[i]));
		try_proxy(h, slice_of(never[i]));
	}
	http_free(h);
	assert_int_equal(hostile_logged(&server, "proxy http"), 0);
}

/* Only who asks for keys of this machine gets a socket to where they are, and
 * to no other service of metadata. Nothing is connected. */
static void keys_are_asked_for_where_they_are(void **state)
{
	const struct slice keys = SLICE("169.254.169.254");
	const struct slice other = SLICE("100.100.100.200");
	struct curl_sockaddr a = { .family = AF_INET,
		                   .socktype = SOCK_STREAM,
		                   .addrlen = sizeof(struct sockaddr_in) };
	struct sockaddr_in *to = (struct sockaddr_in *)(void *)&a.addr;
	struct wall w = { .most = REACH_IDENTITY };
	struct fault f;
	curl_socket_t s;

	(void)state;
	assert_true(wall_host(keys, false, REACH_IDENTITY, &f));
	assert_false(wall_host(keys, false, REACH_PRIVATE, &f));
	assert_false(wall_host(other, false, REACH_IDENTITY, &f));
	to->sin_family = AF_INET;
	inet_pton(AF_INET, "169.254.170.2", &to->sin_addr);
	s = wall_open(&w, CURLSOCKTYPE_IPCXN, &a);
	assert_true(s >= 0);
	close(s);
	w.most = REACH_PRIVATE;
	assert_int_equal(wall_open(&w, CURLSOCKTYPE_IPCXN, &a),
	                 CURL_SOCKET_BAD);
	assert_int_equal(w.refused, REACH_IDENTITY);
}

/* The trap can be sprung: otherwise it would prove nothing. */
static void the_trap_works(void **state)
{
	const struct http_options o = { .allow_private = true };
	char url[64];
	struct http_request r = { 0 };
	struct http *h;
	struct fault f;

	(void)state;
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/",
	         hostile_port(&server, "trap"));
	r.url = slice_of(url);
	assert_true(http_new(&h, &o, &f));
	assert_int_equal(go(h, &r), HTTP_CUT);
	http_free(h);
	assert_int_equal(hostile_logged(&server, "trap"), 1);
}

/* What the name is from now on. The wrapper reads its file again when the time
 * of its last change differs, in whole seconds. */
static void rename_to(const char *first, const char *second)
{
	static time_t when = 1000000000;
	struct timespec times[2] = { { .tv_sec = when++ }, { 0 } };
	FILE *file = fopen(names_file, "w");

	times[1] = times[0];
	assert_non_null(file);
	fprintf(file, "%s rebind.example\n", first);
	if (second)
		fprintf(file, "%s rebind.example\n", second);
	fclose(file);
	assert_int_equal(utimensat(AT_FDCWD, names_file, times, 0), 0);
}

static enum http_trouble ask_name(struct http *h, int port)
{
	char url[64];
	struct http_request r = { 0 };

	snprintf(url, sizeof(url), "http://rebind.example:%d/good/1", port);
	r.url = slice_of(url);
	return go(h, &r);
}

/* The name is good when it is first asked for, and leads elsewhere later. */
static void a_name_that_changes_gets_nowhere(void **state)
{
	const struct http_options o = { .allow_private = true };
	int port = hostile_port(&server, "main");
	size_t before;
	struct http *h;
	struct fault f;

	(void)state;
	assert_true(http_new(&h, &o, &f));
	rename_to("127.0.0.1", NULL);
	assert_int_equal(ask_name(h, port), HTTP_FINE);
	before = hostile_logged(&server, "main");
	/* 0.0.0.0 is this machine as well, by the back door. */
	rename_to("0.0.0.0", NULL);
	http_forget(h, NULL); /* connections, and the names that are known */
	assert_int_equal(ask_name(h, port), HTTP_FORBIDDEN);
	rename_to("::ffff:0.0.0.0", NULL);
	http_forget(h, NULL);
	assert_int_equal(ask_name(h, port), HTTP_FORBIDDEN);
	assert_int_equal(hostile_logged(&server, "main"), before);
	/* Of two addresses the one that may be reached is. */
	rename_to("0.0.0.0", "127.0.0.1");
	http_forget(h, NULL);
	assert_int_equal(ask_name(h, port), HTTP_FINE);
	http_free(h);
}

static void a_public_name_of_a_private_place_gets_nowhere(void **state)
{
	static const char *const places[] = { "127.0.0.1", "10.0.0.1",
		                              "169.254.169.254", "::1",
		                              "::ffff:127.0.0.1" };
	const struct http_options o = { 0 };
	int port = hostile_port(&server, "main");
	size_t before = hostile_logged(&server, "main");
	struct http *h;
	struct fault f;

	(void)state;
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		assert_true(http_new(&h, &o, &f));
		rename_to(places[i], NULL);
		assert_int_equal(ask_name(h, port), HTTP_FORBIDDEN);
		http_free(h);
	}
	assert_int_equal(hostile_logged(&server, "main"), before);
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
	unlink(names_file);
	return 0;
}

/* A sanitizer wants to be the first library, and may come second. */
static int with_names(char **argv)
{
	const char *options = getenv("ASAN_OPTIONS");
	char sanitizer[512];
	int fd;

	snprintf(names_file, sizeof(names_file), "/tmp/opslore-names-XXXXXX");
	fd = mkstemp(names_file);
	if (fd < 0)
		return 1;
	close(fd);
	snprintf(sanitizer, sizeof(sanitizer), "%s:verify_asan_link_order=0",
	         options ? options : "");
	setenv("ASAN_OPTIONS", sanitizer, 1);
	setenv("NSS_WRAPPER_DISABLE_DEEPBIND", "1", 1);
	setenv("LD_PRELOAD", "libnss_wrapper.so", 1);
	setenv("NSS_WRAPPER_HOSTS", names_file, 1);
	execv("/proc/self/exe", argv);
	return 1;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_spelling_gets_through),
		cmocka_unit_test(no_spelling_gets_through_as_a_proxy),
		cmocka_unit_test(no_proxy_is_asked_for_them),
		cmocka_unit_test(some_are_never_reached),
		cmocka_unit_test(keys_are_asked_for_where_they_are),
		cmocka_unit_test(the_trap_works),
		cmocka_unit_test(a_name_that_changes_gets_nowhere),
		cmocka_unit_test(a_public_name_of_a_private_place_gets_nowhere),
	};
	const char *names = getenv("NSS_WRAPPER_HOSTS");

	(void)argc;
	if (!names)
		return with_names(argv);
	snprintf(names_file, sizeof(names_file), "%s", names);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
