/* Tables that are no partition of the cases: what comes again, what failed,
 * what models cost. */

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "export/case_report_state.h"
#include "schema/identity.h"
#include "schema/ledger.h"

enum { DAY = 10 };

static struct cell date_cell(int64_t time, int64_t zone, struct arena *a)
{
	char text[CLOCK_TEXT];

	if (time == CLOCK_NONE)
		return CELL(SLICE(""));
	clock_write(text, time + zone);
	return CELL(arena_copy(a, slice_cut(slice_of(text), 0, DAY)));
}

static int by_cases(const void *x, const void *y)
{
	const struct report_entry *const *a = x, *const *b = y;

	if ((*a)->cases != (*b)->cases)
		return (*a)->cases < (*b)->cases ? 1 : -1;
	return slice_cmp((*a)->id, (*b)->id);
}

enum { RECURRING = 7 };

static void recurring_row(const struct report_entry *x, int64_t zone,
                          struct arena *a, struct cell *to)
{
	to[0] = CELL(x->id);
	to[1] = CELL(x->title);
	to[2] = CELL(x->service);
	to[3] = CELL(x->class);
	to[4] = CELL_NUMBER(x->cases);
	to[5] = date_cell(x->first, zone, a);
	to[6] = date_cell(x->last, zone, a);
}

/* The cases that do not come again, so that the column sums up. */
static void recurring_rest(struct slice name, int64_t cases, struct cell *to)
{
	size_t i;

	for (i = 0; i < RECURRING; i++)
		to[i] = CELL(SLICE(""));
	to[0] = CELL(name);
	to[4] = CELL_NUMBER(cases);
}

void report_recurring(const struct case_report *r, struct arena *a,
                      struct table *out)
{
	static const char *const columns[RECURRING] = {
		"entry", "title", "service", "class", "cases", "first", "last",
	};
	struct report_entry **order =
	        arena_array(a, r->entries.count, sizeof(struct report_entry *));
	struct cell *cells = arena_array(a, r->entries.count + 2,
	                                 RECURRING * sizeof(*cells));
	int64_t alone = 0, unfolded = (int64_t)r->count;
	size_t i, n = 0;

	for (i = 0; i < r->entries.count; i++) {
		struct report_entry *x = r->entries.entries[i].pointer;

		unfolded -= x->cases;
		if (x->cases > 1)
			order[n++] = x;
		else
			alone++;
	}
	if (n)
		qsort(order, n, sizeof(*order), by_cases);
	for (i = 0; i < n; i++)
		recurring_row(order[i], r->options.zone, a,
		              &cells[i * RECURRING]);
	if (alone)
		recurring_rest(SLICE("once"), alone, &cells[n++ * RECURRING]);
	if (unfolded)
		recurring_rest(SLICE("not folded"), unfolded,
		               &cells[n++ * RECURRING]);
	*out = (struct table){ .columns = columns,
		               .width = RECURRING,
		               .cells = cells,
		               .height = n };
}

/* Rows that are met one by one. */
struct gathered {
	const struct case_report *r;
	struct arena *arena;
	struct cell *cells;
	size_t width, height, room;
};

static struct cell *gathered_row(struct gathered *g)
{
	struct cell *cells;

	if (g->height == g->room) {
		g->room = g->room ? 2 * g->room : 64;
		cells = arena_array(g->arena, g->room,
		                    g->width * sizeof(*cells));
		if (g->height)
			memcpy(cells, g->cells,
			       g->height * g->width * sizeof(*cells));
		g->cells = cells;
	}
	return &g->cells[g->height++ * g->width];
}

static struct cell copied(struct gathered *g, struct slice s)
{
	return CELL(arena_copy(g->arena, s));
}

static bool failure_take(void *self, const struct digest_failure *x,
                         struct fault *f)
{
	struct gathered *g = self;
	const struct case_report_options *o = &g->r->options;
	const struct identity id = { .space = x->space, .native = x->native };
	struct buf b = BUF_INIT(1 << 16);
	struct cell *to;

	(void)f;
	if (o->space.len && !slice_eq(o->space, x->space))
		return true;
	identity_write(&b, &id);
	to = gathered_row(g);
	to[0] = copied(g, buf_slice(&b));
	to[1] = copied(g, x->code);
	to[2] = CELL_NUMBER(x->tries);
	to[3] = date_cell(x->time, o->zone, g->arena);
	to[4] = copied(g, x->said);
	buf_release(&b);
	return true;
}

bool report_failures(const struct case_report *r, struct arena *a,
                     struct table *out, struct fault *f)
{
	static const char *const columns[] = { "case", "code", "tries", "last",
		                               "said" };
	struct gathered g = { .r = r, .arena = a, .width = 5 };
	struct arena row = ARENA_INIT;
	bool ok = digests_failed(r->options.store, r->options.reader, &row,
	                         failure_take, &g, f);

	*out = (struct table){ .columns = columns,
		               .width = g.width,
		               .cells = g.cells,
		               .height = g.height };
	arena_release(&row);
	return ok;
}

/* Millionths as a decimal number. */
static struct cell cost_cell(int64_t cost, struct arena *a)
{
	struct buf b = BUF_INIT(64);
	struct cell out;

	buf_addf(&b, "%s%lld.%06lld", cost < 0 ? "-" : "",
	         (long long)llabs(cost / 1000000),
	         (long long)llabs(cost % 1000000));
	out = CELL(arena_copy(a, buf_slice(&b)));
	buf_release(&b);
	return out;
}

static bool ledger_take(void *self, const struct ledger_line *l,
                        struct fault *f)
{
	struct gathered *g = self;
	struct cell *to = gathered_row(g);

	(void)f;
	to[0] = copied(g, l->month);
	to[1] = copied(g, l->section);
	to[2] = copied(g, l->model);
	to[3] = copied(g, l->outcome);
	to[4] = CELL_NUMBER(l->calls);
	to[5] = CELL_NUMBER(l->input_tokens);
	to[6] = CELL_NUMBER(l->output_tokens);
	to[7] = cost_cell(l->cost, g->arena);
	return true;
}

bool report_ledger(const struct case_report *r, struct arena *a,
                   struct table *out, struct fault *f)
{
	static const char *const columns[] = {
		"month", "section",      "model",         "outcome",
		"calls", "input_tokens", "output_tokens", "cost",
	};
	struct gathered g = { .r = r, .arena = a, .width = 8 };
	struct arena row = ARENA_INIT;
	bool ok;

	if (!r->options.reader || !r->options.reader->all)
		return fault(f, FAULT_DENIED, "report-ledger",
		             "what models cost is for readers who may see all "
		             "cases");
	ok = ledger_each(r->options.store, &row, ledger_take, &g, f);
	*out = (struct table){ .columns = columns,
		               .width = g.width,
		               .cells = g.cells,
		               .height = g.height };
	arena_release(&row);
	return ok;
}
