/*
 * The writer's half of json.h: strings are copied in runs of bytes that stand
 * as they are, eight looked at together; only what lies between is looked at
 * twice. Numbers of everyday size get their digits by whole numbers, which is
 * exact; the others by the C library.
 */

#include "base/json.h"

#include <assert.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

void json_start(struct json_out *o, struct buf *to)
{
	*o = (struct json_out){ .to = to };
}

/* The comma before a value or name that is not the first. */
static void json_comma(struct json_out *o)
{
	if (o->comma[o->depth])
		buf_byte(o->to, ',');
	o->comma[o->depth] = true;
}

void json_open(struct json_out *o, char bracket)
{
	assert(o->depth + 1 < JSON_OUT_DEPTH);
	json_comma(o);
	buf_byte(o->to, bracket);
	o->comma[++o->depth] = false;
}

void json_close(struct json_out *o, char bracket)
{
	assert(o->depth > 0);
	o->depth--;
	buf_byte(o->to, bracket);
}

#define EACH_BYTE(byte) (UINT64_MAX / 255 * (byte))

/* The highest bit of each byte of `word` that is below 0x20, '"', '\\', 0x7F
 * or above: of a difference to a byte sought, it says that it went below 0.
 * Bits above the lowest may be false alarms, by what was borrowed there. */
static uint64_t json_word_special(uint64_t word)
{
	uint64_t quote = word ^ EACH_BYTE('"');
	uint64_t slash = word ^ EACH_BYTE('\\');

	return ((word - EACH_BYTE(0x20)) | (quote - EACH_BYTE(1)) |
	        (slash - EACH_BYTE(1)) | (word + EACH_BYTE(1)) | word) &
	       EACH_BYTE(0x80);
}

/* The bytes at `at` as a number, the first one lowest. */
static uint64_t json_word(const char *at)
{
	const unsigned char *b = (const unsigned char *)at;

	return (uint64_t)b[0] | (uint64_t)b[1] << 8 | (uint64_t)b[2] << 16 |
	       (uint64_t)b[3] << 24 | (uint64_t)b[4] << 32 |
	       (uint64_t)b[5] << 40 | (uint64_t)b[6] << 48 |
	       (uint64_t)b[7] << 56;
}

/* Moves to the first special byte of a whole word, or to the last few. */
static size_t json_skip(struct slice s, size_t at)
{
	for (; s.len - at >= sizeof(uint64_t); at += sizeof(uint64_t)) {
		uint64_t special = json_word_special(json_word(s.at + at));

		if (special)
			return at + (size_t)__builtin_ctzll(special) / 8;
	}
	return at;
}

/* How long the run of bytes is that stand in a string as they are. */
static size_t json_plain_run(struct slice s, size_t from)
{
	size_t at = from;

	for (;;) {
		size_t before;
		unsigned char c;

		at = json_skip(s, at);
		if (at == s.len)
			return at;
		c = (unsigned char)s.at[at];
		if (c < 0x20 || c == '"' || c == '\\' || c == 0x7F)
			return at;
		if (c < 0x80) {
			at++;
			continue;
		}
		before = at;
		/* C1 controls are C2 80 to C2 9F. */
		if (utf8_next(s, &at) == UTF8_BAD ||
		    (c == 0xC2 && (unsigned char)s.at[before + 1] < 0xA0))
			return before;
	}
}

static void json_escape(struct buf *to, uint32_t point)
{
	static const char shorts[] = "\bb\ff\nn\rr\tt\"\"\\\\";
	const char *s;

	if (point == UTF8_BAD) {
		buf_text(to, "\xEF\xBF\xBD");
		return;
	}
	for (s = shorts; *s; s += 2)
		if (point == (unsigned char)*s) {
			buf_byte(to, '\\');
			buf_byte(to, s[1]);
			return;
		}
	buf_addf(to, "\\u%04x", (unsigned)point);
}

static void json_quote(struct buf *to, struct slice s)
{
	size_t at = 0;

	buf_byte(to, '"');
	for (;;) {
		size_t end = json_plain_run(s, at);

		buf_add(to, slice_cut(s, at, end));
		if (end == s.len)
			break;
		at = end;
		json_escape(to, utf8_next(s, &at));
	}
	buf_byte(to, '"');
}

void json_key(struct json_out *o, const char *name)
{
	json_comma(o);
	json_quote(o->to, slice_of(name));
	buf_byte(o->to, ':');
	o->comma[o->depth] = false;
}

void json_put_text(struct json_out *o, struct slice s)
{
	json_comma(o);
	json_quote(o->to, s);
}

void json_put_number(struct json_out *o, int64_t n)
{
	json_comma(o);
	buf_number(o->to, n);
}

enum { REAL_LEAST = 15, REAL_MOST = 17, REAL_TEXT = 40 };

__extension__ typedef unsigned __int128 wide;

