#ifndef SCHEMA_DIGESTS_H
#define SCHEMA_DIGESTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/slice.h"
#include "schema/cases.h"
#include "schema/reader.h"
#include "schema/store.h"

/*
 * What a model made of each case, and what a person put right. The two never
 * mix in the tables: a correction lies above the model's word when a digest is
 * read, and no new digest touches it.
 */
enum digest_flags {
	DIGEST_CUT = 1 << 0,      /* the model did not see all of the case */
	DIGEST_REDUCED = 1 << 1,  /* it saw summaries of its parts */
	DIGEST_REPAIRED = 1 << 2, /* the answer was not as asked for */
	DIGEST_SUSPECT = 1 << 3,  /* something in the case spoke to the model */
	DIGEST_CLEANED = 1 << 4, /* free text lost what the case did not hold */
	DIGEST_NO_PROBLEM = 1 << 5, /* the answer did not have it */
	DIGEST_NO_CAUSE = 1 << 6,
	DIGEST_NO_CLASS = 1 << 7, /* it had none, or none of the list */
	DIGEST_MASKED = 1 << 8,   /* something was masked on the way out */
};

#define DIGEST_UNCLASSIFIED "unclassified"

/* Plain data, borrowed. All of it is untrusted, whoever reads it. */
struct digest {
	int64_t case_id;
	uint64_t case_hash;           /* struct support_case's, as digested */
	struct slice problem, cause;  /* a sentence each */
	struct slice class;           /* of the list, or DIGEST_UNCLASSIFIED */
	const struct slice *steps;    /* of the resolution, in order */
	const struct slice *services; /* of the list */
	const struct slice *codes;    /* errors, as they stand in the case */
	const struct slice *titles;   /* questions one would ask */
	size_t step_count, service_count, code_count, title_count;
	struct slice language; /* BCP 47 of the texts */
	unsigned flags;
	struct slice back_end, model, prompt; /* who, and by which words */
	int64_t time;
	unsigned corrected; /* 1 << enum digest_field: a person said this */
};

enum digest_field {
	FIELD_PROBLEM,
	FIELD_CAUSE,
	FIELD_CLASS,
	FIELD_STEPS,
	FIELD_SERVICES,
	FIELD_CODES,
	FIELD_TITLES,
	FIELD_COUNT,
};

const char *digest_field_name(enum digest_field field); /* "problem" */
bool digest_field_read(struct slice name, enum digest_field *out);

/* Writes what a model said, and forgets an earlier failure. */
MUST_USE
bool digest_put(struct store *s, const struct digest *d, struct fault *f);

/* As a reader is to see it: corrections above. *found false: there is none (a
 * case that has corrections alone is found). */
MUST_USE
bool digest_load(struct store *s, int64_t case_id, struct arena *a,
                 struct digest *out, bool *found, struct fault *f);

/* What a person says; lists are JSON arrays. An empty value takes his word
 * back. */
MUST_USE
bool digest_correct(struct store *s, int64_t case_id, enum digest_field field,
                    struct slice value, int64_t now, struct fault *f);

/* The case came to no digest: `code` and `said` of the fault. */
MUST_USE
bool digest_failed(struct store *s, const struct support_case *c,
                   const struct fault *why, int64_t now, struct fault *f);

/*
 * Cases that want a digest, by CaseID above `after`, at most `room`: those
 * without one, or that changed since. Those that failed as they are now are
 * left out once they did `tries` times. `again`: all cases whose digest was
 * not made by `prompt`.
 */
struct digest_due {
	struct slice space; /* empty: any */
	int tries;
	bool again;
	struct slice prompt;
};
MUST_USE
bool digests_due(struct store *s, const struct digest_due *what, int64_t after,
                 int64_t *ids, size_t room, size_t *count, struct fault *f);

/* Corrected cases of a space and label, latest first, at most `room`: what a
 * model may learn from. */
MUST_USE
bool digests_corrected(struct store *s, struct slice space, struct slice access,
                       int64_t *ids, size_t room, size_t *count,
                       struct fault *f);

struct digest_failure {
	struct slice space, native, code, said;
	int64_t tries, time;
};
typedef bool digest_failure_fn(void *self, const struct digest_failure *x,
                               struct fault *f);
MUST_USE
bool digests_failed(struct store *s, const struct reader *r, struct arena *a,
                    digest_failure_fn *fn, void *self, struct fault *f);

/* Cases together with their digests, as cases_each(); d is NULL without. */
typedef bool digested_fn(void *self, const struct support_case *c,
                         const struct digest *d, struct fault *f);
MUST_USE
bool digests_each(struct store *s, const struct reader *r,
                  const struct case_filter *filter, struct arena *a,
                  digested_fn *fn, void *self, struct fault *f);

#endif
