#include "synthetic.h"

#include "kb/codec.h"

static void varints_of_all_sizes(void **state)
{
	unsigned char bytes[VARINT_MAX];
	unsigned shift;

	(void)state;
	for (shift = 0; shift < 64; shift++) {
		uint64_t n = ((uint64_t)1 << shift) + shift % 3, back = 0;
		size_t len = varint_put(bytes, n), cut;
		const unsigned char *at = bytes;

		assert_true(varint_get(&at, bytes + len, &back));
		assert_int_equal(back, n);
		assert_ptr_equal(at, bytes + len);
		for (cut = 0; cut < len; cut++) {
			at = bytes;
			assert_false(varint_get(&at, bytes + cut, &back));
		}
	}
}

static void varints_too_long_are_refused(void **state)
{
	unsigned char bytes[11] = { 255, 255, 255, 255, 255, 255,
		                    255, 255, 255, 2,   0 };
	const unsigned char *at = bytes;
	uint64_t n;

	(void)state;
	assert_false(varint_get(&at, bytes + sizeof(bytes), &n));
	bytes[9] = 1;
	assert_true(varint_get(&at, bytes + sizeof(bytes), &n));
	assert_true(n == UINT64_MAX);
}

static void tuples_round_trip(void **state)
{
	static const struct tuple cases[] = {
		{ { 0, 0, 0, 1 } },         { { 1, 2, 3, 4 } },
		{ { 3, 0, 0, 0 } },         { { 0, 0, 0, UINT32_MAX } },
		{ { 65536, 1, 300, 127 } },
	};
	unsigned char bytes[TUPLE_MAX];
	struct tuple back;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		size_t len = tuple_put(bytes, &cases[i]), cut;
		const unsigned char *at = bytes;

		assert_true(tuple_get(&at, bytes + len, &back));
		assert_memory_equal(&back, &cases[i], sizeof(back));
		for (cut = 0; cut < len; cut++) {
			at = bytes;
			assert_false(tuple_get(&at, bytes + cut, &back));
		}
	}
}

/* Each tuple has the code that the table gives back, or none. */
static void codes_agree_with_the_table(void **state)
{
	uint32_t n;
	int i;

	(void)state;
	for (n = 1; n < 5 * 5 * 5 * 12; n++) {
		struct tuple t = { { n % 5, n / 5 % 5, n / 25 % 5, n / 125 } };
		unsigned code = code_of(&t, false), j, wanted = 0;

		for (j = 1; j < CODES; j++) {
			bool same = true;

			for (i = 0; i < FIELD_COUNT; i++)
				same &= codes_default[j][i] == t.tf[i];
			if (same)
				wanted = j;
		}
		assert_int_equal(code, wanted);
	}
}

static void blocks_round_trip_at_every_width(void **state)
{
	unsigned char bytes[16 * 32 + 16];
	uint32_t gaps[BLOCK], back[BLOCK];
	unsigned bits, i;

	(void)state;
	for (bits = 0; bits <= 32; bits++) {
		for (i = 0; i < BLOCK; i++)
			gaps[i] = (uint32_t)(mix(bits * 1000 + i) &
			                     (((uint64_t)1 << bits) - 1));
		if (bits)
			gaps[77] = UINT32_MAX >> (32 - bits);
		assert_int_equal(gaps_bits(gaps), bits);
		memset(bytes, 0xee, sizeof(bytes));
		gaps_pack(bytes, gaps, bits);
		assert_int_equal(bytes[16 * bits], 0xee);
		gaps_unpack(bytes, bits, back);
		assert_memory_equal(gaps, back, sizeof(gaps));
	}
}

/* The layout that a 128-bit machine relies on. */
static void lanes_alternate(void **state)
{
	unsigned char bytes[16 * 8];
	uint32_t gaps[BLOCK];
	unsigned i;

	(void)state;
	for (i = 0; i < BLOCK; i++)
		gaps[i] = i;
	gaps[127] = 255;
	gaps_pack(bytes, gaps, 8);
	/* lane 1 is gaps 1, 5, 9, 13 in its first word */
	assert_int_equal(load32(bytes + 4), 0x0d090501);
	assert_int_equal(load32(bytes + 16), 0x1c181410);
}

static void nibbles_round_trip(void **state)
{
	unsigned char codes[BLOCK], group[NIBBLES];
	unsigned i;

	(void)state;
	for (i = 0; i < BLOCK; i++)
		codes[i] = (unsigned char)(mix(i) % 16);
	nibbles_pack(group, codes);
	for (i = 0; i < BLOCK; i++)
		assert_int_equal(nibble_at(group, i), codes[i]);
}

static void zigzags_round_trip(void **state)
{
	static const int64_t cases[] = { 0,         -1,        1,
		                         INT64_MAX, INT64_MIN, -1500000000000 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_true(unzigzag(zigzag(cases[i])) == cases[i]);
	assert_int_equal(zigzag(-1), 1);
	assert_int_equal(zigzag(3), 6);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(varints_of_all_sizes),
		cmocka_unit_test(varints_too_long_are_refused),
		cmocka_unit_test(tuples_round_trip),
		cmocka_unit_test(codes_agree_with_the_table),
		cmocka_unit_test(blocks_round_trip_at_every_width),
		cmocka_unit_test(lanes_alternate),
		cmocka_unit_test(nibbles_round_trip),
		cmocka_unit_test(zigzags_round_trip),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
