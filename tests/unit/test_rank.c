/* Stage 2 on passages of a few words. */

#include "kb/rank.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "tests/unit/made_index.h"

struct fixture {
	struct made *x;
	struct ranker *ranker;
	struct arena a;
	struct search_result found;
	struct rank_item items[16];
	size_t count;
	struct buf did;
};

/* Of the bodies, if they have any. */
static const char *const *titles;

static const char *title_of(int64_t post)
{
	return titles ? titles[post - 1] : "";
}

/* An index of these bodies; posts count from 1. */
static void start(struct fixture *t, const char *const *bodies)
{
	int64_t post;

	*t = (struct fixture){ .did = BUF_INIT(256) };
	t->ranker = ranker_new();
	made_open(&t->x, "plain");
	made_segment(t->x, "public");
	for (post = 1; bodies[post - 1]; post++)
		made_add(t->x,
		         &(struct made_passage){ .post = post,
		                                 .kind = PASSAGE_SECTION,
		                                 .title = title_of(post),
		                                 .body = bodies[post - 1] });
}

static void run(struct fixture *t, const char *const *bodies, const char *query,
                bool fold)
{
	struct search_query q = { .text = slice_of(query), .k = 16 };
	struct rank_request r = { .query = q.text,
		                  .index = made_index(t->x),
		                  .reader = &reader_all,
		                  .analyzer = made_analyzer(t->x),
		                  .found = &t->found,
		                  .fold = fold };
	struct searcher *searcher = searcher_new();
	struct fault f;
	size_t i;

	assert_true(search(searcher, made_index(t->x), made_analyzer(t->x),
	                   &reader_all, &q, &t->a, &t->found, &f));
	searcher_free(searcher);
	for (i = 0; i < t->found.count; i++)
		t->items[i] = (struct rank_item){
			.hit = t->found.hits[i],
			.title =
			        slice_of(title_of(t->found.hits[i].entry.post)),
			.body = slice_of(
			        bodies[t->found.hits[i].entry.post - 1]),
			.number = i,
		};
	t->count = t->found.count;
	assert_true(
	        rank_items(t->ranker, &r, t->items, &t->count, &t->did, &f));
}

static void stop(struct fixture *t)
{
	ranker_free(t->ranker);
	made_close(t->x);
	arena_release(&t->a);
	buf_release(&t->did);
}

static void test_neighbours_come_first(void **state)
{
	static const char *const bodies[] = {
		"lock the door and then go to the state of mind",
		"the state lock of the door and then go to mind",
		"the lock state of the door and then go to mind", NULL
	};
	struct fixture t;

	(void)state;
	start(&t, bodies);
	run(&t, bodies, "state lock", false);
	assert_int_equal(t.count, 3);
	assert_true(t.items[0].hit.score == t.items[2].hit.score);
	assert_int_equal(t.items[0].hit.entry.post, 2);
	assert_int_equal(t.items[1].hit.entry.post, 3);
	assert_int_equal(t.items[2].hit.entry.post, 1);
	assert_string_equal(buf_string(&t.did),
	                    "best 3 again by proximity and feedback");
	stop(&t);
}

/* 3 and 4 match the query alike; 3 shares a word with the best two. */
static void test_feedback_favours_what_is_like_the_best(void **state)
{
	static const char *const bodies[] = { "disk disk inode",
		                              "disk disk inode x",
		                              "disk a b c inode",
		                              "disk a b c other",
		                              "none",
		                              "nothing",
		                              "never",
		                              NULL };
	struct fixture t;

	(void)state;
	start(&t, bodies);
	run(&t, bodies, "disk", false);
	assert_int_equal(t.count, 4);
	assert_int_equal(t.items[2].hit.entry.post, 3);
	assert_true(t.items[2].hit.score == t.items[3].hit.score);
	assert_true(t.items[2].hit.rank > t.items[3].hit.rank);
	assert_string_equal(buf_string(&t.did), "best 4 again by feedback");
	stop(&t);
}

