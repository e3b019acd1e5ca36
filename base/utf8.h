#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

/*
 * UTF-8 as RFC 3629 has it: no surrogates, no overlong forms, nothing above
 * U+10FFFF.
 */

#define UTF8_BAD 0xFFFFFFFFu
#define UTF8_REPLACEMENT 0xFFFDu

/*
 * The code point at s.at[*at], moving *at behind it. A byte that starts no
 * valid sequence yields UTF8_BAD and moves *at by one. *at < s.len is the
 * caller's to ensure.
 */
uint32_t utf8_next(struct slice s, size_t *at);

/* Writes 1 to 4 bytes, returns how many; an invalid point writes U+FFFD. */
size_t utf8_put(char to[4], uint32_t point);

/* Length of the longest valid prefix: s.len when all of it is valid. */
size_t utf8_valid(struct slice s);

/* Whether all bytes are below 0x80. */
bool utf8_ascii(struct slice s);

/* At most `len` bytes from the start, never cutting inside a sequence. */
struct slice utf8_head(struct slice s, size_t len);

/* Number of code points; each bad byte counts as one. */
size_t utf8_count(struct slice s);

#endif
