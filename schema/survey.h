#ifndef SCHEMA_SURVEY_H
#define SCHEMA_SURVEY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/slice.h"
#include "schema/reader.h"
#include "schema/store.h"

/*
 * Every post as statistics want it: without its text, in one walk. What the
 * reader may not see is not there; a cluster's number means nothing but that
 * posts share it.
 */
struct survey_post {
	struct slice space, kind, language;
	struct slice modified; /* "2024-..." or empty */
	int64_t post, bytes, answers, extractor;
	int64_t cluster; /* 0: none */
	bool sketched;
};
typedef bool survey_fn(void *self, const struct survey_post *p,
                       struct fault *f);

/* `space`: empty: all. Texts are borrowed during the call. */
MUST_USE
bool survey_posts(struct store *s, const struct reader *r, struct slice space,
                  survey_fn *fn, void *self, struct fault *f);

/* Another address of a post. */
struct survey_alias {
	struct slice space, native, address, kind;
};
typedef bool survey_alias_fn(void *self, const struct survey_alias *a,
                             struct fault *f);

MUST_USE
bool survey_aliases(struct store *s, const struct reader *r, struct slice space,
                    survey_alias_fn *fn, void *self, struct fault *f);

#endif
