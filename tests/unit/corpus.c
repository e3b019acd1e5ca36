/* A passage is thrown from (seed, its number), or that of the first of its
 * run of equals, so that segments can be filled one after the other. */

#include "tests/unit/corpus.h"

#include <math.h>
#include <stdio.h>

#include "base/memory.h"

enum { TINY = 20000, LABELS = 3, NAME = 12 };

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static const char *const labels[LABELS] = { "public", "staff", "ops" };
static const char *const spaces[] = { "a.example", "b.example", "ops" };
static const char *const kinds[] = { "question", "page", "document", "case" };
static const char *const languages[] = { "en", "en", "en",    "zh", "zh-CN",
	                                 "de", "",   "zh-TW", "EN", "z" };
static const char *const classes[] = { "", "", "network", "storage", "en" };
static const char *const services[] = { "", "", "", "EC2", "EC2 S3", "s3" };

/* What a corpus is thrown from. */
struct shape {
	uint64_t seed;
	uint32_t run;       /* of equal passages */
	uint32_t dead, far; /* of 100: dead; out of the ordinary */
	uint32_t segments;
	bool stripes; /* segments hold ranges of posts, not every n-th */
	uint32_t parts;
};

uint64_t dice_throw(struct dice *d)
{
	uint64_t n = d->state += 0x9e3779b97f4a7c15;

	n = (n ^ n >> 30) * 0xbf58476d1ce4e5b9;
	n = (n ^ n >> 27) * 0x94d049bb133111eb;
	return n ^ n >> 31;
}

uint32_t dice_below(struct dice *d, uint32_t sides)
{
	return (uint32_t)((dice_throw(d) >> 32) * sides >> 32);
}

/* Below `sides`, n about as likely as all between n and 2 n. */
static uint32_t dice_zipf(struct dice *d, uint32_t sides)
{
	double share = (double)(dice_throw(d) >> 11) / 9007199254740992.0;

	return (uint32_t)exp(share * log((double)sides + 1)) - 1;
}

static uint32_t corpus_size(struct dice *d)
{
	static const uint32_t corners[] = { 1, 8, 64, 128, 256, 512, 4096 };
	uint32_t n;

	if (dice_below(d, 2))
		return 1 + dice_below(d, 1500);
	n = corners[dice_below(d, COUNT(corners))];
	n *= 1 + dice_below(d, n < 4096 ? 4 : 1);
	n += dice_below(d, 3);
	return n > 1 ? n - 1 : 1;
}

static void corpus_weights(struct dice *d, struct index_weights *w)
{
	static const double some[] = { 0, 0, 0.3, 0.5, 1, 1, 1, 2, 3.7, 10 };
	static const double b[] = { 0.75, 0.75, 0.4, 0, 1 };
	int i;

	w->k1 = dice_below(d, 8) ? 0.1 + dice_below(d, 30) / 10.0 : 0;
	w->b = b[dice_below(d, COUNT(b))];
	for (i = 0; i < FIELD_COUNT; i++) {
		w->field[i] = some[dice_below(d, COUNT(some))];
		w->average[i] = dice_below(d, 400) / 7.0;
	}
	for (i = 0; i < PASSAGE_KINDS; i++)
		w->body[i] = some[dice_below(d, COUNT(some))];
	w->votes = dice_below(d, 3) / 10.0;
	w->accepted = dice_below(d, 3) / 7.0;
}

/* Names of those from `all`, by Zipf, with blanks between them. */
static void corpus_tags(struct dice *d, char out[4 * NAME])
{
	uint32_t n = dice_below(d, 5);
	size_t at = 0;

	out[0] = 0;
	for (; n; n--)
		at += (size_t)snprintf(out + at, 4 * NAME - at, "%stag%u",
		                       at ? " " : "", dice_zipf(d, 40));
}

static int64_t corpus_votes(struct dice *d, bool far)
{
	if (far && !dice_below(d, 2000))
		return (int64_t)1 << 40;
	if (far && !dice_below(d, 50))
		return dice_below(d, 1000000);
	return (int64_t)dice_zipf(d, 60) - dice_below(d, 8);
}

static struct slice word(char out[CORPUS_WORD], const char *head, uint32_t n)
{
	int len = snprintf(out, CORPUS_WORD, "%s%u", head, n);

