#ifndef KB_INDEX_WRITER_H
#define KB_INDEX_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "kb/builder.h"
#include "kb/index.h"
#include "kb/index_file.h"
#include "kb/tally.h"
#include "kb/tiers.h"

/*
 * The next generation while it is being made: the segments of the one it
 * starts from, with what has died and which votes have moved, and new ones.
 * Nothing is to be seen of it until index_writer_publish().
 */
struct member {
	uint64_t number;
	struct segment *segment;
	bool added;            /* in this generation */
	bool unsynced;         /* its file, perhaps */
	bool busy;             /* somebody is merging it into another */
	bool dropped;          /* merged into another */
	unsigned char *dead;   /* its own copy, once one more died */
	unsigned char *scores; /* its own copy, once one moved: i64 each */
	bool dead_moved, scores_moved;
	uint64_t dead_generation, dead_hash;
	uint64_t score_generation, score_hash;
};

/* A segment that was written, opened, with a score file beside it. */
MUST_USE
bool member_open(struct member *out, const char *folder, uint64_t number,
                 uint64_t generation, const struct written *written,
                 const int64_t *scores, uint32_t count, struct fault *f);
void member_release(struct member *m);

/* A passage dies; the votes it shows. */
MUST_USE
bool member_kill(struct member *m, uint32_t doc, struct fault *f);
void member_score(struct member *m, uint32_t doc, int64_t score);

struct index_writer {
	const char *folder;
	uint64_t generation;   /* to be published */
	uint64_t next_segment; /* the lowest free number */
	uint64_t budget;       /* bytes for the builders */
	bool forward;          /* new segments have a forward file */
	bool later;            /* files are published unsynced */
	const struct index_weights *weights;
	struct member *members;
	size_t count, cap;
	struct builder **builders;
	size_t builder_count, builder_cap;
	struct index_report *report;
};

/* Starts from `base`, or from nothing when it is NULL. `weights` are those of
 * the manifest, borrowed. */
void index_writer_start(struct index_writer *w, const char *folder,
                        const struct index *base,
                        const struct index_weights *weights,
                        struct index_report *report);
void index_writer_release(struct index_writer *w);

/* The passages of a post die. */
MUST_USE
bool index_writer_kill(struct index_writer *w, int64_t post, struct fault *f);

/* The votes of a post (answer 0) or an answer. */
MUST_USE
bool index_writer_score(struct index_writer *w, int64_t post, int64_t answer,
                        int64_t score, struct fault *f);

/* Takes passages in; writes what is held when it is over the budget. */
MUST_USE
bool index_writer_add(struct index_writer *w, const struct tally *tally,
                      struct fault *f);

/* Writes what is held. */
MUST_USE
bool index_writer_flush(struct index_writer *w, struct fault *f);

/* Merges some members into a new one; takes in one that was merged elsewhere;
 * takes one out. */
MUST_USE
bool index_writer_join(struct index_writer *w, const size_t *which, size_t n,
                       struct fault *f);
void index_writer_adopt(struct index_writer *w, struct member *m);
void index_writer_drop(struct index_writer *w, size_t i);

/* The cheapest merge that is due, of members that are not busy. */
void index_writer_choose(const struct index_writer *w, bool all,
                         struct tier_choice *out);

/* Merges until each label has few segments with few dead; `all`: one. */
MUST_USE
bool index_writer_merge(struct index_writer *w, bool all, struct fault *f);

/* Live passages; and the sums of their lengths unless NULL. */
uint64_t index_writer_live(const struct index_writer *w,
                           uint64_t sums[FIELD_COUNT]);

/*
 * Makes it the current generation, with everything synced before unless
 * w->later. `m` brings the facts;
 * its segments and numbers are filled in, made in `a`.
 */
MUST_USE
bool index_writer_publish(struct index_writer *w, struct manifest *m,
                          struct arena *a, struct fault *f);

#endif
