#ifndef KB_MANIFEST_H
#define KB_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/fault.h"
#include "base/slice.h"
#include "kb/index.h"

/*
 * The manifest of a generation: facts of the index, and the files that hold
 * it. Format: docs/index-format.md.
 */
struct manifest_segment {
	uint64_t number, bytes, hash;
	uint32_t count, dead;
	uint64_t dead_generation, dead_hash; /* 0: no passage is dead */
	uint64_t score_generation, score_hash;
	bool fresh; /* perhaps not synced: opening checks all of it */
	struct slice label;
};

struct manifest {
	struct index_facts facts;
	uint64_t next_segment; /* the lowest free number */
	uint64_t measured;     /* passages the averages were measured over */
	uint64_t hash;         /* the file's own; when it was read */
	bool unsynced;         /* published before its files were synced */
	struct manifest_segment *segments;
	size_t count;
};

/* Appends the file's bytes. */
void manifest_write(const struct manifest *m, struct buf *out);

/* Strings and arrays are made in `a`. FAULT_INPUT "index-damaged",
 * "index-future". */
MUST_USE
bool manifest_parse(struct manifest *out, struct slice bytes, struct arena *a,
                    struct fault *f);

/* Names in a folder; the caller frees them. */
char *manifest_path(const char *folder, uint64_t generation);
char *segment_path(const char *folder, uint64_t number);
char *dead_path(const char *folder, uint64_t number, uint64_t generation);
char *scores_path(const char *folder, uint64_t number, uint64_t generation);

/* The generations whose manifests are there, newest first; free() *out. */
MUST_USE
bool manifest_list(const char *folder, uint64_t **out, size_t *count,
                   struct fault *f);

/* Reads and parses one. */
MUST_USE
bool manifest_read(struct manifest *out, const char *folder,
                   uint64_t generation, struct arena *a, struct fault *f);

/*
 * Removes what no manifest of `keep` names: other manifests, segments,
 * tombstones and scores. *top receives the highest number of any segment that
 * was there.
 */
MUST_USE
bool manifest_sweep(const char *folder, const struct manifest *keep,
                    size_t keep_count, uint64_t *top, struct fault *f);

/* Syncs what `m` names and `but` (NULL: nothing) does not, then the folder. */
MUST_USE
bool manifest_sync(const char *folder, const struct manifest *m,
                   const struct manifest *but, struct fault *f);

/* Removes what `m` names and `but` does not. */
MUST_USE
bool manifest_remove(const char *folder, const struct manifest *m,
                     const struct manifest *but, struct fault *f);

/*
 * A follower says by the name of an empty file which generation is synced:
 * what is damaged among those after it was spoiled by a power cut. mark() gives
 * it another number (`was` 0: it is not there), marked() reads it (0: none).
 */
MUST_USE
bool manifest_mark(const char *folder, uint64_t was, uint64_t generation,
                   struct fault *f);
MUST_USE
bool manifest_marked(const char *folder, uint64_t *out, struct fault *f);
MUST_USE
bool manifest_unmark(const char *folder, struct fault *f);

#endif
