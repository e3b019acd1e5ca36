#ifndef CRAWLER_CARRIER_GIT_HTTP_H
#define CRAWLER_CARRIER_GIT_HTTP_H

#include <git2.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/net/http.h"

/*
 * git's smart protocol over our own HTTP (base/net/http.h) in place of
 * libgit2's, so that its walls hold for a clone as for a page: where addresses
 * may lead, verified TLS, ceilings, nobody's proxies and passwords but the
 * configured ones. libgit2 asks, we carry.
 */
struct carrier_git_http {
	struct http *http;         /* the caller's */
	struct slice url;          /* the repository's; credentials are for
	                              its origin alone */
	struct slice user, secret; /* empty: none */
	struct slice moved;        /* where redirects led; empty: nowhere */
	struct arena arena;
	struct fault fault; /* of the last request that failed */
};

/* As the member `transport` of git_remote_callbacks, whose payload is a
 * struct carrier_git_http. */
int carrier_git_http_transport(git_transport **out, git_remote *owner,
                               void *payload);

#endif
