/* What a query finds is the union of its terms' lists, as bits, less what the
 * filters and the dead take away. Each facet then reads one column of the
 * passages found and counts by the segment's numbers; the texts of several
 * segments meet in a map. */

#include "kb/facet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/map.h"
#include "base/memory.h"
#include "kb/filter.h"
#include "kb/filter_file.h"
#include "kb/postings.h"
#include "kb/scope.h"

static const struct facet_column {
	const char *name;
	enum section column;
} facet_columns[] = {
	{ "space", SECTION_SPACE },      { "kind", SECTION_POST_KIND },
	{ "tag", SECTION_TAGS },         { "class", SECTION_CLASS },
	{ "service", SECTION_SERVICES }, { "lang", SECTION_LANGUAGE },
	{ "accepted", SECTION_KIND },    { "year", SECTION_DAYS },
};

enum { FACETS = sizeof(facet_columns) / sizeof(*facet_columns) };

/* A segment, and which of its passages are found. */
struct facet_scan {
	const struct segment *segment;
	uint64_t *found, *allowed;
	size_t words;
};

typedef bool facet_fn(void *self, const struct segment *s, uint32_t doc,
                      struct fault *f);

static bool facet_find(struct slice name, const struct facet_column **out,
                       struct fault *f)
{
	size_t i;

	for (i = 0; i < FACETS; i++)
		if (slice_eq(name, slice_of(facet_columns[i].name))) {
			*out = &facet_columns[i];
			return true;
		}
	return fault(f, FAULT_USAGE, "facet",
	             "no facet '%.*s': there are space, kind, tag, class, "
	             "service, lang, accepted, year",
	             SLICE_ARG(name));
}

bool facet_names(struct slice list, struct arena *a, const struct slice **out,
                 size_t *count, struct fault *f)
{
	struct slice *names = arena_array(a, FACETS, sizeof(*names));
	const struct facet_column *column;

	*count = 0;
	while (list.len) {
		size_t end = slice_find(list, ',');
		struct slice name = slice_trim(slice_cut(list, 0, end));

		if (!facet_find(name, &column, f))
			return false;
		if (*count == FACETS)
			return fault(f, FAULT_USAGE, "facet",
			             "a facet is named twice");
		names[(*count)++] = slice_of(column->name);
		list = slice_cut(list, end + 1, list.len);
	}
	*out = names;
	return *count || fault(f, FAULT_USAGE, "facet",
	                       "facets are named as in tag,space,year");
}

/* Whether every field weighs something, so that a list is all one needs. */
static bool scope_all_weigh(const struct scope *c)
{
	size_t i;

	for (i = 0; i < FIELD_COUNT; i++)
		if (!(c->weights.field[i] > 0))
			return false;
	for (i = 0; i < PASSAGE_KINDS; i++)
		if (!(c->weights.body[i] > 0))
			return false;
	return true;
}

/* Whether a posting adds to its passage's score. */
static bool posting_weighs(const struct scope *c, const struct segment *s,
                           const struct posting *p, bool *out, struct fault *f)
{
	const struct index_weights *w = &c->weights;
	uint64_t kind;
	size_t i;

	*out = false;
	for (i = 0; i < FIELD_BODY; i++)
		*out |= p->tf[i] && w->field[i] > 0;
	if (*out || !p->tf[FIELD_BODY] || !(w->field[FIELD_BODY] > 0))
		return true;
	if (!column_read(s, SECTION_KIND, p->doc, &kind, f))
		return false;
	if (kind >= PASSAGE_KINDS)
		return segment_damaged(s, "passage out of bounds", f);
	*out = w->body[kind] > 0;
	return true;
}

static bool scan_list(struct facet_scan *m, const struct scope *c,
                      struct posting_cursor *list, bool all, struct fault *f)
{
	struct posting p;
	bool more, weighs = true;
	size_t i;

	if (all && list->class_ == LIST_DENSE) {
		for (i = 0; i < m->words; i++)
			m->found[i] |= load64(list->bits + 8 * i);
		return true;
	}
	for (;;) {
		if (!posting_any(list, &p, &more, f))
			return false;
		if (!more)
			return true;
		if (!all && !posting_weighs(c, m->segment, &p, &weighs, f))
			return false;
		m->found[p.doc / 64] |= (uint64_t)weighs << p.doc % 64;
	}
}

static bool scan_terms(struct facet_scan *m, const struct scope *c,
                       const struct search_result *r, struct fault *f)
{
	bool all = scope_all_weigh(c), found;
	struct posting_cursor list;
	struct term_walk w;
	size_t i;

	for (i = 0; i < r->term_count; i++) {
		if (!term_walk_find(&w, m->segment, r->terms[i], &found, f))
			return false;
		if (found && (!posting_begin(&list, &w, false, f) ||
		              !scan_list(m, c, &list, all, f)))
			return false;
	}
	return true;
}

