#ifndef BASE_NET_URL_H
#define BASE_NET_URL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/fault.h"
#include "base/slice.h"

/*
 * Web addresses as the WHATWG URL Standard reads and writes them: what two
 * spellings have in common is the same bytes after url_parse(). The text is
 * UTF-8; hosts become ASCII (UTS 46 by ICU), numeric hosts canonical IPv4
 * ("0x7f.1" is 127.0.0.1). Nothing is looked up.
 */
struct url {
	struct buf text; /* the serialised address, `href` */
	/* Runs of `text`; an absent query or fragment has its `at` NULL. */
	uint32_t scheme_end;     /* behind ':' */
	uint32_t user, user_end; /* empty: user == user_end */
	uint32_t password, password_end;
	uint32_t host, host_end; /* IPv6 with its brackets */
	int32_t port;            /* -1: the scheme's own */
	uint32_t path, path_end;
	uint32_t query, query_end; /* without '?'; 0, 0: absent */
	uint32_t fragment;         /* without '#'; 0: absent */
	bool opaque;               /* mailto:, data: ... */
};

#define URL_INIT ((struct url){ .text = BUF_INIT(URL_MOST), .port = -1 })

/* No address of ours is longer, before or after parsing. */
enum { URL_MOST = 8192 };

void url_release(struct url *u);

/*
 * Reads `text` against `base` (NULL: it must be absolute). Steps of the
 * standard that only note a mistake pass. FAULT_INPUT "url": it is not one;
 * FAULT_LIMIT "limit-url". `u` is reused; it may not be `base`.
 */
MUST_USE
bool url_parse(struct url *u, struct slice text, const struct url *base,
               struct fault *f);

/* Parts, borrowed from `u` until it is parsed again. */
struct slice url_text(const struct url *u);   /* with its fragment */
struct slice url_bare(const struct url *u);   /* without it */
struct slice url_scheme(const struct url *u); /* without ':' */
struct slice url_user(const struct url *u);
struct slice url_password(const struct url *u);
struct slice url_host(const struct url *u);
struct slice url_path(const struct url *u);
struct slice url_query(const struct url *u);    /* at NULL: none */
struct slice url_fragment(const struct url *u); /* at NULL: none */
/* Path and query as a request line has them: "/a?b"; never empty. */
struct slice url_target(const struct url *u);
/* The port it means, the scheme's own included; 0 for schemes without. */
uint16_t url_port(const struct url *u);
/* "http" or "https" with a host. */
bool url_is_web(const struct url *u);

/* Appends "https://host:port" (the port if it is not the scheme's own). */
void url_origin(const struct url *u, struct buf *out);
bool url_same_origin(const struct url *a, const struct url *b);

/* Appends `s` percent-encoded so that it can stand as one path segment or as
 * a value in a query (space as %20, all but unreserved bytes encoded). */
void url_escape(struct slice s, struct buf *out);
/* Appends `s` with %XX decoded; bytes may come out that are not UTF-8. */
void url_unescape(struct slice s, struct buf *out);

#endif
