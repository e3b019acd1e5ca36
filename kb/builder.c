/* Inversion in memory after Heinz and Zobel (Efficient single-pass index
 * construction for text databases, 2003): each term has a chain of slices of
 * growing size in one pool, to which its postings are appended as in a short
 * list. A term's posting of the passage under way arrives whole, since tallyes
 * count terms by passage. */

#include "kb/builder.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "kb/codec.h"

enum {
	POOL_BLOCK = 64 << 10,
	SLICE_FIRST = 16, /* bytes of a chain's first slice, link included */
	SLICE_LAST = 2048,
	SLICE_LINK = 4,
};

struct chain {
	uint32_t head, at, end; /* places in the pool; end is the link's */
	uint32_t size, next;    /* of the last slice; lowest doc to follow */
	uint32_t df;
};

#define NOT_OURS UINT32_MAX

struct row {
	int64_t post, part, changed, modified;
	enum passage_kind kind;
	uint32_t from, to;
	uint32_t space, post_kind, language, class; /* in `strings` */
	uint32_t first_tag, first_service;
	uint32_t lengths[FIELD_COUNT];
};

struct numbers {
	uint32_t *at;
	size_t count, cap;
};

struct builder {
	char *label;
	size_t label_len;
	struct map terms, strings;
	struct chain *chains;
	size_t chain_cap;
	unsigned char **pool;
	size_t pool_count, pool_cap, pool_used; /* used of the last block */
	uint64_t text;                          /* bytes of terms and strings */
	struct row *rows;
	size_t row_count, row_cap;
	int64_t *scores;
	size_t score_cap;
	struct numbers tags, services;
	uint32_t *docs; /* by the tally's passage: ours, or NOT_OURS */
	size_t doc_cap;
	uint32_t *ranks; /* of strings, while writing */
};

struct builder *builder_new(struct slice label)
{
	struct builder *b = memory_new(1, sizeof(*b));

	b->label = memory_copy(label.at, label.len);
	b->label_len = label.len;
	return b;
}

void builder_free(struct builder *b)
{
	if (!b)
		return;
	builder_reset(b);
	map_release(&b->terms);
	map_release(&b->strings);
	free(b->label);
	free(b->chains);
	free(b->pool);
	free(b->rows);
	free(b->scores);
	free(b->tags.at);
	free(b->services.at);
	free(b->docs);
	free(b);
}

void builder_reset(struct builder *b)
{
	while (b->pool_count)
		free(b->pool[--b->pool_count]);
	b->pool_used = 0;
	b->text = 0;
	b->row_count = 0;
	b->tags.count = 0;
	b->services.count = 0;
	map_release(&b->terms);
	map_release(&b->strings);
}

struct slice builder_label(const struct builder *b)
{
	return (struct slice){ b->label, b->label_len };
}

uint32_t builder_count(const struct builder *b)
{
	return (uint32_t)b->row_count;
}

const int64_t *builder_scores(struct builder *b)
{
	return b->scores;
}

uint64_t builder_memory(const struct builder *b)
{
	/* An entry, its slots and its chain, with the room they grow into. */
	uint64_t term = 2 * (sizeof(struct map_entry) + sizeof(struct chain) +
	                     2 * sizeof(uint32_t));

	return (uint64_t)b->pool_count * POOL_BLOCK + b->text +
	       b->terms.count * term +
	       b->row_count * 3 / 2 * (sizeof(struct row) + 8) +
	       (b->tags.count + b->services.count) * 6;
}

static unsigned char *pool_at(const struct builder *b, uint32_t place)
{
	return b->pool[place / POOL_BLOCK] + place % POOL_BLOCK;
}

/* A run of `size` bytes that does not cross a block. */
static uint32_t pool_take(struct builder *b, uint32_t size)
{
	uint32_t place;

	if (!b->pool_count || b->pool_used + size > POOL_BLOCK) {
		b->pool = memory_room(b->pool, b->pool_count, &b->pool_cap,
		                      sizeof(*b->pool));
		b->pool[b->pool_count++] = memory_resize(NULL, POOL_BLOCK, 1);
		b->pool_used = 0;
	}
	place = (uint32_t)((b->pool_count - 1) * POOL_BLOCK + b->pool_used);
	b->pool_used += size;
	return place;
}

static void chain_slice(struct builder *b, struct chain *c)
{
	uint32_t place;

	c->size = c->df ? c->size * 2 : SLICE_FIRST;
	if (c->size > SLICE_LAST)
		c->size = SLICE_LAST;
	place = pool_take(b, c->size);
	if (c->df)
		store32(pool_at(b, c->end), place);
	else
		c->head = place;
	c->at = place;
	c->end = place + c->size - SLICE_LINK;
}

static void chain_add(struct builder *b, struct chain *c,
                      const unsigned char *bytes, size_t len)
{
	while (len) {
		size_t n = c->end - c->at;

		if (!n) {
			chain_slice(b, c);
			continue;
		}
		if (n > len)
			n = len;
		memcpy(pool_at(b, c->at), bytes, n);
		c->at += (uint32_t)n;
		bytes += n;
		len -= n;
	}
}

