/* Blocks of sixteen prefix-coded terms under a directory of eight-byte keys:
 * a binary search over the keys, a look at first terms where keys are equal,
 * then a walk of at most one block. */

#include "kb/dictionary.h"

#include "kb/codec.h"

uint64_t term_key(struct slice term)
{
	uint64_t key = 0;
	size_t i;

	for (i = 0; i < 8; i++)
		key = key << 8 | (i < term.len ? (unsigned char)term.at[i] : 0);
	return key;
}

static uint64_t block_count(const struct segment *s)
{
	return (s->terms + TERMS_BLOCK - 1) / TERMS_BLOCK;
}

/* The directory's entry of a block, touched. */
static bool directory_at(const struct segment *s, uint64_t block,
                         const unsigned char **out, struct fault *f)
{
	uint64_t at =
	        s->parts[SECTION_DIRECTORY].offset + block * DIRECTORY_ENTRY;

	if (!segment_touch(s, at, DIRECTORY_ENTRY, f))
		return false;
	*out = s->at + at;
	return true;
}

/* Where the bytes of a block begin and end. */
static bool block_bytes(const struct segment *s, uint64_t block, uint64_t *from,
                        uint64_t *to, uint64_t *list, struct fault *f)
{
	const struct part *all = &s->parts[SECTION_DICTIONARY];
	const unsigned char *entry;

	if (!directory_at(s, block, &entry, f))
		return false;
	*from = load64(entry + 8);
	*list = load64(entry + 16);
	*to = all->bytes;
	if (block + 1 < block_count(s)) {
		if (!directory_at(s, block + 1, &entry, f))
			return false;
		*to = load64(entry + 8);
	}
	if (*from > *to || *to > all->bytes)
		return segment_damaged(s, "directory out of bounds", f);
	return segment_touch(s, all->offset + *from, *to - *from, f);
}

static bool walk_block(struct term_walk *w, uint64_t block, struct fault *f)
{
	const struct segment *s = w->segment;
	const unsigned char *base = s->at + s->parts[SECTION_DICTIONARY].offset;
	uint64_t from, to, left = s->terms - block * TERMS_BLOCK;

	if (!block_bytes(s, block, &from, &to, &w->list, f))
		return false;
	w->at = base + from;
	w->end = base + to;
	w->block = block + 1;
	w->in_hand = (unsigned)(left < TERMS_BLOCK ? left : TERMS_BLOCK);
	w->term.len = 0;
	return true;
}

void term_walk_start(struct term_walk *w, const struct segment *s)
{
	memset(w, 0, sizeof(*w));
	w->segment = s;
}

static bool walk_text(struct term_walk *w)
{
	size_t shared, more;

	if (w->end - w->at < 2)
		return false;
	shared = w->at[0];
	more = w->at[1];
	w->at += 2;
	if (shared > w->term.len || shared + more > TOKEN_MAX || !more ||
	    more > (size_t)(w->end - w->at))
		return false;
	memcpy(w->text + shared, w->at, more);
	w->at += more;
	w->term = (struct slice){ w->text, shared + more };
	return true;
}

/* A single's posting is in the entry itself: finds its end. */
static bool walk_single(struct term_walk *w)
{
	const unsigned char *from = w->at;
	struct tuple tuple;
	uint64_t gap;

	if (!varint_get(&w->at, w->end, &gap) ||
	    ((gap & 1) && !tuple_get(&w->at, w->end, &tuple)))
		return false;
	w->postings =
	        (struct slice){ (const char *)from, (size_t)(w->at - from) };
	return true;
}

static bool walk_list(struct term_walk *w)
{
	const struct segment *s = w->segment;
	const struct part *all = &s->parts[SECTION_POSTINGS];
	uint64_t bytes;

	if (!varint_get32(&w->at, w->end, s->count, &w->df) || !w->df)
		return false;
	if (w->df == 1)
		return walk_single(w);
	if (!varint_get(&w->at, w->end, &bytes) || w->list > all->bytes ||
	    bytes > all->bytes - w->list)
		return false;
	w->postings =
	        (struct slice){ (const char *)s->at + all->offset + w->list,
		                (size_t)bytes };
	w->list += bytes;
	return true;
}

bool term_walk_next(struct term_walk *w, bool *more, struct fault *f)
{
	*more = w->in_hand || w->block < block_count(w->segment);
	if (!*more)
		return true;
	if (!w->in_hand && !walk_block(w, w->block, f))
		return false;
	w->in_hand--;
	if (!walk_text(w) || !walk_list(w))
		return segment_damaged(w->segment, "dictionary", f);
	return true;
}

/* How the first term of a block compares with `term`. */
static bool block_compare(struct term_walk *w, uint64_t block,
                          struct slice term, uint64_t key, int *order,
                          struct fault *f)
{
	const unsigned char *entry;
	uint64_t other;
	bool more;

	if (!directory_at(w->segment, block, &entry, f))
		return false;
	other = load64(entry);
	if (other != key) {
		*order = other < key ? -1 : 1;
		return true;
	}
	if (!walk_block(w, block, f) || !term_walk_next(w, &more, f))
		return false;
	*order = slice_cmp(w->term, term);
	return true;
}

bool term_walk_find(struct term_walk *w, const struct segment *s,
                    struct slice term, bool *found, struct fault *f)
{
	uint64_t low = 0, high = block_count(s), key = term_key(term);
	bool more = true;
	int order;

	term_walk_start(w, s);
	*found = false;
	while (low < high) { /* the first block that begins behind `term` */
		uint64_t middle = low + (high - low) / 2;

		if (!block_compare(w, middle, term, key, &order, f))
			return false;
		if (order <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low)
		return true;
	if (!walk_block(w, low - 1, f))
		return false;
	while (w->in_hand) {
		if (!term_walk_next(w, &more, f))
			return false;
		order = slice_cmp(w->term, term);
		if (order >= 0) {
			*found = order == 0;
			return true;
		}
	}
	return true;
}

bool term_walk_at(struct term_walk *w, const struct segment *s,
                  uint64_t ordinal, struct fault *f)
{
	uint64_t left = ordinal % TERMS_BLOCK;
	bool more;

	term_walk_start(w, s);
	if (!walk_block(w, ordinal / TERMS_BLOCK, f))
		return false;
	do {
		if (!term_walk_next(w, &more, f))
			return false;
	} while (left--);
	return true;
}

uint64_t term_walk_ordinal(const struct term_walk *w)
{
	uint64_t next = w->block * TERMS_BLOCK;

	if (next > w->segment->terms)
		next = w->segment->terms;
	return next - w->in_hand - 1;
}
