/* What the engine's paths share: choosing one, opening lists, priors. */

#include "kb/engine.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "kb/norm.h"

enum { LOGARITHMS = 1024 };

const struct engine_path *const engine_paths[] = { &engine_avx2,
	                                           &engine_portable, NULL };

static const struct engine_path *_Atomic chosen;

static const struct engine_path *path_best(void)
{
	size_t i;

	for (i = 0; engine_paths[i + 1]; i++)
		if (engine_paths[i]->usable())
			break;
	return engine_paths[i];
}

const struct engine_path *engine_path(void)
{
	const struct engine_path *p =
	        atomic_load_explicit(&chosen, memory_order_relaxed);

	if (!p) {
		p = path_best();
		atomic_store_explicit(&chosen, p, memory_order_relaxed);
	}
	return p;
}

bool engine_path_set(const char *name)
{
	size_t i;

	for (i = 0; name && engine_paths[i]; i++)
		if (!strcmp(engine_paths[i]->name, name))
			break;
	if (name && (!engine_paths[i] || !engine_paths[i]->usable()))
		return false;
	atomic_store_explicit(&chosen, name ? engine_paths[i] : path_best(),
	                      memory_order_relaxed);
	return true;
}

void engine_memory_init(struct engine_memory *m)
{
	const size_t octets = WINDOW / OCTET;
	size_t i;

	memset(m, 0, sizeof(*m));
	m->bounds = memory_new(octets + OCTETS_GROUP, sizeof(*m->bounds));
	m->groups = memory_new(octets / OCTETS_GROUP, sizeof(*m->groups));
	m->priors = memory_new(octets / OCTETS_GROUP, sizeof(*m->priors));
	m->candidates = memory_new(octets, sizeof(*m->candidates));
	m->logarithms = memory_new(LOGARITHMS, sizeof(*m->logarithms));
	for (i = 0; i < LOGARITHMS; i++)
		m->logarithms[i] = log(1 + (double)i);
	for (i = 0; i < 3; i++)
		m->scratch[i] =
		        memory_new(UINT16_MAX + BLOCK, sizeof(*m->scratch[i]));
}

void engine_memory_release(struct engine_memory *m)
{
	size_t i;

	for (i = 0; i < LIMIT_QUERY_TERMS; i++) {
		free(m->slots[i].docs);
		free(m->slots[i].codes);
		free(m->slots[i].last);
		free(m->slots[i].escapes);
	}
	for (i = 0; i < 3; i++)
		free(m->scratch[i]);
	free(m->bounds);
	free(m->groups);
	free(m->priors);
	free(m->candidates);
	free(m->logarithms);
	memset(m, 0, sizeof(*m));
}

static bool dense_open(struct engine_term *t, const struct segment *s)
{
	uint64_t misaligned = (uint64_t)(t->list - s->at) % SEGMENT_ALIGN;
	uint64_t skip = misaligned ? SEGMENT_ALIGN - misaligned : 0;

	t->parts = dense_parts(t->df, s->count);
	if ((uint64_t)(t->end - t->list) < skip + t->parts.escapes)
		return false;
	t->list += skip;
	return true;
}

bool engine_term_open(struct engine_term *t, const struct segment *s,
                      struct slice postings, uint32_t df)
{
	*t = (struct engine_term){
		.df = df,
		.class = list_class(df, s->count, s->ratio),
		.list = (const unsigned char *)postings.at,
		.end = (const unsigned char *)postings.at + postings.len,
	};
	if (t->class == LIST_DENSE)
		return dense_open(t, s);
	return t->class != LIST_MIDDLE ||
	       postings.len > 8 * (((size_t)df + BLOCK - 1) / BLOCK);
}

bool engine_ready(const struct segment *s, struct fault *f)
{
	static const enum section read[] = {
		SECTION_KIND,
		SECTION_CLASSES,
		(enum section)(SECTION_LENGTH + FIELD_TITLE),
		(enum section)(SECTION_LENGTH + FIELD_TAGS),
		(enum section)(SECTION_LENGTH + FIELD_HEADING),
		(enum section)(SECTION_LENGTH + FIELD_BODY),
	};
	_Atomic unsigned *ready = &s->body->ready;
	size_t i;

	if (atomic_load_explicit(ready, memory_order_acquire))
		return true;
	for (i = 0; i < sizeof(read) / sizeof(*read); i++) {
		const struct part *p = &s->parts[read[i]];

		if (!segment_touch(s, p->offset, p->bytes, f))
			return false;
	}
	atomic_store_explicit(ready, 1, memory_order_release);
	return true;
}

