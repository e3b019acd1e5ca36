#ifndef CRAWLER_WARC_INDEX_H
#define CRAWLER_WARC_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/slice.h"
#include "crawler/warc_about.h"
#include "crawler/warc_read.h"

/*
 * What stands where in a set of WARC files: 32 bytes of memory for each
 * response, and 16 for each payload digest. Addresses are found by the hash of
 * method, address in the spelling of url.h, and body; whoever reads the record
 * compares the address itself.
 *
 * Files of our own crawls know which run of which source they are of; all
 * others together are one run without a source. A file that is damaged is read
 * as far as it goes, and said.
 */
enum warc_entry_flags {
	WARC_ENTRY_SAME = 1 << 0,      /* revisit: as another payload */
	WARC_ENTRY_UNCHANGED = 1 << 1, /* revisit: 304 */
	WARC_ENTRY_HTML = 1 << 2,
	WARC_ENTRY_PLAIN = 1 << 3, /* resource, conversion: no HTTP head */
};

struct warc_entry {
	uint64_t key;
	int64_t date; /* milliseconds UTC */
	int64_t offset;
	uint32_t file;
	uint16_t status;
	uint16_t flags;
};

struct warc_payload {
	uint64_t hash;
	int64_t offset;
	uint32_t file;
};

struct warc_file {
	const char *path;
	size_t run; /* SIZE_MAX: nothing of it is used */
	struct warc_about about;
	int64_t records, first; /* how many; the first one's date */
	struct warc_damage damage;
	struct warc_reader *spooled; /* it is read from a copy */
};

struct warc_run {
	struct warc_about about; /* source empty: not one of ours */
	int64_t started; /* milliseconds UTC; of others the first date */
};

struct warc_index {
	struct warc_file *files;
	size_t file_count, file_room;
	struct warc_run *runs; /* in the order of time */
	size_t run_count;
	struct warc_entry *entries; /* by key, date, file, offset */
	size_t entry_count, entry_room;
	struct warc_payload *payloads; /* by hash */
	size_t payload_count, payload_room;
	int64_t records, skipped; /* responses that could not be entered */
	struct arena arena;
	struct warc_links *links; /* while it is made */
};

/* Called for each file before it is read; may be NULL. */
typedef void warc_index_moved(void *self, size_t file, size_t count);

/* Reads all files; folders stand for what in them ends in .warc or .warc.gz.
 * False: one could not be read at all, or nothing of that kind is there. */
MUST_USE
bool warc_index_make(struct warc_index *x, const char *const *paths,
                     size_t count, warc_index_moved *moved, void *self,
                     struct fault *f);
void warc_index_release(struct warc_index *x);

/* The hash under which a request's answers stand; the address as url_bare()
 * spells it. */
uint64_t warc_index_key(struct slice method, struct slice url,
                        struct slice body);

/* The first entry of `key`, and behind the last. */
void warc_index_find(const struct warc_index *x, uint64_t key, size_t *from,
                     size_t *to);

/* A record that holds the payload of that digest, or NULL. */
const struct warc_payload *warc_index_payload(const struct warc_index *x,
                                              struct slice digest);

#endif
