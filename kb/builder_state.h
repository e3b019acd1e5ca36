#ifndef KB_BUILDER_STATE_H
#define KB_BUILDER_STATE_H

#include "base/arena.h"
#include "base/map.h"
#include "kb/builder.h"
#include "kb/forward_spill.h"

/*
 * What a builder holds: for builder.c, which fills it, and builder_write.c,
 * which writes it out. Others include kb/builder.h.
 */
enum {
	POOL_BLOCK = 64 << 10,
	SLICE_FIRST = 16, /* bytes of a chain's first slice, link included */
	SLICE_LAST = 2048,
	SLICE_LINK = 4,
};

struct chain {
	const char *text; /* the term */
	size_t len;
	uint32_t head, at, end; /* places in the pool; end is the link's */
	uint32_t size, next;    /* of the last slice; lowest doc to follow */
	uint32_t df;
};

#define NOT_OURS UINT32_MAX

struct row {
	int64_t post, part, changed, modified;
	enum passage_kind kind;
	uint32_t from, to;
	uint32_t space, post_kind, language, class; /* in `strings` */
	uint32_t first_tag, first_service;
	uint32_t lengths[FIELD_COUNT];
};

struct numbers {
	uint32_t *at;
	size_t count, cap;
};

/* Of the hash table of terms: the whole hash, and the chain's number plus 1. */
struct slot {
	uint64_t hash;
	uint32_t chain;
};

struct builder {
	char *label;
	size_t label_len;
	struct map strings;
	struct slot *slots;
	size_t slot_count; /* a power of two */
	struct chain *chains;
	size_t chain_count, chain_cap;
	struct arena texts;
	unsigned char **pool;
	size_t pool_count, pool_cap, pool_used; /* used of the last block */
	uint64_t text;                          /* bytes of terms and strings */
	struct row *rows;
	size_t row_count, row_cap;
	int64_t *scores;
	size_t score_cap;
	struct numbers tags, services;
	uint32_t *docs; /* by the tally's passage: ours, or NOT_OURS */
	size_t doc_cap;
	uint32_t *ranks; /* of strings, while writing */
	char *beside;    /* NULL: no forward file */
	struct forward_spill spill;
	uint32_t *chain_of; /* by the tally's term: ours */
	size_t chain_of_cap;
};

static inline unsigned char *pool_at(const struct builder *b, uint32_t place)
{
	return b->pool[place / POOL_BLOCK] + place % POOL_BLOCK;
}

#endif
