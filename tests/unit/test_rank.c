/* Stage 2 on passages of a few words. */

#include "kb/rank.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/made_index.h"

struct fixture {
	struct made *x;
	struct arena a;
	struct search_result found;
	struct rank_item items[16];
	size_t count;
	struct buf did;
};

/* An index of these bodies; posts count from 1. */
static void start(struct fixture *t, const char *const *bodies)
{
	int64_t post;

	*t = (struct fixture){ .did = BUF_INIT(256) };
	made_open(&t->x, "plain");
	made_segment(t->x, "public");
	for (post = 1; bodies[post - 1]; post++)
		made_add(t->x,
		         &(struct made_passage){ .post = post,
		                                 .kind = PASSAGE_SECTION,
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
			.body = slice_of(
			        bodies[t->found.hits[i].entry.post - 1]),
			.number = i,
		};
	t->count = t->found.count;
	assert_true(rank_items(&r, t->items, &t->count, &t->did, &f));
}

static void stop(struct fixture *t)
{
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_neighbours_come_first),
		cmocka_unit_test(test_feedback_favours_what_is_like_the_best),
		cmocka_unit_test(test_near_duplicates_fold_into_the_better),
		cmocka_unit_test(test_nothing_and_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
