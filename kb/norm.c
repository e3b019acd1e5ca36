/*
 * Classes are quantiles of the weighted length under the index's own weights:
 * a histogram over quarter tokens, cut into 64 runs of about as many passages.
 * f falls with the length and with 1/average, so that the shortest member
 * bounds a class for every average.
 */

#include "kb/norm.h"

#include <math.h>
#include <string.h>

enum { BUCKETS_A_TOKEN = 4 };

/* Room for what is rounded on the way, also to float. */
static const double slack = 1.000001;

void norms_write(const struct norms *n, struct buf *out)
{
	const struct index_weights *own = &n->weights[WEIGHTING_OWN];
	size_t i, j;

	put_double(out, own->k1);
	put_double(out, own->b);
	for (i = 0; i < FIELD_COUNT; i++)
		put_double(out, own->field[i]);
	for (i = 0; i < PASSAGE_KINDS; i++)
		put_double(out, own->body[i]);
	for (i = 0; i < WEIGHTINGS; i++)
		put_double(out, n->average[i]);
	for (i = 0; i < NORM_CLASSES; i++) {
		for (j = 0; j < WEIGHTINGS; j++) {
			uint32_t bits;

			memcpy(&bits, &n->classes[i].length[j], sizeof(bits));
			put32(out, bits);
		}
		put32(out, n->classes[i].kinds);
		put32(out, n->classes[i].count);
	}
}

static double get_double(const unsigned char **at)
{
	uint64_t bits = load64(*at);
	double n;

	memcpy(&n, &bits, sizeof(n));
	*at += 8;
	return n;
}

static bool sensible(double n)
{
	return isfinite(n) && n >= 0;
}

static bool class_read(struct norm_class *c, const unsigned char *at)
{
	size_t j;

	for (j = 0; j < WEIGHTINGS; j++) {
		uint32_t bits = load32(at + 4 * j);

		memcpy(&c->length[j], &bits, sizeof(bits));
		if (!sensible((double)c->length[j]))
			return false;
	}
	c->kinds = load32(at + 8);
	c->count = load32(at + 12);
	return c->kinds < 1U << PASSAGE_KINDS;
}

bool norms_read(struct norms *n, struct slice bytes)
{
	const unsigned char *at = (const unsigned char *)bytes.at;
	struct index_weights *own = &n->weights[WEIGHTING_OWN];
	bool ok;
	size_t i;

	if (bytes.len != NORM_BYTES)
		return false;
	memset(n, 0, sizeof(*n));
	own->k1 = get_double(&at);
	own->b = get_double(&at);
	for (i = 0; i < FIELD_COUNT; i++)
		own->field[i] = get_double(&at);
	for (i = 0; i < PASSAGE_KINDS; i++)
		own->body[i] = get_double(&at);
	n->weights[WEIGHTING_PLAIN] = index_weights_plain;
	ok = sensible(own->k1) && sensible(own->b) && own->b <= 1;
	for (i = 0; i < FIELD_COUNT; i++)
		ok &= sensible(own->field[i]);
	for (i = 0; i < PASSAGE_KINDS; i++)
		ok &= sensible(own->body[i]);
	for (i = 0; i < WEIGHTINGS; i++) {
		n->average[i] = get_double(&at);
		ok &= sensible(n->average[i]);
	}
	for (i = 0; i < NORM_CLASSES; i++)
		ok &= class_read(&n->classes[i], at + 16 * i);
	return ok;
}

bool norms_fit(const struct norms *n, const struct index_weights *own)
{
	const struct index_weights *w = &n->weights[WEIGHTING_OWN];

	return w->k1 == own->k1 && w->b == own->b &&
	       !memcmp(w->field, own->field, sizeof(w->field)) &&
	       !memcmp(w->body, own->body, sizeof(w->body));
}

/* The most that a tuple can weigh in a class. */
static double class_frequency(const struct index_weights *w, const uint32_t *tf,
                              uint32_t kinds)
{
	double most = 0;
	int kind;

	for (kind = 0; kind < PASSAGE_KINDS; kind++) {
		double x = weights_frequency(w, tf, (enum passage_kind)kind);

		if ((kinds >> kind & 1) && x > most)
			most = x;
	}
	return most;
}

