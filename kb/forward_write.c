/*
 * Only the class of each term is kept while terms come. Numbers follow by a
 * counting sort; the table from numbers to terms is read off the classes by
 * looking for the next term of the class, over and over.
 */

#include "kb/forward_write.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "kb/forward_file.h"

enum { CLASS_NONE = 255 };

void forward_writer_init(struct forward_writer *w,
                         struct segment_writer *segment)
{
	*w = (struct forward_writer){ .segment = segment };
}

void forward_writer_release(struct forward_writer *w)
{
	free(w->classes);
	free(w->numbers);
	free(w->lengths);
	*w = (struct forward_writer){ .segment = NULL };
}

void forward_write_term(struct forward_writer *w, struct slice term,
                        uint32_t df)
{
	while (w->class_count < w->segment->terms) {
		w->classes = memory_room(w->classes, w->class_count,
		                         &w->class_room, 1);
		w->classes[w->class_count++] = CLASS_NONE;
	}
	if (!forward_word(term))
		return;
	w->classes[w->class_count - 1] = (unsigned char)forward_class(df);
	w->words++;
}

static void writer_starts(const struct forward_writer *w,
                          uint32_t starts[FORWARD_CLASSES + 1])
{
	uint32_t counts[FORWARD_CLASSES] = { 0 }, i;
	size_t j;

	for (j = 0; j < w->class_count; j++)
		if (w->classes[j] != CLASS_NONE)
			counts[w->classes[j]]++;
	starts[0] = 0;
	for (i = 0; i < FORWARD_CLASSES; i++)
		starts[i + 1] = starts[i] + counts[i];
}

bool forward_write_start(struct forward_writer *w, struct fault *f)
{
	uint32_t starts[FORWARD_CLASSES + 1], i;
	unsigned char head[FORWARD_HEAD];
	size_t j;

	assert(w->class_count <= w->segment->terms);
	writer_starts(w, starts);
	for (i = 0; i <= FORWARD_CLASSES; i++)
		store32(head + 4 * i, starts[i]);
	w->lengths =
	        memory_new((size_t)w->segment->count + 1, sizeof(*w->lengths));
	w->numbers = memory_new(w->class_count + 1, sizeof(*w->numbers));
	for (j = 0; j < w->class_count; j++)
		w->numbers[j] = w->classes[j] == CLASS_NONE
		                        ? FORWARD_NONE
		                        : starts[w->classes[j]]++;
	if (!segment_write_section(w->segment, SECTION_FORWARD, f))
		return false;
	segment_write_bytes(w->segment,
	                    (struct slice){ (char *)head, sizeof(head) });
	return true;
}

void forward_write_passage(struct forward_writer *w, struct slice bytes)
{
	assert(w->passages < w->segment->count && bytes.len <= FORWARD_MOST);
	w->lengths[w->passages++] = (uint32_t)bytes.len;
	segment_write_bytes(w->segment, bytes);
}

/* A walk over the terms by number. */
struct by_number {
	const struct forward_writer *w;
	int class;
	size_t next;
};

static bool next_term(void *self, uint32_t row, uint64_t *out, struct fault *f)
{
	struct by_number *b = self;
	const unsigned char *classes = b->w->classes, *at;

	(void)f;
	if (!row)
		*b = (struct by_number){ .w = b->w };
	for (;;) {
		assert(b->class < FORWARD_CLASSES);
		at = memchr(classes + b->next, b->class,
		            b->w->class_count - b->next);
		if (at)
			break;
		b->class ++;
		b->next = 0;
	}
	*out = (uint64_t)(at - classes);
	b->next = (size_t)(at - classes) + 1;
	return true;
}

/* A walk over the passages. */
struct by_passage {
	const struct forward_writer *w;
	uint64_t at;
};

static bool next_passage(void *self, uint32_t row, uint64_t *out,
                         struct fault *f)
{
	struct by_passage *b = self;

	(void)f;
	b->at = row ? b->at + b->w->lengths[row - 1] : FORWARD_HEAD;
	*out = b->at;
	return true;
}

bool forward_write_end(struct forward_writer *w, struct fault *f)
{
	struct by_number terms = { .w = w };
	struct by_passage passages = { .w = w };

	assert(w->passages == w->segment->count);
	segment_write_section_end(w->segment);
	return segment_write_column(w->segment, SECTION_FORWARD_TERMS, w->words,
	                            next_term, &terms, f) &&
	       segment_write_column(w->segment, SECTION_FORWARD_AT,
	                            w->passages + 1, next_passage, &passages,
	                            f);
}
