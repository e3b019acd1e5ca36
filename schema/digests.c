/*
 * Digests, corrections and failures. A digest is read in two layers: the row a
 * model wrote, then each correction over it.
 */

#include "schema/digests.h"

#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/text/unicode.h"
#include "schema/held.h"
#include "schema/rows.h"
#include "schema/texts.h"

static const char *const field_names[FIELD_COUNT] = {
	"problem", "cause", "class", "steps", "services", "codes", "titles",
};

const char *digest_field_name(enum digest_field field)
{
	return field_names[field];
}

bool digest_field_read(struct slice name, enum digest_field *out)
{
	int i;

	for (i = 0; i < FIELD_COUNT; i++)
		if (slice_eq(name, slice_of(field_names[i]))) {
			*out = (enum digest_field)i;
			return true;
		}
	return false;
}

static bool text_fits(struct slice s, const char *what, struct fault *f)
{
	if (s.len > LIMIT_DIGEST_TEXT)
		return fault(f, FAULT_LIMIT, "limit-digest-text",
		             "the digest's %s is longer than %d bytes", what,
		             LIMIT_DIGEST_TEXT);
	if (!unicode_is_clean(s))
		return fault(f, FAULT_INPUT, "digest-text",
		             "the digest's %s is not clean text", what);
	return true;
}

static bool list_fits(const struct slice *texts, size_t count, const char *what,
                      struct fault *f)
{
	size_t i;

	if (count > LIMIT_DIGEST_LIST)
		return fault(f, FAULT_LIMIT, "limit-digest-list",
		             "the digest has more than %d %s",
		             LIMIT_DIGEST_LIST, what);
	for (i = 0; i < count; i++)
		if (!text_fits(texts[i], what, f))
			return false;
	return true;
}

static bool digest_fits(const struct digest *d, struct fault *f)
{
	if (!d->class.len || !d->model.len || !d->prompt.len)
		return fault(f, FAULT_INPUT, "digest-empty",
		             "a digest without class, model or prompt");
	return text_fits(d->problem, "problem", f) &&
	       text_fits(d->cause, "cause", f) &&
	       text_fits(d->class, "class", f) &&
	       list_fits(d->steps, d->step_count, "steps", f) &&
	       list_fits(d->services, d->service_count, "services", f) &&
	       list_fits(d->codes, d->code_count, "codes", f) &&
	       list_fits(d->titles, d->title_count, "titles", f);
}

static bool digest_write(struct rows *r, const struct digest *d,
                         struct arena *a, struct fault *f)
{
	return rows_run(r, f,
	                "INSERT OR REPLACE INTO CaseDigests (CaseID, CaseHash, "
	                "Problem, Cause, Class, Steps, Services, Codes, "
	                "Titles, Language, Flags, BackEnd, Model, Prompt, "
	                "Time) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, "
	                "?10, ?11, ?12, ?13, ?14, ?15)",
	                "iittttttttitttt", d->case_id, (int64_t)d->case_hash,
	                d->problem, d->cause, d->class,
	                texts_join(a, d->steps, d->step_count),
	                texts_join(a, d->services, d->service_count),
	                texts_join(a, d->codes, d->code_count),
	                texts_join(a, d->titles, d->title_count), d->language,
	                (int64_t)d->flags, d->back_end, d->model, d->prompt,
	                held_time(a, d->time)) &&
	       rows_run(r, f, "DELETE FROM CaseFailures WHERE CaseID = ?1", "i",
	                d->case_id);
}

/* `write` in a transaction, unless one is open. */
static bool inside(struct rows *r, bool held, bool ok, struct fault *f)
{
	if (held || !r->inside)
		return ok;
	if (ok && rows_commit(r, f))
		return true;
	rows_rollback(r);
	return false;
}

bool digest_put(struct store *s, const struct digest *d, struct fault *f)
{
	struct rows *r = store_rows(s);
	struct arena a = ARENA_INIT;
	bool held = r->inside, ok;

	ok = digest_fits(d, f) && (held || rows_begin(r, f)) &&
	     digest_write(r, d, &a, f);
	ok = inside(r, held, ok, f);
	arena_release(&a);
	return ok;
}

static bool digest_row(struct query *q, struct arena *a, struct digest *d,
                       struct fault *f)
{
	d->case_hash = (uint64_t)query_number(q, 0);
	d->problem = arena_copy(a, query_text(q, 1));
	d->cause = arena_copy(a, query_text(q, 2));
	d->class = arena_copy(a, query_text(q, 3));
	d->language = arena_copy(a, query_text(q, 8));
	d->flags = (unsigned)query_number(q, 9);
	d->back_end = arena_copy(a, query_text(q, 10));
	d->model = arena_copy(a, query_text(q, 11));
	d->prompt = arena_copy(a, query_text(q, 12));
	d->time = CLOCK_NONE;
	clock_read(query_text(q, 13), &d->time);
	return texts_split(a, query_text(q, 4), &d->steps, &d->step_count, f) &&
	       texts_split(a, query_text(q, 5), &d->services, &d->service_count,
	                   f) &&
	       texts_split(a, query_text(q, 6), &d->codes, &d->code_count, f) &&
	       texts_split(a, query_text(q, 7), &d->titles, &d->title_count, f);
}

