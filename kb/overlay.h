#ifndef KB_OVERLAY_H
#define KB_OVERLAY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "kb/segment_file.h"

/*
 * What a generation adds to a segment without touching it: which passages are
 * dead, and the votes. Both files are small and are checked whole when they
 * are opened. docs/index-format.md has their bytes.
 */

/* Writes the file, and syncs it unless that is left to the caller, as the
 * folder's sync always is. *hash is what the manifest keeps. */
MUST_USE
bool dead_write(const char *path, const struct segment *s,
                const struct overlay *over, bool sync, uint64_t *hash,
                struct fault *f);

/* `segment_hash` says which segment's passages they are, in order. */
MUST_USE
bool scores_write(const char *path, uint64_t segment_hash,
                  const int64_t *scores, uint32_t count, bool sync,
                  uint64_t *hash, struct fault *f);

/* Maps a file and lays it over the segment, which closes it in the end. FAULT_INPUT
 * "index-damaged" unless it is intact, the segment's, and has this hash. */
MUST_USE
bool dead_open(struct segment *s, const char *path, uint64_t hash,
               struct fault *f);
MUST_USE
bool scores_open(struct segment *s, const char *path, uint64_t hash,
                 struct fault *f);

/* Lays what lies over one view of a segment over another of the same. */
void dead_share(struct segment *s, const struct segment *from);
void scores_share(struct segment *s, const struct segment *from);

/* Whether the counts in the tombstones, and the maxima of the scores, are
 * right. */
MUST_USE
bool overlay_verify(const struct segment *s, struct fault *f);

#endif
