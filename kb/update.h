#ifndef KB_UPDATE_H
#define KB_UPDATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "kb/index.h"
#include "kb/index_file.h"
#include "kb/index_writer.h"

/*
 * A writer at work on an index folder. index_update() is one run of it; who
 * follows the store (kb/follow.h) runs it again and again on an open base:
 *
 *	update_start(&u, folder, store, options, f);
 *	update_lock(&u, f) && update_base(&u, f);
 *	store_counters(...) into u.changed, u.counted;
 *	update_make(&u, f);      what was published stands in u.manifest
 *	update_release(&u);      the base is the caller's
 */
struct update {
	const char *folder;
	struct store *store;
	const struct index_options *options;
	struct index_report *report;
	bool later;         /* publish few posts before they are synced */
	struct arena arena; /* of one run */
	struct arena facts; /* the analyzer's line */
	struct slice line;
	int lock;                 /* -1: not held */
	int64_t changed, counted; /* the store's, at the start */
	struct index *base;       /* the last intact generation, or NULL */
	const char *unusable;     /* why it cannot be carried on */
	uint64_t top_generation, top_segment; /* in use, of any file */
	struct manifest manifest;             /* the one that was published */
	bool published;

	struct index_writer writer;
	int64_t total, done; /* posts */
};

/* Makes the folder and reads the analyzer's line. All that is not named here
 * is zeroed. */
MUST_USE
bool update_start(struct update *u, const char *folder, struct store *s,
                  const struct index_options *options, struct fault *f);
void update_release(struct update *u);

/* FAULT_BUSY when another has it. */
MUST_USE
bool update_lock(struct update *u, struct fault *f);
void update_unlock(struct update *u);

/* Finds the last intact generation, makes sure that it is synced, and removes
 * what neither it nor the one before it names. */
MUST_USE
bool update_base(struct update *u, struct fault *f);

/* Whether the base has seen the store's counters. */
bool update_seen(const struct update *u);

/* Publishes the next generation, if anything has changed. */
MUST_USE
bool update_make(struct update *u, struct fault *f);

/* Starts u->writer for the generation after the base, or made from nothing. */
void update_writer(struct update *u, const struct index *base);

/* Publishes what u->writer has. */
MUST_USE
bool update_publish(struct update *u, struct fault *f);

#endif
