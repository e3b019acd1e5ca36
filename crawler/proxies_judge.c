/*
 * Proxies say who speaks in different ways: Proxy-Status (RFC 9209) is the
 * standard's, X-Squid-Error is squid's, and small ones put their name into the
 * Server field of the answers that they make up themselves.
 */

#include "crawler/proxies_judge.h"

#include <strings.h>

#include "base/net/pace.h"

static bool starts(struct slice s, const char *head)
{
	size_t len = strlen(head);

	return s.len >= len && !strncasecmp(s.at, head, len);
}

/* `Proxy-Status: tp1.example; error=http_request_denied` */
static bool says_error(struct slice s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (starts(slice_cut(s, i, s.len), "error="))
			return true;
	return false;
}

static bool judge_marked(const struct http_reply *r)
{
	static const char *const servers[] = { "tinyproxy", "squid", "privoxy",
		                               "3proxy", "mitmproxy" };
	struct slice server = http_header(r, "server");
	size_t i;

	if (http_header(r, "x-squid-error").len ||
	    says_error(http_header(r, "proxy-status")))
		return true;
	for (i = 0; i < sizeof(servers) / sizeof(*servers); i++)
		if (starts(server, servers[i]))
			return true;
	return false;
}

static struct proxy_charge judge_status(const struct http_reply *r, int64_t now)
{
	struct proxy_charge c = { .marked = judge_marked(r), .through = true };

	if (r->status == 407)
		return (struct proxy_charge){ .fault = PROXY_LOGIN,
			                      .certain = true };
	if (r->status == 403)
		c.fault = PROXY_FORBIDDEN;
	else if (r->status == 429)
		c.fault = PROXY_LIMITED;
	else if (r->status >= 400 && c.marked)
		c.fault = PROXY_REFUSED;
	if (c.fault != PROXY_FINE && c.marked)
		c.through = false;
	if (c.fault == PROXY_LIMITED)
		c.retry_after = pace_retry_after(http_header(r, "retry-after"),
		                                 now / 1000);
	return c;
}

struct proxy_charge judge_charge(const struct http_reply *r, int64_t now)
{
	struct proxy_charge c = { PROXY_FINE };

	switch (r->trouble) {
	case HTTP_FINE:
		return judge_status(r, now);
	case HTTP_PROXY_DEAD:
		c.fault = PROXY_DEAD;
		c.certain = true;
		break;
	case HTTP_PROXY_LOGIN:
		c.fault = PROXY_LOGIN;
		c.certain = true;
		break;
	case HTTP_PROXY_REFUSED:
		c.fault = PROXY_REFUSED;
		c.marked = true;
		break;
	case HTTP_CUT:
		c.fault = PROXY_DEAD;
		c.chance = true;
		break;
	case HTTP_TIMEOUT:
		c.fault = PROXY_SLOW;
		c.chance = true;
		break;
	case HTTP_NO_CONNECTION:
	case HTTP_TLS:
	case HTTP_BROKEN:
		c.fault = PROXY_REFUSED;
		c.chance = true;
		break;
	case HTTP_LIMIT:
		c.through = true;
		break;
	case HTTP_NO_HOST:
	case HTTP_FORBIDDEN:
	case HTTP_NOT_HELD:
		break;
	}
	return c;
}

void sightings_add(struct proxy_sightings *s, const struct proxy_sighting *one)
{
	s->list[s->next] = *one;
	s->next = (s->next + 1) % SIGHTINGS;
}

struct proxy_sighting *sightings_find(struct proxy_sightings *s, uint64_t page,
                                      size_t *at)
{
	while (page && *at < SIGHTINGS) {
		struct proxy_sighting *one = &s->list[(*at)++];

		if (one->page == page)
			return one;
	}
	return NULL;
}
