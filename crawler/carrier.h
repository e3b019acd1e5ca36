#ifndef CRAWLER_CARRIER_H
#define CRAWLER_CARRIER_H

#include <stdbool.h>

#include "base/fault.h"
#include "base/net/http.h"

struct yield;

/*
 * What answers asks in place of the network: a folder, a git repository, an
 * archive of an earlier crawl. It answers at once and one at a time, as a
 * server would: with a status, headers (ETag and 304 work) and a body. So a
 * local source is a source like any other, with the same frontier, the same
 * crash safety and the same reading; only pace and proxies have nothing to do.
 */
struct carrier {
	void *self; /* NULL: there is none */
	/* Its addresses are its own: neither scope nor robots.txt is asked. */
	bool own;
	/* Fills `out`, which is zeroed; what it points at lives until the next
	 * call. What goes wrong is told as http.h tells it (trouble, fault);
	 * `id` is set by the caller. */
	void (*answer)(void *self, const struct http_request *r,
	               struct http_reply *out);
	void (*free)(void *self);
	/* May be NULL. Asks for addresses that nothing may lead to; called when
	 * a run begins, behind the source's own, until it returns false. */
	bool (*offer)(void *self, struct yield *y);
};

#endif
