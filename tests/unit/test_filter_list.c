/* The filters' lists of a segment against its columns, in every form and
 * before and after a merge; and ranges against the definition. */

#include "kb/filter_list.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"
#include "kb/filter_verify.h"
#include "kb/index_file.h"
#include "kb/merge.h"
#include "tests/unit/corpus.h"

enum { CHUNK_AND_MORE = FILTER_CHUNK + 1234 };

static void verified(const struct segment *s)
{
	struct fault f;

	if (!filters_verify(s, &f))
		fail_msg("%u passages: %s", s->count, f.text);
}

static void lists_say_what_the_columns_say(void **state)
{
	static const uint32_t sizes[] = { 1, 31, 64, 65, 4000, CHUNK_AND_MORE };
	struct corpus c;
	size_t i, j;

	(void)state;
	for (i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		const struct index *x;

		corpus_make(&c, i + 1, sizes[i]);
		x = made_index(c.made);
		for (j = 0; j < index_segment_count(x); j++)
			verified(index_segment(x, j));
		corpus_release(&c);
	}
}

/* A form for each length: about a chunk of 100,000 passages. */
static void lists_take_every_form(void **state)
{
	static const uint32_t every[] = { 1, 2, 31, 32, 33, 1000, 40000 };
	unsigned forms = 0;
	struct made *x;
	uint32_t n, chunk, i, j;

	(void)state;
	made_open(&x, "plain");
	made_segment(x, "public");
	for (n = 0; n < 100000; n++) {
		char tags[64];
		size_t at = 0;

		for (i = 0; i < sizeof(every) / sizeof(*every); i++)
			if (n % every[i] == 0)
				at += (size_t)snprintf(
				        tags + at, sizeof(tags) - at, "%se%u",
				        at ? " " : "", every[i]);
		made_add(x, &(struct made_passage){ .post = n, .tags = tags });
	}
	for (chunk = 0; chunk < 2; chunk++) {
		const struct segment *s = index_segment(made_index(x), 0);
		struct filter_block b;
		struct fault f;

		assert_true(filter_block_open(&b, s, SECTION_TAGS, chunk, &f));
		assert_int_equal(b.values, sizeof(every) / sizeof(*every));
		for (i = 0; i < b.values; i++) {
			struct slice name =
			        segment_string(s, filter_block_number(&b, i));
			uint64_t words[FILTER_WORDS] = { 0 };
			uint32_t step;

			step = (uint32_t)strtoul(name.at + 1, NULL, 10);
			forms |= 1U << filter_form(filter_block_count(&b, i),
			                           b.size);
			assert_true(filter_block_add(&b, i, words, &f));
			for (j = 0; j < FILTER_CHUNK; j++)
				assert_int_equal(words[j / 64] >> j % 64 & 1,
				                 j < b.size &&
				                         (chunk * FILTER_CHUNK +
				                          j) % step ==
				                                 0);
		}
		assert_int_equal(filter_block_find(&b, 1000000), UINT32_MAX);
	}
	assert_int_equal(forms, 7);
	made_close(x);
}

static void merged_segments_have_the_same(void **state)
{
	struct corpus c;
	uint64_t seed;

	(void)state;
	for (seed = 1; seed < 8; seed++) {
		struct merged merged = { .count = 0 };
		const struct segment *inputs[8];
		struct segment *s;
		const struct index *x;
		char path[100];
		struct fault f;
		size_t i, n;

		corpus_make(&c, seed, 0);
		x = made_index(c.made);
		n = index_segment_count(x);
		for (i = 0; i < n; i++)
			inputs[i] = index_segment(x, i);
		snprintf(path, sizeof(path), "%s/merged", made_folder(c.made));
		assert_true(segment_merge(inputs, n, path, &merged, &f));
		assert_true(segment_open(&s, path, &f));
		verified(s);
		segment_close(s);
		unlink(path);
		free(merged.scores);
		corpus_release(&c);
	}
}

static void ranges_at_every_size(void **state)
{
	static const int32_t ends[] = { INT32_MIN, INT16_MIN, -7,       0,
		                        7,         INT16_MAX, INT32_MAX };
	unsigned char bytes[4 * 200 + 1];
	struct dice d = { 1 };
	uint32_t i, size;
	size_t low, high;

	(void)state;
	for (i = 0; i < sizeof(bytes); i++)
		bytes[i] =
		        (unsigned char)(dice_below(&d, 4) ? dice_throw(&d) : 0);
	for (size = 1; size <= 200; size++)
		for (low = 0; low < 7; low++)
			for (high = low; high < 7; high++) {
				int32_t from = ends[low], to = ends[high], n;
				uint64_t words[FILTER_WORDS];

				filter_range32(bytes + 1, size, from, to,
				               words);
				for (i = 0; i < size; i++) {
					n = (int32_t)load32(bytes + 1 + 4 * i);
					assert_int_equal(
					        words[i / 64] >> i % 64 & 1,
					        n >= from && n <= to);
				}
				if (from < INT16_MIN || to > INT16_MAX)
					continue;
				filter_range16(bytes + 1, size, from, to,
				               words);
				for (i = 0; i < size; i++) {
					n = (int16_t)(bytes[1 + 2 * i] |
					              bytes[2 + 2 * i] << 8);
					assert_int_equal(
					        words[i / 64] >> i % 64 & 1,
					        n >= from && n <= to);
				}
			}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_say_what_the_columns_say),
		cmocka_unit_test(lists_take_every_form),
		cmocka_unit_test(merged_segments_have_the_same),
		cmocka_unit_test(ranges_at_every_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
