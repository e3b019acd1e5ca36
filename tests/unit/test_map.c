/* map.h and hash.h */

#include "base/map.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "base/hash.h"

static void keys_are_found_in_order_of_insertion(void **state)
{
	struct map m = MAP_INIT;
	char name[32];
	int64_t i;
	bool added;

	(void)state;
	assert_null(map_get(&m, SLICE("x")));
	for (i = 0; i < 10000; i++) {
		struct slice key = { name, (size_t)snprintf(name, sizeof(name),
			                                    "key%d", (int)i) };

		map_put(&m, key, &added)->number = i;
		assert_true(added);
	}
	map_put(&m, SLICE("key7"), &added);
	assert_false(added);
	assert_int_equal(map_get(&m, SLICE("key7"))->number, 7);
	assert_int_equal(m.count, 10000);
	for (i = 0; i < 10000; i++)
		assert_int_equal(m.entries[i].number, i);
	assert_null(map_get(&m, SLICE("key10000")));
	map_reset(&m);
	assert_null(map_get(&m, SLICE("key7")));
	assert_int_equal(map_put(&m, SLICE("key7"), NULL)->number, 0);
	map_release(&m);
	map_release(&m);
}

static void any_bytes_are_keys(void **state)
{
	struct map m = MAP_INIT;

	(void)state;
	map_put(&m, SLICE(""), NULL)->number = 1;
	map_put(&m, SLICE("\0"), NULL)->number = 2;
	map_put(&m, SLICE("\0\xFF"), NULL)->number = 3;
	assert_int_equal(map_get(&m, (struct slice){ 0 })->number, 1);
	assert_int_equal(map_get(&m, SLICE("\0"))->number, 2);
	assert_int_equal(map_get(&m, SLICE("\0\xFF"))->number, 3);
	map_release(&m);
}

/* Stored in files: a change of these values breaks every store. */
static void hashes_never_change(void **state)
{
	struct hash h;
	uint64_t one, two;

	(void)state;
	assert_true(hash64(SLICE("")) == 0x2d06800538d394c2u);
	hash_init(&h);
	hash_part(&h, SLICE("ab"));
	hash_part(&h, SLICE("c"));
	one = hash_end(&h);
	hash_init(&h);
	hash_part(&h, SLICE("a"));
	hash_part(&h, SLICE("bc"));
	two = hash_end(&h);
	assert_true(one != two);
	assert_true(one == hash64(SLICE("\2\0\0\0\0\0\0\0ab"
	                                "\1\0\0\0\0\0\0\0c")));
}

/* FIPS 180-4's examples and the empty message. */
static void sha256_is_sha256(void **state)
{
	static const struct {
		const char *text, *hex;
	} cases[] = {
		{ "", "e3b0c44298fc1c149afbf4c8996fb924"
		      "27ae41e4649b934ca495991b7852b855" },
		{ "abc", "ba7816bf8f01cfea414140de5dae2223"
		         "b00361a396177a9cb410ff61f20015ad" },
		{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		  "248d6a61d20638b8e5c026930c3e6039"
		  "a33ce45964ff2167f6ecedd419db06c1" },
	};
	char hex[65];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct slice s = slice_of(cases[i].text);
		struct sha256 h;

		sha256_init(&h);
		sha256_add(&h, slice_cut(s, 0, 1));
		sha256_add(&h, slice_cut(s, 1, s.len));
		sha256_end(&h, hex);
		assert_string_equal(hex, cases[i].hex);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_are_found_in_order_of_insertion),
		cmocka_unit_test(any_bytes_are_keys),
		cmocka_unit_test(hashes_never_change),
		cmocka_unit_test(sha256_is_sha256),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
