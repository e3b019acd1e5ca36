/* opslore serve: makes the workers and hands them to the server. */

#include <stdio.h>
#include <stdlib.h>

#include "app/command.h"
#include "app/serve.h"
#include "base/limits.h"
#include "base/memory.h"
#include "base/pool.h"
#include "base/say.h"

enum {
	WORKERS_MOST = 256,
	CONNECTIONS_MOST = 10000,
	SECONDS_MOST = 3600,
	ANSWER_SECONDS = 10
};

struct serve_options {
	const char *listen, *workers, *connections, *idle, *request, *answer;
	const char *hosts[SERVE_HOSTS];
	size_t host_count;
	bool expose;
};

/* One run of the command. */
struct serve_run {
	struct service service;
	struct server_options options;
	struct serve_worker *workers;
	struct buf crowded;
};

/* Nobody is asked who he is, so that whoever reaches the port reads all that
 * is public; that it can be reached from elsewhere has to be meant. */
static bool run_address(struct serve_run *r, const struct serve_options *o,
                        struct fault *f)
{
	const char *text = o->listen ? o->listen : "127.0.0.1:8080";

	if (!address_read(slice_of(text), &r->options.address, f))
		return false;
	return r->options.address.loopback || o->expose ||
	       fault(f, FAULT_USAGE, "serve-expose",
	             "%s can be reached from other machines, and nobody is "
	             "asked who he is: add --expose if that is meant",
	             text);
}

static bool run_numbers(struct serve_run *r, const struct serve_options *o,
                        struct fault *f)
{
	struct server_options *out = &r->options;
	int64_t workers = pool_cores();
	int64_t connections = (int64_t)out->connections;
	int64_t idle = out->idle_seconds, request = out->request_seconds;
	int64_t answer = ANSWER_SECONDS;

	if (!option_number("workers", o->workers, 1, WORKERS_MOST, &workers,
	                   f) ||
	    !option_number("connections", o->connections, 1, CONNECTIONS_MOST,
	                   &connections, f) ||
	    !option_number("idle-time", o->idle, 1, SECONDS_MOST, &idle, f) ||
	    !option_number("request-time", o->request, 1, SECONDS_MOST,
	                   &request, f) ||
	    !option_number("answer-time", o->answer, 1, SECONDS_MOST, &answer,
	                   f))
		return false;
	r->service.answer_time = 1000 * answer;
	out->worker_count = (size_t)workers;
	out->connections = (size_t)connections;
	out->idle_seconds = (unsigned)idle;
	out->request_seconds = (unsigned)request;
	return true;
}

static bool run_options(struct serve_run *r, const struct serve_options *o,
                        struct fault *f)
{
	struct service *s = &r->service;

	if (s->app->as)
		return fault(f, FAULT_USAGE, "serve-as",
		             "serve answers everybody as 'public': --as %s "
		             "cannot be kept",
		             s->app->as);
	for (; s->host_count < o->host_count; s->host_count++)
		s->hosts[s->host_count] = o->hosts[s->host_count];
	return run_address(r, o, f) && run_numbers(r, o, f);
}

/* What cannot be answered yet is no reason not to start. */
static void run_ready(struct serve_run *r)
{
	struct serve_lease lease;
	struct fault f;

	if (serve_worker_take(&r->workers[0], r->service.app->now, &lease, &f))
		serve_worker_done(&lease);
	else
		say_fault(SAY_WARN, &f);
}

static void run_workers(struct serve_run *r)
{
	struct server_options *o = &r->options;
	struct fault f;
	size_t i;

	fault(&f, FAULT_LATER, "server-crowded",
	      "there are %zu connections already: try again", o->connections);
	app_fault_json(&f, &r->crowded);
	o->crowded = buf_slice(&r->crowded);
	o->answer = serve_answer;
	o->workers = memory_new(o->worker_count, sizeof(*o->workers));
	r->workers = memory_new(o->worker_count, sizeof(*r->workers));
	for (i = 0; i < o->worker_count; i++) {
		r->workers[i].service = &r->service;
		o->workers[i] = &r->workers[i];
	}
}

static bool run_server(struct serve_run *r, struct fault *f)
{
	struct service *s = &r->service;
	struct buf at = BUF_INIT(256);

	if (!server_open(&s->server, &r->options, f))
		return false;
	run_ready(r);
	address_write(server_address(s->server), &at);
	say(SAY_INFO, "listening on %s", buf_string(&at));
	buf_release(&at);
	return server_run(s->server, f);
}

static void run_release(struct serve_run *r)
{
	size_t i;

	server_close(r->service.server);
	for (i = 0; r->workers && i < r->options.worker_count; i++) {
		retriever_close(r->workers[i].retriever);
		arena_release(&r->workers[i].a);
	}
	serve_index_free(r->service.index);
	serve_metrics_free(r->service.metrics);
	free(r->workers);
	free(r->options.workers);
	buf_release(&r->crowded);
}

static int serve_run(struct app *app, int argc, char **argv)
{
	struct serve_options o = { 0 };
	const struct option table[] = {
		{ .name = "listen", .value = &o.listen },
		{ .name = "workers", .value = &o.workers },
		{ .name = "connections", .value = &o.connections },
		{ .name = "idle-time", .value = &o.idle },
		{ .name = "request-time", .value = &o.request },
		{ .name = "answer-time", .value = &o.answer },
		{ .name = "host",
		  .list = o.hosts,
		  .room = SERVE_HOSTS,
		  .count = &o.host_count },
		{ .name = "expose", .flag = &o.expose },
		{ 0 },
	};
	struct serve_run r = { .service = { .app = app },
		               .options = server_defaults,
		               .crowded = BUF_INIT(4096) };
	struct fault f = { 0 };
	int operands, code = EXIT_DONE;
	bool done;

	done = options_read(table, argc, argv, &operands, &f) &&
	       (!operands ||
	        fault(&f, FAULT_USAGE, "operand", "serve takes no operand")) &&
	       run_options(&r, &o, &f);
	if (done) {
		r.service.index = serve_index_new(app->index);
		r.service.metrics = serve_metrics_new();
		run_workers(&r);
		done = run_server(&r, &f);
	}
	if (!done)
		code = app_fail(app, &f);
	run_release(&r);
	return code;
}

const struct command cmd_serve = {
	.name = "serve",
	.usage = "[--listen ADDR:PORT] [--expose] [--host NAME]...\n"
	         "[--workers N] [--connections N] [--idle-time SECONDS]\n"
	         "[--request-time SECONDS] [--answer-time SECONDS]",
	.summary = "answer searches over HTTP",
	.help = "  --listen ADDR:PORT      127.0.0.1:8080; port 0: any free "
	        "one\n"
	        "  --expose                an address that other machines "
	        "reach\n"
	        "  --host NAME             a name that requests may be for\n"
	        "  --workers N             threads; as many as cores\n"
	        "  --connections N         at once, 256\n"
	        "  --idle-time SECONDS     until a silent connection ends, 30\n"
	        "  --request-time SECONDS  for a request, and for an answer, "
	        "60\n"
	        "  --answer-time SECONDS   of work on a search, 10\n"
	        "\n"
	        "Whoever reaches the port sees what is public.\n"
	        "\n"
	        "  curl 'http://127.0.0.1:8080/v1/search?q=disk+full'\n",
	.run = serve_run,
};
