#ifndef CRAWLER_CASES_IMPORT_DRAFT_H
#define CRAWLER_CASES_IMPORT_DRAFT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/slice.h"
#include "crawler/cases/import_mapping.h"
#include "crawler/troubles.h"
#include "schema/case_form.h"

/*
 * One case on its way out of files: texts are cleaned and checked as they come,
 * each with the place at which it stood, so that what is wrong with it is said
 * of that place.
 */
struct import_place {
	const char *file; /* as people know it */
	int64_t line;
	const char *column; /* or path; NULL: of the whole case */
};

struct import_draft {
	struct support_case c;
	struct case_reply *replies;
	size_t reply_cap;
	bool ordered; /* replies are in their order: not to be sorted */
};

/* Takes a case that is whole; false ends the import with its fault. */
typedef bool import_take(void *self, const struct support_case *c,
                         const struct import_place *at, struct fault *f);

struct import_said;

/* What all readers of files need. */
struct import_reading {
	const struct import_mapping *mapping;
	const char *encoding; /* of all files, or NULL: that of the mapping */
	const char *beside;   /* of the CSV at hand, where texts lie by it */
	struct slice space, access;
	bool relabel; /* `access` also for files that bring labels */
	import_take *take;
	void *self;
	struct troubles *broken;  /* what cannot be taken */
	struct troubles *notes;   /* what was missing, and taken without */
	struct import_said *said; /* communications that stand apart */
	struct arena *arena;      /* one case */
	struct import_draft draft;
};

/* Resets the arena and starts a case of the space. */
void import_draft_start(struct import_reading *r);
void import_draft_release(struct import_reading *r);

/* A text of one field, made in the arena. `exact`: as it stands, else
 * in one line without blanks around it. FAULT_INPUT: bytes that are no text;
 * FAULT_LIMIT. */
MUST_USE
bool import_draft_text(struct import_reading *r, struct slice value, bool exact,
                       size_t most, struct slice *out,
                       const struct import_place *at, struct fault *f);

/* A field by its column, times included. */
MUST_USE
bool import_draft_field(struct import_reading *r, enum case_column column,
                        struct slice value, bool exact,
                        const struct import_place *at, struct fault *f);

MUST_USE
bool import_draft_time(struct import_reading *r, struct slice value,
                       int64_t *out, const struct import_place *at,
                       struct fault *f);

/* FAULT_LIMIT, without the place. */
MUST_USE
bool import_draft_reply(struct import_reading *r, const struct case_reply *said,
                        struct fault *f);

/* A reply that is a field of the case: its first words, when it was opened, or
 * the provider's last ones, when it was closed. Blank: none. */
MUST_USE
bool import_draft_words(struct import_reading *r, struct slice value,
                        enum case_side side, const struct import_place *at,
                        struct fault *f);

/* Checks the whole and hands it on. What is wrong with this case alone becomes
 * a trouble; false ends the import. */
MUST_USE
bool import_draft_take(struct import_reading *r, const struct import_place *at,
                       struct fault *f);

/* "FILE:LINE: column 'C': 'VALUE...' WHAT", as a fault. Returns false. */
bool import_draft_bad(const struct import_place *at, struct slice value,
                      const char *code, const char *what, struct fault *f);

/* A note that the file holds no cases: of one that lay in a folder. */
void import_passed_over(struct import_reading *r, const char *file);

/* True, with the fault among the troubles, if it is about one case alone. */
bool import_trouble(struct import_reading *r, const struct fault *f);

#endif
