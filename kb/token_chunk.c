/*
 * Each shape has a function that gives the whole and what stands beside it;
 * what has none is taken apart at a sign, and its pieces are chunks in turn,
 * which no longer hold that sign.
 */

#include "kb/token_chunk.h"

#include <string.h>

#include "kb/token_shape.h"

static bool chunk_verbatim(struct scan *scan, size_t from, size_t to)
{
	return scan_emit(scan, from, to, TOKEN_VERBATIM);
}

/* The whole and its words. */
static bool chunk_name(struct scan *scan, size_t from, size_t to)
{
	return chunk_verbatim(scan, from, to) &&
	       scan_words(scan, from, to, TOKEN_BESIDE);
}

/* What stands between the slashes and colons of a path: itself, unless it is a
 * mere word, and its words, unless they would be mere numbers. */
static bool chunk_component(struct scan *scan, size_t from, size_t to)
{
	struct slice s;

	from = scan_trim_front(scan, from, to, '.');
	s = slice_cut(scan->text, from, to);
	if (s.len > 1 && !scan_is_plain(scan, from, to) &&
	    !slice_starts(s, SLICE("..")) &&
	    !scan_emit(scan, from, to, TOKEN_VERBATIM | TOKEN_BESIDE))
		return false;
	return shape_ipv4(s) || shape_version(s) || shape_uuid(s) ||
	       scan_words(scan, from, to, TOKEN_BESIDE);
}

/* The whole, and its components. */
static bool chunk_path(struct scan *scan, size_t from, size_t to)
{
	size_t at = from, begin;

	if (!chunk_verbatim(scan, from, to))
		return false;
	for (begin = from; at <= to; at++) {
		if (at < to && !strchr("/\\:@?&=#;,", scan->text.at[at]))
			continue;
		if (!chunk_component(scan, begin, at))
			return false;
		begin = at + 1;
	}
	return true;
}

/* 1.25.4 and 1.25 beside v1.25.4-rc1. */
static bool chunk_version(struct scan *scan, size_t from, size_t to)
{
	size_t begin = from + !shape_digit(scan->text.at[from]);
	size_t at, dots = 0, second = to;

	if (!chunk_verbatim(scan, from, to))
		return false;
	for (at = begin; at < to; at++) {
		if (scan->text.at[at] == '.' && ++dots == 2)
			second = at;
		else if (!shape_digit(scan->text.at[at]) &&
		         scan->text.at[at] != '.')
			break;
	}
	if (scan->text.at[at - 1] == '.')
		at--;
	if (at - begin < to - from &&
	    !scan_emit(scan, begin, at, TOKEN_VERBATIM | TOKEN_BESIDE))
		return false;
	return second >= at ||
	       scan_emit(scan, begin, second, TOKEN_VERBATIM | TOKEN_BESIDE);
}

/* U.S.A. as usa */
static bool chunk_initials(struct scan *scan, size_t from, size_t to)
{
	char word[TOKEN_MAX];
	size_t len = 0, at;

	for (at = from; at < to && len < sizeof(word); at += 2)
		word[len++] = scan->text.at[at];
	return scan_give(scan, (struct slice){ word, len }, from, to, 0);
}

/* Letters, digits, dots, hyphens, underscores. */
static bool chunk_dotted(struct scan *scan, size_t from, size_t to)
{
	struct slice s = slice_cut(scan->text, from, to);

	if (shape_ipv4(s) || shape_uuid(s) || shape_mac(s))
		return chunk_verbatim(scan, from, to);
	if (shape_version(s))
		return chunk_version(scan, from, to);
	if (shape_initials(s))
		return chunk_initials(scan, from, to);
	return chunk_name(scan, from, to);
}

/* Whether a name of several words stands here, or words that only touch. */
static bool chunk_is_path(struct slice s)
{
	size_t i, slashes = 0, other = 0;

	for (i = 0; i < s.len; i++) {
		if (s.at[i] == '/' || s.at[i] == '\\')
			slashes++;
		else
			other += !shape_letter(s.at[i]);
	}
	return slashes > 1 || other || s.at[0] == '/';
}

/* i/o, tcp/ip, ci/cd; and/or is for the stop words. */
static bool chunk_is_pair(struct slice s)
{
	size_t slash = slice_find(s, '/');

	return slash <= 3 && s.len - slash <= 4;
}

static bool chunk_is_network(struct slice s)
{
	size_t slash = slice_find(s, '/');
	struct slice host = slice_cut(s, 0, slash);

	return slash < s.len && (shape_ipv4(host) || shape_ipv6(host)) &&
	       shape_digits(slice_cut(s, slash + 1, s.len));
}

static bool chunk_slashed(struct scan *scan, size_t from, size_t to)
{
	struct slice s = slice_cut(scan->text, from, to);

	if (chunk_is_network(s))
		return chunk_verbatim(scan, from, to) &&
		       scan_emit(scan, from, from + slice_find(s, '/'),
		                 TOKEN_VERBATIM | TOKEN_BESIDE);
	if (chunk_is_path(s))
		return chunk_path(scan, from, to);
	if (chunk_is_pair(s))
		return scan_emit(scan, from, to, 0) &&
		       scan_words(scan, from, to, TOKEN_BESIDE);
	return scan_words(scan, from, to, 0);
}

