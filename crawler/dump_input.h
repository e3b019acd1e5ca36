#ifndef CRAWLER_DUMP_INPUT_H
#define CRAWLER_DUMP_INPUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/fault.h"
#include "base/slice.h"

/*
 * Where a data dump's bytes come from: one XML file, a folder of them, or a
 * 7z or zip archive (told by its first bytes, not by its name), as a sequence
 * of tables and their bytes. An archive is read in stored order, a folder in
 * the order that needs the least staging. Files that are no table of use
 * (badges, votes, a read-me) are passed over. Never writes.
 */
struct dump_input;

enum dump_table {
	DUMP_HISTORY,
	DUMP_LINKS,
	DUMP_COMMENTS,
	DUMP_POSTS,
	DUMP_USERS,
	DUMP_TABLES,
};

/* FAULT_INPUT "dump-no-tables" for a folder without any of the files. */
MUST_USE
bool dump_input_open(struct dump_input **out, const char *path,
                     struct fault *f);
void dump_input_close(struct dump_input *in); /* NULL is allowed */

/*
 * The site's host from the name of archive or folder, where it looks like
 * one: "devops.stackexchange.com.7z", "devops.stackexchange.com/Posts.xml",
 * "stackoverflow.com-Posts.7z". Appends; false when it does not.
 */
bool dump_input_site(const struct dump_input *in, struct buf *out);

/*
 * A number that tells dumps apart and is the same on each run: names, sizes
 * and samples of the bytes (all bytes up to 16 MB).
 */
MUST_USE
bool dump_input_mark(const struct dump_input *in, uint64_t *out,
                     struct fault *f);

/* The next table; *name is borrowed until the next call, len 0 at the end. */
MUST_USE
bool dump_input_next(struct dump_input *in, enum dump_table *table,
                     struct slice *name, struct fault *f);

/* Its next bytes, len 0 at the end; borrowed until the next call. */
MUST_USE
bool dump_input_bytes(struct dump_input *in, struct slice *bytes,
                      struct fault *f);

/* Bytes of the input read so far, of how many: for progress. */
int64_t dump_input_at(const struct dump_input *in);
int64_t dump_input_size(const struct dump_input *in);

#endif
