/*
 * RFC 1468, with the half-width katakana of ISO-2022-JP-3 and the characters
 * of ISO-2022-JP-1. EUC-JP sets the eighth bit of each byte, and names the
 * lesser sets by a byte before. A line end goes back to ASCII, which limits
 * what a lost escape spoils.
 */

#include "base/text/charset_jis.h"

enum jis { JIS_ASCII, JIS_KANA, JIS_TWO, JIS_MORE };

static const struct {
	struct slice escape;
	enum jis set;
} escapes[] = {
	{ { "\x1B$B", 3 }, JIS_TWO },   { { "\x1B$@", 3 }, JIS_TWO },
	{ { "\x1B$(D", 4 }, JIS_MORE }, { { "\x1B(I", 3 }, JIS_KANA },
	{ { "\x1B(B", 3 }, JIS_ASCII }, { { "\x1B(J", 3 }, JIS_ASCII },
	{ { "\x1B(H", 3 }, JIS_ASCII },
};

/* The length of an escape at the start of `s`, or 0. */
static size_t jis_escape(struct slice s, enum jis *set)
{
	size_t i;

	for (i = 0; i < sizeof(escapes) / sizeof(*escapes); i++)
		if (slice_starts(s, escapes[i].escape)) {
			*set = escapes[i].set;
			return escapes[i].escape.len;
		}
	return 0;
}

bool charset_jis_is(struct slice s)
{
	size_t at = 0;

	while ((at += slice_find(slice_cut(s, at, s.len), '\x1B')) < s.len) {
		enum jis set = JIS_ASCII;

		(void)jis_escape(slice_cut(s, at, s.len), &set);
		if (set != JIS_ASCII)
			return true;
		at++;
	}
	return false;
}

static bool jis_graphic(char c)
{
	return c > 0x20 && c < 0x7F;
}

/* One character of a set; returns its bytes. */
static size_t jis_put(struct slice s, enum jis set, struct buf *out)
{
	size_t len = set == JIS_TWO || set == JIS_MORE ? 2 : 1, i;

	if (!jis_graphic(s.at[0]) || s.len < len ||
	    !jis_graphic(s.at[len - 1])) {
		buf_byte(out, s.at[0]);
		return 1;
	}
	if (set == JIS_KANA)
		buf_byte(out, '\x8E');
	if (set == JIS_MORE)
		buf_byte(out, '\x8F');
	for (i = 0; i < len; i++)
		buf_byte(out,
		         set == JIS_ASCII ? s.at[i] : (char)(s.at[i] | 0x80));
	return len;
}

void charset_jis_open(struct slice s, struct buf *out)
{
	enum jis set = JIS_ASCII;
	size_t at = 0;

	while (at < s.len) {
		struct slice rest = slice_cut(s, at, s.len);
		size_t escape = s.at[at] == '\x1B' ? jis_escape(rest, &set) : 0;

		if (s.at[at] == '\n')
			set = JIS_ASCII;
		at += escape ? escape : jis_put(rest, set, out);
	}
}
