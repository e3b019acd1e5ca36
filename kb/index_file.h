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
	struct glance *glance;     /* what was seen of the folder */
	struct segment **segments; /* in the manifest's order */
	size_t opened;
};

/* Opens one generation with all its files, or none of it. What `old`, unless
 * NULL, has open of it is shared. */
MUST_USE
bool index_load(struct index **out, const char *folder, uint64_t generation,
                const struct index *old, struct fault *f);

#endif