static void test_near_duplicates_fold_into_the_better(void **state)
{
	static const char *const bodies[] = {
		"a b c d e f g h i j k l m n o p disk",
		"disk space is what this one is about and nothing else at all "
		"but disk space and inodes too",
		"a b c d e f g h i j k l m n o p disk q",
		"short disk",
		"short disk",
		NULL
	};
	struct fixture t;
	size_t i, similar = 0;

	(void)state;
	start(&t, bodies);
	run(&t, bodies, "disk", true);
	assert_int_equal(t.count, 4); /* the short ones are too short to say */
	for (i = 0; i < t.count; i++) {
		assert_int_not_equal(t.items[i].hit.entry.post, 3);
		if (t.items[i].hit.entry.post == 1)
			similar = t.items[i].similar;
	}
	assert_int_equal(similar, 1);
	assert_non_null(strstr(buf_string(&t.did), "1 near-duplicate folded"));
	stop(&t);
}

static void test_pages_of_one_template_stay_apart(void **state)
{
	static const char *const bodies[] = {
		"a b c d e f g h i j k l m n o p disk",
		"a b c d e f g h i j k l m n o p disk q", NULL
	};
	static const char *const apart[] = { "disk full", "memory low" };
	static const char *const together[] = { "disk full",
		                                "disk full in print" };
	struct fixture t;

	(void)state;
	titles = apart;
	start(&t, bodies);
	run(&t, bodies, "disk", true);
	assert_int_equal(t.count, 2);
	stop(&t);
	titles = together;
	start(&t, bodies);
	run(&t, bodies, "disk", true);
	assert_int_equal(t.count, 1);
	stop(&t);
	titles = NULL;
}

static void test_nothing_and_one(void **state)
{
	static const char *const bodies[] = { "disk", NULL };
	struct fixture t;

	(void)state;
	start(&t, bodies);
	run(&t, bodies, "absent", true);
	assert_int_equal(t.count, 0);
	run(&t, bodies, "disk disk disk", true);
	assert_int_equal(t.count, 1);
	stop(&t);
}

/* Random passages in several segments, some nearly the same, some long, some
 * dead: with forward files and without. */
enum { RANDOM = 400, RANDOM_SEGMENTS = 3, QUERIES = 60, DEPTH = 40 };

static uint32_t state_of_chance;

static uint32_t chance(uint32_t below)
{
	state_of_chance = state_of_chance * 1664525 + 1013904223;
	return (state_of_chance >> 8) % below;
}

static void random_words(struct buf *b, uint32_t count)
{
	static const char *const some[] = { "the", "/var/log/nginx.log", "a b",
		                            "kube-proxy", "磁盘已满" };

	for (; count; count--) {
		if (chance(9) == 0)
			buf_text(b, some[chance(5)]);
		else
			buf_addf(b, "word%u",
			         chance(1 + chance(1 + chance(300))));
		buf_byte(b, ' ');
	}
}

static char *random_text(uint32_t most)
{
	struct buf b = BUF_INIT(1 << 20);
	char *text;

	random_words(&b, chance(most));
	text = memory_copy(b.at, b.len);
	buf_release(&b);
	return text;
}

/* With a word that passages may have. */
static char *random_query(void)
{
	char *text = random_text(8);

	while (!strstr(text, "word")) {
		free(text);
		text = random_text(8);
	}
	return text;
}

/* A text with a word changed here and there. */
static char *random_like(const char *text)
{
	char *copy = memory_copy(text, strlen(text));
	size_t changes = chance(4), at;

	for (; changes && *copy; changes--) {
		at = chance((uint32_t)strlen(copy));
		if (copy[at] >= '0' && copy[at] <= '9')
			copy[at] = '7';
	}
	return copy;
}

static void random_passages(struct made_passage *all)
{
	uint32_t i;

	for (i = 0; i < RANDOM; i++) {
		bool like = i && chance(3) == 0;

		all[i] = (struct made_passage){
			.post = (int64_t)i + 1,
			.kind = PASSAGE_SECTION,
			.title = random_text(9),
			.tags = random_text(3),
			.heading = random_text(4),
			.body = like ? random_like(all[chance(i)].body)
			             : random_text(i % 50 ? 90 : 4000),
			.dead = i % 13 == 5,
		};
	}
}

