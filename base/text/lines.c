#include "base/text/lines.h"

#include <stdint.h>
#include <string.h>

struct slice lines_peek(struct slice text, size_t at)
{
	struct slice rest = slice_cut(text, at, text.len);

	return slice_cut(rest, 0, slice_find(rest, '\n'));
}

struct slice lines_next(struct slice text, size_t *at)
{
	struct slice line = lines_peek(text, *at);

	*at += line.len + (*at + line.len < text.len);
	if (line.len && line.at[line.len - 1] == '\r')
		line.len--;
	return line;
}

bool line_blank(struct slice line)
{
	size_t i;

	for (i = 0; i < line.len; i++)
		if (line.at[i] != ' ' && line.at[i] != '\t' &&
		    line.at[i] != '\r' && line.at[i] != '\n')
			return false;
	return true;
}

size_t line_indent(struct slice line)
{
	size_t i, column = 0;

	for (i = 0; i < line.len; i++) {
		if (line.at[i] == '\t')
			column += 8 - column % 8;
		else if (line.at[i] == ' ')
			column++;
		else
			break;
	}
	return column;
}

struct slice line_from(struct slice line, size_t column)
{
	size_t i, reached = 0;

	for (i = 0; i < line.len && reached < column; i++) {
		if (line.at[i] == '\t')
			reached += 8 - reached % 8;
		else if (line.at[i] == ' ')
			reached++;
		else
			break;
	}
	return slice_cut(line, i, line.len);
}

struct slice line_trim_end(struct slice line)
{
	while (line.len && strchr(" \t\r\n", line.at[line.len - 1]) &&
	       line.at[line.len - 1])
		line.len--;
	return line;
}

size_t line_run(struct slice line, char c)
{
	size_t n = 0;

	while (n < line.len && line.at[n] == c)
		n++;
	return n;
}

bool line_only(struct slice line, char c)
{
	size_t n = line_run(line, c);

	return n && line_blank(slice_cut(line, n, line.len));
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

bool line_starts(struct slice line, struct slice head)
{
	size_t i;

	if (line.len < head.len)
		return false;
	for (i = 0; i < head.len; i++)
		if (lower(line.at[i]) != lower(head.at[i]))
			return false;
	return true;
}

bool line_same(struct slice a, struct slice b)
{
	return a.len == b.len && line_starts(a, b);
}

bool line_word(char c)
{
	return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') ||
	       c == '_' || (unsigned char)c >= 0x80;
}

size_t line_find(struct slice s, struct slice what)
{
	size_t at = 0;

	while (what.len && at + what.len <= s.len) {
		at += slice_find(slice_cut(s, at, s.len), what.at[0]);
		if (slice_starts(slice_cut(s, at, s.len), what))
			return at;
		at++;
	}
	return s.len;
}

void lines_unindent(struct slice text, size_t column, struct buf *out)
{
	size_t at = 0, start = out->len, blank = 0;

	if (column == SIZE_MAX)
		while (at < text.len) {
			struct slice line = lines_next(text, &at);
			size_t indent = line_indent(line);

			if (!line_blank(line) && indent < column)
				column = indent;
		}
	for (at = 0; at < text.len;) {
		struct slice line = lines_next(text, &at);

		if (line_blank(line)) {
			blank++;
			continue;
		}
		for (; out->len > start && blank; blank--)
			buf_byte(out, '\n');
		blank = 0;
		if (out->len > start)
			buf_byte(out, '\n');
		buf_add(out, line_from(line, column));
	}
}