static bool digest_said(struct rows *r, int64_t id, struct arena *a,
                        struct digest *d, bool *found, struct fault *f)
{
	struct query q;
	bool ok = true;

	if (!rows_ask(r, &q, f,
	              "SELECT CaseHash, Problem, Cause, Class, Steps, "
	              "Services, Codes, Titles, Language, Flags, BackEnd, "
	              "Model, Prompt, Time FROM CaseDigests WHERE CaseID = ?1",
	              "i", id))
		return false;
	if (query_next(&q)) {
		*found = true;
		ok = digest_row(&q, a, d, f);
	}
	return query_end(&q, ok ? f : &(struct fault){ 0 }) && ok;
}

static bool correction_lay(struct digest *d, enum digest_field field,
                           struct slice value, struct arena *a, struct fault *f)
{
	d->corrected |= 1u << field;
	switch (field) {
	case FIELD_PROBLEM:
		d->problem = value;
		return true;
	case FIELD_CAUSE:
		d->cause = value;
		return true;
	case FIELD_CLASS:
		d->class = value;
		return true;
	case FIELD_STEPS:
		return texts_split(a, value, &d->steps, &d->step_count, f);
	case FIELD_SERVICES:
		return texts_split(a, value, &d->services, &d->service_count,
		                   f);
	case FIELD_CODES:
		return texts_split(a, value, &d->codes, &d->code_count, f);
	case FIELD_TITLES:
		return texts_split(a, value, &d->titles, &d->title_count, f);
	default:
		return true;
	}
}

static bool digest_corrected(struct rows *r, int64_t id, struct arena *a,
                             struct digest *d, bool *found, struct fault *f)
{
	enum digest_field field;
	bool ok = true;
	struct query q;

	if (!rows_ask(r, &q, f,
	              "SELECT Field, Value FROM CaseCorrections WHERE CaseID = "
	              "?1",
	              "i", id))
		return false;
	while (ok && query_next(&q)) {
		if (!digest_field_read(query_text(&q, 0), &field))
			continue;
		*found = true;
		ok = correction_lay(d, field, arena_copy(a, query_text(&q, 1)),
		                    a, f);
	}
	return query_end(&q, ok ? f : &(struct fault){ 0 }) && ok;
}

bool digest_load(struct store *s, int64_t case_id, struct arena *a,
                 struct digest *out, bool *found, struct fault *f)
{
	struct rows *r = store_rows(s);

	*found = false;
	*out = (struct digest){ .case_id = case_id,
		                .class = SLICE(DIGEST_UNCLASSIFIED),
		                .time = CLOCK_NONE };
	return digest_said(r, case_id, a, out, found, f) &&
	       digest_corrected(r, case_id, a, out, found, f);
}

static bool correction_fits(enum digest_field field, struct slice value,
                            struct fault *f)
{
	const struct slice *texts;
	struct arena a = ARENA_INIT;
	size_t count;
	bool ok;

	if (field < FIELD_STEPS)
		return text_fits(value, field_names[field], f);
	ok = texts_split(&a, value, &texts, &count, f) &&
	     list_fits(texts, count, field_names[field], f);
	arena_release(&a);
	return ok;
}

bool digest_correct(struct store *s, int64_t case_id, enum digest_field field,
                    struct slice value, int64_t now, struct fault *f)
{
	struct rows *r = store_rows(s);
	struct slice name = slice_of(field_names[field]);
	struct arena a = ARENA_INIT;
	bool ok;

	if (!value.len)
		return rows_run(r, f,
		                "DELETE FROM CaseCorrections WHERE CaseID = "
		                "?1 AND Field = ?2",
		                "it", case_id, name);
	ok = correction_fits(field, value, f) &&
	     rows_run(r, f,
	              "INSERT OR REPLACE INTO CaseCorrections (CaseID, Field, "
	              "Value, Time) VALUES (?1, ?2, ?3, ?4)",
	              "ittt", case_id, name, value, held_time(&a, now));
	arena_release(&a);
	return ok;
}

bool digest_failed(struct store *s, const struct support_case *c,
                   const struct fault *why, int64_t now, struct fault *f)
{
	struct arena a = ARENA_INIT;
	bool ok;

	ok = rows_run(store_rows(s), f,
	              "INSERT INTO CaseFailures (CaseID, CaseHash, Tries, "
	              "Code, Said, Time) VALUES (?1, ?2, 1, ?3, ?4, ?5) "
	              "ON CONFLICT DO UPDATE SET Tries = CASE CaseHash WHEN "
	              "?2 THEN Tries + 1 ELSE 1 END, CaseHash = ?2, Code = "
	              "?3, Said = ?4, Time = ?5",
	              "iittt", c->id, (int64_t)c->hash, slice_of(why->code),
	              slice_of(why->text), held_time(&a, now));
	arena_release(&a);
	return ok;
}