float norm_bound(const struct norms *n, enum weighting which,
                 const uint32_t tf[FIELD_COUNT], unsigned class, double average)
{
	const struct index_weights *w = &n->weights[which];
	const struct norm_class *c = &n->classes[class];
	double x = class_frequency(w, tf, c->kinds), k;

	if (!(x > 0))
		return 0;
	k = w->k1 * (1 - w->b);
	if (average > 0)
		k += w->k1 * w->b * (double)c->length[which] / average;
	return (float)(x / (x + k) * slack);
}

void norm_bounds(const struct norms *n, enum weighting which,
                 const unsigned char *codes, double average,
                 float out[CODES * NORM_CLASSES])
{
	uint32_t tf[FIELD_COUNT];
	unsigned code, class, i;

	for (code = 0; code < CODES; code++) {
		for (i = 0; i < FIELD_COUNT; i++)
			tf[i] = codes[code * FIELD_COUNT + i];
		for (class = 0; class < NORM_CLASSES; class ++)
			out[code * NORM_CLASSES + class] =
			        code ? norm_bound(n, which, tf, class, average)
			             : (float)slack;
	}
}

void norm_start(struct norm_maker *m, const struct index_weights *own)
{
	memset(m, 0, sizeof(*m));
	m->norms.weights[WEIGHTING_OWN] = *own;
	m->norms.weights[WEIGHTING_PLAIN] = index_weights_plain;
}

static size_t bucket_of(const struct norm_maker *m, enum passage_kind kind,
                        const uint32_t *lengths)
{
	double length = weights_length(&m->norms.weights[WEIGHTING_OWN],
	                               lengths, kind) *
	                BUCKETS_A_TOKEN;

	return length < NORM_BUCKETS - 1 ? (size_t)length : NORM_BUCKETS - 1;
}

void norm_count(struct norm_maker *m, enum passage_kind kind,
                const uint32_t lengths[FIELD_COUNT])
{
	size_t i;

	m->count++;
	m->histogram[bucket_of(m, kind, lengths)]++;
	for (i = 0; i < FIELD_COUNT; i++)
		m->sums[i][kind] += lengths[i];
}

/* The sums are whole numbers, so that their order does not show. */
static double maker_average(const struct norm_maker *m, enum weighting which)
{
	const struct index_weights *w = &m->norms.weights[which];
	double sum = 0;
	int field, kind;

	for (field = 0; field < FIELD_COUNT; field++)
		for (kind = 0; kind < PASSAGE_KINDS; kind++)
			sum += (double)m->sums[field][kind] *
			       (field == FIELD_BODY
			                ? weights_body(w,
			                               (enum passage_kind)kind)
			                : w->field[field]);
	return m->count ? sum / (double)m->count : 0;
}

void norm_divide(struct norm_maker *m)
{
	uint64_t before = 0;
	size_t i;

	for (i = 0; i < NORM_BUCKETS; i++) {
		m->classes[i] = 0;
		if (m->count)
			m->classes[i] = (unsigned char)(before * NORM_CLASSES /
			                                m->count);
		if (m->classes[i] >= NORM_CLASSES)
			m->classes[i] = NORM_CLASSES - 1;
		before += m->histogram[i];
	}
	for (i = 0; i < WEIGHTINGS; i++)
		m->norms.average[i] = maker_average(m, (enum weighting)i);
}

static float rounded_down(double x)
{
	float y = (float)x;

	return (double)y > x ? nextafterf(y, 0) : y;
}

unsigned norm_class_of(struct norm_maker *m, enum passage_kind kind,
                       const uint32_t lengths[FIELD_COUNT])
{
	unsigned class = m->classes[bucket_of(m, kind, lengths)];
	struct norm_class *c = &m->norms.classes[class];
	int i;

	for (i = 0; i < WEIGHTINGS; i++) {
		float length = rounded_down(
		        weights_length(&m->norms.weights[i], lengths, kind));

		if (!c->count || length < c->length[i])
			c->length[i] = length;
	}
	c->kinds |= 1U << kind;
	c->count++;
	return class;
}
