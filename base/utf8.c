/* Decoding by the table of well-formed sequences (Unicode, table 3-7). */

#include "base/utf8.h"

/* The second byte's range depends on the first; the others are 80..BF. */
static int utf8_shape(unsigned char first, unsigned char *low,
                      unsigned char *high)
{
	*low = 0x80;
	*high = 0xBF;
	if (first >= 0xC2 && first <= 0xDF)
		return 2;
	if (first >= 0xE0 && first <= 0xEF) {
		if (first == 0xE0)
			*low = 0xA0;
		if (first == 0xED)
			*high = 0x9F;
		return 3;
	}
	if (first >= 0xF0 && first <= 0xF4) {
		if (first == 0xF0)
			*low = 0x90;
		if (first == 0xF4)
			*high = 0x8F;
		return 4;
	}
	return 0;
}

uint32_t utf8_next(struct slice s, size_t *at)
{
	const unsigned char *p = (const unsigned char *)s.at + *at;
	size_t left = s.len - *at;
	unsigned char low, high;
	uint32_t point;
	int len, i;

	if (p[0] < 0x80) {
		++*at;
		return p[0];
	}
	len = utf8_shape(p[0], &low, &high);
	if (!len || left < (size_t)len || p[1] < low || p[1] > high) {
		++*at;
		return UTF8_BAD;
	}
	point = p[0] & (0xFFu >> (len + 1));
	for (i = 1; i < len; i++) {
		if ((p[i] & 0xC0) != 0x80) {
			++*at;
			return UTF8_BAD;
		}
		point = point << 6 | (p[i] & 0x3F);
	}
	*at += (size_t)len;
	return point;
}

size_t utf8_put(char to[4], uint32_t point)
{
	unsigned char *p = (unsigned char *)to;

	if (point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF))
		point = UTF8_REPLACEMENT;
	if (point < 0x80) {
		p[0] = (unsigned char)point;
		return 1;
	}
	if (point < 0x800) {
		p[0] = (unsigned char)(0xC0 | point >> 6);
		p[1] = (unsigned char)(0x80 | (point & 0x3F));
		return 2;
	}
	if (point < 0x10000) {
		p[0] = (unsigned char)(0xE0 | point >> 12);
		p[1] = (unsigned char)(0x80 | (point >> 6 & 0x3F));
		p[2] = (unsigned char)(0x80 | (point & 0x3F));
		return 3;
	}
	p[0] = (unsigned char)(0xF0 | point >> 18);
	p[1] = (unsigned char)(0x80 | (point >> 12 & 0x3F));
	p[2] = (unsigned char)(0x80 | (point >> 6 & 0x3F));
	p[3] = (unsigned char)(0x80 | (point & 0x3F));
	return 4;
}

/* Length of the longest prefix of ASCII, eight bytes at a time. */
static size_t utf8_ascii_run(struct slice s, size_t from)
{
	uint64_t word;

	while (s.len - from >= sizeof(word)) {
		memcpy(&word, s.at + from, sizeof(word));
		if (word & 0x8080808080808080u)
			break;
		from += sizeof(word);
	}
	while (from < s.len && !(s.at[from] & 0x80))
		from++;
	return from;
}

size_t utf8_valid(struct slice s)
{
	size_t at = 0;

	for (;;) {
		size_t before;

		at = utf8_ascii_run(s, at);
		if (at == s.len)
			return at;
		before = at;
		if (utf8_next(s, &at) == UTF8_BAD)
			return before;
	}
}

bool utf8_ascii(struct slice s)
{
	return utf8_ascii_run(s, 0) == s.len;
}

struct slice utf8_head(struct slice s, size_t len)
{
	size_t back = 0;

	if (len >= s.len)
		return s;
	while (back < 3 && back < len && (s.at[len - back] & 0xC0) == 0x80)
		back++;
	return slice_cut(s, 0, len - back);
}

size_t utf8_count(struct slice s)
{
	size_t at = 0, n = 0;

	while (at < s.len) {
		utf8_next(s, &at);
		n++;
	}
	return n;
}
