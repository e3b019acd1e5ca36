/*
 * Numbers of terms: they are sorted into classes by the logarithm of their
 * frequency, the most frequent first, and by bytes within a class. A table
 * leads from the number to the place in the dictionary; the other way goes
 * through the dictionary, which gives the place and, with the frequency, the
 * class, and a binary search in the class. Format: docs/index-format.md.
 */

#include "kb/forward.h"

#include <assert.h>
#include <stdlib.h>

#include "base/memory.h"
#include "kb/codec.h"
#include "kb/forward_file.h"
#include "kb/segment_file.h"

bool forward_has(const struct segment *s)
{
	return optional_part(s, SECTION_FORWARD)->offset &&
	       optional_part(s, SECTION_FORWARD_TERMS)->offset &&
	       optional_part(s, SECTION_FORWARD_AT)->offset &&
	       optional_part(s, SECTION_FORWARD_PRINTS)->offset;
}

/* Where the numbers of each class begin, and one more. */
struct starts {
	uint32_t at[FORWARD_CLASSES + 1];
};

static bool starts_read(const struct segment *s, struct starts *out,
                        struct fault *f)
{
	const struct part *p = optional_part(s, SECTION_FORWARD);
	const struct part *terms = optional_part(s, SECTION_FORWARD_TERMS);
	uint32_t i, before = 0;

	if (p->bytes < FORWARD_HEAD)
		return segment_damaged(s, "forward file", f);
	if (!segment_touch(s, p->offset, FORWARD_HEAD, f))
		return false;
	for (i = 0; i <= FORWARD_CLASSES; i++) {
		out->at[i] = load32(s->at + p->offset + 4 * (uint64_t)i);
		if (out->at[i] < before)
			return segment_damaged(s, "forward file", f);
		before = out->at[i];
	}
	if (out->at[0] || (uint64_t)before * terms->width != terms->bytes)
		return segment_damaged(s, "forward file", f);
	return true;
}

/* A row of one of the forward file's columns; it is below their rows. */
static bool row_read(const struct segment *s, enum section kind, uint64_t row,
                     uint64_t *out, struct fault *f)
{
	const struct part *p = optional_part(s, kind);
	uint64_t at = p->offset + row * p->width;

	if (!segment_touch(s, at, p->width, f))
		return false;
	*out = load64(s->at + at);
	if (p->width < 8)
		*out &= ((uint64_t)1 << 8 * p->width) - 1;
	*out += p->base;
	return true;
}

bool forward_number(const struct segment *s, struct slice term,
                    uint32_t *number, struct fault *f)
{
	uint32_t class, low, high, middle;
	uint64_t ordinal, other;
	struct starts starts;
	struct term_walk w;
	bool found;

	*number = FORWARD_NONE;
	if (!forward_word(term))
		return true;
	if (!starts_read(s, &starts, f) ||
	    !term_walk_find(&w, s, term, &found, f))
		return false;
	if (!found)
		return true;
	class = forward_class(w.df);
	ordinal = term_walk_ordinal(&w);
	low = starts.at[class];
	high = starts.at[class + 1];
	while (low < high) {
		middle = low + (high - low) / 2;
		if (!row_read(s, SECTION_FORWARD_TERMS, middle, &other, f))
			return false;
		if (other == ordinal) {
			*number = middle;
			return true;
		}
		if (other < ordinal)
			low = middle + 1;
		else
			high = middle;
	}
	return segment_damaged(s, "number of a term", f);
}

bool forward_place(const struct segment *s, uint32_t number, uint64_t *out,
                   struct fault *f)
{
	return row_read(s, SECTION_FORWARD_TERMS, number, out, f) &&
	       (*out < s->terms || segment_damaged(s, "number of a term", f));
}

bool forward_term(struct term_walk *w, const struct segment *s, uint32_t number,
                  struct fault *f)
{
	uint64_t ordinal;

	return forward_place(s, number, &ordinal, f) &&
	       term_walk_at(w, s, ordinal, f);
}

bool forward_words(const struct segment *s, uint32_t *out, struct fault *f)
{
	struct starts starts;

	if (!starts_read(s, &starts, f))
		return false;
	*out = starts.at[FORWARD_CLASSES];
	return true;
}

bool forward_least(const struct segment *s, uint32_t number, uint32_t *df,
                   struct fault *f)
{
	struct starts starts;
	uint32_t class = 0;

	if (!starts_read(s, &starts, f))
		return false;
	while (class + 1 < FORWARD_CLASSES && number >= starts.at[class + 1])
		class ++;
	*df = (uint32_t)1 << (FORWARD_CLASSES - 1 - class);
	return true;
}

bool forward_prints(const struct segment *s, const unsigned char **out,
                    struct fault *f)
{
	const struct part *p = optional_part(s, SECTION_FORWARD_PRINTS);
	uint32_t words;

	if (!forward_words(s, &words, f))
		return false;
	if (p->bytes != words)
		return segment_damaged(s, "forward file", f);
	*out = s->at + p->offset;
	return segment_touch(s, p->offset, p->bytes, f);
}

bool forward_bytes(const struct segment *s, uint32_t doc, struct slice *out,
                   struct fault *f)
{
	const struct part *p = optional_part(s, SECTION_FORWARD);
	const struct part *rows = optional_part(s, SECTION_FORWARD_AT);
	uint64_t from, to;

