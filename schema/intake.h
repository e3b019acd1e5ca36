#ifndef SCHEMA_INTAKE_H
#define SCHEMA_INTAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/slice.h"
#include "schema/record.h"
#include "schema/store.h"

/*
 * How records enter the store: the one place that decides new, newer, same or
 * older. An intake is one import or visit of one space. It commits by itself,
 * in transactions of at most 100 ms; killed at any instant, the same import
 * run again ends in the same store as one that was never killed.
 *
 * Rules (docs/store.md):
 * - A thing is (space, native id). An older revision never overwrites a newer
 *   one. Of equal revisions, what belongs to the visit rather than to the
 *   text (votes, views, acceptance, closing) moves only when this visit is
 *   newer than the one that brought it; a visit's date is the latest date in
 *   its content, so it is known at the end: until then such rows are staged.
 * - `Changed` moves by one for a change of text, title, tags, label or
 *   acceptance (title, tags or label of a question move its answers too);
 *   `Counted` by one for votes or views. No change, no move.
 * - An answer whose question is not there waits in staging, across runs.
 * - An author is known by id; his name may come later and is then changed in
 *   one place. A licence comes from the row, else from the revision that made
 *   the present text (edits re-license, a rollback restores, tag-only edits
 *   change nothing), else from the row's own dates.
 * - What was forgotten stays out.
 */
struct intake;

struct intake_options {
	struct slice space;   /* canonical: identity_space() */
	struct slice channel; /* "dump", "import", "api", "crawl" */
	struct slice terms;   /* what the channel's provider asks, or empty */
	struct slice access;  /* label, a word; empty: public */
	struct slice source;  /* which dump or file: makes a resumed import the
	                         same visit; any bytes that tell dumps apart */
	bool dated;    /* the visit's date is known from the start (a crawl's):
	                  it is `as_of`, nothing is staged until the end, and
	                  dates in the content do not move it */
	int64_t as_of; /* milliseconds UTC; only with `dated` */
};

MUST_USE
bool intake_open(struct intake **out, struct store *s,
                 const struct intake_options *options, struct fault *f);

/* Without intake_finish() what was committed stays; the next run goes on. */
void intake_close(struct intake *in);

/*
 * Whether the store already holds this very original under this extractor
 * version, so that making its Markdown again would be wasted; then
 * intake_record() may be given the record without `content` and `original`:
 * an original at NULL means "as it is". An empty body has its `at` set.
 */
MUST_USE
bool intake_has(struct intake *in, enum record_kind kind, struct slice id,
                struct slice original, uint32_t extractor, bool *has,
                struct fault *f);

/* FAULT_INPUT or FAULT_LIMIT rejects this record alone. */
MUST_USE
bool intake_record(struct intake *in, const struct record *r, struct fault *f);

/*
 * What a newer extractor makes of an original that is there already: content
 * and, unless empty, title of `r` (with kind and id; the rest is not looked
 * at) replace what an older extractor made of the body whose hash is
 * `original`. Nothing is done if that is not what the store holds now.
 */
MUST_USE
bool intake_reread(struct intake *in, const struct record *r, uint64_t original,
                   struct fault *f);

/* Someone's name and page. Authors nobody refers to are not kept. */
MUST_USE
bool intake_author(struct intake *in, struct slice id, struct slice name,
                   struct slice link, struct fault *f);

enum intake_link_kind { LINK_RELATED, LINK_DUPLICATE };

MUST_USE
bool intake_link(struct intake *in, struct slice from, struct slice to,
                 enum intake_link_kind kind, int64_t time, struct fault *f);

/* The address leads to the thing by that id, which need not be there yet.
 * FAULT_INPUT refuses this alone. */
enum intake_alias_kind {
	ALIAS_REDIRECT,  /* for good */
	ALIAS_CANONICAL, /* it names the other as canonical */
};

MUST_USE
bool intake_alias(struct intake *in, struct slice address, struct slice id,
                  enum intake_alias_kind kind, struct fault *f);

struct intake_comment {
	struct slice id, parent; /* the post's or answer's native id */
	struct slice content, author_id, author, licence;
	int64_t score, created;
};
MUST_USE
bool intake_comment(struct intake *in, const struct intake_comment *c,
                    struct fault *f);

/* One revision of a post's title or body (tag-only edits are not passed): the
 * raw text decides which earlier revision a rollback restored. Staged until
 * the posts come; in the order of time. */
MUST_USE
bool intake_revision(struct intake *in, struct slice id, struct slice text,
                     bool rollback, struct slice licence, int64_t time,
                     struct fault *f);

/* A date in the content that stands in no record (last activity, last visit):
 * it counts for the visit's date. CLOCK_NONE is allowed. */
void intake_date_seen(struct intake *in, int64_t time);

/*
 * For a crawl. Between hold and let_go nothing is committed, so that a reply's
 * records and the frontier's rows are one transaction; let_go commits when it
 * is time, intake_commit() now (before waiting for the network).
 */
void intake_hold(struct intake *in);
MUST_USE
bool intake_let_go(struct intake *in, struct fault *f);
MUST_USE
bool intake_commit(struct intake *in, struct fault *f);

/* The thing is no longer at its source: a post (with its answers), an answer
 * or an extra leaves the live rows, a Gone row says when. It may come back.
 * *was: there was something. */
MUST_USE
bool intake_gone(struct intake *in, struct slice id, int64_t time, bool *was,
                 struct fault *f);

/* It goes by another id at its source: the post keeps its PostID (and its
 * comments, links and answers). When `to` is there too, `from` is gone. */
MUST_USE
bool intake_moved(struct intake *in, struct slice from, struct slice to,
                  int64_t time, bool *was, struct fault *f);

/* Before each commit `sync` is called: what has to be on the disk before the
 * store says so. False: nothing is committed, and the intake is broken. */
typedef bool intake_sync(void *self, struct fault *f);
void intake_before(struct intake *in, intake_sync *sync, void *self);

struct intake_report {
	int64_t questions, answers, extras, others;   /* records seen */
	int64_t added, updated, counted, same, older; /* what became of them */
	int64_t waiting; /* answers in staging for want of their question */
	char waiting_ids[96]; /* the first few of them: "4, 17, 23" */
	int64_t forgotten;    /* kept out */
	int64_t authors, links, comments, revisions; /* seen */
	int64_t as_of;                               /* the visit's date */
};

/* What was done so far, for a run that ends early. */
void intake_so_far(const struct intake *in, struct intake_report *out);

/* Settles what was staged, marks the visit as finished. */
MUST_USE
bool intake_finish(struct intake *in, struct intake_report *out,
                   struct fault *f);

#endif
