/* Stage 1 against a scorer written from the definition, on a small index. */

#include "kb/search.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/memory.h"
#include "tests/unit/made_index.h"

static const struct made_passage disk = {
	.post = 1,
	.title = "disk full",
	.tags = "linux disk",
	.body = "the disk is full and the log grows",
	.space = "a.example",
	.post_kind = "question",
	.language = "en",
	.score = 7,
};

/* The index, a search in it, and what to release. */
struct fixture {
	struct made *x;
	struct arena a;
	struct search_query q;
	struct search_result r;
	struct fault f;
};

static void start(struct fixture *t)
{
	*t = (struct fixture){ .q.k = 10 };
	made_open(&t->x, "plain");
}

static bool find(struct fixture *t, const char *text,
                 const struct reader *reader)
{
	struct searcher *searcher = searcher_new();
	bool done;

	t->q.text = slice_of(text);
	done = search(searcher, made_index(t->x), made_analyzer(t->x), reader,
	              &t->q, &t->a, &t->r, &t->f);
	searcher_free(searcher);
	return done;
}

static void stop(struct fixture *t)
{
	made_close(t->x);
	arena_release(&t->a);
}

static double grid(double x)
{
	return (x + 6144.0) - 6144.0;
}

static void test_score_by_hand(void **state)
{
	struct fixture t;
	double n = 2, avg = 2 * 5 + 2 + 1 + 20, len = 2 * 2 + 2 + 8, K, want;

	(void)state;
	start(&t);
	made_segment(t.x, "public");
	made_add(t.x, &disk);
	made_add(t.x, &(struct made_passage){ .post = 2, .body = "the net" });
	assert_true(find(&t, "Disk log disk absent", &reader_all));
	assert_int_equal(t.r.count, 1);
	assert_int_equal(t.r.passages, 2);
	K = 1.2 * (1 - 0.75 + 0.75 * len / avg);
	/* disk: twice the title's, the tag's, the body's; log: the body's. */
	want = grid(log(1 + (n - 1 + 0.5) / 1.5) * (4 / (4 + K))) +
	       grid(log(1 + (n - 1 + 0.5) / 1.5) * (1 / (1 + K))) +
	       0.1 * log(8);
	assert_true(fabs(t.r.hits[0].score - want) < 1e-9);
	assert_int_equal(t.r.hits[0].votes, 7);
	assert_int_equal(t.r.term_count, 2);
	assert_true(slice_eq(t.r.terms[0], SLICE("disk")));
	stop(&t);
}

static void test_plain_measures_averages(void **state)
{
	struct fixture t;
	double avg = (12.0 + 2.0) / 2, K = 1.2 * (0.25 + 0.75 * 12 / avg);
	/* title 1, tags 1, body 1 of 12 tokens: tf 3 */
	double want = log(1 + 1.5 / 1.5) * (3 / (3 + K));

	(void)state;
	start(&t);
	made_segment(t.x, "public");
	made_add(t.x, &disk);
	made_add(t.x, &(struct made_passage){ .post = 2, .body = "the net" });
	made_add(t.x, &(struct made_passage){ .post = 3,
	                                      .body = "disk disk disk",
	                                      .dead = true });
	t.q.plain = true;
	assert_true(find(&t, "disk", &reader_all));
	assert_int_equal(t.r.count, 1);
	assert_true(fabs(t.r.hits[0].score - want) < 1e-9);
	stop(&t);
}

static void add_body(struct made *x, int64_t post, int64_t part,
                     enum passage_kind kind, const char *body)
{
	made_add(x, &(struct made_passage){ .post = post,
	                                    .part = part,
	                                    .kind = kind,
	                                    .body = body });
}

static void test_ties_fall_by_post_and_part(void **state)
{
	static const int64_t want[][2] = {
		{ 1, 0 }, { 1, 5 }, { 2, 0 }, { 3, 0 }, { 3, 4 }
	};
	struct fixture t;
	size_t i, k;

	(void)state;
	start(&t);
	/* Two segments whose documents' numbers say the opposite. */
	made_segment(t.x, "public");
	add_body(t.x, 2, 0, PASSAGE_SECTION, "same words");
	add_body(t.x, 3, 0, PASSAGE_SECTION, "same words");
	add_body(t.x, 3, 4, PASSAGE_SECTION, "same words");
	made_segment(t.x, "public");
	add_body(t.x, 1, 0, PASSAGE_SECTION, "same words");
	add_body(t.x, 1, 5, PASSAGE_SECTION, "same words");
	for (k = 1; k <= 5; k++) {
		t.q.k = (uint32_t)k;
		assert_true(find(&t, "words", &reader_all));
		assert_int_equal(t.r.count, k);
		for (i = 0; i < k; i++) {
			assert_int_equal(t.r.hits[i].entry.post, want[i][0]);
			assert_int_equal(t.r.hits[i].entry.part, want[i][1]);
		}
	}
	stop(&t);
}

