#ifndef BASE_NET_HTTP_H
#define BASE_NET_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/fault.h"
#include "base/slice.h"

/*
 * HTTP by libcurl's multi interface: start requests, poll, take replies. One
 * thread, many transfers at once, HTTP/2 where offered, connections kept.
 *
 *	http_start(h, &request, &f);
 *	while (http_poll(h, wait, &f))
 *		while ((r = http_next(h))) { use(r); http_done(h, r); }
 *
 * It holds no policy: no retries, no redirects (they are replies with a
 * Location), no pace. It does hold the walls: http and https only; each
 * address checked as its socket is opened (reach.h); TLS 1.2, verified;
 * ceilings on header bytes, body on the wire and unpacked, their ratio, and
 * time, all counted here. gzip is the one packing that is asked for and taken.
 * Proxies and logins of the environment and of .netrc are not looked at. The
 * program ignores SIGPIPE. Credentials never appear in faults or logs. A
 * handle and a connection cache belong to one (proxy, credential) pair and are
 * never shared with another (curl's history of leaks).
 */
struct http;

struct http_options {
	struct slice user_agent;
	const char *ca_file;     /* NULL: the system's */
	const char *cookie_file; /* Netscape jar to start from, or NULL */
	bool cookies;            /* keep cookies, in memory, within this http */
	bool allow_private;      /* destinations at private addresses */
	bool allow_private_proxy;
	bool allow_identity;  /* also where AWS hands out keys (reach.h): for
	                        aws.h alone */
	unsigned connections; /* at once to all; 0: 16 */
	bool http1;           /* never HTTP/2: for tests */
	const char *resolve_file; /* lines host:port:address, asked before the
	                             system is; NULL: none */
};

/* A proxy to go through. Slices are copied at http_start(). */
struct http_proxy {
	struct slice url;            /* scheme://host:port, no credentials;
	                                http, https, socks5, socks5h */
	struct slice user, password; /* empty: none */
};

struct http_header {
	struct slice name, value;
};

struct http_request {
	struct slice url;    /* absolute; an http or https address */
	struct slice method; /* empty: GET, or POST with a body */
	struct slice body;   /* borrowed until the reply is done */
	const struct http_header *headers;
	size_t header_count;
	struct slice user, password;    /* Basic; sent to this host alone */
	struct slice bearer;            /* "Authorization: Bearer ..." */
	const struct http_proxy *proxy; /* NULL: direct */
	int64_t wire_most, body_most;   /* bytes; 0: LIMIT_FETCH_WIRE, _BODY */
	bool beginning; /* the first body_most bytes will do: of a body that is
	                   not packed more is no trouble, and is left */
	bool patient; /* silence, too, is waited for until `timeout`; else 30 s
	                 with next to nothing are a time-out */
	unsigned ratio_most;     /* 0: LIMIT_FETCH_RATIO; past 1 MiB */
	int64_t timeout;         /* whole, milliseconds; 0: 30 s */
	int64_t connect_timeout; /* 0: 10 s */
	uint64_t id;             /* the caller's, for the reply */
};

/* Where a failure lies, to be judged by proxies.h and pace.h. */
enum http_trouble {
	HTTP_FINE,          /* there is a status */
	HTTP_NO_HOST,       /* the name is unknown */
	HTTP_NO_CONNECTION, /* refused, unreachable, or not made in time */
	HTTP_FORBIDDEN,     /* the address may not be reached (reach.h) */
	HTTP_TLS,           /* certificate or handshake */
	HTTP_TIMEOUT,
	HTTP_CUT,           /* ended before it was whole; reset */
	HTTP_BROKEN,        /* not HTTP, bad encoding */
	HTTP_LIMIT,         /* a ceiling of ours */
	HTTP_PROXY_DEAD,    /* the proxy cannot be reached or resolved */
	HTTP_PROXY_REFUSED, /* it answers, but not to this request (CONNECT
	                       refused, SOCKS error) */
	HTTP_PROXY_LOGIN,   /* 407, or SOCKS login refused */
	HTTP_NOT_HELD,      /* an archive that answers in place of the network
	                       does not hold it */
};

/* Owned by the http until http_done(). */
struct http_reply {
	uint64_t id;
	enum http_trouble trouble;
	struct fault fault; /* of trouble: says what, about the URL */
	int status;         /* 0 with trouble */
	struct slice body;  /* decoded; with HTTP_LIMIT, empty */
	const struct http_header *headers; /* last response's; names in lower
	                                      case, in order of arrival */
	size_t header_count;
	int64_t wire, decoded;     /* bytes of the body */
	int64_t connected, waited; /* milliseconds: until the connection was
	                               made (0: kept), until the first byte */
	int64_t took;              /* milliseconds in all */
	int version;               /* 10, 11, 20 */
	bool reused;               /* a kept connection */
	char address[64];          /* whom we talked to */
	int64_t time;              /* milliseconds UTC when it came, if whoever
	                              answers or archives knows it; 0: now */
};

/* FAULT_USAGE: a bad CA or cookie file. */
MUST_USE
bool http_new(struct http **out, const struct http_options *o, struct fault *f);
void http_free(struct http *h);

/* False: the request cannot even be tried (its URL, its proxy's URL). */
MUST_USE
bool http_start(struct http *h, const struct http_request *r, struct fault *f);

/* Moves things on; returns when a reply is there, `wait` milliseconds have
 * passed, or nothing is under way. False only if the library fails. */
MUST_USE
bool http_poll(struct http *h, int64_t wait, struct fault *f);

/* The next finished one, or NULL. */
struct http_reply *http_next(struct http *h);
void http_done(struct http *h, struct http_reply *r);

/* Requests started and not yet handed out. */
size_t http_active(const struct http *h);

/* The value of the first header called `name` (lower case), or empty. */
struct slice http_header(const struct http_reply *r, const char *name);

/* Closes kept connections through this proxy (NULL: direct). */
void http_forget(struct http *h, const struct http_proxy *proxy);

/* Drops all cookies, those of the jar as well. */
void http_forget_cookies(struct http *h);

/* "timeout", "tls" ...: the word of the trouble, for logs. */
const char *http_trouble_name(enum http_trouble t);

#endif
