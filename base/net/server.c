/*
 * A worker is a daemon of libmicrohttpd with one thread and an epoll set, and
 * without a listening socket: the thread that called server_run() accepts and
 * hands each connection to the worker that has the fewest, since daemons that
 * share a listening socket may leave all of a burst to the one that woke
 * first.
 *
 * libmicrohttpd closes a connection on which nothing moves. A client that
 * moves a byte now and then is ours to end: each connection carries the time
 * by which what it is at must be over, and the accepting thread shuts down
 * those that are past it. The worker then sees an end of file and cleans up.
 */

#include "base/net/server.h"

#include <errno.h>
#include <limits.h>
#include <microhttpd.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cancel.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/say.h"

enum {
	POOL_BYTES = 64 << 10, /* of libmicrohttpd, beside our ceilings */
	TICK = 500,            /* milliseconds between looks at the clock */
	DRAIN_TICK = 10,
};

const struct server_options server_defaults = {
	.connections = 256,
	.crowded = { "{}\n", 3 },
	.target_most = 16 << 10,
	.headers_most = 16 << 10,
	.body_most = 1 << 20,
	.idle_seconds = 30,
	.request_seconds = 60,
	.drain_seconds = 5,
};

/* One connection. */
struct wire {
	struct wire *next, **back;
	int fd;
	_Atomic int64_t until; /* monotonic */
};

struct worker {
	struct server *server;
	void *self;
	struct MHD_Daemon *daemon;
	atomic_size_t wires; /* given to it and not yet closed */
	pthread_mutex_t lock;
	struct wire *first; /* under the lock */
};

struct server {
	struct server_options options;
	int fd;
	struct worker *workers;
	atomic_size_t requests;
	atomic_bool stopping;
};

/* One request on its way through a worker. */
struct task {
	char *target;
	struct buf body;
	unsigned refused;
	bool taken; /* its headers have been looked at */
};

static void wire_until(struct worker *w, struct MHD_Connection *c)
{
	const union MHD_ConnectionInfo *info =
	        MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	struct wire *wire = info ? info->socket_context : NULL;
	int64_t span = 1000 * (int64_t)w->server->options.request_seconds;

	if (wire)
		atomic_store(&wire->until, clock_monotonic() + span);
}

static void wire_open(struct worker *w, struct MHD_Connection *c,
                      void **context)
{
	const union MHD_ConnectionInfo *info =
	        MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD);
	struct wire *wire = memory_new(1, sizeof(*wire));

	wire->fd = info->connect_fd;
	*context = wire;
	atomic_init(&wire->until, INT64_MAX);
	pthread_mutex_lock(&w->lock);
	wire->next = w->first;
	wire->back = &w->first;
	if (wire->next)
		wire->next->back = &wire->next;
	w->first = wire;
	pthread_mutex_unlock(&w->lock);
}

/* The descriptor is closed behind this, so that wire_reap() never shuts down
 * another connection that got its number. */
static void wire_close(struct worker *w, struct wire *wire)
{
	pthread_mutex_lock(&w->lock);
	*wire->back = wire->next;
	if (wire->next)
		wire->next->back = wire->back;
	pthread_mutex_unlock(&w->lock);
	atomic_fetch_sub(&w->wires, 1);
	free(wire);
}

static void wire_note(void *self, struct MHD_Connection *c, void **context,
                      enum MHD_ConnectionNotificationCode code)
{
	struct worker *w = self;

	if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
		wire_close(w, *context);
		return;
	}
	wire_open(w, c, context);
	wire_until(w, c);
}

/* Ends connections that are past their time. */
static void wire_reap(struct worker *w, int64_t now)
{
	struct wire *wire;

	pthread_mutex_lock(&w->lock);
	for (wire = w->first; wire; wire = wire->next)
		if (atomic_load(&wire->until) < now)
			shutdown(wire->fd, SHUT_RDWR);
	pthread_mutex_unlock(&w->lock);
}

/* Called with the request line, before anything else of a request. */
static void *task_begin(void *self, const char *target,
                        struct MHD_Connection *c)
{
	struct worker *w = self;
	struct task *t = memory_new(1, sizeof(*t));

