/*
 * Texts in other clothes. Whatever looks like base64, base32, hex, escapes,
 * binary, Morse or lists of character codes is decoded; if what comes out
 * reads, it goes. Hashes, ids, certificates and compressed data decode to
 * noise, and stay.
 */

#include "kb/cases/guard_hide.h"

#include <string.h>

#include "base/text/unicode.h"
#include "base/utf8.h"
#include "kb/cases/guard.h"
#include "kb/cases/guard_fold.h"

enum {
	BASE64_LEAST = 20,
	HEX_LEAST = 16,
	ESCAPES_LEAST = 6,
	LOOK_MOST = 4096, /* of a run, decoded */
	LIST_MOST = 1024,
};

/* Whether bytes are text that someone wrote. */
static bool reads(const char *bytes, size_t len)
{
	struct slice s = { bytes, len };
	size_t letters = 0, spaces = 0, others = 0, vowels = 0, at = 0;

	s.len = utf8_valid(s);
	if (s.len + 3 < len || s.len < 8)
		return false;
	while (at < s.len) {
		uint32_t c = utf8_next(s, &at);
		enum unicode_class class = unicode_class(c);

		if (c < ' ' && c != '\n' && c != '\r' && c != '\t')
			return false;
		if (class == UNICODE_HAN || class == UNICODE_HANGUL)
			letters += 3;
		else if (class == UNICODE_LETTER)
			letters++;
		else if (c == ' ' || c == '\n')
			spaces++;
		else
			others++;
		vowels += c < 0x80 && c && strchr("aeiouAEIOU", (int)c);
		vowels += c >= 0x80;
	}
	return letters >= others * 2 && vowels * 6 >= letters &&
	       (spaces || letters < 30 || others);
}

struct decoder {
	struct slice text;
	size_t at;
	struct buf *out;
	unsigned signs;
	char bytes[LOOK_MOST];
	size_t len;
};

static void put_byte(struct decoder *d, unsigned byte)
{
	if (d->len < LOOK_MOST)
		d->bytes[d->len++] = (char)byte;
}

static int base64_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+' || c == '-')
		return 62;
	return c == '/' || c == '_' ? 63 : -1;
}

static int base32_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	return c >= '2' && c <= '7' ? c - '2' + 26 : -1;
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool unpack(struct decoder *d, struct slice run, unsigned bits,
                   int (*value)(char))
{
	unsigned hold = 0, have = 0;
	size_t i;

	d->len = 0;
	for (i = 0; i < run.len && d->len < LOOK_MOST; i++) {
		int v = value(run.at[i]);

		if (v < 0)
			return false;
		hold = hold << bits | (unsigned)v;
		have += bits;
		if (have >= 8) {
			have -= 8;
			put_byte(d, hold >> have & 255);
		}
	}
	return reads(d->bytes, d->len);
}

static void replace(struct decoder *d, size_t end, const char *what)
{
	buf_addf(d->out, "[%s, %zu characters]", what, end - d->at);
	d->signs |= GUARD_BLOB;
	d->at = end;
}

/* A run of the alphabet of base64 in any of the three encodings. */
static bool decode_run(struct decoder *d)
{
	size_t end = d->at, stop;
	bool upper = true, hex = true;
	struct slice run;

	while (end < d->text.len && base64_value(d->text.at[end]) >= 0) {
		upper = upper && base32_value(d->text.at[end]) >= 0;
		hex = hex && hex_value(d->text.at[end]) >= 0;
		end++;
	}
	run = slice_cut(d->text, d->at, end);
	for (stop = end;
	     stop < d->text.len && stop - end < 6 && d->text.at[stop] == '=';)
		stop++;
	if ((run.len >= HEX_LEAST && hex && unpack(d, run, 4, hex_value)) ||
	    (run.len >= BASE64_LEAST && upper &&
	     unpack(d, run, 5, base32_value)) ||
	    (run.len >= BASE64_LEAST && unpack(d, run, 6, base64_value))) {
		replace(d, stop, "encoded text");
		return true;
	}
	buf_add(d->out, run);
	d->at = end;
	return true;
}

