/* Writing out what a builder holds: terms and strings are sorted, each chain is
 * read back and goes to the segment posting by posting, the rows column by
 * column. */

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "kb/builder_state.h"
#include "kb/codec.h"
#include "kb/dictionary.h"

/* The bytes of one chain, one behind the other. */
static void chain_read(const struct builder *b, const struct chain *c,
                       struct buf *out)
{
	uint32_t place = c->head, size = SLICE_FIRST, len;

	buf_reset(out);
	for (;;) {
		bool last = c->end == place + size - SLICE_LINK;

		len = last ? c->at - place : size - SLICE_LINK;
		buf_add(out, (struct slice){ (char *)pool_at(b, place), len });
		if (last)
			return;
		place = load32(pool_at(b, place + size - SLICE_LINK));
		size = size * 2 > SLICE_LAST ? SLICE_LAST : size * 2;
	}
}

static void write_chain(const struct builder *b, struct segment_writer *w,
                        const struct chain *c, struct buf *bytes)
{
	const unsigned char *at, *end;
	uint32_t doc = 0, i;
	uint64_t gap = 0;

	chain_read(b, c, bytes);
	at = (const unsigned char *)bytes->at;
	end = at + bytes->len;
	for (i = 0; i < c->df; i++) {
		struct tuple t = { .tf = { [FIELD_BODY] = 1 } };
		bool ok = varint_get(&at, end, &gap) &&
		          (!(gap & 1) || tuple_get(&at, end, &t));

		assert(ok);
		(void)ok;
		doc += (uint32_t)(gap >> 1);
		segment_write_posting(w, doc++, &t);
	}
}

static int entry_order(const void *a, const void *b)
{
	const struct map_entry *const *x = a, *const *y = b;

	return slice_cmp((*x)->key, (*y)->key);
}

/* The entries of a map in byte order; free() it. */
static const struct map_entry **sorted(const struct map *m)
{
	const struct map_entry **at = memory_new(m->count + 1, sizeof(*at));
	size_t i;

	for (i = 0; i < m->count; i++)
		at[i] = &m->entries[i];
	qsort(at, m->count, sizeof(*at), entry_order);
	return at;
}

/* A term to sort: what decides most often stands beside it. */
struct ranked {
	uint64_t key;
	const struct chain *chain;
};

static int ranked_order(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return slice_cmp((struct slice){ x->chain->text, x->chain->len },
	                 (struct slice){ y->chain->text, y->chain->len });
}

/* places[c]: where chain c stands in the dictionary. */
static void write_terms(const struct builder *b, struct segment_writer *w,
                        struct forward_writer *forward, uint32_t *places)
{
	struct ranked *order = memory_new(b->chain_count + 1, sizeof(*order));
	struct buf bytes = BUF_INIT(SIZE_MAX / 2);
	size_t i;

	for (i = 0; i < b->chain_count; i++) {
		const struct chain *c = &b->chains[i];

		order[i].chain = c;
		order[i].key = term_key((struct slice){ c->text, c->len });
	}
	qsort(order, b->chain_count, sizeof(*order), ranked_order);
	for (i = 0; i < b->chain_count; i++) {
		const struct chain *c = order[i].chain;

		segment_write_term(w, (struct slice){ c->text, c->len }, c->df);
		forward_write_term(forward, (struct slice){ c->text, c->len },
		                   c->df);
		places[c - b->chains] = (uint32_t)(w->terms - 1);
		write_chain(b, w, c, &bytes);
	}
	buf_release(&bytes);
	free(order);
}

/* One column of the rows, as segment_write_column() asks for it. */
struct column {
	const struct builder *b;
	enum section kind;
};

static uint64_t row_number(const struct builder *b, const struct row *r,
                           enum section kind)
{
	switch (kind) {
	case SECTION_POST:
		return (uint64_t)r->post;
	case SECTION_PART:
		return (uint64_t)r->part;
	case SECTION_KIND:
		return r->kind;
	case SECTION_FROM:
		return r->from;
	case SECTION_TO:
		return r->to;
	case SECTION_CHANGED:
		return (uint64_t)r->changed;
	case SECTION_MODIFIED:
		return r->modified == CLOCK_NONE ? 0 : zigzag(r->modified) + 1;
	case SECTION_SPACE:
		return b->ranks[r->space];
	case SECTION_POST_KIND:
		return b->ranks[r->post_kind];
	case SECTION_LANGUAGE:
		return b->ranks[r->language];
	case SECTION_CLASS:
		return b->ranks[r->class];
	case SECTION_FIRST_TAG:
		return r->first_tag;
	case SECTION_FIRST_SERVICE:
		return r->first_service;
	default:
		return r->lengths[kind - SECTION_LENGTH];
	}
}

