#ifndef KB_LIST_PARTS_H
#define KB_LIST_PARTS_H

#include <stdint.h>

#include "kb/codec.h"

/* Where the parts of a dense list stand, for those who write and read one; see
 * docs/index-format.md. Offsets from the list's first byte. */
enum {
	DENSE_STEP = 512, /* passages */
	RANK_STEP = 256,
	DENSE_OCTET = 8,   /* passages that share a maximum */
	DENSE_GRID = 4,    /* averages that levels are kept for */
	DENSE_LEVELS = 16, /* a nibble; 0: no passage of the octet has it */
	DENSE_TABLE = 512, /* bytes of the table of levels */
	MAXIMA_STEP = 32,  /* bytes of maxima a step */
	LEVELS_WEIGHTING = 4 * DENSE_GRID * DENSE_LEVELS,
};

struct dense_parts {
	uint64_t steps, groups;
	uint64_t maxima, bits, ranks, levels, codes, offsets, escapes;
};

static inline struct dense_parts dense_parts(uint32_t df, uint32_t count)
{
	struct dense_parts p = { .steps = ((uint64_t)count + DENSE_STEP - 1) /
		                          DENSE_STEP,
		                 .groups = ((uint64_t)df + BLOCK - 1) / BLOCK };

	p.bits = p.maxima + MAXIMA_STEP * p.steps;
	p.ranks = p.bits + DENSE_STEP / 8 * p.steps;
	p.levels = p.ranks + 8 * p.steps;
	p.codes = p.levels + DENSE_TABLE;
	p.offsets = p.codes + NIBBLES * p.groups;
	p.escapes = p.offsets + 4 * (p.groups + 1);
	return p;
}

/* Averages as multiples of the segment's: 1 / grid[i]; 0: endless. */
static const double dense_grid[DENSE_GRID] = { 0, 0.5, 1, 2 };

/* The code of posting `nth`. */
static inline unsigned dense_code(const unsigned char *codes, uint32_t nth)
{
	return (unsigned)codes[nth / 2] >> 4 * (nth % 2) & 15U;
}

/* The level of an octet. */
static inline unsigned dense_level(const unsigned char *maxima, uint32_t octet)
{
	return (unsigned)maxima[octet / 64 * MAXIMA_STEP + octet % 32] >>
	               (octet & 32 ? 4 : 0) &
	       15U;
}

#endif
