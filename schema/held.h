#ifndef SCHEMA_HELD_H
#define SCHEMA_HELD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/slice.h"
#include "schema/record.h"
#include "schema/rows.h"

/*
 * A row of Posts, Answers or Extras as the store holds it: the record it was
 * made from and what the store adds. One order of columns serves all three
 * tables. Each row carries two hashes: of its content, and of everything else
 * that is ever shown together with the content's hash; the latter is checked
 * whenever a row is read. For the files of this folder.
 */
enum held_table { HELD_POSTS, HELD_ANSWERS, HELD_EXTRAS, HELD_TABLES };

struct held {
	int64_t id;   /* 0: not there */
	int64_t post; /* an answer's */
	struct slice space;
	struct record r; /* parent, original and author_id are empty */
	int64_t author;  /* Authors.AuthorID, or 0 */
	bool licensed;   /* the licence came with the row */
	struct slice access;
	uint64_t original_hash, content_hash;
	int64_t visit, changed, counted;
};

enum held_table held_table(enum record_kind kind);

/* Texts are made in `a`; h->id is 0 when there is no such row. FAULT_INPUT
 * "row-damaged" when hashes disagree (the content's only if it is read). */
MUST_USE
bool held_find(struct rows *r, enum held_table t, struct slice space,
               struct slice native, struct arena *a, struct held *h,
               struct fault *f);
MUST_USE
bool held_load(struct rows *r, enum held_table t, int64_t id, bool content,
               struct arena *a, struct held *h, struct fault *f);

/* The posts with ids from `first` to `last`, ascending: query_next() moves
 * on, held_id() and held_row() read the row under the cursor. */
MUST_USE
bool held_range(struct rows *r, int64_t first, int64_t last, struct query *q,
                struct fault *f);
int64_t held_id(struct query *q);
MUST_USE
bool held_row(struct query *q, struct arena *a, struct held *h,
              struct fault *f);

/* All answers of a post, by AnswerID: *out has *count of them. */
MUST_USE
bool held_answers(struct rows *r, int64_t post, bool content, struct arena *a,
                  struct held **out, size_t *count, struct fault *f);

/* Gives h->id. */
MUST_USE
bool held_insert(struct rows *r, enum held_table t, struct held *h,
                 struct fault *f);

/* The content is written only if `content`; otherwise what stands stays. */
MUST_USE
bool held_update(struct rows *r, enum held_table t, const struct held *h,
                 bool content, struct fault *f);

/* Tags as they stand in a row: |a|b| */
struct slice held_tags_join(struct arena *a, const struct slice *tags,
                            size_t count);
const struct slice *held_tags_split(struct arena *a, struct slice text,
                                    size_t *count);

/* The key of Originals. */
int64_t held_original(enum held_table t, int64_t id);

/* A time as it stands in a row. */
struct slice held_time(struct arena *a, int64_t time);

#endif