static bool column_number(void *self, uint32_t row, uint64_t *out,
                          struct fault *f)
{
	const struct column *c = self;
	const struct builder *b = c->b;

	(void)f;
	if (c->kind == SECTION_TAGS)
		*out = b->ranks[b->tags.at[row]];
	else if (c->kind == SECTION_SERVICES)
		*out = b->ranks[b->services.at[row]];
	else if (row < b->row_count)
		*out = row_number(b, &b->rows[row], c->kind);
	else /* the row behind the last of a list's beginnings */
		*out = c->kind == SECTION_FIRST_TAG ? b->tags.count
		                                    : b->services.count;
	return true;
}

static bool write_columns(const struct builder *b, struct segment_writer *w,
                          struct fault *f)
{
	uint32_t rows = builder_count(b);
	int i;

	for (i = SECTION_POST; i < SECTION_LENGTH + FIELD_COUNT; i++) {
		struct column c = { b, (enum section)i };
		bool more =
		        i == SECTION_FIRST_TAG || i == SECTION_FIRST_SERVICE;

		if (!segment_write_column(w, c.kind, rows + more, column_number,
		                          &c, f))
			return false;
	}
	return segment_write_column(w, SECTION_TAGS, (uint32_t)b->tags.count,
	                            column_number,
	                            &(struct column){ b, SECTION_TAGS }, f) &&
	       segment_write_column(w, SECTION_SERVICES,
	                            (uint32_t)b->services.count, column_number,
	                            &(struct column){ b, SECTION_SERVICES }, f);
}

/* Numbers the strings in byte order and writes all but the terms. */
static bool write_rows(struct builder *b, struct segment_writer *w,
                       struct fault *f)
{
	const struct map_entry **order = sorted(&b->strings);
	struct slice *strings =
	        memory_new(b->strings.count + 1, sizeof(*strings));
	size_t i;
	bool ok;

	b->ranks = memory_new(b->strings.count + 1, sizeof(*b->ranks));
	for (i = 0; i < b->strings.count; i++) {
		b->ranks[order[i] - b->strings.entries] = (uint32_t)i;
		strings[i] = order[i]->key;
	}
	ok = write_columns(b, w, f);
	if (ok)
		segment_write_strings(w, strings, (uint32_t)b->strings.count);
	free(b->ranks);
	b->ranks = NULL;
	free(strings);
	free(order);
	return ok;
}

static bool row_norm(void *self, uint32_t row, enum passage_kind *kind,
                     uint32_t lengths[FIELD_COUNT], struct fault *f)
{
	const struct builder *b = self;

	(void)f;
	*kind = b->rows[row].kind;
	memcpy(lengths, b->rows[row].lengths, sizeof(b->rows[row].lengths));
	return true;
}

static bool write_forward(struct builder *b, struct forward_writer *w,
                          const uint32_t *places, struct fault *f)
{
	return !b->beside || (forward_write_start(w, f) &&
	                      forward_spill_write(&b->spill, w, places, f) &&
	                      forward_write_end(w, f));
}

/* All but the norms. */
static bool write_all(struct builder *b, struct segment_writer *w,
                      struct fault *f)
{
	uint32_t *places = memory_new(b->chain_count + 1, sizeof(*places));
	struct forward_writer forward;
	bool ok;

	forward_writer_init(&forward, w);
	write_terms(b, w, &forward, places);
	ok = write_forward(b, &forward, places, f);
	forward_writer_release(&forward);
	free(places);
	return ok && write_rows(b, w, f);
}

bool builder_write(struct builder *b, const char *path,
                   const struct index_weights *weights, struct written *out,
                   struct fault *f)
{
	struct segment_writer w;

	if (!segment_write_start(&w, path, builder_label(b), builder_count(b),
	                         f))
		return false;
	if (segment_write_norms(&w, weights, row_norm, b, f) &&
	    write_all(b, &w, f) && segment_write_end(&w, out, f))
		return true;
	segment_write_drop(&w);
	return false;
}
