#ifndef CRAWLER_PROXIES_H
#define CRAWLER_PROXIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/fault.h"
#include "base/net/http.h"
#include "base/slice.h"

/*
 * The pool of proxies of one source: which one carries the next request, and
 * how healthy each is. No clock and no sockets: times are passed in (microseconds, as pace.h).
 * Rotation serves egress, failover and internal segmentation; it never makes
 * a source's rate larger, which is pace.h's and counts over all proxies.
 *
 * Health is kept by class of error. A proxy that fails is quarantined, longer
 * each time; then one request probes it (half open) and sets it free or sends
 * it back. A fault of the proxy is not the page's: the caller tries the page
 * again through another one, without counting a try.
 */
struct proxies;

enum proxies_rotation {
	PROXIES_ROUND_ROBIN,
	PROXIES_RANDOM,
	PROXIES_LEAST_USED,
	PROXIES_STICKY, /* by session: the same one while it is healthy */
};

struct proxies_options {
	enum proxies_rotation rotation;
	double rate;          /* starts a second through each; 0: no cap */
	unsigned connections; /* under way through each; 0: 8 */
	int64_t slow;         /* microseconds to the first byte that count as
	                         slow against the others; 0: 10 s */
	unsigned uses;        /* requests before one is rested; 0: never */
	uint64_t seed;
};

/*
 * One proxy a line: scheme://[user:password@]host:port with http, https,
 * socks5 or socks5h, '#' comments. `user:${NAME}@` takes the password from
 * the environment (passed in as a function: NULL means none is set). Faults
 * name the line and never show a credential. A file that others may read and
 * that holds a password in the clear is FAULT_DENIED.
 */
typedef const char *proxies_environment(const char *name);

MUST_USE
bool proxies_read(struct proxies **out, const char *path,
                  const struct proxies_options *o, proxies_environment *env,
                  struct fault *f);
MUST_USE
bool proxies_parse(struct proxies **out, struct slice text, const char *path,
                   const struct proxies_options *o, proxies_environment *env,
                   struct fault *f);
void proxies_free(struct proxies *p);

size_t proxies_count(const struct proxies *p);

/*
 * The one for the next request of `session` (0: none), or SIZE_MAX with *when
 * = the moment from which one may be had (INT64_MAX: when one under way
 * ends). Chooses without starting.
 */
size_t proxies_pick(struct proxies *p, int64_t now, uint64_t session,
                    int64_t *when);

/* What http_start() needs; borrowed. */
const struct http_proxy *proxies_http(const struct proxies *p, size_t i);
/* "tp1.example:8888": without credentials, for logs. */
const char *proxies_name(const struct proxies *p, size_t i);

void proxies_start(struct proxies *p, size_t i, int64_t now);

/* Whose fault it was. */
enum proxies_blame {
	BLAME_NOBODY, /* it worked */
	BLAME_PROXY,  /* try the page again through another one */
	BLAME_PAGE,   /* the page, or its server */
};

/*
 * The end of what was started through `i`. A 403 or 429 of the site is held
 * against the proxy only when other proxies lately got through with the same
 * site, or when the proxy itself said it. r->id, the same in all tries of one
 * page and no other's meanwhile, tells a page that nobody is given from a
 * proxy that is given nothing; with it, BLAME_PROXY for one page comes to an
 * end. A 429 is the pace's as well, whoever is to blame: rotation evades no
 * limit.
 */
enum proxies_blame proxies_end(struct proxies *p, size_t i, int64_t now,
                               int64_t started, const struct http_reply *r);

enum proxies_health { PROXY_HEALTHY, PROXY_QUARANTINED, PROXY_PROBING };

struct proxies_state {
	const char *name;
	enum proxies_health health;
	const char *why; /* "dead", "refused", "403", "407", "429", "slow" */
	int64_t until;   /* end of quarantine */
	int64_t started, succeeded, failed; /* requests */
	int64_t latency;                    /* moving mean, microseconds */
	unsigned under_way;
};
void proxies_state(const struct proxies *p, size_t i, int64_t now,
                   struct proxies_state *out);

/* All are in quarantine until the moment `*until`. */
bool proxies_all_down(const struct proxies *p, int64_t now, int64_t *until);

/* Health across restarts, without credentials: lines of text. */
void proxies_save(const struct proxies *p, struct buf *out);
void proxies_load(struct proxies *p, struct slice lines, int64_t now);

#endif
