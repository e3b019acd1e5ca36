#ifndef KB_EVAL_H
#define KB_EVAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/map.h"
#include "base/slice.h"

/*
 * How good a ranking is, judged by files in the shape of BEIR: queries as
 * JSON lines (`_id`, `text`) and judgements as lines of "query-id, tab,
 * document id, tab, grade" with or without a heading line.
 *
 * The measures are those of trec_eval and BEIR: a document counts as relevant
 * from grade 1 on; what nobody judged has grade 0.
 *
 *	nDCG@10  gain is the grade itself, discount log2(rank + 1), divided by
 *	         the same sum over the best possible order
 *	MAP      mean over the relevant documents (found or not) of precision
 *	         at their rank, over the whole ranking given
 *	MRR@10   1 / rank of the first relevant among the first ten, else 0
 *	R@100    share of the relevant documents among the first hundred
 */
struct eval_scores {
	double ndcg10, map, mrr10, recall100;
};

struct judgement {
	struct slice doc;
	int64_t grade;
};

struct judged_query {
	struct slice id;
	struct judgement *docs;
	size_t count, room;
	size_t relevant; /* of grade 1 or more */
};

/* All judgements of a file, queries in the order of first mention. */
struct judgements {
	struct judged_query *queries;
	size_t count, room;
	struct map numbers; /* query id -> number in `queries` */
	struct arena a;
};

#define JUDGEMENTS_INIT ((struct judgements){ 0 })

/* FAULT_INPUT names the line that is not a judgement. */
MUST_USE
bool judgements_parse(struct judgements *j, struct slice text, const char *path,
                      struct fault *f);
MUST_USE
bool judgements_read(struct judgements *j, const char *path, struct fault *f);
void judgements_release(struct judgements *j);

/* NULL when nothing is known of that query. */
const struct judged_query *judgements_of(const struct judgements *j,
                                         struct slice query);

/* Scores of one ranking: native ids, best first, each at most once. */
void eval_ranking(const struct judged_query *q, const struct slice *docs,
                  size_t count, struct eval_scores *out);

/* A file of queries. */
struct eval_query {
	struct slice id, text;
};

struct eval_queries {
	struct eval_query *at;
	size_t count, room;
	struct arena a;
};

#define EVAL_QUERIES_INIT ((struct eval_queries){ 0 })

MUST_USE
bool eval_queries_parse(struct eval_queries *q, struct slice text,
                        const char *path, struct fault *f);
MUST_USE
bool eval_queries_read(struct eval_queries *q, const char *path,
                       struct fault *f);
void eval_queries_release(struct eval_queries *q);

#endif
