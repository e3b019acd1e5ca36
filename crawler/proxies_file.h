#ifndef CRAWLER_PROXIES_FILE_H
#define CRAWLER_PROXIES_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/net/http.h"
#include "base/slice.h"

/*
 * The file of proxies, as proxies.h describes it: one a line,
 *
 *	scheme://[user[:password]@]host:port    # comment
 *
 * with http, https, socks5 or socks5h. In user and password %XX stands for a
 * byte, and ${NAME}, alone, for the value of the environment's NAME. Faults
 * name the line and show nothing of it that stands before the '@'.
 */
struct proxies_file {
	struct arena arena; /* all slices and names live here */
	struct http_proxy *proxies;
	const char **names; /* "host:port", "host:port#2" when it is there twice
	                     */
	size_t count;
	bool clear; /* a password stands in the file itself */
};

/*
 * FAULT_USAGE "proxies": a line is not understood, a variable is not set, a
 * proxy is named twice, there is none. FAULT_LIMIT "limit-proxies". Nothing to
 * release on false.
 */
MUST_USE
bool proxies_file_parse(struct proxies_file *out, struct slice text,
                        const char *path, const char *(*env)(const char *),
                        struct fault *f);
void proxies_file_release(struct proxies_file *p);

#endif
