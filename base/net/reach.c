/*
 * Tables of the special-purpose registries (RFC 6890 and what was registered
 * since) and of the metadata services of the large clouds, the longest prefix
 * first where one lies in another. An IPv6 address that carries an IPv4 one is
 * judged as the worse of the two.
 */

#include "base/net/reach.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct net {
	unsigned char head[16];
	unsigned char bits;
	unsigned char reach;
};

static const struct net nets4[] = {
	{ { 169, 254, 169, 254 },
	  32,
	  REACH_IDENTITY },                            /* and of other clouds */
	{ { 169, 254, 170, 2 }, 32, REACH_IDENTITY },  /* containers */
	{ { 169, 254, 170, 23 }, 32, REACH_IDENTITY }, /* pods */
	{ { 100, 100, 100, 200 }, 32, REACH_NEVER },   /* Alibaba */
	{ { 168, 63, 129, 16 }, 32, REACH_NEVER },     /* Azure */
	{ { 192, 0, 0, 192 }, 32, REACH_NEVER },       /* Oracle */
	{ { 0 }, 8, REACH_NEVER },                     /* this network */
	{ { 224 }, 4, REACH_NEVER },                   /* multicast */
	{ { 240 }, 4, REACH_NEVER },                   /* reserved, broadcast */
	{ { 10 }, 8, REACH_PRIVATE },
	{ { 127 }, 8, REACH_PRIVATE },
	{ { 172, 16 }, 12, REACH_PRIVATE },
	{ { 192, 168 }, 16, REACH_PRIVATE },
	{ { 169, 254 }, 16, REACH_PRIVATE },     /* link local */
	{ { 100, 64 }, 10, REACH_PRIVATE },      /* shared, RFC 6598 */
	{ { 192, 0, 0 }, 24, REACH_PRIVATE },    /* protocol assignments */
	{ { 192, 88, 99 }, 24, REACH_PRIVATE },  /* relays of 6to4 */
	{ { 198, 18 }, 15, REACH_PRIVATE },      /* benchmarks */
	{ { 192, 0, 2 }, 24, REACH_PRIVATE },    /* documentation */
	{ { 198, 51, 100 }, 24, REACH_PRIVATE }, /* documentation */
	{ { 203, 0, 113 }, 24, REACH_PRIVATE },  /* documentation */
};

static const struct net nets6[] = {
	/* metadata of AWS (host, pods) and Google */
	{ { 0xfd, 0, 0x0e, 0xc2, [14] = 0x02, 0x54 }, 128, REACH_IDENTITY },
	{ { 0xfd, 0, 0x0e, 0xc2, [15] = 0x23 }, 128, REACH_IDENTITY },
	{ { 0xfd, 0x20, 0, 0xce, [14] = 0x02, 0x54 }, 128, REACH_NEVER },
	{ { [15] = 1 }, 128, REACH_PRIVATE },          /* loopback */
	{ { [10] = 0xff, 0xff }, 96, REACH_PUBLIC },   /* mapped: see inside */
	{ { 0, 0x64, 0xff, 0x9b }, 96, REACH_PUBLIC }, /* NAT64, likewise */
	{ { 0, 0x64, 0xff, 0x9b, 0, 1 }, 48, REACH_PRIVATE }, /* RFC 8215 */
	{ { 0xfc }, 7, REACH_PRIVATE },                       /* unique local */
	{ { 0xfe, 0x80 }, 10, REACH_PRIVATE },                /* link local */
	{ { 0xfe, 0xc0 }, 10, REACH_PRIVATE },                /* site local */
	{ { 0x20, 0x01, 0x0d, 0xb8 }, 32, REACH_PRIVATE }, /* documentation */
	{ { 0x3f, 0xff }, 20, REACH_PRIVATE },             /* documentation */
	{ { 0x20, 0x01, 0, 2 }, 48, REACH_PRIVATE },       /* benchmarks */
	{ { 0x20, 0x01, 0, 0x10 }, 28, REACH_PRIVATE },    /* ORCHID */
	{ { 0x20, 0x01, 0, 0x20 }, 28, REACH_PRIVATE },    /* ORCHIDv2 */
	{ { 0x20 }, 3, REACH_PUBLIC }, /* all that is given out so far */
	{ { 0 }, 0, REACH_NEVER },     /* unspecified, multicast, reserved */
};

static bool within(const unsigned char *address, const struct net *n)
{
	size_t whole = n->bits / 8;
	unsigned mask = 0xffu << (8 - n->bits % 8) & 0xff;

	return !memcmp(address, n->head, whole) &&
	       (mask == 0 ||
	        (address[whole] & mask) == (n->head[whole] & mask));
}

static enum reach worse(enum reach a, enum reach b)
{
	return a > b ? a : b;
}

static enum reach reach_of4(const unsigned char address[4])
{
	for (size_t i = 0; i < sizeof(nets4) / sizeof(*nets4); i++)
		if (within(address, &nets4[i]))
			return (enum reach)nets4[i].reach;
	return REACH_PUBLIC;
}

/* The IPv4 addresses inside, by the ways there are to carry one. Nobody has a
 * reason to ask for keys in such clothes. */
static enum reach reach_inside(const unsigned char a[16])
{
	static const unsigned char zeros[8];
	static const unsigned char isatap[] = { 0x5e, 0xfe };
	static const struct net nat64 = { { 0, 0x64, 0xff, 0x9b }, 32, 0 };
	unsigned char client[4], split[4] = { a[6], a[7], a[9], a[10] };
	enum reach r = REACH_PUBLIC;

