/* The checks of reach.h at the two places where they count. */

#include "base/net/http_wall.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

/* Names that are special use (RFC 6761, 6762, 8375, ICANN's .internal), or of
 * metadata services. A dot in front: all below it as well. */
static const struct {
	const char *name;
	enum reach reach;
} names[] = {
	{ ".metadata.google.internal", REACH_NEVER },
	{ ".metadata.goog", REACH_NEVER },
	{ "metadata", REACH_NEVER },
	{ ".instance-data.ec2.internal", REACH_NEVER },
	{ "instance-data", REACH_NEVER },
	{ ".metadata.azure.internal", REACH_NEVER },
	{ ".metadata.tencentyun.com", REACH_NEVER },
	{ ".localhost", REACH_PRIVATE },
	{ ".localdomain", REACH_PRIVATE },
	{ ".local", REACH_PRIVATE },
	{ ".internal", REACH_PRIVATE },
	{ ".intranet", REACH_PRIVATE },
	{ ".private", REACH_PRIVATE },
	{ ".corp", REACH_PRIVATE },
	{ ".home", REACH_PRIVATE },
	{ ".lan", REACH_PRIVATE },
	{ ".home.arpa", REACH_PRIVATE },
};

static bool same(struct slice a, struct slice b)
{
	return a.len == b.len && !strncasecmp(a.at, b.at, a.len);
}

static bool falls_under(struct slice host, struct slice rule)
{
	if (rule.at[0] != '.')
		return same(host, rule);
	if (same(host, slice_cut(rule, 1, rule.len)))
		return true;
	return host.len > rule.len &&
	       same(slice_cut(host, host.len - rule.len, host.len), rule);
}

static enum reach reach_of_name(struct slice host)
{
	if (slice_ends(host, SLICE(".")))
		host = slice_cut(host, 0, host.len - 1);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (falls_under(host, slice_of(names[i].name)))
			return names[i].reach;
	/* A name without dots is looked up in the search domain. */
	return slice_find(host, '.') < host.len ? REACH_PUBLIC : REACH_PRIVATE;
}

bool wall_host(struct slice host, bool proxied, enum reach most,
               struct fault *f)
{
	bool numeric;
	enum reach r = reach_of_host(host, &numeric);

	if (!numeric) {
		r = reach_of_name(host);
		/* Going there ourselves, we will see the address. */
		if (!proxied && r != REACH_NEVER)
			return true;
	}
	if (r <= most)
		return true;
	return fault(f, FAULT_DENIED, "forbidden", "'%.*s' is %s",
	             SLICE_ARG(host),
	             numeric            ? reach_name(r)
	             : r == REACH_NEVER ? "a metadata service"
	                                : "a name of a private network");
}

static void remember(struct wall *w, const struct sockaddr *a)
{
	struct sockaddr_in four;
	struct sockaddr_in6 six;

	if (a->sa_family == AF_INET) {
		memcpy(&four, a, sizeof(four));
		inet_ntop(AF_INET, &four.sin_addr, w->address,
		          sizeof(w->address));
	} else if (a->sa_family == AF_INET6) {
		memcpy(&six, a, sizeof(six));
		inet_ntop(AF_INET6, &six.sin6_addr, w->address,
		          sizeof(w->address));
	}
}

curl_socket_t wall_open(void *data, curlsocktype purpose,
                        struct curl_sockaddr *a)
{
	struct wall *w = data;
	enum reach r = reach_of(&a->addr, a->addrlen);

	if (purpose == CURLSOCKTYPE_IPCXN && r <= w->most)
		return socket(a->family, a->socktype | SOCK_CLOEXEC,
		              a->protocol);
	w->turned = true;
	w->refused = r;
	remember(w, &a->addr);
	return CURL_SOCKET_BAD;
}

bool wall_fault(const struct wall *w, struct fault *f)
{
	return fault(f, FAULT_DENIED, "forbidden", "%s is %s", w->address,
	             reach_name(w->refused));
}
