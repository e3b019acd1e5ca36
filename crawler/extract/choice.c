/*
 * With probabilities p and words w, of the blocks in falling order of p the
 * first k are expected to have an F1 of 2 sum(p w) / (sum(w) + S): the first
 * two sums over these k, S being the sum of p w over all. All sums are whole
 * numbers, below 2^53 for any page.
 */

#include "crawler/extract/choice.h"

#include <stdlib.h>

#include "crawler/extract/forest.h"

enum { REPEAT_WORDS = 6 }; /* shorter repeats say little */

struct ranked {
	uint32_t probability, block, words;
};

static int compare(const void *left, const void *right)
{
	const struct ranked *a = left, *b = right;

	if (a->probability != b->probability)
		return a->probability > b->probability ? -1 : 1;
	return (a->block > b->block) - (a->block < b->block);
}

/* The least probability that is kept. */
static uint32_t threshold(const struct ranked *r, uint32_t count, double *best)
{
	double all = 0, sum = 0, words = 0;
	uint32_t least = FOREST_ONE, i;

	for (i = 0; i < count; i++)
		all += (double)r[i].probability * r[i].words;
	*best = 0;
	for (i = 0; i < count; i++) {
		double f1;

		sum += (double)r[i].probability * r[i].words;
		words += (double)FOREST_ONE * r[i].words;
		f1 = 2 * sum / (words + all);
		if (f1 > *best) {
			*best = f1;
			least = r[i].probability;
		}
	}
	return least;
}

/* Whether a kept block is compared with others at all. */
static bool may_repeat(const struct choice *out, const struct block *k,
                       uint32_t i)
{
	return out->kept[i] && k->wording.words >= REPEAT_WORDS &&
	       !(k->flags & BLOCK_PRE);
}

/* Keeps of each repeated text the first: of those that show, or else of the
 * hidden ones. */
static void drop_repeats(struct choice *out, const struct features *f,
                         uint32_t hidden, bool *met)
{
	const struct block *blocks = f->blocks->blocks;
	uint32_t i;

	for (i = 0; i < f->blocks->block_count; i++) {
		uint32_t twin = features_twin(f, i);

		if (!may_repeat(out, &blocks[i], i) ||
		    (blocks[i].flags & BLOCK_HIDDEN) != hidden)
			continue;
		out->kept[i] = !met[twin];
		met[twin] = true;
	}
}

void choice_make(struct choice *out, const struct features *f, struct arena *a)
{
	uint32_t count = f->blocks->block_count, least, i;
	struct ranked *ranked = arena_array(a, count + 1, sizeof(*ranked));
	float row[FEATURE_COUNT];
	bool *met;

	out->kept = arena_new(a, count + 1);
	out->probability = arena_array(a, count + 1, sizeof(uint32_t));
	for (i = 0; i < count; i++) {
		features_row(f, i, row);
		out->probability[i] = forest_probability(row);
		ranked[i] =
		        (struct ranked){ out->probability[i], i,
			                 f->blocks->blocks[i].wording.words };
	}
	qsort(ranked, count, sizeof(*ranked), compare);
	least = threshold(ranked, count, &out->certainty);
	for (i = 0; i < count; i++)
		out->kept[i] = out->probability[i] >= least;
	if (f->documentation)
		return;
	met = arena_new(a, count + 1);
	drop_repeats(out, f, 0, met);
	drop_repeats(out, f, BLOCK_HIDDEN, met);
}
