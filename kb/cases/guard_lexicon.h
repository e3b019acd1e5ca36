#ifndef KB_CASES_GUARD_LEXICON_H
#define KB_CASES_GUARD_LEXICON_H

#include <stdint.h>

/*
 * The words themselves: classes (guard_words.h), and a list of each. Words
 * are parted by '|'; `*` at the end: any ending. The last has no list.
 */
struct guard_list {
	uint64_t words;
	const char *list;
};

extern const struct guard_list guard_lists[];
extern const struct guard_list guard_synonyms[]; /* more of the same */

/* Words of one order or thing, to be known with their inner letters changed
 * about. */
extern const struct guard_list guard_scrambled[];

#endif