	assert(doc < s->count);
	if (rows->bytes != ((uint64_t)s->count + 1) * rows->width)
		return segment_damaged(s, "forward file", f);
	if (!row_read(s, SECTION_FORWARD_AT, doc, &from, f) ||
	    !row_read(s, SECTION_FORWARD_AT, (uint64_t)doc + 1, &to, f))
		return false;
	if (from < FORWARD_HEAD || from > to || to > p->bytes ||
	    to - from > FORWARD_MOST)
		return segment_damaged(s, "forward file", f);
	*out = (struct slice){ (const char *)s->at + p->offset + from,
		               (size_t)(to - from) };
	return segment_touch(s, p->offset + from, to - from, f);
}

bool forward_counts(const unsigned char **at, const unsigned char *end,
                    uint32_t counts[FIELD_COUNT])
{
	int i;

	for (i = 0; i < FIELD_COUNT; i++)
		if (!varint_get32(at, end, FORWARD_TOKENS, &counts[i]))
			return false;
	return true;
}

/* Takes one field's tokens in; false when they are not right. `words` is how
 * many numbers there are. */
static bool field_read(const unsigned char **from, const unsigned char *end,
                       struct forward_token *to, uint32_t count, uint32_t words,
                       uint32_t *length)
{
	const unsigned char *at = *from;
	uint64_t position = UINT64_MAX, value, more;
	uint32_t i, steps = 0;

	for (i = 0; i < count; i++) {
		uint32_t step;

		value = forward_value(&at);
		if (at > end)
			return false;
		step = value & 3;
		steps += step != 0;
		if (step == 3) {
			if (!varint_get(&at, end, &more) || more > UINT32_MAX)
				return false;
			position += more;
		}
		position += step;
		if (value >> 2 >= words || position > UINT32_MAX)
			return false;
		to[i] = (struct forward_token){
			.number = (uint32_t)(value >> 2),
			.position = (uint32_t)position,
		};
	}
	*from = at;
	*length = steps;
	return true;
}

bool forward_read(const struct segment *s, uint32_t doc,
                  struct forward_passage *p, struct fault *f)
{
	uint32_t counts[FIELD_COUNT], sum = 0, i, words;
	const unsigned char *at, *end;
	struct slice bytes;

	if (!forward_words(s, &words, f) || !forward_bytes(s, doc, &bytes, f))
		return false;
	at = (const unsigned char *)bytes.at;
	end = at + bytes.len;
	if (!forward_counts(&at, end, counts))
		return segment_damaged(s, "forward file", f);
	for (i = 0; i < FIELD_COUNT; i++)
		sum += counts[i];
	if (sum > p->room) {
		p->room = sum;
		p->tokens = memory_resize(p->tokens, sum, sizeof(*p->tokens));
	}
	for (sum = 0, i = 0; i < FIELD_COUNT; i++) {
		if (!field_read(&at, end, p->tokens + sum, counts[i], words,
		                &p->lengths[i]))
			return segment_damaged(s, "forward file", f);
		sum += counts[i];
		p->ends[i] = sum;
	}
	return at == end || segment_damaged(s, "forward file", f);
}

void forward_release(struct forward_passage *p)
{
	free(p->tokens);
	*p = (struct forward_passage){ 0 };
}

/* That the numbers follow from the dictionary. */
static bool verify_numbers(const struct segment *s, struct fault *f)
{
	const unsigned char *prints;
	struct starts starts, next;
	struct term_walk w;
	uint64_t ordinal;
	uint32_t i;
	bool more;

	if (!starts_read(s, &starts, f) || !forward_prints(s, &prints, f))
		return false;
	next = starts;
	for (term_walk_start(&w, s);;) {
		if (!term_walk_next(&w, &more, f))
			return false;
		if (!more)
			break;
		if (!forward_word(w.term))
			continue;
		i = forward_class(w.df);
		if (next.at[i] == starts.at[i + 1])
			return segment_damaged(s, "class of a term", f);
		if (prints[next.at[i]] != forward_print(w.term))
			return segment_damaged(s, "print of a term", f);
		if (!row_read(s, SECTION_FORWARD_TERMS, next.at[i]++, &ordinal,
		              f))
			return false;
		if (ordinal != term_walk_ordinal(&w))
			return segment_damaged(s, "number of a term", f);
	}
	for (i = 0; i < FORWARD_CLASSES; i++)
		if (next.at[i] != starts.at[i + 1])
			return segment_damaged(s, "class of a term", f);
	return true;
}

static bool verify_passage(const struct segment *s, uint32_t doc,
                           struct forward_passage *p, uint64_t *end,
                           struct fault *f)
{
	uint32_t lengths[FIELD_COUNT];
	struct slice bytes;
	int i;

	if (!forward_bytes(s, doc, &bytes, f) || !forward_read(s, doc, p, f) ||
	    !segment_lengths(s, doc, lengths, f))
		return false;
	if ((const unsigned char *)bytes.at != s->at + *end)
		return segment_damaged(s, "order of the forward file", f);
	*end += bytes.len;
	for (i = 0; i < FIELD_COUNT; i++)
		if (p->lengths[i] > lengths[i])
			return segment_damaged(s, "lengths", f);
	return true;
}

bool forward_verify(const struct segment *s, struct fault *f)
{
	const struct part *part = optional_part(s, SECTION_FORWARD);
	struct forward_passage p = { .room = 0 };
	uint64_t end = part->offset + FORWARD_HEAD;
	bool ok = true;
	uint32_t doc;

	if (!forward_has(s))
		return true;
	if (!verify_numbers(s, f))
		return false;
	for (doc = 0; ok && doc < s->count; doc++)
		ok = verify_passage(s, doc, &p, &end, f);
	forward_release(&p);
	if (ok && end != part->offset + part->bytes)
		return segment_damaged(s, "end of the forward file", f);
	return ok;
}
