#ifndef BASE_TEXT_MARKDOWN_TAG_H
#define BASE_TEXT_MARKDOWN_TAG_H

#include <stdbool.h>

#include "base/slice.h"

/* What an element's name means for Markdown. */
enum markdown_tag {
	TAG_INLINE, /* no meaning: its content counts */
	TAG_BLOCK,
	TAG_DROPPED,
	TAG_H1,
	TAG_H2,
	TAG_H3,
	TAG_H4,
	TAG_H5,
	TAG_H6,
	TAG_A,
	TAG_BLOCKQUOTE,
	TAG_BR,
	TAG_CELL,
	TAG_CODE,
	TAG_DD,
	TAG_DEL,
	TAG_EM,
	TAG_HR,
	TAG_IMG,
	TAG_INPUT,
	TAG_KBD,
	TAG_LI,
	TAG_MATH,
	TAG_OL,
	TAG_PRE,
	TAG_Q,
	TAG_ROW,
	TAG_ROWS, /* thead, tbody, tfoot */
	TAG_RT,
	TAG_STRONG,
	TAG_SUB,
	TAG_SUMMARY,
	TAG_SUP,
	TAG_TABLE,
	TAG_UL,
};

enum markdown_tag markdown_tag(struct slice name);

static inline bool tag_is_heading(enum markdown_tag tag)
{
	return tag >= TAG_H1 && tag <= TAG_H6;
}

#endif