	(void)c;
	t->target = memory_copy(target, strlen(target));
	t->body = BUF_INIT(w->server->options.body_most);
	atomic_fetch_add(&w->server->requests, 1);
	return t;
}

static void task_end(void *self, struct MHD_Connection *c, void **state,
                     enum MHD_RequestTerminationCode how)
{
	struct worker *w = self;
	struct task *t = *state;

	(void)how;
	if (!t)
		return;
	wire_until(w, c);
	buf_release(&t->body);
	free(t->target);
	free(t);
	*state = NULL;
	atomic_fetch_sub(&w->server->requests, 1);
}

/* What a look at the headers adds up to. */
struct header_sum {
	size_t bytes, hosts, lengths, codings;
	struct slice length;
};

static enum MHD_Result header_add(void *self, enum MHD_ValueKind kind,
                                  const char *name, const char *value)
{
	struct header_sum *sum = self;

	(void)kind;
	sum->bytes += strlen(name) + (value ? strlen(value) : 0) + 4;
	sum->hosts += !strcasecmp(name, "Host");
	sum->codings += !strcasecmp(name, "Transfer-Encoding");
	if (!strcasecmp(name, "Content-Length")) {
		sum->lengths++;
		sum->length = slice_of(value);
	}
	return MHD_YES;
}

/* 0, or the status that refuses a request by its first part. A message whose
 * length could be read in two ways is refused: whoever passed it on to us may
 * have read it in the other. */
static unsigned task_judge(const struct server_options *o, const struct task *t,
                           struct MHD_Connection *c)
{
	struct header_sum sum = { 0 };
	int64_t length = 0;

	MHD_get_connection_values(c, MHD_HEADER_KIND, header_add, &sum);
	if (strlen(t->target) > o->target_most)
		return MHD_HTTP_URI_TOO_LONG;
	if (sum.bytes > o->headers_most)
		return MHD_HTTP_REQUEST_HEADER_FIELDS_TOO_LARGE;
	if (sum.hosts > 1 || sum.lengths > 1 || sum.codings > 1 ||
	    (sum.lengths && sum.codings) ||
	    (sum.lengths && !slice_number(sum.length, &length)) || length < 0)
		return MHD_HTTP_BAD_REQUEST;
	if ((uint64_t)length > o->body_most)
		return MHD_HTTP_CONTENT_TOO_LARGE;
	return 0;
}

static void reply_headers(struct MHD_Response *response,
                          const struct server_reply *r, bool last)
{
	if (r->type)
		MHD_add_response_header(response, "Content-Type", r->type);
	if (r->allow)
		MHD_add_response_header(response, "Allow", r->allow);
	if (r->retry)
		MHD_add_response_header(response, "Retry-After", r->retry);
	MHD_add_response_header(response, "Cache-Control", "no-store");
	MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
	if (last)
		MHD_add_response_header(response, "Connection", "close");
}

/* Hands the reply over; its memory goes with it. */
static enum MHD_Result reply_queue(struct worker *w, struct MHD_Connection *c,
                                   struct server_reply *r, bool last)
{
	struct MHD_Response *response =
	        MHD_create_response_from_buffer_with_free_callback(
	                r->body.len, r->body.at, free);
	enum MHD_Result done;

	if (!response) {
		buf_release(&r->body);
		return MHD_NO;
	}
	reply_headers(response, r, last || atomic_load(&w->server->stopping));
	wire_until(w, c);
	done = MHD_queue_response(c, r->status, response);
	MHD_destroy_response(response);
	return done;
}

static enum MHD_Result task_answer(struct worker *w, struct task *t,
                                   struct MHD_Connection *c, const char *method,
                                   const char *version)
{
	struct server_request q = { .method = slice_of(method),
		                    .target = slice_of(t->target),
		                    .body = buf_slice(&t->body),
		                    .refused = t->refused,
		                    .old = strcmp(version, "HTTP/1.1") != 0,
		                    .connection = c };
	struct server_reply r = { .status = MHD_HTTP_OK,
		                  .body = BUF_INIT(SIZE_MAX / 2) };

	w->server->options.answer(w->self, &q, &r);
	return reply_queue(w, c, &r, t->refused != 0);
}

