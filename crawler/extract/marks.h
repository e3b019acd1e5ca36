#ifndef CRAWLER_EXTRACT_MARKS_H
#define CRAWLER_EXTRACT_MARKS_H

#include "crawler/extract/blocks.h"

/*
 * What a person knows about class names: those that say "not the text"
 * (navigation, share buttons, signatures), those of the containers of common
 * wikis and documentation generators, and those of a forum's posts. Signs for
 * the model, which may overrule them.
 */
enum marks_flags {
	MARK_NEGATIVE = 1 << 0,  /* below such a name */
	MARK_POST = 1 << 1,      /* in a post of a thread */
	MARK_CONTAINER = 1 << 2, /* in a known container */
};

struct marks {
	uint8_t *flags;        /* by node, inherited */
	bool posts, container; /* the page has some that hold a fifth of it */
};

/* `words`: sums over blocks before each, block_count + 1 of them. */
void marks_read(struct marks *out, const struct blocks *b,
                const struct markup *m, const uint32_t *words, struct arena *a);

#endif
