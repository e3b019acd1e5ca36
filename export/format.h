#ifndef EXPORT_FORMAT_H
#define EXPORT_FORMAT_H

#include "base/buf.h"
#include "base/slice.h"
#include "export/example.h"

/*
 * A format spells an example as one line of JSON. It is a pure function: the
 * same example gives the same bytes, on every machine, for ever; the golden
 * files under tests/data/export/ hold us to that.
 *
 * To add one: write format_yours.c with one `const struct format`, add it to
 * the table in format.c, put a golden file beside the others.
 */
struct format {
	const char *name; /* "chat": the word on the command line */
	const char *summary;

	/* Appends one line, without the newline. */
	void (*spell)(const struct example *e, struct buf *line);
};

/* In the order help shows them; ends at NULL. */
extern const struct format *const formats[];

/* NULL when there is none by that name. */
const struct format *format_find(struct slice name);

#endif
