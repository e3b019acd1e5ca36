#ifndef BASE_TEXT_MARKDOWN_ESCAPE_H
#define BASE_TEXT_MARKDOWN_ESCAPE_H

#include <stdbool.h>

#include "base/slice.h"

/*
 * What Markdown would read as its own in a piece of text: pure questions
 * about a place in a slice, for whoever writes Markdown or reads it.
 */

enum escape_class {
	ESCAPE_PLAIN,
	ESCAPE_SPACE,
	ESCAPE_DROP,  /* a control character: never written */
	ESCAPE_LATIN, /* 0xC2: maybe a control or a no-break space */
	ESCAPE_MARK,  /* may have to be escaped */
};

extern const unsigned char escape_classes[256];

/* Of one byte. */
static inline unsigned char escape_class(char c)
{
	return escape_classes[(unsigned char)c];
}

/* Of the character at `at`: LATIN only below U+00A1. */
static inline unsigned char escape_class_at(struct slice s, size_t at)
{
	unsigned char class = escape_class(s.at[at]);

	if (class == ESCAPE_LATIN &&
	    (at + 1 == s.len || (unsigned char)s.at[at + 1] > 0xA0))
		return ESCAPE_PLAIN;
	return class;
}

bool escape_digit(char c);
bool escape_letter(char c);
bool escape_space(char c); /* 0, an end, counts as space */
bool escape_punctuation(char c);

/* How many times the byte at `at` stands there in a row. */
size_t escape_run(struct slice s, size_t at);

/* The longest run of backquotes. */
size_t escape_quotes(struct slice s);

/*
 * What stands before and behind a run of marks, as far as it decides whether
 * the run opens or closes: the byte itself, 0 at an end; beyond ASCII ' ' for
 * white space, '.' for punctuation, 'x' for the rest.
 */
char escape_before(struct slice s, size_t at);
char escape_after(struct slice s, size_t at);

/* CommonMark's left- and right-flanking, between two such bytes. */
bool escape_opens(char before, char after);
bool escape_closes(char before, char after);

/* Whether the run of ~ at `at` could strike out what follows. */
bool escape_strikes(struct slice s, size_t at, size_t run);

/* Whether "&...;" at `at` would be read as an entity. */
bool escape_entity(struct slice s, size_t at);

/* At the start of a line: where in `s` a backslash has to go, or SIZE_MAX. */
size_t escape_block(struct slice s);

/* Length of the TeX at s.at[at] ($, \( or \[ and what ends it), or 0. */
size_t escape_tex(struct slice s, size_t at);

#endif
