#ifndef KB_LANES_H
#define KB_LANES_H

#include <stdint.h>
#include <string.h>

#include "kb/codec.h"
#include "kb/list_parts.h"

#if defined(__AVX2__) && defined(__BMI2__)
#define LANES_AVX2 1
#include <immintrin.h>
#else
#define LANES_AVX2 0
#endif

/*
 * What the engine does to many numbers at once: the only place that knows of
 * instruction sets. Every function has a portable form beside the AVX2 one,
 * and both give the same bits. Included by engine_body.h, compiled once for
 * each path.
 */

/* ---- packed blocks: four lanes of 32 bits, whatever the machine */

typedef uint32_t lane4 __attribute__((vector_size(16), aligned(1), may_alias));
typedef int32_t signed4 __attribute__((vector_size(16), may_alias));

/* Documents from gaps of a constant width: base, then each one more than the
 * one before and its gap. Returns the highest of each lane, as far as they fit
 * 31 bits: the first that is too high is still under that. */
static inline __attribute__((always_inline)) signed4 unpack_width(
        const unsigned char *in, const unsigned bits, uint32_t base,
        uint32_t *out)
{
	const uint32_t ones = bits == 32 ? UINT32_MAX : (1U << bits) - 1;
	const lane4 zero = { 0 }, mask = { ones, ones, ones, ones };
	const lane4 *word = (const lane4 *)(const void *)in;
	lane4 carry = { base, base, base, base };
	lane4 step = { 0, 1, 2, 3 };
	signed4 most = { 0 };

#pragma GCC unroll 32
	for (unsigned row = 0; row < 32; row++) {
		unsigned bit = row * bits, k = bit >> 5, s = bit & 31;
		lane4 x = zero;
		signed4 y, above;

		if (bits) {
			x = word[k] >> s;
			if (s + bits > 32)
				x |= word[k + 1] << (32 - s);
			x &= mask;
		}
		x += __builtin_shufflevector(x, zero, 4, 0, 1, 2);
		x += __builtin_shufflevector(x, zero, 4, 4, 0, 1);
		x += carry;
		carry = __builtin_shufflevector(x, x, 3, 3, 3, 3);
		y = (signed4)(x + step);
		step += 4;
		above = y > most;
		most = (y & above) | (most & ~above);
		memcpy(out + 4 * (size_t)row, &y, sizeof(y));
	}
	return most;
}

/* False when a document is `count` or more: then the block is damaged. */
static inline bool unpack_docs(const unsigned char *in, unsigned bits,
                               uint32_t base, uint32_t count,
                               uint32_t out[BLOCK])
{
	signed4 most;
	int32_t end = (int32_t)count;

	switch (bits) {
#define WIDTH(n)                                                               \
	case n:                                                                \
		most = unpack_width(in, n, base, out);                         \
		break;
		WIDTH(0)
		WIDTH(1)
		WIDTH(2)
		WIDTH(3)
		WIDTH(4)
		WIDTH(5)
		WIDTH(6)
		WIDTH(7)
		WIDTH(8)
		WIDTH(9)
		WIDTH(10)
		WIDTH(11)
		WIDTH(12)
		WIDTH(13)
		WIDTH(14)
		WIDTH(15)
		WIDTH(16)
		WIDTH(17)
		WIDTH(18)
		WIDTH(19)
		WIDTH(20)
		WIDTH(21)
		WIDTH(22)
		WIDTH(23)
		WIDTH(24)
		WIDTH(25)
		WIDTH(26)
		WIDTH(27)
		WIDTH(28)
#undef WIDTH
	default: /* no segment has as many passages */
		return false;
	}
	return most[0] < end && most[1] < end && most[2] < end && most[3] < end;
}

/* A nibble group, a byte a code. */
static inline void unpack_codes(const unsigned char *in,
                                unsigned char out[BLOCK])
{
	unsigned i;

	for (i = 0; i < NIBBLES; i++) {
		out[i] = in[i] & 15;
		out[NIBBLES + i] = in[i] >> 4;
	}
}

