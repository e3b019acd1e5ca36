/*
 * Two passes over the list as it was written. The first finds the best posting
 * of each octet, as a 16-bit number; these are cut into 15 levels of equal
 * width between the smallest and the largest. The second notes which pairs of
 * code and class each level has; their bounds under each curve are looked up
 * in the end, so that a posting costs two look-ups and no division.
 */

#include "kb/list_maxima.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { STEPS = UINT16_MAX };

/* One pass over the postings of a list. */
struct walk {
	const unsigned char *bits, *codes, *escape, *end;
	uint32_t nth;
};

static double curve_average(const struct norms *n, int curve)
{
	double grid = dense_grid[curve % DENSE_GRID];

	return grid > 0 ? n->average[curve / DENSE_GRID] / grid : 0;
}

static float curve_bound(const struct maxima *m, int curve,
                         const struct tuple *t, unsigned class)
{
	return norm_bound(m->norms, (enum weighting)(curve / DENSE_GRID), t->tf,
	                  class, curve_average(m->norms, curve));
}

/* The curve that levels are cut by. */
static const int own_curve = 2;

static uint16_t step_of(float bound)
{
	double step = ceil((double)bound * (STEPS - 1));

	return (uint16_t)(step < 1 ? 1 : step > STEPS ? STEPS : step);
}

void maxima_init(struct maxima *m, const struct norms *norms,
                 const unsigned char *classes, const unsigned char *codes)
{
	int i;

	memset(m, 0, sizeof(*m));
	m->norms = norms;
	m->classes = classes;
	memcpy(m->codes, codes, sizeof(m->codes));
	for (i = 0; i < MAXIMA_CURVES; i++)
		norm_bounds(norms, (enum weighting)(i / DENSE_GRID), codes,
		            curve_average(norms, i), m->bounds[i]);
	for (i = 0; i < CODES * NORM_CLASSES; i++)
		m->steps[i] = step_of(m->bounds[own_curve][i]);
}

void maxima_release(struct maxima *m)
{
	free(m->best);
	m->best = NULL;
	m->best_cap = 0;
}

/* The code of the next posting, and its tuple when that is an escape. */
static unsigned walk_next(struct walk *w, struct tuple *t)
{
	unsigned code = dense_code(w->codes, w->nth++);

	if (!code) {
		bool ok = tuple_get(&w->escape, w->end, t);

		assert(ok);
		(void)ok;
	}
	return code;
}

/* The best of the octet whose passages are the bits of `octet`. */
static uint16_t octet_best(const struct maxima *m, struct walk *w,
                           uint32_t first, unsigned octet)
{
	uint16_t best = 0;
	struct tuple t;

	for (; octet; octet &= octet - 1) {
		unsigned class =
		        m->classes[first + (unsigned)__builtin_ctz(octet)];
		unsigned code = walk_next(w, &t);
		uint16_t step =
		        code ? m->steps[code * NORM_CLASSES + class]
		             : step_of(curve_bound(m, own_curve, &t, class));

		if (step > best)
			best = step;
	}
	return best;
}

/* What the postings of an octet say about its level. */
static void octet_note(struct maxima *m, struct walk *w, uint32_t first,
                       unsigned octet, unsigned level,
                       float levels[MAXIMA_CURVES][DENSE_LEVELS])
{
	struct tuple t;
	int i;

	for (; octet; octet &= octet - 1) {
		unsigned class =
		        m->classes[first + (unsigned)__builtin_ctz(octet)];
		unsigned code = walk_next(w, &t);

		if (code) {
			m->seen[level][code * NORM_CLASSES + class] = 1;
			continue;
		}
		for (i = 0; i < MAXIMA_CURVES; i++) {
			float bound = curve_bound(m, i, &t, class);

			if (bound > levels[i][level])
				levels[i][level] = bound;
		}
	}
}

static void levels_finish(const struct maxima *m,
                          float levels[MAXIMA_CURVES][DENSE_LEVELS])
{
	int i, level, pair;

	for (level = 1; level < DENSE_LEVELS; level++)
		for (pair = 0; pair < CODES * NORM_CLASSES; pair++)
			for (i = 0; m->seen[level][pair] && i < MAXIMA_CURVES;
			     i++)
				if (m->bounds[i][pair] > levels[i][level])
					levels[i][level] = m->bounds[i][pair];
}

/* The best of every octet; *low and *high are the smallest and largest. */
static void maxima_best(struct maxima *m, const struct walk *list,
                        uint32_t octets, unsigned *low, unsigned *high)
{
	struct walk w = *list;
	uint32_t i;

	*low = STEPS;
	*high = 0;
	for (i = 0; i < octets; i++) {
		m->best[i] = octet_best(m, &w, 8 * i, w.bits[i]);
		if (m->best[i] && m->best[i] < *low)
			*low = m->best[i];
		if (m->best[i] > *high)
			*high = m->best[i];
	}
}

static void levels_write(unsigned char *to,
                         float levels[MAXIMA_CURVES][DENSE_LEVELS])
{
	int i, j;

	for (i = 0; i < MAXIMA_CURVES; i++)
		for (j = 0; j < DENSE_LEVELS; j++) {
			uint32_t bits;

			memcpy(&bits, &levels[i][j], sizeof(bits));
			store32(to + 4 * (i * DENSE_LEVELS + j), bits);
		}
}

void maxima_make(struct maxima *m, unsigned char *list, uint32_t df,
                 uint32_t count, struct slice escapes)
{
	struct dense_parts p = dense_parts(df, count);
	struct walk start = { .bits = list + p.bits,
		              .codes = list + p.codes,
		              .escape = (const unsigned char *)escapes.at,
		              .end = (const unsigned char *)escapes.at +
		                     escapes.len };
	float levels[MAXIMA_CURVES][DENSE_LEVELS] = { { 0 } };
	uint32_t octets = (uint32_t)(p.steps * DENSE_STEP / 8), i;
	struct walk w = start;
	unsigned low, high;

	if (octets > m->best_cap) {
		m->best_cap = octets;
		m->best = memory_resize(m->best, octets, sizeof(*m->best));
	}
	maxima_best(m, &start, octets, &low, &high);
	memset(m->seen, 0, sizeof(m->seen));
	for (i = 0; i < octets; i++) {
		unsigned level;

		if (!m->best[i])
			continue;
		level = 1 + (m->best[i] - low) * 15 / (high - low + 1);
		list[p.maxima + i / 64 * MAXIMA_STEP + i % 32] |=
		        (unsigned char)(level << (i & 32 ? 4 : 0));
		octet_note(m, &w, 8 * i, w.bits[i], level, levels);
	}
	levels_finish(m, levels);
	levels_write(list + p.levels, levels);
}

bool maxima_agree(struct maxima *m, const unsigned char *list, uint32_t df,
                  uint32_t count, const unsigned char *end)
{
	struct dense_parts p = dense_parts(df, count);
	struct slice escapes = { (const char *)list + p.escapes,
		                 (size_t)(end - list) - p.escapes };
	unsigned char *copy = memory_new(p.escapes, 1);
	bool same;

	memcpy(copy + p.bits, list + p.bits, p.ranks - p.bits);
	memcpy(copy + p.codes, list + p.codes, p.offsets - p.codes);
	maxima_make(m, copy, df, count, escapes);
	same = !memcmp(copy, list, p.bits) &&
	       !memcmp(copy + p.levels, list + p.levels, DENSE_TABLE);
	free(copy);
	return same;
}
