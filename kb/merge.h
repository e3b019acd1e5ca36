#ifndef KB_MERGE_H
#define KB_MERGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "kb/segment_file.h"
#include "kb/segment_write.h"

/*
 * Several segments into one, the dead left out, streaming: the result is the
 * file that the live passages would have made had they been written at once.
 * The weights of its maxima are the first input's.
 */
struct merged {
	const _Atomic bool *stop; /* set by another thread to end it; or NULL */
	struct written written;
	uint32_t count;
	int64_t *scores; /* free() it */
};

/* Synced (unless out->written says otherwise) and renamed; the folder is the
 * caller's to sync. Ends early with FAULT_CANCELLED. */
MUST_USE
bool segment_merge(const struct segment *const *inputs, size_t n,
                   const char *path, struct merged *out, struct fault *f);

#endif
