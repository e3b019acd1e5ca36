/*
 * Only the class and the print of each term are kept while terms come. Numbers
 * follow by a counting sort, and once more the terms by number.
 */

#include "kb/forward_write.h"

#include <assert.h>
#include <stdlib.h>

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
	free(w->terms);
	free(w->numbers);
	free(w->lengths);
	*w = (struct forward_writer){ .segment = NULL };
}

void forward_write_term(struct forward_writer *w, struct slice term,
                        uint32_t df)
{
	while (w->count < w->segment->terms) {
		w->terms = memory_room(w->terms, w->count, &w->room,
		                       sizeof(*w->terms));
		w->terms[w->count++].class = CLASS_NONE;
	}
	if (!forward_word(term))
		return;
	w->terms[w->count - 1] = (struct forward_class_print){
		.class = (unsigned char)forward_class(df),
		.print = forward_print(term),
	};
	w->words++;
}

static void writer_starts(const struct forward_writer *w,
                          uint32_t starts[FORWARD_CLASSES + 1])
{
	uint32_t counts[FORWARD_CLASSES] = { 0 }, i;
	size_t j;

	for (j = 0; j < w->count; j++)
		if (w->terms[j].class != CLASS_NONE)
			counts[w->terms[j].class]++;
	starts[0] = 0;
	for (i = 0; i < FORWARD_CLASSES; i++)
		starts[i + 1] = starts[i] + counts[i];
}

bool forward_write_start(struct forward_writer *w, struct fault *f)
{
	uint32_t starts[FORWARD_CLASSES + 1], i;
	unsigned char head[FORWARD_HEAD];
	size_t j;

	assert(w->count <= w->segment->terms);
	writer_starts(w, starts);
	for (i = 0; i <= FORWARD_CLASSES; i++)
		store32(head + 4 * i, starts[i]);
	w->lengths =
	        memory_new((size_t)w->segment->count + 1, sizeof(*w->lengths));
	w->numbers = memory_new(w->count + 1, sizeof(*w->numbers));
	for (j = 0; j < w->count; j++)
		w->numbers[j] = w->terms[j].class == CLASS_NONE
		                        ? FORWARD_NONE
		                        : starts[w->terms[j].class]++;
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

/* What a walk over rows gives. */
struct rows {
	const struct forward_writer *w;
	const uint32_t *places; /* by number */
	uint64_t at;
};

static bool row_term(void *self, uint32_t row, uint64_t *out, struct fault *f)
{
	const struct rows *r = self;

	(void)f;
	*out = r->places[row];
	return true;
}

static bool row_passage(void *self, uint32_t row, uint64_t *out,
                        struct fault *f)
{
	struct rows *r = self;

	(void)f;
	r->at = row ? r->at + r->w->lengths[row - 1] : FORWARD_HEAD;
	*out = r->at;
	return true;
}

/* The numbers turned round: nobody asks for them any more. */
static uint32_t *writer_places(struct forward_writer *w)
{
	uint32_t *places = memory_new((size_t)w->words + 1, sizeof(*places));
	size_t i;

	for (i = 0; i < w->count; i++)
		if (w->numbers[i] != FORWARD_NONE)
			places[w->numbers[i]] = (uint32_t)i;
	free(w->numbers);
	w->numbers = NULL;
	return places;
}

static bool write_prints(const struct rows *r, struct fault *f)
{
	struct segment_writer *to = r->w->segment;
	uint32_t i;

	if (!segment_write_section(to, SECTION_FORWARD_PRINTS, f))
		return false;
	for (i = 0; i < r->w->words; i++) {
		const char *print = (char *)&r->w->terms[r->places[i]].print;

		segment_write_bytes(to, (struct slice){ print, 1 });
	}
	segment_write_section_end(to);
	return true;
}

bool forward_write_end(struct forward_writer *w, struct fault *f)
{
	uint32_t *places = writer_places(w);
	struct rows r = { .w = w, .places = places };
	bool ok;

	assert(w->passages == w->segment->count);
	segment_write_section_end(w->segment);
	ok = segment_write_column(w->segment, SECTION_FORWARD_TERMS, w->words,
	                          row_term, &r, f) &&
	     segment_write_column(w->segment, SECTION_FORWARD_AT,
	                          w->passages + 1, row_passage, &r, f) &&
	     write_prints(&r, f);
	free(places);
	return ok;
}
