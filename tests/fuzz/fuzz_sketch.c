/* Two texts of any bytes: sets are sorted, likeness is symmetric and between 0
 * and 1, a text is its own twin unless it is short, a sketch comes back. */

#include <string.h>

#include "base/text/sketch.h"
#include "must.h"

static void must_be_a_set(const struct shingles *s)
{
	size_t i;

	for (i = 1; i < s->count; i++)
		must(s->at[i - 1] < s->at[i]);
	must(!s->count || s->at[s->count - 1] != UINT64_MAX);
}

static void must_come_back(const struct sketch_text *t)
{
	uint32_t bands[SKETCH_BANDS];
	struct sketch one, other;
	char bytes[SKETCH_BYTES];
	struct fault f;
	size_t i, j;

	sketch_make(&t->shingles, &one);
	sketch_write(&one, bytes);
	must(sketch_read((struct slice){ bytes, sizeof(bytes) }, &other, &f));
	must(!memcmp(&one, &other, sizeof(one)));
	must(sketch_alike(&one, &other) == 1);
	sketch_bands(&one, bands);
	for (i = 0; i < SKETCH_BANDS; i++)
		for (j = 0; j < i; j++)
			must(bands[i] != bands[j]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice all = { (const char *)data, size };
	size_t title = slice_find(all, '\n');
	struct slice body = slice_cut(all, title + 1, size);
	struct slice half = slice_cut(body, 0, body.len / 2);
	struct sketch_text one, other;
	struct arena a = ARENA_INIT;
	double there, back;
	bool twins;

	sketch_text(slice_cut(all, 0, title), body, &a, &one);
	sketch_text(SLICE("half"), half, &a, &other);
	must_be_a_set(&one.shingles);
	must_be_a_set(&one.title);
	must_come_back(&one);
	must_come_back(&other);
	twins = sketch_twins(&one, &other, &there);
	must(twins == sketch_twins(&other, &one, &back) && there == back);
	must(there >= 0 && there <= 1 && (!twins || there >= .7));
	must(there == shingles_alike(&one.shingles, &other.shingles));
	twins = sketch_twins(&one, &one, &there);
	must(twins == (one.shingles.count >= SKETCH_LEAST));
	arena_release(&a);
	return 0;
}
