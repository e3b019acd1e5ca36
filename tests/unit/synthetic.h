#ifndef TESTS_SYNTHETIC_H
#define TESTS_SYNTHETIC_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/clock.h"
#include "kb/builder.h"
#include "kb/tally.h"

/*
 * Passages that are a pure function of a number, with a vocabulary in which
 * every class of list occurs: words "w1" in nearly every passage, "w2" in
 * every second, ... and names that occur once. What a passage holds can be
 * computed again from the definition, so that what is read can be judged.
 */
struct synthetic {
	struct arena arena;
	struct tally tally;
};

static inline uint64_t mix(uint64_t n)
{
	n = (n ^ n >> 30) * 0xbf58476d1ce4e5b9;
	n = (n ^ n >> 27) * 0x94d049bb133111eb;
	return n ^ n >> 31;
}

/* How often word `word` stands in field `field` of passage `id`. Word k is in
 * about every k-th passage. */
static inline uint32_t synthetic_tf(uint64_t id, uint32_t word, int field)
{
	uint64_t h = mix(id * 1000003 + word);
	static const unsigned chance[FIELD_COUNT] = { 12, 20, 25, 1 };

	if (h % word)
		return 0;
	h = mix(h + 1 + (unsigned)field);
	if (field == FIELD_BODY && mix(h) % 100 == 0)
		return 1 + (uint32_t)(h % 3000);
	return h % chance[field] ? 0 : 1 + (uint32_t)(mix(h + 7) % 4);
}

enum { WORDS = 60 };
static const uint32_t synthetic_words[] = { 1,  2,  3,   5,   10,  30,
	                                    40, 60, 100, 250, 400, 700 };
enum { WORD_COUNT = sizeof(synthetic_words) / sizeof(*synthetic_words) };

static inline struct slice synthetic_text(struct arena *a, const char *head,
                                          uint64_t n)
{
	char text[64];

	snprintf(text, sizeof(text), "%s%llu", head, (unsigned long long)n);
	return arena_copy(a, slice_of(text));
}

static inline struct post_row *synthetic_post(struct arena *a, uint64_t id)
{
	struct post_row *p = arena_new(a, sizeof(*p));
	struct slice *tags = arena_array(a, 3, sizeof(*tags));
	uint64_t h = mix(id);
	size_t i;

	*p = (struct post_row){
		.id = (int64_t)id,
		.access = SLICE("public"),
		.space = synthetic_text(a, "site", h % 3),
		.kind = SLICE("question"),
		.language = h % 5 ? SLICE("en") : SLICE("zh"),
		.tags = tags,
		.tag_count = h % 4,
	};
	for (i = 0; i < p->tag_count; i++)
		tags[i] = synthetic_text(a, "tag", mix(h + i) % 50);
	if (h % 7 == 0)
		p->services = SLICE("EC2, S3");
	return p;
}

static inline void synthetic_word(struct synthetic *s, enum field field,
                                  uint32_t word, uint32_t step)
{
	uint32_t term = tally_term(&s->tally, field,
	                           synthetic_text(&s->arena, "w", word), false);

	tally_keep(&s->tally, field, term, step);
}

static inline void synthetic_passage(struct synthetic *s, uint64_t id,
                                     uint64_t part, int64_t score)
{
	struct passage *p = arena_new(&s->arena, sizeof(*p));
	struct post_row *post = synthetic_post(&s->arena, id);
	uint64_t key = id * 8 + part;
	uint32_t i, n;
	int field;

	*p = (struct passage){
		.post = (int64_t)id,
		.part = (int64_t)(part ? 1000 + key : 0),
		.kind = part ? PASSAGE_ANSWER : PASSAGE_QUESTION,
		.to = (uint32_t)(mix(key) % 5000),
		.score = score,
		.changed = (int64_t)key + 1,
		.modified = key % 9 ? (int64_t)(1500000000000 + key * 977)
		                    : CLOCK_NONE,
	};
	tally_passage(&s->tally, post, p);
	/* Kept are those of the words, field by field. */
	for (field = 0; field < FIELD_COUNT; field++)
		for (i = 0; i < WORD_COUNT; i++)
			for (n = synthetic_tf(key, synthetic_words[i], field);
			     n; n--)
				synthetic_word(
				        s, (enum field)field,
				        synthetic_words[i],
				        1 + (uint32_t)(mix(key + i) % 9));
	tally_term(&s->tally, FIELD_BODY,
	           synthetic_text(&s->arena, "only", key), false);
	tally_term(&s->tally, FIELD_TITLE,
	           synthetic_text(&s->arena, "title", key / 3), true);
}

static inline void synthetic_release(struct synthetic *s)
{
	tally_release(&s->tally);
	arena_release(&s->arena);
}

/* Posts [from, to) with `parts` passages each, in a builder. */
static inline void synthetic_build(struct builder *b, uint64_t from,
                                   uint64_t to, uint64_t parts)
{
	struct synthetic s = { .arena = ARENA_INIT };
	uint64_t id, part;

	for (id = from; id < to; id++) {
		for (part = 0; part < parts; part++)
			synthetic_passage(&s, id, part,
			                  (int64_t)(mix(id + part) % 40) - 5);
		tally_sort(&s.tally);
		builder_add(b, &s.tally);
		tally_reset(&s.tally);
		arena_reset(&s.arena);
	}
	synthetic_release(&s);
}

/* A new folder for a test's files; the caller frees the name. */
static inline char *scratch_folder(void)
{
	char *path = strdup("test-index-XXXXXX");

	assert_non_null(path);
	assert_non_null(mkdtemp(path));
	return path;
}

#endif
