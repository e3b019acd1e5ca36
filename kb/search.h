#ifndef KB_SEARCH_H
#define KB_SEARCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/slice.h"
#include "kb/analyzer.h"
#include "kb/index.h"
#include "schema/reader.h"

/*
 * Ranked retrieval in two named stages.
 *
 * Stage 1 is exact BM25F. For a passage p and the distinct terms t of the
 * query, with weight w_f of field f (body: w_body * body[kind of p]):
 *
 *	tf(t,p)  = sum over f of  w_f * tf_f(t,p)
 *	len(p)   = sum over f of  w_f * len_f(p)
 *	avg      = sum over f of  w_f * average_f        (manifest constants)
 *	K(p)     = k1 * (1 - b + b * len(p) / avg)
 *	idf(t)   = ln(1 + (N - df(t) + 0.5) / (df(t) + 0.5))
 *	score(p) = sum over t of  idf(t) * (tf / (tf + K(p)))   + prior(p)
 *	prior(p) = votes * ln(1 + max(score of the row, 0)) + accepted * [kind]
 *
 * avg takes the body's weight without its kind's factor. A passage whose sum,
 * without the prior, is 0 is no result: it has no term of the query, or only in
 * fields that weigh nothing. N and df count live passages over all the segments
 * whose label the reader may read. Each term's contribution is rounded to a multiple of 2^-40, which
 * makes the sum exact and so independent of order. Ties fall by (post, part).
 * Terms that no passage has do nothing; of the others at most
 * LIMIT_QUERY_TERMS count, those of highest idf, ties by bytes. Of a text with
 * more than LIMIT_QUERY_WORDS different terms only the first so many are looked
 * up; all others are said to be dropped.
 * `plain` is bare BM25: all weights 1, k1 1.2, b 0.75, no prior, averages
 * measured over the live passages.
 *
 * Stage 2 (rank.h) re-ranks the best of stage 1 and says what it did; it needs
 * their texts, so that the caller runs it.
 */

struct search_filter {
	struct slice key, value; /* "tag", "kubernetes" */
};

/* The keys: space kind tag lang class service accepted score date. */
MUST_USE
bool search_filter_check(const struct search_filter *filter, struct fault *f);

struct search_query {
	struct slice text;
	const struct search_filter *filters; /* all must hold */
	size_t filter_count;
	uint32_t k;   /* 1 to LIMIT_RESULTS */
	bool plain;   /* bare BM25 */
	bool by_post; /* the best passage of each post */
};

struct hit {
	const struct segment *segment;
	uint32_t doc;
	struct entry entry;
	double score;  /* stage 1 */
	double rank;   /* what it is ordered by in the end */
	int64_t votes; /* of its row, in this generation */
};

struct search_result {
	struct hit *hits; /* made in the arena */
	size_t count;
	const struct slice *terms; /* those that counted, as in the query */
	const double *idf;         /* of each */
	size_t term_count;
	size_t terms_dropped; /* over LIMIT_QUERY_TERMS */
	uint64_t passages;    /* N: live ones that the reader may read */
	uint64_t average;     /* tokens of a passage, all fields, rounded up */
};

/*
 * The memory that one thread's searches use again and again: it grows to what
 * the largest segment asks for. It holds nothing of any index between searches.
 */
struct searcher;
struct searcher *searcher_new(void);
void searcher_free(struct searcher *s); /* NULL is allowed */

/*
 * `analyzer` must be the index's own line. A query without any term, or over
 * LIMIT_QUERY bytes, is FAULT_USAGE "query-empty" / FAULT_LIMIT.
 */
MUST_USE
bool search(struct searcher *s, const struct index *x,
            struct analyzer *analyzer, const struct reader *r,
            const struct search_query *q, struct arena *a,
            struct search_result *out, struct fault *f);

/*
 * The instruction set that searches run on: "avx2", "portable". All give the
 * same bits. search_path(NULL) is the best that this machine has; false: there
 * is no such path here. For tests and benchmarks: it is the process's.
 */
bool search_path(const char *name);
const char *search_path_name(size_t i); /* NULL past the last */
const char *search_path_now(void);

/* In how many of the live passages that the reader may read a term is. */
MUST_USE
bool search_frequency(const struct index *x, const struct reader *r,
                      struct slice term, uint64_t *df, struct fault *f);

#endif
