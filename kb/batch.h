#ifndef KB_BATCH_H
#define KB_BATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/slice.h"
#include "kb/codec.h"
#include "kb/passage.h"
#include "schema/posts.h"

/*
 * Some passages with their terms counted: what one thread makes of a few posts
 * and the builder takes over. Terms are numbered within the batch, so that the
 * builder looks each one up once a batch.
 *
 *	batch_passage(b, &post, &passage);
 *	batch_term(b, field, term, beside);	for each token
 *
 * The posts and passages are borrowed until batch_reset().
 */
struct batch_posting {
	uint32_t term;
	struct tuple tuple;
};

struct batch_passage {
	const struct post_row *post;
	const struct passage *passage;
	uint32_t lengths[FIELD_COUNT];
	size_t first, count; /* of its postings */
};

struct batch {
	struct map terms; /* entry i is term i */
	size_t *seen;     /* by term: its last posting, plus 1 */
	size_t seen_cap;
	struct batch_passage *passages;
	size_t passage_count, passage_cap;
	struct batch_posting *postings;
	size_t posting_count, posting_cap;
};

void batch_release(struct batch *b);
void batch_reset(struct batch *b);

void batch_passage(struct batch *b, const struct post_row *post,
                   const struct passage *passage);

/* `beside`: the token shares its position with the one before and does not
 * make the field longer. */
void batch_term(struct batch *b, enum field field, struct slice term,
                bool beside);

#endif
