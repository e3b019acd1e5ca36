/* The forward file gives back what the analyzer said, token by token. */

#include "kb/forward.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/memory.h"
#include "kb/forward_file.h"
#include "kb/manifest.h"
#include "kb/merge.h"
#include "kb/segment_file.h"
#include "tests/unit/made_index.h"

static const char line[] = "ops | fold | stop en | stem en | cjk";

static uint32_t state_of_chance;

static uint32_t chance(uint32_t below)
{
	state_of_chance = state_of_chance * 1664525 + 1013904223;
	return (state_of_chance >> 8) % below;
}

/* Words that stand together, beside each other and far apart. */
static const char *const words[] = {
	"nginx",    "the",       "of the",       "/var/log/nginx/error.log",
	"failed",   "10.0.0.1",  "磁盘已满",     "kube-proxy",
	"and and",  "a b c d e", "is to be not", "ECONNREFUSED",
	"retrying", "v1.2.3",    "디스크 공간",  "OOMKilled",
};

static struct slice random_text(struct buf *b, uint32_t most)
{
	uint32_t n = chance(most + 1);

	buf_reset(b);
	while (n--) {
		uint32_t word = chance(3 * sizeof(words) / sizeof(*words));

		if (word < sizeof(words) / sizeof(*words))
			buf_text(b, words[word]);
		else
			buf_addf(b, "word%u", chance(word * word));
		buf_byte(b, ' ');
	}
	return (struct slice){ buf_string(b), b->len };
}

struct text {
	struct made_passage passage;
	char *fields[FIELD_COUNT];
};

enum { TEXTS = 300 };

static struct text texts[TEXTS];

static void texts_make(void)
{
	static const uint32_t most[FIELD_COUNT] = { 8, 3, 4, 80 };
	struct buf b = BUF_INIT(1 << 20);
	size_t i, j;

	state_of_chance = 7;
	for (i = 0; i < TEXTS; i++) {
		struct text *t = &texts[i];

		for (j = 0; j < FIELD_COUNT; j++) {
			struct slice s = random_text(&b, most[j]);

			t->fields[j] = memory_copy(s.at, s.len);
		}
		t->passage = (struct made_passage){
			.post = (int64_t)i + 1,
			.kind = PASSAGE_SECTION,
			.title = t->fields[0],
			.tags = t->fields[1],
			.heading = t->fields[2],
			.body = t->fields[3],
			.dead = i % 11 == 3,
		};
	}
	buf_release(&b);
}

static void texts_free(void)
{
	size_t i, j;

	for (i = 0; i < TEXTS; i++)
		for (j = 0; j < FIELD_COUNT; j++)
			free(texts[i].fields[j]);
}

/* Compares as the tokens come. */
struct expected {
	const struct segment *segment;
	const struct forward_passage *got;
	size_t at;
	uint32_t length;
	struct forward_gauge gauge;
};

static bool expect_token(void *self, const struct token *t)
{
	struct expected *e = self;
	struct term_walk w;
	struct fault f;
	uint32_t step, number;

	if (!forward_takes(&e->gauge, t, &step))
		return false;
	assert_int_equal(e->got->tokens[e->at].position, t->position);
	number = e->got->tokens[e->at++].number;
	assert_true(forward_term(&w, e->segment, number, &f));
	assert_true(slice_eq(w.term, t->text));
	e->length += !(t->flags & TOKEN_BESIDE);
	return true;
}

static void expect_passage(struct analyzer *a, const struct segment *s,
                           uint32_t doc, const struct text *t,
                           struct forward_passage *p)
{
	struct expected e = { .segment = s, .got = p };
	struct fault f;
	int i;

	assert_true(forward_read(s, doc, p, &f));
	for (i = 0; i < FIELD_COUNT; i++) {
		e.length = 0;
		e.gauge = (struct forward_gauge){ .count = 0 };
		analyzer_run(a, slice_of(t->fields[i]), expect_token, &e);
		assert_int_equal(e.at, p->ends[i]);
		assert_int_equal(e.length, p->lengths[i]);
	}
}

static void expect_clean(void *self, const struct fault *finding)
{
	(void)self;
	print_error("%s\n", finding->text);
	fail();
}

/* The number of a term leads to it, and from it to the number. */
static void expect_numbers(const struct segment *s)
{
	uint32_t number, class = 0, words_count;
	struct term_walk w, back;
	struct fault f;
	bool more;

	assert_true(forward_words(s, &words_count, &f));
	assert_int_equal(words_count, s->terms);
	for (number = 0; number < words_count; number++) {
		assert_true(forward_term(&w, s, number, &f));
		assert_true(forward_class(w.df) >= class);
		class = forward_class(w.df);
	}
	for (term_walk_start(&w, s);;) {
		assert_true(term_walk_next(&w, &more, &f));
		if (!more)
			break;
		assert_true(forward_number(s, w.term, &number, &f));
		assert_true(forward_term(&back, s, number, &f));
		assert_true(slice_eq(w.term, back.term));
		assert_int_equal(term_walk_ordinal(&w),
		                 term_walk_ordinal(&back));
	}
	assert_true(forward_number(s, SLICE("no such word"), &number, &f));
	assert_int_equal(number, FORWARD_NONE);
	assert_true(forward_number(s, SLICE("\x01tnginx"), &number, &f));
	assert_int_equal(number, FORWARD_NONE);
}

