/* gzip.h: what was packed comes back; damage and bombs do not. */

#include "base/gzip.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { RATIO = 100 };

/* Appends `s` as one member. */
static void pack(struct slice s, struct buf *out)
{
	z_stream z = { 0 };
	size_t most;
	char *to;

	assert_int_equal(
	        deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY),
	        Z_OK);
	most = deflateBound(&z, s.len);
	to = buf_extend(out, most);
	z.next_in = (z_const Bytef *)(uintptr_t)s.at;
	z.avail_in = (uInt)s.len;
	z.next_out = (Bytef *)to;
	z.avail_out = (uInt)most;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	buf_cut(out, out->len - z.avail_out);
	deflateEnd(&z);
}

static void expect_fault(struct slice packed, struct buf *out, const char *code)
{
	size_t before = out->len;
	struct fault f;

	assert_false(gzip_unpack(packed, RATIO, out, &f));
	assert_string_equal(f.code, code);
	assert_int_equal(out->len, before);
}

static void members_follow_each_other(void **state)
{
	struct buf packed = BUF_INIT(10000), open = BUF_INIT(10000);
	struct fault f;

	(void)state;
	assert_false(gzip_is(SLICE("")));
	assert_false(gzip_is(SLICE("\x1f\x8b")));
	pack(SLICE("one, "), &packed);
	pack(SLICE(""), &packed);
	pack(SLICE("two"), &packed);
	assert_true(gzip_is(buf_slice(&packed)));
	buf_text(&open, "kept: ");
	assert_true(gzip_unpack(buf_slice(&packed), RATIO, &open, &f));
	assert_string_equal(buf_string(&open), "kept: one, two");
	/* Padding behind the last member. */
	buf_reset(&open);
	buf_add(&packed, SLICE("\0\0\0"));
	assert_true(gzip_unpack(buf_slice(&packed), RATIO, &open, &f));
	assert_string_equal(buf_string(&open), "one, two");
	buf_release(&packed);
	buf_release(&open);
}

/* Every cut and every flipped bit of a small file, but for the bits that mean
 * nothing: a time, a system, padding. */
static void damage_is_found(void **state)
{
	struct slice text = SLICE("the quick brown fox, the quick brown dog");
	struct buf packed = BUF_INIT(1000), open = BUF_INIT(1 << 20);
	struct fault f;
	size_t i;

	(void)state;
	pack(text, &packed);
	for (i = 0; i < packed.len; i++)
		expect_fault(slice_cut(buf_slice(&packed), 0, i), &open,
		             "gzip-damaged");
	for (i = 0; i < packed.len * 8; i++) {
		bool done;

		packed.at[i / 8] = (char)(packed.at[i / 8] ^ 1 << i % 8);
		done = gzip_unpack(buf_slice(&packed), RATIO, &open, &f);
		assert_true(!done || slice_eq(buf_slice(&open), text));
		buf_reset(&open);
		packed.at[i / 8] = (char)(packed.at[i / 8] ^ 1 << i % 8);
	}
	expect_fault(SLICE("plain"), &open, "gzip-damaged");
	buf_release(&packed);
	buf_release(&open);
}

static void ceilings_hold_while_unpacking(void **state)
{
	size_t len = 3 << 20;
	char *zeros = calloc(1, len);
	struct buf packed = BUF_INIT(8 << 20);
	struct buf open = BUF_INIT(16 << 20), small = BUF_INIT(2 << 20);
	struct buf exact = BUF_INIT(len);
	struct fault f;

	(void)state;
	pack((struct slice){ zeros, len }, &packed);
	/* 1 : 1000, more than a page would be. */
	expect_fault(buf_slice(&packed), &open, "limit-body");
	assert_true(open.cap <= 4 << 20);
	expect_fault(buf_slice(&packed), &small, "limit-body");
	assert_true(gzip_unpack(buf_slice(&packed), 10000, &exact, &f));
	assert_int_equal(exact.len, len);
	assert_false(buf_full(&exact));
	/* Below a MiB the ratio does not count. */
	buf_reset(&packed);
	pack((struct slice){ zeros, 1 << 20 }, &packed);
	assert_true(gzip_unpack(buf_slice(&packed), RATIO, &open, &f));
	/* Many small members are as much as one large one. */
	pack((struct slice){ zeros, 1 << 20 }, &packed);
	pack((struct slice){ zeros, 1 << 20 }, &packed);
	buf_reset(&open);
	expect_fault(buf_slice(&packed), &open, "limit-body");
	free(zeros);
	buf_release(&packed);
	buf_release(&open);
	buf_release(&small);
	buf_release(&exact);
}

