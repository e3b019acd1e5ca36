/* search() against the oracle on random indexes: the same passages in the
 * same order with the same bits of score, for every query and on every
 * instruction set that this machine has.
 *
 *	test_exact [QUERIES [SEED]]
 *
 * A difference is shrunk to a small query and printed with its seed, which
 * finds it again. From 10,000 queries on some go to indexes of more passages
 * than the engine has in hand at a time.
 */

#include "tests/unit/oracle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/limits.h"
#include "kb/engine.h"
#include "tests/unit/corpus.h"

enum {
	QUERIES = 2000,
	EACH = 25,     /* queries of a small index */
	MANY = 10000,  /* from here on there are large ones */
	BIG_EACH = 60, /* queries of a large one */
	WORDS = 160,
};

static size_t queries = QUERIES;
static uint64_t first_seed = 1;

/* These stand before libc's: nobody pulls the plug here. */
int fdatasync(int fd)
{
	(void)fd;
	return 0;
}

int fsync(int fd)
{
	(void)fd;
	return 0;
}

/* A query that can be made smaller. */
struct question {
	char words[WORDS][CORPUS_WORD], values[CORPUS_FILTERS][CORPUS_WORD];
	size_t count;
	struct search_filter filters[CORPUS_FILTERS];
	const struct reader *reader;
	struct search_query q;
	char text[WORDS * (CORPUS_WORD + 1)];
};

struct judge {
	struct corpus corpus;
	uint64_t seed;
	struct searcher *searcher;
	struct arena wanted, got;
	size_t compared, different, hits;
};

static const struct reader *const readers[] = {
	&reader_all,
	&reader_all,
	&reader_all,
	&reader_public,
	NULL,
	&(const struct reader){
	        .labels =
	                (const struct slice[]){ { "ops", 3 }, { "staff", 5 } },
	        .label_count = 2 },
};

static uint32_t some_k(struct dice *d)
{
	static const uint32_t ks[] = {
		1, 1, 2, 10, 10, 10, 100, LIMIT_RESULTS
	};
	uint32_t n = dice_below(d, 10);

	return n < 8 ? ks[n] : 1 + dice_below(d, LIMIT_RESULTS);
}

static size_t some_words(struct dice *d)
{
	switch (dice_below(d, 12)) {
	case 0:
		return 1 + dice_below(d, WORDS);
	case 1:
	case 2:
		return 1 + dice_below(d, LIMIT_QUERY_TERMS);
	default:
		return 1 + dice_below(d, 8);
	}
}

static void question_throw(struct question *n, const struct corpus *c,
                           struct dice *d)
{
	size_t i;

	memset(n, 0, sizeof(*n));
	n->count = some_words(d);
	for (i = 0; i < n->count; i++)
		corpus_word(c, d, n->words[i]);
	n->reader = readers[dice_below(d, sizeof(readers) / sizeof(*readers))];
	n->q.k = some_k(d);
	n->q.plain = dice_below(d, 3) == 0;
	n->q.by_post = dice_below(d, 4) == 0;
	if (dice_below(d, 2))
		return;
	n->q.filter_count = 1 + dice_below(d, CORPUS_FILTERS);
	for (i = 0; i < n->q.filter_count; i++)
		n->filters[i] = corpus_filter(d, n->values[i]);
}

/* The text and the pointers, as they are now. */
static const struct search_query *question_ask(struct question *n)
{
	size_t i, at = 0;

	n->text[0] = 0;
	for (i = 0; i < n->count; i++)
		at += (size_t)snprintf(n->text + at, sizeof(n->text) - at,
		                       "%s ", n->words[i]);
	n->q.text = slice_of(n->text);
	n->q.filters = n->filters;
	return &n->q;
}

static void question_print(const struct question *n)
{
	size_t i;

	print_error("  query '%s' k %u%s%s, reader %s\n", n->text, n->q.k,
	            n->q.plain ? " plain" : "", n->q.by_post ? " by post" : "",
	            !n->reader       ? "none"
	            : n->reader->all ? "all"
	                             : "some");
	for (i = 0; i < n->q.filter_count; i++)
		print_error("  filter %.*s=%.*s\n",
		            SLICE_ARG(n->filters[i].key),
		            SLICE_ARG(n->filters[i].value));
}

static bool same_double(double a, double b)
{
	return !memcmp(&a, &b, sizeof(a));
}

/* The first rank where the hits differ, or the count. */
static size_t hits_differ(const struct search_result *a,
                          const struct search_result *b)
{
	size_t i;

	for (i = 0; i < a->count && i < b->count; i++) {
		const struct hit *x = &a->hits[i], *y = &b->hits[i];

		if (x->segment != y->segment || x->doc != y->doc ||
		    !same_double(x->score, y->score) ||
		    !same_double(x->rank, y->rank) || x->votes != y->votes ||
		    x->entry.post != y->entry.post ||
		    x->entry.part != y->entry.part)
			break;
	}
	return i;
}

