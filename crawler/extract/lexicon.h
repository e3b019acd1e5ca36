#ifndef CRAWLER_EXTRACT_LEXICON_H
#define CRAWLER_EXTRACT_LEXICON_H

#include <stdint.h>

#include "base/slice.h"

/*
 * Which of a dozen kinds of phrases a short text holds: those that stand
 * around the text of a page rather than in it. English, with the commonest
 * words of Chinese, Japanese, Korean, German, French, Spanish and Russian
 * pages.
 */
enum lexicon {
	LEXICON_CONSENT, /* cookies, privacy policy */
	LEXICON_ACCOUNT, /* sign in, subscribe */
	LEXICON_SHARE,
	LEXICON_LEGAL,   /* copyright, powered by */
	LEXICON_RELATED, /* related, read more */
	LEXICON_DATE,
	LEXICON_REACTION, /* reply, like, report */
	LEXICON_COUNT,    /* views, joined, reputation */
	LEXICON_CONTROL,  /* edit, next, table of contents */
	LEXICON_PRICE,
	LEXICON_COMMENT,
	LEXICON_BYLINE, /* written by, updated */
	LEXICON_KINDS,
};

/* A bit for each kind. Reads words as wording.h has them; linear. */
uint32_t lexicon_of(struct slice text);

#endif
