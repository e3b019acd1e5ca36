#ifndef KB_DICTIONARY_H
#define KB_DICTIONARY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/slice.h"
#include "kb/analyzer.h"
#include "kb/segment_file.h"

/*
 * The terms of a segment in byte order. A walk starts at the first term of a
 * block and yields each entry with the place of its list.
 */
struct term_walk {
	const struct segment *segment;
	uint64_t block;   /* the next */
	unsigned in_hand; /* entries left of the block */
	const unsigned char *at, *end;
	uint64_t list; /* offset in the postings of the next list */

	/* The entry in hand. */
	struct slice term; /* borrowed from `text` */
	uint32_t df;
	struct slice postings; /* its list; of a single, inside the entry */
	char text[TOKEN_MAX];
};

/* At the first term of all. */
void term_walk_start(struct term_walk *w, const struct segment *s);

/* *more false behind the last term. The list's bytes are not touched yet. */
MUST_USE
bool term_walk_next(struct term_walk *w, bool *more, struct fault *f);

/* Stands at `term` when *found. */
MUST_USE
bool term_walk_find(struct term_walk *w, const struct segment *s,
                    struct slice term, bool *found, struct fault *f);

/* The same for the term with this number in byte order, below s->terms. */
MUST_USE
bool term_walk_at(struct term_walk *w, const struct segment *s,
                  uint64_t ordinal, struct fault *f);

/* That number of the entry in hand. */
uint64_t term_walk_ordinal(const struct term_walk *w);

/* The first eight bytes as a number that orders like them. */
uint64_t term_key(struct slice term);

#endif
