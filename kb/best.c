/* A binary heap. Reading posts and parts can fail, which is remembered until
 * the operation is over, so that comparing stays a plain function. */

#include "kb/best.h"

#include "kb/segment_file.h"

/* A comparison under way: what it needs, and what went wrong. */
struct duel {
	const struct best *best;
	struct fault *f;
	bool failed;
};

static int64_t duel_column(struct duel *d, const struct candidate *c,
                           enum section kind)
{
	uint64_t n = 0;

	if (!d->failed &&
	    !column_read(d->best->segments[c->segment], kind, c->doc, &n, d->f))
		d->failed = true;
	return (int64_t)n;
}

/* Whether x stands before y in the result. */
static inline bool before(struct duel *d, const struct candidate *x,
                          const struct candidate *y)
{
	int64_t a, b;

	if (x->score != y->score)
		return x->score > y->score;
	if (x->segment == y->segment)
		return x->doc < y->doc;
	a = duel_column(d, x, SECTION_POST);
	b = duel_column(d, y, SECTION_POST);
	if (a != b)
		return a < b;
	return duel_column(d, x, SECTION_PART) <
	       duel_column(d, y, SECTION_PART);
}

/* Puts `c`, which goes in at `i`, where it belongs: not above it. */
static void sink(struct duel *d, struct best *b, size_t i, size_t count,
                 struct candidate c)
{
	for (;;) {
		size_t child = 2 * i + 1;

		if (child >= count)
			break;
		if (child + 1 < count &&
		    before(d, &b->at[child], &b->at[child + 1]))
			child++;
		if (!before(d, &c, &b->at[child]))
			break;
		b->at[i] = b->at[child];
		i = child;
	}
	b->at[i] = c;
}

static void rise(struct duel *d, struct best *b, size_t i, struct candidate c)
{
	while (i && before(d, &b->at[(i - 1) / 2], &c)) {
		b->at[i] = b->at[(i - 1) / 2];
		i = (i - 1) / 2;
	}
	b->at[i] = c;
}

/* The place of a candidate of the same post, or the count. */
static size_t same_post(const struct best *b, const struct candidate *c)
{
	size_t i;

	for (i = 0; i < b->count; i++)
		if (b->at[i].post == c->post)
			break;
	return i;
}

bool best_offer(struct best *b, double score, uint32_t segment, uint32_t doc,
                struct fault *f)
{
	struct candidate c = { .score = score, .segment = segment, .doc = doc };
	struct duel d = { .best = b, .f = f };
	size_t i = b->count;

	if (b->count == b->k && score < b->at[0].score)
		return true;
	if (b->by_post) {
		c.post = duel_column(&d, &c, SECTION_POST);
		i = same_post(b, &c);
	}
	if (i == b->count && b->count < b->k) {
		rise(&d, b, b->count++, c);
		return !d.failed;
	}
	if (i == b->count)
		i = 0;
	if (before(&d, &c, &b->at[i]))
		sink(&d, b, i, b->count, c);
	return !d.failed;
}

bool best_sort(struct best *b, struct fault *f)
{
	struct duel d = { .best = b, .f = f };
	size_t left = b->count;

	while (left > 1) {
		struct candidate last = b->at[--left];

		b->at[left] = b->at[0];
		sink(&d, b, 0, left, last);
	}
	return !d.failed;
}