/* libmicrohttpd calls this with the headers, then with each part of a body,
 * then without one. */
static enum MHD_Result task_take(void *self, struct MHD_Connection *c,
                                 const char *url, const char *method,
                                 const char *version, const char *part,
                                 size_t *len, void **state)
{
	struct worker *w = self;
	struct task *t = *state;

	(void)url;
	if (!t->taken) {
		t->taken = true;
		t->refused = task_judge(&w->server->options, t, c);
		return t->refused ? task_answer(w, t, c, method, version)
		                  : MHD_YES;
	}
	if (!*len)
		return task_answer(w, t, c, method, version);
	/* It takes no answer half way: the rest is read and dropped. */
	buf_add(&t->body, (struct slice){ part, *len });
	if (buf_full(&t->body)) {
		t->refused = MHD_HTTP_CONTENT_TOO_LARGE;
		buf_release(&t->body);
		t->body.full = true;
	}
	*len = 0;
	return MHD_YES;
}

struct slice server_header(const struct server_request *q, const char *name)
{
	return slice_trim(slice_of(MHD_lookup_connection_value(
	        q->connection, MHD_HEADER_KIND, name)));
}

/* Escapes are the answerer's to read. */
static size_t task_raw(void *self, struct MHD_Connection *c, char *text)
{
	(void)self;
	(void)c;
	return strlen(text);
}

static void PRINTF_LIKE(2, 0)
        worker_log(void *self, const char *fmt, va_list args)
{
	char text[512];

	(void)self;
	if (vsnprintf(text, sizeof(text), fmt, args) >= 0)
		say(SAY_DEBUG, "http: %s", text);
}

static bool worker_start(struct worker *w, struct fault *f)
{
	const struct server_options *o = &w->server->options;
	size_t pool = POOL_BYTES + 2 * (o->target_most + o->headers_most);

	w->daemon = MHD_start_daemon(
	        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_NO_LISTEN_SOCKET |
	                MHD_USE_ITC | MHD_USE_ERROR_LOG,
	        0, NULL, NULL, task_take, w, /* first: the rest may log */
	        MHD_OPTION_EXTERNAL_LOGGER, worker_log, NULL,
	        MHD_OPTION_URI_LOG_CALLBACK, task_begin, w,
	        MHD_OPTION_UNESCAPE_CALLBACK, task_raw, NULL,
	        MHD_OPTION_NOTIFY_COMPLETED, task_end, w,
	        MHD_OPTION_NOTIFY_CONNECTION, wire_note, w,
	        MHD_OPTION_CONNECTION_MEMORY_LIMIT, pool,
	        MHD_OPTION_CONNECTION_LIMIT, (unsigned)o->connections,
	        MHD_OPTION_CONNECTION_TIMEOUT, o->idle_seconds,
	        MHD_OPTION_STRICT_FOR_CLIENT, 1,
	        MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_END);
	return w->daemon ||
	       fault(f, FAULT_SYSTEM, "server-start",
	             "cannot start a server's thread: %s", strerror(errno));
}

bool server_open(struct server **out, const struct server_options *o,
                 struct fault *f)
{
	struct server *s = memory_new(1, sizeof(*s));
	size_t i;

	s->options = *o;
	s->workers = memory_new(o->worker_count, sizeof(*s->workers));
	for (i = 0; i < o->worker_count; i++) {
		s->workers[i].server = s;
		s->workers[i].self = o->workers[i];
		pthread_mutex_init(&s->workers[i].lock, NULL);
	}
	if (!address_listen(&s->options.address, &s->fd, f)) {
		server_close(s);
		return false;
	}
	*out = s;
	return true;
}

void server_close(struct server *s)
{
	size_t i;

	if (!s)
		return;
	for (i = 0; i < s->options.worker_count; i++)
		pthread_mutex_destroy(&s->workers[i].lock);
	if (s->fd >= 0)
		close(s->fd);
	free(s->workers);
	free(s);
}

const struct address *server_address(const struct server *s)
{
	return &s->options.address;
}

size_t server_connections(const struct server *s)
{
	size_t i, count = 0;

	for (i = 0; i < s->options.worker_count; i++)
		count += atomic_load(&s->workers[i].wires);
	return count;
}

