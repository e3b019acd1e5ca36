#ifndef APP_SERVE_METRICS_H
#define APP_SERVE_METRICS_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"

/*
 * Counts of requests, as Prometheus reads them. Noted by all workers at once;
 * paths are those of the table of routes, so that a stranger's paths take no
 * room.
 */
struct serve_metrics;

struct serve_metrics *serve_metrics_new(void);
void serve_metrics_free(struct serve_metrics *m); /* NULL is allowed */

/* `path` NULL: of no route. The time is the work on it, not the line's. */
void serve_metrics_note(struct serve_metrics *m, const char *path,
                        struct slice method, unsigned status,
                        int64_t microseconds);

/* Appends the families that are counted here. */
void serve_metrics_write(struct serve_metrics *m, struct buf *out);

#endif
