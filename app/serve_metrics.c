/*
 * A short table of (path, method, status), each line made at its first
 * request: the lock is held for a look through some tens of lines. Text
 * format 0.0.4 of Prometheus.
 */

#include "app/serve_metrics.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { BOUNDS = 15, LINES_MOST = 512, METHOD_TEXT = 8 };

/* Microseconds. */
static const int64_t metric_bounds[BOUNDS] = {
	100,   250,    500,    1000,   2500,    5000,    10000,   25000,
	50000, 100000, 250000, 500000, 1000000, 2500000, 10000000
};

struct metric_line {
	const char *path; /* of the table: compared as a pointer */
	char method[METHOD_TEXT];
	unsigned status;
	uint64_t count;
};

/* Of one path. */
struct metric_times {
	const char *path;
	uint64_t under[BOUNDS + 1], sum;
};

struct serve_metrics {
	pthread_mutex_t lock;
	struct metric_line lines[LINES_MOST];
	struct metric_times times[LINES_MOST];
	size_t line_count, times_count;
};

struct serve_metrics *serve_metrics_new(void)
{
	struct serve_metrics *m = memory_new(1, sizeof(*m));

	pthread_mutex_init(&m->lock, NULL);
	return m;
}

void serve_metrics_free(struct serve_metrics *m)
{
	if (!m)
		return;
	pthread_mutex_destroy(&m->lock);
	free(m);
}

/* The methods that have a name of their own here. */
static const char *metric_method(struct slice method)
{
	static const char *const known[] = { "GET", "HEAD",   "POST", "OPTIONS",
		                             "PUT", "DELETE", "PATCH" };
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (slice_eq(method, slice_of(known[i])))
			return known[i];
	return "other";
}

static struct metric_line *metric_line(struct serve_metrics *m,
                                       const char *path, const char *method,
                                       unsigned status)
{
	struct metric_line *l = m->lines;

	for (; l < m->lines + m->line_count; l++)
		if (l->path == path && l->status == status &&
		    !strcmp(l->method, method))
			return l;
	if (m->line_count == LINES_MOST)
		return NULL;
	m->line_count++;
	*l = (struct metric_line){ .path = path, .status = status };
	memcpy(l->method, method, strlen(method) + 1);
	return l;
}

static struct metric_times *metric_times(struct serve_metrics *m,
                                         const char *path)
{
	struct metric_times *t = m->times;

	for (; t < m->times + m->times_count; t++)
		if (t->path == path)
			return t;
	if (m->times_count == LINES_MOST)
		return NULL;
	m->times_count++;
	*t = (struct metric_times){ .path = path };
	return t;
}

void serve_metrics_note(struct serve_metrics *m, const char *path,
                        struct slice method, unsigned status,
                        int64_t microseconds)
{
	struct metric_times *t;
	struct metric_line *l;
	size_t i = 0;

	if (!path)
		path = "other";
	while (i < BOUNDS && microseconds > metric_bounds[i])
		i++;
	pthread_mutex_lock(&m->lock);
	l = metric_line(m, path, metric_method(method), status);
	t = metric_times(m, path);
	if (l)
		l->count++;
	if (t) {
		t->under[i]++;
		t->sum += (uint64_t)microseconds;
	}
	pthread_mutex_unlock(&m->lock);
}

static void times_write(const struct metric_times *t, struct buf *out)
{
	uint64_t count = 0;
	size_t i;

	for (i = 0; i < BOUNDS; i++) {
		count += t->under[i];
		buf_addf(out,
		         "opslore_request_seconds_bucket{path=\"%s\",le=\"%g\"}"
		         " %llu\n",
		         t->path, (double)metric_bounds[i] / 1e6,
		         (unsigned long long)count);
	}
	count += t->under[BOUNDS];
	buf_addf(out,
	         "opslore_request_seconds_bucket{path=\"%s\",le=\"+Inf\"} "
	         "%llu\n"
	         "opslore_request_seconds_sum{path=\"%s\"} %llu.%06llu\n"
	         "opslore_request_seconds_count{path=\"%s\"} %llu\n",
	         t->path, (unsigned long long)count, t->path,
	         (unsigned long long)(t->sum / 1000000),
	         (unsigned long long)(t->sum % 1000000), t->path,
	         (unsigned long long)count);
}

void serve_metrics_write(struct serve_metrics *m, struct buf *out)
{
	size_t i;

	pthread_mutex_lock(&m->lock);
	buf_text(out, "# HELP opslore_requests_total Requests answered.\n"
	              "# TYPE opslore_requests_total counter\n");
	for (i = 0; i < m->line_count; i++)
		buf_addf(out,
		         "opslore_requests_total{path=\"%s\",method=\"%s\","
		         "status=\"%u\"} %llu\n",
		         m->lines[i].path, m->lines[i].method,
		         m->lines[i].status,
		         (unsigned long long)m->lines[i].count);
	buf_text(out, "# HELP opslore_request_seconds Work on a request, "
	              "without its way over the line.\n"
	              "# TYPE opslore_request_seconds histogram\n");
	for (i = 0; i < m->times_count; i++)
		times_write(&m->times[i], out);
	pthread_mutex_unlock(&m->lock);
}
