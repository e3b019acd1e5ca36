/* Segments are appended to the text, and dropped again by cutting it. */

#include "base/net/url_path.h"

#include "base/net/url_percent.h"

static bool is_letter(char c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

bool url_path_is_drive(struct slice s)
{
	return s.len == 2 && is_letter(s.at[0]) &&
	       (s.at[1] == ':' || s.at[1] == '|');
}

bool url_path_has_drive(struct slice s)
{
	size_t end = url_path_segment(s, 0, URL_PATH_SPECIAL);

	return url_path_is_drive(slice_cut(s, 0, end));
}

/* How many dots a segment means: "." and "%2e" are one each; 0: others. */
static int segment_dots(struct slice s)
{
	int dots = 0;
	size_t at = 0;

	while (at < s.len && dots < 2) {
		if (s.at[at] == '.')
			at++;
		else if (s.len - at >= 3 && s.at[at] == '%' &&
		         s.at[at + 1] == '2' && (s.at[at + 2] | 0x20) == 'e')
			at += 3;
		else
			return 0;
		dots++;
	}
	return at == s.len ? dots : 0;
}

void url_path_shorten(struct buf *text, size_t path, unsigned flags)
{
	struct slice s = slice_cut(buf_slice(text), path, text->len);
	size_t len = s.len;

	if (flags & URL_PATH_FILE && len == 3 && is_letter(s.at[1]) &&
	    s.at[2] == ':')
		return;
	while (len && s.at[len - 1] != '/')
		len--;
	if (len)
		buf_cut(text, path + len - 1);
}

size_t url_path_segment(struct slice in, size_t at, unsigned flags)
{
	while (at < in.len && !url_path_slash(in.at[at], flags) &&
	       in.at[at] != '?' && in.at[at] != '#')
		at++;
	return at;
}

static void segment_add(struct slice s, bool last, unsigned flags, size_t path,
                        struct buf *text)
{
	int dots = s.len && (s.at[0] == '.' || s.at[0] == '%') ? segment_dots(s)
	                                                       : 0;

	if (dots == 2)
		url_path_shorten(text, path, flags);
	if (!dots || last)
		buf_byte(text, '/');
	if (dots)
		return;
	if (flags & URL_PATH_FILE && text->len == path + 1 &&
	    url_path_is_drive(s)) {
		buf_byte(text, s.at[0]);
		buf_byte(text, ':');
	} else {
		url_percent_add(s, URL_SET_PATH, text);
	}
}

size_t url_path_add(struct slice in, size_t at, unsigned flags, size_t path,
                    struct buf *text)
{
	for (;;) {
		size_t end = url_path_segment(in, at, flags);
		bool last = end == in.len || !url_path_slash(in.at[end], flags);

		segment_add(slice_cut(in, at, end), last, flags, path, text);
		if (last)
			return end;
		at = end + 1;
	}
}
