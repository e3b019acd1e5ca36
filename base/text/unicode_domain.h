#ifndef BASE_TEXT_UNICODE_DOMAIN_H
#define BASE_TEXT_UNICODE_DOMAIN_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/slice.h"

/*
 * Domain names to ASCII by UTS 46, as the URL Standard asks for it: not
 * transitional, with the checks of bidirectional text and joiners, without
 * those of hyphens and lengths. Appends to `out`; false: it is no domain name.
 * Safe from several threads.
 */
bool unicode_domain(struct slice domain, struct buf *out);

#endif
