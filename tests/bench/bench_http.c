/*
 * What a small page costs over a kept connection.
 *
 *	bench_http URL [requests [at-once [proxy]]]
 *
 * prints CPU microseconds a request of this process, requests a second and the
 * largest memory. The server is the caller's: nginx with one file of 17 kB.
 */

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "base/net/http.h"

static double cpu_seconds(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static bool start(struct http *h, char **argv, int argc, struct fault *f)
{
	struct http_proxy proxy = { .url = slice_of(argc > 4 ? argv[4] : "") };
	struct http_request r = { .url = slice_of(argv[1]),
		                  .proxy = argc > 4 ? &proxy : NULL };

	return http_start(h, &r, f);
}

static bool run(struct http *h, int argc, char **argv, long requests,
                long at_once, struct fault *f)
{
	long begun = 0, ended = 0, fine = 0, reused = 0, bytes = 0;
	int64_t t = clock_nanoseconds();
	double cpu = cpu_seconds(), seconds;
	struct http_reply *r;
	struct rusage u;

	while (ended < requests) {
		while (begun < requests && begun - ended < at_once) {
			if (!start(h, argv, argc, f))
				return false;
			begun++;
		}
		if (!http_poll(h, 1000, f))
			return false;
		for (; (r = http_next(h)); http_done(h, r)) {
			ended++;
			fine += r->trouble == HTTP_FINE && r->status == 200;
			reused += r->reused;
			bytes += (long)r->body.len;
			if (r->trouble != HTTP_FINE && ended - fine < 5)
				printf("%s: %s\n",
				       http_trouble_name(r->trouble),
				       r->fault.text);
		}
	}
	cpu = cpu_seconds() - cpu;
	seconds = (double)(clock_nanoseconds() - t) / 1e9;
	getrusage(RUSAGE_SELF, &u);
	printf("%ld of %ld fine, %ld reused, %ld bytes, %.1f us CPU a "
	       "request, %.0f a second, %ld kB\n",
	       fine, requests, reused, bytes, cpu * 1e6 / (double)requests,
	       (double)requests / seconds, u.ru_maxrss);
	return true;
}

int main(int argc, char **argv)
{
	struct http_options o = { .user_agent = SLICE("bench"),
		                  .allow_private = true,
		                  .allow_private_proxy = true };
	long requests = argc > 2 ? strtol(argv[2], NULL, 10) : 10000;
	long at_once = argc > 3 ? strtol(argv[3], NULL, 10) : 16;
	struct fault f;
	struct http *h;
	int status = 1;

	if (argc < 2)
		return 2;
	o.connections = (unsigned)at_once;
	if (!http_new(&h, &o, &f)) {
		fprintf(stderr, "%s\n", f.text);
		return 1;
	}
	if (run(h, argc, argv, requests, at_once, &f))
		status = 0;
	else
		fprintf(stderr, "%s\n", f.text);
	http_free(h);
	return status;
}
