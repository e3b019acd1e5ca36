#ifndef EXPORT_WORDS_H
#define EXPORT_WORDS_H

#include "base/map.h"
#include "kb/analyzer.h"
#include "schema/posts.h"

/*
 * The most frequent terms of the store: words as people write them (folded,
 * not stemmed; stop words left out), things pasted whole (paths, codes), pairs
 * of Han characters, Korean words without their particles. Code blocks do not
 * count. A term's count is the number of times it stands; `posts` in how many
 * posts.
 */
struct word {
	struct slice text;
	int64_t count, posts;
};

/* The analyzer line that makes the terms. */
extern const char words_line[];

/*
 * The `top` most frequent, ties by bytes. *out and the words are made in `a`.
 * Stays under WORDS_MOST distinct terms: past that the rarest are dropped,
 * and *dropped says how many.
 */
#define WORDS_MOST (1 << 20)
MUST_USE
bool words_count(struct store *s, const struct reader *r, struct slice space,
                 size_t top, struct arena *a, struct word **out, size_t *count,
                 int64_t *dropped, struct fault *f);

#endif
