/* Varints are LEB128. Packed blocks are laid out as in SIMD-BP128 (Lemire,
 * Boytsov: Decoding billions of integers per second through vectorization,
 * 2015), so that a wider machine can read them without a new format; here they
 * are read one lane after the other. */

#include "kb/codec.h"

enum { LANES = 4, LANE = BLOCK / LANES };

const unsigned char codes_default[CODES][FIELD_COUNT] = {
	{ 0, 0, 0, 0 }, { 0, 0, 0, 1 }, { 0, 0, 0, 2 }, { 0, 0, 0, 3 },
	{ 0, 0, 0, 4 }, { 0, 0, 0, 5 }, { 0, 0, 0, 6 }, { 0, 0, 0, 7 },
	{ 0, 0, 0, 8 }, { 1, 0, 0, 0 }, { 1, 0, 0, 1 }, { 1, 0, 0, 2 },
	{ 1, 0, 0, 3 }, { 0, 1, 0, 0 }, { 1, 1, 0, 0 }, { 0, 0, 1, 1 },
};

const unsigned char codes_body[CODES][FIELD_COUNT] = {
	{ 0, 0, 0, 0 },  { 0, 0, 0, 1 },  { 0, 0, 0, 2 },  { 0, 0, 0, 3 },
	{ 0, 0, 0, 4 },  { 0, 0, 0, 5 },  { 0, 0, 0, 6 },  { 0, 0, 0, 7 },
	{ 0, 0, 0, 8 },  { 0, 0, 0, 9 },  { 0, 0, 0, 10 }, { 0, 0, 0, 11 },
	{ 0, 0, 0, 12 }, { 0, 0, 0, 13 }, { 0, 0, 0, 14 }, { 0, 0, 0, 15 },
};

void store32(unsigned char *to, uint32_t n)
{
	int i;

	for (i = 0; i < 4; i++)
		to[i] = (unsigned char)(n >> 8 * i);
}

void store64(unsigned char *to, uint64_t n)
{
	int i;

	for (i = 0; i < 8; i++)
		to[i] = (unsigned char)(n >> 8 * i);
}

void put32(struct buf *b, uint32_t n)
{
	unsigned char bytes[4];

	store32(bytes, n);
	buf_add(b, (struct slice){ (char *)bytes, sizeof(bytes) });
}

void put64(struct buf *b, uint64_t n)
{
	unsigned char bytes[8];

	store64(bytes, n);
	buf_add(b, (struct slice){ (char *)bytes, sizeof(bytes) });
}

void put_double(struct buf *b, double n)
{
	uint64_t bits;

	memcpy(&bits, &n, sizeof(bits));
	put64(b, bits);
}

size_t varint_put(unsigned char *to, uint64_t n)
{
	size_t len = 0;

	while (n > 127) {
		to[len++] = (unsigned char)(n | 128);
		n >>= 7;
	}
	to[len++] = (unsigned char)n;
	return len;
}

bool varint_get(const unsigned char **at, const unsigned char *end,
                uint64_t *out)
{
	const unsigned char *p = *at;
	uint64_t n = 0;
	unsigned shift;

	for (shift = 0; shift < 70 && p < end; shift += 7) {
		uint64_t byte = *p++;

		if (shift == 63 && byte > 1)
			return false;
		n |= (byte & 127) << shift;
		if (byte < 128) {
			*out = n;
			*at = p;
			return true;
		}
	}
	return false;
}

bool varint_get32(const unsigned char **at, const unsigned char *end,
                  uint32_t most, uint32_t *out)
{
	uint64_t n;

	if (!varint_get(at, end, &n) || n > most)
		return false;
	*out = (uint32_t)n;
	return true;
}

size_t tuple_put(unsigned char *to, const struct tuple *t)
{
	size_t len = 1;
	int i;

	to[0] = 0;
	for (i = 0; i < FIELD_COUNT; i++) {
		uint32_t tf = t->tf[i];

		to[0] |= (unsigned char)((tf < 3 ? tf : 3) << 2 * i);
		if (tf >= 3)
			len += varint_put(to + len, tf - 3);
	}
	return len;
}

bool tuple_get_any(const unsigned char **at, const unsigned char *end,
                   struct tuple *out)
{
	unsigned head;
	int i;

	if (*at >= end || !**at)
		return false;
	head = *(*at)++;
	for (i = 0; i < FIELD_COUNT; i++) {
		uint32_t tf = head >> 2 * i & 3, more;

		if (tf == 3) {
			if (!varint_get32(at, end, UINT32_MAX - 3, &more))
				return false;
			tf += more;
		}
		out->tf[i] = tf;
	}
	return true;
}

unsigned code_of(const struct tuple *t, bool body_only)
{
	uint32_t title = t->tf[FIELD_TITLE], tags = t->tf[FIELD_TAGS];
	uint32_t heading = t->tf[FIELD_HEADING], body = t->tf[FIELD_BODY];

	if (!(title | tags | heading))
		return body <= (body_only ? 15 : 8) ? body : 0;
	if (body_only)
		return 0;
	if (title == 1 && !tags && !heading && body <= 3)
		return 9 + body;
	if (!heading && !body && tags == 1 && title <= 1)
		return 13 + title;
	if (!title && !tags && heading == 1 && body == 1)
		return 15;
	return 0;
}

void nibbles_pack(unsigned char to[NIBBLES], const unsigned char codes[BLOCK])
{
	int i;

	for (i = 0; i < NIBBLES; i++)
		to[i] = (unsigned char)(codes[i] | codes[i + NIBBLES] << 4);
}

unsigned gaps_bits(const uint32_t gaps[BLOCK])
{
	uint32_t all = 0;
	int i;

	for (i = 0; i < BLOCK; i++)
		all |= gaps[i];
	return all ? 32 - (unsigned)__builtin_clz(all) : 0;
}

void gaps_pack(unsigned char *to, const uint32_t gaps[BLOCK], unsigned bits)
{
	unsigned lane, i, word;

	for (lane = 0; lane < LANES; lane++) {
		uint64_t held = 0;
		unsigned have = 0;

		word = 0;
		for (i = 0; i < LANE; i++) {
			held |= (uint64_t)gaps[i * LANES + lane] << have;
			have += bits;
			if (have < 32)
				continue;
			store32(to + 16 * word++ + 4 * lane, (uint32_t)held);
			held >>= 32;
			have -= 32;
		}
	}
}

void gaps_unpack(const unsigned char *at, unsigned bits, uint32_t gaps[BLOCK])
{
	uint64_t mask = ((uint64_t)1 << bits) - 1;
	unsigned lane, i;

	for (lane = 0; lane < LANES; lane++) {
		const unsigned char *word = at + 4 * lane;
		uint64_t held = 0;
		unsigned have = 0;

		for (i = 0; i < LANE; i++) {
			if (have < bits) {
				held |= (uint64_t)load32(word) << have;
				word += 16;
				have += 32;
			}
			gaps[i * LANES + lane] = (uint32_t)(held & mask);
			held >>= bits;
			have -= bits;
		}
	}
}
