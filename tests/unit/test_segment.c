#include "synthetic.h"

#include <unistd.h>

#include "base/file.h"
#include "kb/dictionary.h"
#include "kb/postings.h"

enum { POSTS = 1700, PARTS = 3, COUNT = POSTS * PARTS };

static struct segment *segment;
static char *folder, *path;

static int setup(void **state)
{
	struct builder *b = builder_new(SLICE("public"), "segment");
	struct written written = { 0 };
	struct fault f;

	(void)state;
	folder = scratch_folder();
	path = malloc(200);
	snprintf(path, 200, "%s/segment-1", folder);
	synthetic_build(b, 1, 1 + POSTS, PARTS);
	if (!builder_write(b, path, &index_weights_default, &written, &f) ||
	    !segment_open(&segment, path, &f)) {
		fprintf(stderr, "%s\n", f.text);
		return 1;
	}
	builder_free(b);
	return segment->hash != written.hash || segment->len != written.bytes;
}

static int teardown(void **state)
{
	(void)state;
	segment_close(segment);
	unlink(path);
	rmdir(folder);
	free(path);
	free(folder);
	return 0;
}

static uint64_t key_of(uint32_t doc)
{
	return (1 + doc / PARTS) * 8 + doc % PARTS;
}

/* Every posting of every word, judged by the definition. */
static void lists_hold_what_was_put_in(void **state)
{
	unsigned classes = 0;
	struct fault f;
	size_t i;

	(void)state;
	for (i = 0; i < WORD_COUNT; i++) {
		struct posting_cursor c;
		struct posting p = { 0 };
		uint32_t doc, df = 0, word = synthetic_words[i];
		bool found, more;
		char term[16];

		snprintf(term, sizeof(term), "w%u", word);
		assert_true(
		        posting_open(&c, segment, slice_of(term), &found, &f));
		assert_true(found);
		classes |= 1U << c.class_;
		for (doc = 0; doc < COUNT; doc++) {
			uint32_t tf[FIELD_COUNT], any = 0;
			int field;

			for (field = 0; field < FIELD_COUNT; field++)
				any |= tf[field] =
				        synthetic_tf(key_of(doc), word, field);
			if (!any)
				continue;
			assert_true(posting_next(&c, &p, &more, &f));
			assert_true(more);
			assert_int_equal(p.doc, doc);
			assert_memory_equal(p.tf, tf, sizeof(tf));
			df++;
		}
		assert_true(posting_next(&c, &p, &more, &f));
		assert_false(more);
		assert_int_equal(c.df, df);
		assert_int_equal(c.live_df, df);
	}
	assert_int_equal(classes, 1U << LIST_SHORT | 1U << LIST_MIDDLE |
	                                  1U << LIST_DENSE);
}

static void every_term_is_found_and_no_other(void **state)
{
	struct posting_cursor c;
	struct posting p;
	bool found, more;
	struct fault f;
	uint32_t doc;
	char term[32];

	(void)state;
	for (doc = 0; doc < COUNT; doc++) {
		snprintf(term, sizeof(term), "only%llu",
		         (unsigned long long)key_of(doc));
		assert_true(
		        posting_open(&c, segment, slice_of(term), &found, &f));
		assert_true(found);
		assert_int_equal(c.class_, LIST_SINGLE);
		assert_true(posting_next(&c, &p, &more, &f));
		assert_true(more);
		assert_int_equal(p.doc, doc);
		assert_int_equal(p.tf[FIELD_BODY], 1);
		assert_true(posting_next(&c, &p, &more, &f));
		assert_false(more);
		snprintf(term, sizeof(term), "only%llux",
		         (unsigned long long)key_of(doc));
		assert_true(
		        posting_open(&c, segment, slice_of(term), &found, &f));
		assert_false(found);
	}
	assert_true(posting_open(&c, segment, SLICE(""), &found, &f));
	assert_false(found);
	assert_true(posting_open(&c, segment, SLICE("\xff\xff"), &found, &f));
	assert_false(found);
}

static void terms_walk_in_order(void **state)
{
	char before[TOKEN_MAX];
	struct slice last = { before, 0 };
	struct term_walk w;
	uint64_t n = 0;
	struct fault f;
	bool more;

	(void)state;
	term_walk_start(&w, segment);
	for (;;) {
		assert_true(term_walk_next(&w, &more, &f));
		if (!more)
			break;
		assert_true(slice_cmp(last, w.term) < 0);
		memcpy(before, w.term.at, w.term.len);
		last.len = w.term.len;
		n++;
	}
	assert_int_equal(n, segment->terms);
	assert_true(n > COUNT);
}