/* A bit for each of 128 codes that is 0: an escape. */
static inline void codes_escapes(const unsigned char codes[BLOCK],
                                 uint64_t out[2])
{
	int i;
#if LANES_AVX2
	const __m256i *p = (const __m256i *)(const void *)codes;

	out[0] = out[1] = 0;
	for (i = 0; i < 4; i++) {
		__m256i zero = _mm256_cmpeq_epi8(_mm256_loadu_si256(p + i),
		                                 _mm256_setzero_si256());

		out[i / 2] |= (uint64_t)(uint32_t)_mm256_movemask_epi8(zero)
		              << 32 * (i % 2);
	}
#else
	unsigned char least = 15;

	out[0] = out[1] = 0;
	for (i = 0; i < BLOCK; i++)
		least = codes[i] < least ? codes[i] : least;
	for (i = 0; !least && i < BLOCK; i++)
		out[i / 64] |= (uint64_t)(codes[i] == 0) << i % 64;
#endif
}

/* ---- sums of bounds */

/* Levels of one dense list, as the sums want them. */
struct level_table {
	const unsigned char *maxima;
	uint16_t base, slope; /* portable: base + level * slope */
#if LANES_AVX2
	__m256i low, high; /* bytes of the bound of each level */
#endif
};

static inline void level_table_make(struct level_table *t,
                                    const unsigned char *maxima,
                                    const uint16_t level[DENSE_LEVELS],
                                    uint16_t base, uint16_t slope)
{
	t->maxima = maxima;
	t->base = base;
	t->slope = slope;
#if LANES_AVX2
	{
		unsigned char low[16], high[16];
		int i;

		for (i = 0; i < DENSE_LEVELS; i++) {
			low[i] = (unsigned char)level[i];
			high[i] = (unsigned char)(level[i] >> 8);
		}
		t->low = _mm256_broadcastsi128_si256(
		        _mm_loadu_si128((const __m128i *)(const void *)low));
		t->high = _mm256_broadcastsi128_si256(
		        _mm_loadu_si128((const __m128i *)(const void *)high));
	}
#else
	(void)level;
#endif
}

/* The bounds of 64 octets of group `group`: sums over `n` lists. */
#if LANES_AVX2
static inline void sum_levels(uint16_t *out, size_t group,
                              const struct level_table *t, size_t n)
{
	const __m256i nibble = _mm256_set1_epi8(15);
	__m256i a = _mm256_setzero_si256(), b = a, c = a, d = a;
	__m256i *to = (__m256i *)(void *)out;
	size_t i;

	for (i = 0; i < n; i++) {
		__m256i x = _mm256_loadu_si256(
		        (const __m256i *)(const void *)(t[i].maxima +
		                                        MAXIMA_STEP * group));
		__m256i l = _mm256_and_si256(x, nibble);
		__m256i h = _mm256_and_si256(_mm256_srli_epi16(x, 4), nibble);
		__m256i p = _mm256_shuffle_epi8(t[i].low, l);
		__m256i q = _mm256_shuffle_epi8(t[i].high, l);
		__m256i r = _mm256_shuffle_epi8(t[i].low, h);
		__m256i s = _mm256_shuffle_epi8(t[i].high, h);

		a = _mm256_add_epi16(a, _mm256_unpacklo_epi8(p, q));
		b = _mm256_add_epi16(b, _mm256_unpackhi_epi8(p, q));
		c = _mm256_add_epi16(c, _mm256_unpacklo_epi8(r, s));
		d = _mm256_add_epi16(d, _mm256_unpackhi_epi8(r, s));
	}
	_mm256_storeu_si256(to, _mm256_permute2x128_si256(a, b, 0x20));
	_mm256_storeu_si256(to + 1, _mm256_permute2x128_si256(a, b, 0x31));
	_mm256_storeu_si256(to + 2, _mm256_permute2x128_si256(c, d, 0x20));
	_mm256_storeu_si256(to + 3, _mm256_permute2x128_si256(c, d, 0x31));
}
#else
static inline void sum_levels(uint16_t *out, size_t group,
                              const struct level_table *t, size_t n)
{
	size_t i, j;

	memset(out, 0, 64 * sizeof(*out));
	for (i = 0; i < n; i++) {
		const unsigned char *x = t[i].maxima + MAXIMA_STEP * group;
		const uint16_t base = t[i].base, slope = t[i].slope;

		for (j = 0; j < 32; j++) {
			uint16_t l = x[j] & 15;

			out[j] = (uint16_t)(out[j] +
			                    ((uint16_t)(base + l * slope) &
			                     -(uint16_t)(l != 0)));
		}
		for (j = 0; j < 32; j++) {
			uint16_t h = x[j] >> 4;

			out[32 + j] = (uint16_t)(out[32 + j] +
			                         ((uint16_t)(base + h * slope) &
			                          -(uint16_t)(h != 0)));
		}
	}
}
#endif

