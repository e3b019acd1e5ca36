/* Lists are read into bitmaps. Nothing is believed: tables and lists stay in
 * their block, numbers in their chunk. Ranges compare a register of numbers at
 * a time where every machine of the kind can; elsewhere one by one. */

#include "kb/filter_list.h"

#include <string.h>
#ifdef __SSE2__
#include <immintrin.h>
#endif

static bool lists_damaged(const struct segment *s, struct fault *f)
{
	return segment_damaged(s, "filters", f);
}

bool filter_block_open(struct filter_block *b, const struct segment *s,
                       enum section column, uint32_t chunk, struct fault *f)
{
	const struct part *p = &s->parts[filter_section(column)];
	uint64_t directory = 8 * ((uint64_t)filter_chunks(s->count) + 1), at;
	uint64_t from, to;

	if (p->bytes < directory)
		return lists_damaged(s, f);
	at = p->offset + p->bytes - directory + 8 * (uint64_t)chunk;
	if (!segment_touch(s, at, 16, f))
		return false;
	from = load64(s->at + at);
	to = load64(s->at + at + 8);
	if (from > to || to > p->bytes - directory || to - from < 4)
		return lists_damaged(s, f);
	*b = (struct filter_block){
		.segment = s,
		.at = s->at + p->offset + from,
		.offset = p->offset + from,
		.bytes = to - from,
		.size = filter_chunk_size(s->count, chunk),
	};
	if (!segment_touch(s, b->offset, 4, f))
		return false;
	b->values = load32(b->at);
	if (b->values > (b->bytes - 4) / FILTER_ENTRY)
		return lists_damaged(s, f);
	return segment_touch(s, b->offset,
	                     4 + FILTER_ENTRY * (uint64_t)b->values, f);
}

