#ifndef EXPORT_VOTES_H
#define EXPORT_VOTES_H

#include "schema/posts.h"

/*
 * How votes are spread over questions and over answers. Edges are integers
 * and every row falls into exactly one bucket, so that a column adds up to
 * its number of rows. Empty buckets are shown.
 */
enum { VOTES_BUCKETS = 7 };

/* "negative", "0-100", "101-200", ..., "over 500" */
extern const char *const votes_names[VOTES_BUCKETS];

struct votes {
	int64_t questions[VOTES_BUCKETS], answers[VOTES_BUCKETS];
	int64_t accepted[VOTES_BUCKETS]; /* of the answers */
	int64_t question_count, answer_count, accepted_count;
};

int votes_bucket(int64_t score);

/* Questions are posts of kind `question`; answers are theirs. */
MUST_USE
bool votes_count(struct store *s, const struct reader *r, struct slice space,
                 struct votes *out, struct fault *f);

#endif