/* ln(1 + votes) for votes above 0. */
static double logarithm(const struct engine_run *r, int64_t votes)
{
	if (votes <= 0)
		return 0;
	return votes < LOGARITHMS ? r->memory->logarithms[votes]
	                          : log(1 + (double)votes);
}

double engine_prior(const struct engine_run *r, int64_t votes,
                    enum passage_kind kind)
{
	const struct index_weights *w = &r->weights;

	return w->votes * logarithm(r, votes) +
	       (kind == PASSAGE_ACCEPTED ? w->accepted : 0);
}

static double prior_most(const struct engine_run *r, const unsigned char *at,
                         size_t i)
{
	const struct overlay *over = &r->segment->over;

	if (!over->scores)
		return r->accepted;
	return r->weights.votes * logarithm(r, overlay_number(over, at, i)) +
	       r->accepted;
}

double engine_prior_group(const struct engine_run *r, uint32_t group)
{
	return prior_most(r, r->segment->over.groups, group);
}

double engine_prior_octet(const struct engine_run *r, uint32_t octet)
{
	return prior_most(r, r->segment->over.octets, octet);
}

static void start_prior(struct engine_run *r)
{
	const struct segment *s = r->segment;
	size_t i, groups = ((size_t)s->count + DENSE_STEP - 1) / DENSE_STEP;

	r->accepted = r->most_prior = 0;
	for (i = 0; i < NORM_CLASSES; i++)
		if (s->norms.classes[i].kinds >> PASSAGE_ACCEPTED & 1)
			r->accepted = r->weights.accepted;
	for (i = 0; r->weights.votes > 0 && i < groups; i++) {
		double most = engine_prior_group(r, (uint32_t)i);

		if (most > r->most_prior)
			r->most_prior = most;
	}
	if (r->accepted > r->most_prior)
		r->most_prior = r->accepted;
}

/* Bounds of a segment that was made with other weights. */
static void bounds_unknown(float *out)
{
	size_t i;

	for (i = 0; i < CODES * NORM_CLASSES; i++)
		out[i] = 1.000001F;
}

static void start_bounds(struct engine_run *r, enum weighting which, bool fit)
{
	const struct segment *s = r->segment;

	if (r->bounds_for.segment == s->hash && r->bounds_for.which == which &&
	    r->bounds_for.average == r->average && r->bounds_for.fit == fit)
		return;
	r->bounds_for.segment = s->hash;
	r->bounds_for.which = which;
	r->bounds_for.average = r->average;
	r->bounds_for.fit = fit;
	if (fit)
		norm_bounds(&s->norms, which, s->codes, r->average, r->bounds);
	else
		bounds_unknown(r->bounds);
}

/* The bound of a level, between the two averages that enclose ours. */
static double level_bound(const unsigned char *table, int level, double x)
{
	float curve[DENSE_GRID];
	int i;

	for (i = 0; i < DENSE_GRID; i++) {
		uint32_t bits = load32(table + 4 * (i * DENSE_LEVELS + level));

		memcpy(&curve[i], &bits, sizeof(bits));
	}
	for (i = 1; i < DENSE_GRID; i++)
		if (x <= dense_grid[i]) {
			double part = (x - dense_grid[i - 1]) /
			              (dense_grid[i] - dense_grid[i - 1]);

			return ((double)curve[i - 1] * (1 - part) +
			        (double)curve[i] * part) *
			       1.000001;
		}
	return (double)curve[DENSE_GRID - 1];
}

/* Whatever the bytes are, the sums must not overflow. */
static double sane(double bound)
{
	return bound > 0 ? (bound < 1.00001 ? bound : 1.00001) : 0;
}

/* The bounds of a dense list's levels, and a straight line above them. */
struct level_bounds {
	double level[DENSE_LEVELS], base, slope;
};

static void start_line(struct level_bounds *b)
{
	const double rise = b->level[DENSE_LEVELS - 1] - b->level[1];
	int i;

	b->slope = rise > 0 ? rise / (DENSE_LEVELS - 2) : 0;
	b->base = 0;
	for (i = 1; i < DENSE_LEVELS; i++)
		if (b->level[i] - i * b->slope > b->base)
			b->base = b->level[i] - i * b->slope;
}

