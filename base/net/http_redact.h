#ifndef BASE_NET_HTTP_REDACT_H
#define BASE_NET_HTTP_REDACT_H

#include "base/buf.h"
#include "base/slice.h"

/*
 * An address as it may stand in faults and logs: without the login before an
 * '@', and with '...' for the values of parameters whose name says that they
 * are secret (key, token, password ...).
 */
void redact_url(struct slice url, struct buf *out);

#endif
