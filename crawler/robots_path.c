/*
 * A pattern is literal runs between '*', each looked for behind the one before
 * at its first place: since '*' matches anything, no later place can do better.
 * That takes one pass over the path.
 */

#include "crawler/robots_path.h"

#include <string.h>

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte that "%XX" at `i` stands for, or -1. */
static int escaped(struct slice s, size_t i)
{
	int high, low;

	if (s.at[i] != '%' || s.len - i < 3)
		return -1;
	high = hex(s.at[i + 1]);
	low = hex(s.at[i + 2]);
	return high < 0 || low < 0 ? -1 : high * 16 + low;
}

static bool unreserved(int c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z') || c == '-' || c == '.' || c == '_' ||
	       c == '~';
}

static size_t put_escaped(char *to, int c)
{
	static const char digits[] = "0123456789ABCDEF";

	to[0] = '%';
	to[1] = digits[c >> 4 & 15];
	to[2] = digits[c & 15];
	return 3;
}

/* `to` has room for three times s.len; returns the length. */
static size_t normalise(char *to, struct slice s, enum robots_form form)
{
	size_t n = 0, i = 0;

	while (i < s.len) {
		int c = escaped(s, i);
		bool was = c >= 0;

		if (!was)
			c = (unsigned char)s.at[i];
		i += was ? 3 : 1;
		if (was ? form == PATH_ESCAPED || !unreserved(c)
		        : c >= 128 || (form == PATH_TARGET &&
		                       (c == '*' || c == '$')))
			n += put_escaped(to + n, c);
		else
			to[n++] = (char)c;
	}
	return n;
}

/* Whether it is the same in every form. */
static bool simple(struct slice s, enum robots_form form)
{
	size_t i;

	for (i = 0; i < s.len; i++) {
		char c = s.at[i];

		if (c == '%' || (unsigned char)c >= 128 ||
		    (form == PATH_TARGET && (c == '*' || c == '$')))
			return false;
	}
	return true;
}

struct slice robots_path(struct arena *a, struct slice s, enum robots_form form)
{
	char *to;

	if (simple(s, form))
		return s;
	to = arena_new(a, s.len * 3);
	return (struct slice){ to, normalise(to, s, form) };
}

/* Where `run` first stands in `s`, at `from` or behind; SIZE_MAX: nowhere. */
static size_t find(struct slice s, size_t from, struct slice run)
{
	const char *at;

	if (!run.len)
		return from;
	at = from < s.len ? memmem(s.at + from, s.len - from, run.at, run.len)
	                  : NULL;
	return at ? (size_t)(at - s.at) : SIZE_MAX;
}

bool robots_matches(struct slice pattern, struct slice path)
{
	bool whole = slice_ends(pattern, SLICE("$"));
	size_t at = slice_find(pattern, '*');
	size_t done, end;

	if (whole)
		pattern.len--;
	if (at >= pattern.len)
		return whole ? slice_eq(path, pattern)
		             : slice_starts(path, pattern);
	if (!slice_starts(path, slice_cut(pattern, 0, at)))
		return false;
	done = at;
	while (at < pattern.len) {
		struct slice run = slice_cut(pattern, at + 1, pattern.len);

		end = slice_find(run, '*');
		run.len = end;
		at += 1 + end;
		if (whole && at >= pattern.len)
			return path.len - done >= run.len &&
			       slice_ends(path, run);
		done = find(path, done, run);
		if (done == SIZE_MAX)
			return false;
		done += run.len;
	}
	return true;
}
