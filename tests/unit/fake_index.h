/*
 * An index in memory, made by hand: what kb/segment.h and kb/index.h promise,
 * without a file. Include it once in a test; it defines what it fakes, so
 * that the linker leaves the real thing out.
 *
 *	fake_open(&x, "plain");
 *	fake_segment(&x, "public");
 *	fake_add(&x, &(struct fake_passage){ .post = 1, .body = "disk full" });
 */
#ifndef FAKE_INDEX_H
#define FAKE_INDEX_H

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/map.h"
#include "base/memory.h"
#include "kb/analyzer.h"
#include "kb/index.h"
#include "kb/segment.h"

enum { FAKE_SEGMENTS = 8 };

struct fake_passage {
	int64_t post, part;
	enum passage_kind kind;
	const char *title, *tags, *heading, *body;
	const char *space, *post_kind, *language, *class, *service;
	int64_t score, modified;
	bool dead;
};

struct fake_doc {
	struct entry entry;
	uint32_t lengths[FIELD_COUNT];
	int64_t score;
	bool dead;
};

struct fake_list {
	struct posting *at;
	size_t count, room;
};

struct segment {
	const char *label;
	struct fake_doc *docs;
	size_t count, room;
	struct map terms;   /* term -> struct fake_list */
	struct map strings; /* string -> its number */
	uint32_t *numbers;  /* tags and services */
	size_t number_count, number_room;
	struct arena a;
};

struct index {
	struct index_facts facts;
	struct segment segments[FAKE_SEGMENTS];
	size_t count;
	struct analyzer *analyzer;
	/* While a field is read: */
	uint32_t doc, positions;
	enum field field;
	struct segment *segment;
};

static bool fake_token(void *self, const struct token *t)
{
	struct index *x = self;
	struct segment *s = x->segment;
	bool added;
	struct map_entry *e = map_put(&s->terms, t->text, &added);
	struct fake_list *l;

	if (added)
		e->pointer = arena_new(&s->a, sizeof(*l));
	l = e->pointer;
	if (!l->count || l->at[l->count - 1].doc != x->doc) {
		l->at = memory_room(l->at, l->count, &l->room, sizeof(*l->at));
		l->at[l->count++] = (struct posting){ .doc = x->doc };
	}
	l->at[l->count - 1].tf[x->field]++;
	x->positions += !(t->flags & TOKEN_BESIDE);
	return true;
}

static void fake_field(struct index *x, enum field field, const char *text)
{
	x->field = field;
	x->positions = 0;
	analyzer_run(x->analyzer, slice_of(text), fake_token, x);
	x->segment->docs[x->doc].lengths[field] = x->positions;
}

static uint32_t fake_string(struct segment *s, struct slice text)
{
	bool added;
	struct map_entry *e = map_put(&s->strings, text, &added);

	if (added)
		e->number = (int64_t)s->strings.count - 1;
	return (uint32_t)e->number;
}

static inline void fake_open(struct index **out, const char *line)
{
	struct index *x = memory_new(1, sizeof(*x));
	struct fault f;
	bool done = analyzer_new(&x->analyzer, slice_of(line), &f);

	assert(done);
	(void)done;
	x->facts.analyzer = analyzer_line(x->analyzer);
	x->facts.weights = (struct index_weights){
		.k1 = 1.2,
		.b = 0.75,
		.field = { 2, 1, 1, 1 },
		.body = { 1, 1, 1, 1 },
		.average = { 5, 2, 1, 20 },
		.votes = 0.1,
		.accepted = 0.2,
	};
	*out = x;
}

static inline void fake_segment(struct index *x, const char *label)
{
	assert(x->count < FAKE_SEGMENTS);
	x->segments[x->count++].label = label;
}

/* Each word of `text` as a string of its own. */
static inline uint32_t fake_words(struct segment *s, struct slice text,
                                  uint32_t *count)
{
	uint32_t first = (uint32_t)s->number_count;

	*count = 0;
	while (text.len) {
		size_t len = slice_find(text, ' ');

		s->numbers = memory_room(s->numbers, s->number_count,
		                         &s->number_room, sizeof(uint32_t));
		s->numbers[s->number_count++] =
		        fake_string(s, slice_cut(text, 0, len));
		++*count;
		text = slice_cut(text, len + 1, text.len);
	}
	return first;
}

