#ifndef BASE_TEXT_SPAN_H
#define BASE_TEXT_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Which marks of inline markup are open in a text, and where each closes: the
 * end is looked for when a mark opens, so that what is never closed stays
 * text. Looking is linear as a whole: what was not found from a place on is
 * not looked for again, and no mark opens inside its like.
 */
enum { SPAN_KINDS = 16, SPAN_DEPTH = SPAN_KINDS };

struct span {
	unsigned kind;
	size_t close, width; /* where its end is, and how many bytes */
};

struct spans {
	struct span open[SPAN_DEPTH];
	size_t count;
	unsigned inside; /* kinds open, as bits */
	struct {
		size_t from, limit; /* nothing ends it in there */
	} none[SPAN_KINDS];
};

/* How far the innermost open span reaches; `len` when none is. */
static inline size_t span_limit(const struct spans *s, size_t len)
{
	return s->count ? s->open[s->count - 1].close : len;
}

/* Whether it is worth looking for an end of `kind` from `from` on. */
static inline bool span_may_open(const struct spans *s, unsigned kind,
                                 size_t from, size_t limit)
{
	return !(s->inside & 1u << kind) &&
	       !(from >= s->none[kind].from && limit <= s->none[kind].limit);
}

static inline void span_none(struct spans *s, unsigned kind, size_t from,
                             size_t limit)
{
	s->none[kind].from = from;
	s->none[kind].limit = limit;
}

static inline void span_open(struct spans *s, unsigned kind, size_t close,
                             size_t width)
{
	s->open[s->count++] = (struct span){ kind, close, width };
	s->inside |= 1u << kind;
}

/* Whether the innermost ends at `at`. */
static inline bool span_closes(const struct spans *s, size_t at)
{
	return s->count && s->open[s->count - 1].close == at;
}

/* Closes it; returns its width. */
static inline size_t span_close(struct spans *s)
{
	const struct span *top = &s->open[--s->count];

	s->inside &= ~(1u << top->kind);
	return top->width;
}

#endif