static void passages_come_back(void **state)
{
	struct arena a = ARENA_INIT;
	uint64_t sum = 0;
	struct fault f;
	uint32_t doc, i;

	(void)state;
	for (doc = 0; doc < COUNT; doc++) {
		struct post_row *post = synthetic_post(&a, 1 + doc / PARTS);
		uint32_t lengths[FIELD_COUNT];
		uint64_t key = key_of(doc);
		struct entry e;

		assert_true(segment_entry(segment, doc, &e, &f));
		assert_int_equal(e.post, post->id);
		assert_int_equal(e.part, doc % PARTS ? 1000 + key : 0);
		assert_int_equal(e.kind, doc % PARTS ? PASSAGE_ANSWER
		                                     : PASSAGE_QUESTION);
		assert_int_equal(e.to, mix(key) % 5000);
		assert_int_equal(e.changed, key + 1);
		assert_true(e.modified ==
		            (key % 9 ? (int64_t)(1500000000000 + key * 977)
		                     : CLOCK_NONE));
		assert_true(slice_eq(segment_string(segment, e.space),
		                     post->space));
		assert_true(slice_eq(segment_string(segment, e.language),
		                     post->language));
		assert_int_equal(segment_string(segment, e.class).len, 0);
		assert_int_equal(e.tag_count, post->tag_count);
		for (i = 0; i < e.tag_count; i++)
			assert_true(slice_eq(
			        segment_string(
			                segment,
			                segment_tag(segment, e.first_tag + i)),
			        post->tags[i]));
		assert_int_equal(e.service_count, post->services.len ? 2 : 0);
		if (e.service_count)
			assert_true(slice_eq(
			        segment_string(
			                segment,
			                segment_service(segment,
			                                e.first_service + 1)),
			        SLICE("S3")));
		assert_true(segment_lengths(segment, doc, lengths, &f));
		sum += lengths[FIELD_BODY];
		arena_reset(&a);
	}
	assert_int_equal(sum, segment_length_sum(segment, FIELD_BODY));
	arena_release(&a);
}

static void strings_have_numbers(void **state)
{
	uint32_t n = segment_string_number(segment, SLICE("tag7"));

	(void)state;
	assert_true(slice_eq(segment_string(segment, n), SLICE("tag7")));
	assert_int_equal(segment_string_number(segment, SLICE("tag700")),
	                 UINT32_MAX);
	assert_true(slice_eq(segment_label(segment), SLICE("public")));
}

static void passages_are_found_by_post_and_part(void **state)
{
	struct fault f;
	uint32_t doc, i;

	(void)state;
	for (i = 0; i < COUNT; i += 7) {
		int64_t part = i % PARTS ? (int64_t)(1000 + key_of(i)) : 0;

		assert_true(
		        segment_find(segment, 1 + i / PARTS, part, &doc, &f));
		assert_int_equal(doc, i);
		assert_true(segment_find(segment, 1 + i / PARTS, part + 1, &doc,
		                         &f));
		assert_int_equal(doc, i + 1);
	}
	assert_true(segment_find(segment, 0, 0, &doc, &f));
	assert_int_equal(doc, 0);
	assert_true(segment_find(segment, POSTS + 1, 0, &doc, &f));
	assert_int_equal(doc, COUNT);
}

/* Dead passages leave the lists, and the frequencies, exactly. */
static void dead_passages_do_not_count(void **state)
{
	unsigned char *dead = calloc(COUNT / 64 + 1, 8);
	struct fault f;
	uint32_t doc;
	size_t i;

	(void)state;
	for (doc = 0; doc < COUNT; doc++)
		if (mix(doc) % 5 == 0) {
			dead[doc / 8] |= (unsigned char)(1U << doc % 8);
			segment->over.dead_count++;
		}
	segment->over.dead = dead;
	for (i = 0; i < WORD_COUNT; i++) {
		struct posting_cursor c;
		struct posting p;
		uint32_t df = 0;
		bool found, more;
		char term[16];

		snprintf(term, sizeof(term), "w%u", synthetic_words[i]);
		assert_true(
		        posting_open(&c, segment, slice_of(term), &found, &f));
		for (;;) {
			assert_true(posting_next(&c, &p, &more, &f));
			if (!more)
				break;
			assert_true(mix(p.doc) % 5 != 0);
			df++;
		}
		assert_true(df < c.df);
		assert_int_equal(df, c.live_df);
	}
	segment->over = (struct overlay){ 0 };
	free(dead);
}

static void an_empty_segment_is_fine(void **state)
{
	struct builder *b = builder_new(SLICE(""), NULL);
	struct posting_cursor c;
	struct written written = { 0 };
	struct segment *s;
	struct fault f;
	bool found;
	char name[200];

	(void)state;
	snprintf(name, sizeof(name), "%s/empty", folder);
	assert_true(
	        builder_write(b, name, &index_weights_default, &written, &f));
	assert_true(segment_open(&s, name, &f));
	assert_int_equal(segment_count(s), 0);
	assert_true(posting_open(&c, s, SLICE("a"), &found, &f));
	assert_false(found);
	segment_close(s);
	builder_free(b);
	unlink(name);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_hold_what_was_put_in),
		cmocka_unit_test(every_term_is_found_and_no_other),
		cmocka_unit_test(terms_walk_in_order),
		cmocka_unit_test(passages_come_back),
		cmocka_unit_test(strings_have_numbers),
		cmocka_unit_test(passages_are_found_by_post_and_part),
		cmocka_unit_test(dead_passages_do_not_count),
		cmocka_unit_test(an_empty_segment_is_fine),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
