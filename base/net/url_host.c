/*
 * Names become ASCII, and whatever ends in a number is IPv4, in any of the
 * forms that inet_aton() takes: a part may be octal or hexadecimal, the last
 * part fills what bytes are left. IPv6 is written as RFC 5952 has it, but for
 * the dotted tail.
 */

#include "base/net/url_host.h"

#include <stdint.h>
#include <string.h>

#include "base/net/url_percent.h"
#include "base/text/unicode_domain.h"
#include "base/utf8.h"

enum { HOST_MOST = 64 << 10 }; /* decoded, or in ASCII */

enum { IN_HOST = 1, IN_DOMAIN = 2, CAPITAL = 4 };

/* What may not stand in a host, in a domain; capitals become small. */
static unsigned host_class(unsigned char c)
{
	if (c <= 0x20 || c == 0x7F)
		return c == 0 || c == '\t' || c == '\n' || c == '\r' || c == ' '
		               ? IN_HOST | IN_DOMAIN
		               : IN_DOMAIN;
	if (c == '%')
		return IN_DOMAIN;
	if (c >= 'A' && c <= 'Z')
		return CAPITAL;
	return strchr("#/:<>?@[\\]^|", c) ? IN_HOST | IN_DOMAIN : 0;
}

/* One part of an IPv4 address; false: no number. */
static bool four_part(struct slice s, uint64_t *out)
{
	int base = 10;
	size_t i;

	if (!s.len)
		return false;
	if (s.len >= 2 && s.at[0] == '0') {
		base = (s.at[1] | 0x20) == 'x' ? 16 : 8;
		s = slice_cut(s, base == 16 ? 2 : 1, s.len);
	}
	*out = 0;
	for (i = 0; i < s.len; i++) {
		int digit = url_hex(s.at[i]);

		if (digit < 0 || digit >= base)
			return false;
		/* Too large is too large however far it goes on. */
		if (*out <= UINT32_MAX)
			*out = *out * (unsigned)base + (unsigned)digit;
	}
	return true;
}

/* The last part of a name, a dot at its end aside. */
static struct slice host_last(struct slice *host)
{
	size_t from;

	if (host->len && host->at[host->len - 1] == '.')
		host->len--;
	from = host->len;
	while (from && host->at[from - 1] != '.')
		from--;
	return slice_cut(*host, from, host->len);
}

static bool host_is_number(struct slice host)
{
	struct slice last = host_last(&host);
	uint64_t number;
	size_t i = 0;

	if (!last.len || last.at[0] < '0' || last.at[0] > '9')
		return false;
	while (i < last.len && last.at[i] >= '0' && last.at[i] <= '9')
		i++;
	return i == last.len || four_part(last, &number);
}

static bool four_read(struct slice host, uint32_t *out)
{
	uint64_t part = 0, address = 0;
	size_t at = 0, parts = 0;

	host_last(&host);
	while (at <= host.len) {
		size_t end =
		        at + slice_find(slice_cut(host, at, host.len), '.');

		/* Any but the last part is a byte. */
		if (parts == 4 || (parts && part > 255) ||
		    !four_part(slice_cut(host, at, end), &part))
			return false;
		if (end < host.len)
			address |= part << (24 - 8 * parts);
		parts++;
		at = end + 1;
	}
	if (part >= (uint64_t)1 << (8 * (5 - parts)))
		return false;
	*out = (uint32_t)(address | part);
	return true;
}

static void four_write(uint32_t address, struct buf *out)
{
	int shift;

	for (shift = 24; shift >= 0; shift -= 8) {
		buf_number(out, address >> shift & 255);
		if (shift)
			buf_byte(out, '.');
	}
}

/* The dotted tail of an IPv6 address: four bytes, plain decimal. */
static bool six_tail(struct slice s, uint16_t pieces[2])
{
	uint32_t address = 0;
	size_t at = 0;
	int i;

	for (i = 0; i < 4; i++) {
		size_t from = at;
		unsigned part = 0;

		while (at < s.len && s.at[at] >= '0' && s.at[at] <= '9') {
			if (at - from == 3 || (at > from && !part))
				return false;
			part = part * 10 + (unsigned)(s.at[at++] - '0');
		}
		if (at == from || part > 255)
			return false;
		address = address << 8 | part;
		if (i < 3 && (at == s.len || s.at[at++] != '.'))
			return false;
	}
	pieces[0] = (uint16_t)(address >> 16);
	pieces[1] = (uint16_t)address;
	return at == s.len;
}

/* Up to four hexadecimal digits; returns how many. */
static size_t six_piece(struct slice s, size_t at, uint16_t *out)
{
	size_t n = 0;
	unsigned value = 0;

	while (n < 4 && at + n < s.len && url_hex(s.at[at + n]) >= 0)
		value = value << 4 | (unsigned)url_hex(s.at[at + n++]);
	*out = (uint16_t)value;
	return n;
}