	/* ::ffff:a.b.c.d (RFC 4291), ::ffff:0:a.b.c.d (RFC 2765) */
	if (!memcmp(a, zeros, 8) && memcmp(a + 8, zeros, 4))
		r = reach_of4(a + 12);
	if (within(a, &nat64)) { /* RFC 6052, with /96 and with /48 */
		r = worse(r, reach_of4(a + 12));
		if (memcmp(split, zeros, sizeof(split)))
			r = worse(r, reach_of4(split));
	}
	if (a[0] == 0x20 && a[1] == 0x02) /* 6to4, RFC 3056 */
		r = worse(r, reach_of4(a + 2));
	if (a[0] == 0x20 && a[1] == 0x01 && !a[2] && !a[3]) { /* RFC 4380 */
		for (size_t i = 0; i < 4; i++)
			client[i] = a[12 + i] ^ 0xff;
		r = worse(r, worse(reach_of4(a + 4), reach_of4(client)));
	}
	if (!memcmp(a + 10, isatap, 2) && !(a[8] & ~2) && !a[9]) /* RFC 5214 */
		r = worse(r, reach_of4(a + 12));
	return r == REACH_IDENTITY ? REACH_NEVER : r;
}

static enum reach reach_of6(const unsigned char address[16])
{
	size_t i = 0;

	while (!within(address, &nets6[i])) /* the last one matches all */
		i++;
	return worse((enum reach)nets6[i].reach, reach_inside(address));
}

enum reach reach_of(const struct sockaddr *a, socklen_t len)
{
	struct sockaddr_in four;
	struct sockaddr_in6 six;

	if (len >= sizeof(four) && a->sa_family == AF_INET) {
		memcpy(&four, a, sizeof(four));
		return reach_of4((const unsigned char *)&four.sin_addr);
	}
	if (len >= sizeof(six) && a->sa_family == AF_INET6) {
		memcpy(&six, a, sizeof(six));
		return reach_of6(six.sin6_addr.s6_addr);
	}
	return REACH_NEVER;
}

/* A number as inet_aton() and browsers take it: 127, 0177, 0x7f. */
static bool part_read(struct slice s, uint64_t *out)
{
	static const char digits[] = "0123456789abcdef";
	uint64_t base = 10;

	if (s.len == 0)
		return false;
	if (s.len > 1 && s.at[0] == '0') {
		bool hex = (s.at[1] | 0x20) == 'x';

		base = hex ? 16 : 8;
		s = slice_cut(s, hex ? 2 : 1, s.len);
	}
	*out = 0;
	for (size_t i = 0; i < s.len; i++) {
		const char c = s.at[i];
		const char *d = memchr(digits, c < 'A' ? c : c | 0x20, base);

		if (!d)
			return false;
		*out = *out * base + (uint64_t)(d - digits);
		if (*out > UINT32_MAX)
			*out = (uint64_t)UINT32_MAX + 1;
	}
	return true;
}

static bool all_digits(struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.at[i] < '0' || s.at[i] > '9')
			return false;
	return s.len > 0;
}

/*
 * False: it is a name. As in the URL Standard, what ends in a number is an
 * address, and one that makes none is nowhere to go.
 */
static bool host4(struct slice host, enum reach *out)
{
	unsigned char address[4];
	uint64_t part = 0, value = 0;
	size_t parts = 0, dot;
	struct slice last, rest = host;
	bool good = true;

	for (;; rest = slice_cut(rest, dot + 1, rest.len)) {
		dot = slice_find(rest, '.');
		last = slice_cut(rest, 0, dot);
		if (dot == rest.len)
			break;
		good = good && part_read(last, &part) && part < 256;
		if (++parts <= 3)
			value = value << 8 | part;
	}
	if (!part_read(last, &part) && !all_digits(last))
		return false;
	*out = REACH_NEVER;
	if (!good || parts > 3 || !part_read(last, &part) ||
	    part >= (uint64_t)1 << (32 - 8 * parts))
		return true;
	value = value << (32 - 8 * parts) | part;
	for (size_t i = 0; i < 4; i++)
		address[i] = (unsigned char)(value >> (24 - 8 * i));
	*out = reach_of4(address);
	return true;
}

static bool host6(struct slice host, enum reach *out)
{
	char text[INET6_ADDRSTRLEN];
	unsigned char address[16];

	host = slice_cut(host, 0, slice_find(host, '%')); /* the zone */
	*out = REACH_NEVER;
	if (host.len == 0 || host.len >= sizeof(text))
		return true;
	memcpy(text, host.at, host.len);
	text[host.len] = '\0';
	if (inet_pton(AF_INET6, text, address) == 1)
		*out = reach_of6(address);
	return true;
}

enum reach reach_of_host(struct slice host, bool *numeric)
{
	enum reach r = REACH_PUBLIC;

	if (slice_starts(host, SLICE("[")) && slice_ends(host, SLICE("]")))
		*numeric = host6(slice_cut(host, 1, host.len - 1), &r);
	else if (slice_find(host, ':') < host.len)
		*numeric = host6(host, &r);
	else if (slice_ends(host, SLICE(".")))
		*numeric = host4(slice_cut(host, 0, host.len - 1), &r);
	else
		*numeric = host4(host, &r);
	return r;
}

const char *reach_name(enum reach r)
{
	switch (r) {
	case REACH_PUBLIC:
		return "a public address";
	case REACH_PRIVATE:
		return "a private address";
	case REACH_IDENTITY:
	case REACH_NEVER:
		break;
	}
	return "an address that is never to be reached";
}