static void test_best_passage_of_each_post(void **state)
{
	struct fixture t;

	(void)state;
	start(&t);
	made_segment(t.x, "public");
	add_body(t.x, 1, 0, PASSAGE_QUESTION, "disk and much else beside it");
	add_body(t.x, 1, 7, PASSAGE_ACCEPTED, "disk disk");
	add_body(t.x, 2, 0, PASSAGE_QUESTION, "disk and more of other things");
	t.q.by_post = true;
	assert_true(find(&t, "disk", &reader_all));
	assert_int_equal(t.r.count, 2);
	assert_int_equal(t.r.hits[0].entry.part, 7);
	assert_int_equal(t.r.hits[1].entry.post, 2);
	t.q.k = 1;
	assert_true(find(&t, "disk", &reader_all));
	assert_int_equal(t.r.count, 1);
	assert_int_equal(t.r.hits[0].entry.part, 7);
	stop(&t);
}

static void test_what_may_not_be_read_has_no_influence(void **state)
{
	struct fixture t;
	double score;

	(void)state;
	start(&t);
	made_segment(t.x, "public");
	made_add(t.x, &disk);
	add_body(t.x, 2, 0, PASSAGE_SECTION, "net");
	assert_true(find(&t, "disk", &reader_public));
	score = t.r.hits[0].score;
	made_segment(t.x, "staff");
	add_body(t.x, 3, 0, PASSAGE_SECTION, "disk secret");
	add_body(t.x, 4, 0, PASSAGE_SECTION, "disk secret again");

	assert_true(find(&t, "disk", &reader_public));
	assert_int_equal(t.r.count, 1);
	assert_int_equal(t.r.passages, 2);
	assert_true(t.r.hits[0].score == score);
	assert_true(find(&t, "secret", &reader_public));
	assert_int_equal(t.r.count, 0);
	assert_int_equal(t.r.term_count, 0);
	assert_true(find(&t, "secret", NULL));
	assert_int_equal(t.r.count, 0);
	assert_true(find(&t, "secret", &reader_all));
	assert_int_equal(t.r.count, 2);
	stop(&t);
}

static void test_more_terms_than_count(void **state)
{
	struct fixture t;
	char text[2048], rare[16];
	size_t i, at = 0;

	(void)state;
	start(&t);
	made_segment(t.x, "public");
	/* w00 .. w69, of which w00 .. w04 are in two passages. */
	for (i = 0; i < 70; i++)
		at += (size_t)snprintf(text + at, sizeof(text) - at, "w%02zu ",
		                       i);
	add_body(t.x, 1, 0, PASSAGE_SECTION, text);
	add_body(t.x, 2, 0, PASSAGE_SECTION, "w00 w01 w02 w03 w04");
	assert_true(find(&t, text, &reader_all));
	assert_int_equal(t.r.term_count, LIMIT_QUERY_TERMS);
	assert_int_equal(t.r.terms_dropped, 6);
	/* The 65 rare ones go by bytes: w69 is out, and so are the common. */
	assert_int_equal(t.r.count, 1);
	for (i = 0; i < t.r.term_count; i++) {
		snprintf(rare, sizeof(rare), "w%02zu", i + 5);
		assert_true(slice_eq(t.r.terms[i], slice_of(rare)));
	}
	stop(&t);
}

static void test_impossible_queries(void **state)
{
	struct fixture t;
	char *huge = memory_new(LIMIT_QUERY + 2, 1);

	(void)state;
	start(&t);
	made_segment(t.x, "public");
	made_add(t.x, &disk);
	assert_false(find(&t, "", &reader_all));
	assert_int_equal(t.f.kind, FAULT_USAGE);
	assert_string_equal(t.f.code, "query-empty");
	assert_false(find(&t, " ?! \n", &reader_all));
	assert_int_equal(t.f.kind, FAULT_USAGE);
	memset(huge, 'x', LIMIT_QUERY + 1);
	assert_false(find(&t, huge, &reader_all));
	assert_int_equal(t.f.kind, FAULT_LIMIT);
	t.q.k = 0;
	assert_false(find(&t, "disk", &reader_all));
	t.q.k = LIMIT_RESULTS + 1;
	assert_false(find(&t, "disk", &reader_all));
	assert_int_equal(t.f.kind, FAULT_USAGE);
	free(huge);
	stop(&t);
}

