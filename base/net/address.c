/* Numeric addresses by inet_pton(); a listening socket is made ready before
 * anybody hears of it. */

#include "base/net/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BACKLOG = 1024 };

union socket_name {
	struct sockaddr any;
	struct sockaddr_in four;
	struct sockaddr_in6 six;
};

/* Fills `out` for the host; false: not numeric. */
static bool address_name(const struct address *a, union socket_name *out,
                         socklen_t *len)
{
	memset(out, 0, sizeof(*out));
	if (a->six) {
		out->six.sin6_family = AF_INET6;
		out->six.sin6_port = htons(a->port);
		*len = sizeof(out->six);
		return inet_pton(AF_INET6, a->host, &out->six.sin6_addr) == 1;
	}
	out->four.sin_family = AF_INET;
	out->four.sin_port = htons(a->port);
	*len = sizeof(out->four);
	return inet_pton(AF_INET, a->host, &out->four.sin_addr) == 1;
}

static bool name_loopback(const union socket_name *n)
{
	if (n->any.sa_family == AF_INET6)
		return IN6_IS_ADDR_LOOPBACK(&n->six.sin6_addr);
	return ntohl(n->four.sin_addr.s_addr) >> 24 == 127;
}

/* Takes the brackets off; false when it cannot be an address. */
static bool address_host(struct slice text, struct address *out)
{
	union socket_name name;
	socklen_t len;

	out->six =
	        slice_starts(text, SLICE("[")) && slice_ends(text, SLICE("]"));
	if (out->six)
		text = slice_cut(text, 1, text.len - 1);
	else if (slice_eq(text, SLICE("localhost")))
		text = SLICE("127.0.0.1");
	if (!text.len || text.len >= sizeof(out->host) ||
	    slice_find(text, '\0') < text.len)
		return false;
	memcpy(out->host, text.at, text.len);
	out->host[text.len] = '\0';
	if (!address_name(out, &name, &len))
		return false;
	out->loopback = name_loopback(&name);
	return true;
}

bool address_numeric(struct slice text)
{
	struct address a = { 0 };

	return !slice_eq(text, SLICE("localhost")) && address_host(text, &a);
}

bool address_read(struct slice text, struct address *out, struct fault *f)
{
	size_t colon = text.len;
	int64_t port;

	*out = (struct address){ 0 };
	while (colon && text.at[colon - 1] != ':')
		colon--;
	if (!colon || !address_host(slice_cut(text, 0, colon - 1), out) ||
	    !slice_number(slice_cut(text, colon, text.len), &port) ||
	    port < 0 || port > UINT16_MAX)
		return fault(f, FAULT_USAGE, "listen-address",
		             "listen on a numeric address and a port, as "
		             "127.0.0.1:8080 or [::1]:8080, not '%.*s'",
		             SLICE_ARG(text));
	out->port = (uint16_t)port;
	return true;
}

void address_write(const struct address *a, struct buf *out)
{
	buf_addf(out, a->six ? "[%s]:%u" : "%s:%u", a->host, a->port);
}

static bool socket_ready(int fd, struct address *a)
{
	union socket_name name;
	socklen_t len;
	int yes = 1;

	if (!address_name(a, &name, &len) ||
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) != 0 ||
	    (a->six && setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &yes,
	                          sizeof(yes)) != 0) ||
	    bind(fd, &name.any, len) != 0 || listen(fd, BACKLOG) != 0 ||
	    getsockname(fd, &name.any, &len) != 0)
		return false;
	a->port = ntohs(a->six ? name.six.sin6_port : name.four.sin_port);
	return true;
}

bool address_listen(struct address *a, int *fd, struct fault *f)
{
	int type = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, why;

	*fd = socket(a->six ? AF_INET6 : AF_INET, type, 0);
	if (*fd >= 0 && socket_ready(*fd, a))
		return true;
	why = errno;
	if (*fd >= 0)
		close(*fd);
	return fault(f, why == EADDRINUSE ? FAULT_BUSY : FAULT_SYSTEM,
	             why == EADDRINUSE ? "listen-busy" : "listen",
	             "cannot listen on %s, port %u: %s", a->host, a->port,
	             strerror(why));
}
