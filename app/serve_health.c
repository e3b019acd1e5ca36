/* What watches over a server asks: whether it lives, whether it can answer,
 * and how it fares. */

#include "app/serve.h"

#include "base/json.h"
#include "base/limits.h"

/* {"version":1,"status":"ok"} and a newline */
static void health_start(struct json_out *o, struct server_reply *r)
{
	r->type = "application/json";
	json_start(o, &r->body);
	json_open(o, '{');
	json_pair_number(o, "version", 1);
	json_pair(o, "status", SLICE("ok"));
}

static void health_end(struct json_out *o)
{
	json_close(o, '}');
	buf_byte(o->to, '\n');
}

bool serve_health(struct serve_worker *w, const struct serve_call *c,
                  struct server_reply *r, struct fault *f)
{
	struct json_out o;

	(void)w;
	(void)c;
	(void)f;
	health_start(&o, r);
	health_end(&o);
	return true;
}

bool serve_ready(struct serve_worker *w, const struct serve_call *c,
                 struct server_reply *r, struct fault *f)
{
	struct serve_lease lease;
	struct json_out o;

	if (!serve_worker_take(w, c->now, &lease, f))
		return false;
	health_start(&o, r);
	json_pair_number(&o, "generation",
	                 (int64_t)index_facts(lease.index)->generation);
	health_end(&o);
	serve_worker_done(&lease);
	return true;
}

static void gauge(struct buf *out, const char *name, const char *type,
                  const char *help, uint64_t value)
{
	buf_addf(out,
	         "# HELP opslore_%s %s\n# TYPE opslore_%s %s\nopslore_%s "
	         "%llu\n",
	         name, help, name, type, name, (unsigned long long)value);
}

/* Of what everybody may read. */
static void index_gauges(const struct index *x, struct buf *out)
{
	uint64_t passages = 0, segments = 0;
	size_t i;

	for (i = 0; i < index_segment_count(x); i++) {
		const struct segment *s = index_segment(x, i);

		if (!reader_may(&reader_public, segment_label(s)))
			continue;
		segments++;
		passages += segment_live_count(s);
	}
	gauge(out, "index_generation", "gauge",
	      "Generation of the index that is served.",
	      index_facts(x)->generation);
	gauge(out, "index_passages", "gauge", "Passages that can be found.",
	      passages);
	gauge(out, "index_segments", "gauge", "Segments they are in.",
	      segments);
}

/* How far the store has gone on since the index was made. */
static bool behind_gauge(struct serve_worker *w, const struct index *x,
                         struct buf *out, struct fault *f)
{
	int64_t changed, counted;
	int64_t seen = index_facts(x)->changed;

	if (!store_counters(retriever_store(w->retriever), &changed, &counted,
	                    f))
		return false;
	gauge(out, "index_behind_changes", "gauge",
	      "Changes of the store that the index does not have yet.",
	      changed > seen ? (uint64_t)(changed - seen) : 0);
	return true;
}

bool serve_metrics_page(struct serve_worker *w, const struct serve_call *c,
                        struct server_reply *r, struct fault *f)
{
	const struct service *s = w->service;
	struct serve_lease lease;
	bool ready = serve_worker_take(w, c->now, &lease, f);

	r->type = "text/plain; version=0.0.4; charset=utf-8";
	serve_metrics_write(s->metrics, &r->body);
	gauge(&r->body, "requests_in_flight", "gauge",
	      "Requests begun and not yet answered, this one included.",
	      server_requests(s->server));
	gauge(&r->body, "connections", "gauge", "Open connections.",
	      server_connections(s->server));
	gauge(&r->body, "index_reopened_total", "counter",
	      "Times a newer generation took the place of an older one.",
	      serve_index_turns(s->index));
	if (ready) {
		index_gauges(lease.index, &r->body);
		ready = behind_gauge(w, lease.index, &r->body, f);
		serve_worker_done(&lease);
	}
	gauge(&r->body, "ready", "gauge", "1: the index can be searched.",
	      ready);
	return true;
}
