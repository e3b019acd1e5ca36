/* unicode.h: what is clean, what folds to what, and that the fast paths agree
 * with ICU's own functions over whole texts. */

#include "base/text/unicode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "base/utf8.h"

struct pair {
	const char *in, *out;
};

typedef void text_fn(struct slice s, struct buf *out);

static void expect_all(text_fn *run, const struct pair *pairs)
{
	struct buf out = BUF_INIT(1 << 20);

	for (; pairs->in; pairs++) {
		buf_reset(&out);
		run(slice_of(pairs->in), &out);
		assert_string_equal(buf_string(&out), pairs->out);
	}
	buf_release(&out);
}

static void clean_is_as_the_header_says(void **state)
{
	static const struct pair pairs[] = {
		{ "", "" },
		{ "plain text\twith\ntabs", "plain text\twith\ntabs" },
		{ "a\r\nb\rc\r\r\nd\r", "a\nb\nc\n\nd\n" },
		{ "a\vb\fc\xC2\x85"
		  "d\xE2\x80\xA8"
		  "e\xE2\x80\xA9",
		  "a\nb\nc\nd\ne\n" },
		{ "a\x01\x1B[31mb\x7F\xC2\x9B", "a[31mb" },
		{ "e\xCC\x81", "\xC3\xA9" },     /* composes */
		{ "e\x01\xCC\x81", "\xC3\xA9" }, /* over what is gone */
		{ "\xE2\x84\xAB", "\xC3\x85" },  /* angstrom sign */
		{ "\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB", /* jamo */
		  "\xED\x95\x9C" },
		{ "\xE4\xBD\xBF\xE7\x94\xA8nginx",
		  "\xE4\xBD\xBF\xE7\x94\xA8nginx" },
		{ "\xEF\xBB\xBFx", "\xEF\xBB\xBFx" },
		{ "a\x80z\xC0\xAF", "a\xEF\xBF\xBDz\xEF\xBF\xBD\xEF\xBF\xBD" },
		{ "\xEF\xBF\xBE", "\xEF\xBF\xBD" }, /* U+FFFE */
		{ "\xEF\xB7\x90", "\xEF\xBF\xBD" }, /* U+FDD0 */
		{ "\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD" },
		{ "q\xCC\xA3\xCC\x87", "q\xCC\xA3\xCC\x87" },
		{ "q\xCC\x87\xCC\xA3", "q\xCC\xA3\xCC\x87" }, /* sorted */
		{ NULL, NULL },
	};

	(void)state;
	expect_all(unicode_clean, pairs);
}

static void fold_compares_terms(void **state)
{
	static const struct pair pairs[] = {
		{ "", "" },
		{ "ECONNREFUSED-x86_64", "econnrefused-x86_64" },
		{ "Stra\xC3\x9F"
		  "E",
		  "strasse" },
		{ "\xC3\x84PFEL", "\xC3\xA4pfel" },
		{ "A\xCC\x88", "\xC3\xA4" },
		{ "\xEF\xBC\xAE\xEF\xBC\xA7\xEF\xBC\xA9", "ngi" },
		{ "\xEF\xAC\x81", "fi" },
		{ "\xC2\xB2", "2" },
		{ "\xD0\x9C\xD0\x98\xD0\xA0", "\xD0\xBC\xD0\xB8\xD1\x80" },
		{ "a\xC2\xADz", "az" }, /* soft hyphen */
		{ "\xEF\xBD\xB6\xEF\xBE\x9E", "\xE3\x82\xAC" },
		{ "\xFF"
		  "A\xC3\x84",
		  "\xEF\xBF\xBD"
		  "a\xC3\xA4" },
		{ NULL, NULL },
	};

	(void)state;
	expect_all(unicode_fold, pairs);
}

