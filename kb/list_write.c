/* The other side of postings.c. Middle lists are packed as they come, their
 * heads filled in at the end; a dense list's fixed parts have their size from
 * the start, its escapes follow in a buffer of their own. */

#include "kb/list_write.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "kb/list_parts.h"

static struct dense_parts parts_of(const struct list_writer *w)
{
	return dense_parts(w->df, w->count);
}

void list_writer_init(struct list_writer *w, bool body_only,
                      struct maxima *maxima)
{
	*w = (struct list_writer){ .body_only = body_only, .maxima = maxima };
}

void list_writer_release(struct list_writer *w)
{
	buf_release(&w->out);
	free(w->dense);
	*w = (struct list_writer){ 0 };
}

void list_start(struct list_writer *w, uint32_t df, uint32_t count)
{
	w->df = df;
	w->count = count;
	w->class = list_class(df, count, DENSE_RATIO);
	w->next = w->held = w->added = 0;
	w->out.ceiling = UINT32_MAX;
	buf_reset(&w->out);
	if (w->class == LIST_MIDDLE) {
		size_t heads = 8 * (((size_t)df + BLOCK - 1) / BLOCK);

		memset(buf_extend(&w->out, heads), 0, heads);
	}
	if (w->class != LIST_DENSE)
		return;
	w->dense_size = parts_of(w).escapes;
	if (w->dense_size > w->dense_cap) {
		w->dense_cap = w->dense_size;
		w->dense = memory_resize(w->dense, w->dense_cap, 1);
	}
	memset(w->dense, 0, w->dense_size);
}

static void add_tuple(struct list_writer *w, const struct tuple *t)
{
	unsigned char bytes[TUPLE_MAX];
	size_t len = tuple_put(bytes, t);

	buf_add(&w->out, (struct slice){ (char *)bytes, len });
}

static void add_varint(struct list_writer *w, uint32_t gap,
                       const struct tuple *t)
{
	unsigned char bytes[VARINT_MAX];
	bool other = !tuple_plain(t);
	size_t len = varint_put(bytes, (uint64_t)gap << 1 | other);

	buf_add(&w->out, (struct slice){ (char *)bytes, len });
	if (other)
		add_tuple(w, t);
}

static void add_escapes(struct list_writer *w)
{
	uint32_t i;

	for (i = 0; i < w->held; i++)
		if (!w->codes[i])
			add_tuple(w, &w->tuples[i]);
}

static void set_head(struct list_writer *w, uint64_t group, size_t offset)
{
	unsigned char *head = (unsigned char *)w->out.at + 8 * group;

	store32(head, w->next - 1);
	store32(head + 4, (uint32_t)offset);
}

static void middle_flush(struct list_writer *w)
{
	uint64_t group = (w->added - 1) / BLOCK;
	size_t offset = w->out.len;
	unsigned bits, i;
	unsigned char *to;

	if (w->held == BLOCK) {
		bits = gaps_bits(w->gaps);
		to = (unsigned char *)buf_extend(&w->out,
		                                 1 + 16 * bits + NIBBLES);
		to[0] = (unsigned char)bits;
		gaps_pack(to + 1, w->gaps, bits);
		nibbles_pack(to + 1 + 16 * bits, w->codes);
		add_escapes(w);
	} else {
		for (i = 0; i < w->held; i++)
			add_varint(w, w->gaps[i], &w->tuples[i]);
	}
	set_head(w, group, offset);
	w->held = 0;
}

static void dense_flush(struct list_writer *w)
{
	struct dense_parts p = parts_of(w);
	uint64_t group = (w->added - 1) / BLOCK;
	unsigned char *codes = w->dense + p.codes + NIBBLES * group;
	uint32_t i;

	for (i = 0; i < w->held; i++)
		codes[i / 2] |= (unsigned char)(w->codes[i] << 4 * (i % 2));
	add_escapes(w);
	store32(w->dense + p.offsets + 4 * (group + 1), (uint32_t)w->out.len);
	w->held = 0;
}

void list_add(struct list_writer *w, uint32_t doc, const struct tuple *t)
{
	uint32_t gap = doc - w->next;

	assert(doc >= w->next && doc < w->count && w->added < w->df);
	w->next = doc + 1;
	w->added++;
	if (w->class == LIST_SINGLE || w->class == LIST_SHORT) {
		add_varint(w, gap, t);
		return;
	}
	w->gaps[w->held] = gap;
	w->codes[w->held] = (unsigned char)code_of(t, w->body_only);
	w->tuples[w->held++] = *t;
	if (w->class == LIST_DENSE)
		w->dense[parts_of(w).bits + doc / 8] |=
		        (unsigned char)(1U << doc % 8);
	if (w->held < BLOCK && w->added < w->df)
		return;
	if (w->class == LIST_DENSE)
		dense_flush(w);
	else
		middle_flush(w);
}

/* Postings before every 256 passages. */
static void dense_ranks(struct list_writer *w)
{
	struct dense_parts p = parts_of(w);
	const unsigned char *bits = w->dense + p.bits;
	uint64_t i, sum = 0;
	int j;

	for (i = 0; i < 2 * p.steps; i++) {
		store32(w->dense + p.ranks + 4 * i, (uint32_t)sum);
		for (j = 0; j < RANK_STEP / 64; j++)
			sum += (unsigned)__builtin_popcountll(
			        load64(bits + 32 * i + 8 * j));
	}
}

void list_end(struct list_writer *w, struct slice *first, struct slice *second)
{
	assert(w->added == w->df);
	*first = buf_slice(&w->out);
	*second = SLICE("");
	if (w->class != LIST_DENSE)
		return;
	dense_ranks(w);
	maxima_make(w->maxima, w->dense, w->df, w->count, *first);
	*second = *first;
	*first = (struct slice){ (char *)w->dense, w->dense_size };
}
