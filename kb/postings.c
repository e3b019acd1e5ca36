/* Lists are read a block at a time: the documents of up to 128 postings are
 * decoded into the cursor, their codes and escapes are looked at one by one.
 * Short lists, and the short last block of a middle one, are read posting by
 * posting. Nothing is believed: a document that does not ascend or is not in
 * the segment, or bytes that end early, are damage. */

#include "kb/postings.h"

#include "kb/codec.h"
#include "kb/list_parts.h"

static bool list_damaged(const struct posting_cursor *c, struct fault *f)
{
	return segment_damaged(c->segment, "postings", f);
}

/* Sets up a dense list's parts. */
static bool dense_begin(struct posting_cursor *c)
{
	const struct segment *s = c->segment;
	struct dense_parts p = dense_parts(c->df, s->count);
	uint64_t misaligned = (uint64_t)(c->list - s->at) % SEGMENT_ALIGN;
	uint64_t skip = misaligned ? SEGMENT_ALIGN - misaligned : 0;

	if ((uint64_t)(c->end - c->list) < skip + p.escapes)
		return false;
	c->list += skip;
	c->at = c->list;
	c->bits = c->list + p.bits;
	c->codes = c->list + p.codes;
	c->escapes = c->list + p.escapes;
	return true;
}

static bool list_begin(struct posting_cursor *c)
{
	c->at = c->list;
	if (c->class_ == LIST_DENSE)
		return dense_begin(c);
	if (c->class_ == LIST_MIDDLE) {
		uint64_t heads = 8 * (((uint64_t)c->df + BLOCK - 1) / BLOCK);

		if ((uint64_t)(c->end - c->list) < heads)
			return false;
		c->at = c->list + heads;
	}
	return true;
}

/* Decodes a whole block of a middle list. */
static bool middle_block(struct posting_cursor *c)
{
	const unsigned char *head = c->list + 8 * (size_t)c->group;
	uint32_t offset = load32(head + 4);
	uint64_t doc = c->last;
	unsigned bits, i;

	if (offset != (uint64_t)(c->at - c->list) || c->at >= c->end)
		return false;
	bits = *c->at++;
	if (bits > 32 || (size_t)(c->end - c->at) < 16 * bits + NIBBLES)
		return false;
	gaps_unpack(c->at, bits, c->block);
	for (i = 0; i < BLOCK; i++) {
		doc += c->block[i];
		if (doc >= c->segment->count)
			return false;
		c->block[i] = (uint32_t)doc++;
	}
	if (load32(head) != c->block[BLOCK - 1])
		return false;
	c->last = (uint32_t)doc;
	c->codes = c->at + 16 * bits;
	c->at = c->codes + NIBBLES;
	return true;
}

/* Takes the documents of the next group from the bits. */
static bool dense_block(struct posting_cursor *c)
{
	uint32_t words = (c->segment->count + 63) / 64;
	uint32_t want = c->left < BLOCK ? c->left : BLOCK, n = 0;

	while (n < want) {
		while (!c->word) {
			if (c->last >= words)
				return false;
			c->word = load64(c->bits + 8 * (size_t)c->last++);
		}
		c->block[n] =
		        64 * (c->last - 1) + (uint32_t)__builtin_ctzll(c->word);
		if (c->block[n++] >= c->segment->count)
			return false;
		c->word &= c->word - 1;
	}
	if (c->group)
		c->codes += NIBBLES;
	return true;
}

/* A new block in hand; `filled` 0: read posting by posting. */
static bool block_next(struct posting_cursor *c)
{
	c->taken = 0;
	c->filled = 0;
	if (c->class_ == LIST_DENSE) {
		if (!dense_block(c))
			return false;
		c->filled = c->left < BLOCK ? c->left : BLOCK;
	} else if (c->class_ == LIST_MIDDLE && c->left >= BLOCK) {
		if (!middle_block(c))
			return false;
		c->filled = BLOCK;
	}
	c->group++;
	return true;
}

