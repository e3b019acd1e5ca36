#ifndef KB_TALLY_H
#define KB_TALLY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/slice.h"
#include "kb/analyzer.h"
#include "kb/codec.h"
#include "kb/passage.h"
#include "schema/posts.h"

/*
 * Some passages with their terms counted: what one thread makes of a few posts
 * and the builder takes over. Terms are numbered within the tally, and sorted by
 * term in the end, so that the builder looks each one up once a tally.
 *
 *	for each passage:
 *		tally_passage(b, &post, &passage);
 *		n = tally_token(b, field, &token);	for each token
 *		tally_keep(b, field, n, step);		of those to keep
 *	tally_sort(b);
 *
 * The posts and passages are borrowed until tally_reset().
 */
struct tally_posting {
	uint32_t term, passage;
	struct tuple tuple;
};

struct tally_passage {
	const struct post_row *post;
	const struct passage *passage;
	uint32_t lengths[FIELD_COUNT];
	uint32_t tokens[FIELD_COUNT];    /* kept, by tally_token() */
	size_t first_token, token_words; /* in the tally's `tokens` */
};

/* A kept token is a word: its term, and how far it is from the one before;
 * TALLY_FAR: the distance is in the word that follows. */
enum { TALLY_STEP = 2, TALLY_FAR = 3 };

struct tally {
	/* Not 0: the numbers of its terms are left with the analyzer's tokens,
	 * and no other tally that used this analyzer had the same. */
	uint32_t serial;
	struct map terms; /* entry i is term i */
	uint32_t *seen;   /* by term: its last posting, plus 1 */
	size_t seen_cap;
	struct tally_passage *passages;
	size_t passage_count, passage_cap;
	struct tally_posting *postings;
	size_t posting_count, posting_cap;
	size_t first; /* posting of the passage under way */
	uint32_t *tokens;
	size_t token_count, token_cap; /* words */

	/* Made by tally_sort(): postings of term t, in order of passages, are
	 * postings[order[i]] for starts[t] <= i < starts[t + 1]. */
	uint32_t *order, *starts;
	size_t order_cap, starts_cap;
};

void tally_release(struct tally *b);
void tally_reset(struct tally *b);

void tally_passage(struct tally *b, const struct post_row *post,
                   const struct passage *passage);

/* As it comes from an analyzer. Returns the term's number. */
uint32_t tally_token(struct tally *b, enum field field, const struct token *t);

/* A term from elsewhere. `beside`: it shares its position with the one before
 * and does not make the field longer. */
uint32_t tally_term(struct tally *b, enum field field, struct slice term,
                    bool beside);

/* The same token once more, to be kept in order; see forward_takes(). */
void tally_keep(struct tally *b, enum field field, uint32_t term,
                uint32_t step);

/* After the last term, before the builder. */
void tally_sort(struct tally *b);

#endif
