/*
 * Small words of English stand in every sentence: where two of them would
 * appear if all letters were shifted alike, they are shifted. A word's
 * distances from its first letter do not change by a shift, so all of them are
 * looked for at once.
 */

#include "kb/cases/guard_cipher.h"

#include <string.h>

enum { LETTERS = 26, LEAST = 2, WORD_MOST = 16 };

static const char *const small_words[] = {
	"the",
	"and",
	"this",
	"with",
	"you",
	"must",
	"class",
	"ignore",
	"set",
	"answer",
	"ticket",
	"as",
	"to",
	"of",
	"your",
	"write",
	"all",
	"previous",
	"print",
	"output",
	"instructions",
	"is",
	"it",
	"not",
	"case",
	"that",
	"rules",
	"prompt",
	"for",
	"error",
	"record",
	"reader",
	"service",
	"category",
	"label",
	"consulting",
	"configuration",
	"important",
	"system",
	"please",
	"summary",
	"model",
	"fault",
	"digest",
	"cause",
	"only",
	"report",
	"always",
	"assistant",
};

enum { WORDS = sizeof(small_words) / sizeof(*small_words) };

static char small(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool is_letter(char c)
{
	c = small(c);
	return c >= 'a' && c <= 'z';
}

/* The shift that makes `word` of `plain`, mirrored or not; -1: none. */
static int shift_of(struct slice word, const char *plain, bool mirror)
{
	int shift = -1;
	size_t i;

	if (strlen(plain) != word.len)
		return -1;
	for (i = 0; i < word.len; i++) {
		int c = small(word.at[i]) - 'a', p = plain[i] - 'a';
		int by = ((mirror ? 25 - c : c) - p + LETTERS) % LETTERS;

		if (shift >= 0 && by != shift)
			return -1;
		shift = by;
	}
	return shift;
}

static bool is_backwards(struct slice word, const char *plain)
{
	size_t i;

	if (strlen(plain) != word.len)
		return false;
	for (i = 0; i < word.len; i++)
		if (small(word.at[word.len - 1 - i]) != plain[i])
			return false;
	return true;
}

struct tally {
	size_t shifted[LETTERS], backwards, mirrored, plain;
};

/* Long words say more than short ones. */
static void count_word(struct tally *t, struct slice word)
{
	size_t i;

	for (i = 0; i < WORDS; i++) {
		size_t weight = word.len > 6 ? 3 : word.len > 2 ? 2 : 1;
		int shift = shift_of(word, small_words[i], false);

		if (shift == 0)
			t->plain += weight;
		else if (shift > 0)
			t->shifted[shift] += weight;
		if (shift_of(word, small_words[i], true) == 0)
			t->mirrored += weight;
		if (is_backwards(word, small_words[i]))
			t->backwards += weight;
	}
}

static struct tally tally_of(struct slice s)
{
	struct tally t = { 0 };
	size_t at = 0, end;

	while (at < s.len) {
		for (end = at; end < s.len && is_letter(s.at[end]); end++)
			;
		if (end > at && end - at < WORD_MOST)
			count_word(&t, slice_cut(s, at, end));
		at = end + 1;
	}
	return t;
}

static void turn_back(struct slice s, int shift, bool mirror, struct buf *out)
{
	size_t i;

	for (i = 0; i < s.len; i++) {
		int c = small(s.at[i]) - 'a';

		if (!is_letter(s.at[i])) {
			buf_byte(out, s.at[i]);
			continue;
		}
		c = mirror ? 25 - c : (c - shift + LETTERS) % LETTERS;
		buf_byte(out, (char)('a' + c));
	}
}

static void turn_around(struct slice s, struct buf *out)
{
	size_t end = s.len, at;

	while (end > 0) {
		for (at = end - 1; at > 0 && (s.at[at] & 0xC0) == 0x80; at--)
			;
		buf_add(out, slice_cut(s, at, end));
		end = at;
	}
}

bool guard_cipher(struct slice s, struct buf *out)
{
	struct tally t = tally_of(s);
	size_t best = 0;
	int i, shift = 0;

	for (i = 1; i < LETTERS; i++)
		if (t.shifted[i] > best) {
			best = t.shifted[i];
			shift = i;
		}
	if (t.backwards > LEAST && t.backwards >= best)
		turn_around(s, out);
	else if (t.mirrored > LEAST && t.mirrored >= best)
		turn_back(s, 0, true, out);
	else if (best > LEAST)
		turn_back(s, shift, false, out);
	else
		return false;
	return true;
}

bool guard_pig_latin(struct slice s)
{
	size_t words = 0, ends = 0, at = 0, end;

	while (at < s.len) {
		for (end = at; end < s.len && is_letter(s.at[end]); end++)
			;
		if (end - at > 2) {
			words++;
			ends += small(s.at[end - 1]) == 'y' &&
			        small(s.at[end - 2]) == 'a';
		}
		at = end + 1;
	}
	return ends >= 4 && ends * 2 >= words;
}