/* Moves what stands behind "::" to the end. */
static void six_spread(uint16_t pieces[8], int count, int gap)
{
	int tail = count - gap;

	memmove(pieces + 8 - tail, pieces + gap,
	        (size_t)tail * sizeof(*pieces));
	memset(pieces + gap, 0, (size_t)(8 - count) * sizeof(*pieces));
}

static bool six_read(struct slice s, uint16_t pieces[8])
{
	int count = 0, gap = -1;
	size_t at = 0;

	if (slice_starts(s, SLICE("::")))
		at = 2, gap = 0;
	else if (s.len && s.at[0] == ':')
		return false;
	while (at < s.len) {
		size_t digits;

		if (count == 8)
			return false;
		if (s.at[at] == ':') {
			if (gap >= 0)
				return false;
			gap = count;
			at++;
			continue;
		}
		digits = six_piece(s, at, &pieces[count]);
		if (at + digits < s.len && s.at[at + digits] == '.') {
			if (!digits || count > 6 ||
			    !six_tail(slice_cut(s, at, s.len), pieces + count))
				return false;
			count += 2;
			break;
		}
		at += digits;
		count++;
		if (at == s.len)
			break;
		if (s.at[at++] != ':' || at == s.len)
			return false;
	}
	if (gap >= 0 && count < 8)
		six_spread(pieces, count, gap);
	return gap >= 0 ? count < 8 : count == 8;
}

/* The first longest run of zeros, if longer than one; its length. */
static int six_zeros(const uint16_t pieces[8], int *from)
{
	int best = 1, i, run = 0;

	*from = 8;
	for (i = 0; i < 8; i++) {
		run = pieces[i] ? 0 : run + 1;
		if (run > best) {
			best = run;
			*from = i + 1 - run;
		}
	}
	return best;
}

static void six_write(const uint16_t pieces[8], struct buf *out)
{
	int from, zeros = six_zeros(pieces, &from), i;

	buf_byte(out, '[');
	for (i = 0; i < 8; i++) {
		if (i == from) {
			buf_text(out, i ? ":" : "::");
			i += zeros - 1;
			continue;
		}
		buf_addf(out, "%x", (unsigned)pieces[i]);
		if (i < 7)
			buf_byte(out, ':');
	}
	buf_byte(out, ']');
}

static bool host_six(struct slice text, struct buf *out, const char **why)
{
	uint16_t pieces[8] = { 0 };

	*why = "its IPv6 address is malformed";
	if (text.at[text.len - 1] != ']' ||
	    !six_read(slice_cut(text, 1, text.len - 1), pieces))
		return false;
	six_write(pieces, out);
	return true;
}

static bool host_opaque(struct slice text, struct buf *out, const char **why)
{
	size_t i;

	*why = "its host has a character that no host has";
	for (i = 0; i < text.len; i++)
		if (host_class((unsigned char)text.at[i]) & IN_HOST)
			return false;
	url_percent_add(text, URL_SET_CONTROL, out);
	return true;
}

/* Nothing but small letters is asked of ASCII, whatever "xn--" may hold. */
static bool host_lower(struct slice s, struct buf *out)
{
	char *to = buf_extend(out, s.len);
	size_t i;

	for (i = 0; i < s.len; i++) {
		unsigned class = host_class((unsigned char)s.at[i]);

		if (class & IN_DOMAIN)
			return false;
		if (to)
			to[i] = (char)(class & CAPITAL ? s.at[i] | 0x20
			                               : s.at[i]);
	}
	return true;
}

/* Behind its percent signs. */
static bool host_domain(struct slice text, struct buf *out)
{
	struct buf ascii = BUF_INIT(HOST_MOST);
	bool done;

	if (utf8_ascii(text))
		return host_lower(text, out);
	done = unicode_domain(text, &ascii) &&
	       host_lower(buf_slice(&ascii), out);
	buf_release(&ascii);
	return done;
}

static bool host_encoded(struct slice text, struct buf *out)
{
	struct buf open = BUF_INIT(HOST_MOST);
	bool done;

	if (slice_find(text, '%') == text.len)
		return host_domain(text, out);
	url_percent_open(text, &open);
	done = host_domain(buf_slice(&open), out);
	buf_release(&open);
	return done;
}

bool url_host_add(struct slice text, bool opaque, struct buf *out,
                  const char **why)
{
	size_t start = out->len;
	struct slice host;
	uint32_t address;

	if (text.len && text.at[0] == '[')
		return host_six(text, out, why);
	if (opaque)
		return host_opaque(text, out, why);
	*why = "its host is no domain name";
	if (!host_encoded(text, out))
		return false;
	if (buf_full(out))
		return true;
	host = slice_cut(buf_slice(out), start, out->len);
	if (!host_is_number(host))
		return host.len > 0;
	*why = "its host ends in a number and is no IPv4 address";
	if (!four_read(host, &address))
		return false;
	buf_cut(out, start);
	four_write(address, out);
	return true;
}
