#ifndef KB_FILTER_LIST_H
#define KB_FILTER_LIST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "kb/filter_file.h"

/*
 * Reading what kb/filter_write.h wrote: of one column and one chunk of
 * passages, the values and who has them. A chunk's bitmap has FILTER_WORDS
 * words; its first filter_chunk_size() bits are passages.
 */
struct filter_block {
	const struct segment *segment;
	const unsigned char *at; /* the block; its table is checked */
	uint64_t offset, bytes;
	uint32_t values, size; /* of its table; passages of the chunk */
};

/* `column` as filter_section() takes it. */
MUST_USE
bool filter_block_open(struct filter_block *b, const struct segment *s,
                       enum section column, uint32_t chunk, struct fault *f);

/* The number of the string, or kind of passage, at a place of the table, and
 * how many passages of the chunk have it, dead ones included. */
static inline uint32_t filter_block_number(const struct filter_block *b,
                                           uint32_t place)
{
	return load32(b->at + 4 + 4 * (uint64_t)place);
}

static inline uint32_t filter_block_count(const struct filter_block *b,
                                          uint32_t place)
{
	const unsigned char *at =
	        b->at + 4 + 8 * (uint64_t)b->values + 2 * (uint64_t)place;

	return 1U + at[0] + 256U * at[1];
}

/* The place of a number, or UINT32_MAX. */
uint32_t filter_block_find(const struct filter_block *b, uint32_t number);

/* Sets the bits of the passages that have the value at `place`. */
MUST_USE
bool filter_block_add(const struct filter_block *b, uint32_t place,
                      uint64_t words[FILTER_WORDS], struct fault *f);

/*
 * Sets a bit for each of `size` numbers from `low` to `high`; the others are
 * cleared. Numbers are little-endian and may stand anywhere. Those of two bytes
 * may have a sign or not, if low and high are the same.
 */
void filter_range16(const unsigned char *at, uint32_t size, int32_t low,
                    int32_t high, uint64_t words[FILTER_WORDS]);
void filter_range32(const unsigned char *at, uint32_t size, int32_t low,
                    int32_t high, uint64_t words[FILTER_WORDS]);

#endif
