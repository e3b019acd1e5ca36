/* What every part of the `ops` tokenizer gives: tokens, words, humps. */

#include "kb/token_scan.h"

#include "kb/token_name.h"
#include "kb/token_shape.h"

const unsigned char scan_kinds[256] = {
	['0' ... '9'] = DIGIT,  ['A' ... 'Z'] = LETTER, ['a' ... 'z'] = LETTER,
	['_'] = UNDER,          ['.'] = JOIN,           ['-'] = JOIN,
	['/'] = JOIN,           [':'] = JOIN,           ['@'] = JOIN,
	['\\'] = JOIN,          ['+'] = JOIN,           ['~'] = JOIN,
	[0x80 ... 0xff] = HIGH,
};

/* Whether a hump begins at `at`: fooBar, HTTPServer, utf8, 8bit; not the s of
 * getURLs. */
static bool scan_hump(const char *s, size_t from, size_t at, size_t to)
{
	bool upper = s[at] >= 'A' && s[at] <= 'Z';
	bool before = s[at - 1] >= 'A' && s[at - 1] <= 'Z';

	if (at == from)
		return false;
	if (shape_digit(s[at]) != shape_digit(s[at - 1]))
		return true;
	if (!upper)
		return false;
	return !before ||
	       (at + 1 < to && s[at + 1] >= 'a' && s[at + 1] <= 'z' &&
	        !(at + 2 == to && s[at + 1] == 's'));
}

/* The humps of one word: letters from two (three next to a digit), digits
 * from three on. */
static bool scan_humps(struct scan *scan, size_t from, size_t to)
{
	const char *s = scan->text.at;
	size_t at, begin = from;

	for (at = from + 1; at <= to; at++) {
		bool digits, mixed;

		if (at < to && !scan_hump(s, from, at, to))
			continue;
		digits = shape_digit(s[begin]);
		mixed = (begin > from && shape_digit(s[begin - 1])) ||
		        (at < to && shape_digit(s[at]));
		if (at - begin >= (digits || mixed ? 3u : 2u) &&
		    !scan_emit(scan, begin, at, TOKEN_BESIDE))
			return false;
		begin = at;
	}
	return true;
}

struct word_look {
	bool digit, high, camel;
	size_t letters;
};

/* What a run of letters and digits is made of. "VMs" is no camel. */
static struct word_look scan_look(const char *s, size_t len)
{
	struct word_look w = { 0 };
	size_t i, upper = 0, lower = 0;
	bool first = len && s[0] >= 'A' && s[0] <= 'Z';

	for (i = 0; i < len; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c >= 'a' && c <= 'z')
			lower++;
		else if (c >= 'A' && c <= 'Z')
			upper++;
		else if (shape_digit((char)c))
			w.digit = true;
		else
			w.high = true;
	}
	w.letters = upper + lower;
	w.camel = upper > first && lower && !w.high &&
	          !(lower == 1 && s[len - 1] == 's');
	return w;
}

/* A run of letters and digits. */
bool scan_word(struct scan *scan, size_t from, size_t to, unsigned flags)
{
	struct slice s = slice_cut(scan->text, from, to);
	struct word_look w = scan_look(s.at, s.len);

	if (w.high || (!w.camel && !(w.digit && w.letters)))
		return scan_emit(scan, from, to, flags);
	if (!w.digit)
		return scan_emit(scan, from, to, flags) &&
		       (name_is_one_word(s) || scan_humps(scan, from, to));
	return scan_emit(scan, from, to, flags | TOKEN_VERBATIM) &&
	       (w.letters < 3 || shape_hex(s) || scan_humps(scan, from, to));
}

/* The words of a chunk: what stands between anything but letters and digits.
 * Single letters say nothing there. */
bool scan_words(struct scan *scan, size_t from, size_t to, unsigned flags)
{
	size_t at = from, begin;

	while (at < to) {
		for (begin = at; at < to && scan_is_word(scan, at);)
			at++;
		if (at - begin > ((flags & TOKEN_BESIDE) &&
		                  scan_kind(scan, begin) == LETTER) &&
		    !scan_word(scan, begin, at, flags))
			return false;
		if (at < to)
			at++;
	}
	return true;
}

bool scan_is_plain(const struct scan *scan, size_t from, size_t to)
{
	while (from < to && scan_is_word(scan, from))
		from++;
	return from == to;
}

/* Without signs in front, but for one that is `keep`. */
size_t scan_trim_front(const struct scan *scan, size_t from, size_t to,
                       char keep)
{
	while (from < to && scan_kind(scan, from) >= UNDER &&
	       scan_kind(scan, from) != HIGH && scan->text.at[from] != keep)
		from++;
	return from;
}

size_t scan_trim_back(const struct scan *scan, size_t from, size_t to)
{
	while (to > from && scan_kind(scan, to - 1) >= UNDER &&
	       scan_kind(scan, to - 1) != HIGH)
		to--;
	return to;
}
