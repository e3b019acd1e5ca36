/* From cases and digests to rows: what each case is of. */

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "export/case_report_state.h"
#include "schema/entries.h"
#include "schema/identity.h"

enum { HOUR = 3600 * 1000 };

static struct slice or_unknown(struct slice s)
{
	s = slice_trim(s);
	return s.len ? s : SLICE("unknown");
}

static struct slice month_of(int64_t created, int64_t zone, struct arena *a)
{
	char time[CLOCK_TEXT];

	if (created == CLOCK_NONE)
		return SLICE("unknown");
	clock_write(time, created + zone);
	return time[0] ? arena_copy(a, (struct slice){ time, 7 })
	               : SLICE("unknown");
}

void report_fields(const struct case_report_options *o,
                   const struct support_case *c, const struct digest *d,
                   struct arena *a, struct slice out[REPORT_FIELDS])
{
	struct slice department =
	        case_department(o->departments, c->submitted_by);

	out[REPORT_CLASS] = d ? or_unknown(d->class) : SLICE("undigested");
	out[REPORT_SERVICE] = or_unknown(
	        !c->service.len && d && d->service_count ? d->services[0]
	                                                 : c->service);
	out[REPORT_SUBMITTER] = or_unknown(c->submitted_by);
	out[REPORT_DEPARTMENT] =
	        department.len ? department : SLICE("unmapped");
	out[REPORT_UNMAPPED] =
	        department.len ? SLICE("") : out[REPORT_SUBMITTER];
	out[REPORT_MONTH] = month_of(c->created, o->zone, a);
	out[REPORT_SEVERITY] = or_unknown(c->severity);
}

int64_t report_took(const struct support_case *c)
{
	if (c->created == CLOCK_NONE || c->resolved == CLOCK_NONE ||
	    c->resolved < c->created)
		return -1;
	return c->resolved - c->created;
}

struct slice report_hours(int64_t took, struct arena *a)
{
	struct buf b = BUF_INIT(64);
	struct slice out;
	int64_t tenths = (took + HOUR / 20) / (HOUR / 10);

	if (took < 0)
		return SLICE("");
	buf_number(&b, tenths / 10);
	buf_byte(&b, '.');
	buf_number(&b, tenths % 10);
	out = arena_copy(a, buf_slice(&b));
	buf_release(&b);
	return out;
}

/* Names come again and again: each is kept once. */
static struct slice kept(struct case_report *r, struct slice s)
{
	bool added;
	struct map_entry *e = map_put(&r->texts, s, &added);

	return e->key;
}

static int by_id(const void *key, const void *member)
{
	const int64_t *id = key;
	const struct entry_case *e = member;

	return (*id > e->id) - (*id < e->id);
}

/* Where the case was folded to, or an empty name. */
static bool entry_name(struct case_report *r, const struct support_case *c,
                       struct slice *out, struct fault *f)
{
	const struct entry_case *e;

	*out = (struct slice){ 0 };
	if (!slice_eq(r->space, c->space)) {
		arena_reset(&r->placed);
		r->space = kept(r, c->space);
		if (!entries_cases(r->options.store, c->space, &r->placed,
		                   &r->places, &r->place_count, f))
			return false;
	}
	if (!r->place_count)
		return true;
	e = bsearch(&c->id, r->places, r->place_count, sizeof(*r->places),
	            by_id);
	if (e)
		*out = e->entry;
	return true;
}

static struct slice public_id(struct slice space, struct slice native,
                              struct arena *a)
{
	const struct identity id = { .space = space, .native = native };
	struct buf b = BUF_INIT(1 << 16);
	struct slice out;

	identity_write(&b, &id);
	out = arena_copy(a, buf_slice(&b));
	buf_release(&b);
	return out;
}

static struct slice entry_words(const struct digest *d,
                                const struct support_case *c)
{
	if (d && d->title_count && slice_trim(d->titles[0]).len)
		return slice_trim(d->titles[0]);
	if (d && slice_trim(d->problem).len)
		return slice_trim(d->problem);
	return c->native;
}

static struct slice entry_title(struct case_report *r, const struct digest *d,
                                const struct support_case *c)
{
	struct slice words = entry_words(d, c), out;
	struct buf b = BUF_INIT(1 << 16);
	bool cut = r->options.title && words.len > r->options.title;
	size_t i;

	if (cut)
		words = utf8_head(words, r->options.title);
	for (i = 0; i < words.len; i++)
		buf_byte(&b, words.at[i] == '\n' || words.at[i] == '\t'
		                     ? ' '
		                     : words.at[i]);
	buf_text(&b, cut ? "…" : "");
	out = arena_copy(&r->arena, buf_slice(&b));
	buf_release(&b);
	return out;
}

static struct report_entry *entry_of(struct case_report *r,
                                     const struct support_case *c,
                                     const struct digest *d,
                                     const struct report_row *row,
                                     struct slice name)
{
	struct slice id = public_id(c->space, name, &r->row);
	struct map_entry *e;
	struct report_entry *x;
	bool added;

	e = map_put(&r->entries, id, &added);
	if (added) {
		x = arena_new(&r->arena, sizeof(*x));
		*x = (struct report_entry){
			.id = e->key,
			.title = entry_title(r, d, c),
			.service = row->fields[REPORT_SERVICE],
			.class = row->fields[REPORT_CLASS],
			.first = c->created,
			.last = c->created,
		};
		e->pointer = x;
	}
	x = e->pointer;
	x->cases++;
	if (c->created != CLOCK_NONE &&
	    (x->first == CLOCK_NONE || c->created < x->first))
		x->first = c->created;
	if (c->created > x->last)
		x->last = c->created;
	return x;
}

static bool take(void *self, const struct support_case *c,
                 const struct digest *d, struct fault *f)
{
	struct case_report *r = self;
	struct report_row row = { .took = report_took(c),
		                  .created = c->created };
	struct slice fields[REPORT_FIELDS], entry;
	size_t i;

	report_fields(&r->options, c, d, &r->row, fields);
	for (i = 0; i < REPORT_FIELDS; i++)
		row.fields[i] = kept(r, fields[i]);
	if (!entry_name(r, c, &entry, f))
		return false;
	if (entry.len)
		row.entry = entry_of(r, c, d, &row, entry);
	r->rows = memory_room(r->rows, r->count, &r->room, sizeof(*r->rows));
	r->rows[r->count++] = row;
	return true;
}

bool case_report_new(struct case_report **out,
                     const struct case_report_options *o, struct fault *f)
{
	const struct case_filter filter = { .space = o->space,
		                            .from = o->from,
		                            .to = o->to,
		                            .no_replies = true };
	struct case_report *r = memory_new(1, sizeof(*r));

	r->options = *o;
	if (!digests_each(o->store, o->reader, &filter, &r->row, take, r, f)) {
		case_report_free(r);
		return false;
	}
	*out = r;
	return true;
}

void case_report_free(struct case_report *r)
{
	if (!r)
		return;
	map_release(&r->entries);
	map_release(&r->texts);
	arena_release(&r->arena);
	arena_release(&r->row);
	arena_release(&r->placed);
	free(r->rows);
	free(r);
}

int64_t case_report_cases(const struct case_report *r)
{
	return (int64_t)r->count;
}