static void tokens_come_back(void **state)
{
	struct forward_passage p = { .room = 0 };
	const struct segment *s;
	struct made *x;
	uint32_t i;

	(void)state;
	made_open(&x, line);
	made_segment(x, "public");
	for (i = 0; i < TEXTS; i++)
		made_add(x, &texts[i].passage);
	s = index_segment(made_index(x), 0);
	assert_true(forward_has(s));
	for (i = 0; i < TEXTS; i++)
		expect_passage(made_analyzer(x), s, i, &texts[i], &p);
	expect_numbers(s);
	assert_true(segment_verify(s, expect_clean, NULL));
	forward_release(&p);
	made_close(x);
}

static void a_segment_may_go_without(void **state)
{
	const struct segment *s;
	struct made *x;

	(void)state;
	made_open(&x, line);
	made_forward(x, false);
	made_segment(x, "public");
	made_add(x, &texts[0].passage);
	s = index_segment(made_index(x), 0);
	assert_false(forward_has(s));
	assert_true(segment_verify(s, expect_clean, NULL));
	made_close(x);
}

/* Three segments that interleave, a third of some dead, merged. */
static void merging_gives_what_building_gives(void **state)
{
	const struct segment *inputs[3];
	struct made *parts, *whole;
	struct merged merged = { .scores = NULL };
	struct slice one, other;
	struct file_map map = { .at = NULL };
	struct fault f;
	char path[200];
	uint32_t i, j;

	(void)state;
	made_open(&parts, line);
	for (j = 0; j < 3; j++) {
		made_segment(parts, "public");
		for (i = j; i < TEXTS; i += 3)
			made_add(parts, &texts[i].passage);
	}
	made_open(&whole, line);
	made_segment(whole, "public");
	for (i = 0; i < TEXTS; i++)
		if (!texts[i].passage.dead)
			made_add(whole, &texts[i].passage);
	for (j = 0; j < 3; j++)
		inputs[j] = index_segment(made_index(parts), j);
	snprintf(path, sizeof(path), "%s/merged", made_folder(whole));
	assert_true(segment_merge(inputs, 3, path, &merged, &f));
	assert_true(file_map_open(&map, path, &f));
	one = (struct slice){ (const char *)map.at, map.len };
	other = (struct slice){
		(const char *)index_segment(made_index(whole), 0)->at,
		(size_t)index_segment(made_index(whole), 0)->len
	};
	assert_true(slice_eq(one, other));
	file_map_close(&map);
	unlink(path);
	free(merged.scores);
	made_close(parts);
	made_close(whole);
}

/* What is long is cut where both sides cut it, and nothing breaks. */
static void long_fields_are_cut(void **state)
{
	struct forward_passage p = { .room = 0 };
	struct text t = { .passage = { .post = 1 } };
	struct buf b = BUF_INIT(1 << 20);
	const struct segment *s;
	struct made *x;
	uint32_t i;

	(void)state;
	while (b.len < 2 * FORWARD_BYTES)
		buf_text(&b, words[chance(sizeof(words) / sizeof(*words))]),
		        buf_byte(&b, ' ');
	for (i = 0; i < FIELD_COUNT; i++)
		t.fields[i] = i == FIELD_BODY || i == FIELD_TITLE
		                      ? memory_copy(b.at, b.len)
		                      : memory_copy("", 0);
	t.passage.title = t.fields[FIELD_TITLE];
	t.passage.body = t.fields[FIELD_BODY];
	made_open(&x, line);
	made_segment(x, "public");
	made_add(x, &t.passage);
	s = index_segment(made_index(x), 0);
	expect_passage(made_analyzer(x), s, 0, &t, &p);
	assert_true(p.lengths[FIELD_BODY] < segment_length_sum(s, FIELD_BODY));
	assert_true(segment_verify(s, expect_clean, NULL));
	for (i = 0; i < FIELD_COUNT; i++)
		free(t.fields[i]);
	forward_release(&p);
	buf_release(&b);
	made_close(x);
}

static void ignore(void *self, const struct fault *finding)
{
	(void)self;
	(void)finding;
}

/* With checksums believed, whatever stands there is read within bounds. */
static void damage_stays_within_bounds(void **state)
{
	struct forward_passage p = { .room = 0 };
	struct segment *hurt;
	const struct segment *s;
	struct fault f;
	struct made *x;
	unsigned char *bytes;
	uint32_t i, n, faults = 0;
	int kind;

	(void)state;
	made_open(&x, line);
	made_segment(x, "public");
	for (i = 0; i < 60; i++)
		made_add(x, &texts[i].passage);
	s = index_segment(made_index(x), 0);
	bytes = malloc((size_t)s->len);
	for (n = 0; n < 600; n++) {
		memcpy(bytes, s->at, (size_t)s->len);
		kind = SECTION_FORWARD + (int)(n % 4);
		for (i = 0; i < 1 + n % 4; i++) {
			const struct part *part =
			        optional_part(s, (enum section)kind);

			bytes[part->offset + chance((uint32_t)part->bytes)] =
			        (unsigned char)chance(256);
		}
		assert_true(segment_open_bytes(
		        &hurt, (struct slice){ (char *)bytes, (size_t)s->len },
		        true, &f));
		for (i = 0; i < 60; i++)
			if (!forward_read(hurt, i, &p, &f)) {
				assert_string_equal(f.code, "index-damaged");
				faults++;
			}
		faults += !segment_verify(hurt, ignore, NULL);
		segment_close(hurt);
	}
	assert_true(faults > 600);
	free(bytes);
	forward_release(&p);
	made_close(x);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(tokens_come_back),
		cmocka_unit_test(a_segment_may_go_without),
		cmocka_unit_test(merging_gives_what_building_gives),
		cmocka_unit_test(long_fields_are_cut),
		cmocka_unit_test(damage_stays_within_bounds),
	};
	int failed;

	texts_make();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	texts_free();
	return failed;
}
