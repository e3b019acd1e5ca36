#ifndef CRAWLER_ROBOTS_H
#define CRAWLER_ROBOTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/slice.h"

/*
 * The Robots Exclusion Protocol (RFC 9309), with product tokens matched as
 * Google's parser does, Crawl-delay (not in the RFC) and Sitemap lines. Pure:
 * bytes in, decisions out.
 */
enum robots_source {
	ROBOTS_RULES,   /* a file with rules (or without any) */
	ROBOTS_NONE,    /* 4xx: all is allowed */
	ROBOTS_UNKNOWN, /* 5xx, 429, unreachable: nothing is allowed, for now */
};

struct robots {
	enum robots_source source;
	struct robots_rule *rules; /* of the groups that are ours */
	size_t rule_count;
	int64_t crawl_delay; /* milliseconds; 0: none */
	struct slice *sitemaps;
	size_t sitemap_count;
	bool truncated; /* more than ROBOTS_MOST bytes: the rest was not read */
	bool named;     /* a group names us; otherwise it is the one of '*' */
};

enum { ROBOTS_MOST = 512 << 10 }; /* RFC 9309, 2.5: at least 500 KiB */

/* Bytes of a robots.txt, for the product token `agent` ("opslore"): letters,
 * '-' and '_' of it count. All is made in `a`. */
void robots_parse(struct robots *r, struct slice text, struct slice agent,
                  struct arena *a);

/*
 * What a status means (RFC 9309, 2.3.1), redirects followed: 2xx its rules;
 * 4xx no rules, except 429 (unknown) and except a body that reads as robots
 * rules (Stack Exchange sends a full refusal as 418); 5xx and 0
 * (unreachable) unknown.
 */
void robots_read(struct robots *r, int status, struct slice body,
                 struct slice agent, struct arena *a);

struct robots_word {
	bool allowed;
	int64_t line;      /* of the rule that decided; 0: none did */
	struct slice rule; /* "Disallow: /private/", as written */
};

/* `target` is url_target(): path and query. /robots.txt is always allowed. */
struct robots_word robots_decide(const struct robots *r, struct slice target);

/* What a page asks of its readers. */
enum robots_page {
	ROBOTS_NOINDEX = 1 << 0,
	ROBOTS_NOFOLLOW = 1 << 1,
	ROBOTS_NOARCHIVE = 1 << 2,
};

/* Flags of one X-Robots-Tag header or of the content of <meta name=robots>:
 * "noindex, nofollow", "none", "otherbot: noindex"; `agent` as above. */
unsigned robots_directives(struct slice value, struct slice agent);

#endif