size_t server_requests(const struct server *s)
{
	return atomic_load(&s->requests);
}

/* Too many: told so in passing, if the line takes it. */
static void door_refuse(const struct server *s, int fd)
{
	struct buf b = BUF_INIT(4096);
	char rest[4096];
	ssize_t done;

	buf_addf(&b,
	         "HTTP/1.1 503 Service Unavailable\r\n"
	         "Content-Type: application/json\r\nContent-Length: %zu\r\n"
	         "Retry-After: 1\r\nConnection: close\r\n\r\n",
	         s->options.crowded.len);
	buf_add(&b, s->options.crowded);
	/* What was not read when a socket is closed resets it, and the answer
	 * may be lost with it. */
	done = recv(fd, rest, sizeof(rest), MSG_DONTWAIT);
	done = send(fd, b.at, b.len, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (done < 0)
		say(SAY_DEBUG, "http: a client was not told of 503");
	shutdown(fd, SHUT_WR);
	close(fd);
	buf_release(&b);
}

/* Takes in one client; false when nobody is waiting, or nobody can be taken
 * (*full: for want of descriptors). */
static bool door_take(struct server *s, bool *full)
{
	struct sockaddr_storage name;
	socklen_t len = sizeof(name);
	struct worker *w = s->workers;
	int fd = accept4(s->fd, (struct sockaddr *)&name, &len,
	                 SOCK_NONBLOCK | SOCK_CLOEXEC);
	size_t i;

	if (fd < 0) {
		*full = errno == EMFILE || errno == ENFILE;
		return errno == EINTR || errno == ECONNABORTED;
	}
	if (server_connections(s) >= s->options.connections) {
		door_refuse(s, fd);
		return true;
	}
	for (i = 1; i < s->options.worker_count; i++)
		if (s->workers[i].wires < w->wires)
			w = &s->workers[i];
	/* Counted before its end can be noted. */
	atomic_fetch_add(&w->wires, 1);
	if (MHD_add_connection(w->daemon, fd, (struct sockaddr *)&name, len) !=
	    MHD_YES)
		atomic_fetch_sub(&w->wires, 1);
	return true;
}

/* Accepts until stopping is asked for; `mask` lets signals in while it
 * waits. */
static void door_keep(struct server *s, const sigset_t *mask)
{
	const struct timespec tick = { 0, TICK * 1000000L };
	struct pollfd p = { .fd = s->fd, .events = POLLIN };
	int64_t now, reaped = 0;
	bool full = false;
	size_t i;

	while (!cancel_asked()) {
		/* Without descriptors the door stays ready: wait a tick. */
		ppoll(&p, full ? 0 : 1, &tick, mask);
		full = false;
		if (cancel_asked())
			break;
		while (door_take(s, &full))
			;
		now = clock_monotonic();
		for (i = 0; now >= reaped + TICK && i < s->options.worker_count;
		     i++)
			wire_reap(&s->workers[i], now);
		if (now >= reaped + TICK)
			reaped = now;
	}
}

/* Nobody is taken in any more; what runs is given its time. */
static void door_drain(struct server *s, const sigset_t *mask)
{
	const struct timespec tick = { 0, DRAIN_TICK * 1000000L };
	int64_t end =
	        clock_monotonic() + 1000 * (int64_t)s->options.drain_seconds;

	atomic_store(&s->stopping, true);
	close(s->fd);
	s->fd = -1;
	while (server_requests(s) && clock_monotonic() < end)
		ppoll(NULL, 0, &tick, mask);
}

bool server_run(struct server *s, struct fault *f)
{
	sigset_t block, before;
	bool done = true;
	size_t i;

	sigemptyset(&block);
	sigaddset(&block, SIGINT);
	sigaddset(&block, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &block, &before);
	for (i = 0; done && i < s->options.worker_count; i++)
		done = worker_start(&s->workers[i], f);
	if (done) {
		door_keep(s, &before);
		door_drain(s, &before);
	}
	/* From here on a signal ends a program that will not end. */
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	for (i = 0; i < s->options.worker_count; i++)
		if (s->workers[i].daemon)
			MHD_stop_daemon(s->workers[i].daemon);
	return done;
}