	return (struct slice){ out, (size_t)len };
}

/* How often a word stands in a field. */
static uint32_t corpus_times(struct dice *d, bool far)
{
	if (far && !dice_below(d, 20))
		return 1 + dice_below(d, 5000);
	return dice_below(d, 6) ? 1 : 1 + dice_zipf(d, 40);
}

static void corpus_words(const struct corpus *c, const struct shape *s,
                         struct dice *d, uint32_t number)
{
	char text[CORPUS_WORD];
	bool tiny = c->passages > TINY;
	bool far = !tiny && dice_below(d, 100) < s->far;
	uint32_t n = dice_below(d, tiny ? 5 : far ? 600 : 30);
	uint32_t region =
	        (uint32_t)((uint64_t)number * c->regions / c->passages);

	for (; n; n--) {
		uint32_t field = dice_below(d, 8);

		made_term(c->made,
		          field < FIELD_BODY ? (enum field)field : FIELD_BODY,
		          word(text, "w", dice_zipf(d, c->words)),
		          corpus_times(d, far));
	}
	if (dice_below(d, 3))
		made_term(c->made, FIELD_BODY, word(text, "r", region), 1);
	if (!dice_below(d, 4))
		made_term(c->made, FIELD_BODY, word(text, "only", number), 1);
}

static void corpus_passage(const struct corpus *c, const struct shape *s,
                           uint32_t number, int64_t post, int64_t part)
{
	struct dice d = { s->seed ^ (number / s->run * UINT64_C(0x10001)) };
	struct dice own = { s->seed + number };
	char tags[4 * NAME];
	struct made_passage p = {
		.post = post,
		.part = part,
		.kind = (enum passage_kind)dice_below(&d, PASSAGE_KINDS),
		.space = spaces[dice_below(&d, COUNT(spaces))],
		.post_kind = kinds[dice_zipf(&d, COUNT(kinds))],
		.language = languages[dice_below(&d, COUNT(languages))],
		.class = classes[dice_below(&d, COUNT(classes))],
		.service = services[dice_below(&d, COUNT(services))],
		.tags = tags,
		.score = corpus_votes(&d, s->far > 0),
		.dead = dice_below(&own, 100) < s->dead,
	};

	corpus_tags(&d, tags);
	if (dice_below(&d, 10)) /* some day from 1969 to 2026 */
		p.modified =
		        (int64_t)(dice_throw(&d) % 1800000000000) - 20000000000;
	made_add(c->made, &p);
	corpus_words(c, s, &d, number);
}

/* Which segment a post is in. */
static uint32_t corpus_place(const struct corpus *c, const struct shape *s,
                             uint32_t first)
{
	struct dice d = { s->seed * 3 + first };

	if (s->stripes)
		return (uint32_t)((uint64_t)first * s->segments / c->passages);
	return dice_below(&d, s->segments);
}

static void corpus_segment(const struct corpus *c, const struct shape *s,
                           uint32_t segment)
{
	uint32_t number = 0, part, parts;
	int64_t post;

	for (post = 1; number < c->passages; post++, number += parts) {
		struct dice d = { s->seed * 5 + number };

		parts = 1 + dice_below(&d, s->parts);
		if (parts > c->passages - number)
			parts = c->passages - number;
		if (corpus_place(c, s, number) != segment)
			continue;
		for (part = 0; part < parts; part++)
			corpus_passage(c, s, number + part, post,
			               part ? 1000 * post + part : 0);
	}
}

void corpus_make(struct corpus *c, uint64_t seed, uint32_t passages)
{
	static const uint32_t runs[] = { 1, 1, 1, 1, 2, 5, 100, 10000 };
	static const uint32_t dead[] = { 0, 0, 3, 10, 50, 95 };
	struct dice d = { seed };
	struct shape s = { .seed = dice_throw(&d) };
	uint32_t i;

	c->passages = passages ? passages : corpus_size(&d);
	c->words = 1 + dice_zipf(&d, 5000);
	c->regions = 1 + dice_below(&d, 20);
	s.run = runs[dice_below(&d, COUNT(runs))];
	s.dead = dead[dice_below(&d, COUNT(dead))];
	s.far = dice_below(&d, 4);
	s.segments = 1 + dice_zipf(&d, 6);
	s.stripes = dice_below(&d, 2);
	s.parts = 1 + dice_below(&d, 4);
	made_open(&c->made, "plain");
	corpus_weights(&d, made_weights(c->made));
	for (i = 0; i < s.segments; i++) {
		made_segment(c->made, labels[dice_zipf(&d, LABELS)]);
		corpus_segment(c, &s, i);
	}
}

