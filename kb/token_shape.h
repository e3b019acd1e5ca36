#ifndef KB_TOKEN_SHAPE_H
#define KB_TOKEN_SHAPE_H

#include <stdbool.h>

#include "base/slice.h"

/*
 * What a run of ASCII is by its looks: the questions the `ops` tokenizer asks
 * of something an engineer may have pasted. Pure functions over the whole
 * slice; none of them looks beyond it, and letter case never matters, since a
 * query may be typed in another case than the text.
 */

static inline bool shape_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool shape_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline bool shape_alnum(char c)
{
	return shape_letter(c) || shape_digit(c);
}

/* Letters or digits only, at least one. */
bool shape_letters(struct slice s);
bool shape_digits(struct slice s);

/* 7 to 128 hex digits with a digit and a letter among them, or 0x and hex. */
bool shape_hex(struct slice s);

/* 550e8400-e29b-41d4-a716-446655440000 */
bool shape_uuid(struct slice s);

/* 10.0.0.1 */
bool shape_ipv4(struct slice s);

/* fe80::1, ::1, 2001:db8:0:0:0:0:0:1; at least two colons, hex groups */
bool shape_ipv6(struct slice s);

/* 00:1a:2b:3c:4d:5e, also with hyphens */
bool shape_mac(struct slice s);

/* 12:30, 12:30:45, 12:30:45.123 */
bool shape_time(struct slice s);

/* 2020-12-25, 2020-12-25T10:00:00Z and whatever else follows the T */
bool shape_date(struct slice s);

/* 1.2, 1.25.4, v1.2, 1.25.4-rc1, 2.0.0+build.5, 5.10.0-21-amd64, 1.2.x */
bool shape_version(struct slice s);

/* name@host.tld */
bool shape_mail(struct slice s);

/* Single letters with dots between: u.s.a, e.g */
bool shape_initials(struct slice s);

#endif
