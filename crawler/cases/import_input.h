#ifndef CRAWLER_CASES_IMPORT_INPUT_H
#define CRAWLER_CASES_IMPORT_INPUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/fault.h"
#include "base/slice.h"

/*
 * A file as a stream of UTF-8. Its encoding is what a byte order mark says,
 * else what it is told, else what its first megabyte looks like. UTF-8 comes as
 * it stands, so that whoever reads it can say in which row a byte is none;
 * what is in another encoding comes converted, line by line, and `replaced`
 * says whether bytes had no meaning in it. A byte order mark never comes.
 */
struct import_input {
	int fd;
	const char *name;     /* of the file, for faults; borrowed */
	const char *encoding; /* iconv's name; NULL: UTF-8 */
	struct buf raw, text;
	size_t given;       /* of `raw`, by the last call */
	struct slice ahead; /* what is to come before anything else */
	bool end;
	bool guessed; /* the encoding is what the bytes look like */
	bool replaced;
	int64_t bytes; /* read so far */
};

/* `encoding`: a name of charset_label(), or NULL. The descriptor stays the
 * caller's. */
MUST_USE
bool import_input_open(struct import_input *in, int fd, const char *name,
                       const char *encoding, struct fault *f);
void import_input_release(struct import_input *in);

/* Goes to a place of the UTF-8 that was given before anything else is asked
 * for. */
MUST_USE
bool import_input_skip(struct import_input *in, int64_t offset,
                       struct fault *f);

/* The next bytes, borrowed until the next call; none at the end. `self` is the
 * input: this is a csv_fill. */
MUST_USE
bool import_input_next(void *self, struct slice *bytes, struct fault *f);

/* All of a file, as clean text (unicode.h) at the end of `out`; *replaced says
 * that not all of it was in its encoding. `beside` (or NULL) is that of the file
 * it belongs to: rather than what a few bytes look like, where they are not
 * UTF-8. FAULT_LIMIT past LIMIT_TEXT. */
MUST_USE
bool import_input_all(int fd, const char *name, const char *encoding,
                      const char *beside, struct buf *out, bool *replaced,
                      struct fault *f);

#endif
