#ifndef CRAWLER_YIELD_H
#define CRAWLER_YIELD_H

#include "base/arena.h"
#include "base/buf.h"
#include "crawler/source.h"

/*
 * The other side of source.h's yields: what one seed(), login() or read() said,
 * as a list in the order in which it was said, for the loop to act on (and for
 * tests to look at). Copies live in the yield's arena until it is reset.
 */
enum said_kind {
	SAID_ASK,
	SAID_RECORD,
	SAID_AUTHOR,
	SAID_LINK,
	SAID_COMMENT,
	SAID_NAMED,
	SAID_LISTING,
	SAID_LISTED,
	SAID_MISSING,
	SAID_DELETED,
	SAID_MOVED,
	SAID_ALIAS,
	SAID_MARK,
	SAID_REST,
	SAID_QUOTA,
	SAID_LOGIN,
	SAID_EVENT,
};

struct said {
	enum said_kind kind;
	const struct ask *ask;       /* ASK; NAMED: or NULL */
	const struct record *record; /* RECORD */
	const struct intake_comment *comment;
	struct slice id, to,
	        text;     /* NAMED, MISSING, DELETED, MOVED, ALIAS, LINK,
	                              AUTHOR (text: its link; to: its name),
	                              MARK (text), EVENT (id: about) */
	const char *code; /* EVENT */
	int64_t number, most, until; /* NAMED: revision; REST: ms; QUOTA; LINK:
	                                time */
	bool flag;                   /* REST: refused; LINK: a duplicate */
	struct said *next;
};

struct yield {
	struct arena arena;
	struct said *first, *last;
	size_t count;
};

#define YIELD_INIT ((struct yield){ 0 })

void yield_release(struct yield *y);
void yield_reset(struct yield *y);

#endif
