#ifndef TESTS_PROXIES_FIXTURE_H
#define TESTS_PROXIES_FIXTURE_H

/* What the tests of proxies.h share: a pool of three, and replies. */

#include "crawler/proxies.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

static const int64_t ms = 1000, second = 1000000, minute = 60000000;
static const int64_t epoch = 1700000000000000;

static const char three[] = "http://a.example:1\n"
                            "http://b.example:2\n"
                            "socks5h://c.example:3\n";

static inline const char *environment(const char *name)
{
	if (!strcmp(name, "GATE_PASSWORD"))
		return "s3cret:@/";
	return strcmp(name, "EMPTY") ? NULL : "";
}

static inline struct proxies *pool_of(const char *text,
                                      const struct proxies_options *o)
{
	struct proxies *p;
	struct fault f;

	if (!proxies_parse(&p, slice_of(text), "proxies.txt", o, environment,
	                   &f))
		fail_msg("line %d: %s", (int)f.line, f.text);
	return p;
}

static inline struct proxies_state state_of(const struct proxies *p, size_t i,
                                            int64_t now)
{
	struct proxies_state s;

	proxies_state(p, i, now, &s);
	return s;
}

static inline size_t pick(struct proxies *p, int64_t now)
{
	int64_t when;

	return proxies_pick(p, now, 0, &when);
}

/* Replies. */

static inline struct http_reply status(int code)
{
	return (struct http_reply){ .status = code, .waited = 50 };
}

static inline struct http_reply trouble(enum http_trouble t)
{
	return (struct http_reply){ .trouble = t };
}

/* A 403 that the proxy made up itself. */
static inline struct http_reply denied(void)
{
	static const struct http_header own[] = {
		{ { "server", 6 }, { "tinyproxy/1.11", 14 } }
	};

	return (struct http_reply){ .status = 403,
		                    .headers = own,
		                    .header_count = 1 };
}

static inline enum proxies_blame once(struct proxies *p, size_t i, int64_t now,
                                      struct http_reply r)
{
	proxies_start(p, i, now);
	return proxies_end(p, i, now + 50 * ms, now, &r);
}

#endif