static bool terms_same(const struct search_result *a,
                       const struct search_result *b)
{
	size_t i;

	if (a->term_count != b->term_count ||
	    a->terms_dropped != b->terms_dropped ||
	    a->passages != b->passages || a->average != b->average)
		return false;
	for (i = 0; i < a->term_count; i++)
		if (!slice_eq(a->terms[i], b->terms[i]) ||
		    !same_double(a->idf[i], b->idf[i]))
			return false;
	return true;
}

static bool ask_fault(const struct fault *f, bool say)
{
	if (say)
		print_error("  fault: %s\n", f->text);
	return false;
}

/* Whether an instruction set's answer is the oracle's; `say`: how it is not. */
static bool ask_path(struct judge *j, const struct question *n,
                     const char *path, const struct search_result *oracles,
                     bool say)
{
	const struct search_result want = *oracles;
	struct search_result got;
	struct fault f;
	size_t at;

	if (!engine_path_set(path))
		return true; /* this machine has not got it */
	arena_reset(&j->got);
	if (!search(j->searcher, made_index(j->corpus.made),
	            made_analyzer(j->corpus.made), n->reader, &n->q, &j->got,
	            &got, &f))
		return ask_fault(&f, say);
	at = hits_differ(&want, &got);
	if (say)
		print_error("  %s:\n", path);
	if (say && at < want.count && at < got.count)
		print_error("  rank %zu: post %lld part %lld %.17g, not post "
		            "%lld part %lld %.17g\n",
		            at + 1, (long long)got.hits[at].entry.post,
		            (long long)got.hits[at].entry.part,
		            got.hits[at].score,
		            (long long)want.hits[at].entry.post,
		            (long long)want.hits[at].entry.part,
		            want.hits[at].score);
	if (say)
		print_error("  %zu hits, not %zu; %zu terms, not %zu\n",
		            got.count, want.count, got.term_count,
		            want.term_count);
	return want.count == got.count && at == want.count &&
	       terms_same(&want, &got);
}

/* Whether all agree. */
static bool ask_all(struct judge *j, struct question *n, bool say)
{
	const struct search_query *q = question_ask(n);
	struct search_result want;
	struct fault f;
	bool same = true;
	size_t i;

	arena_reset(&j->wanted);
	if (!oracle(made_index(j->corpus.made), made_analyzer(j->corpus.made),
	            n->reader, q, &j->wanted, &want, &f))
		return ask_fault(&f, say);
	for (i = 0; engine_paths[i]; i++)
		same &= ask_path(j, n, engine_paths[i]->name, &want, say);
	j->hits += want.count;
	return same;
}

/* Leaves out what the difference does not need. */
static void question_shrink(struct judge *j, struct question *n)
{
	struct question less;
	size_t i;

	for (i = n->count; i-- && n->count > 1;) {
		less = *n;
		memmove(less.words[i], less.words[i + 1],
		        sizeof(less.words[0]) * (less.count - i - 1));
		less.count--;
		if (!ask_all(j, &less, false))
			*n = less;
	}
	while (n->q.filter_count) {
		less = *n;
		less.q.filter_count--;
		if (ask_all(j, &less, false))
			break;
		*n = less;
	}
	for (i = 1; i < n->q.k; i *= 2) {
		less = *n;
		less.q.k = (uint32_t)i;
		if (!ask_all(j, &less, false))
			*n = less;
	}
}

static void judge_one(struct judge *j, struct question *n)
{
	j->compared++;
	if (ask_all(j, n, false) || j->different++ >= 10)
		return;
	question_shrink(j, n);
	print_error("different: seed %llu, %u passages\n",
	            (unsigned long long)j->seed, j->corpus.passages);
	ask_all(j, n, true);
	question_print(n);
}

/* Some queries of one index. */
static void judge_corpus(struct judge *j, uint32_t passages, size_t count)
{
	struct dice d = { ~j->seed };
	struct question n;

	corpus_make(&j->corpus, j->seed, passages);
	while (count--) {
		question_throw(&n, &j->corpus, &d);
		judge_one(j, &n);
	}
	corpus_release(&j->corpus);
	j->seed++;
}

static void search_equals_the_oracle(void **state)
{
	static const uint32_t large[] = { 66000, 1u << 19, (1u << 19) + 1,
		                          1300000, (1u << 20) - 1 };
	size_t most = queries < MANY ? 1 : sizeof(large) / sizeof(*large);
	struct judge j = { .seed = first_seed, .searcher = searcher_new() };
	size_t i;

	(void)state;
	while (j.compared < queries)
		judge_corpus(&j, 0, EACH);
	for (i = 0; i < most; i++)
		judge_corpus(&j, large[i], BIG_EACH);
	print_message("%zu queries compared, %zu hits, %zu differences\n",
	              j.compared, j.hits, j.different);
	searcher_free(j.searcher);
	arena_release(&j.wanted);
	arena_release(&j.got);
	assert_true(j.hits > j.compared);
	assert_int_equal(j.different, 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(search_equals_the_oracle),
	};

	if (argc > 1)
		queries = strtoul(argv[1], NULL, 10);
	if (argc > 2)
		first_seed = strtoull(argv[2], NULL, 10);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
