#ifndef APP_SERVE_H
#define APP_SERVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/command.h"
#include "app/retrieve.h"
#include "app/serve_index.h"
#include "app/serve_metrics.h"
#include "app/serve_target.h"
#include "base/arena.h"
#include "base/fault.h"
#include "base/net/server.h"

/*
 * opslore serve: one service, several workers. A worker is a thread with a
 * store connection and a searcher of its own; the index is shared. Requests go
 * through serve_answer() to a handler of the table in serve_route.c.
 *
 * Everybody who can reach the port is the reader `public`.
 */
#define SERVE_HOSTS 16

struct service {
	struct app *app;
	struct serve_index *index;
	struct serve_metrics *metrics;
	struct server *server;
	const char *hosts[SERVE_HOSTS]; /* names we may be called by */
	size_t host_count;
	int64_t answer_time; /* milliseconds for the work on one request */
};

struct serve_worker {
	struct service *service;
	struct retriever *retriever; /* NULL until the store could be opened */
	struct arena a;              /* of the request in hand */
};

/* One request in a handler's hands. */
struct serve_call {
	const struct server_request *request;
	struct serve_target target;
	struct slice rest; /* of the path, behind the route's, decoded */
	int64_t now;
};

/* Fills the reply: a body and its type; status is 200 unless it says
 * otherwise. On false serve_answer() makes the reply of the fault. */
typedef bool serve_handler_fn(struct serve_worker *w,
                              const struct serve_call *c,
                              struct server_reply *r, struct fault *f);

serve_handler_fn serve_search, serve_post, serve_passage, serve_health,
        serve_ready, serve_metrics_page, serve_openapi;

/* One path of the interface; the table ends at a NULL path. */
struct serve_route {
	const char *path;  /* with a final slash: something follows it */
	const char *allow; /* the header: "GET, HEAD, OPTIONS" */
	serve_handler_fn *run;
};

extern const struct serve_route serve_routes[];

/* The server's answerer; `self` is a struct serve_worker. */
server_answer_fn serve_answer;

/*
 * The worker's retriever with the newest index, for the length of a request;
 * serve_worker_done() it. Faults: the store or index is not there yet, or
 * damaged, or one is not of the other.
 */
MUST_USE
bool serve_worker_take(struct serve_worker *w, int64_t now,
                       struct serve_lease *lease, struct fault *f);
void serve_worker_done(struct serve_lease *lease);

/* The worker's store alone. */
MUST_USE
bool serve_worker_store(struct serve_worker *w, struct fault *f);

#endif
