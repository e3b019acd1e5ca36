#ifndef BASE_NET_ADDRESS_H
#define BASE_NET_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/fault.h"
#include "base/slice.h"

/*
 * Where a server listens: a numeric address and a port. Names are not looked
 * up: what a server binds to should not depend on who answers for a name.
 */
#define ADDRESS_TEXT 64
struct address {
	char host[ADDRESS_TEXT]; /* "127.0.0.1", "::1": without brackets */
	uint16_t port;           /* 0: any free one */
	bool six;                /* IPv6 */
	bool loopback;           /* reached from this machine alone */
};

/* "127.0.0.1:8080", "[::1]:8080"; "localhost" is 127.0.0.1. FAULT_USAGE. */
MUST_USE
bool address_read(struct slice text, struct address *out, struct fault *f);

/* As address_read() takes it. */
void address_write(const struct address *a, struct buf *out);

/* Whether `text` is a numeric address, IPv6 in brackets, and no name. */
bool address_numeric(struct slice text);

/*
 * A listening socket, not blocking; a port of 0 is replaced by the one that
 * was free. FAULT_BUSY "listen-busy" when another program has the port.
 */
MUST_USE
bool address_listen(struct address *a, int *fd, struct fault *f);

#endif
