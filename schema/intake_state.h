#ifndef SCHEMA_INTAKE_STATE_H
#define SCHEMA_INTAKE_STATE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/pack.h"
#include "schema/batch.h"
#include "schema/held.h"
#include "schema/intake.h"

/*
 * What the files behind intake.h share. For them alone.
 */
/* Who writes in the same transactions: asked for its last word before each
 * commit, and told when the intake closes. */
struct intake_guest {
	bool (*keep)(void *self, struct fault *f);
	void (*leave)(void *self);
	void *self;
};

struct intake {
	struct rows *rows;
	struct batch batch;
	struct buf space, access; /* of the options, copied */
	bool dated_licence;       /* the licence rule by date holds here */
	int64_t visit;
	int64_t kept_as_of; /* of the visit, as the store has it */
	bool finished;      /* it was seen to its end once */
	bool final;         /* kept_as_of is its date and will not move */
	bool dated;         /* it was so from birth: a crawl's */
	bool hold;          /* between intake_hold() and intake_let_go() */
	int64_t as_of;      /* latest date seen in this run */
	bool touched;       /* the record at hand has written something */
	bool broken;        /* a write failed: only closing is left */
	struct arena arena; /* of one record */
	struct arena inner; /* of one record that was staged before */
	struct pack *pack;
	struct buf bytes;
	struct intake_report report;
	struct intake_guest guest;
	intake_sync *sync; /* or NULL */
	void *sync_self;
};

static inline struct slice intake_space(const struct intake *in)
{
	return buf_slice(&in->space);
}

/* The label that a record's row bears. */
static inline struct slice intake_label(const struct intake *in,
                                        const struct record *r)
{
	return r->access.len ? r->access : buf_slice(&in->access);
}

/* Whether the visit was seen to its end: what it says now was said before. */
static inline bool intake_again(const struct intake *in)
{
	return in->final && (in->finished || !in->dated);
}

/* Latest of what the run has seen. */
void intake_saw(struct intake *in, int64_t time);

/* Whether a row or what it belongs to was forgotten. */
MUST_USE
bool intake_forgotten(struct intake *in, struct slice id, struct slice parent,
                      bool *forgotten, struct fault *f);

/* What stands in Authors.RowHash. */
uint64_t author_hash(struct slice space, struct slice id, struct slice name,
                     struct slice link);

/* AuthorID for an id or 0 for none; makes the row at the first reference. */
MUST_USE
bool author_refer(struct intake *in, struct slice id, int64_t *author,
                  struct fault *f);
MUST_USE
bool author_settle(struct intake *in, struct fault *f);

/* Stack Exchange's licence by date, as SPDX; empty without a date. */
struct slice licence_by_date(int64_t time);
MUST_USE
bool licence_settle(struct intake *in, struct fault *f);

/* What stands in Comments.RowHash. */
uint64_t comment_hash(struct slice space, const struct intake_comment *c);
MUST_USE
bool comment_settle(struct intake *in, struct fault *f);

/* The record's id and link are addresses of its own. */
MUST_USE
bool alias_own(struct intake *in, const struct record *r, struct fault *f);

/* `from` was another name of `to`, as all that led to it are now. */
MUST_USE
bool alias_moved(struct intake *in, struct slice from, struct slice to,
                 struct fault *f);

enum outcome {
	OUTCOME_ADDED,
	OUTCOME_UPDATED, /* text, title, tags, label, acceptance */
	OUTCOME_COUNTED, /* votes or views only */
	OUTCOME_MOVED,   /* something without a counter: closing, author */
	OUTCOME_SAME,
	OUTCOME_OLDER,
	OUTCOME_STAGED,  /* decided at the end of the visit */
	OUTCOME_WAITING, /* an answer without its question */
	OUTCOME_FORGOTTEN,
};

/* Whether deciding about `r` would write nothing; asked outside of a
 * transaction, so that an unchanged dump never takes the writer's lock. */
MUST_USE
bool decide_idle(struct intake *in, const struct record *r, bool *idle,
                 enum outcome *what, struct fault *f);

/* intake_reread(), inside a transaction. */
MUST_USE
bool decide_reread(struct intake *in, const struct record *r, uint64_t original,
                   enum outcome *what, struct fault *f);

/* Puts `r`, brought by `visit`, where it belongs. Inside a transaction. */
MUST_USE
bool decide_record(struct intake *in, const struct record *r, int64_t visit,
                   enum outcome *what, struct fault *f);

/* What was staged by this visit, now that its date is known. */
MUST_USE
bool decide_settle(struct intake *in, struct fault *f);

/* Counts an outcome in the report. */
void intake_count(struct intake *in, enum outcome what);

/* A newer extractor read the same original: the content alone. */
MUST_USE
bool settle_refresh(struct intake *in, enum held_table t, struct held *h,
                    const struct record *r, enum outcome *what,
                    struct fault *f);

/* The same row under the label of `r`. */
MUST_USE
bool settle_relabel(struct intake *in, enum held_table t, struct held *h,
                    const struct record *r, enum outcome *what,
                    struct fault *f);

/* The same text under another heading: a RECORD_HEAD. */
MUST_USE
bool settle_head(struct intake *in, enum held_table t, struct held *old,
                 const struct record *r, enum outcome *what, struct fault *f);

/* Writes what differs between `h` and `r`. */
MUST_USE
bool settle_insert(struct intake *in, enum held_table t, int64_t post,
                   const struct record *r, int64_t visit, enum outcome *what,
                   struct fault *f);
MUST_USE
bool settle_update(struct intake *in, enum held_table t, struct held *h,
                   int64_t post, const struct record *r, int64_t visit,
                   enum outcome *what, struct fault *f);

#endif
