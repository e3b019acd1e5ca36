/*
 * One table for all sets, a bit each; runs that stay as they are are copied
 * whole.
 */

#include "base/net/url_percent.h"

#include <stdint.h>

#include "base/utf8.h"

/* clang-format off */
static const uint8_t sets[128] = {
	/* controls */
	0x7F, 0x7F, 0x7F, 0x7F, 0x7F, 0x7F, 0x7F, 0x7F,
	0x7F, 0x7F, 0x7F, 0x7F, 0x7F, 0x7F, 0x7F, 0x7F,
	0x7F, 0x7F, 0x7F, 0x7F, 0x7F, 0x7F, 0x7F, 0x7F,
	0x7F, 0x7F, 0x7F, 0x7F, 0x7F, 0x7F, 0x7F, 0x7F,
	/* space to slash, digits, colon to question mark */
	0x7E, 0x40, 0x7E, 0x7C, 0x40, 0x40, 0x40, 0x48,
	0x40, 0x40, 0x40, 0x40, 0x40, 0x00, 0x00, 0x60,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x60, 0x60, 0x7E, 0x60, 0x7E, 0x70,
	/* at sign, capitals, bracket to low line */
	0x60, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x60, 0x60, 0x60, 0x70, 0x00,
	/* grave accent, small letters, brace to delete */
	0x72, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x70, 0x60, 0x70, 0x00, 0x7F,
};
/* clang-format on */

static void percent_byte(unsigned char byte, struct buf *out)
{
	static const char digits[] = "0123456789ABCDEF";
	char code[3] = { '%', digits[byte >> 4], digits[byte & 15] };

	buf_add(out, (struct slice){ code, 3 });
}

/* What starts at `at` and is not ASCII; returns where it ends. */
static size_t percent_wide(struct slice s, size_t at, struct buf *out)
{
	char bytes[4];
	size_t len = utf8_put(bytes, utf8_next(s, &at)), i;

	for (i = 0; i < len; i++)
		percent_byte((unsigned char)bytes[i], out);
	return at;
}

void url_percent_add(struct slice s, enum url_set set, struct buf *out)
{
	size_t at = 0;

	while (at < s.len) {
		size_t from = at;
		unsigned char byte = 0;

		for (; at < s.len; at++) {
			byte = (unsigned char)s.at[at];
			if (byte >= 0x80 || sets[byte] & set)
				break;
		}
		if (at > from)
			buf_add(out, slice_cut(s, from, at));
		if (at == s.len)
			return;
		if (byte >= 0x80) {
			at = percent_wide(s, at, out);
		} else {
			percent_byte(byte, out);
			at++;
		}
	}
}

int url_hex(char c)
{
	char lower = c | 0x20;

	if (c >= '0' && c <= '9')
		return c - '0';
	return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

void url_percent_bytes(struct slice s, struct buf *out)
{
	size_t i;

	for (i = 0; i < s.len; i++) {
		unsigned char byte = (unsigned char)s.at[i];

		if (byte >= 0x80 || sets[byte] & URL_SET_RESERVED)
			percent_byte(byte, out);
		else
			buf_byte(out, (char)byte);
	}
}

void url_percent_open(struct slice s, struct buf *out)
{
	size_t at = 0;

	while (at < s.len) {
		size_t end = at + slice_find(slice_cut(s, at, s.len), '%');
		int high = end + 2 < s.len ? url_hex(s.at[end + 1]) : -1;
		int low = high >= 0 ? url_hex(s.at[end + 2]) : -1;

		buf_add(out, slice_cut(s, at, end));
		at = end;
		if (low >= 0) {
			buf_byte(out, (char)(high << 4 | low));
			at += 3;
		} else if (at < s.len) {
			buf_byte(out, s.at[at++]);
		}
	}
}
