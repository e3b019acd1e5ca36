#ifndef KB_SEGMENT_FILE_H
#define KB_SEGMENT_FILE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/file.h"
#include "base/slice.h"
#include "kb/codec.h"
#include "kb/norm.h"
#include "kb/segment.h"

/*
 * A segment file from the inside: for what reads, writes, merges and checks
 * segments. Others include kb/segment.h.
 */
enum section {
	SECTION_POST = 1,
	SECTION_PART,
	SECTION_KIND,
	SECTION_FROM,
	SECTION_TO,
	SECTION_CHANGED,
	SECTION_MODIFIED,
	SECTION_SPACE,
	SECTION_POST_KIND,
	SECTION_LANGUAGE,
	SECTION_CLASS,
	SECTION_FIRST_TAG,
	SECTION_FIRST_SERVICE,
	SECTION_LENGTH, /* of the title; the other fields follow */
	SECTION_TAGS = 20,
	SECTION_SERVICES,
	SECTION_STRINGS,
	SECTION_DICTIONARY,
	SECTION_DIRECTORY,
	SECTION_POSTINGS,
	SECTION_NORMS,
	SECTION_CLASSES,
	SECTION_FILTER_PART = 30, /* kind of passage */
	SECTION_FILTER_SPACE,
	SECTION_FILTER_KIND,
	SECTION_FILTER_LANGUAGE,
	SECTION_FILTER_CLASS,
	SECTION_FILTER_TAG,
	SECTION_FILTER_SERVICE,
	SECTION_DAYS,
	SECTION_COUNT,
	SECTION_OPTIONAL = 256, /* from here on: ignored when not known */
	SECTION_FORWARD = SECTION_OPTIONAL,
	SECTION_FORWARD_TERMS,
	SECTION_FORWARD_AT,
	SECTION_FORWARD_PRINTS,
	SECTION_OPTIONAL_END,
};

enum {
	SEGMENT_VERSION = 2,
	SEGMENT_HEAD = 64, /* bytes before the first section */
	SEGMENT_FOOT = 4096,
	SEGMENT_PAGE = 16 << 10,
	SEGMENT_ALIGN = 64,
	SEGMENT_LABEL = 191,   /* bytes of an access label */
	SEGMENT_SECTIONS = 64, /* in a foot */
	DENSE_RATIO = 32,
	SHORT_LIST = BLOCK, /* a list with fewer postings is short */
	TERMS_BLOCK = 16,
	DIRECTORY_ENTRY = 24,

	/* Places in the foot. */
	FOOT_VERSION = 8,
	FOOT_COUNT = 12,
	FOOT_LENGTH = 16,
	FOOT_CHECKS = 24,
	FOOT_CHECKS_HASH = 32,
	FOOT_TERMS = 40,
	FOOT_POSTINGS = 48,
	FOOT_SUMS = 56,
	FOOT_RATIO = 88,
	FOOT_SECTIONS = 92,
	FOOT_CODES = 96,
	FOOT_LABEL = 160,
	FOOT_DENSE = 352,
	FOOT_TABLE = 384,
	FOOT_HASH = SEGMENT_FOOT - 8,
};

extern const char segment_magic[8]; /* at the start of the foot */
extern const char segment_head[17]; /* at the start of the file */

enum list_class { LIST_SINGLE, LIST_SHORT, LIST_MIDDLE, LIST_DENSE };

static inline enum list_class list_class(uint64_t df, uint64_t count,
                                         uint64_t ratio)
{
	if (df < SHORT_LIST)
		return df < 2 ? LIST_SINGLE : LIST_SHORT;
	return df * ratio >= count ? LIST_DENSE : LIST_MIDDLE;
}

/* Where something stands in the file. */
struct part {
	uint64_t offset, bytes;
	uint32_t width;
	uint64_t base;
};

/* A generation's view of the dead and the votes. Either may be NULL. */
struct overlay {
	const unsigned char *dead; /* a bit for each passage */
	uint32_t dead_count;
	uint64_t dead_sums[FIELD_COUNT];
	const unsigned char *scores, *octets, *groups; /* highest of 8, 512 */
	uint32_t score_width;
};

/* One of the scores, or of their maxima. */
static inline int64_t overlay_number(const struct overlay *o,
                                     const unsigned char *at, size_t i)
{
	if (o->score_width == 2)
		return (int16_t)(at[2 * i] | at[2 * i + 1] << 8);
	if (o->score_width == 4)
		return (int32_t)load32(at + 4 * i);
	return (int64_t)load64(at + 8 * i);
}

