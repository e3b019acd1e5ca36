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

/* Keeps of each repeated text the first. */
static void drop_repeats(struct choice *out, const struct features *f,
                         struct arena *a)
{
	uint32_t count = f->blocks->block_count, i;
	bool *met = arena_new(a, count + 1);

	for (i = 0; i < count; i++) {
		const struct block *k = &f->blocks->blocks[i];
		uint32_t twin = features_twin(f, i);

		if (!out->kept[i] || k->wording.words < REPEAT_WORDS ||
		    k->flags & BLOCK_PRE)
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
	if (!f->documentation)
		drop_repeats(out, f, a);
}
