/*
 * While terms are merged, it is noted for each term of an input where it stands
 * in the result; the notes go to a file when they are many. When the first
 * passage of an input comes, its notes become a table from its numbers to the
 * new ones, which goes with its last passage.
 */

#include "kb/forward_merge.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "kb/forward_file.h"

enum {
	NOTES_FEW = 4 << 20, /* of all inputs together: kept in memory */
	NOTES_BUFFER = 1024, /* of one input otherwise */
	WARM = 16 << 20,     /* bytes read between coolings */
};

struct forward_source {
	const struct segment *segment;
	uint32_t *notes; /* by place in the dictionary: the new place */
	size_t used, room;
	uint64_t noted, file; /* how many so far; where in the file they are */
	uint32_t doc, left;   /* the next passage; live ones to come */
	uint32_t *numbers;    /* by number: the new one */
	uint32_t words;
};

bool forward_merge_can(const struct segment *const *inputs, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!forward_has(inputs[i]))
			return false;
	return n > 0;
}

void forward_merge_init(struct forward_merge *m, struct segment_writer *w,
                        const struct segment *const *inputs, size_t n)
{
	uint64_t terms = 0;
	bool few;
	size_t i;

	for (i = 0; i < n; i++)
		terms += inputs[i]->terms;
	few = terms <= NOTES_FEW;
	*m = (struct forward_merge){ .count = n };
	forward_writer_init(&m->writer, w);
	scratch_init(&m->file, w->file.path);
	m->sources = memory_new(n, sizeof(*m->sources));
	for (terms = 0, i = 0; i < n; terms += inputs[i++]->terms) {
		struct forward_source *s = &m->sources[i];

		s->segment = inputs[i];
		s->left = segment_live_count(inputs[i]);
		s->file = terms * sizeof(*s->notes);
		s->room = few ? (size_t)inputs[i]->terms : NOTES_BUFFER;
		s->notes = memory_new(s->room + 1, sizeof(*s->notes));
	}
}

void forward_merge_release(struct forward_merge *m)
{
	size_t i;

	for (i = 0; i < m->count; i++) {
		free(m->sources[i].notes);
		free(m->sources[i].numbers);
	}
	free(m->sources);
	free(m->bytes);
	if (m->count)
		scratch_release(&m->file);
	forward_writer_release(&m->writer);
	*m = (struct forward_merge){ .count = 0 };
}

void forward_merge_term(struct forward_merge *m, struct slice term, uint32_t df)
{
	forward_write_term(&m->writer, term, df);
}

static void notes_flush(struct forward_merge *m, struct forward_source *s)
{
	uint64_t first = s->noted - s->used;

	scratch_put(&m->file, s->file + first * sizeof(*s->notes),
	            (struct slice){ (const char *)s->notes,
	                            s->used * sizeof(*s->notes) });
	s->used = 0;
}

void forward_merge_map(struct forward_merge *m, size_t i, bool gone)
{
	struct forward_source *s = &m->sources[i];
	uint64_t last = m->writer.segment->terms - 1;

	assert(s->noted < s->segment->terms);
	if (s->used == s->room)
		notes_flush(m, s);
	s->notes[s->used++] = gone ? FORWARD_NONE : (uint32_t)last;
	s->noted++;
}

/* All notes of an input, which stay its own. */
static bool notes_load(struct forward_merge *m, struct forward_source *s,
                       struct fault *f)
{
	size_t count = (size_t)s->segment->terms;

	assert(s->noted == s->segment->terms);
	if (s->room >= count)
		return true;
	notes_flush(m, s);
	s->notes = memory_resize(s->notes, count, sizeof(*s->notes));
	s->room = count;
	return scratch_get(&m->file, s->file, (char *)s->notes,
	                   count * sizeof(*s->notes), f);
}

/* Turns the notes into the table. */
static bool source_start(struct forward_merge *m, struct forward_source *s,
                         struct fault *f)
{
	uint32_t number;

	if (!forward_words(s->segment, &s->words, f) || !notes_load(m, s, f))
		return false;
	s->numbers = memory_new((size_t)s->words + 1, sizeof(*s->numbers));
	for (number = 0; number < s->words; number++) {
		uint64_t place;
		uint32_t now;

		if (!forward_place(s->segment, number, &place, f))
			return false;
		now = s->notes[place];
		s->numbers[number] =
		        now == FORWARD_NONE ? now : m->writer.numbers[now];
	}
	free(s->notes);
	s->notes = NULL;
	return true;
}

/* Writes a passage's bytes anew; false when they are not right. */
static bool translate(const struct forward_source *s, struct slice bytes,
                      unsigned char *out, size_t *len)
{
	const unsigned char *at = (const unsigned char *)bytes.at;
	const unsigned char *end = at + bytes.len;
	uint32_t counts[FIELD_COUNT], tokens = 0, i, number;
	unsigned char *to = out;
	uint64_t value, far;

	if (!forward_counts(&at, end, counts))
		return false;
	for (i = 0; i < FIELD_COUNT; i++) {
		to = forward_put(to, counts[i]);
		tokens += counts[i];
	}
	for (i = 0; i < tokens; i++) {
		value = forward_value(&at);
		if (at > end || value >> 2 >= s->words)
			return false;
		number = s->numbers[value >> 2];
		if (number == FORWARD_NONE)
			return false;
		to = forward_put(to, (uint64_t)number << 2 | (value & 3));
		if ((value & 3) < 3)
			continue;
		if (!varint_get(&at, end, &far) || far > UINT32_MAX)
			return false;
		to = forward_put(to, far);
	}
	*len = (size_t)(to - out);
	return at == end;
}

static bool source_passage(struct forward_merge *m, struct forward_source *s,
                           uint64_t *warm, struct fault *f)
{
	struct slice bytes;
	size_t len;

	while (!segment_live(s->segment, s->doc))
		s->doc++;
	if (!s->numbers && !source_start(m, s, f))
		return false;
	if (!forward_bytes(s->segment, s->doc++, &bytes, f))
		return false;
	if (!translate(s, bytes, m->bytes, &len))
		return segment_damaged(s->segment, "forward file", f);
	forward_write_passage(&m->writer,
	                      (struct slice){ (char *)m->bytes, len });
	*warm += bytes.len;
	if (!--s->left) {
		free(s->numbers);
		s->numbers = NULL;
	}
	return true;
}

bool forward_merge_write(struct forward_merge *m, const uint32_t *order,
                         struct fault *f)
{
	uint32_t i, count = m->writer.segment->count;
	uint64_t warm = 0;
	size_t j;

	m->bytes = memory_resize(NULL, FORWARD_MOST, 1);
	if (!forward_write_start(&m->writer, f))
		return false;
	for (i = 0; i < count; i++) {
		if (!source_passage(m, &m->sources[order[i]], &warm, f))
			return false;
		if (warm < WARM)
			continue;
		for (j = 0; j < m->count; j++)
			segment_cool(m->sources[j].segment);
		warm = 0;
	}
	return forward_write_end(&m->writer, f);
}
