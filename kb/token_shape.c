/*
 * Recognisers written out by hand, one pass each. They are asked only of runs
 * that hold more than letters, so that plain text does not pay for them.
 */

#include "kb/token_shape.h"

#include <stddef.h>

static bool shape_hexdigit(char c)
{
	return shape_digit(c) || (c >= 'a' && c <= 'f') ||
	       (c >= 'A' && c <= 'F');
}

/* Length of the run of digits (or hex digits) from `at` on. */
static size_t shape_run(struct slice s, size_t at, bool (*is)(char))
{
	size_t i = at;

	while (i < s.len && is(s.at[i]))
		i++;
	return i - at;
}

bool shape_letters(struct slice s)
{
	return s.len && shape_run(s, 0, shape_letter) == s.len;
}

bool shape_digits(struct slice s)
{
	return s.len && shape_run(s, 0, shape_digit) == s.len;
}

bool shape_hex(struct slice s)
{
	bool digit = false, letter = false;
	size_t i;

	if (s.len > 2 && s.at[0] == '0' && (s.at[1] | 32) == 'x')
		return 2 + shape_run(s, 2, shape_hexdigit) == s.len;
	if (s.len < 7 || s.len > 128)
		return false;
	for (i = 0; i < s.len; i++) {
		if (!shape_hexdigit(s.at[i]))
			return false;
		digit |= shape_digit(s.at[i]);
		letter |= !shape_digit(s.at[i]);
	}
	return digit && letter;
}

bool shape_uuid(struct slice s)
{
	static const size_t group[] = { 8, 4, 4, 4, 12 };
	size_t i, at = 0;

	if (s.len != 36)
		return false;
	for (i = 0; i < 5; i++) {
		if (shape_run(s, at, shape_hexdigit) != group[i])
			return false;
		at += group[i];
		if (i < 4 && s.at[at++] != '-')
			return false;
	}
	return true;
}

bool shape_ipv4(struct slice s)
{
	size_t groups, at = 0;

	for (groups = 0; groups < 4; groups++) {
		size_t n = shape_run(s, at, shape_digit);

		if (n < 1 || n > 3)
			return false;
		at += n;
		if (groups < 3 && (at >= s.len || s.at[at++] != '.'))
			return false;
	}
	return at == s.len;
}

bool shape_ipv6(struct slice s)
{
	size_t at = 0, groups = 0, colons = 0, pairs = 0;

	while (at < s.len) {
		size_t n = shape_run(s, at, shape_hexdigit);

		if (n > 4)
			return false;
		groups += n > 0;
		at += n;
		if (at == s.len)
			break;
		if (s.at[at++] != ':')
			return false;
		colons++;
		if (at < s.len && s.at[at] == ':') {
			pairs++;
			colons++;
			at++;
		}
	}
	return groups && pairs <= 1 && colons <= 8 &&
	       (pairs == 1 || (groups == 8 && colons == 7));
}

bool shape_mac(struct slice s)
{
	size_t i;

	if (s.len != 17 || (s.at[2] != ':' && s.at[2] != '-'))
		return false;
	for (i = 0; i < s.len; i++) {
		if (i % 3 == 2 ? s.at[i] != s.at[2] : !shape_hexdigit(s.at[i]))
			return false;
	}
	return true;
}

bool shape_time(struct slice s)
{
	size_t at = shape_run(s, 0, shape_digit);
	size_t groups = 1;

	if (at < 1 || at > 2)
		return false;
	while (at < s.len && s.at[at] == ':' && groups < 3) {
		if (shape_run(s, at + 1, shape_digit) != 2)
			return false;
		at += 3;
		groups++;
	}
	if (groups == 3 && at < s.len && s.at[at] == '.')
		at += 1 + shape_run(s, at + 1, shape_digit);
	return groups > 1 && at == s.len;
}

bool shape_date(struct slice s)
{
	return s.len >= 10 && shape_run(s, 0, shape_digit) == 4 &&
	       s.at[4] == '-' && shape_run(s, 5, shape_digit) == 2 &&
	       s.at[7] == '-' && shape_run(s, 8, shape_digit) == 2 &&
	       (s.len == 10 || (s.at[10] | 32) == 't');
}

/* What may follow the numbers of a version: -rc1, +build.5, ~beta, _p3, .x */
static bool shape_suffix(struct slice s, size_t at)
{
	size_t i;

	if (at == s.len)
		return true;
	if (s.at[at] == '.' && at + 2 == s.len && (s.at[at + 1] | 32) == 'x')
		return true;
	for (i = at; i < s.len; i++)
		if (s.at[i] == '/' || s.at[i] == ':' || s.at[i] == '@' ||
		    s.at[i] == '\\')
			return false;
	return s.at[at] != '.';
}

bool shape_version(struct slice s)
{
	size_t at = s.len && (s.at[0] | 32) == 'v';
	size_t groups = 0;

	for (;;) {
		size_t n = shape_run(s, at, shape_digit);

		if (!n || n > 10)
			return false;
		at += n;
		groups++;
		if (at + 1 >= s.len || s.at[at] != '.' ||
		    !shape_digit(s.at[at + 1]))
			break;
		at++;
	}
	return groups > 1 && shape_suffix(s, at);
}

bool shape_mail(struct slice s)
{
	size_t at = slice_find(s, '@');
	struct slice host = slice_cut(s, at + 1, s.len);
	size_t i;

	if (!at || at == s.len || slice_find(host, '.') >= host.len)
		return false;
	for (i = 0; i < s.len; i++)
		if (i != at && !shape_alnum(s.at[i]) && s.at[i] != '.' &&
		    s.at[i] != '-' && s.at[i] != '_' && s.at[i] != '+')
			return false;
	return shape_alnum(host.at[0]) && shape_alnum(host.at[host.len - 1]);
}

bool shape_initials(struct slice s)
{
	size_t i;

	if (s.len < 3 || s.len % 2 == 0)
		return false;
	for (i = 0; i < s.len; i++)
		if (i % 2 ? s.at[i] != '.' : !shape_letter(s.at[i]))
			return false;
	return true;
}
