#ifndef SCHEMA_POSTS_H
#define SCHEMA_POSTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/slice.h"
#include "schema/reader.h"
#include "schema/store.h"

/*
 * Reading what the store holds. Rows come with all that other folders need of
 * them; texts are made in the caller's arena. Rows the reader may not see do
 * not exist for these functions, nor in their counts.
 */
struct answer_row {
	int64_t id; /* AnswerID: local, never reused */
	struct slice native, link, content;
	struct slice author, author_link, licence, channel, terms;
	int64_t created, modified; /* CLOCK_NONE when unknown */
	int64_t score;
	bool accepted;
	int64_t changed, counted;
};

struct post_row {
	int64_t id; /* PostID: local, never reused */
	struct slice space, native, kind, link, title, content, language;
	struct slice class, services, access;
	struct slice author, author_link, licence, channel, terms;
	struct slice duplicate_of; /* native id, or empty */
	const struct slice *tags;
	size_t tag_count;
	int64_t created, modified, closed;
	int64_t score, views;
	unsigned flags; /* enum record_flags */
	int64_t changed, counted;
	struct answer_row *answers; /* accepted first, then by score down, id */
	size_t answer_count;
	size_t answer_total; /* the same, unless only a part was loaded */
	bool solved;         /* one of all is accepted */
};

/* FAULT_GONE when there is no such row for this reader. */
MUST_USE
bool post_load(struct store *s, const struct reader *r, int64_t id,
               struct arena *a, struct post_row *out, struct fault *f);

/*
 * What it takes to show one passage of a post. With answer 0 that is all but
 * its answers; else its head, without content, and that one answer. It does
 * not say what the post is a duplicate of.
 */
MUST_USE
bool post_load_part(struct store *s, const struct reader *r, int64_t id,
                    int64_t answer, struct arena *a, struct post_row *out,
                    struct fault *f);

/* Its native id and access label alone. */
MUST_USE
bool post_name(struct store *s, const struct reader *r, int64_t id,
               struct arena *a, struct slice *native, struct slice *access,
               struct fault *f);

/* What is loaded between the two is of one moment, and cheaper. */
MUST_USE
bool posts_begin(struct store *s, struct fault *f);
void posts_end(struct store *s);

/*
 * Several posts at once, for the indexer: those of `ids` (ascending, all that
 * are there, no reader) until their texts are `limit` bytes or more together.
 * What says where they come from is left empty: author, channel, duplicates.
 */
struct posts_batch {
	struct post_row *posts; /* the caller's room, one for each id */
	size_t count;
	size_t taken; /* ids, from the first on, those of no post included */
};

MUST_USE
bool posts_load(struct store *s, const int64_t *ids, size_t count, size_t limit,
                struct arena *a, struct posts_batch *out, struct fault *f);

MUST_USE
bool post_find(struct store *s, const struct reader *r, struct slice space,
               struct slice native, int64_t *id, struct fault *f);

/*
 * All posts of the reader in the order of (space, native id; numbers by value)
 * which is the same in every store with the same content. `fn` returning
 * false ends the walk with its fault. Reads in short batches; rows that come
 * or go meanwhile may or may not be seen. `a` is reset after each post.
 */
typedef bool post_fn(void *self, const struct post_row *p, struct fault *f);

struct post_filter {
	struct slice space, kind; /* empty: any */
	bool no_content;          /* leave texts empty: for statistics */
};

MUST_USE
bool posts_each(struct store *s, const struct reader *r,
                const struct post_filter *filter, struct arena *a, post_fn *fn,
                void *self, struct fault *f);

/*
 * Ids of posts of which something (the post, an answer, a removal) has a
 * Changed number in (after, upto], each once, ascending, at most `room` of
 * them above `id_after`. *count receives how many; fewer than `room`: no more.
 * For the indexer: no reader.
 */
MUST_USE
bool posts_changed(struct store *s, int64_t after, int64_t upto,
                   int64_t id_after, int64_t *ids, size_t room, size_t *count,
                   struct fault *f);

/* The rows whose Counted number is in (after, upto]; answer 0: the post. */
struct count_row {
	int64_t post, answer, score, views;
};
typedef bool count_fn(void *self, const struct count_row *c, struct fault *f);

MUST_USE
bool posts_counted(struct store *s, int64_t after, int64_t upto, count_fn *fn,
                   void *self, struct fault *f);

/* What there is, by space and kind. */
struct store_count {
	struct slice space, kind, access, channel;
	int64_t posts, answers, accepted;
	int64_t oldest, newest; /* of PostTime */
	int64_t as_of;          /* date of the newest dump or visit */
};
MUST_USE
bool posts_count(struct store *s, const struct reader *r, struct arena *a,
                 struct store_count **out, size_t *count, struct fault *f);

#endif
