#ifndef KB_LIST_WRITE_H
#define KB_LIST_WRITE_H

#include <stdint.h>

#include "base/buf.h"
#include "kb/codec.h"
#include "kb/list_maxima.h"
#include "kb/segment_file.h"

/*
 * Writes one posting list at a time in the class that its length asks for.
 *
 *	list_start(&w, df, count);
 *	df times: list_add(&w, doc, &tuple);	ascending
 *	bytes = list_end(&w);
 */
struct list_writer {
	uint32_t df, count, added;
	enum list_class class;
	uint32_t next;  /* the lowest document that may follow */
	bool body_only; /* the table of codes */
	struct maxima *maxima;
	struct buf out; /* of a dense list: escapes */
	uint32_t gaps[BLOCK];
	unsigned char codes[BLOCK];
	struct tuple tuples[BLOCK];
	uint32_t held;        /* of these three */
	unsigned char *dense; /* all but the escapes */
	size_t dense_size, dense_cap;
};

/* `maxima` is borrowed; what it says of passages must be there before the first
 * list. */
void list_writer_init(struct list_writer *w, bool body_only,
                      struct maxima *maxima);
void list_writer_release(struct list_writer *w);

void list_start(struct list_writer *w, uint32_t df, uint32_t count);
void list_add(struct list_writer *w, uint32_t doc, const struct tuple *t);

/* Both runs one behind the other are the list; borrowed until the next
 * list_start(). A dense one goes to a multiple of 64. */
void list_end(struct list_writer *w, struct slice *first, struct slice *second);

#endif
