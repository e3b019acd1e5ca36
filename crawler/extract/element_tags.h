#ifndef CRAWLER_EXTRACT_ELEMENT_TAGS_H
#define CRAWLER_EXTRACT_ELEMENT_TAGS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

/*
 * What the names and roles of HTML's elements say about the text within.
 */

/* Inherited by everything below. The model knows them by place: never
 * reorder. */
enum block_flags {
	BLOCK_NAV = 1 << 0,
	BLOCK_HEADER = 1 << 1,
	BLOCK_FOOTER = 1 << 2,
	BLOCK_ASIDE = 1 << 3,
	BLOCK_MAIN = 1 << 4,
	BLOCK_ARTICLE = 1 << 5,
	BLOCK_FORM = 1 << 6,
	BLOCK_TABLE = 1 << 7,
	BLOCK_UL = 1 << 8,
	BLOCK_OL = 1 << 9,
	BLOCK_SECTION = 1 << 10,
	BLOCK_PRE = 1 << 11,
	BLOCK_FIGURE = 1 << 12,
	BLOCK_QUOTE = 1 << 13,
	BLOCK_BUTTON = 1 << 14,
	BLOCK_DIALOG = 1 << 15,
	BLOCK_DETAILS = 1 << 16,
	BLOCK_NOSCRIPT = 1 << 17,
	BLOCK_DL = 1 << 18,
	BLOCK_LI = 1 << 19,
	BLOCK_LINK = 1 << 20,
	BLOCK_LABEL = 1 << 21,
	BLOCK_HIDDEN = 1 << 22,
	BLOCK_ARIA_HIDDEN = 1 << 23,
	BLOCK_HEADING = 1 << 24,
	BLOCK_H1 = 1 << 25,
};

enum { BLOCK_FLAG_COUNT = 26 };

/* The model knows these by number as well. */
enum block_tag {
	TAG_P,
	TAG_LI,
	TAG_H1,
	TAG_H2,
	TAG_H3,
	TAG_H4, /* and below */
	TAG_TD,
	TAG_TH,
	TAG_PRE,
	TAG_BLOCKQUOTE,
	TAG_DT,
	TAG_DD,
	TAG_DIV,
	TAG_FIGCAPTION,
	TAG_BUTTON,
	TAG_LABEL,
	TAG_SUMMARY,
	TAG_SECTION,
	TAG_ARTICLE,
	TAG_HEADER,
	TAG_FOOTER,
	TAG_NAV,
	TAG_ASIDE,
	TAG_MAIN,
	TAG_FORM,
	TAG_BODY,
	TAG_ADDRESS,
	TAG_CAPTION,
	TAG_NOSCRIPT,
	TAG_OTHER,
};

enum element_kind {
	ELEMENT_INLINE,
	ELEMENT_BLOCK,   /* its text stands apart from what is around it */
	ELEMENT_SKIPPED, /* holds no text to read */
	ELEMENT_BREAK,   /* <br> */
};

struct element_tag {
	struct slice name;
	enum element_kind kind;
	enum block_tag tag;
	uint32_t flags; /* enum block_flags */
};

/* Names with a '-' are blocks, other unknown ones inline. */
const struct element_tag *element_tag(struct slice name);

/* What an ARIA role adds; 0 for most. */
uint32_t element_role(struct slice role);

/* Whether a style attribute says "display: none". */
bool element_hides(struct slice style);

#endif
