/* Sketches: the estimate beside the exact value, what is a twin and what is
 * not, and that values never change. */

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/text/sketch.h"

static struct arena arena;
static uint64_t seed = 1;

static unsigned draw(unsigned below)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(seed >> 33) % below;
}

/* `count` words of a vocabulary; `share` percent are drawn anew. */
static struct slice words(struct slice from, unsigned count, unsigned share)
{
	struct buf b = BUF_INIT(1 << 20);
	unsigned i;

	for (i = 0; i < count; i++) {
		size_t end = slice_find(from, ' ');

		if (from.len && draw(100) >= share)
			buf_add(&b, slice_cut(from, 0, end));
		else
			buf_addf(&b, "word%u", draw(5000));
		from = slice_cut(from, end + 1, from.len);
		buf_byte(&b, ' ');
	}
	from = arena_copy(&arena, buf_slice(&b));
	buf_release(&b);
	return from;
}

static struct slice joined(struct slice a, struct slice b)
{
	struct buf x = BUF_INIT(1 << 20);

	buf_add(&x, a);
	buf_text(&x, "\n\n");
	buf_add(&x, b);
	a = arena_copy(&arena, buf_slice(&x));
	buf_release(&x);
	return a;
}

static double exactly(struct slice a, struct slice b)
{
	struct shingles x, y;

	sketch_shingles(a, &arena, &x);
	sketch_shingles(b, &arena, &y);
	assert_true(shingles_alike(&x, &y) == shingles_alike(&y, &x));
	return shingles_alike(&x, &y);
}

static double about(struct slice a, struct slice b)
{
	struct sketch_text x, y;
	struct sketch s, t;

	sketch_text(SLICE(""), a, &arena, &x);
	sketch_text(SLICE(""), b, &arena, &y);
	sketch_make(&x.shingles, &s);
	sketch_make(&y.shingles, &t);
	return sketch_alike(&s, &t);
}

static bool twins(const char *title, struct slice a, const char *other,
                  struct slice b)
{
	struct sketch_text x, y;
	double alike, back;
	bool is;

	sketch_text(slice_of(title), a, &arena, &x);
	sketch_text(slice_of(other), b, &arena, &y);
	is = sketch_twins(&x, &y, &alike);
	assert_true(is == sketch_twins(&y, &x, &back) && alike == back);
	return is;
}

