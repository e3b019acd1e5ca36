#ifndef BASE_NET_REACH_H
#define BASE_NET_REACH_H

#include <stdbool.h>
#include <sys/socket.h>

#include "base/slice.h"

/*
 * Which addresses we may connect to (OWASP's list for server-side request
 * forgery; RFC 6890). Asked where it cannot be fooled by names: for the very
 * address a socket is about to be opened to. IPv4 in IPv6 clothes (mapped,
 * NAT64, 6to4, Teredo) counts as what is inside.
 */
enum reach {
	REACH_PUBLIC,
	REACH_PRIVATE,  /* loopback, RFC 1918, link local, ULA, shared ... */
	REACH_IDENTITY, /* where AWS hands out the machine's own keys */
	REACH_NEVER,    /* other metadata services, multicast, unspecified,
	                reserved */
};

enum reach reach_of(const struct sockaddr *a, socklen_t len);

/* The same for a host as url_host() gives it; *numeric: whether it was an
 * address at all (for names it is REACH_PUBLIC: ask again for the address). */
enum reach reach_of_host(struct slice host, bool *numeric);

/* "a private address", ...: for people. */
const char *reach_name(enum reach r);

#endif
