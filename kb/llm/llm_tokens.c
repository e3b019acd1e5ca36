/*
 * Byte-pair vocabularies of 100,000 entries and more spend on English about a
 * token for four letters, and one for a word of up to six or so; on letters
 * that no words make (base64, names in camel case) one for each change of
 * case; on a digit or a mark up to one; on a Han character 0.7 to 1, a Hangul
 * syllable 0.6 to 1.1, other scripts one for two letters or less. What is
 * reckoned here is 1.1 to 1.5 times that in English, Chinese and logs, 1.1 to
 * 1.6 times in Korean; small vocabularies made for English alone (32,000) may
 * spend half more on Korean than is reckoned. Tenths are added up, so that
 * short texts are not rounded up at every word.
 */

#include "base/utf8.h"
#include "kb/llm/llm.h"

static bool is_letter(unsigned char c)
{
	return (c | 32) >= 'a' && (c | 32) <= 'z';
}

static bool is_small(unsigned char c)
{
	return c >= 'a';
}

/* Where the run of letters from `at` ends: before a capital behind a small
 * letter, a new one begins. */
static size_t word_end(struct slice text, size_t at)
{
	const unsigned char *c = (const unsigned char *)text.at;

	for (at++; at < text.len && is_letter(c[at]); at++)
		if (!is_small(c[at]) && is_small(c[at - 1]))
			break;
	return at;
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
	if (point < 0x0250)
		return 10; /* Latin: it parts a word */
	if (point < 0x0590)
		return 7; /* Greek, Cyrillic */
	if (point < 0x0700)
		return 9; /* Hebrew, Arabic */
	if (point < 0xAC00)
		return 12; /* scripts of India, Thai, kana, Han */
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
			at = word_end(text, at);
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
