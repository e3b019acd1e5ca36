#ifndef BASE_NET_HTTP_COOKIES_H
#define BASE_NET_HTTP_COOKIES_H

#include <curl/curl.h>
#include <stdbool.h>

#include "base/fault.h"

/*
 * The cookies of one struct http: kept in memory, shared by its lanes, never
 * written. libcurl bounds what one response may set and one request may carry;
 * how many there are in all is bounded here.
 */
struct cookies {
	CURLSH *share; /* NULL: none are kept */
	CURL *desk;    /* a handle to work on them with */
	char *file;
	unsigned lines; /* set since they were last counted */
};

/* `file`: a Netscape jar to begin with, or NULL. FAULT_USAGE "cookie-file". */
MUST_USE
bool cookies_open(struct cookies *c, const char *file, struct fault *f);
void cookies_close(struct cookies *c);

/* So many lines set one; past the ceiling all go and the jar comes back. */
void cookies_note(struct cookies *c, unsigned lines);

/* Drops all. */
void cookies_forget(struct cookies *c);

#endif
