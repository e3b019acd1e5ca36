#ifndef TESTS_IMPORT_READING_H
#define TESTS_IMPORT_READING_H

#include "base/clock.h"
#include "base/limits.h"
#include "base/text/unicode.h"
#include "crawler/cases/import_draft.h"
#include "must.h"

/* A reading of one file from memory: what comes out is as the store wants it. */
struct reading {
	struct import_reading r;
	struct import_mapping mapping;
	struct troubles broken, notes;
	struct arena arena;
	int64_t taken;
};

static inline bool reading_take(void *self, const struct support_case *c,
                                const struct import_place *at, struct fault *f)
{
	struct support_case copy = *c;
	struct reading *x = self;
	size_t i, j;

	(void)f;
	x->taken++;
	must(at->file && c->native.len && c->native.len <= LIMIT_ID);
	must(slice_find(c->native, '/') == c->native.len);
	for (i = 0; i < CASE_COLUMNS; i++) {
		struct slice *s = case_form_field(&copy, (enum case_column)i);

		must(!s || unicode_is_clean(*s));
	}
	for (i = 0; i < c->reply_count; i++) {
		const struct case_reply *r = &c->replies[i];

		must(unicode_is_clean(r->by) && unicode_is_clean(r->body));
		must(r->by.len <= LIMIT_NAME);
		for (j = 0; j < r->attachment_count; j++)
			must(unicode_is_clean(r->attachments[j]));
	}
	return true;
}

static inline void reading_start(struct reading *x)
{
	x->r = (struct import_reading){
		.mapping = &x->mapping,
		.space = SLICE("a/b"),
		.access = CASE_FORM_ACCESS,
		.take = reading_take,
		.self = x,
		.broken = &x->broken,
		.notes = &x->notes,
		.arena = &x->arena,
	};
}

static inline void reading_end(struct reading *x)
{
	import_draft_release(&x->r);
	arena_release(&x->arena);
}

#endif