static void test_a_megabyte_of_words(void **state)
{
	struct fixture t;
	char *text = memory_new(LIMIT_QUERY + 1, 1);
	size_t i, at = 0;

	(void)state;
	start(&t);
	made_segment(t.x, "public");
	made_add(t.x, &disk);
	for (i = 0; i + 1 < LIMIT_QUERY_WORDS; i++)
		at += (size_t)snprintf(text + at, 16, "word%zu ", i);
	at += (size_t)snprintf(text + at, 16, "disk ");
	assert_true(find(&t, text, &reader_all));
	assert_int_equal(t.r.count, 1);
	assert_int_equal(t.r.terms_dropped, 0);
	for (; at + 16 < LIMIT_QUERY; i++)
		at += (size_t)snprintf(text + at, 16, "word%zu ", i);
	assert_true(find(&t, text, &reader_all));
	assert_int_equal(t.r.count, 1);
	assert_int_equal(t.r.terms_dropped, i + 1 - LIMIT_QUERY_WORDS);
	free(text);
	stop(&t);
}

static void test_prior_of_votes_and_acceptance(void **state)
{
	struct fixture t;

	(void)state;
	start(&t);
	made_segment(t.x, "public");
	made_add(t.x, &(struct made_passage){ .post = 1,
	                                      .part = 1,
	                                      .kind = PASSAGE_ANSWER,
	                                      .body = "same",
	                                      .score = -5 });
	made_add(t.x, &(struct made_passage){ .post = 1,
	                                      .part = 2,
	                                      .kind = PASSAGE_ANSWER,
	                                      .body = "same",
	                                      .score = 3 });
	made_add(t.x, &(struct made_passage){ .post = 1,
	                                      .part = 3,
	                                      .kind = PASSAGE_ACCEPTED,
	                                      .body = "same",
	                                      .score = 3 });
	assert_true(find(&t, "same", &reader_all));
	assert_int_equal(t.r.hits[0].entry.part, 3);
	assert_int_equal(t.r.hits[1].entry.part, 2);
	assert_true(fabs(t.r.hits[0].score - t.r.hits[1].score - 0.2) < 1e-12);
	assert_true(fabs(t.r.hits[1].score - t.r.hits[2].score - 0.1 * log(4)) <
	            1e-12);
	t.q.plain = true;
	assert_true(find(&t, "same", &reader_all));
	assert_true(t.r.hits[0].score == t.r.hits[2].score);
	stop(&t);
}

static uint32_t next(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 16;
}

static void fill(struct made *x, uint32_t *seed)
{
	char body[256];
	int64_t post;

	for (post = 1; post <= 120; post++) {
		size_t at = 0, n = 1 + next(seed) % 30;

		while (n--)
			at += (size_t)snprintf(
			        body + at, sizeof(body) - at, "t%u ",
			        next(seed) % (next(seed) % 40 + 1));
		if (post % 40 == 1)
			made_segment(x, "public");
		made_add(x,
		         &(struct made_passage){ .post = post,
		                                 .title = "t1 t2",
		                                 .body = body,
		                                 .score = next(seed) % 20,
		                                 .dead = next(seed) % 8 == 0 });
	}
}

static void test_small_k_is_the_head_of_large_k(void **state)
{
	struct fixture t;
	uint32_t seed = 1;
	size_t i, round;

	(void)state;
	start(&t);
	fill(t.x, &seed);
	for (round = 0; round < 200; round++) {
		struct search_result all;
		char text[64];

		snprintf(text, sizeof(text), "t%u t%u t%u", next(&seed) % 40,
		         next(&seed) % 40, next(&seed) % 40);
		t.q.k = LIMIT_RESULTS;
		assert_true(find(&t, text, &reader_all));
		all = t.r;
		t.q.k = 1 + next(&seed) % 10;
		assert_true(find(&t, text, &reader_all));
		assert_true(t.r.count <= all.count);
		for (i = 0; i < t.r.count; i++) {
			assert_int_equal(t.r.hits[i].entry.post,
			                 all.hits[i].entry.post);
			assert_true(t.r.hits[i].score == all.hits[i].score);
		}
		arena_reset(&t.a);
	}
	stop(&t);
}

/* One filter against three passages: a bit for each that must be found. */
struct filter_case {
	const char *key, *value;
	unsigned found; /* FAULT: the filter is malformed */
};

enum { MALFORMED = 1 << 30 };

