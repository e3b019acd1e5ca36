#ifndef BASE_NET_URL_SCHEME_H
#define BASE_NET_URL_SCHEME_H

#include <stdint.h>

#include "base/slice.h"

/* The schemes that the URL Standard calls special: http's kind, and files. */
struct url_scheme {
	struct slice name;
	uint16_t port; /* 0: none, for files */
};

/* By its name in small letters; NULL: any other. */
const struct url_scheme *url_scheme_find(struct slice name);

#endif
