#ifndef BASE_NET_HTTP_OUTCOME_H
#define BASE_NET_HTTP_OUTCOME_H

#include <curl/curl.h>

#include "base/fault.h"
#include "base/net/http_transfer.h"

/*
 * From libcurl's hundred codes, our own ceilings and what the proxy said to
 * the dozen troubles of http.h. Only one who knows all three can say whose
 * fault a failure is.
 */

/* Fills the reply from what came and how libcurl ended. */
void outcome_fill(struct transfer *t, CURLcode code);

/* The reply of a request that may not leave, for the reason in `f`. */
void outcome_deny(struct transfer *t, const struct fault *f);

#endif