static struct made *random_index(const struct made_passage *all, bool forward,
                                 uint32_t segments)
{
	struct made *x;
	uint32_t i, j;

	made_open(&x, "ops | fold | stop en | stem en | cjk");
	made_forward(x, forward);
	for (j = 0; j < segments; j++) {
		made_segment(x, "public");
		for (i = j; i < RANDOM; i += segments)
			made_add(x, &all[i]);
	}
	return x;
}

static size_t random_rank(struct made *x, struct ranker *ranker,
                          struct searcher *searcher,
                          const struct made_passage *all, struct slice query,
                          struct arena *a, struct rank_item *items)
{
	struct search_query q = { .text = query, .k = DEPTH };
	struct search_result found;
	struct rank_request r = { .query = query,
		                  .index = made_index(x),
		                  .reader = &reader_all,
		                  .analyzer = made_analyzer(x),
		                  .found = &found,
		                  .fold = true };
	struct buf did = BUF_INIT(256);
	struct fault f;
	size_t i, count;

	assert_true(search(searcher, r.index, r.analyzer, &reader_all, &q, a,
	                   &found, &f));
	count = found.count;
	for (i = 0; i < count; i++) {
		const struct made_passage *p =
		        &all[found.hits[i].entry.post - 1];

		items[i] = (struct rank_item){ .hit = found.hits[i] };
		if (!rank_wants_texts(&found.hits[i], 1))
			continue;
		items[i].title = slice_of(p->title);
		items[i].tags = slice_of(p->tags);
		items[i].heading = slice_of(p->heading);
		items[i].body = slice_of(p->body);
	}
	assert_true(rank_items(ranker, &r, items, &count, &did, &f));
	buf_release(&did);
	return count;
}

static void test_forward_files_and_texts_rank_alike(void **state)
{
	static struct made_passage all[RANDOM];
	struct rank_item one[DEPTH], other[DEPTH];
	struct searcher *searcher = searcher_new();
	struct ranker *ranker = ranker_new();
	struct arena a = ARENA_INIT;
	uint32_t segments, i, j, n, folded = 0;
	char *query = NULL;

	(void)state;
	state_of_chance = 5;
	random_passages(all);
	for (segments = 1; segments <= RANDOM_SEGMENTS; segments += 2) {
		struct made *words = random_index(all, true, segments);
		struct made *texts = random_index(all, false, segments);

		for (i = 0; i < QUERIES; i++) {
			free(query);
			query = random_query();
			n = (uint32_t)random_rank(words, ranker, searcher, all,
			                          slice_of(query), &a, one);
			assert_int_equal(n, random_rank(texts, ranker, searcher,
			                                all, slice_of(query),
			                                &a, other));
			for (j = 0; j < n; j++) {
				assert_int_equal(one[j].hit.entry.post,
				                 other[j].hit.entry.post);
				assert_true(one[j].hit.rank ==
				            other[j].hit.rank);
				assert_int_equal(one[j].similar,
				                 other[j].similar);
				folded += (uint32_t)one[j].similar;
			}
			arena_reset(&a);
		}
		made_close(words);
		made_close(texts);
	}
	assert_true(folded > 100);
	for (i = 0; i < RANDOM; i++) {
		free((void *)(uintptr_t)all[i].title);
		free((void *)(uintptr_t)all[i].tags);
		free((void *)(uintptr_t)all[i].heading);
		free((void *)(uintptr_t)all[i].body);
	}
	free(query);
	ranker_free(ranker);
	searcher_free(searcher);
	arena_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_neighbours_come_first),
		cmocka_unit_test(test_feedback_favours_what_is_like_the_best),
		cmocka_unit_test(test_near_duplicates_fold_into_the_better),
		cmocka_unit_test(test_pages_of_one_template_stay_apart),
		cmocka_unit_test(test_nothing_and_one),
		cmocka_unit_test(test_forward_files_and_texts_rank_alike),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
