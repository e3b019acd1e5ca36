#ifndef BASE_NET_HTTP_LANE_H
#define BASE_NET_HTTP_LANE_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/net/http.h"
#include "base/net/http_transfer.h"
#include "base/slice.h"

/*
 * All that one (proxy, credential) pair has to itself: a multi handle with its
 * connections and its cache of names, and easy handles to use again. Between
 * lanes libcurl has nothing to confuse.
 */
struct lane {
	struct lane *next;
	struct arena arena;   /* of the strings below */
	struct slice key;     /* proxy and credentials, told apart by NULs */
	struct slice through; /* the proxy's part of it */
	struct transfer_options options;
	CURLM *multi;
	struct transfer *idle;
	size_t busy;    /* transfers in other hands than `idle` */
	uint64_t used;  /* when, as a count of requests */
	int64_t due;    /* monotonic: libcurl's timer; INT64_MAX: none */
	bool touched;   /* libcurl may have messages */
	bool forgotten; /* takes no more requests; goes when it is not busy */
	void *watcher;  /* of libcurl's sockets */
};

/* The key of a request, in `out`; *through: how much of it is the proxy's.
 * FAULT_USAGE "proxy": its URL cannot be one. */
MUST_USE
bool lane_key(const struct http_request *r, struct buf *out, size_t *through,
              struct fault *f);
void lane_key_through(const struct http_proxy *proxy, struct buf *out);

/* NULL: no memory. */
struct lane *lane_new(const struct http_request *r, struct slice key,
                      size_t through, const struct http_options *o,
                      CURLSH *share, const struct curl_slist *resolve,
                      unsigned connections);
void lane_free(struct lane *l);

/* A transfer without a request, new or used; NULL: no memory. */
struct transfer *lane_take(struct lane *l);
/* Back to those that wait. */
void lane_give(struct lane *l, struct transfer *t);

#endif