static void start_dense(const struct engine_run *r, struct engine_term *t,
                        enum weighting which, bool fit, struct level_bounds *b)
{
	const unsigned char *table =
	        t->list + t->parts.levels + which * LEVELS_WEIGHTING;
	double x = r->segment->norms.average[which] / r->average;
	int i;

	b->level[0] = 0;
	for (i = 1; i < DENSE_LEVELS; i++)
		b->level[i] = t->idf *
		              (fit ? sane(level_bound(table, i, x)) : 1.00001);
	start_line(b);
	t->most = b->base + (DENSE_LEVELS - 1) * b->slope;
}

/* The same in the units of the sums. */
static void scale_dense(const struct engine_run *r, struct engine_term *t,
                        const struct level_bounds *b)
{
	int i;

	t->level[0] = 0;
	for (i = 1; i < DENSE_LEVELS; i++)
		t->level[i] = (uint16_t)(b->level[i] * r->scale + 1.01);
	t->slope = (uint16_t)(b->slope * r->scale + 1);
	t->base = (uint16_t)(b->base * r->scale + 1.01);
}

static int by_most(const void *a, const void *b)
{
	const struct engine_term *const *x = a, *const *y = b;

	return ((*x)->most < (*y)->most) - ((*x)->most > (*y)->most);
}

static void start_slot(struct engine_term *t, struct engine_slot *slot)
{
	if (!slot->docs) {
		size_t room = WINDOW_POSTINGS + 3 * BLOCK;

		slot->docs = memory_resize(NULL, room, sizeof(*slot->docs));
		slot->codes = memory_resize(NULL, room, 1);
		slot->last = memory_new(WINDOW / 64 + 1, sizeof(*slot->last));
	}
	t->docs = slot->docs;
	t->codes = slot->codes;
	t->last = slot->last;
	t->slot = slot;
}

static void start_tables(struct engine_run *r)
{
	uint32_t tf[FIELD_COUNT];
	int kind, code, i;

	r->kinds_differ = false;
	for (kind = 0; kind < PASSAGE_KINDS; kind++) {
		r->kinds_differ |= r->weights.body[kind] != r->weights.body[0];
		for (code = 0; code < CODES; code++) {
			for (i = 0; i < FIELD_COUNT; i++)
				tf[i] = r->segment
				                ->codes[code * FIELD_COUNT + i];
			r->tf[kind * CODES + code] = weights_frequency(
			        &r->weights, tf, (enum passage_kind)kind);
		}
		r->tf[kind * CODES] = 0;
	}
	r->tf_unit = r->kinds_differ ? 0 : r->tf[1];
	for (code = 0; code < CODES; code++)
		if (r->tf[code] != code * r->tf[1])
			r->tf_unit = 0;
}

void engine_start(struct engine_run *r, enum weighting which)
{
	struct level_bounds bounds[LIMIT_QUERY_TERMS];
	double all;
	bool fit = which == WEIGHTING_PLAIN ||
	           norms_fit(&r->segment->norms, &r->weights);
	size_t i;

	r->dense_count = r->sparse_count = 0;
	r->damaged = false;
	start_tables(r);
	start_bounds(r, which, fit);
	start_prior(r);
	all = r->most_prior;
	for (i = 0; i < r->term_count; i++) {
		struct engine_term *t = &r->terms[i];

		if (t->class == LIST_DENSE) {
			start_dense(r, t, which, fit, &bounds[i]);
			r->dense[r->dense_count++] = t;
		} else {
			t->most = t->idf * 1.00001;
			start_slot(t, &r->memory->slots[i]);
			r->sparse[r->sparse_count++] = t;
		}
		all += t->most;
	}
	r->scale = ENGINE_SCALE / (all > 0 ? all : 1);
	for (i = 0; i < r->term_count; i++)
		if (r->terms[i].class == LIST_DENSE)
			scale_dense(r, &r->terms[i], &bounds[i]);
	qsort(r->dense, r->dense_count, sizeof(r->dense[0]), by_most);
	qsort(r->sparse, r->sparse_count, sizeof(r->sparse[0]), by_most);
}
