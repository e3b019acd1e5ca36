#ifndef KB_RANK_DOC_H
#define KB_RANK_DOC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/limits.h"
#include "base/map.h"
#include "kb/forward.h"
#include "kb/rank.h"

/*
 * Passages as the second stage sees them: tokens, each a number within a
 * vocabulary. A vocabulary is that of a segment's forward file, or, where one
 * is missing, that of all the texts that were analysed for this query.
 */

/* A few terms with weights: the query's, or those of feedback. */
enum { PICKS_MOST = LIMIT_QUERY_TERMS, PICK_SLOTS = 4 * PICKS_MOST };

struct rank_picks {
	const struct slice *terms;
	const double *weights;
	size_t count;
};

/* Which of them a number is. */
struct rank_table {
	uint32_t numbers[PICK_SLOTS]; /* or FORWARD_NONE */
	unsigned char picks[PICK_SLOTS];
};

struct rank_vocabulary {
	const struct segment *segment; /* NULL: that of the texts */
	struct rank_table table;       /* of the picks that were found last */
};

/* A place in a passage where a term of the query stands. */
struct rank_place {
	uint32_t pick, position;
	double weight;
};

struct rank_doc {
	struct rank_item item;
	struct forward_passage tokens;
	uint32_t vocabulary;
	double norm;               /* K of BM25F */
	struct rank_place *places; /* ascending position */
	size_t place_count, place_room;
};

/* One thread's memory, used again and again. */
struct ranker {
	struct rank_doc docs[RANK_DEPTH];
	struct rank_doc *order[RANK_DEPTH];
	size_t count;
	struct rank_vocabulary vocabularies[RANK_DEPTH];
	size_t vocabulary_count;
	struct map terms; /* of the texts: entry i is number i */
	struct arena arena;
	void *table; /* of whoever needs one */
	size_t table_room;
	struct rank_table_memory {
		void *table; /* rank_fold.c's own */
		size_t slots;
		uint32_t mark;
	} fold;
};

/* Reads the passages in; order[] is theirs. */
MUST_USE
bool rank_docs_read(struct ranker *r, const struct rank_request *q,
                    const struct rank_item *items, size_t count,
                    struct fault *f);

/* What a token of a field counts. */
double rank_weight(const struct index_weights *w, const struct rank_doc *d,
                   int field);

/* Makes the tables of all vocabularies those of `picks`. */
MUST_USE
bool rank_picks_find(struct ranker *r, const struct rank_picks *picks,
                     struct fault *f);

/* The pick that a number is, or PICKS_MOST. */
static inline uint32_t rank_pick(const struct rank_table *t, uint32_t number)
{
	uint32_t slot = number * 2654435761u >> 24;

	while (t->numbers[slot] != number) {
		if (t->numbers[slot] == FORWARD_NONE)
			return PICKS_MOST;
		slot = (slot + 1) % PICK_SLOTS;
	}
	return t->picks[slot];
}

/* The term of a number; made in the ranker's arena. *df: its frequency in the
 * vocabulary's segment, the dead included; 0 when there is none. */
MUST_USE
bool rank_term(struct ranker *r, const struct rank_vocabulary *v,
               uint32_t number, struct slice *out, uint32_t *df,
               struct fault *f);

/* `bytes` of memory, zeroed, until the next call. */
void *rank_table_room(struct ranker *r, size_t bytes);

#endif
