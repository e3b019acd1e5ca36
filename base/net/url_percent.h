#ifndef BASE_NET_URL_PERCENT_H
#define BASE_NET_URL_PERCENT_H

#include "base/buf.h"
#include "base/slice.h"

/*
 * Percent-encoding as the URL Standard has it (section 1.3): which bytes are
 * encoded depends on where they stand. Bytes from 0x80 always are; those that
 * are no UTF-8 are encoded as U+FFFD.
 */
enum url_set {
	URL_SET_CONTROL = 1 << 0, /* hosts and paths that are opaque */
	URL_SET_FRAGMENT = 1 << 1,
	URL_SET_QUERY = 1 << 2,
	URL_SET_SPECIAL_QUERY = 1 << 3, /* of http and its kind */
	URL_SET_PATH = 1 << 4,
	URL_SET_USER = 1 << 5,     /* and password */
	URL_SET_RESERVED = 1 << 6, /* all but RFC 3986's unreserved */
};

void url_percent_add(struct slice s, enum url_set set, struct buf *out);

/* All but unreserved bytes; what is no UTF-8 is encoded as it is. */
void url_percent_bytes(struct slice s, struct buf *out);

/* Decodes %XX, to whatever bytes that makes; other percent signs stay. */
void url_percent_open(struct slice s, struct buf *out);

/* The value of a hexadecimal digit, or -1. */
int url_hex(char c);

#endif
