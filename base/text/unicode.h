#ifndef BASE_TEXT_UNICODE_H
#define BASE_TEXT_UNICODE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"

/*
 * Unicode by ICU. Pure functions; safe from several threads.
 */

/*
 * Text as the store keeps it: valid UTF-8 (bad bytes become U+FFFD), NFC, LF
 * line ends, no control characters but newline and tab, no noncharacters.
 * CR, VT, FF, NEL, LS and PS are line ends too; other controls are dropped,
 * noncharacters become U+FFFD; after 30 marks in a row comes a U+034F.
 * Appends to `out`. ASCII and already clean text take a fast path. Running it
 * on its own output changes nothing.
 */
void unicode_clean(struct slice s, struct buf *out);

/* It makes no more bytes than this of one: NFC three (U+1D160), and room for
 * the U+034F. */
enum { UNICODE_CLEAN_MOST = 4 };

/* Whether unicode_clean() would leave `s` as it is. */
bool unicode_is_clean(struct slice s);

/*
 * NFKC_Casefold (Unicode 15, UAX 31): the form in which terms are compared.
 * Appends to `out`. Bad bytes become U+FFFD.
 */
void unicode_fold(struct slice s, struct buf *out);

enum unicode_class {
	UNICODE_OTHER,  /* white space, punctuation, symbols, controls */
	UNICODE_LETTER, /* alphabetic scripts: Latin, Cyrillic, Thai ... */
	UNICODE_DIGIT,  /* decimal digits of any script */
	UNICODE_MARK,   /* combining: belongs to the letter before it */
	UNICODE_HAN,    /* Han, Hiragana, Katakana, Bopomofo: no spaces */
	UNICODE_HANGUL, /* Hangul syllables and letters */
};

enum unicode_class unicode_class(uint32_t point);

bool unicode_upper(uint32_t point);

/* Columns on a terminal: 0, 1, or 2 for wide characters and emoji. */
int unicode_width(uint32_t point);

#endif
