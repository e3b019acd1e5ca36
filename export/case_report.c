/*
 * Tables that part the cases: each is named, and says by what. Rows come with
 * the largest group first, and within it the largest of the next column;
 * months come in their order.
 */

#include "export/case_report.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "export/case_report_state.h"

enum { LEVELS = 4 };

struct parting {
	const char *columns[LEVELS + 1];
	enum report_field fields[LEVELS];
	size_t width; /* of fields */
};

static const struct parting partings[] = {
	{ { "class", "cases" }, { REPORT_CLASS }, 1 },
	{ { "class", "service", "cases" },
	  { REPORT_CLASS, REPORT_SERVICE },
	  2 },
	{ { "class", "service", "submitter", "cases" },
	  { REPORT_CLASS, REPORT_SERVICE, REPORT_SUBMITTER },
	  3 },
	{ { "class", "service", "department", "unmapped", "cases" },
	  { REPORT_CLASS, REPORT_SERVICE, REPORT_DEPARTMENT, REPORT_UNMAPPED },
	  4 },
	{ { "month", "severity", "cases" },
	  { REPORT_MONTH, REPORT_SEVERITY },
	  2 },
	{ { "severity", "cases" }, { REPORT_SEVERITY }, 1 },
};

enum { PARTINGS = sizeof(partings) / sizeof(*partings) };

const char *const case_report_names[] = {
	"class", "service",    "submitter", "department", "month",  "severity",
	"time",  "time-class", "recurring", "failures",   "ledger", NULL,
};

/* The order of names: partings first, as they stand above. */
enum {
	REPORT_TIME = PARTINGS,
	REPORT_TIME_CLASS,
	REPORT_RECURRING,
	REPORT_FAILURES,
	REPORT_LEDGER,
};

/* A group of cases; `above` are those that it is within, itself last. */
struct part {
	const struct part *above[LEVELS];
	struct slice name;
	bool dated; /* by its name, not by its size */
	int64_t cases;
	size_t level;
};

static int by_size(const void *x, const void *y)
{
	const struct part *const *a = x, *const *b = y;
	size_t i;

	for (i = 0; i <= (*a)->level; i++) {
		const struct part *p = (*a)->above[i], *q = (*b)->above[i];

		if (p == q)
			continue;
		if (p->cases != q->cases && !p->dated)
			return p->cases < q->cases ? 1 : -1;
		return slice_cmp(p->name, q->name);
	}
	return 0;
}

/* The group of a row at a level, made at first sight. */
static struct part *part_of(struct map *groups, const struct parting *p,
                            const struct report_row *row, size_t level,
                            const struct part *above, struct arena *a)
{
	const void *key[2] = { above, row->fields[p->fields[level]].at };
	struct map_entry *e;
	struct part *x;

	/* Texts of rows are kept once: their places tell them apart. */
	e = map_put(groups, (struct slice){ (const char *)key, sizeof(key) },
	            NULL);
	if (e->pointer)
		return e->pointer;
	e->pointer = x = arena_new(a, sizeof(*x));
	if (above)
		memcpy(x->above, above->above, sizeof(x->above));
	x->above[level] = x;
	x->name = row->fields[p->fields[level]];
	x->dated = p->fields[level] == REPORT_MONTH;
	x->level = level;
	return x;
}

static void report_parting(const struct case_report *r, const struct parting *p,
                           struct arena *a, struct table *out)
{
	struct map groups = MAP_INIT;
	struct part **order;
	struct cell *cells;
	size_t i, j, n = 0;

	for (i = 0; i < r->count; i++) {
		struct part *x = NULL;

		for (j = 0; j < p->width; j++) {
			x = part_of(&groups, p, &r->rows[i], j, x, a);
			x->cases++;
		}
	}
	order = arena_array(a, groups.count, sizeof(struct part *));
	for (i = 0; i < groups.count; i++) {
		struct part *x = groups.entries[i].pointer;

		if (x->level + 1 == p->width)
			order[n++] = x;
	}
	if (n)
		qsort(order, n, sizeof(*order), by_size);
	cells = arena_array(a, n, (p->width + 1) * sizeof(*cells));
	for (i = 0; i < n; i++) {
		struct cell *to = &cells[i * (p->width + 1)];

		for (j = 0; j < p->width; j++)
			to[j] = CELL(order[i]->above[j]->name);
		to[j] = CELL_NUMBER(order[i]->cases);
	}
	*out = (struct table){ .columns = p->columns,
		               .width = p->width + 1,
		               .cells = cells,
		               .height = n };
	map_release(&groups);
}

bool case_report_table(const struct case_report *r, size_t which,
                       struct arena *a, struct table *out, struct fault *f)
{
	bool ok = true;

	switch (which) {
	case REPORT_TIME:
		report_times(r, REPORT_SEVERITY, a, out);
		break;
	case REPORT_TIME_CLASS:
		report_times(r, REPORT_CLASS, a, out);
		break;
	case REPORT_RECURRING:
		report_recurring(r, a, out);
		break;
	case REPORT_FAILURES:
		ok = report_failures(r, a, out, f);
		break;
	case REPORT_LEDGER:
		ok = report_ledger(r, a, out, f);
		break;
	default:
		report_parting(r, &partings[which], a, out);
		break;
	}
	if (ok)
		out->title = case_report_names[which];
	return ok;
}