/* A double as mantissa / 2^shift, exactly. */
struct real_parts {
	uint64_t mantissa;
	int shift;
	double size; /* its absolute value */
};

/*
 * False for those that the quick way does not know: 0, what %g would give an
 * exponent, whole numbers past 2^52, and powers of two, whose neighbours are
 * not equally far. For the others mantissa * 10^places has 128 bits.
 */
static bool real_take(double x, struct real_parts *out)
{
	int exponent;

	out->size = fabs(x);
	if (!(out->size >= 1e-4 && out->size < 1e15))
		return false;
	out->mantissa = (uint64_t)ldexp(frexp(out->size, &exponent), 53);
	out->shift = 53 - exponent;
	return out->shift > 0 && out->mantissa != UINT64_C(1) << 52;
}

/* 10^n, n up to 20. */
static wide real_power(int n)
{
	wide power = 1;

	while (n--)
		power *= 10;
	return power;
}

/*
 * The `places` decimals that are nearest, as a whole number, ties to even, as
 * printf() does; false when they do not read back as the same double: when
 * they are further off than half way to the next one.
 */
static bool real_round(const struct real_parts *r, wide power, uint64_t *out)
{
	wide exact = r->mantissa * power;
	wide unit = (wide)1 << r->shift;
	wide rest = exact & (unit - 1);
	wide whole = exact >> r->shift;
	bool up = rest > unit / 2 || (rest == unit / 2 && (whole & 1));
	wide off = up ? unit - rest : rest;

	*out = (uint64_t)(whole + up);
	return 2 * off < power || (2 * off == power && !(r->mantissa & 1));
}

/* `whole` with `places` of its digits behind the point, final zeros left
 * out. */
static void real_write(uint64_t whole, int places, struct buf *to)
{
	char digits[REAL_TEXT];
	size_t at = sizeof(digits), end = sizeof(digits);
	int i;

	for (i = 0; i < places || whole; i++) {
		if (i == places && i)
			digits[--at] = '.';
		digits[--at] = (char)('0' + whole % 10);
		whole /= 10;
	}
	if (i == places) {
		if (places)
			digits[--at] = '.';
		digits[--at] = '0';
	}
	while (places && digits[end - 1] == '0')
		end--;
	end -= digits[end - 1] == '.';
	buf_add(to, (struct slice){ digits + at, end - at });
}

/* The shortest digits; false: nothing was done. */
static bool real_quick(double x, struct buf *to)
{
	static const double tens[] = { 1e-4, 1e-3, 1e-2, 1e-1, 1e0,  1e1, 1e2,
		                       1e3,  1e4,  1e5,  1e6,  1e7,  1e8, 1e9,
		                       1e10, 1e11, 1e12, 1e13, 1e14, 1e15 };
	struct real_parts r;
	int precision, place = 0; /* of the first digit, from 10^-4 */
	uint64_t whole;

	if (!real_take(x, &r))
		return false;
	while (r.size >= tens[place + 1])
		place++;
	for (precision = REAL_LEAST; precision <= REAL_MOST; precision++) {
		int places = precision - 1 - (place - 4);

		if (real_round(&r, real_power(places), &whole))
			break;
	}
	if (precision > REAL_MOST || whole >= real_power(precision) ||
	    whole < real_power(precision - 1))
		return false;
	if (x < 0)
		buf_byte(to, '-');
	real_write(whole, precision - 1 - (place - 4), to);
	return true;
}

static void real_slow(double x, struct buf *to)
{
	const char *mark = localeconv()->decimal_point;
	char digits[REAL_TEXT];
	char *other;
	int precision;

	for (precision = REAL_LEAST; precision <= REAL_MOST; precision++) {
		snprintf(digits, sizeof(digits), "%.*g", precision, x);
		if (strtod(digits, NULL) == x)
			break;
	}
	other = strcmp(mark, ".") ? strstr(digits, mark) : NULL;
	if (other) {
		buf_add(to, (struct slice){ digits, (size_t)(other - digits) });
		buf_byte(to, '.');
		buf_text(to, other + strlen(mark));
		return;
	}
	buf_text(to, digits);
}

void json_put_real(struct json_out *o, double x)
{
	json_comma(o);
	if (!isfinite(x)) /* JSON has no word for it */
		buf_text(o->to, "null");
	else if (!real_quick(x, o->to))
		real_slow(x, o->to);
}

void json_put_bool(struct json_out *o, bool b)
{
	json_comma(o);
	buf_text(o->to, b ? "true" : "false");
}

void json_put_null(struct json_out *o)
{
	json_comma(o);
	buf_text(o->to, "null");
}

void json_put_raw(struct json_out *o, struct slice json)
{
	json_comma(o);
	buf_add(o->to, json);
}

void json_pair(struct json_out *o, const char *name, struct slice s)
{
	json_key(o, name);
	json_put_text(o, s);
}

void json_pair_number(struct json_out *o, const char *name, int64_t n)
{
	json_key(o, name);
	json_put_number(o, n);
}
