/* Totals and facets against a count over all that the oracle finds, passage by
 * passage from their entries. */

#include "kb/facet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/map.h"
#include "tests/unit/corpus.h"
#include "tests/unit/oracle.h"

enum { CORPORA = 40, QUESTIONS = 15, WORDS = 5 };

static const struct slice names[] = {
	{ "space", 5 },   { "kind", 4 }, { "tag", 3 },      { "class", 5 },
	{ "service", 7 }, { "lang", 4 }, { "accepted", 8 }, { "year", 4 },
};
enum { NAMES = sizeof(names) / sizeof(*names) };

static void note(struct map *m, struct slice value)
{
	if (value.len)
		map_put(m, value, NULL)->number++;
}

/* Each value once. */
static void note_all(struct map *m, const struct segment *s, uint32_t first,
                     uint32_t count,
                     uint32_t number(const struct segment *, uint32_t))
{
	uint32_t i, j;

	for (i = 0; i < count; i++) {
		for (j = 0; j < i; j++)
			if (number(s, first + j) == number(s, first + i))
				break;
		if (j == i)
			note(m, segment_string(s, number(s, first + i)));
	}
}

static void note_hit(struct map m[NAMES], const struct hit *h)
{
	const struct segment *s = h->segment;
	const struct entry *e = &h->entry;
	char year[CLOCK_TEXT];

	note(&m[0], segment_string(s, e->space));
	note(&m[1], segment_string(s, e->post_kind));
	note_all(&m[2], s, e->first_tag, e->tag_count, segment_tag);
	note(&m[3], segment_string(s, e->class));
	note_all(&m[4], s, e->first_service, e->service_count, segment_service);
	note(&m[5], segment_string(s, e->language));
	note(&m[6], e->kind == PASSAGE_ACCEPTED ? SLICE("yes") : SLICE("no"));
	clock_write(year, e->modified);
	note(&m[7], slice_cut(slice_of(year), 0, 4));
}

static void assert_facet(const struct facet *got, struct slice name,
                         const struct map *want, uint32_t top)
{
	size_t i;

	assert_true(slice_eq(got->name, name));
	assert_int_equal(got->distinct, want->count);
	assert_int_equal(got->count, want->count < top ? want->count : top);
	for (i = 0; i < got->count; i++) {
		const struct facet_value *v = &got->values[i];
		const struct map_entry *e = map_get(want, v->value);

		assert_non_null(e);
		assert_int_equal(v->count, e->number);
		if (i && v[-1].count == v->count)
			assert_true(slice_cmp(v[-1].value, v->value) < 0);
		else if (i)
			assert_true(v[-1].count > v->count);
	}
	/* What is left out is not above what is there. */
	for (i = 0; got->count && i < want->count; i++)
		if (want->entries[i].number >
		    (int64_t)got->values[got->count - 1].count)
			top--;
	assert_true(!got->count || top > 0);
}

static void judge(struct corpus *c, const struct reader *reader,
                  const struct search_query *q, uint32_t top)
{
	const struct index *x = made_index(c->made);
	struct analyzer *analyzer = made_analyzer(c->made);
	struct searcher *searcher = searcher_new();
	struct search_query all = *q;
	struct search_result found, want;
	struct facet_request request = { names, NAMES, top };
	struct map counts[NAMES] = { { 0 } };
	struct arena a = ARENA_INIT;
	struct facets got;
	struct fault f;
	size_t i;

	all.k = UINT32_MAX;
	all.by_post = false;
	assert_true(search(searcher, x, analyzer, reader, q, &a, &found, &f));
	assert_true(oracle(x, analyzer, reader, &all, &a, &want, &f));
	assert_true(facet_count(x, reader, q, &found, &request, &a, &got, &f));
	assert_int_equal(got.total, want.count);
	assert_int_equal(got.count, NAMES);
	for (i = 0; i < want.count; i++)
		note_hit(counts, &want.hits[i]);
	for (i = 0; i < NAMES; i++) {
		assert_facet(&got.at[i], names[i], &counts[i], top);
		map_release(&counts[i]);
	}
	searcher_free(searcher);
	arena_release(&a);
}

static void counts_are_those_of_the_oracle(void **state)
{
	static const struct reader *const readers[] = { &reader_all,
		                                        &reader_public, NULL };
	struct dice d = { 5 };
	struct corpus c;
	uint64_t seed;
	int i;

	(void)state;
	for (seed = 1; seed <= CORPORA; seed++) {
		corpus_make(&c, seed, 0);
		for (i = 0; i < QUESTIONS; i++) {
			char text[WORDS * CORPUS_WORD], value[CORPUS_WORD];
			struct search_filter filter = corpus_filter(&d, value);
			struct search_query q = {
				.filters = &filter,
				.filter_count = dice_below(&d, 2),
				.k = 1,
				.plain = dice_below(&d, 2),
				.by_post = dice_below(&d, 2),
			};
			size_t at = 0, n = 1 + dice_below(&d, WORDS);

			while (n--) {
				at += corpus_word(&c, &d, text + at);
				text[at++] = ' ';
			}
			q.text = (struct slice){ text, at };
			judge(&c, readers[dice_below(&d, 3)], &q,
			      1 + dice_below(&d, 30));
		}
		corpus_release(&c);
	}
}

static void names_are_read(void **state)
{
	struct arena a = ARENA_INIT;
	const struct slice *list;
	struct fault f;
	size_t n;

	(void)state;
	assert_true(facet_names(SLICE("tag, year"), &a, &list, &n, &f));
	assert_int_equal(n, 2);
	assert_true(slice_eq(list[1], SLICE("year")));
	assert_false(facet_names(SLICE(""), &a, &list, &n, &f));
	assert_int_equal(f.kind, FAULT_USAGE);
	assert_false(facet_names(SLICE("tag,owner"), &a, &list, &n, &f));
	assert_non_null(strstr(f.text, "'owner'"));
	assert_false(facet_names(SLICE("tag,,year"), &a, &list, &n, &f));
	assert_false(facet_names(SLICE("tag,tag,tag,tag,tag,tag,tag,tag,tag"),
	                         &a, &list, &n, &f));
	arena_release(&a);
}

static void impossible_requests(void **state)
{
	struct search_result found = { .count = 0 };
	struct search_query q = { .k = 1 };
	struct slice strange = SLICE("owner");
	struct facet_request request = { names, 1, 0 };
	struct arena a = ARENA_INIT;
	struct facets got;
	struct made *x;
	struct fault f;

	(void)state;
	made_open(&x, "plain");
	assert_false(facet_count(made_index(x), &reader_all, &q, &found,
	                         &request, &a, &got, &f));
	assert_int_equal(f.kind, FAULT_USAGE);
	request.top = LIMIT_FACET_VALUES + 1;
	assert_false(facet_count(made_index(x), &reader_all, &q, &found,
	                         &request, &a, &got, &f));
	request = (struct facet_request){ &strange, 1, 1 };
	assert_false(facet_count(made_index(x), &reader_all, &q, &found,
	                         &request, &a, &got, &f));
	request.count = 0;
	assert_true(facet_count(made_index(x), &reader_all, &q, &found,
	                        &request, &a, &got, &f));
	assert_int_equal(got.total, 0);
	made_close(x);
	arena_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_are_those_of_the_oracle),
		cmocka_unit_test(names_are_read),
		cmocka_unit_test(impossible_requests),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
