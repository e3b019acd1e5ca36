#ifndef EXPORT_EXPORT_H
#define EXPORT_EXPORT_H

#include <stdint.h>

#include "base/fault.h"
#include "export/format.h"
#include "export/gather.h"
#include "schema/reader.h"
#include "schema/store.h"

/*
 * The line of blocks from store to data set:
 *
 *	posts -> gather (keep, or drop with a reason) -> format -> files
 *
 * A folder with FORMAT.jsonl, provenance.jsonl (one line for each line of it),
 * ATTRIBUTION.md, README.md (the data-set card) and manifest.json (sha256 and
 * size of each, options, drop reasons) appears whole or not at all. What is in
 * it is a pure function of store and options: it names no time, no machine,
 * and never looks at the index.
 */
struct export_options {
	const struct format *format;
	const char *folder;
	struct post_filter filter;
	struct gather_options gather;
	struct slice drop_text; /* the pattern's text, for the manifest */
	void (*progress)(void *self, int64_t posts, int64_t examples);
	void *self;
};

struct export_report {
	int64_t candidates; /* posts looked at */
	int64_t examples;
	int64_t dropped[DROP_COUNT]; /* sums with examples to candidates */
	uint64_t bytes;              /* of FORMAT.jsonl */
	char sha256[65];             /* of FORMAT.jsonl */
};

MUST_USE
bool export_run(struct store *s, const struct reader *r,
                const struct export_options *options, struct export_report *out,
                struct fault *f);

#endif