static const struct filter_case filter_cases[] = {
	{ "space", "a.example", 3 },
	{ "space", "A.Example/", 3 },
	{ "space", "b.example", 4 },
	{ "space", "c.example", 0 },
	{ "space", "", MALFORMED },
	{ "kind", "question", 3 },
	{ "kind", "page", 4 },
	{ "kind", "answer", MALFORMED },
	{ "tag", "linux", 1 },
	{ "tag", "DISK", 5 },
	{ "tag", "none", 0 },
	{ "lang", "en", 1 },
	{ "lang", "zh", 2 },
	{ "lang", "zh-CN", 2 },
	{ "lang", "zh-TW", 0 },
	{ "lang", "z", 0 },
	{ "class", "network", 4 },
	{ "service", "ec2", 4 },
	{ "service", "rds", 4 },
	{ "service", "ec", 0 },
	{ "accepted", "yes", 2 },
	{ "accepted", "no", 5 },
	{ "accepted", "maybe", MALFORMED },
	{ "score", "1..", 3 },
	{ "score", "7..7", 1 },
	{ "score", "..0", 4 },
	{ "score", "-3..2", 6 },
	{ "score", "..", MALFORMED },
	{ "score", "5", MALFORMED },
	{ "score", "9..1", MALFORMED },
	{ "score", "a..b", MALFORMED },
	{ "date", "2024-01-31..", 2 },
	{ "date", "..2024-01-30", 1 },
	{ "date", "2024-01-31..2024-01-31", 2 },
	{ "date", "2024-01-30..2024-01-31", 3 },
	{ "date", "2024-02-30..", MALFORMED },
	{ "date", "yesterday..", MALFORMED },
	{ "date", "2024..2025", MALFORMED },
	{ "owner", "me", MALFORMED },
};

static void fill_filtered(struct made *x)
{
	struct made_passage p = disk;
	int64_t day = 0;

	assert_true(clock_read(SLICE("2024-01-31"), &day));
	p.modified = day - 1;
	made_segment(x, "public");
	made_add(x, &p);
	p.part = 4;
	p.kind = PASSAGE_ACCEPTED;
	p.tags = "";
	p.language = "zh-CN";
	p.score = 2;
	p.modified = day + 24 * 3600 * 1000 - 1;
	made_add(x, &p);
	p = (struct made_passage){ .post = 2,
		                   .kind = PASSAGE_SECTION,
		                   .tags = "disk",
		                   .body = "disk",
		                   .space = "b.example",
		                   .post_kind = "page",
		                   .class = "network",
		                   .service = "ec2 rds",
		                   .score = -3 };
	made_add(x, &p);
}

static void test_filters(void **state)
{
	struct fixture t;
	size_t i, j;

	(void)state;
	start(&t);
	fill_filtered(t.x);
	for (i = 0; i < sizeof(filter_cases) / sizeof(*filter_cases); i++) {
		const struct filter_case *c = &filter_cases[i];
		struct search_filter filter = { slice_of(c->key),
			                        slice_of(c->value) };
		unsigned found = 0;

		t.q.filters = &filter;
		t.q.filter_count = 1;
		if (!find(&t, "disk", &reader_all)) {
			assert_int_equal(t.f.kind, FAULT_USAGE);
			assert_false(search_filter_check(&filter, &t.f));
			found = MALFORMED;
		} else {
			for (j = 0; j < t.r.count; j++)
				found |= 1u << t.r.hits[j].doc;
		}
		if (found != c->found)
			fail_msg("%s=%s finds %x, not %x", c->key, c->value,
			         found, c->found);
	}
	stop(&t);
}

static void test_filters_must_all_hold(void **state)
{
	static const struct search_filter filters[] = {
		{ { "space", 5 }, { "a.example", 9 } },
		{ { "score", 5 }, { "..5", 3 } },
		{ { "tag", 3 }, { "linux", 5 } },
	};
	struct fixture t;

	(void)state;
	start(&t);
	fill_filtered(t.x);
	t.q.filters = filters;
	t.q.filter_count = 2;
	assert_true(find(&t, "disk", &reader_all));
	assert_int_equal(t.r.count, 1);
	assert_int_equal(t.r.hits[0].doc, 1);
	assert_int_equal(t.r.passages, 3); /* filters leave N alone */
	t.q.filter_count = 3;
	assert_true(find(&t, "disk", &reader_all));
	assert_int_equal(t.r.count, 0);
	stop(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_score_by_hand),
		cmocka_unit_test(test_plain_measures_averages),
		cmocka_unit_test(test_ties_fall_by_post_and_part),
		cmocka_unit_test(test_best_passage_of_each_post),
		cmocka_unit_test(test_what_may_not_be_read_has_no_influence),
		cmocka_unit_test(test_more_terms_than_count),
		cmocka_unit_test(test_impossible_queries),
		cmocka_unit_test(test_a_megabyte_of_words),
		cmocka_unit_test(test_prior_of_votes_and_acceptance),
		cmocka_unit_test(test_small_k_is_the_head_of_large_k),
		cmocka_unit_test(test_filters),
		cmocka_unit_test(test_filters_must_all_hold),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
