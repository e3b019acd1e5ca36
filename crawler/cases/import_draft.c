/* The checks are those of the store, made before anything is written. */

#include "crawler/cases/import_draft.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "crawler/cases/replies.h"
#include "crawler/clean.h"

enum { SHOWN = 60 }; /* bytes of a value in a fault */

void import_draft_start(struct import_reading *r)
{
	struct import_draft *d = &r->draft;

	arena_reset(r->arena);
	d->ordered = false;
	d->c = (struct support_case){
		.space = r->space,
		.access = r->access,
		.channel = CASE_FORM_CHANNEL,
		.created = CLOCK_NONE,
		.resolved = CLOCK_NONE,
	};
}

void import_draft_release(struct import_reading *r)
{
	free(r->draft.replies);
	r->draft = (struct import_draft){ 0 };
}

/* A value as it can stand in a line of a report. */
static struct slice shown(struct slice value, char room[SHOWN + 4])
{
	size_t good = utf8_valid(slice_cut(value, 0, SHOWN)), i;

	for (i = 0; i < good; i++)
		room[i] = (unsigned char)value.at[i] < ' ' ? ' ' : value.at[i];
	if (good < value.len) {
		memcpy(room + good, "...", 3);
		good += 3;
	}
	return (struct slice){ room, good };
}

bool import_draft_bad(const struct import_place *at, struct slice value,
                      const char *code, const char *what, struct fault *f)
{
	char room[SHOWN + 4];
	struct slice s = shown(value, room);

	if (at->column)
		fault(f, FAULT_INPUT, code, "column '%.60s': '%.*s' %s",
		      at->column, SLICE_ARG(s), what);
	else
		fault(f, FAULT_INPUT, code, "'%.*s' %s", SLICE_ARG(s), what);
	return fault_at(f, at->file, at->line);
}

bool import_draft_text(struct import_reading *r, struct slice value, bool exact,
                       size_t most, struct slice *out,
                       const struct import_place *at, struct fault *f)
{
	if (utf8_valid(value) < value.len)
		return import_draft_bad(at, value, "import-encoding",
		                        "has bytes that are not UTF-8; say "
		                        "--encoding",
		                        f);
	*out = clean_text(value, !exact, r->arena);
	/* What it was read from may be gone before the case is. */
	*out = arena_copy(r->arena, *out);
	if (out->len <= most)
		return true;
	import_draft_bad(at, value, "limit-case", "is too long", f);
	f->kind = FAULT_LIMIT;
	return false;
}

bool import_draft_time(struct import_reading *r, struct slice value,
                       int64_t *out, const struct import_place *at,
                       struct fault *f)
{
	const struct import_mapping *m = r->mapping;
	char what[120];

	value = slice_trim(value);
	*out = CLOCK_NONE;
	if (!value.len || import_time(value, m->form, m->zone, out))
		return true;
	snprintf(what, sizeof(what), "is no time such as %s%s",
	         import_time_example(m->form),
	         m->name.len ? "; 'time =' of the mapping names the form" : "");
	return import_draft_bad(at, value, "import-time", what, f);
}

/* A file is named after it, and people type it. */
static bool id_fits(struct slice id, const struct import_place *at,
                    struct fault *f)
{
	if (!id.len)
		return import_draft_bad(at, id, "import-id",
		                        "is empty: every case has an id", f);
	if (slice_find(id, '/') < id.len || slice_find(id, '\\') < id.len ||
	    slice_eq(id, SLICE(".")) || slice_eq(id, SLICE("..")))
		return import_draft_bad(at, id, "import-id",
		                        "is no id: it has parts of a path", f);
	return true;
}

