/*
 * Byte-pair vocabularies of 30,000 to 260,000 entries spend on English about a
 * token for four letters, and one for a word of up to six or so; on a digit
 * up to one; on marks one each, a run of the same mark less; on a Han
 * character 0.6 to 1.6, a Hangul syllable 0.6 to 1.7, other scripts about one
 * for two letters. What is reckoned here is the worse half of that range.
 * Tenths are added up, so that short texts are not rounded up at every word.
 */

#include "base/utf8.h"
#include "kb/llm/llm.h"

static bool is_letter(unsigned char c)
{
	return (c | 32) >= 'a' && (c | 32) <= 'z';
}

/* A run of letters: most are one token, long ones several. */
static int64_t word_tenths(size_t letters)
{
	return letters <= 5 ? 12 : 12 + (int64_t)(letters - 5) * 10 / 4;
}

static int64_t wide_tenths(uint32_t point)
{
	if (point == UTF8_BAD)
		return 10;
	if (point < 0x0600)
		return 6; /* Latin, Greek, Cyrillic, Hebrew */
	if (point < 0x1100)
		return 10;
	if (point < 0xAC00)
		return 12; /* kana, Han */
	if (point < 0xD7B0)
		return 13; /* Hangul */
	return point < 0x10000 ? 12 : 25;
}

int64_t llm_tokens(struct slice text)
{
	int64_t tenths = 0;
	size_t at = 0;

	while (at < text.len) {
		unsigned char c = (unsigned char)text.at[at];
		size_t from = at;

		if (is_letter(c)) {
			while (at < text.len &&
			       is_letter((unsigned char)text.at[at]))
				at++;
			tenths += word_tenths(at - from);
		} else if (c >= 0x80) {
			tenths += wide_tenths(utf8_next(text, &at));
		} else if (c == ' ') {
			/* One before a word is a part of it. */
			for (at++; at < text.len && text.at[at] == ' '; at++)
				continue;
			tenths += at - from > 1 ? 10 : 1;
		} else {
			at++;
			tenths += 10;
		}
	}
	return (tenths + 9) / 10;
}
