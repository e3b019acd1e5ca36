/* Segments of a label in the order of size, as the digits of a number: when
 * there are too many, the smallest become one, with as many of the next as are
 * at most twice the sum of those before. The idea is the logarithmic method of
 * Bentley and Saxe (1980), with a bound on the number of digits. */

#include "kb/tiers.h"

#include <stdlib.h>

#include "base/memory.h"

/* The segments of one label. */
struct row {
	const struct tier *tiers;
	size_t *at; /* smallest first */
	size_t count;
	bool busy; /* others are being merged */
};

static bool larger(const struct tier *x, const struct tier *y)
{
	return x->live != y->live ? x->live > y->live : x->number > y->number;
}

static void row_fill(struct row *r, size_t count, struct slice label)
{
	size_t i, j;

	r->count = 0;
	r->busy = false;
	for (i = 0; i < count; i++) {
		const struct tier *t = &r->tiers[i];

		if (!t->live || !slice_eq(t->label, label))
			continue;
		r->busy |= t->busy;
		if (t->busy)
			continue;
		for (j = r->count++; j && larger(&r->tiers[r->at[j - 1]], t);
		     j--)
			r->at[j] = r->at[j - 1];
		r->at[j] = i;
	}
}

static uint64_t live_of(const struct row *r, size_t i)
{
	return r->tiers[r->at[i]].live;
}

/* How many of the smallest to merge; 0: none. */
static size_t row_merge(const struct row *r, bool all)
{
	size_t most = r->busy ? SEGMENTS_BESIDE : SEGMENTS_MOST, n;
	uint64_t sum = 0;

	if (all)
		return r->count > 1 ? r->count : 0;
	if (r->count <= most)
		return 0;
	for (n = 0; n < r->count; n++) {
		if (n >= 2 && live_of(r, n) > 2 * sum)
			break;
		sum += live_of(r, n);
	}
	return n;
}

static bool many_dead(const struct tier *t)
{
	return t->dead >= DEAD_PASSAGES &&
	       (uint64_t)t->dead * 100 >
	               ((uint64_t)t->live + t->dead) * DEAD_PERCENT;
}

/* Takes n segments from `from` on, if that is cheaper than what was chosen. */
static void take(const struct row *r, size_t from, size_t n,
                 struct tier_choice *out)
{
	uint64_t passages = 0;
	size_t i;

	for (i = 0; i < n; i++)
		passages += live_of(r, from + i);
	if (out->count && passages >= out->passages)
		return;
	for (i = 0; i < n; i++)
		out->at[i] = r->at[from + i];
	out->count = n;
	out->passages = passages;
}

static void choose(const struct row *r, bool all, struct tier_choice *out)
{
	size_t n = row_merge(r, all), i;

	if (n) {
		take(r, 0, n, out);
		return;
	}
	for (i = 0; i < r->count; i++)
		if (many_dead(&r->tiers[r->at[i]]))
			take(r, i, 1, out);
}

/* Whether an earlier one has the same label. */
static bool seen(const struct tier *tiers, size_t i)
{
	size_t j;

	for (j = 0; j < i; j++)
		if (tiers[j].live && slice_eq(tiers[j].label, tiers[i].label))
			return true;
	return false;
}

void tiers_choose(const struct tier *tiers, size_t count, bool all,
                  struct tier_choice *out)
{
	struct row r = { .tiers = tiers };
	size_t i;

	*out = (struct tier_choice){ 0 };
	out->at = memory_new(count + 1, sizeof(*out->at));
	r.at = memory_new(count + 1, sizeof(*r.at));
	for (i = 0; i < count; i++) {
		if (!tiers[i].live || seen(tiers, i))
			continue;
		row_fill(&r, count, tiers[i].label);
		choose(&r, all, out);
	}
	free(r.at);
}
