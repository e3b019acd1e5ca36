#ifndef KB_TOKEN_KEY_H
#define KB_TOKEN_KEY_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/slice.h"

/*
 * A short word as two machine words: for tables that are asked for every word
 * of a text. Two slices of 1 to 16 bytes are equal exactly when their lengths
 * and keys are. The ends are loaded so that they overlap, which spares a copy
 * of variable length.
 */
#define TOKEN_KEY_MAX 16

struct token_key {
	uint64_t head, tail;
};

static inline uint64_t token_key_load(const char *at, size_t len)
{
	uint64_t word = 0;

	if (len == 8) {
		memcpy(&word, at, 8);
	} else if (len >= 4) {
		uint32_t low, high;

		memcpy(&low, at, 4);
		memcpy(&high, at + len - 4, 4);
		word = (uint64_t)high << 32 | low;
	} else if (len) {
		word = (uint64_t)(unsigned char)at[0] << 16 |
		       (uint64_t)(unsigned char)at[len / 2] << 8 |
		       (unsigned char)at[len - 1];
	}
	return word;
}

/* s.len from 1 on; of more than TOKEN_KEY_MAX bytes only the ends count. */
static inline struct token_key token_key(struct slice s)
{
	if (s.len < 8)
		return (struct token_key){ token_key_load(s.at, s.len), 0 };
	return (struct token_key){ token_key_load(s.at, 8),
		                   token_key_load(s.at + s.len - 8, 8) };
}

/* Well mixed in its upper bits. */
static inline uint64_t token_key_hash(struct token_key k, size_t len)
{
	return (k.head ^ k.tail * 0xC2B2AE3D27D4EB4Fu ^ len) *
	       0x9E3779B97F4A7C15u;
}

#endif
