#ifndef CRAWLER_EXTRACT_WORDING_H
#define CRAWLER_EXTRACT_WORDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

/*
 * Reads a run of text piece by piece: folds its white space, and counts what
 * tells sentences from labels. A word is a run of letters, digits, marks and
 * '_'; scripts written without spaces count a word for two characters.
 */
struct wording {
	uint32_t words, linked; /* all; of them those that begin in a link */
	uint32_t points;        /* characters, after folding */
	uint32_t commas, digits, capitals;
	uint32_t sentences; /* ends of them */
	bool small_start;   /* begins with a small letter */
	bool closed;        /* ends with the mark of a sentence, or ':' */
	/* Of the scanner alone. */
	bool inside, gap, stopped;
	uint32_t ideographs; /* in a row */
};

/*
 * Writes the piece to `to`, where there is room for its length and one more,
 * and returns how many bytes it wrote. With `keep`, white space stays as it
 * is; else runs of it become one blank, and none at the start.
 */
size_t wording_add(struct wording *w, struct slice piece, bool linked,
                   bool keep, char *to);

/* After the last piece. */
void wording_end(struct wording *w);

enum wording_kind {
	WORDING_OTHER,
	WORDING_SPACE,
	WORDING_SMALL,   /* letters, '_' */
	WORDING_CAPITAL, /* letters */
	WORDING_DIGIT,
	WORDING_MARK,      /* belongs to what stands before it */
	WORDING_IDEOGRAPH, /* of a script without spaces */
	WORDING_COMMA,
	WORDING_STOP,   /* '.': ends a sentence where a blank follows */
	WORDING_ENDING, /* of CJK scripts: ends one always */
	WORDING_CLOSER, /* a quote or bracket behind a stop */
	WORDING_COLON,
};

/* The character at s.at[*at], moving *at behind it; *point may be NULL. */
enum wording_kind wording_next(struct slice s, size_t *at, uint32_t *point);

/* Whether characters of this kind are part of words. */
static inline bool wording_inside(enum wording_kind k)
{
	return k >= WORDING_SMALL && k <= WORDING_IDEOGRAPH;
}

#endif