/* The highest of 64. */
static inline uint16_t most_of_64(const uint16_t *at)
{
#if LANES_AVX2
	const __m256i *p = (const __m256i *)(const void *)at;
	__m256i m =
	        _mm256_max_epu16(_mm256_max_epu16(_mm256_loadu_si256(p),
	                                          _mm256_loadu_si256(p + 1)),
	                         _mm256_max_epu16(_mm256_loadu_si256(p + 2),
	                                          _mm256_loadu_si256(p + 3)));
	__m128i x = _mm_max_epu16(_mm256_castsi256_si128(m),
	                          _mm256_extracti128_si256(m, 1));

	x = _mm_minpos_epu16(_mm_xor_si128(x, _mm_set1_epi16(-1)));
	return (uint16_t)(UINT16_MAX - (uint16_t)_mm_cvtsi128_si32(x));
#else
	uint16_t m[8], most = 0;
	size_t i, j;

	memcpy(m, at, sizeof(m));
	for (i = 8; i < 64; i += 8)
		for (j = 0; j < 8; j++)
			m[j] = at[i + j] > m[j] ? at[i + j] : m[j];
	for (j = 0; j < 8; j++)
		most = m[j] > most ? m[j] : most;
	return most;
#endif
}

/* Bit i: number i of 64 is `cut` or more. */
static inline uint64_t at_least(const uint16_t *at, uint16_t cut)
{
	uint64_t out = 0;
	int i;
#if LANES_AVX2
	const __m256i *p = (const __m256i *)(const void *)at;
	__m256i c = _mm256_set1_epi16((short)cut);

	for (i = 0; i < 2; i++) {
		__m256i x = _mm256_loadu_si256(p + 2 * i);
		__m256i y = _mm256_loadu_si256(p + 2 * i + 1);

		x = _mm256_cmpeq_epi16(_mm256_max_epu16(x, c), x);
		y = _mm256_cmpeq_epi16(_mm256_max_epu16(y, c), y);
		x = _mm256_permute4x64_epi64(_mm256_packs_epi16(x, y), 0xd8);
		out |= (uint64_t)(uint32_t)_mm256_movemask_epi8(x) << 32 * i;
	}
#else
	for (i = 0; i < 64; i++)
		out |= (uint64_t)(at[i] >= cut) << i;
#endif
	return out;
}

/* ---- eight passages */

/* 1.5 * 2^12: adding and taking it away rounds to a multiple of 2^-40. */
static const double lanes_round = 1.5 * 4096;

static inline double rounded(double x)
{
	return (x + lanes_round) - lanes_round;
}

