#ifndef BASE_NET_HTTP_TRANSFER_H
#define BASE_NET_HTTP_TRANSFER_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/fault.h"
#include "base/net/http.h"
#include "base/net/http_wall.h"

/*
 * One request on its way and the reply it becomes: an easy handle with the
 * buffers that its callbacks fill. It serves one request after another, all
 * with the same proxy and credentials, whose options are set once.
 */
struct transfer_options {
	const struct http_options *http;
	CURLSH *share;                    /* cookies, or NULL */
	const struct curl_slist *resolve; /* or NULL */
	const char *proxy;                /* scheme://host:port, or NULL */
	const char *proxy_user, *proxy_password; /* NULL: none */
	const char *user, *password, *bearer;    /* NULL: none */
};

enum transfer_stage {
	STAGE_STATUS, /* a status line is due */
	STAGE_HEADERS,
	STAGE_BODY, /* what comes as a header now is a trailer */
};

struct transfer_field {
	uint32_t name, name_end, value, value_end; /* runs of `head` */
};

struct transfer {
	struct http_reply reply; /* first: one is found by the other */
	struct transfer *next;
	void *lane;   /* of whom it is */
	size_t slot;  /* among all that have a request */
	bool running; /* in libcurl's hands */
	CURL *easy;
	CURLU *address;
	struct curl_slist *list;
	struct wall wall;
	bool proxied, socks, tls;
	bool tunnels;    /* asks its proxy to connect, by HTTP */
	enum reach most; /* as whom the host may be */
	bool http1;
	/* What was asked. */
	struct buf url;         /* for people: without secrets */
	bool beginning, enough; /* only that is wanted; it is there */
	int64_t wire_most, body_most;
	unsigned ratio_most;
	/* What came. */
	enum transfer_stage stage;
	struct buf head;
	struct buf body;  /* as it came, */
	struct buf plain; /* and unpacked, if it was packed: */
	bool packed;
	size_t head_seen; /* all header bytes, of all responses */
	struct transfer_field *fields;
	struct http_header *headers;
	size_t field_count, field_cap, header_cap;
	const char *limit;  /* the ceiling that was met, or NULL */
	const char *broken; /* what is wrong with the reply, or NULL */
	unsigned cookies;   /* lines that set one */
	bool alone;         /* with its connection */
	unsigned still;     /* reads since a counter moved ... */
	int64_t moved;      /* ... to this */
	char error[CURL_ERROR_SIZE];
};

/* NULL: no memory. */
struct transfer *transfer_new(const struct transfer_options *o);
void transfer_free(struct transfer *t);

/* Takes up a request; FAULT_USAGE: it cannot be one. */
MUST_USE
bool transfer_ask(struct transfer *t, const struct http_request *r,
                  struct fault *f);

/* One line of the head, its end included, as libcurl finds them; false: the
 * answer is not taken, and `limit` or `broken` say why. */
bool transfer_head(struct transfer *t, struct slice line);

/* Forgets request and reply; large buffers go back. */
void transfer_clear(struct transfer *t);

#endif