/* A mapped file that several views share; the last one closes it. */
struct shared_map {
	_Atomic unsigned users;
	struct file_map file;
};

/* What all views of one segment share: the file, and what was found out about
 * it. The last view closes it. */
struct segment_body {
	_Atomic unsigned users;
	_Atomic unsigned ready;     /* what search has checked whole: its own */
	_Atomic uint64_t *verified; /* a bit for each page; NULL: trusted */
	struct file_map map;
	char *path;
};

/* One generation's view of a segment: a copy of what the foot says, so that
 * nothing is further away for being shared, and the overlay. */
struct segment {
	const unsigned char *at;
	uint64_t len, checks;
	uint32_t count, ratio;
	uint64_t terms, postings, hash; /* the foot's own hash */
	uint64_t sums[FIELD_COUNT];
	const unsigned char *codes; /* the foot's table */
	bool body_only;             /* it is the table for bodies alone */
	uint64_t dense;             /* dense lists */
	struct norms norms;
	struct slice label;
	struct part parts[SECTION_COUNT];
	struct part optional[SECTION_OPTIONAL_END - SECTION_OPTIONAL];
	uint32_t string_count;
	struct overlay over;
	_Atomic uint64_t *verified; /* the body's */
	const char *path;           /* the body's; or NULL */
	struct segment_body *body;
	struct shared_map *dead_map, *score_map; /* or NULL */
};

/* Where an optional section stands; offset 0: not there. */
static inline const struct part *optional_part(const struct segment *s,
                                               enum section kind)
{
	return &s->optional[kind - SECTION_OPTIONAL];
}

/* FAULT_INPUT "index-damaged" about the segment; returns false. */
bool segment_damaged(const struct segment *s, const char *what,
                     struct fault *f);

/*
 * Opens a segment file: checks the foot, the page hashes and the strings.
 * No passage is dead and all scores are 0 until an overlay is set.
 */
MUST_USE
bool segment_open(struct segment **out, const char *path, struct fault *f);

/* The same of bytes that stay where they are. `trusted`: no hash is checked,
 * so that the decoders meet whatever it is: for fuzzing. */
MUST_USE
bool segment_open_bytes(struct segment **out, struct slice bytes, bool trusted,
                        struct fault *f);

/* Another view of the same file, with no overlay yet: for another generation.
 * Either may be closed first. From any thread. */
struct segment *segment_share(const struct segment *s);

void segment_close(struct segment *s); /* NULL is allowed */

/* One more user of a map, or one less; NULL is allowed. */
struct shared_map *shared_map_use(struct shared_map *m);
void shared_map_close(struct shared_map *m);

/* Gives the memory of pages that were read back; they are read again when
 * touched. For what streams through whole segments. */
void segment_cool(const struct segment *s);

/* Checks the pages of these bytes of the file unless they were before. */
MUST_USE
bool segment_touch(const struct segment *s, uint64_t offset, uint64_t bytes,
                   struct fault *f);

/* The number in row `row` of a column whose bytes were touched. */
static inline uint64_t column_get(const struct segment *s, enum section kind,
                                  uint32_t row)
{
	const struct part *p = &s->parts[kind];
	uint64_t n = load64(s->at + p->offset + (uint64_t)row * p->width);

	if (p->width < 8)
		n &= ((uint64_t)1 << 8 * p->width) - 1;
	return n + p->base;
}

/* The same, touched first. `row` is below the column's rows. */
MUST_USE
bool column_read(const struct segment *s, enum section kind, uint32_t row,
                 uint64_t *out, struct fault *f);

/* The first passage at or after (post, part), or the count. */
MUST_USE
bool segment_find(const struct segment *s, int64_t post, int64_t part,
                  uint32_t *doc, struct fault *f);

/*
 * Reads every byte: hashes, padding, order, bounds, sums. Each finding goes
 * to `say`; true when none.
 */
typedef void segment_finding_fn(void *self, const struct fault *finding);
bool segment_verify(const struct segment *s, segment_finding_fn *say,
                    void *self);

/* Bytes of the postings that are maxima and their levels. */
uint64_t segment_maxima(const struct segment *s);

/* What the sections hold, by name; NULL past the last. */
const char *section_name(enum section kind);

#endif
