#ifndef KB_INDEX_H
#define KB_INDEX_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/slice.h"
#include "kb/segment.h"
#include "kb/weights.h"
#include "schema/store.h"

/*
 * The index: a folder beside the store that can be deleted at any time and is
 * rebuilt from it. A generation is a manifest that names segments, tombstones
 * and the score column; it is published by renaming one file. Opening falls
 * back to the last intact generation. Format: docs/index-format.md.
 */
struct index;

struct index_facts {
	struct slice store_uuid;
	uint64_t generation;
	int64_t changed, counted; /* the store's counters it has seen */
	struct slice analyzer;    /* the line its terms were made with */
	uint32_t analyzer_version, passage_version;
	struct index_weights weights;
};

/*
 * Opens the newest intact generation of `folder` for reading. FAULT_GONE:
 * there is none; FAULT_INPUT "index-damaged", "index-future". The index and
 * what it lends stay valid until index_close(), whatever a writer does.
 */
MUST_USE
bool index_open(struct index **out, const char *folder, struct fault *f);
void index_close(struct index *x); /* NULL is allowed */

/*
 * The newest generation again, for what runs on while others write: what `old`
 * has open already is shared, and its checked pages stay checked. `old` may be
 * closed before or after *out. *out is NULL when `old` is the newest.
 */
MUST_USE
bool index_reopen(struct index **out, const struct index *old,
                  const char *folder, struct fault *f);

/*
 * Whether a newer generation is to be seen, so that index_reopen() is worth
 * its while; for every request: about a microsecond. `now` is the wall clock.
 * True may still turn out to be the same generation. From any thread.
 */
bool index_moved(const struct index *x, const char *folder, int64_t now);

const struct index_facts *index_facts(const struct index *x);
size_t index_segment_count(const struct index *x);
const struct segment *index_segment(const struct index *x, size_t i);

struct index_options {
	bool rebuild;         /* from nothing, even if what is there is good */
	uint64_t memory;      /* bytes for building; 0: 256 MB */
	unsigned threads;     /* 0: as many as there are cores */
	const char *analyzer; /* NULL: analyzer_default */
	bool no_forward;      /* leave out the forward file (forward.h) */
	const struct index_weights *weights; /* NULL: the defaults */
	void (*progress)(void *self, int64_t done, int64_t total,
	                 int64_t passages);
	void *self;
};

struct index_report {
	bool rebuilt;       /* all of it was made anew, and why: */
	const char *reason; /* "no index", "analyzer changed", ... or NULL */
	int64_t posts, added, removed; /* posts read; passages */
	int64_t rescored;              /* passages whose votes moved */
	int64_t merges;
	int64_t passages, segments; /* live, after */
	uint64_t bytes;
};

/*
 * Brings the index up to the store. Takes the writer's lock (FAULT_BUSY when
 * another has it). Memory stays under options->memory, from 128 MB up,
 * whatever the corpus; less is possible and takes about 110 MB.
 * Publishes at least once when anything changed; killed at any instant, the
 * index is the old generation or a new one. Another store (UUID), a store
 * that went back (a restored backup), another analyzer: rebuilt, and said.
 */
MUST_USE
bool index_update(const char *folder, struct store *s,
                  const struct index_options *options, struct index_report *out,
                  struct fault *f);

/* Reads every byte: checksums, order, agreement of sections and manifest. */
typedef void index_finding_fn(void *self, const struct fault *finding);
MUST_USE
bool index_check(const char *folder, index_finding_fn *say, void *self,
                 struct fault *f);

/* Bytes by section, largest first: "postings", "dictionary", ... */
struct index_size {
	const char *section;
	uint64_t bytes;
};
size_t index_sizes(const struct index *x, struct index_size *out, size_t room);

#endif
