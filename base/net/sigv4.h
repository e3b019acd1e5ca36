#ifndef BASE_NET_SIGV4_H
#define BASE_NET_SIGV4_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/net/http.h"
#include "base/slice.h"

/*
 * AWS Signature Version 4 (AWS General Reference, "Signing AWS API requests"):
 * HMAC-SHA256 over a canonical form of the request. A pure function of its
 * arguments: no clock, no environment, no network. It agrees byte for byte
 * with AWS's own JavaScript signer, which tests/sdk compares.
 *
 * Of the path each segment is percent-encoded once more than it stands in the
 * URL (every service but S3, which `single` is for); parameters are sorted by
 * encoded name, then value; those without a value have an empty one. Headers
 * that proxies change (connection, user-agent, expect ...) are not signed.
 */
struct sigv4_key {
	struct slice id, secret;
	struct slice token; /* of a session, or empty */
};

struct sigv4_request {
	struct slice method; /* "POST" */
	struct slice url;    /* absolute, as it goes over the wire */
	const struct http_header *headers; /* that the caller sends itself */
	size_t header_count;
	struct slice body;
	struct slice service, region;
	int64_t time;     /* milliseconds UTC */
	bool single;      /* S3: the path is encoded once */
	bool hash_header; /* adds x-amz-content-sha256 (S3 wants it) */
};

/*
 * The headers to send: those of the request, then host, x-amz-date and, as
 * they apply, x-amz-security-token, x-amz-content-sha256, and authorization.
 * The host header is as libcurl will send it and must not be sent twice. All
 * are made in `a`. FAULT_USAGE: no key, or a URL that is none;
 * FAULT_LIMIT "limit-canonical".
 */
struct sigv4_signed {
	const struct http_header *headers; /* without host */
	size_t header_count;
	struct slice host, date, authorization;
	struct slice canonical; /* what was hashed: to find a difference by */
};

MUST_USE
bool sigv4_sign(const struct sigv4_request *r, const struct sigv4_key *key,
                struct arena *a, struct sigv4_signed *out, struct fault *f);

#endif