static int hex_pair(struct slice s, size_t at)
{
	int high, low;

	if (at + 2 > s.len)
		return -1;
	high = hex_value(s.at[at]);
	low = hex_value(s.at[at + 1]);
	return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/* One escape: %69, \x69, \u0069, &#105; &#x69;. Its end, or 0. */
static size_t read_escape(struct slice s, size_t at, uint32_t *point)
{
	int a, b;
	size_t i, digits;

	if (at + 3 > s.len)
		return 0;
	if (s.at[at] == '%') {
		a = hex_pair(s, at + 1);
		*point = (uint32_t)a;
		return a < 0 ? 0 : at + 3;
	}
	if (s.at[at] == '\\' && (s.at[at + 1] == 'x' || s.at[at + 1] == 'u')) {
		a = hex_pair(s, at + 2);
		b = s.at[at + 1] == 'u' ? hex_pair(s, at + 4) : 0;
		*point = s.at[at + 1] == 'u' ? (uint32_t)(a * 256 + b)
		                             : (uint32_t)a;
		return a < 0 || b < 0 ? 0 : at + (s.at[at + 1] == 'u' ? 6 : 4);
	}
	if (s.at[at] != '&' || s.at[at + 1] != '#')
		return 0;
	i = at + 2;
	digits = s.at[i] == 'x' || s.at[i] == 'X';
	for (i += digits, *point = 0, b = 0; i < s.len && b < 7; i++, b++) {
		a = hex_value(s.at[i]);
		if (a < 0 || (!digits && a > 9))
			break;
		*point = *point * (digits ? 16 : 10) + (uint32_t)a;
	}
	return b && i < s.len && s.at[i] == ';' ? i + 1 : 0;
}

/* Escapes of letters beyond ASCII are how programs write these: they are read,
 * so that what follows judges what a model would read. False: they are not all
 * of this kind. */
static bool read_letters(struct decoder *d, size_t end)
{
	size_t at = d->at, start = d->out->len;
	uint32_t point;
	char bytes[4];

	while (at < end) {
		char c = d->text.at[at];

		at = read_escape(d->text, at, &point);
		if (c == '%' || point < 0xA0 || point > 0xFFFF ||
		    (point >= 0xD800 && point < 0xE000) ||
		    guard_unseen(point)) {
			buf_cut(d->out, start);
			return false;
		}
		buf_add(d->out,
		        (struct slice){ bytes, utf8_put(bytes, point) });
	}
	d->at = end;
	return true;
}

/* Escapes of plain letters hide something: those of others are common. */
static bool decode_escapes(struct decoder *d)
{
	size_t end = d->at, next, count = 0, letters = 0;
	uint32_t point;

	for (d->len = 0; (next = read_escape(d->text, end, &point)) != 0;
	     count++) {
		letters +=
		        point < 0x80 && unicode_class(point) != UNICODE_OTHER;
		put_byte(d, point < 0x80 ? point : '?');
		end = next;
	}
	if (!count)
		return false;
	if (count >= ESCAPES_LEAST && letters * 2 >= count) {
		replace(d, end, "escaped text");
		return true;
	}
	if (read_letters(d, end))
		return true;
	buf_add(d->out, slice_cut(d->text, d->at, end));
	d->at = end;
	return true;
}

/* A number or a sign of Morse in a list, and what it could stand for. */
struct code {
	size_t digits, signs, hex, end;
	unsigned decimal, binary, sixteen;
	bool two, dots, dashes;
};

static struct code read_code(struct slice s, size_t at)
{
	struct code x = { .two = true };
	size_t from = at;

	if (at + 2 < s.len && s.at[at] == '0' && (s.at[at + 1] | 32) == 'x')
		from = at += 2;
	for (; at < s.len && at - from < 9; at++) {
		char c = s.at[at];
		int v = hex_value(c);

		if (v >= 0) {
			x.hex++;
			x.digits += v < 10;
			x.decimal = x.decimal * 10 + (unsigned)v;
			x.binary = x.binary * 2 + (unsigned)(v & 1);
			x.sixteen = x.sixteen * 16 + (unsigned)v;
			x.two = x.two && v < 2;
		} else if (c == '.' || c == '-') {
			x.signs++;
			x.dots = x.dots || c == '.';
			x.dashes = x.dashes || c == '-';
		} else {
			break;
		}
	}
	x.end = at;
	return x;
}

/* One list read in its three possible ways. */
struct readings {
	char as[3][LIST_MOST / 2];
	size_t len[3], count, morse;
	bool dots, dashes;
};

static bool take_code(struct readings *r, const struct code *x)
{
	size_t i = r->len[0];

	if (x->signs) {
		if (x->hex || x->signs > 6 || (r->count && !r->morse))
			return false;
		r->morse++;
		r->dots = r->dots || x->dots;
		r->dashes = r->dashes || x->dashes;
		return true;
	}
	if (!x->hex || x->hex > 8 || r->morse || i >= LIST_MOST / 2)
		return false;
	r->as[0][i] =
	        (char)(x->digits == x->hex && x->decimal < 128 ? x->decimal
	                                                       : 1);
	r->as[1][i] = (char)(x->hex == 8 && x->two ? x->binary : 1);
	r->as[2][i] = (char)(x->hex == 2 ? x->sixteen : 1);
	r->len[0]++;
	return true;
}

static bool list_reads(const struct readings *r)
{
	if (r->morse)
		return r->morse >= 12 && r->dots && r->dashes;
	return r->count >= 8 &&
	       (reads(r->as[0], r->len[0]) || reads(r->as[1], r->len[0]) ||
	        reads(r->as[2], r->len[0]));
}

/* "01101001 01100111", "105 103 110", "69 67", ".. --. -.": lists of codes. */
static bool decode_list(struct decoder *d, size_t *listed)
{
	struct readings r = { .count = 0 };
	size_t end = d->at, i = d->at;

	while (i < d->text.len && i - d->at < LIST_MOST) {
		struct code x = read_code(d->text, i);

		if (!take_code(&r, &x))
			break;
		r.count++;
		end = i = x.end;
		while (i < d->text.len && i - end < 5 &&
		       memchr(" ,/|*_\n\t", d->text.at[i], 8))
			i++;
		if (i == end)
			break;
	}
	if (list_reads(&r)) {
		replace(d, end, "encoded text");
		return true;
	}
	/* What did not decode is not looked at again from every number. */
	*listed = d->at + 32 + (i - d->at) / 4;
	return false;
}

/* What was looked at once and did not decode is not looked at from its
 * middle. */
static void copy_list(struct decoder *d)
{
	size_t from = d->at;

	while (d->at < d->text.len && d->at - from < LOOK_MOST &&
	       memchr("0123456789.-", d->text.at[d->at], 12))
		d->at++;
	buf_add(d->out, slice_cut(d->text, from, d->at));
}

unsigned guard_decode(struct slice text, struct buf *out)
{
	struct decoder d = { .text = text, .out = out };
	size_t listed = 0; /* lists up to here were looked at */

	while (d.at < text.len) {
		char c = text.at[d.at];
		size_t from = d.at;
		bool begins =
		        !from || strchr(" \t\n:,([\"'*_", text.at[from - 1]);

		if ((c == '%' || c == '\\' || c == '&') && decode_escapes(&d))
			continue;
		if (d.at >= listed && c && begins &&
		    strchr("0123456789abcdefABCDEF.-", c)) {
			if (decode_list(&d, &listed))
				continue;
		}
		if (base64_value(c) >= 0 && c != '-' && c != '_' &&
		    decode_run(&d))
			continue;
		if (c == '.' || c == '-') {
			copy_list(&d);
			continue;
		}
		d.at = from + 1;
		buf_byte(out, c);
	}
	return d.signs;
}
