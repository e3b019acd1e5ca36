#ifndef KB_FORWARD_WRITE_H
#define KB_FORWARD_WRITE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/slice.h"
#include "kb/passage.h"
#include "kb/segment_write.h"

/*
 * Writes a segment's forward file beside the rest:
 *
 *	forward_writer_init(&w, &segment_writer);
 *	for each term:
 *		segment_write_term(...);
 *		forward_write_term(&w, term, df);
 *		...
 *	forward_write_start(&w, f);
 *	for each passage: forward_write_passage(&w, bytes);
 *	forward_write_end(&w, f);
 *	forward_writer_release(&w);
 *
 * Holds six bytes a term and four a passage.
 */
struct forward_writer {
	struct segment_writer *segment;
	/* By place in the dictionary. */
	struct forward_class_print {
		unsigned char class, print;
	} * terms;
	size_t room, count;
	uint32_t *numbers; /* likewise, from forward_write_start() on */
	uint32_t words;
	uint32_t *lengths; /* of the passages, in bytes */
	uint32_t passages;
};

void forward_writer_init(struct forward_writer *w,
                         struct segment_writer *segment);
void forward_writer_release(struct forward_writer *w);

/* The term that was started last. */
void forward_write_term(struct forward_writer *w, struct slice term,
                        uint32_t df);

/* After the last term: gives them numbers. */
MUST_USE
bool forward_write_start(struct forward_writer *w, struct fault *f);

/* As forward_put() makes them. */
void forward_write_passage(struct forward_writer *w, struct slice bytes);

MUST_USE
bool forward_write_end(struct forward_writer *w, struct fault *f);

/* A number below 2^35 as a varint; returns its end. */
static inline unsigned char *forward_put(unsigned char *to, uint64_t n)
{
	while (n >= 128) {
		*to++ = (unsigned char)(n | 128);
		n >>= 7;
	}
	*to++ = (unsigned char)n;
	return to;
}

#endif
