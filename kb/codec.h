#ifndef KB_CODEC_H
#define KB_CODEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "kb/passage.h"

/*
 * The small pieces index files are made of: little-endian numbers, varints,
 * tuples, packed blocks. Specified in docs/index-format.md. What reads takes
 * the end of its input and never passes it, except that a packed block may
 * load, not use, what the format promises to be behind it.
 */

enum {
	BLOCK = 128,    /* gaps of a packed block, codes of a nibble group */
	NIBBLES = 64,   /* bytes of a nibble group */
	CODES = 16,     /* of the table of tuples */
	VARINT_MAX = 10 /* bytes of a varint */
};

/* How often a term stands in each field of a passage. */
struct tuple {
	uint32_t tf[FIELD_COUNT];
};

static inline uint32_t load32(const unsigned char *at)
{
	return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
	       (uint32_t)at[3] << 24;
}

static inline uint64_t load64(const unsigned char *at)
{
	return load32(at) | (uint64_t)load32(at + 4) << 32;
}

void store32(unsigned char *to, uint32_t n);
void store64(unsigned char *to, uint64_t n);

void put32(struct buf *b, uint32_t n);
void put64(struct buf *b, uint64_t n);
void put_double(struct buf *b, double n);

/* `to` has room for VARINT_MAX; returns the bytes written. */
size_t varint_put(unsigned char *to, uint64_t n);

/* False at the end, for over ten bytes, or beyond 64 bits; moves *at. */
bool varint_get(const unsigned char **at, const unsigned char *end,
                uint64_t *out);

/* A varint that must not be above `most`. */
bool varint_get32(const unsigned char **at, const unsigned char *end,
                  uint32_t most, uint32_t *out);

enum { TUPLE_MAX = 1 + FIELD_COUNT * VARINT_MAX };

/* `to` has room for TUPLE_MAX; returns the bytes written. */
size_t tuple_put(unsigned char *to, const struct tuple *t);

/* The same as tuple_get(), for any tuple. */
bool tuple_get_any(const unsigned char **at, const unsigned char *end,
                   struct tuple *out);

/* False when cut, too large, or all zero. */
static inline bool tuple_get(const unsigned char **at, const unsigned char *end,
                             struct tuple *out)
{
	unsigned head;
	int i;

	if (*at >= end)
		return false;
	head = **at;
	if (!head || head & head >> 1 & 0x55) /* a count of 3: more follows */
		return tuple_get_any(at, end, out);
	for (i = 0; i < FIELD_COUNT; i++)
		out->tf[i] = head >> 2 * i & 3;
	++*at;
	return true;
}

/* In no field but the body, and there once. */
static inline bool tuple_plain(const struct tuple *t)
{
	return t->tf[FIELD_BODY] == 1 &&
	       !(t->tf[FIELD_TITLE] | t->tf[FIELD_TAGS] | t->tf[FIELD_HEADING]);
}

/* The tables that writers use: one for passages that have nothing but a body,
 * one for all others. */
extern const unsigned char codes_default[CODES][FIELD_COUNT];
extern const unsigned char codes_body[CODES][FIELD_COUNT];

/* The code in such a table, 0 for none. */
unsigned code_of(const struct tuple *t, bool body_only);

/* Codes of a group, one a byte, to 64 bytes and back. */
void nibbles_pack(unsigned char to[NIBBLES], const unsigned char codes[BLOCK]);

static inline unsigned nibble_at(const unsigned char *group, unsigned i)
{
	return i < NIBBLES ? group[i] & 15U : group[i - NIBBLES] >> 4;
}

/* The bits that the largest of the gaps needs, 0 to 32. */
unsigned gaps_bits(const uint32_t gaps[BLOCK]);

/* Writes 16 * bits bytes. */
void gaps_pack(unsigned char *to, const uint32_t gaps[BLOCK], unsigned bits);

/* Reads 16 * bits bytes; bits is at most 32. */
void gaps_unpack(const unsigned char *at, unsigned bits, uint32_t gaps[BLOCK]);

/* Signed to unsigned with small magnitudes staying small, and back. */
static inline uint64_t zigzag(int64_t n)
{
	return (uint64_t)n << 1 ^ (n < 0 ? UINT64_MAX : 0);
}

static inline int64_t unzigzag(uint64_t n)
{
	return (int64_t)(n >> 1 ^ (n & 1 ? UINT64_MAX : 0));
}

#endif
