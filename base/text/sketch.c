/*
 * Words are hashed one by one, a shingle's key is made of those of its words,
 * and the keys are sorted: the set. Its highest bits choose a key's bin, where
 * the smallest key wins. A bin that got none takes what another has, chosen by
 * the bin's number and how often it had to be tried, which keeps the estimate
 * unbiased for short texts too.
 */

#include "base/text/sketch.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/limits.h"
#include "base/text/markdown.h"
#include "base/text/unicode.h"
#include "base/utf8.h"

enum {
	BIN_BITS = 7,
	BAND_BINS = SKETCH_BINS / SKETCH_BANDS,
	FOLDED_MOST = 4, /* bytes that folding may make of one */
};

/* The finaliser of SplitMix64 (Steele, Lea, Flood 2014). */
static uint64_t mixed(uint64_t x)
{
	x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9u;
	x = (x ^ x >> 27) * 0x94D049BB133111EBu;
	return x ^ x >> 31;
}

static const double twins_share = .85;
static const double twins_nearly = .95;
/* Of a text that has grown a footer: how much of it, and how long it was. */
static const double twins_within = .975;
static const double twins_length = .75;

/* The words of a text so far. */
struct shingler {
	size_t run;                   /* words to a shingle */
	uint64_t last[SHINGLE_WORDS]; /* hashes, by number of the word */
	uint64_t *keys;
	size_t words, count;
};

static void shingler_word(struct shingler *s, struct slice word)
{
	uint64_t key = 0;
	size_t i;

	s->last[s->words++ % s->run] = hash64(word);
	if (s->words < s->run)
		return;
	for (i = 0; i < s->run; i++)
		key = mixed(key + s->last[(s->words + i) % s->run] +
		            0x9E3779B97F4A7C15u);
	/* The highest means: none yet. */
	s->keys[s->count++] = key - (key == UINT64_MAX);
}

static bool is_word(enum unicode_class c)
{
	return c == UNICODE_LETTER || c == UNICODE_DIGIT || c == UNICODE_MARK;
}

static enum unicode_class class_at(struct slice s, size_t *at)
{
	unsigned char c = (unsigned char)s.at[*at];

	if (c >= 0x80)
		return unicode_class(utf8_next(s, at));
	++*at;
	if (c >= '0' && c <= '9')
		return UNICODE_DIGIT;
	return c >= 'a' && c <= 'z' ? UNICODE_LETTER : UNICODE_OTHER;
}

/* `s` is folded. */
static void shingler_text(struct shingler *w, struct slice s)
{
	size_t at = 0, from = 0;
	bool inside = false;

	while (at < s.len) {
		size_t start = at;
		enum unicode_class c = class_at(s, &at);

		if (is_word(c)) {
			from = inside ? from : start;
			inside = true;
			continue;
		}
		if (inside)
			shingler_word(w, slice_cut(s, from, start));
		inside = false;
		if (c == UNICODE_HAN || c == UNICODE_HANGUL)
			shingler_word(w, slice_cut(s, start, at));
	}
	if (inside)
		shingler_word(w, slice_cut(s, from, s.len));
}

/* By radix, a byte at a time: hashes are spread evenly. `other` has as much
 * room. */
static void sort_keys(uint64_t *keys, size_t count, uint64_t *other)
{
	size_t from[256], i, sum;
	unsigned shift;

	for (shift = 0; shift < 64; shift += 8) {
		uint64_t *swap = keys;

		memset(from, 0, sizeof(from));
		for (i = 0; i < count; i++)
			from[keys[i] >> shift & 0xFF]++;
		for (i = 0, sum = 0; i < 256; i++) {
			size_t n = from[i];

			from[i] = sum;
			sum += n;
		}
		for (i = 0; i < count; i++)
			other[from[keys[i] >> shift & 0xFF]++] = keys[i];
		keys = other;
		other = swap;
	}
}

/* The runs of `run` words of plain text. */
static void shingle(struct slice plain, size_t run, struct arena *a,
                    struct shingles *out)
{
	struct buf folded = BUF_INIT((size_t)FOLDED_MOST * LIMIT_TEXT);
	struct shingler w = { .run = run };
	size_t i, kept = 0;

	unicode_fold(plain, &folded);
	/* A word has a byte at least, and one behind it or two more. */
	w.keys = arena_array(a, folded.len / 2 + 1, sizeof(*w.keys));
	shingler_text(&w, buf_slice(&folded));
	sort_keys(w.keys, w.count,
	          arena_array(a, w.count + 1, sizeof(*w.keys)));
	for (i = 0; i < w.count; i++)
		if (!kept || w.keys[kept - 1] != w.keys[i])
			w.keys[kept++] = w.keys[i];
	*out = (struct shingles){ w.keys, kept };
	buf_release(&folded);
}

void sketch_shingles(struct slice markdown, struct arena *a,
                     struct shingles *out)
{
	struct buf plain = BUF_INIT(LIMIT_TEXT);

	markdown_text(markdown, &plain);
	shingle(buf_slice(&plain), SHINGLE_WORDS, a, out);
	buf_release(&plain);
}

