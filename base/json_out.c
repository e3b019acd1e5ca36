/*
 * The writer's half of json.h: strings are copied in runs of bytes that stand
 * as they are; only what lies between is looked at twice.
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

/* How long the run of bytes is that stand in a string as they are. */
static size_t json_plain_run(struct slice s, size_t from)
{
	size_t at = from;

	for (;;) {
		size_t before;
		unsigned char c;

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

void json_put_real(struct json_out *o, double x)
{
	const char *mark = localeconv()->decimal_point;
	char digits[40];
	char *other;
	int precision;

	json_comma(o);
	if (!isfinite(x)) { /* JSON has no word for it */
		buf_text(o->to, "null");
		return;
	}
	for (precision = 15; precision <= 17; precision++) {
		snprintf(digits, sizeof(digits), "%.*g", precision, x);
		if (strtod(digits, NULL) == x)
			break;
	}
	other = strcmp(mark, ".") ? strstr(digits, mark) : NULL;
	if (other) {
		buf_add(o->to,
		        (struct slice){ digits, (size_t)(other - digits) });
		buf_byte(o->to, '.');
		buf_text(o->to, other + strlen(mark));
		return;
	}
	buf_text(o->to, digits);
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
