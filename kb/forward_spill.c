/* Records of 32-bit words: how many words follow the head, how many tokens
 * each field has, then the tokens as a tally has them, with the builder's
 * number of the term. */

#include "kb/forward_spill.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "kb/forward_file.h"

enum {
	RECORD_HEAD = 1 + FIELD_COUNT,
	RECORD_MOST = RECORD_HEAD + FIELD_COUNT * FORWARD_TOKENS * 2,
	RECORD_RUN = 1 << 20, /* no run of a scratch file is longer */
};

void forward_spill_release(struct forward_spill *s)
{
	if (s->used)
		scratch_release(&s->file);
	free(s->record);
	*s = (struct forward_spill){ .used = false };
}

void forward_spill_add(struct forward_spill *s, const char *beside,
                       const struct tally *tally, size_t passage,
                       const uint32_t *chains)
{
	const struct tally_passage *p = &tally->passages[passage];
	const uint32_t *from = tally->tokens + p->first_token;
	size_t count = p->token_words, i;
	uint32_t *to;

	if (!s->used)
		scratch_init(&s->file, beside);
	s->used = true;
	if (count + RECORD_HEAD > s->room) {
		s->room = 2 * (count + RECORD_HEAD);
		s->record = memory_resize(s->record, s->room, sizeof(*to));
	}
	s->record[0] = (uint32_t)count;
	memcpy(s->record + 1, p->tokens, sizeof(p->tokens));
	to = s->record + RECORD_HEAD;
	for (i = 0; i < count; i++) {
		uint32_t word = from[i];

		to[i] = chains[word >> TALLY_STEP] << TALLY_STEP |
		        (word & TALLY_FAR);
		if ((word & TALLY_FAR) == TALLY_FAR) {
			i++;
			to[i] = from[i];
		}
	}
	scratch_add(&s->file,
	            (struct slice){ (const char *)s->record,
	                            (RECORD_HEAD + count) * sizeof(*to) });
}

/* The records while they are read back, run by run. */
struct reading {
	struct forward_writer *w;
	const uint32_t *places;
	struct buf rest;      /* of the runs so far */
	unsigned char *bytes; /* of one passage */
};

static void record_write(struct reading *r, const uint32_t *record)
{
	const uint32_t *numbers = r->w->numbers, *word = record + RECORD_HEAD;
	const uint32_t *end = word + record[0];
	unsigned char *to = r->bytes;
	int i;

	for (i = 0; i < FIELD_COUNT; i++)
		to = forward_put(to, record[1 + i]);
	while (word < end) {
		uint32_t step = *word & TALLY_FAR;
		uint64_t number = numbers[r->places[*word++ >> TALLY_STEP]];

		to = forward_put(to, number << 2 | step);
		if (step == TALLY_FAR)
			to = forward_put(to, *word++ - TALLY_FAR);
	}
	forward_write_passage(r->w, (struct slice){ (char *)r->bytes,
	                                            (size_t)(to - r->bytes) });
}

static void on_run(void *self, struct slice run)
{
	struct reading *r = self;
	const size_t word = sizeof(uint32_t);
	size_t at = 0, size;

	buf_add(&r->rest, run);
	while (r->rest.len - at >= RECORD_HEAD * word) {
		const uint32_t *record =
		        (const uint32_t *)(const void *)(r->rest.at + at);

		size = (RECORD_HEAD + record[0]) * word;
		if (r->rest.len - at < size)
			break;
		record_write(r, record);
		at += size;
	}
	if (at && at < r->rest.len)
		memmove(r->rest.at, r->rest.at + at, r->rest.len - at);
	buf_cut(&r->rest, r->rest.len - at);
}

bool forward_spill_write(struct forward_spill *s, struct forward_writer *w,
                         const uint32_t *places, struct fault *f)
{
	struct reading r = {
		.w = w,
		.places = places,
		.rest = BUF_INIT(RECORD_MOST * sizeof(uint32_t) + RECORD_RUN),
	};
	bool ok;

	if (!s->used)
		return true;
	r.bytes = memory_resize(NULL, FORWARD_MOST, 1);
	ok = scratch_each(&s->file, on_run, &r, f);
	assert(!ok || !r.rest.len);
	buf_release(&r.rest);
	free(r.bytes);
	return ok;
}
