#ifndef BASE_TEXT_CSV_H
#define BASE_TEXT_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/fault.h"
#include "base/slice.h"

/*
 * CSV (RFC 4180, and what the world makes of it), read as a stream of rows and
 * written cell by cell. UTF-8 in, UTF-8 out.
 *
 *	csv_open(&c, fill, self, &options);
 *	while ((ok = csv_next(c, &row, &f)) && row.count)
 *		use(&row);
 *
 * Read: rows end with CRLF, LF or CR, in any mixture, and the last need not
 * end; a field that begins with a quote goes to the next single quote, line
 * ends included; two quotes are one. A quote further on in a field is a
 * character like others. A byte order mark and a first line "sep=;" are passed
 * over, and so are blank lines. Nothing else is: a row that is not to be had is
 * a fault that says where it is, and reading goes on behind it. It decides
 * nothing about what fields mean, and trims none.
 */
struct csv;

struct csv_options {
	char delimiter;    /* 0: of , ; and tab the one that is most frequent
	                        in the first row; the comma, if none is */
	size_t field, row; /* ceilings in bytes; 0: LIMIT_TEXT, LIMIT_ROW */
	size_t columns;    /* and number of fields; 0: LIMIT_COLUMNS */
};

struct csv_field {
	struct slice text;
	int64_t line; /* where it begins */
	bool quoted;
};

struct csv_row {
	const struct csv_field *fields;
	size_t count;   /* 0: the end */
	int64_t number; /* of the row, blank lines not counted: from 1 */
	int64_t line;   /* where it begins */
};

/* The next bytes of the text, any number of them, borrowed until the next
 * call; none at its end, and from then on. */
typedef bool csv_fill(void *self, struct slice *bytes, struct fault *f);

/* `options` may be NULL. */
void csv_open(struct csv **out, csv_fill *fill, void *self,
              const struct csv_options *options);
void csv_close(struct csv *c); /* NULL is allowed */

/*
 * The next row, borrowed until the next call. FAULT_INPUT and FAULT_LIMIT, with
 * the line as the fault's and the column (in characters) in its text, are about
 * this row alone: the next call goes on behind it. An unclosed quote says where
 * it was opened, and all behind it is that row. Other faults are those of
 * `fill`.
 */
MUST_USE
bool csv_next(struct csv *c, struct csv_row *row, struct fault *f);

/*
 * Appends a cell, quoted where it must be. What a spreadsheet would run as a
 * formula (= + - @, a tab or a CR at its start, apostrophes before it or not)
 * gets an apostrophe before it, and quotes; csv_undo() of a field that was so
 * written is the text again, exactly. One without quotes it leaves alone: there,
 * an apostrophe is one that somebody wrote.
 */
void csv_cell(struct slice text, struct buf *out);
struct slice csv_undo(const struct csv_field *field);

#endif
