/* Filters of one segment, a chunk of passages at a time, so that what is
 * combined stays in the nearest cache: each filter becomes the bitmap of its
 * chunk, from the lists of its values or from the numbers of a range, and is
 * ANDed with those before. */

#include <string.h>

#include "base/limits.h"
#include "kb/filter_list.h"
#include "kb/filter_test.h"

/* A filter on names, looked up in the segment at hand. */
struct filter_probe {
	const struct filter_test *test;
	enum section column;
	uint32_t numbers[2]; /* as given, and in lower case */
	uint32_t count;
};

static enum section probe_column(enum filter_key key)
{
	static const enum section columns[FILTER_KEYS] = {
		[FILTER_SPACE] = SECTION_SPACE,
		[FILTER_KIND] = SECTION_POST_KIND,
		[FILTER_TAG] = SECTION_TAGS,
		[FILTER_LANG] = SECTION_LANGUAGE,
		[FILTER_CLASS] = SECTION_CLASS,
		[FILTER_SERVICE] = SECTION_SERVICES,
		[FILTER_ACCEPTED] = SECTION_KIND,
	};

	return columns[key];
}

static void probe_name(struct filter_probe *p, const struct segment *s,
                       struct slice name)
{
	uint32_t number = segment_string_number(s, name);

	if (number != UINT32_MAX && (!p->count || p->numbers[0] != number))
		p->numbers[p->count++] = number;
}

/* False when no passage of the segment can pass. */
static bool probe_make(struct filter_probe *p, const struct filter_test *t,
                       const struct segment *s)
{
	*p = (struct filter_probe){ .test = t, .column = probe_column(t->key) };
	if (t->key == FILTER_ACCEPTED)
		p->numbers[p->count++] = PASSAGE_ACCEPTED;
	if (t->key >= FILTER_ACCEPTED || t->key == FILTER_LANG)
		return true;
	probe_name(p, s, t->value);
	probe_name(p, s, t->lower);
	return p->count > 0;
}

/* Whether the language `have` is `want` or a variety of it. */
static bool language_is(struct slice have, struct slice want)
{
	size_t i;

	if (have.len < want.len)
		return false;
	for (i = 0; i < want.len; i++)
		if ((have.at[i] | 32) != (want.at[i] | 32))
			return false;
	return have.len == want.len || have.at[want.len] == '-';
}

static bool bits_language(const struct filter_probe *p,
                          const struct filter_block *b, uint64_t *words,
                          struct fault *f)
{
	uint32_t i;

	for (i = 0; i < b->values; i++) {
		uint32_t number = filter_block_number(b, i);

		if (language_is(segment_string(b->segment, number),
		                p->test->value) &&
		    !filter_block_add(b, i, words, f))
			return false;
	}
	return true;
}

static bool bits_names(const struct filter_probe *p, const struct segment *s,
                       uint32_t chunk, uint64_t *words, struct fault *f)
{
	struct filter_block b;
	uint32_t i, place;

	if (!filter_block_open(&b, s, p->column, chunk, f))
		return false;
	memset(words, 0, (b.size + 63) / 64 * 8);
	if (p->test->key == FILTER_LANG)
		return bits_language(p, &b, words, f);
	for (i = 0; i < p->count; i++) {
		place = filter_block_find(&b, p->numbers[i]);
		if (place != UINT32_MAX &&
		    !filter_block_add(&b, place, words, f))
			return false;
	}
	return true;
}

static void bits_invert(uint64_t *words, uint32_t size)
{
	uint32_t i;

	for (i = 0; i < (size + 63) / 64; i++)
		words[i] = ~words[i];
	if (size % 64)
		words[size / 64] &= ((uint64_t)1 << size % 64) - 1;
}

/* Scores that do not fit into four bytes. */
static void bits_wide(const unsigned char *at, uint32_t size, int64_t low,
                      int64_t high, uint64_t *words)
{
	uint32_t i;

	memset(words, 0, (size + 63) / 64 * 8);
	for (i = 0; i < size; i++) {
		int64_t n = (int64_t)load64(at + 8 * (uint64_t)i);

		words[i / 64] |= (uint64_t)(n >= low && n <= high) << i % 64;
	}
}

static int32_t clamped(int64_t n, int32_t low, int32_t high)
{
	return n < low ? low : n > high ? high : (int32_t)n;
}

/* Votes in two or four bytes; `low` is not above `high`. */
static void bits_narrow(const struct segment *s, uint32_t first, uint32_t size,
                        int64_t low, int64_t high, uint64_t *words)
{
	bool two = s->over.score_width == 2;
	int32_t least = two ? INT16_MIN : INT32_MIN;
	int32_t most = two ? INT16_MAX : INT32_MAX;

	if (low > most || high < least)
		memset(words, 0, (size + 63) / 64 * 8);
	else if (two)
		filter_range16(s->over.scores + 2 * (uint64_t)first, size,
		               clamped(low, least, most),
		               clamped(high, least, most), words);
	else
		filter_range32(s->over.scores + 4 * (uint64_t)first, size,
		               clamped(low, least, most),
		               clamped(high, least, most), words);
}