static bool scan_segment(struct facet_scan *m, const struct scope *c,
                         const struct segment *s,
                         const struct filter_set *filters,
                         const struct search_result *r, struct fault *f)
{
	size_t i;

	m->segment = s;
	m->words = ((size_t)segment_count(s) + 63) / 64;
	m->found = memory_new(m->words, sizeof(uint64_t));
	m->allowed = memory_new(m->words, sizeof(uint64_t));
	if (!scan_terms(m, c, r, f) ||
	    !filter_segment(filters, s, m->allowed, f))
		return false;
	for (i = 0; i < m->words; i++)
		m->found[i] &= m->allowed[i];
	return true;
}

static void scan_release(struct facet_scan *m)
{
	free(m->found);
	free(m->allowed);
}

static bool scan_each(const struct facet_scan *m, facet_fn *fn, void *self,
                      struct fault *f)
{
	uint64_t left;
	size_t i;

	for (i = 0; i < m->words; i++)
		for (left = m->found[i]; left; left &= left - 1)
			if (!fn(self, m->segment,
			        (uint32_t)(64 * i) +
			                (uint32_t)__builtin_ctzll(left),
			        f))
				return false;
	return true;
}

/* One facet over one segment: counts by number of string, kind or day. */
struct facet_counts {
	enum section column;
	uint64_t *at;
	uint32_t *seen; /* by number: its last passage, plus 1 */
	uint32_t numbers;
	struct map *all; /* of the facet: text -> count */
	struct arena *arena;
};

static bool count_number(struct facet_counts *c, const struct segment *s,
                         uint64_t number, uint32_t doc, struct fault *f)
{
	if (number >= c->numbers)
		return segment_damaged(s, "passage out of bounds", f);
	c->at[number] += c->seen[number] != doc + 1;
	c->seen[number] = doc + 1;
	return true;
}

static void count_text(struct facet_counts *c, struct slice text, uint64_t n)
{
	bool added;
	struct map_entry *e = map_put(c->all, text, &added);

	e->number = (added ? 0 : e->number) + (int64_t)n;
}

static int64_t year_of(int64_t modified)
{
	char text[CLOCK_TEXT];

	clock_write(text, modified);
	return strtoll(text, NULL, 10);
}

static void count_year(struct facet_counts *c, int64_t modified, uint64_t n)
{
	char text[24];

	snprintf(text, sizeof(text), "%lld", (long long)year_of(modified));
	count_text(c, slice_of(text), n);
}

static bool count_single(void *self, const struct segment *s, uint32_t doc,
                         struct fault *f)
{
	struct facet_counts *c = self;
	uint64_t n;

	return column_read(s, c->column, doc, &n, f) &&
	       count_number(c, s, n, doc, f);
}

/* Days that stand for many are looked up. */
static bool count_day(void *self, const struct segment *s, uint32_t doc,
                      struct fault *f)
{
	struct facet_counts *c = self;
	uint64_t day, n;

	if (!column_read(s, SECTION_DAYS, doc, &day, f))
		return false;
	if (day != DAY_BEFORE && day != DAY_LAST)
		return count_number(c, s, day, doc, f);
	if (!column_read(s, SECTION_MODIFIED, doc, &n, f))
		return false;
	if (n)
		count_year(c, unzigzag(n - 1), 1);
	return true;
}

static bool count_several(void *self, const struct segment *s, uint32_t doc,
                          struct fault *f)
{
	struct facet_counts *c = self;
	bool tags = c->column == SECTION_TAGS;
	struct entry e;
	uint32_t i, count;

	if (!segment_entry(s, doc, &e, f))
		return false;
	count = tags ? e.tag_count : e.service_count;
	for (i = 0; i < count; i++) {
		uint32_t n = tags ? segment_tag(s, e.first_tag + i)
		                  : segment_service(s, e.first_service + i);

		if (!count_number(c, s, n, doc, f))
			return false;
	}
	return true;
}

/* How many numbers the column may have in a segment. */
static uint32_t count_room(enum section column, const struct segment *s)
{
	if (column == SECTION_DAYS)
		return DAY_LAST + 1;
	return column == SECTION_KIND ? PASSAGE_KINDS : s->string_count;
}