/* Adds idf * (tf / (tf + K)), rounded; nothing where tf is 0. */
#if LANES_AVX2
static inline void add_four(double sum[4], const double norm[4], double idf,
                            __m256d tf)
{
	const __m256d big = _mm256_set1_pd(lanes_round);
	__m256d none = _mm256_cmp_pd(tf, _mm256_setzero_pd(), _CMP_LE_OQ);
	__m256d x = _mm256_div_pd(tf, _mm256_add_pd(tf, _mm256_loadu_pd(norm)));

	x = _mm256_mul_pd(_mm256_set1_pd(idf), x);
	x = _mm256_sub_pd(_mm256_add_pd(x, big), big);
	x = _mm256_andnot_pd(none, x);
	_mm256_storeu_pd(sum, _mm256_add_pd(_mm256_loadu_pd(sum), x));
}
#else
static inline void add_one(double *sum, double norm, double idf, double tf)
{
	double x = rounded(idf * (tf / (tf + norm)));

	*sum += tf > 0 ? x : 0;
}
#endif

/* For eight passages: tf is looked up in `table` at each lane's code, plus
 * `kinds`: 16 times the kind of passage. */
static inline void add_lanes(double sum[8], const double norm[8], double idf,
                             const double *table, uint64_t codes,
                             uint64_t kinds)
{
	int i;
#if LANES_AVX2
	__m256i at = _mm256_cvtepu8_epi32(
	        _mm_cvtsi64_si128((long long)(codes | kinds)));

	for (i = 0; i < 2; i++) {
		__m128i four = i ? _mm256_extracti128_si256(at, 1)
		                 : _mm256_castsi256_si128(at);

		add_four(sum + 4 * i, norm + 4 * i, idf,
		         _mm256_i32gather_pd(table, four, 8));
	}
#else
	codes |= kinds;
	for (i = 0; i < 8; i++)
		add_one(sum + i, norm[i], idf, table[codes >> 8 * i & 255]);
#endif
}

/* The same when the code c of every passage stands for c times `unit`. */
static inline void add_lanes_straight(double sum[8], const double norm[8],
                                      double idf, double unit, uint64_t codes)
{
	int i;
#if LANES_AVX2
	__m256i at = _mm256_cvtepu8_epi32(_mm_cvtsi64_si128((long long)codes));

	for (i = 0; i < 2; i++) {
		__m128i four = i ? _mm256_extracti128_si256(at, 1)
		                 : _mm256_castsi256_si128(at);

		add_four(sum + 4 * i, norm + 4 * i, idf,
		         _mm256_mul_pd(_mm256_cvtepi32_pd(four),
		                       _mm256_set1_pd(unit)));
	}
#else
	for (i = 0; i < 8; i++)
		add_one(sum + i, norm[i], idf,
		        (double)(int)(codes >> 8 * i & 255) * unit);
#endif
}

/* The bits of `mask` one a byte: the lowest of each. */
static inline uint64_t spread_bits(unsigned mask)
{
#if LANES_AVX2
	return _pdep_u64(mask, UINT64_C(0x0101010101010101));
#else
	uint64_t x = mask;

	x = (x | x << 28) & UINT64_C(0x0000000f0000000f);
	x = (x | x << 14) & UINT64_C(0x0003000300030003);
	return (x | x << 7) & UINT64_C(0x0101010101010101);
#endif
}

/* The nibbles of `x`, lowest first, to the bytes that `spread` marks. */
static inline uint64_t spread_nibbles(uint64_t x, uint64_t spread)
{
#if LANES_AVX2
	return _pdep_u64(x, spread * 15);
#else
	uint64_t out = 0;

	for (; spread; spread &= spread - 1) {
		out |= (x & 15) << __builtin_ctzll(spread);
		x >>= 4;
	}
	return out;
#endif
}

/* A bit for each of eight numbers that is `least` or more. */
static inline unsigned lanes_at_least(const double at[8], double least)
{
	unsigned out = 0;
	int i;
#if LANES_AVX2
	const __m256d limit = _mm256_set1_pd(least);

	for (i = 0; i < 2; i++)
		out |= (unsigned)_mm256_movemask_pd(_mm256_cmp_pd(
		               _mm256_loadu_pd(at + 4 * i), limit, _CMP_GE_OQ))
		       << 4 * i;
#else
	for (i = 0; i < 8; i++)
		out |= (unsigned)(at[i] >= least) << i;
#endif
	return out;
}

#endif
