/* Time to resolution, by nearest rank: of n sorted times the p-th per cent is
 * the ceil(p n / 100)-th. */

#include <stdlib.h>

#include "base/memory.h"
#include "export/case_report_state.h"

enum { COLUMNS = 5 };

struct times {
	struct slice name;
	int64_t cases, *took;
	size_t count, room;
};

static int by_time(const void *x, const void *y)
{
	const int64_t *a = x, *b = y;

	return (*a > *b) - (*a < *b);
}

static int by_cases(const void *x, const void *y)
{
	const struct times *const *a = x, *const *b = y;

	if ((*a)->cases != (*b)->cases)
		return (*a)->cases < (*b)->cases ? 1 : -1;
	return slice_cmp((*a)->name, (*b)->name);
}

static void times_gather(const struct case_report *r, enum report_field by,
                         struct map *groups, struct arena *a)
{
	size_t i;

	for (i = 0; i < r->count; i++) {
		const struct report_row *row = &r->rows[i];
		struct map_entry *e = map_put(groups, row->fields[by], NULL);
		struct times *t = e->pointer;

		if (!t) {
			e->pointer = t = arena_new(a, sizeof(*t));
			t->name = row->fields[by];
		}
		t->cases++;
		if (row->took < 0)
			continue;
		t->took = memory_room(t->took, t->count, &t->room,
		                      sizeof(*t->took));
		t->took[t->count++] = row->took;
	}
}

static struct cell rank_cell(const struct times *t, size_t percent,
                             struct arena *a)
{
	if (!t->count)
		return CELL(SLICE(""));
	return CELL(
	        report_hours(t->took[(percent * t->count + 99) / 100 - 1], a));
}

void report_times(const struct case_report *r, enum report_field by,
                  struct arena *a, struct table *out)
{
	static const char *const classes[] = { "class", "cases", "ended",
		                               "median_hours", "p90_hours" };
	static const char *const severities[] = {
		"severity", "cases", "ended", "median_hours", "p90_hours",
	};
	struct map groups = MAP_INIT;
	struct times **order;
	struct cell *cells;
	size_t i;

	times_gather(r, by, &groups, a);
	order = arena_array(a, groups.count, sizeof(struct times *));
	cells = arena_array(a, groups.count, COLUMNS * sizeof(*cells));
	for (i = 0; i < groups.count; i++)
		order[i] = groups.entries[i].pointer;
	if (groups.count)
		qsort(order, groups.count, sizeof(*order), by_cases);
	for (i = 0; i < groups.count; i++) {
		struct times *t = order[i];

		if (t->count)
			qsort(t->took, t->count, sizeof(*t->took), by_time);
		cells[i * COLUMNS] = CELL(t->name);
		cells[i * COLUMNS + 1] = CELL_NUMBER(t->cases);
		cells[i * COLUMNS + 2] = CELL_NUMBER((int64_t)t->count);
		cells[i * COLUMNS + 3] = rank_cell(t, 50, a);
		cells[i * COLUMNS + 4] = rank_cell(t, 90, a);
		free(t->took);
	}
	*out = (struct table){
		.columns = by == REPORT_CLASS ? classes : severities,
		.width = COLUMNS,
		.cells = cells,
		.height = groups.count,
	};
	map_release(&groups);
}
