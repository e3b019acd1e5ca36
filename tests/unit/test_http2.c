/* HTTP/2 where it is offered: nginx, on a socket that we opened for it. */

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/net/http.h"
#include "tests/unit/hostile.h"

static struct hostile server; /* for its certificates */
enum { LARGE = 8 << 20 };
static pid_t nginx;
static int port;

static void write_file(const char *name, const char *text)
{
	FILE *file = fopen(hostile_path(&server, name), "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

/* The names of what is written while it runs, all in one folder. */
static void write_settings(void)
{
	static const char *const temporary[] = { "client_body", "proxy",
		                                 "fastcgi", "uwsgi", "scgi" };
	char text[4096];
	size_t len;

	len = (size_t)snprintf(text, sizeof(text),
	                       "daemon off; pid %s/pid;\n"
	                       "error_log %s/error; events {}\n"
	                       "http { access_log off;\n",
	                       server.folder, server.folder);
	for (size_t i = 0; i < 5; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len,
		                        "%s_temp_path %s/t%zu;\n", temporary[i],
		                        server.folder, i);
	snprintf(text + len, sizeof(text) - len,
	         "server { listen 127.0.0.1:%d ssl http2; root %s;\n"
	         "location /silent/ { proxy_pass http://127.0.0.1:%d; }\n"
	         "ssl_certificate %s/good.pem;\n"
	         "ssl_certificate_key %s/good.key; } }\n",
	         port, server.folder, hostile_port(&server, "main"),
	         server.folder, server.folder);
	write_file("nginx.conf", text);
}

/* nginx takes over open sockets that the environment names. */
static void start_nginx(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	socklen_t len = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	char name[16], path[160];

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	assert_int_equal(listen(fd, 64), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &len), 0);
	port = ntohs(a.sin_port);
	write_settings();
	snprintf(name, sizeof(name), "%d;", fd);
	snprintf(path, sizeof(path), "%s", hostile_path(&server, "nginx.conf"));
	nginx = fork();
	assert_true(nginx >= 0);
	if (nginx == 0) {
		setenv("NGINX", name, 1);
		if (!freopen("/dev/null", "w", stderr))
			_exit(127);
		execlp("nginx", "nginx", "-c", path, (char *)NULL);
		execl("/usr/sbin/nginx", "nginx", "-c", path, (char *)NULL);
		_exit(127);
	}
	close(fd);
}

static void get_twenty(bool http1, int version, size_t most_connections)
{
	char ca[160], url[64];
	struct http_options o = { .allow_private = true, .http1 = http1 };
	struct http_request r = { 0 };
	struct http_reply *reply;
	size_t made = 0;
	struct http *h;
	struct fault f;

	snprintf(ca, sizeof(ca), "%s", hostile_path(&server, "ca.pem"));
	snprintf(url, sizeof(url), "https://127.0.0.1:%d/page.html", port);
	o.ca_file = ca;
	r.url = slice_of(url);
	assert_true(http_new(&h, &o, &f));
	for (size_t i = 0; i < 20; i++)
		assert_true(http_start(h, &r, &f));
	while (http_active(h)) {
		assert_true(http_poll(h, 60000, &f));
		for (; (reply = http_next(h)); http_done(h, reply)) {
			if (reply->trouble != HTTP_FINE)
				fail_msg("%s", reply->fault.text);
			assert_int_equal(reply->status, 200);
			assert_int_equal(reply->version, version);
			assert_int_equal(reply->body.len, 5);
			made += !reply->reused;
		}
	}
	assert_true(made >= 1 && made <= most_connections);
	http_free(h);
}

static void one_connection_carries_all(void **state)
{
	(void)state;
	get_twenty(false, 20, 1);
}

static void it_can_be_left_off(void **state)
{
	(void)state;
	get_twenty(true, 11, 16);
}

/* A request that waits for its answer is not held to what its connection
 * carries for others meanwhile. */
static void waiting_beside_a_flood_is_waiting(void **state)
{
	char ca[160], url[2][64];
	struct http_options o = { .allow_private = true };
	struct http_request r = { .id = 99, .timeout = 4000 };
	struct http_reply *reply;
	size_t done = 0;
	struct http *h;
	struct fault f;

	(void)state;
	snprintf(ca, sizeof(ca), "%s", hostile_path(&server, "ca.pem"));
	snprintf(url[0], 64, "https://127.0.0.1:%d/silent/", port);
	snprintf(url[1], 64, "https://127.0.0.1:%d/large.html", port);
	o.ca_file = ca;
	assert_true(http_new(&h, &o, &f));
	r.url = slice_of(url[0]);
	assert_true(http_start(h, &r, &f));
	r = (struct http_request){ .url = slice_of(url[1]), .timeout = 60000 };
	for (size_t i = 0; i < 40; i++)
		assert_true(http_start(h, &r, &f));
	while (http_active(h)) {
		assert_true(http_poll(h, 60000, &f));
		for (; (reply = http_next(h)); http_done(h, reply)) {
			done++;
			if (reply->id == 99)
				assert_int_equal(reply->trouble, HTTP_TIMEOUT);
			else
				assert_int_equal(reply->body.len, LARGE);
		}
	}
	assert_int_equal(done, 41);
	http_free(h);
}

static void write_large(void)
{
	char *text = malloc(LARGE + 1);

	assert_non_null(text);
	memset(text, 'a', LARGE);
	text[LARGE] = '\0';
	write_file("large.html", text);
	free(text);
}

static int set_up(void **state)
{
	(void)state;
	hostile_start(&server);
	write_file("page.html", "<p>hi");
	write_large();
	/* As root, nginx reads as another user. */
	chmod(server.folder, 0755);
	start_nginx();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	kill(nginx, SIGTERM);
	waitpid(nginx, NULL, 0);
	hostile_stop(&server);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_connection_carries_all),
		cmocka_unit_test(it_can_be_left_off),
		cmocka_unit_test(waiting_beside_a_flood_is_waiting),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
