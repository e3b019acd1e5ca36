#ifndef KB_FORWARD_H
#define KB_FORWARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/slice.h"
#include "kb/analyzer.h"
#include "kb/dictionary.h"
#include "kb/passage.h"

/*
 * The forward file of a segment: the tokens of each passage in order, with
 * their positions, as the analyzer gave them. The second stage reads it in
 * place of the texts. It is optional: ask forward_has().
 *
 * Terms have small numbers there, the most frequent the smallest. A number
 * means nothing outside its segment; forward_number() and forward_term() lead
 * from bytes to numbers and back.
 *
 *	struct forward_passage p = { .room = 0 };
 *	if (forward_number(s, SLICE("nginx"), &number, f) &&
 *	    forward_read(s, doc, &p, f))
 *		... p.tokens[i].number == number ...
 *	forward_release(&p);
 *
 * Nothing here trusts its bytes: what does not decode is FAULT_INPUT
 * "index-damaged".
 */

/* Only so much of each field is kept: the tokens before the first one that
 * ends behind FORWARD_BYTES, and at most FORWARD_TOKENS of them. */
enum { FORWARD_BYTES = 16 << 10, FORWARD_TOKENS = 16 << 10 };

/* What of one field's tokens is kept: zeroed, then asked in order. */
struct forward_gauge {
	uint32_t last; /* position of the last one */
	uint32_t count;
	bool full;
};

/*
 * Whether the token is kept. *step is its distance from the one before: 0 for
 * one that stands beside it, 1 for the first one of a field.
 */
static inline bool forward_takes(struct forward_gauge *g, const struct token *t,
                                 uint32_t *step)
{
	if (t->to > FORWARD_BYTES || g->count == FORWARD_TOKENS)
		g->full = true;
	if (g->full)
		return false;
	*step = g->count++ ? t->position - g->last : 1;
	g->last = t->position;
	return true;
}

/* No term has this number. */
#define FORWARD_NONE UINT32_MAX

bool forward_has(const struct segment *s);

/* The number of a term, or FORWARD_NONE. */
MUST_USE
bool forward_number(const struct segment *s, struct slice term,
                    uint32_t *number, struct fault *f);

/* Stands at the term of a number that forward_read() gave. */
MUST_USE
bool forward_term(struct term_walk *w, const struct segment *s, uint32_t number,
                  struct fault *f);

/* At least so many passages have the term of this number, the dead included:
 * known without a look at the dictionary. */
MUST_USE
bool forward_least(const struct segment *s, uint32_t number, uint32_t *df,
                   struct fault *f);

/* For each number a byte that is the same for the same term in every segment:
 * what differs in it is another term. Borrowed from the mapping. */
MUST_USE
bool forward_prints(const struct segment *s, const unsigned char **out,
                    struct fault *f);

struct forward_token {
	uint32_t number;
	uint32_t position; /* counts from 0 in each field */
};

/* The tokens of field f are those from ends[f - 1] (0 of the first) up to
 * ends[f]. */
struct forward_passage {
	struct forward_token *tokens;
	size_t room;
	uint32_t ends[FIELD_COUNT];
	uint32_t lengths[FIELD_COUNT]; /* tokens that are not beside another */
};

/* `p` is used again from passage to passage. */
MUST_USE
bool forward_read(const struct segment *s, uint32_t doc,
                  struct forward_passage *p, struct fault *f);
void forward_release(struct forward_passage *p);

/* Reads all of it: order of the numbers, every passage; agrees with the
 * dictionary and the lengths. For segment_verify(). */
MUST_USE
bool forward_verify(const struct segment *s, struct fault *f);

#endif
