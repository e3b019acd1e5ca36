#ifndef BASE_NET_URL_HOST_H
#define BASE_NET_URL_HOST_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/slice.h"

/*
 * The host of an address, read and written as the URL Standard does (section
 * 3.5). `opaque`: the scheme is none of those whose hosts are names or numbers,
 * so only brackets mean anything. Appends to `out`; false: it is no host, and
 * `*why` says so for a person.
 */
bool url_host_add(struct slice text, bool opaque, struct buf *out,
                  const char **why);

#endif