/* Votes are no part of the segment; without any all are 0. */
static void bits_score(const struct filter_test *t, const struct segment *s,
                       uint32_t chunk, uint64_t *words)
{
	uint32_t size = filter_chunk_size(s->count, chunk);
	uint32_t first = chunk * FILTER_CHUNK;

	if (!s->over.scores) {
		memset(words, 0, (size + 63) / 64 * 8);
		if (t->low <= 0 && t->high >= 0)
			bits_invert(words, size);
	} else if (s->over.score_width == 8) {
		bits_wide(s->over.scores + 8 * (uint64_t)first, size, t->low,
		          t->high, words);
	} else {
		bits_narrow(s, first, size, t->low, t->high, words);
	}
}

/* Of the passages found those on days that stand for many, and are an end of
 * the range, are asked for their time. */
static bool bits_day_ends(const struct filter_test *t, const struct segment *s,
                          uint32_t chunk, uint64_t *words, struct fault *f)
{
	const struct part *p = &s->parts[SECTION_DAYS];
	uint32_t size = filter_chunk_size(s->count, chunk), i;
	uint64_t n;

	for (i = 0; i < size; i++) {
		uint32_t doc = chunk * FILTER_CHUNK + i;
		const unsigned char *at = s->at + p->offset + 2 * (uint64_t)doc;
		uint32_t day = at[0] + 256U * at[1];
		int64_t modified;

		if ((day != DAY_BEFORE && day != DAY_LAST) ||
		    !(words[i / 64] >> i % 64 & 1))
			continue;
		if (!column_read(s, SECTION_MODIFIED, doc, &n, f))
			return false;
		modified = n ? unzigzag(n - 1) : CLOCK_NONE;
		if (modified < t->low || modified > t->high)
			words[i / 64] &= ~((uint64_t)1 << i % 64);
	}
	return true;
}

static bool bits_date(const struct filter_test *t, const struct segment *s,
                      uint32_t chunk, uint64_t *words, struct fault *f)
{
	const struct part *p = &s->parts[SECTION_DAYS];
	uint32_t size = filter_chunk_size(s->count, chunk);
	uint64_t at = p->offset + 2 * (uint64_t)chunk * FILTER_CHUNK;
	uint32_t low = t->low == INT64_MIN ? DAY_BEFORE : filter_day(t->low);
	uint32_t high = t->high == INT64_MAX ? DAY_LAST : filter_day(t->high);

	if (p->width != 2)
		return segment_damaged(s, "days", f);
	if (!segment_touch(s, at, 2 * (uint64_t)size, f))
		return false;
	filter_range16(s->at + at, size, (int32_t)low, (int32_t)high, words);
	if ((low == DAY_BEFORE && t->low != INT64_MIN) || low == DAY_LAST ||
	    (high == DAY_LAST && t->high != INT64_MAX) || high == DAY_BEFORE)
		return bits_day_ends(t, s, chunk, words, f);
	return true;
}

static bool bits_test(const struct filter_probe *p, const struct segment *s,
                      uint32_t chunk, uint64_t *words, struct fault *f)
{
	const struct filter_test *t = p->test;

	if (t->key == FILTER_DATE)
		return bits_date(t, s, chunk, words, f);
	if (t->key == FILTER_SCORE) {
		bits_score(t, s, chunk, words);
		return true;
	}
	if (!bits_names(p, s, chunk, words, f))
		return false;
	if (t->key == FILTER_ACCEPTED && !t->low)
		bits_invert(words, filter_chunk_size(s->count, chunk));
	return true;
}

/* Takes the dead out of a chunk's words. */
static void bits_live(const struct segment *s, uint32_t chunk, uint64_t *words)
{
	const unsigned char *dead = s->over.dead;
	uint32_t size = filter_chunk_size(s->count, chunk), i;

	for (i = 0; dead && i < (size + 63) / 64; i++)
		words[i] &= ~load64(dead +
		                    8 * ((uint64_t)chunk * FILTER_WORDS + i));
}

static bool bits_chunk(const struct filter_probe *probes, size_t count,
                       const struct segment *s, uint32_t chunk, uint64_t *words,
                       struct fault *f)
{
	uint32_t size = filter_chunk_size(s->count, chunk), j;
	uint64_t other[FILTER_WORDS];
	size_t i;

	memset(words, 0, (size + 63) / 64 * 8);
	if (!count)
		bits_invert(words, size);
	else if (!bits_test(&probes[0], s, chunk, words, f))
		return false;
	for (i = 1; i < count; i++) {
		if (!bits_test(&probes[i], s, chunk, other, f))
			return false;
		for (j = 0; j < (size + 63) / 64; j++)
			words[j] &= other[j];
	}
	bits_live(s, chunk, words);
	return true;
}

bool filter_segment(const struct filter_set *set, const struct segment *s,
                    uint64_t *allowed, struct fault *f)
{
	struct filter_probe probes[LIMIT_FILTERS];
	uint32_t chunk, chunks = filter_chunks(s->count);
	size_t i;

	for (i = 0; i < set->count; i++)
		if (!probe_make(&probes[i], &set->tests[i], s)) {
			memset(allowed, 0, (s->count + 63U) / 64 * 8);
			return true;
		}
	for (chunk = 0; chunk < chunks; chunk++)
		if (!bits_chunk(probes, set->count, s, chunk,
		                allowed + (size_t)chunk * FILTER_WORDS, f))
			return false;
	return true;
}

uint32_t filter_count(const uint64_t *allowed, uint32_t passages)
{
	uint32_t i, n = 0;

	for (i = 0; i < (passages + 63) / 64; i++)
		n += (uint32_t)__builtin_popcountll(allowed[i]);
	return n;
}
