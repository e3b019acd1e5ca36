#ifndef KB_FORWARD_FILE_H
#define KB_FORWARD_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/hash.h"
#include "base/slice.h"
#include "kb/codec.h"
#include "kb/forward.h"

/*
 * The forward file from the inside: for what reads, writes and merges it.
 * Others include kb/forward.h.
 */
enum {
	FORWARD_CLASSES = 32,
	FORWARD_HEAD = 4 * (FORWARD_CLASSES + 1),
	/* Bytes of one passage. A token is at most two varints. */
	FORWARD_VALUE = 5,
	FORWARD_MOST = FIELD_COUNT * (VARINT_MAX + FORWARD_TOKENS * 10),
};

/* Whether a term is one that texts have: those that begin with byte 1 stand
 * for filters. */
static inline bool forward_word(struct slice term)
{
	return term.len && term.at[0] != 1;
}

/* By frequency; 0 is the class of the most frequent terms. */
static inline uint32_t forward_class(uint32_t df)
{
	return (uint32_t)__builtin_clz(df | 1);
}

/* What the byte of forward_prints() is. */
static inline unsigned char forward_print(struct slice term)
{
	return (unsigned char)hash64(term);
}

/*
 * A varint of at most FORWARD_VALUE bytes, without a branch: the length is
 * where the first byte below 128 stands. Loads eight bytes, which the format
 * promises to be there, and may move past the end of the passage: the caller
 * compares. What is longer gives a value that no number has.
 */
static inline uint64_t forward_value(const unsigned char **at)
{
	uint64_t word = load64(*at);
	uint64_t last = ~word & UINT64_C(0x8080808080);
	unsigned bits;

	if (!last) {
		*at += FORWARD_VALUE;
		return UINT64_MAX;
	}
	bits = (unsigned)__builtin_ctzll(last) + 1;
	*at += bits / 8;
	word &= (UINT64_C(1) << bits) - 1;
	return (word & 0x7F) | (word >> 1 & 0x3F80) | (word >> 2 & 0x1FC000) |
	       (word >> 3 & 0xFE00000) | (word >> 4 & UINT64_C(0x7F0000000));
}

/* How many numbers there are. */
MUST_USE
bool forward_words(const struct segment *s, uint32_t *out, struct fault *f);

/* Where the dictionary has a number's term: below s->terms. */
MUST_USE
bool forward_place(const struct segment *s, uint32_t number, uint64_t *out,
                   struct fault *f);

/* A passage's bytes, touched. */
MUST_USE
bool forward_bytes(const struct segment *s, uint32_t doc, struct slice *out,
                   struct fault *f);

/* What a passage begins with: how many tokens each field has. */
bool forward_counts(const unsigned char **at, const unsigned char *end,
                    uint32_t counts[FIELD_COUNT]);

#endif
