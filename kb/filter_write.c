/* The values of a chunk of passages are sorted by value, stably, which leaves
 * the passages of each in order; each list then takes the form that its length
 * asks for. Nothing is held but one chunk, and how many tags each passage has. */

#include "kb/filter_write.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "kb/codec.h"
#include "kb/filter_file.h"

void filter_writer_init(struct filter_writer *w, uint32_t count,
                        const char *beside)
{
	*w = (struct filter_writer){ .count = count };
	scratch_init(&w->out, beside);
	w->block = w->directory = BUF_INIT(SIZE_MAX / 2);
	w->counts[0] = w->counts[1] = BUF_INIT(SIZE_MAX / 2);
}

void filter_writer_release(struct filter_writer *w)
{
	scratch_release(&w->out);
	buf_release(&w->block);
	buf_release(&w->directory);
	buf_release(&w->counts[0]);
	buf_release(&w->counts[1]);
	free(w->pairs);
	free(w->sorted);
	w->pairs = w->sorted = NULL;
}

/* One pass over eight bits of the numbers, stable. */
static void sort_digit(const struct filter_pair *from, struct filter_pair *to,
                       size_t count, unsigned shift)
{
	size_t starts[256] = { 0 }, at = 0, i;

	for (i = 0; i < count; i++)
		starts[from[i].number >> shift & 255]++;
	for (i = 0; i < 256; i++) {
		size_t n = starts[i];

		starts[i] = at;
		at += n;
	}
	for (i = 0; i < count; i++)
		to[starts[from[i].number >> shift & 255]++] = from[i];
}

/* Sorts the pairs by number and leaves each out that is there twice. */
static void sort_pairs(struct filter_writer *w)
{
	uint32_t most = 0;
	unsigned shift;
	size_t i, kept = 0;

	if (w->sorted_cap < w->pair_count) {
		w->sorted_cap = w->pair_cap;
		w->sorted = memory_resize(w->sorted, w->sorted_cap,
		                          sizeof(*w->sorted));
	}
	for (i = 0; i < w->pair_count; i++)
		if (w->pairs[i].number > most)
			most = w->pairs[i].number;
	for (shift = 0; shift < 32 && most >> shift; shift += 8) {
		struct filter_pair *pairs = w->pairs;
		size_t cap = w->pair_cap;

		sort_digit(pairs, w->sorted, w->pair_count, shift);
		w->pairs = w->sorted;
		w->pair_cap = w->sorted_cap;
		w->sorted = pairs;
		w->sorted_cap = cap;
	}
	for (i = 0; i < w->pair_count; i++)
		if (!kept || w->pairs[kept - 1].number != w->pairs[i].number ||
		    w->pairs[kept - 1].doc != w->pairs[i].doc)
			w->pairs[kept++] = w->pairs[i];
	w->pair_count = kept;
}

static void put16(struct buf *b, uint32_t n)
{
	buf_byte(b, (char)(n & 255));
	buf_byte(b, (char)(n >> 8));
}

static void list_put(struct buf *b, const struct filter_pair *pairs,
                     uint32_t count, uint32_t size)
{
	enum filter_form form = filter_form(count, size);
	uint32_t bytes = filter_list_bytes(count, size), i;
	unsigned char *bits = NULL;

	if (form == FILTER_BITS) {
		bits = (unsigned char *)buf_extend(b, bytes);
		memset(bits, 0, bytes);
	}
	for (i = 0; form != FILTER_ALL && i < count; i++)
		if (bits)
			bits[pairs[i].doc / 8] |=
			        (unsigned char)(1U << pairs[i].doc % 8);
		else
			put16(b, pairs[i].doc);
}

/* How many of the pairs from the first on have its number. */
static uint32_t run_length(const struct filter_pair *pairs, size_t left)
{
	uint32_t n = 1;

	while (n < left && pairs[n].number == pairs[0].number)
		n++;
	return n;
}

