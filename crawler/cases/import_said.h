#ifndef CRAWLER_CASES_IMPORT_SAID_H
#define CRAWLER_CASES_IMPORT_SAID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/map.h"
#include "crawler/cases/import_draft.h"
#include "crawler/cases/import_files.h"

/*
 * Communications that stand apart from their cases, as `aws support
 * describe-communications` prints them: where those of each case are. Kept are
 * ids and places; the words are read again when their case comes.
 */
struct import_said_place {
	size_t file;
	int64_t offset, line;
	size_t next; /* its number + 1; 0: the last */
};

struct import_said {
	const struct import_files *files;
	struct map ids; /* case id to number + 1 of its first place */
	struct import_said_place *places;
	size_t count, cap;
	struct map used; /* ids that a case had */
};

/* Looks through all JSON files. What is no JSON is left to who reads cases. */
MUST_USE
bool import_said_find(struct import_said *s, const struct import_files *files,
                      const struct import_reading *r, struct fault *f);
void import_said_release(struct import_said *s);

/* Adds to the draft what was said of its case, by its ids. */
MUST_USE
bool import_said_add(struct import_reading *r, struct fault *f);

/* A note for each id of which there was no case. */
void import_said_rest(const struct import_said *s, struct troubles *notes);

#endif