/* To the last segment; passages come in ascending (post, part). */
static inline void fake_add(struct index *x, const struct fake_passage *p)
{
	struct segment *s = &x->segments[x->count - 1];
	struct fake_doc *d;

	s->docs = memory_room(s->docs, s->count, &s->room, sizeof(*s->docs));
	d = &s->docs[s->count++];
	*d = (struct fake_doc){ .score = p->score, .dead = p->dead };
	d->entry = (struct entry){
		.post = p->post,
		.part = p->part,
		.kind = p->kind,
		.modified = p->modified ? p->modified : CLOCK_NONE,
		.space = fake_string(s, slice_of(p->space)),
		.post_kind = fake_string(s, slice_of(p->post_kind)),
		.language = fake_string(s, slice_of(p->language)),
		.class = fake_string(s, slice_of(p->class)),
	};
	d->entry.first_tag =
	        fake_words(s, slice_of(p->tags), &d->entry.tag_count);
	d->entry.first_service =
	        fake_words(s, slice_of(p->service), &d->entry.service_count);
	x->segment = s;
	x->doc = (uint32_t)s->count - 1;
	fake_field(x, FIELD_TITLE, p->title);
	fake_field(x, FIELD_TAGS, p->tags);
	fake_field(x, FIELD_HEADING, p->heading);
	fake_field(x, FIELD_BODY, p->body);
}

static inline void fake_close(struct index *x)
{
	size_t i, j;

	for (i = 0; i < x->count; i++) {
		struct segment *s = &x->segments[i];

		for (j = 0; j < s->terms.count; j++) {
			struct fake_list *l = s->terms.entries[j].pointer;

			free(l->at);
		}
		map_release(&s->terms);
		map_release(&s->strings);
		arena_release(&s->a);
		free(s->docs);
		free(s->numbers);
	}
	analyzer_free(x->analyzer);
	free(x);
}

const struct index_facts *index_facts(const struct index *x)
{
	return &x->facts;
}

size_t index_segment_count(const struct index *x)
{
	return x->count;
}

const struct segment *index_segment(const struct index *x, size_t i)
{
	return &x->segments[i];
}

uint32_t segment_count(const struct segment *s)
{
	return (uint32_t)s->count;
}

bool segment_live(const struct segment *s, uint32_t doc)
{
	return !s->docs[doc].dead;
}

uint32_t segment_live_count(const struct segment *s)
{
	uint32_t i, n = 0;

	for (i = 0; i < s->count; i++)
		n += segment_live(s, i);
	return n;
}

struct slice segment_label(const struct segment *s)
{
	return slice_of(s->label);
}

uint64_t segment_length_sum(const struct segment *s, enum field field)
{
	uint64_t sum = 0;
	uint32_t i;

	for (i = 0; i < s->count; i++)
		if (segment_live(s, i))
			sum += s->docs[i].lengths[field];
	return sum;
}

bool segment_entry(const struct segment *s, uint32_t doc, struct entry *out,
                   struct fault *f)
{
	(void)f;
	*out = s->docs[doc].entry;
	return true;
}

struct slice segment_string(const struct segment *s, uint32_t number)
{
	return s->strings.entries[number].key;
}

uint32_t segment_tag(const struct segment *s, uint32_t n)
{
	return s->numbers[n];
}

uint32_t segment_service(const struct segment *s, uint32_t n)
{
	return s->numbers[n];
}

uint32_t segment_string_number(const struct segment *s, struct slice text)
{
	const struct map_entry *e = map_get(&s->strings, text);

	return e ? (uint32_t)e->number : UINT32_MAX;
}

bool segment_lengths(const struct segment *s, uint32_t doc,
                     uint32_t out[FIELD_COUNT], struct fault *f)
{
	(void)f;
	memcpy(out, s->docs[doc].lengths, sizeof(s->docs[doc].lengths));
	return true;
}

int64_t segment_score(const struct segment *s, uint32_t doc)
{
	return s->docs[doc].score;
}

bool posting_open(struct posting_cursor *c, const struct segment *s,
                  struct slice term, bool *found, struct fault *f)
{
	const struct map_entry *e = map_get(&s->terms, term);
	const struct fake_list *l = e ? e->pointer : NULL;
	size_t i;

	(void)f;
	*found = l != NULL;
	*c = (struct posting_cursor){ .segment = s };
	if (!l)
		return true;
	c->df = (uint32_t)l->count;
	for (i = 0; i < l->count; i++)
		c->live_df += segment_live(s, l->at[i].doc);
	c->at = (const unsigned char *)l->at;
	c->end = (const unsigned char *)(l->at + l->count);
	return true;
}

bool posting_next(struct posting_cursor *c, struct posting *out, bool *more,
                  struct fault *f)
{
	(void)f;
	for (*more = false; c->at < c->end && !*more; c->at += sizeof(*out)) {
		memcpy(out, c->at, sizeof(*out));
		*more = segment_live(c->segment, out->doc);
	}
	return true;
}

#endif