static size_t chunk_count(struct slice s, char c)
{
	size_t i, n = 0;

	for (i = 0; i < s.len; i++)
		n += s.at[i] == c;
	return n;
}

/* Whether a colon makes one name: host:80, std::vector, arn:aws:s3:::b. */
static bool chunk_is_colon_name(struct slice s)
{
	size_t colon = slice_find(s, ':');

	return chunk_count(s, ':') > 1 || shape_digit(s.at[colon + 1]);
}

/* Takes a chunk apart at `marks`, each piece with its own position. */
static bool chunk_split(struct scan *scan, size_t from, size_t to,
                        const char *marks)
{
	size_t at, begin = from;

	for (at = from; at <= to; at++) {
		if (at < to && !strchr(marks, scan->text.at[at]))
			continue;
		if (at > begin && !chunk_compound(scan, begin, at))
			return false;
		begin = at + 1;
	}
	return true;
}

/* user@host.tld; also behind mailto: and before a colon and a path. */
static bool chunk_at_sign(struct scan *scan, size_t from, size_t to)
{
	struct slice s = slice_cut(scan->text, from, to);
	size_t colon = slice_find(s, ':');

	if (shape_mail(s))
		return chunk_path(scan, from, to);
	if (shape_mail(slice_cut(s, 0, colon)) ||
	    shape_mail(slice_cut(s, colon + 1, s.len)))
		return chunk_split(scan, from, to, ":");
	return chunk_split(scan, from, to, "@");
}

/* 2020-12-25T10:00:00Z and, beside it, its day. */
static bool chunk_date(struct scan *scan, size_t from, size_t to)
{
	return chunk_verbatim(scan, from, to) &&
	       (to - from == 10 || scan_emit(scan, from, from + 10,
	                                     TOKEN_VERBATIM | TOKEN_BESIDE));
}

/* A chunk that does not begin with a sign of its own (path, option). */
bool chunk_compound(struct scan *scan, size_t from, size_t to)
{
	struct slice s;

	from = scan_trim_front(scan, from, to, '\0');
	to = scan_trim_back(scan, from, to);
	s = slice_cut(scan->text, from, to);
	if (!s.len)
		return true;
	if (slice_find(s, '@') < s.len)
		return chunk_at_sign(scan, from, to);
	if (shape_date(s))
		return chunk_date(scan, from, to);
	if (shape_time(s) || shape_mac(s) || shape_ipv6(s))
		return chunk_verbatim(scan, from, to);
	if (slice_find(s, '/') < s.len || slice_find(s, '\\') < s.len)
		return chunk_slashed(scan, from, to);
	if (slice_find(s, ':') < s.len)
		return chunk_is_colon_name(s)
		               ? chunk_path(scan, from, to)
		               : chunk_split(scan, from, to, ":");
	if ((slice_find(s, '+') < s.len || slice_find(s, '~') < s.len) &&
	    !shape_version(s))
		return chunk_split(scan, from, to, "+~");
	if (scan_is_plain(scan, from, to))
		return scan_word(scan, from, to, 0);
	return chunk_dotted(scan, from, to);
}

/* --name, -name: the whole, the name, its words. */
static bool chunk_option(struct scan *scan, size_t from, size_t to)
{
	size_t name = from + (scan_at(scan, from + 1) == '-' ? 2 : 1);

	if (!chunk_verbatim(scan, from, to))
		return false;
	if (!scan_is_plain(scan, name, to) &&
	    !scan_emit(scan, name, to, TOKEN_VERBATIM | TOKEN_BESIDE))
		return false;
	return scan_words(scan, name, to, TOKEN_BESIDE);
}

/* A chunk that begins with a sign. */
bool chunk_signed(struct scan *scan, size_t from, size_t to)
{
	struct slice s;

	to = scan_trim_back(scan, from, to);
	s = slice_cut(scan->text, from, to);
	if (s.len < 2)
		return true;
	if (s.at[0] == '-')
		return chunk_option(scan, from, to);
	if (s.at[0] == ':')
		return shape_ipv6(s) ? chunk_verbatim(scan, from, to)
		                     : chunk_compound(scan, from, to);
	return chunk_path(scan, from, to);
}

/* The whole, its host, and the words of both. */
bool chunk_url(struct scan *scan, size_t from, size_t to)
{
	size_t host = from, end;

	while (scan->text.at[host] != ':')
		host++;
	host += 3;
	for (end = host; end < to && !strchr("/?#:", scan->text.at[end]);)
		end++;
	if (!chunk_verbatim(scan, from, to))
		return false;
	if (end > host &&
	    !scan_emit(scan, host, end, TOKEN_VERBATIM | TOKEN_BESIDE))
		return false;
	return scan_words(scan, host, to, TOKEN_BESIDE);
}