static void classes(void **state)
{
	static const struct {
		uint32_t point;
		enum unicode_class class;
		bool upper;
		int width;
	} cases[] = {
		{ 'a', UNICODE_LETTER, false, 1 },
		{ 'Z', UNICODE_LETTER, true, 1 },
		{ '7', UNICODE_DIGIT, false, 1 },
		{ '_', UNICODE_OTHER, false, 1 },
		{ '\n', UNICODE_OTHER, false, 0 },
		{ 0xC9, UNICODE_LETTER, true, 1 },
		{ 0x301, UNICODE_MARK, false, 0 },
		{ 0x41C, UNICODE_LETTER, true, 1 },
		{ 0x663, UNICODE_DIGIT, false, 1 },
		{ 0xE01, UNICODE_LETTER, false, 1 },
		{ 0x200B, UNICODE_OTHER, false, 0 },
		{ 0x3001, UNICODE_OTHER, false, 2 },
		{ 0x3005, UNICODE_HAN, false, 2 },
		{ 0x3042, UNICODE_HAN, false, 2 },
		{ 0x30FC, UNICODE_HAN, false, 2 },
		{ 0x4F7F, UNICODE_HAN, false, 2 },
		{ 0x20000, UNICODE_HAN, false, 2 },
		{ 0xD55C, UNICODE_HANGUL, false, 2 },
		{ 0x1100, UNICODE_HANGUL, false, 2 },
		{ 0x1F600, UNICODE_OTHER, false, 2 },
		{ 0xFF21, UNICODE_LETTER, true, 2 },
		{ 0x10FFFF, UNICODE_OTHER, false, 1 },
		{ UTF8_BAD, UNICODE_OTHER, false, 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_int_equal(unicode_class(cases[i].point), cases[i].class);
		assert_int_equal(unicode_upper(cases[i].point), cases[i].upper);
		assert_int_equal(unicode_width(cases[i].point), cases[i].width);
	}
}

/* The next number of a fixed sequence (Lehmer 48271). */
static uint32_t draw(uint64_t *seed, uint32_t below)
{
	*seed = *seed * 48271 % 2147483647;
	return (uint32_t)(*seed % below);
}

/* Points that meet each other in unpleasant ways. */
static uint32_t draw_point(uint64_t *seed)
{
	static const uint32_t nasty[] = {
		'A',     'e',     ' ',     0xAD,    0xC5,   0xDF,    0x300,
		0x301,   0x316,   0x323,   0x344,   0x34F,  0x3C2,   0x958,
		0x93C,   0x9C7,   0x9BE,   0xF73,   0xF71,  0x1100,  0x1161,
		0x11A8,  0x1E9B,  0x200D,  0x212B,  0x2126, 0x3099,  0x304B,
		0xAC00,  0xFB1D,  0xFF76,  0xFF9E,  0xFE0F, 0x1D15E, 0x1D165,
		0x1F600, 0x11099, 0x110BA, 0xE0001,
	};
	uint32_t c;

	if (draw(seed, 4))
		return nasty[draw(seed, sizeof(nasty) / sizeof(*nasty))];
	do
		c = draw(seed, 0x110000);
	while (c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 ||
	       c == 0x2029 || (c >= 0xD800 && c < 0xE000) ||
	       (c >= 0xFDD0 && c < 0xFDF0) || (c & 0xFFFE) == 0xFFFE);
	return c;
}

static void draw_text(uint64_t *seed, struct buf *out)
{
	uint32_t left = draw(seed, 200) + 1;

	buf_reset(out);
	while (left--) {
		char bytes[4];
		size_t len = utf8_put(bytes, draw_point(seed));

		buf_add(out, (struct slice){ bytes, len });
		/* Rows of 30 marks are a rule of ours, not of ICU. */
		if (left % 16 == 0)
			buf_byte(out, 'x');
	}
}

static void icu_normalize(const UNormalizer2 *form, struct slice s,
                          struct buf *out)
{
	UChar from[2048], to[8192];
	UErrorCode code = U_ZERO_ERROR;
	int32_t len = 0, bytes = 0;

	u_strFromUTF8(from, 2048, &len, s.at, (int32_t)s.len, &code);
	len = unorm2_normalize(form, from, len, to, 8192, &code);
	buf_reset(out);
	u_strToUTF8(buf_extend(out, 8192), 8192, &bytes, to, len, &code);
	assert_true(U_SUCCESS(code));
	buf_cut(out, (size_t)bytes);
}

static void judge(text_fn *run, const UNormalizer2 *form, uint64_t seed)
{
	struct buf in = BUF_INIT(1 << 20), mine = BUF_INIT(1 << 20);
	struct buf icu = BUF_INIT(1 << 20);
	int i;

	for (i = 0; i < 5000; i++) {
		draw_text(&seed, &in);
		buf_reset(&mine);
		run(buf_slice(&in), &mine);
		icu_normalize(form, buf_slice(&in), &icu);
		assert_string_equal(buf_string(&mine), buf_string(&icu));
	}
	buf_release(&in);
	buf_release(&mine);
	buf_release(&icu);
}

static void runs_agree_with_icu_on_whole_texts(void **state)
{
	UErrorCode code = U_ZERO_ERROR;

	(void)state;
	judge(unicode_clean, unorm2_getNFCInstance(&code), 7);
	judge(unicode_fold, unorm2_getNFKCCasefoldInstance(&code), 11);
}

/* Random bytes and points: clean text is clean, once and for ever. */
static void cleaning_twice_changes_nothing(void **state)
{
	struct buf in = BUF_INIT(1 << 20), once = BUF_INIT(1 << 20);
	struct buf twice = BUF_INIT(1 << 20);
	uint64_t seed = 3;
	int i;

	(void)state;
	for (i = 0; i < 5000; i++) {
		draw_text(&seed, &in);
		in.at[draw(&seed, (uint32_t)in.len)] = (char)draw(&seed, 256);
		in.at[draw(&seed, (uint32_t)in.len)] = (char)draw(&seed, 32);
		buf_reset(&once);
		buf_reset(&twice);
		unicode_clean(buf_slice(&in), &once);
		unicode_clean(buf_slice(&once), &twice);
		assert_true(slice_eq(buf_slice(&once), buf_slice(&twice)));
		assert_true(unicode_is_clean(buf_slice(&once)));
		assert_int_equal(unicode_is_clean(buf_slice(&in)),
		                 slice_eq(buf_slice(&in), buf_slice(&once)));
	}
	buf_release(&in);
	buf_release(&once);
	buf_release(&twice);
}

/* Half a million marks, out of order: sorting them all would take minutes. */
static void rows_of_marks_are_broken(void **state)
{
	struct buf in = BUF_INIT(1 << 22), out = BUF_INIT(1 << 24);
	int i;

	(void)state;
	buf_byte(&in, 'a');
	for (i = 0; i < 250000; i++)
		buf_text(&in, "\xCC\x80\xCC\x96");
	unicode_clean(buf_slice(&in), &out);
	assert_true(unicode_is_clean(buf_slice(&out)));
	assert_true(out.len > in.len && out.len < in.len + in.len / 20);
	buf_reset(&out);
	unicode_fold(buf_slice(&in), &out);
	assert_true(out.len > 0 && !buf_full(&out));
	buf_release(&in);
	buf_release(&out);
}

/* Plain text is looked at in strides: each byte at each place of one. */
static void no_place_hides_a_control(void **state)
{
	char text[25];
	size_t at;
	int c;

	(void)state;
	for (at = 0; at < sizeof(text); at++) {
		for (c = 0; c < 0x80; c++) {
			bool clean = (c >= 0x20 && c != 0x7F) || c == '\n' ||
			             c == '\t';

			memset(text, 'a', sizeof(text));
			text[at] = (char)c;
			if (unicode_is_clean((struct slice){
			            text, sizeof(text) }) != clean)
				fail_msg("byte %d at %zu", c, at);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clean_is_as_the_header_says),
		cmocka_unit_test(fold_compares_terms),
		cmocka_unit_test(classes),
		cmocka_unit_test(runs_agree_with_icu_on_whole_texts),
		cmocka_unit_test(cleaning_twice_changes_nothing),
		cmocka_unit_test(rows_of_marks_are_broken),
		cmocka_unit_test(no_place_hides_a_control),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