/* The table of a block, once its pairs are sorted. */
static void table_put(struct filter_writer *w, uint32_t size)
{
	struct buf *b = &w->block;
	uint32_t values = 0, offset, n;
	size_t i;

	for (i = 0; i < w->pair_count; values++)
		i += run_length(w->pairs + i, w->pair_count - i);
	offset = 4 + FILTER_ENTRY * values;
	put32(b, values);
	for (i = 0; i < w->pair_count;
	     i += run_length(w->pairs + i, w->pair_count - i))
		put32(b, w->pairs[i].number);
	for (i = 0; i < w->pair_count; i += n) {
		n = run_length(w->pairs + i, w->pair_count - i);
		put32(b, offset);
		offset += filter_list_bytes(n, size);
	}
	for (i = 0; i < w->pair_count; i += n) {
		n = run_length(w->pairs + i, w->pair_count - i);
		put16(b, n - 1);
	}
}

/* Writes the block of the chunk under way. */
static void chunk_end(struct filter_writer *w)
{
	uint32_t size = filter_chunk_size(w->count, w->chunk), n;
	size_t i;

	sort_pairs(w);
	put64(&w->directory, w->out.len);
	table_put(w, size);
	for (i = 0; i < w->pair_count; i += n) {
		n = run_length(w->pairs + i, w->pair_count - i);
		list_put(&w->block, w->pairs + i, n, size);
	}
	scratch_add(&w->out, buf_slice(&w->block));
	buf_reset(&w->block);
	w->pair_count = 0;
	w->chunk++;
}

static void pair_add(struct filter_writer *w, uint32_t doc, uint32_t number)
{
	while (w->chunk < doc / FILTER_CHUNK)
		chunk_end(w);
	w->pairs = memory_room(w->pairs, w->pair_count, &w->pair_cap,
	                       sizeof(*w->pairs));
	w->pairs[w->pair_count++] =
	        (struct filter_pair){ number, doc % FILTER_CHUNK };
}

/* How many values each passage has: the rows say where its list begins. */
static void count_add(struct filter_writer *w, struct buf *counts, uint32_t row,
                      uint64_t first)
{
	unsigned char bytes[VARINT_MAX];

	if (row)
		buf_add(counts,
		        (struct slice){ (char *)bytes,
		                        varint_put(bytes, first - w->first) });
	w->first = first;
}

/* The passage that the next value of a list belongs to. */
static uint32_t list_passage(struct filter_writer *w, const struct buf *counts,
                             uint32_t row)
{
	const unsigned char *at = (const unsigned char *)counts->at;
	const unsigned char *from = at + w->count_at;

	if (!row) {
		w->count_at = 0;
		w->passage = UINT32_MAX;
		w->left = 0;
		from = at;
	}
	while (!w->left) {
		if (!varint_get32(&from, at + counts->len, UINT32_MAX,
		                  &w->left))
			abort(); /* the lists are longer than was said */
		w->passage++;
	}
	w->count_at = (size_t)(from - at);
	w->left--;
	return w->passage;
}

static void day_add(struct filter_writer *w, uint64_t modified)
{
	uint32_t day =
	        filter_day(modified ? unzigzag(modified - 1) : CLOCK_NONE);
	char bytes[2] = { (char)(day & 255), (char)(day >> 8) };

	scratch_add(&w->out, (struct slice){ bytes, 2 });
}

void filter_write_start(struct filter_writer *w)
{
	const char *beside = w->out.beside;

	if (w->out.len) {
		scratch_release(&w->out);
		scratch_init(&w->out, beside);
	}
	buf_reset(&w->directory);
	w->chunk = 0;
}

void filter_write_row(struct filter_writer *w, enum section column,
                      uint32_t row, uint64_t n)
{
	if (column == SECTION_FIRST_TAG || column == SECTION_FIRST_SERVICE)
		count_add(w, &w->counts[column == SECTION_FIRST_SERVICE], row,
		          n);
	else if (column == SECTION_MODIFIED)
		day_add(w, n);
	else if (column == SECTION_TAGS || column == SECTION_SERVICES)
		pair_add(w,
		         list_passage(w, &w->counts[column == SECTION_SERVICES],
		                      row),
		         (uint32_t)n);
	else if (filter_section(column))
		pair_add(w, row, (uint32_t)n);
}

enum section filter_write_end(struct filter_writer *w, enum section column)
{
	uint32_t chunks = filter_chunks(w->count);

	if (column == SECTION_MODIFIED)
		return SECTION_DAYS;
	if (!filter_section(column))
		return (enum section)0;
	while (w->chunk < chunks)
		chunk_end(w);
	put64(&w->directory, w->out.len);
	scratch_add(&w->out, buf_slice(&w->directory));
	return filter_section(column);
}
