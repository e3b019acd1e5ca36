#ifndef KB_CASES_GUARD_LEXICON_H
#define KB_CASES_GUARD_LEXICON_H

/*
 * The words themselves: classes (enum guard_word), and a list of each. Words
 * are parted by '|'; `*` at the end: any ending. The last has no list.
 */
struct guard_list {
	unsigned words;
	const char *list;
};

extern const struct guard_list guard_lists[];

/* Words of one order or thing, to be known with their inner letters changed
 * about. */
extern const struct guard_list guard_scrambled[];

#endif
