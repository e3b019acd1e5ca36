#ifndef KB_INDEX_FILE_H
#define KB_INDEX_FILE_H

#include "base/arena.h"
#include "kb/index.h"
#include "kb/manifest.h"
#include "kb/segment_file.h"

/*
 * An index from the inside: for what writes and checks it. Others include
 * kb/index.h.
 */
struct index {
	struct arena arena;
	struct manifest manifest;
	struct segment **segments; /* in the manifest's order */
	size_t opened;
};

/* Opens one generation with all its files, or none of it. */
MUST_USE
bool index_load(struct index **out, const char *folder, uint64_t generation,
                struct fault *f);

#endif