uint32_t filter_block_find(const struct filter_block *b, uint32_t number)
{
	uint32_t low = 0, high = b->values;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (filter_block_number(b, middle) < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low < b->values && filter_block_number(b, low) == number
	               ? low
	               : UINT32_MAX;
}

/* The bits from `size` on are nobody's. */
static void bits_end(uint64_t words[FILTER_WORDS], uint32_t size)
{
	if (size % 64)
		words[size / 64] &= ((uint64_t)1 << size % 64) - 1;
}

static void bits_all(uint64_t words[FILTER_WORDS], uint32_t size)
{
	memset(words, 255, (size + 63) / 64 * 8);
	bits_end(words, size);
}

bool filter_block_add(const struct filter_block *b, uint32_t place,
                      uint64_t words[FILTER_WORDS], struct fault *f)
{
	uint32_t count = filter_block_count(b, place), i, doc, bytes;
	uint64_t offset = load32(b->at + 4 + 4 * ((uint64_t)b->values + place));
	const unsigned char *at = b->at + offset;

	if (count > b->size)
		return lists_damaged(b->segment, f);
	bytes = filter_list_bytes(count, b->size);
	if (offset > b->bytes || bytes > b->bytes - offset)
		return lists_damaged(b->segment, f);
	if (!segment_touch(b->segment, b->offset + offset, bytes, f))
		return false;
	switch (filter_form(count, b->size)) {
	case FILTER_ALL:
		bits_all(words, b->size);
		break;
	case FILTER_BITS:
		for (i = 0; i < bytes / 8; i++)
			words[i] |= load64(at + 8 * i);
		bits_end(words, b->size);
		break;
	case FILTER_NUMBERS:
		for (i = 0; i < count; i++) {
			doc = at[2 * i] + 256U * at[2 * i + 1];
			if (doc >= b->size)
				return lists_damaged(b->segment, f);
			words[doc / 64] |= (uint64_t)1 << doc % 64;
		}
		break;
	}
	return true;
}

#ifdef __SSE2__
static __m128i load128(const unsigned char *at)
{
	return _mm_loadu_si128((const __m128i *)(const void *)at);
}

/* Of 16 numbers, a bit for each that is below or equal to `span` once the low
 * end has been taken away. */
static uint64_t within16(const unsigned char *at, __m128i low, __m128i span)
{
	__m128i none = _mm_setzero_si128();
	__m128i a = _mm_sub_epi16(load128(at), low);
	__m128i b = _mm_sub_epi16(load128(at + 16), low);

	a = _mm_cmpeq_epi16(_mm_subs_epu16(a, span), none);
	b = _mm_cmpeq_epi16(_mm_subs_epu16(b, span), none);
	return (uint64_t)(unsigned)_mm_movemask_epi8(_mm_packs_epi16(a, b));
}

static __m128i outside32(const unsigned char *at, __m128i low, __m128i high)
{
	__m128i n = load128(at);

	return _mm_or_si128(_mm_cmplt_epi32(n, low), _mm_cmpgt_epi32(n, high));
}

static uint64_t within32(const unsigned char *at, __m128i low, __m128i high)
{
	__m128i a = _mm_packs_epi32(outside32(at, low, high),
	                            outside32(at + 16, low, high));
	__m128i b = _mm_packs_epi32(outside32(at + 32, low, high),
	                            outside32(at + 48, low, high));

	return ~(unsigned)_mm_movemask_epi8(_mm_packs_epi16(a, b)) & 0xffffU;
}

static uint32_t range16_fast(const unsigned char *at, uint32_t size,
                             int32_t low, int32_t high,
                             uint64_t words[FILTER_WORDS])
{
	__m128i from = _mm_set1_epi16((short)low);
	__m128i span = _mm_set1_epi16((short)(high - low));
	uint32_t i;

	for (i = 0; i + 64 <= size; i += 64, at += 128)
		words[i / 64] = within16(at, from, span) |
		                within16(at + 32, from, span) << 16 |
		                within16(at + 64, from, span) << 32 |
		                within16(at + 96, from, span) << 48;
	return i;
}

static uint32_t range32_fast(const unsigned char *at, uint32_t size,
                             int32_t low, int32_t high,
                             uint64_t words[FILTER_WORDS])
{
	__m128i from = _mm_set1_epi32(low), to = _mm_set1_epi32(high);
	uint32_t i;

	for (i = 0; i + 64 <= size; i += 64, at += 256)
		words[i / 64] = within32(at, from, to) |
		                within32(at + 64, from, to) << 16 |
		                within32(at + 128, from, to) << 32 |
		                within32(at + 192, from, to) << 48;
	return i;
}
#else
static uint32_t range16_fast(const unsigned char *at, uint32_t size,
                             int32_t low, int32_t high,
                             uint64_t words[FILTER_WORDS])
{
	(void)at, (void)size, (void)low, (void)high, (void)words;
	return 0;
}

static uint32_t range32_fast(const unsigned char *at, uint32_t size,
                             int32_t low, int32_t high,
                             uint64_t words[FILTER_WORDS])
{
	(void)at, (void)size, (void)low, (void)high, (void)words;
	return 0;
}
#endif

static void bit_put(uint64_t words[FILTER_WORDS], uint32_t i, bool set)
{
	if (i % 64 == 0)
		words[i / 64] = 0;
	words[i / 64] |= (uint64_t)set << i % 64;
}

void filter_range16(const unsigned char *at, uint32_t size, int32_t low,
                    int32_t high, uint64_t words[FILTER_WORDS])
{
	uint32_t i = range16_fast(at, size, low, high, words), n;
	uint32_t from = (uint32_t)low, span = (uint32_t)high - from;

	for (; i < size; i++) {
		n = at[2 * i] + 256U * at[2 * i + 1];
		bit_put(words, i, ((n - from) & 65535) <= span);
	}
}

void filter_range32(const unsigned char *at, uint32_t size, int32_t low,
                    int32_t high, uint64_t words[FILTER_WORDS])
{
	uint32_t i = range32_fast(at, size, low, high, words);
	int32_t n;

	for (; i < size; i++) {
		n = (int32_t)load32(at + 4 * (uint64_t)i);
		bit_put(words, i, n >= low && n <= high);
	}
}