static int end(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

/* The error of the estimate, over lengths and likenesses: mean and square. */
static void an_estimate_is_as_good_as_the_header_says(void **state)
{
	static const unsigned lengths[] = { 40, 100, 300, 2000 };
	double sum, square, worst = 0;
	unsigned i, j;

	(void)state;
	for (i = 0; i < 4; i++) {
		sum = square = 0;
		for (j = 0; j < 400; j++) {
			struct slice a = words(SLICE(""), lengths[i], 0);
			struct slice b = words(a, lengths[i], draw(8));
			double j_ = exactly(a, b), e = about(a, b) - j_;

			sum += e;
			square += e * e;
			if (fabs(e) > worst)
				worst = fabs(e);
			arena_reset(&arena);
		}
		/* No bias, and a deviation that no J exceeds: .5 / sqrt(128). */
		assert_true(fabs(sum / 400) < .01);
		assert_true(sqrt(square / 400) < .045);
	}
	assert_true(worst < .2);
}

static void what_is_equal_but_for_marks_is_equal(void **state)
{
	(void)state;
	assert_true(exactly(SLICE("# Disk *full*\n\nsee [the page](http://a/b) "
	                          "now, please"),
	                    SLICE("disk FULL see the page now please")) == 1);
	assert_true(exactly(SLICE("one two three four"),
	                    SLICE("four three two one")) == 0);
	assert_true(exactly(SLICE("too few words"), SLICE("too few words")) ==
	            0);
	assert_true(exactly(SLICE(""), SLICE("")) == 0);
}

static void a_footer_splits_no_twins(void **state)
{
	static const char *const footer =
	        "Printed on 3 May from the wiki of the storage team. This page "
	        "was last changed by two people. Imprint and privacy";
	unsigned i;

	(void)state;
	for (i = 0; i < 50; i++) {
		struct slice page = words(SLICE(""), 80 + 20 * i, 0);

		assert_true(twins("Disk full", page, "Disk full",
		                  joined(page, slice_of(footer))));
		assert_true(twins("Disk full", page,
		                  "Disk full (printable version)",
		                  joined(page, slice_of(footer))));
		arena_reset(&arena);
	}
}

/* The same skeleton, another subject in one sentence of ten. */
static void templates_are_no_twins(void **state)
{
	unsigned i;

	(void)state;
	for (i = 0; i < 50; i++) {
		struct slice skeleton = words(SLICE(""), 200, 0);
		struct slice one = joined(skeleton, words(SLICE(""), 15, 0));
		struct slice other = joined(skeleton, words(SLICE(""), 15, 0));

		assert_false(
		        twins("Disk is full", one, "Memory is full", other));
		/* Under one title they are two states of one page. */
		assert_true(twins("Disk is full", one, "Disk is full", other) ==
		            (exactly(one, other) >= .85));
		arena_reset(&arena);
	}
}

static void short_texts_must_be_nearly_equal(void **state)
{
	struct slice stub = words(SLICE(""), 12, 0);
	struct slice page = words(SLICE(""), 40, 0);

	(void)state;
	assert_false(twins("To do", stub, "To do", stub));
	assert_true(twins("A page", page, "A page", page));
	assert_false(twins("A page", page, "A page",
	                   joined(page, SLICE("and a few words more"))));
}

static void chinese_and_korean_have_words_too(void **state)
{
	static const char *const chinese =
	        "磁盘已满时先检查日志目录的大小，再确认轮转任务是否仍在运行。"
	        "如果轮转任务停止，请重新启动它，并删除三十天以前的压缩日志。"
	        "仍然没有空间时，联系存储组申请扩容，同时在值班频道里通知所有人"
	        "。";
	static const char *const korean =
	        "디스크가 가득 차면 먼저 로그 폴더의 크기를 확인하고 순환 "
	        "작업이 아직 "
	        "돌고 있는지 살펴본다. 작업이 멈추었으면 다시 시작하고 서른 "
	        "날이 지난 "
	        "압축 로그를 지운다. 그래도 공간이 없으면 저장소 팀에 증설을 "
	        "요청한다.";

	(void)state;
	assert_true(twins("磁盘已满", slice_of(chinese), "磁盘已满",
	                  joined(slice_of(chinese), SLICE("打印版"))));
	assert_true(twins("디스크", slice_of(korean), "디스크",
	                  joined(slice_of(korean), SLICE("인쇄용"))));
	assert_false(
	        twins("磁盘", slice_of(chinese), "디스크", slice_of(korean)));
	/* Full width and compatibility forms are the same words. */
	assert_true(exactly(SLICE("ＮＧＩＮＸ says ５０２ again"),
	                    SLICE("nginx says 502 again")) == 1);
}

/* Of pairs that are alike by .85 or more hardly any share no band; few that
 * are alike by half or less share one. */
static void bands_find_what_is_alike(void **state)
{
	unsigned i, j, k, alike = 0, found = 0, other = 0, wrong = 0;

	(void)state;
	for (i = 0; i < 2000; i++) {
		uint32_t x[SKETCH_BANDS], y[SKETCH_BANDS];
		struct slice a = words(SLICE(""), 200, 0);
		struct slice b = words(a, 200, draw(25));
		struct shingles s, t;
		struct sketch one, two;
		double j_ = exactly(a, b);
		bool hit = false;

		sketch_shingles(a, &arena, &s);
		sketch_shingles(b, &arena, &t);
		sketch_make(&s, &one);
		sketch_make(&t, &two);
		sketch_bands(&one, x);
		sketch_bands(&two, y);
		for (j = 0; j < SKETCH_BANDS; j++)
			for (k = 0; k < SKETCH_BANDS; k++)
				hit |= x[j] == y[k];
		alike += j_ >= .85;
		found += j_ >= .85 && hit;
		other += j_ <= .5;
		wrong += j_ <= .5 && hit;
		arena_reset(&arena);
	}
	assert_true(alike > 200 && found * 100 >= alike * 98);
	assert_true(other > 200 && wrong * 100 <= other * 6);
}

/* No twins are passed over for what their sketches say, and what cannot be
 * twins is not even compared. */
static void hope_rules_out_no_twins(void **state)
{
	unsigned i, are = 0, lost = 0, spared = 0;

	(void)state;
	for (i = 0; i < 2000; i++) {
		struct slice a = words(SLICE(""), 60 + draw(300), 0);
		struct slice b = draw(2) ? words(a, 60 + draw(300), 1)
		                         : joined(a, words(SLICE(""), 25, 0));
		struct sketch_text x, y;
		struct sketch s, t;
		double alike;
		bool twin, likely;

		sketch_text(SLICE("Disk"), a, &arena, &x);
		sketch_text(draw(2) ? SLICE("Disk") : SLICE("Memory"), b,
		            &arena, &y);
		sketch_make(&x.shingles, &s);
		sketch_make(&y.shingles, &t);
		twin = sketch_twins(&x, &y, &alike);
		assert_true(sketch_hope(&x, &y) == sketch_hope(&y, &x));
		likely = sketch_alike(&s, &t) >= sketch_hope(&x, &y);
		are += twin;
		lost += twin && !likely;
		spared += !twin && !likely;
		arena_reset(&arena);
	}
	assert_true(are > 300 && lost == 0 && spared > 800);
}

/* They stand in stores. */
static void values_never_change(void **state)
{
	struct shingles s;
	struct sketch sketch, again;
	char bytes[SKETCH_BYTES];
	uint32_t bands[SKETCH_BANDS];
	struct fault f;

	(void)state;
	sketch_shingles(SLICE("Restart the 磁盘 service, then look again."),
	                &arena, &s);
	sketch_make(&s, &sketch);
	sketch_bands(&sketch, bands);
	assert_int_equal(s.count, 5);
	assert_true(s.at[0] == 0x552a4c64664fe0bf);
	assert_int_equal(sketch.bins[0], 0x4b1);
	assert_int_equal(bands[SKETCH_BANDS - 1], 0x2415510f);
	sketch_write(&sketch, bytes);
	assert_true(sketch_read((struct slice){ bytes, sizeof(bytes) }, &again,
	                        &f));
	assert_memory_equal(&sketch, &again, sizeof(sketch));
	assert_false(sketch_read((struct slice){ bytes, 255 }, &again, &f));
	assert_string_equal(f.code, "sketch-size");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_estimate_is_as_good_as_the_header_says),
		cmocka_unit_test(what_is_equal_but_for_marks_is_equal),
		cmocka_unit_test(a_footer_splits_no_twins),
		cmocka_unit_test(templates_are_no_twins),
		cmocka_unit_test(short_texts_must_be_nearly_equal),
		cmocka_unit_test(chinese_and_korean_have_words_too),
		cmocka_unit_test(bands_find_what_is_alike),
		cmocka_unit_test(hope_rules_out_no_twins),
		cmocka_unit_test(values_never_change),
	};

	return cmocka_run_group_tests(tests, NULL, end);
}