static void count_value(struct facet_counts *c, const struct segment *s,
                        uint32_t number)
{
	uint64_t n = c->at[number];

	if (c->column == SECTION_DAYS) {
		if (number >= DAY_FIRST)
			count_year(c,
			           (int64_t)(number - DAY_FIRST) * FILTER_DAY,
			           n);
	} else if (c->column == SECTION_KIND) {
		count_text(c,
		           number == PASSAGE_ACCEPTED ? SLICE("yes")
		                                      : SLICE("no"),
		           n);
	} else if (segment_string(s, number).len) {
		count_text(c, segment_string(s, number), n);
	}
}

static bool count_segment(const struct facet_scan *m,
                          const struct facet_column *column, struct map *all,
                          struct fault *f)
{
	uint32_t numbers = count_room(column->column, m->segment), i;
	struct facet_counts c = {
		.column = column->column,
		.at = memory_new(numbers, sizeof(*c.at)),
		.seen = memory_new(numbers, sizeof(*c.seen)),
		.numbers = numbers,
		.all = all,
	};
	facet_fn *fn = count_single;
	bool done;

	if (c.column == SECTION_DAYS)
		fn = count_day;
	else if (c.column == SECTION_TAGS || c.column == SECTION_SERVICES)
		fn = count_several;
	done = scan_each(m, fn, &c, f);
	for (i = 0; done && i < numbers; i++)
		if (c.at[i])
			count_value(&c, m->segment, i);
	free(c.at);
	free(c.seen);
	return done;
}

static int by_count(const void *a, const void *b)
{
	const struct facet_value *x = a, *y = b;

	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return slice_cmp(x->value, y->value);
}

/* The most frequent values, as slices of the arena's. */
static void facet_take(struct facet *out, const struct map *all, uint32_t top,
                       struct arena *a)
{
	struct facet_value *values = memory_new(all->count, sizeof(*values));
	size_t i;

	for (i = 0; i < all->count; i++) {
		values[i].value = all->entries[i].key;
		values[i].count = (uint64_t)all->entries[i].number;
	}
	if (all->count)
		qsort(values, all->count, sizeof(*values), by_count);
	out->distinct = all->count;
	out->count = all->count < top ? all->count : top;
	out->values = arena_array(a, out->count, sizeof(*out->values));
	for (i = 0; i < out->count; i++) {
		out->values[i].value = arena_copy(a, values[i].value);
		out->values[i].count = values[i].count;
	}
	free(values);
}

/* A query's counting under way. */
struct facet_run {
	struct scope scope;
	const struct filter_set *filters;
	const struct facet_column *columns[FACETS];
	struct map counts[FACETS];
	size_t count;
	uint64_t total;
};

static bool run_segment(struct facet_run *r, const struct segment *s,
                        const struct search_result *found, struct fault *f)
{
	struct facet_scan m = { .segment = s };
	bool done = scan_segment(&m, &r->scope, s, r->filters, found, f);
	size_t i;

	for (i = 0; done && i < r->count; i++)
		done = count_segment(&m, r->columns[i], &r->counts[i], f);
	if (done)
		r->total += filter_count(m.found, segment_count(s));
	scan_release(&m);
	return done;
}

static bool run_start(struct facet_run *r, const struct facet_request *request,
                      struct fault *f)
{
	size_t i;

	if (request->count > FACETS)
		return fault(f, FAULT_USAGE, "facet", "a facet is named twice");
	if (request->count &&
	    (request->top < 1 || request->top > LIMIT_FACET_VALUES))
		return fault(f, FAULT_USAGE, "facet",
		             "the number of values of a facet is 1 to %d",
		             LIMIT_FACET_VALUES);
	for (i = 0; i < request->count; i++)
		if (!facet_find(request->names[i], &r->columns[i], f))
			return false;
	r->count = request->count;
	return true;
}

bool facet_count(const struct index *x, const struct reader *r,
                 const struct search_query *q,
                 const struct search_result *found,
                 const struct facet_request *request, struct arena *a,
                 struct facets *out, struct fault *f)
{
	struct facet_run run = { .total = 0 };
	bool done;
	size_t i;

	*out = (struct facets){ .count = request->count };
	done = run_start(&run, request, f) &&
	       filter_read(q->filters, q->filter_count, a, &run.filters, f);
	if (done)
		scope_make(&run.scope, x, r, q->plain, a);
	for (i = 0; done && i < run.scope.count; i++)
		done = run_segment(&run, run.scope.segments[i], found, f);
	out->total = run.total;
	out->at = arena_array(a, run.count, sizeof(*out->at));
	for (i = 0; done && i < run.count; i++) {
		out->at[i].name = slice_of(run.columns[i]->name);
		facet_take(&out->at[i], &run.counts[i], request->top, a);
	}
	for (i = 0; i < run.count; i++)
		map_release(&run.counts[i]);
	return done;
}