void sketch_text(struct slice title, struct slice markdown, struct arena *a,
                 struct sketch_text *out)
{
	shingle(title, 1, a, &out->title);
	sketch_shingles(markdown, a, &out->shingles);
}

static size_t shingles_common(const struct shingles *a,
                              const struct shingles *b)
{
	size_t i = 0, j = 0, both = 0;

	while (i < a->count && j < b->count) {
		uint64_t x = a->at[i], y = b->at[j];

		both += x == y;
		i += x <= y;
		j += y <= x;
	}
	return both;
}

double shingles_alike(const struct shingles *a, const struct shingles *b)
{
	size_t both = shingles_common(a, b);
	size_t all = a->count + b->count - both;

	return all ? (double)both / (double)all : 0;
}

/* Each has a word of its own. */
static bool titles_differ(const struct shingles *a, const struct shingles *b)
{
	size_t both = shingles_common(a, b);

	return a->count > both && b->count > both;
}

/* Whether only all but equality makes them twins. */
static bool nearly_only(const struct sketch_text *a,
                        const struct sketch_text *b)
{
	return a->shingles.count < SKETCH_SHORT ||
	       b->shingles.count < SKETCH_SHORT ||
	       titles_differ(&a->title, &b->title);
}

bool sketch_twins(const struct sketch_text *a, const struct sketch_text *b,
                  double *alike)
{
	size_t both = shingles_common(&a->shingles, &b->shingles);
	size_t one = a->shingles.count, other = b->shingles.count;
	size_t less = one < other ? one : other, more = one + other - less;

	*alike = more ? (double)both / (double)(one + other - both) : 0;
	if (less < SKETCH_LEAST)
		return false;
	if (nearly_only(a, b))
		return *alike >= twins_nearly;
	return *alike >= twins_share ||
	       ((double)both >= twins_within * (double)less &&
	        (double)less >= twins_length * (double)more);
}

double sketch_hope(const struct sketch_text *a, const struct sketch_text *b)
{
	size_t one = a->shingles.count, other = b->shingles.count;
	size_t less = one < other ? one : other, more = one + other - less;
	double likely = (double)less / (double)(more ? more : 1);
	bool nearly = nearly_only(a, b);

	if (less < SKETCH_LEAST ||
	    likely < (nearly ? twins_nearly : twins_length))
		return 2;
	return nearly ? .86 : .57;
}

/* What bin i has, or what it takes of another's. */
static uint64_t filled(const uint64_t least[SKETCH_BINS], uint64_t i)
{
	uint64_t tries = 0, from = i;

	while (least[from] == UINT64_MAX)
		from = mixed(i << 32 | ++tries) >> (64 - BIN_BITS);
	return least[from];
}

void sketch_make(const struct shingles *set, struct sketch *out)
{
	uint64_t least[SKETCH_BINS];
	size_t i;

	*out = (struct sketch){ 0 };
	if (!set->count)
		return;
	for (i = 0; i < SKETCH_BINS; i++)
		least[i] = UINT64_MAX;
	for (i = set->count; i-- > 0;)
		least[set->at[i] >> (64 - BIN_BITS)] = set->at[i];
	for (i = 0; i < SKETCH_BINS; i++)
		out->bins[i] = (uint16_t)mixed(filled(least, i));
}

double sketch_alike(const struct sketch *a, const struct sketch *b)
{
	size_t i, same = 0;

	for (i = 0; i < SKETCH_BINS; i++)
		same += a->bins[i] == b->bins[i];
	return (double)same / SKETCH_BINS;
}

void sketch_bands(const struct sketch *s, uint32_t out[SKETCH_BANDS])
{
	size_t i, j;

	for (i = 0; i < SKETCH_BANDS; i++) {
		uint64_t key = i;

		for (j = 0; j < BAND_BINS; j++)
			key = mixed(key << 16 ^ key >> 48 ^
			            s->bins[i * BAND_BINS + j]);
		/* No two of a sketch are the same. */
		out[i] = (uint32_t)(key >> 32) / SKETCH_BANDS * SKETCH_BANDS +
		         (uint32_t)i;
	}
}

void sketch_write(const struct sketch *s, char to[SKETCH_BYTES])
{
	size_t i;

	for (i = 0; i < SKETCH_BINS; i++) {
		to[2 * i] = (char)(s->bins[i] & 0xFF);
		to[2 * i + 1] = (char)(s->bins[i] >> 8);
	}
}

bool sketch_read(struct slice bytes, struct sketch *out, struct fault *f)
{
	size_t i;

	if (bytes.len != SKETCH_BYTES)
		return fault(f, FAULT_INPUT, "sketch-size",
		             "a sketch of %zu bytes instead of %d", bytes.len,
		             SKETCH_BYTES);
	for (i = 0; i < SKETCH_BINS; i++)
		out->bins[i] =
		        (uint16_t)((unsigned char)bytes.at[2 * i] |
		                   (unsigned char)bytes.at[2 * i + 1] << 8);
	return true;
}