static void parts_become_one_member(void **state)
{
	const struct slice parts[] = { SLICE("one, "), SLICE(""),
		                       SLICE("two") };
	struct buf packed = BUF_INIT(10000), open = BUF_INIT(10000);
	struct buf small = BUF_INIT(10);
	struct fault f;

	(void)state;
	gzip_pack(parts, 3, &packed);
	assert_true(gzip_unpack(buf_slice(&packed), RATIO, &open, &f));
	assert_int_equal(open.len, 8);
	assert_memory_equal(open.at, "one, two", 8);
	gzip_pack(NULL, 0, &packed);
	assert_true(gzip_unpack(buf_slice(&packed), RATIO, &open, &f));
	assert_int_equal(open.len, 16);
	gzip_pack(parts, 3, &small);
	assert_true(buf_full(&small));
	buf_release(&packed);
	buf_release(&open);
	buf_release(&small);
}

/* Two members, brought and taken a byte at a time. */
static void a_stream_tells_members_apart(void **state)
{
	struct buf packed = BUF_INIT(10000), open = BUF_INIT(10000);
	struct gzip_stream z = { 0 };
	size_t first, at = 0, ended = 0;

	(void)state;
	pack(SLICE("first"), &packed);
	first = packed.len;
	pack(SLICE("second"), &packed);
	gzip_stream_start(&z);
	while (ended < 2 && at < packed.len) {
		struct slice in = { packed.at + at, 1 };
		enum gzip_word word = GZIP_MORE;

		while (word == GZIP_MORE) {
			size_t made = 0;
			char byte;

			word = gzip_stream_read(&z, &in, &byte, 1, &made);
			assert_int_not_equal(word, GZIP_DAMAGED);
			buf_add(&open, (struct slice){ &byte, made });
			if (!made && !in.len)
				break;
		}
		at++;
		if (word != GZIP_ENDED)
			continue;
		assert_int_equal(at, ended ? packed.len : first);
		ended++;
		gzip_stream_start(&z);
	}
	assert_int_equal(ended, 2);
	assert_int_equal(open.len, 11);
	assert_memory_equal(open.at, "firstsecond", 11);
	gzip_stream_release(&z);
	gzip_stream_release(&z);
	buf_release(&packed);
	buf_release(&open);
}

static void deflate_has_a_head_or_none(void **state)
{
	struct buf open = BUF_INIT(100);
	struct fault f;

	(void)state;
	assert_true(gzip_unpack_deflate(
	        SLICE("\x78\x9c\xcb\x48\xcd\xc9\xc9\x07\x00\x06\x2c\x02\x15"),
	        RATIO, &open, &f));
	assert_true(gzip_unpack_deflate(SLICE("\xcb\x48\xcd\xc9\xc9\x07\x00"),
	                                RATIO, &open, &f));
	assert_int_equal(open.len, 10);
	assert_memory_equal(open.at, "hellohello", 10);
	assert_false(gzip_unpack_deflate(SLICE("\xff\xff"), RATIO, &open, &f));
	assert_string_equal(f.code, "gzip-damaged");
	assert_int_equal(open.len, 10);
	buf_release(&open);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_follow_each_other),
		cmocka_unit_test(damage_is_found),
		cmocka_unit_test(ceilings_hold_while_unpacking),
		cmocka_unit_test(parts_become_one_member),
		cmocka_unit_test(a_stream_tells_members_apart),
		cmocka_unit_test(deflate_has_a_head_or_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
