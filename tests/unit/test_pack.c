/* pack.h: what goes in comes out; no damage passes. */

#include "base/pack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"

static void bodies_come_back(void **state)
{
	static const size_t sizes[] = { 0,    1,     100,    1024,
		                        1025, 70000, 262144, LIMIT_BODY };
	struct pack *p = pack_new();
	struct buf packed = BUF_INIT(32 << 20), open = BUF_INIT(32 << 20);
	char *text = malloc(LIMIT_BODY);
	struct fault f;
	size_t i;

	(void)state;
	for (i = 0; i < LIMIT_BODY; i++)
		text[i] = (char)(i * i >> 7);
	for (i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		struct slice s = { text, sizes[i] };

		buf_reset(&packed);
		buf_reset(&open);
		buf_text(&open, "kept");
		pack_add(p, s, &packed);
		assert_true(pack_open(p, buf_slice(&packed), &open, &f));
		assert_int_equal(open.len, 4 + s.len);
		assert_memory_equal(open.at + 4, text, s.len);
	}
	free(text);
	buf_release(&packed);
	buf_release(&open);
	pack_free(p);
	pack_free(NULL);
}

/* Every single-bit flip and every cut of a small packed body. */
static void damage_is_found(void **state)
{
	struct slice text = SLICE("the quick brown fox, the quick brown dog");
	struct pack *p = pack_new();
	struct buf packed = BUF_INIT(1000), open = BUF_INIT(1 << 20);
	struct fault f;
	size_t i;

	(void)state;
	pack_add(p, text, &packed);
	for (i = 0; i < packed.len * 8; i++) {
		packed.at[i / 8] = (char)(packed.at[i / 8] ^ 1 << i % 8);
		buf_reset(&open);
		if (pack_open(p, buf_slice(&packed), &open, &f))
			/* A bit without meaning (header): same text. */
			assert_true(slice_eq(buf_slice(&open), text));
		else
			assert_int_equal(open.len, 0);
		packed.at[i / 8] = (char)(packed.at[i / 8] ^ 1 << i % 8);
	}
	for (i = 0; i < packed.len; i++)
		assert_false(pack_open(p, slice_cut(buf_slice(&packed), 0, i),
		                       &open, &f));
	buf_byte(&packed, 'x');
	assert_false(pack_open(p, buf_slice(&packed), &open, &f));
	assert_int_equal(f.kind, FAULT_INPUT);
	buf_release(&packed);
	buf_release(&open);
	pack_free(p);
}

/* A frame that claims 16 MiB and a byte in its header, and one of 4 EiB. */
static void claims_are_checked_first(void **state)
{
	static const char more[] = "\x28\xB5\x2F\xFD\xA4\x01\x00\x00\x01"
	                           "\x01\x00\x00";
	static const char absurd[] = "\x28\xB5\x2F\xFD\xE4\0\0\0\0\0\0\0"
	                             "\x40\x01\x00\x00";
	struct pack *p = pack_new();
	struct buf packed = BUF_INIT(1000), open = BUF_INIT(32 << 20);
	struct fault f;

	(void)state;
	assert_false(pack_open(p, (struct slice){ more, sizeof(more) - 1 },
	                       &open, &f));
	assert_int_equal(f.kind, FAULT_LIMIT);
	assert_false(pack_open(p, (struct slice){ absurd, sizeof(absurd) - 1 },
	                       &open, &f));
	assert_int_equal(f.kind, FAULT_LIMIT);
	buf_release(&open);
	open = BUF_INIT(3);
	pack_add(p, SLICE("four"), &packed);
	assert_false(pack_open(p, buf_slice(&packed), &open, &f));
	assert_int_equal(f.kind, FAULT_LIMIT);
	buf_release(&open);
	buf_release(&packed);
	pack_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bodies_come_back),
		cmocka_unit_test(damage_is_found),
		cmocka_unit_test(claims_are_checked_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
