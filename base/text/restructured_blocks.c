/*
 * Marks of blocks: pure questions about a line of reStructuredText.
 */

#include "base/text/restructured_blocks.h"

#include <string.h>

#include "base/text/lines.h"
#include "base/text/unicode.h"
#include "base/utf8.h"

char restructured_adornment(struct slice line)
{
	struct slice s = line_trim_end(line);

	if (s.len < 2 ||
	    !memchr("=-`:.'\"~^_*+#<>!$%&(),/;?@[\\]{|}", s.at[0], 32) ||
	    line_run(s, s.at[0]) != s.len)
		return 0;
	return s.at[0];
}

size_t restructured_width(struct slice line)
{
	size_t at = 0, width = 0;

	line = line_trim_end(line);
	while (at < line.len) {
		uint32_t point = utf8_next(line, &at);

		width += (size_t)(point < 0x80 ? 1 : unicode_width(point));
	}
	return width;
}

/* Length of a bullet with its blanks, or 0. */
static size_t bullet(struct slice s)
{
	size_t mark = 1, i;

	if (slice_starts(s, SLICE("\xE2\x80\xA2")))
		mark = 3;
	else if (!s.len || !memchr("*+-", s.at[0], 3))
		return 0;
	if (s.len == mark)
		return mark + 1;
	for (i = mark; i < s.len && s.at[i] == ' '; i++)
		;
	return i > mark ? i : 0;
}

static bool roman(struct slice s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (!memchr("ivxlcIVXLC", s.at[i], 10))
			return false;
	return s.len > 0 && s.len < 8;
}

/* Length of an enumerator with its blanks, or 0. */
static size_t enumerator(struct slice s, int64_t *number)
{
	size_t from = slice_starts(s, SLICE("(")), i = from, end;
	struct slice what;

	while (i < s.len && i - from < 9 &&
	       ((line_word(s.at[i]) && s.at[i] != '_' &&
	         (unsigned char)s.at[i] < 0x80) ||
	        (s.at[i] == '#' && i == from)))
		i++;
	what = slice_cut(s, from, i);
	if (i >= s.len || !what.len ||
	    (from ? s.at[i] != ')' : s.at[i] != '.' && s.at[i] != ')'))
		return 0;
	*number = 0;
	if (!slice_number(what, number) && !slice_eq(what, SLICE("#")) &&
	    what.len != 1 && !roman(what))
		return 0;
	for (end = i + 1; end < s.len && s.at[end] == ' '; end++)
		;
	return end > i + 1 || end == s.len ? end : 0;
}

size_t restructured_item(struct slice s, bool *ordered, int64_t *number)
{
	size_t len = bullet(s);

	*ordered = false;
	if (len)
		return len;
	*ordered = true;
	return enumerator(s, number);
}

size_t restructured_option(struct slice s)
{
	size_t i = 0, words = 0;

	if (s.len < 2 || s.at[0] != '-' ||
	    !(line_word(s.at[1]) ||
	      (s.at[1] == '-' && s.len > 2 && line_word(s.at[2]))))
		return 0;
	while (i < s.len) {
		if (s.at[i] == ' ' && (i + 1 == s.len || s.at[i + 1] == ' '))
			return i;
		/* "-f FILE, --file=FILE": one argument behind each. */
		words = s.at[i] == ' ' ? words + 1 : words;
		words = s.at[i] == ',' ? 0 : words;
		if (words > 2)
			return 0;
		i++;
	}
	return s.len;
}

bool restructured_explicit(struct slice s, struct slice *name,
                           struct slice *argument)
{
	size_t i;

	for (i = 0; i + 1 < s.len; i++) {
		if (s.at[i] == ':' && s.at[i + 1] == ':')
			break;
		if (!line_word(s.at[i]) && !memchr("-+.:", s.at[i], 4))
			return false;
	}
	if (!i || i + 1 >= s.len || (i + 2 < s.len && s.at[i + 2] != ' '))
		return false;
	*name = slice_cut(s, 0, i);
	*argument = slice_trim(slice_cut(s, i + 2, s.len));
	return true;
}
