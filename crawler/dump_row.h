#ifndef CRAWLER_DUMP_ROW_H
#define CRAWLER_DUMP_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/slice.h"

/*
 * The rows of one file of a Stack Exchange data dump, from chunks of any size:
 *
 *	<?xml version="1.0" encoding="utf-8"?>
 *	<posts>
 *	  <row Id="1" PostTypeId="1" Body="&lt;p&gt;..." />
 *
 * Any root element, a byte order mark or none, CRLF or LF, rows closed in
 * themselves or by </row>, attributes in any order and either kind of quotes.
 * A row that cannot be read is a fault with file and line, and the next row
 * follows; so one bad row costs one row. Never allocates for a row; memory is
 * the largest row (at most LIMIT_ROW) and a chunk.
 *
 *	while (chunk(&bytes)) {
 *		dump_feed(d, bytes);
 *		while ((step = dump_next(d, &row, f)) != DUMP_MORE)
 *			...
 *	}
 *	dump_close(d);  then dump_next() until DUMP_END
 */
struct dump_scan;

enum { DUMP_ATTRIBUTES = 64 }; /* of one row; the dumps have at most 22 */

struct dump_attribute {
	struct slice name;
	struct slice raw; /* between the quotes, entities as they stand */
};

/* Borrowed until the next dump_feed(). */
struct dump_row {
	int64_t line;
	size_t count;
	struct dump_attribute attributes[DUMP_ATTRIBUTES];
};

enum dump_step {
	DUMP_MORE,   /* feed more, or close */
	DUMP_ROW,    /* *row is written */
	DUMP_BROKEN, /* *f says which row and why; go on */
	DUMP_END,    /* after dump_close(): all was read */
};

/* `file` is for faults. */
struct dump_scan *dump_scan_new(const char *file);
void dump_scan_free(struct dump_scan *d);

/* Copies the bytes. Only after DUMP_MORE. */
void dump_feed(struct dump_scan *d, struct slice bytes);

/* No more bytes: what is unfinished is now a fault. */
void dump_close(struct dump_scan *d);

enum dump_step dump_next(struct dump_scan *d, struct dump_row *row,
                         struct fault *f);

/* The raw value of an attribute; at NULL when the row has none. Of two with
 * the same name the first counts. */
struct slice dump_raw(const struct dump_row *row, const char *name);

/* The value through entity_decode(); at NULL when the row has none. */
struct slice dump_text(const struct dump_row *row, const char *name,
                       struct arena *a);

#endif