bool import_draft_field(struct import_reading *r, enum case_column column,
                        struct slice value, bool exact,
                        const struct import_place *at, struct fault *f)
{
	struct support_case *c = &r->draft.c;
	struct slice *field = case_form_field(c, column);
	struct fault why;

	if (!field)
		return import_draft_time(r, value,
		                         column == CASE_TIME_CREATED
		                                 ? &c->created
		                                 : &c->resolved,
		                         at, f);
	if (!import_draft_text(r, value, exact,
	                       column == CASE_DISPLAY_ID ? LIMIT_ID
	                                                 : LIMIT_LINK,
	                       field, at, f))
		return false;
	if (column == CASE_DISPLAY_ID)
		return id_fits(*field, at, f);
	if (column == CASE_ACCESS && !reader_label(*field, &why))
		return import_draft_bad(at, value, "import-label",
		                        "is no label: a word of ASCII letters, "
		                        "digits, . _ and -",
		                        f);
	return true;
}

static bool reply_fits(const struct case_reply *r)
{
	size_t i;

	for (i = 0; i < r->attachment_count; i++)
		if (r->attachments[i].len > LIMIT_NAME)
			return false;
	return r->by.len <= LIMIT_NAME && r->body.len <= LIMIT_TEXT &&
	       r->attachment_count <= LIMIT_CASE_ATTACHMENTS;
}

bool import_draft_reply(struct import_reading *r, const struct case_reply *said,
                        struct fault *f)
{
	struct import_draft *d = &r->draft;

	if (!reply_fits(said))
		return fault(f, FAULT_LIMIT, "limit-case",
		             "a reply of case '%.*s' has a text, a name or a "
		             "list of attachments that is too long",
		             SLICE_ARG(slice_cut(d->c.native, 0, 80)));
	if (d->c.reply_count == LIMIT_CASE_REPLIES)
		return fault(f, FAULT_LIMIT, "limit-case-replies",
		             "case '%.*s' has more than %d replies",
		             SLICE_ARG(slice_cut(d->c.native, 0, 80)),
		             LIMIT_CASE_REPLIES);
	d->replies = memory_room(d->replies, d->c.reply_count, &d->reply_cap,
	                         sizeof(*d->replies));
	d->replies[d->c.reply_count++] = *said;
	return true;
}

void import_passed_over(struct import_reading *r, const char *file)
{
	struct fault f;

	fault(&f, FAULT_INPUT, "import-passed-over",
	      "it holds no cases (no 'displayId'): passed over");
	fault_at(&f, file, 0);
	troubles_add(r->notes, &f);
}

bool import_draft_words(struct import_reading *r, struct slice value,
                        enum case_side side, const struct import_place *at,
                        struct fault *f)
{
	const struct support_case *c = &r->draft.c;
	struct case_reply reply = { .side = side };

	if (!slice_trim(value).len)
		return true;
	if (!import_draft_text(r, value, true, LIMIT_TEXT, &reply.body, at, f))
		return false;
	reply.time = side == SIDE_CUSTOMER ? c->created : c->resolved;
	if (side == SIDE_CUSTOMER)
		reply.by = utf8_head(c->submitted_by, LIMIT_NAME);
	return import_draft_reply(r, &reply, f);
}

bool import_trouble(struct import_reading *r, const struct fault *f)
{
	if (!troubles_one_row(f))
		return false;
	troubles_add(r->broken, f);
	return true;
}

/* Into the order of time, each once: lists are printed with the newest first,
 * and two lists may hold the same. Where a time is not known, it stays. */
static void set_order(struct import_draft *d, struct arena *a)
{
	struct replies came = { d->replies, d->c.reply_count }, none = { 0 };
	size_t i;

	for (i = 0; i < came.count && !d->ordered; i++)
		d->ordered = came.list[i].time == CLOCK_NONE;
	if (!d->ordered)
		came = replies_join(came, none, a);
	d->c.replies = came.list;
	d->c.reply_count = came.count;
}

bool import_draft_take(struct import_reading *r, const struct import_place *at,
                       struct fault *f)
{
	struct support_case *c = &r->draft.c;

	if (!c->native.len) {
		fault(f, FAULT_INPUT, "import-id", "a case without an id");
		fault_at(f, at->file, at->line);
		return import_trouble(r, f);
	}
	set_order(&r->draft, r->arena);
	return r->take(r->self, c, at, f);
}
