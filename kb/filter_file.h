#ifndef KB_FILTER_FILE_H
#define KB_FILTER_FILE_H

#include <stdint.h>

#include "base/clock.h"
#include "kb/segment_file.h"

/*
 * What a segment keeps so that a filter becomes a bitmap in microseconds: for
 * each value of a column the passages that have it, and the day of each
 * passage. For what writes and reads them; docs/index-format.md has the bytes.
 *
 * Passages are taken in chunks of 2^16. A column's section has a block for each
 * chunk, then where each block begins, and where the last one ends (u64).
 */
enum {
	FILTER_CHUNK = 1 << 16, /* passages */
	FILTER_WORDS = FILTER_CHUNK / 64,
	FILTER_DENSE = 32, /* bits instead of numbers from 1 / 32 on */
	FILTER_ENTRY = 10, /* bytes of a value in a block's table */

	/* Days: 0 unknown, 1 before 1970, DAY_LAST that day or later. */
	FILTER_DAY = 24 * 3600 * 1000,
	DAY_BEFORE = 1,
	DAY_FIRST = 2,
	DAY_LAST = 65535,
};

/* The section of a column's lists; 0 when it has none. */
static inline enum section filter_section(enum section column)
{
	switch (column) {
	case SECTION_KIND:
		return SECTION_FILTER_PART;
	case SECTION_SPACE:
		return SECTION_FILTER_SPACE;
	case SECTION_POST_KIND:
		return SECTION_FILTER_KIND;
	case SECTION_LANGUAGE:
		return SECTION_FILTER_LANGUAGE;
	case SECTION_CLASS:
		return SECTION_FILTER_CLASS;
	case SECTION_TAGS:
		return SECTION_FILTER_TAG;
	case SECTION_SERVICES:
		return SECTION_FILTER_SERVICE;
	default:
		return (enum section)0;
	}
}

static inline uint32_t filter_chunks(uint32_t passages)
{
	return passages / FILTER_CHUNK + !!(passages % FILTER_CHUNK);
}

/* Passages of one chunk. */
static inline uint32_t filter_chunk_size(uint32_t passages, uint32_t chunk)
{
	uint32_t left = passages - chunk * FILTER_CHUNK;

	return left < FILTER_CHUNK ? left : FILTER_CHUNK;
}

/* How a list of `count` passages in a chunk of `size` is kept: not at all when
 * it has them all; a bit for each of the chunk; their numbers, u16 each. */
enum filter_form { FILTER_ALL, FILTER_BITS, FILTER_NUMBERS };

static inline enum filter_form filter_form(uint32_t count, uint32_t size)
{
	if (count == size)
		return FILTER_ALL;
	return count * FILTER_DENSE >= size ? FILTER_BITS : FILTER_NUMBERS;
}

static inline uint32_t filter_list_bytes(uint32_t count, uint32_t size)
{
	switch (filter_form(count, size)) {
	case FILTER_BITS:
		return (size + 63) / 64 * 8;
	case FILTER_NUMBERS:
		return 2 * count;
	default:
		return 0;
	}
}

static inline uint32_t filter_day(int64_t modified)
{
	if (modified == CLOCK_NONE)
		return 0;
	if (modified < 0)
		return DAY_BEFORE;
	if (modified / FILTER_DAY >= DAY_LAST - DAY_FIRST)
		return DAY_LAST;
	return DAY_FIRST + (uint32_t)(modified / FILTER_DAY);
}

#endif
