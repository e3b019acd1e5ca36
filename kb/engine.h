#ifndef KB_ENGINE_H
#define KB_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/limits.h"
#include "kb/best.h"
#include "kb/list_parts.h"
#include "kb/norm.h"
#include "kb/segment_file.h"

/*
 * The k best passages of one segment, exactly, looking at few of them.
 *
 * The passages are taken a window of up to 2^19 at a time. For every eight (an
 * octet) an upper bound on the score of the best is summed up in 16 bits, each
 * addend rounded upwards: dense lists bring block maxima, of all other lists
 * every posting is decoded and bounded by its code and class of length. Octets
 * are then scored exactly by falling bounds, until the next bound is under the
 * k-th best score. docs/search.md tells the whole story.
 *
 * One source is compiled for each instruction set (engine_body.h); all paths
 * give the same bits, since every contribution is a multiple of 2^-40.
 */
enum {
	WINDOW = 1 << 19,       /* passages */
	WINDOW_LEAST = 1 << 15, /* when a list is crowded in one place */
	WINDOW_POSTINGS = UINT16_MAX - 2 * BLOCK,
	OCTET = 8,
	OCTETS_GROUP = 64, /* octets with a common maximum */
	ENGINE_SCALE = 62000,
};

/* A posting whose tuple has no code: its place among those decoded. */
struct engine_escape {
	uint32_t at;
	struct tuple tuple;
};

/* Room for what is decoded of one list. */
struct engine_slot {
	uint32_t *docs; /* WINDOW_POSTINGS and two blocks */
	unsigned char *codes;
	uint16_t *last;
	struct engine_escape *escapes;
	size_t escape_room;
};

/* A term of the query in one segment. */
struct engine_term {
	double idf, most; /* most: a bound on what a posting adds */
	uint32_t df;
	enum list_class class;
	const unsigned char *list, *end; /* its bytes */

	/* Dense: parts of the list. */
	struct dense_parts parts;
	uint16_t level[DENSE_LEVELS]; /* scaled bounds */
	uint16_t base, slope;         /* base + level * slope is one as well */

	/* Others: what is decoded, and which of it is in the window. */
	uint32_t block; /* middle: the first that may reach the window */
	uint32_t *docs;
	unsigned char *codes;
	uint32_t count, from, to;
	struct engine_slot *slot; /* where these are kept */
	size_t escape_count;
	uint16_t *last; /* by 64 passages: 1 + the last posting, from `from` */
};

/* What a thread's searches use again and again. */
struct engine_memory {
	uint16_t *bounds, *groups, *priors; /* of octets; of groups */
	uint32_t *candidates;
	uint16_t *scratch[3];
	double *logarithms; /* ln(1 + i) */
	struct engine_slot slots[LIMIT_QUERY_TERMS];
};

void engine_memory_init(struct engine_memory *m);
void engine_memory_release(struct engine_memory *m);

/* One query on one segment. */
struct engine_run {
	const struct segment *segment;
	uint32_t number; /* of the segment, for `best` */
	struct index_weights weights;
	double average;
	const uint64_t *allowed; /* filters and the dead; or NULL: all may */
	struct engine_term terms[LIMIT_QUERY_TERMS];
	size_t term_count;
	struct best *best;
	struct engine_memory *memory;

	/* Made by engine_start(). */
	double scale;
	double tf[PASSAGE_KINDS * CODES];
	double tf_unit; /* code c weighs c times this; 0: not so */
	float bounds[CODES * NORM_CLASSES]; /* by code and class, without idf */
	struct {
		uint64_t segment; /* its hash */
		enum weighting which;
		double average;
		bool fit;
	} bounds_for; /* they stay while these do */
	struct engine_term *dense[LIMIT_QUERY_TERMS];
	struct engine_term *sparse[LIMIT_QUERY_TERMS];
	size_t dense_count, sparse_count;
	bool kinds_differ;  /* in the weight of the body */
	double most_prior;  /* 0: there is none */
	double accepted;    /* 0: no passage of the segment is */
	uint32_t low, high; /* the window */
	bool damaged;
	uint64_t octets; /* scored */
};

/* An instruction set. */
struct engine_path {
	const char *name;
	bool (*usable)(void);

	/* Offers what may be among the best. */
	bool (*search)(struct engine_run *r, struct fault *f);

	/* How many of a list that is not dense are not dead; false: damage. */
	bool (*live)(const struct segment *s, const struct engine_term *t,
	             const unsigned char *dead, uint32_t *out);
};

extern const struct engine_path engine_portable, engine_avx2;

/* All of them, best first; NULL-terminated. */
extern const struct engine_path *const engine_paths[];

/* The best that this machine can use, or the one that was asked for. */
const struct engine_path *engine_path(void);

/* False when there is no such path, or this machine cannot use it. NULL: the
 * best again. For tests and benchmarks: it is the process's, not a thread's. */
bool engine_path_set(const char *name);

/* Fills in what the list's bytes say; false: damage. */
bool engine_term_open(struct engine_term *t, const struct segment *s,
                      struct slice postings, uint32_t df);

/* Checks, once for a segment, all pages that scoring reads. */
MUST_USE
bool engine_ready(const struct segment *s, struct fault *f);

/* Fills in what follows from segment, weights, average and opened terms. */
void engine_start(struct engine_run *r, enum weighting which);

/* Votes and acceptance: what the prior adds to a passage. */
double engine_prior(const struct engine_run *r, int64_t votes,
                    enum passage_kind kind);

/* A bound on the prior in a group of 64 octets, or in one octet. */
double engine_prior_group(const struct engine_run *r, uint32_t group);
double engine_prior_octet(const struct engine_run *r, uint32_t octet);

#endif