static bool varint_posting(struct posting_cursor *c, struct posting *out)
{
	struct tuple t = { .tf = { [FIELD_BODY] = 1 } };
	uint64_t gap, doc;

	if (!varint_get(&c->at, c->end, &gap))
		return false;
	doc = c->last + (gap >> 1);
	if (gap >> 1 >= c->segment->count || doc >= c->segment->count)
		return false;
	if ((gap & 1) && !tuple_get(&c->at, c->end, &t))
		return false;
	out->doc = (uint32_t)doc;
	c->last = out->doc + 1;
	memcpy(out->tf, t.tf, sizeof(t.tf));
	return true;
}

static bool block_posting(struct posting_cursor *c, struct posting *out)
{
	unsigned code = c->class_ == LIST_DENSE ? dense_code(c->codes, c->taken)
	                                        : nibble_at(c->codes, c->taken);
	const unsigned char **at = &c->at;
	struct tuple t;
	int i;

	out->doc = c->block[c->taken++];
	if (code) {
		const unsigned char *tf =
		        c->segment->codes + (size_t)code * FIELD_COUNT;

		for (i = 0; i < FIELD_COUNT; i++)
			out->tf[i] = tf[i];
		return load32(tf) != 0;
	}
	if (c->class_ == LIST_DENSE)
		at = &c->escapes;
	if (!tuple_get(at, c->end, &t))
		return false;
	memcpy(out->tf, t.tf, sizeof(t.tf));
	return true;
}

bool posting_any(struct posting_cursor *c, struct posting *out, bool *more,
                 struct fault *f)
{
	bool ok;

	*more = c->left > 0;
	if (!c->left)
		return true;
	if (c->taken == c->filled && !block_next(c))
		return list_damaged(c, f);
	ok = c->filled ? block_posting(c, out) : varint_posting(c, out);
	c->left--;
	return ok || list_damaged(c, f);
}

bool posting_next(struct posting_cursor *c, struct posting *out, bool *more,
                  struct fault *f)
{
	do {
		if (!posting_any(c, out, more, f))
			return false;
	} while (*more && !segment_live(c->segment, out->doc));
	return true;
}

/* The live documents of a dense list: one AND a word. */
static uint32_t dense_live(const struct posting_cursor *c)
{
	const unsigned char *dead = c->segment->over.dead;
	uint32_t words = (c->segment->count + 63) / 64, i;
	uint64_t n = 0;

	for (i = 0; i < words; i++)
		n += (unsigned)__builtin_popcountll(
		        load64(c->bits + 8 * (size_t)i) &
		        ~load64(dead + 8 * (size_t)i));
	return (uint32_t)n;
}

static bool count_live(struct posting_cursor *c, struct fault *f)
{
	struct posting_cursor walk = *c;
	struct posting p;
	bool more = true;

	c->live_df = 0;
	if (c->class_ == LIST_DENSE) {
		c->live_df = dense_live(c);
		return c->live_df <= c->df || list_damaged(c, f);
	}
	for (;;) {
		if (!posting_next(&walk, &p, &more, f))
			return false;
		if (!more)
			return true;
		c->live_df++;
	}
}

bool posting_begin(struct posting_cursor *c, const struct term_walk *w,
                   bool live, struct fault *f)
{
	const struct segment *s = w->segment;
	const unsigned char *list = (const unsigned char *)w->postings.at;

	*c = (struct posting_cursor){
		.segment = s,
		.df = w->df,
		.live_df = w->df,
		.left = w->df,
		.list = list,
		.end = list + w->postings.len,
		.class_ = list_class(w->df, s->count, s->ratio),
	};
	if (!segment_touch(s, (uint64_t)(list - s->at), w->postings.len, f))
		return false;
	if (!list_begin(c))
		return list_damaged(c, f);
	return !live || !s->over.dead_count || count_live(c, f);
}

bool posting_open(struct posting_cursor *c, const struct segment *s,
                  struct slice term, bool *found, struct fault *f)
{
	struct term_walk w;

	return term_walk_find(&w, s, term, found, f) &&
	       (!*found || posting_begin(c, &w, true, f));
}