void corpus_release(struct corpus *c)
{
	made_close(c->made);
}

size_t corpus_word(const struct corpus *c, struct dice *d,
                   char out[CORPUS_WORD])
{
	switch (dice_below(d, 12)) {
	case 0:
		return word(out, "unknown", dice_below(d, 9)).len;
	case 1:
		return word(out, "only", dice_below(d, c->passages)).len;
	case 2:
	case 3:
		return word(out, "r", dice_below(d, c->regions)).len;
	case 4:
		return word(out, "tag", dice_zipf(d, 40)).len;
	case 5:
		return word(out, "w", dice_below(d, c->words)).len;
	default:
		return word(out, "w", dice_zipf(d, c->words)).len;
	}
}

static size_t one_of(char value[CORPUS_WORD], const char *name)
{
	return (size_t)snprintf(value, CORPUS_WORD, "%s", name);
}

static size_t some_range(struct dice *d, char value[CORPUS_WORD])
{
	int low = (int)dice_zipf(d, 40) - 4, high = low + (int)dice_zipf(d, 60);

	switch (dice_below(d, 3)) {
	case 0:
		return (size_t)snprintf(value, CORPUS_WORD, "%d..", low);
	case 1:
		return (size_t)snprintf(value, CORPUS_WORD, "..%d", high);
	default:
		return (size_t)snprintf(value, CORPUS_WORD, "%d..%d", low,
		                        high);
	}
}

static size_t some_days(struct dice *d, char value[CORPUS_WORD])
{
	unsigned low = 1969 + dice_below(d, 60);
	unsigned high = low + dice_below(d, 10) * dice_below(d, 30);
	char from[16], to[16];

	snprintf(from, sizeof(from), "%u-%02u-%02u", low % 10000,
	         1 + dice_below(d, 12), 1 + dice_below(d, 28));
	snprintf(to, sizeof(to), "%u-12-%02u", high % 10000,
	         28 + dice_below(d, 4));
	switch (dice_below(d, 3)) {
	case 0:
		to[0] = 0;
		break;
	case 1:
		from[0] = 0;
		break;
	}
	return (size_t)snprintf(value, CORPUS_WORD, "%s..%s", from, to);
}

#define ANY_OF(d, names) one_of(value, (names)[dice_below(d, COUNT(names))])

struct search_filter corpus_filter(struct dice *d, char value[CORPUS_WORD])
{
	static const char *const keys[] = { "space",    "kind",  "tag",
		                            "lang",     "class", "service",
		                            "accepted", "score", "date" };
	static const char *const names[] = { "EC2", "s3", "S3", "none" };
	static const char *const class[] = { "network", "storage", "NETWORK" };
	static const char *const lang[] = { "en",    "EN", "zh", "zh-tw",
		                            "zh-CN", "z",  "fr" };
	static const char *const yes[] = { "yes", "no" };
	uint32_t key = dice_below(d, COUNT(keys));
	size_t len = 0;

	switch (key) {
	case 0:
		len = ANY_OF(d, spaces);
		break;
	case 1:
		len = ANY_OF(d, kinds);
		break;
	case 2:
		len = word(value, dice_below(d, 9) ? "tag" : "TAG",
		           dice_zipf(d, 45))
		              .len;
		break;
	case 3:
		len = ANY_OF(d, lang);
		break;
	case 4:
		len = ANY_OF(d, class);
		break;
	case 5:
		len = ANY_OF(d, names);
		break;
	case 6:
		len = ANY_OF(d, yes);
		break;
	case 7:
		len = some_range(d, value);
		break;
	default:
		len = some_days(d, value);
	}
	return (struct search_filter){ slice_of(keys[key]), { value, len } };
}
