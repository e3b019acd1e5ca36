#ifndef CRAWLER_WARC_READ_H
#define CRAWLER_WARC_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/fault.h"
#include "base/slice.h"

/*
 * Reads the records of one WARC file in turn, or from a place that was noted
 * before: versions 0.18, 1.0 and 1.1; plain, each record a gzip member, or
 * packed as a whole. Memory is constant however large the file is.
 *
 *	warc_open(&r, path, &f)
 *	while (warc_next(r, &record, &found, &f) && found)
 *		warc_block(r, most, &bytes) ... or nothing: the rest is skipped
 *
 * It is lenient as archives need it: lines may end in LF alone, headers be
 * folded and in any case. What is no record is passed over to the next line
 * that begins as one, and counted. A file that ends within a record ends there.
 */
struct warc_reader;

enum warc_type {
	WARC_OTHER,
	WARC_INFO,
	WARC_REQUEST,
	WARC_RESPONSE,
	WARC_REVISIT,
	WARC_RESOURCE,
	WARC_CONVERSION,
};

/* Borrowed until the next one is read. Absent headers are empty. */
struct warc_record {
	enum warc_type type;
	struct slice uri, id, concurrent, digest; /* of the payload */
	struct slice refers_uri, refers_date, profile, content_type;
	int64_t date;   /* milliseconds UTC; CLOCK_NONE: it has none */
	int64_t length; /* of the block */
	/* Where warc_seek() finds it; -1: only by reading from the start, since
	 * it lies within a longer gzip member. */
	int64_t offset;
};

/* FAULT_GONE, FAULT_DENIED, FAULT_SYSTEM about `path`. */
MUST_USE
bool warc_open(struct warc_reader **out, const char *path, struct fault *f);
void warc_close(struct warc_reader *r);

/* To a noted offset: what stands there is read next. */
MUST_USE
bool warc_seek(struct warc_reader *r, int64_t offset, struct fault *f);

/* *found false: the file is at its end. */
MUST_USE
bool warc_next(struct warc_reader *r, struct warc_record *out, bool *found,
               struct fault *f);

/* Appends up to `most` further bytes of the block; fewer only where it, or the
 * file, ends. */
MUST_USE
bool warc_block(struct warc_reader *r, size_t most, struct buf *out,
                struct fault *f);

/* Goes to the block's end. *whole false: the file ends before. */
MUST_USE
bool warc_skip(struct warc_reader *r, bool *whole, struct fault *f);

/* What was found wrong so far: bytes that were no record, and where first
 * (an offset in the file; -1: nothing). */
struct warc_damage {
	int64_t places, first;
	char what[120];
};
const struct warc_damage *warc_damage(const struct warc_reader *r);

/* From now on read from an unpacked copy of the file, in an unlinked temporary
 * file: for one whose records cannot be found by offset. */
MUST_USE
bool warc_spool(struct warc_reader *r, struct fault *f);

#endif
