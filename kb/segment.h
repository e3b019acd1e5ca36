#ifndef KB_SEGMENT_H
#define KB_SEGMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/slice.h"
#include "kb/passage.h"

/*
 * Reading one segment: an immutable, memory-mapped file of passages that all
 * have one access label. docs/index-format.md specifies its bytes. Every
 * section carries a checksum: the header is checked at opening, sections at
 * first touch, and decoders stay in bounds whatever they read. A damaged
 * section is FAULT_INPUT "index-damaged" and the whole query fails with it:
 * nothing of a damaged index is followed.
 *
 * Passages are numbered from 0 within the segment ("document number", `doc`),
 * in ascending (post, part). What is deleted is not in the file but in the
 * generation: ask segment_live().
 *
 * A struct segment is shared by threads; cursors are not.
 */
struct segment;

uint32_t segment_count(const struct segment *s); /* passages, dead included */
uint32_t segment_live_count(const struct segment *s);
struct slice segment_label(const struct segment *s); /* access label */
bool segment_live(const struct segment *s, uint32_t doc);

/* Sum over live passages of one field's length in tokens. */
uint64_t segment_length_sum(const struct segment *s, enum field field);

/* What filters and results need of a passage. Strings are borrowed from the
 * mapping. */
struct entry {
	int64_t post, part;
	enum passage_kind kind;
	uint32_t from, to;
	int64_t changed;  /* the row's counter when it was indexed */
	int64_t modified; /* milliseconds; CLOCK_NONE */
	uint32_t space, post_kind, language, class; /* segment_string() */
	uint32_t first_tag, tag_count;              /* segment_tag() */
	uint32_t first_service, service_count;      /* segment_service() */
};

MUST_USE
bool segment_entry(const struct segment *s, uint32_t doc, struct entry *out,
                   struct fault *f);

/* Strings that many passages share have small numbers within the segment. */
struct slice segment_string(const struct segment *s, uint32_t number);
uint32_t segment_tag(const struct segment *s, uint32_t n);
uint32_t segment_service(const struct segment *s, uint32_t n);

/* The number of a string, or UINT32_MAX: to turn a filter into a number. */
uint32_t segment_string_number(const struct segment *s, struct slice text);

/* Field lengths in tokens (positions, not counting tokens beside another). */
MUST_USE
bool segment_lengths(const struct segment *s, uint32_t doc,
                     uint32_t out[FIELD_COUNT], struct fault *f);

/* The live row's votes in the generation this segment was opened in: what the
 * prior is made of. They move without re-indexing. */
int64_t segment_score(const struct segment *s, uint32_t doc);

struct posting {
	uint32_t doc;
	uint32_t tf[FIELD_COUNT]; /* exact, never quantised */
};

struct posting_cursor {
	const struct segment *segment;
	uint32_t df;      /* passages with the term, dead included */
	uint32_t live_df; /* without the dead: what idf is made of */
	uint32_t class_;  /* how the list is stored; see the format */
	/* The rest belongs to postings.c. */
	uint32_t left, group; /* postings not yet given; the next block */
	uint32_t taken, filled, last; /* of the block in hand */
	uint64_t word;
	const unsigned char *list, *at, *end;
	const unsigned char *bits, *codes, *escapes;
	uint32_t block[128];
};

/* *found false when the segment has no such term. Counting live_df walks the
 * list when the segment has dead passages, and costs nothing otherwise. */
MUST_USE
bool posting_open(struct posting_cursor *c, const struct segment *s,
                  struct slice term, bool *found, struct fault *f);

/* The next posting, dead ones left out, ascending doc. *more false at the
 * end. */
MUST_USE
bool posting_next(struct posting_cursor *c, struct posting *out, bool *more,
                  struct fault *f);

#endif