static void chain_posting(struct builder *b, struct chain *c, uint32_t doc,
                          const struct tuple *t)
{
	unsigned char bytes[VARINT_MAX + TUPLE_MAX];
	bool other = !tuple_plain(t);
	size_t len = varint_put(bytes, (uint64_t)(doc - c->next) << 1 | other);

	if (other)
		len += tuple_put(bytes + len, t);
	if (!c->df)
		chain_slice(b, c);
	c->df++;
	chain_add(b, c, bytes, len);
	c->next = doc + 1;
}

static struct chain *builder_chain(struct builder *b, struct slice term)
{
	struct map_entry *e;
	size_t number;
	bool added;

	e = map_put(&b->terms, term, &added);
	number = (size_t)(e - b->terms.entries);
	if (added) {
		b->text += term.len + 1;
		b->chains = memory_room(b->chains, number, &b->chain_cap,
		                        sizeof(*b->chains));
		b->chains[number] = (struct chain){ 0 };
	}
	return &b->chains[number];
}

static uint32_t builder_string(struct builder *b, struct slice text)
{
	bool added;
	struct map_entry *e = map_put(&b->strings, text, &added);

	if (added)
		b->text += text.len + 100;
	return (uint32_t)(e - b->strings.entries);
}

static void number_add(struct numbers *n, uint32_t number)
{
	n->at = memory_room(n->at, n->count, &n->cap, sizeof(*n->at));
	n->at[n->count++] = number;
}

/* Services stand in one line: "EC2, S3". */
static void builder_services(struct builder *b, struct slice line)
{
	while (line.len) {
		size_t end = slice_find(line, ',');
		struct slice name = slice_trim(slice_cut(line, 0, end));

		if (name.len)
			number_add(&b->services, builder_string(b, name));
		line = slice_cut(line, end + 1, line.len);
	}
}

static void builder_row(struct builder *b, const struct post_row *post,
                        const struct passage *p, const uint32_t *lengths)
{
	struct row *r;
	size_t i;

	b->scores = memory_room(b->scores, b->row_count, &b->score_cap,
	                        sizeof(*b->scores));
	b->scores[b->row_count] = p->score;
	b->rows = memory_room(b->rows, b->row_count, &b->row_cap,
	                      sizeof(*b->rows));
	r = &b->rows[b->row_count++];
	*r = (struct row){
		.post = p->post,
		.part = p->part,
		.changed = p->changed,
		.modified = p->modified,
		.kind = p->kind,
		.from = p->from,
		.to = p->to,
		.space = builder_string(b, post->space),
		.post_kind = builder_string(b, post->kind),
		.language = builder_string(b, post->language),
		.class = builder_string(b, post->class),
		.first_tag = (uint32_t)b->tags.count,
		.first_service = (uint32_t)b->services.count,
	};
	memcpy(r->lengths, lengths, sizeof(r->lengths));
	for (i = 0; i < post->tag_count; i++)
		number_add(&b->tags, builder_string(b, post->tags[i]));
	builder_services(b, post->services);
}

/* Whether the passage comes behind all that are there. */
static bool follows(const struct builder *b, const struct passage *p)
{
	const struct row *last;

	if (!b->row_count)
		return true;
	last = &b->rows[b->row_count - 1];
	return last->post < p->post ||
	       (last->post == p->post && last->part < p->part);
}

/* Numbers the tally's passages that are ours. */
static void builder_docs(struct builder *b, const struct tally *tally)
{
	size_t i;

	if (tally->passage_count > b->doc_cap) {
		b->doc_cap = tally->passage_count;
		b->docs = memory_resize(b->docs, b->doc_cap, sizeof(*b->docs));
	}
	for (i = 0; i < tally->passage_count; i++) {
		const struct tally_passage *p = &tally->passages[i];

		b->docs[i] = NOT_OURS;
		if (!slice_eq(p->post->access, builder_label(b)))
			continue;
		assert(follows(b, p->passage));
		b->docs[i] = (uint32_t)b->row_count;
		builder_row(b, p->post, p->passage, p->lengths);
	}
}

void builder_add(struct builder *b, const struct tally *tally)
{
	size_t term, i;

	builder_docs(b, tally);
	for (term = 0; term < tally->terms.count; term++) {
		struct chain *c = NULL;

		for (i = tally->starts[term]; i < tally->starts[term + 1];
		     i++) {
			const struct tally_posting *p =
			        &tally->postings[tally->order[i]];

			if (b->docs[p->passage] == NOT_OURS)
				continue;
			if (!c)
				c = builder_chain(
				        b, tally->terms.entries[term].key);
			chain_posting(b, c, b->docs[p->passage], &p->tuple);
		}
	}
}

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

static void write_terms(const struct builder *b, struct segment_writer *w)
{
	const struct map_entry **order = sorted(&b->terms);
	struct buf bytes = BUF_INIT(SIZE_MAX / 2);
	size_t i;

	for (i = 0; i < b->terms.count; i++) {
		const struct chain *c = &b->chains[order[i] - b->terms.entries];

		segment_write_term(w, order[i]->key, c->df);
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

bool builder_write(struct builder *b, const char *path, struct written *out,
                   struct fault *f)
{
	struct segment_writer w;

	if (!segment_write_start(&w, path, builder_label(b), builder_count(b),
	                         f))
		return false;
	write_terms(b, &w);
	if (write_rows(b, &w, f) && segment_write_end(&w, out, f))
		return true;
	segment_write_drop(&w);
	return false;
}
