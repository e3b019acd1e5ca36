/* A memchr() from one ampersand to the next; what stands between is copied. */

#include "crawler/entity.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"

static bool entity_digit(char c, uint32_t base, uint32_t *value)
{
	uint32_t digit = 99;

	if (c >= '0' && c <= '9')
		digit = (uint32_t)(c - '0');
	else if (c >= 'a' && c <= 'f')
		digit = (uint32_t)(c - 'a' + 10);
	else if (c >= 'A' && c <= 'F')
		digit = (uint32_t)(c - 'A' + 10);
	if (digit >= base)
		return false;
	*value = *value * base + digit;
	return *value <= 0x10FFFF;
}

/* XML 1.0, production 2: what a numeric reference may stand for. */
static bool entity_allowed(uint32_t c)
{
	return c == 9 || c == 10 || c == 13 || (c >= 0x20 && c <= 0xD7FF) ||
	       (c >= 0xE000 && c <= 0xFFFD) || (c >= 0x10000 && c <= 0x10FFFF);
}

/* "#10" or "#xA". */
static bool entity_number(struct slice s, uint32_t *out)
{
	bool hex = s.len > 1 && s.at[1] == 'x';
	size_t i = hex ? 2 : 1;

	*out = 0;
	if (i >= s.len)
		return false;
	for (; i < s.len; i++)
		if (!entity_digit(s.at[i], hex ? 16 : 10, out))
			return false;
	return entity_allowed(*out);
}

static bool entity_name(struct slice s, uint32_t *out)
{
	static const struct {
		struct slice name;
		char c;
	} names[] = {
		{ { "lt", 2 }, '<' },    { { "gt", 2 }, '>' },
		{ { "amp", 3 }, '&' },   { { "quot", 4 }, '"' },
		{ { "apos", 4 }, '\'' },
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (slice_eq(s, names[i].name)) {
			*out = (uint32_t)names[i].c;
			return true;
		}
	}
	return false;
}

/* Decodes the entity at the start of `s` ('&'); its length, or 0. The two that
 * tags are made of come first: they are nearly all. */
static size_t decode_entity(struct slice s, char **to)
{
	struct slice head = slice_cut(s, 1, 12);
	size_t n = 0;
	struct slice name;
	uint32_t c = 0;

	while (n < head.len && head.at[n] != ';')
		n++;
	name = slice_cut(head, 0, n);
	if (n == head.len || !n)
		return 0;
	if (n == 2 && head.at[1] == 't' &&
	    (head.at[0] == 'l' || head.at[0] == 'g')) {
		*(*to)++ = head.at[0] == 'l' ? '<' : '>';
		return 4;
	}
	if (!(name.at[0] == '#' ? entity_number(name, &c)
	                        : entity_name(name, &c)))
		return 0;
	*to += utf8_put(*to, c);
	return n + 2;
}

struct slice entity_decode(struct slice raw, struct arena *a)
{
	size_t i = slice_find(raw, '&'), from = 0;
	char *start, *to;

	if (i == raw.len)
		return raw;
	/* What an entity stands for is never longer than the entity. */
	start = to = arena_new(a, raw.len);
	while (i < raw.len) {
		size_t n;

		memcpy(to, raw.at + from, i - from);
		to += i - from;
		n = decode_entity(slice_cut(raw, i, raw.len), &to);
		if (!n) {
			*to++ = '&';
			n = 1;
		}
		from = i + n;
		i = from + slice_find(slice_cut(raw, from, raw.len), '&');
	}
	memcpy(to, raw.at + from, raw.len - from);
	to += raw.len - from;
	return (struct slice){ start, (size_t)(to - start) };
}
