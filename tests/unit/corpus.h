#ifndef TESTS_CORPUS_H
#define TESTS_CORPUS_H

#include <stddef.h>
#include <stdint.h>

#include "kb/search.h"
#include "tests/unit/made_index.h"

/*
 * Random indexes that meet the corners of the format and of ranking, each a
 * function of a seed: numbers of passages about every power of two that
 * something is blocked by; words by Zipf, words in one region alone, words
 * that stand thousands of times in a passage; empty and very long passages;
 * the same passage many times over; several segments, labels, the dead;
 * weights of any size, 0 included; votes below 0 and above 2^32.
 */
struct dice {
	uint64_t state;
};

uint64_t dice_throw(struct dice *d);

/* Below `sides`. */
uint32_t dice_below(struct dice *d, uint32_t sides);

struct corpus {
	struct made *made;
	uint32_t passages, words, regions;
};

/* `passages` 0: few, by the seed; over 20,000: of a few words each. */
void corpus_make(struct corpus *c, uint64_t seed, uint32_t passages);
void corpus_release(struct corpus *c);

enum { CORPUS_WORD = 24, CORPUS_FILTERS = 3 };

/* A word, often one that the corpus has; returns its length. */
size_t corpus_word(const struct corpus *c, struct dice *d,
                   char out[CORPUS_WORD]);

/* A filter that may let all, some or none pass; its value goes to `value`. */
struct search_filter corpus_filter(struct dice *d, char value[CORPUS_WORD]);

#endif
