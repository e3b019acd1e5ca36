/* The measures against figures worked out by hand. */

#include "kb/eval.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct judgements judged(const char *text)
{
	struct judgements j = JUDGEMENTS_INIT;
	struct fault f;

	assert_true(judgements_parse(&j, slice_of(text), "qrels", &f));
	return j;
}

static bool near(double a, double b)
{
	return fabs(a - b) < 1e-12;
}

static void test_one_relevant_at_rank_three(void **state)
{
	struct judgements j = judged("query-id\tcorpus-id\tscore\n"
	                             "q\td\t1\n");
	struct slice run[] = { SLICE("a"), SLICE("b"), SLICE("d") };
	struct eval_scores s;

	(void)state;
	eval_ranking(judgements_of(&j, SLICE("q")), run, 3, &s);
	assert_true(near(s.ndcg10, 0.5)); /* 1 / log2(4), ideal 1 */
	assert_true(near(s.map, 1.0 / 3));
	assert_true(near(s.mrr10, 1.0 / 3));
	assert_true(near(s.recall100, 1));
	judgements_release(&j);
}

static void test_grades_are_linear_gains(void **state)
{
	struct judgements j = judged("q\ta\t3\nq\tb\t1\nq\tc\t0\nq\td\t-1\n");
	struct slice run[] = { SLICE("b"), SLICE("c"), SLICE("d"), SLICE("a") };
	struct eval_scores s;
	double gain = 1 + 3 / log2(5), ideal = 3 + 1 / log2(3);

	(void)state;
	eval_ranking(judgements_of(&j, SLICE("q")), run, 4, &s);
	assert_true(near(s.ndcg10, gain / ideal));
	assert_true(near(s.map, (1 + 0.5) / 2));
	assert_true(near(s.mrr10, 1));
	judgements_release(&j);
}

static void test_ranks_past_the_cut_offs(void **state)
{
	struct judgements j = judged("q\tx\t1\nq\ty\t1\n");
	struct slice run[101];
	struct eval_scores s;
	size_t i;

	(void)state;
	for (i = 0; i < 101; i++)
		run[i] = SLICE("other");
	run[10] = SLICE("x");
	run[100] = SLICE("y");
	eval_ranking(judgements_of(&j, SLICE("q")), run, 101, &s);
	assert_true(s.ndcg10 == 0);
	assert_true(s.mrr10 == 0);
	assert_true(near(s.recall100, 0.5));
	assert_true(near(s.map, (1.0 / 11 + 2.0 / 101) / 2));
	judgements_release(&j);
}

static void test_what_was_not_found_counts(void **state)
{
	struct judgements j = judged("q\ta\t1\nq\tb\t1\nq\tc\t1\nq\td\t1\n");
	struct slice run[] = { SLICE("a") };
	struct eval_scores s;

	(void)state;
	eval_ranking(judgements_of(&j, SLICE("q")), run, 1, &s);
	assert_true(near(s.map, 0.25));
	assert_true(near(s.recall100, 0.25));
	eval_ranking(judgements_of(&j, SLICE("q")), run, 0, &s);
	assert_true(s.map == 0 && s.ndcg10 == 0 && s.mrr10 == 0);
	judgements_release(&j);
}

static void test_only_grade_zero(void **state)
{
	struct judgements j = judged("q\ta\t0\n");
	struct slice run[] = { SLICE("a") };
	struct eval_scores s;

	(void)state;
	assert_int_equal(j.queries[0].relevant, 0);
	eval_ranking(&j.queries[0], run, 1, &s);
	assert_true(s.map == 0 && s.ndcg10 == 0 && s.recall100 == 0);
	judgements_release(&j);
}

static void test_lines_with_spaces_or_carriage_returns(void **state)
{
	struct judgements j = judged("q1\tns/a b\t2\r\n\r\nq2 d2 1\r\n");

	(void)state;
	assert_int_equal(j.count, 2);
	assert_true(slice_eq(j.queries[0].docs[0].doc, SLICE("ns/a b")));
	assert_int_equal(j.queries[1].docs[0].grade, 1);
	assert_null(judgements_of(&j, SLICE("q3")));
	judgements_release(&j);
}

static void test_broken_judgements(void **state)
{
	static const char *const broken[] = {
		"q\td\t1\nq\td\n",
		"q\td\t1\nq\td\tmany\n",
		"alone\n",
		"q\td\t1.5\nq\td\t1.5\n",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(broken) / sizeof(*broken); i++) {
		struct judgements j = JUDGEMENTS_INIT;
		struct fault f;

		assert_false(
		        judgements_parse(&j, slice_of(broken[i]), "qrels", &f));
		assert_int_equal(f.kind, FAULT_INPUT);
		judgements_release(&j);
	}
}

static void test_queries(void **state)
{
	struct eval_queries q = EVAL_QUERIES_INIT;
	struct fault f;

	(void)state;
	assert_true(eval_queries_parse(&q,
	                               SLICE("{\"_id\":\"1\",\"text\":\"a\"}\n"
	                                     "\n{\"id\":2,\"text\":\"b\"}"),
	                               "queries", &f));
	assert_int_equal(q.count, 2);
	assert_true(slice_eq(q.at[1].id, SLICE("2")));
	assert_true(slice_eq(q.at[1].text, SLICE("b")));
	assert_false(eval_queries_parse(&q, SLICE("{\"_id\":\"1\"}"), "queries",
	                                &f));
	assert_int_equal(f.kind, FAULT_INPUT);
	assert_int_equal(f.line, 1);
	eval_queries_release(&q);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_relevant_at_rank_three),
		cmocka_unit_test(test_grades_are_linear_gains),
		cmocka_unit_test(test_ranks_past_the_cut_offs),
		cmocka_unit_test(test_what_was_not_found_counts),
		cmocka_unit_test(test_only_grade_zero),
		cmocka_unit_test(test_lines_with_spaces_or_carriage_returns),
		cmocka_unit_test(test_broken_judgements),
		cmocka_unit_test(test_queries),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
