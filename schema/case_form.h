#ifndef SCHEMA_CASE_FORM_H
#define SCHEMA_CASE_FORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/fault.h"
#include "base/slice.h"
#include "schema/cases.h"

/*
 * Cases as plain files, in the form that is both written and read, so that a
 * round trip is exact (docs/cases-files.md):
 *
 *	2026-01/2026-01.csv          a line a case
 *	2026-01/replies/ID.txt       what was said, of each case of which there is
 *
 * The CSV is UTF-8 with LF line ends. Its columns are the first seven of
 * case_columns and those others in which some case of the month has something
 * that an import would not set by itself. Cells are csv_cell()'s; so one that
 * is quoted and has the apostrophe of a formula is read without it.
 *
 * A text that consists of one reply of which nothing is known is that reply, as
 * it is, unless it could be taken for another form (case_form_is_plain()). The
 * text of other replies, form 1, is UTF-8 with LF line ends:
 *
 *	opslore case replies, form 1
 *	=== reply
 *	by: Kim Minji
 *	side: customer
 *	time: 2026-01-02T03:04:05.678Z
 *	attachment: error.log
 *
 *	The body, as many lines as it has.
 *	=== end
 *
 * A heading that says nothing is left out; `attachment` may come again. In the
 * value of a heading, "\n" is a line end and "\\" a backslash; another
 * backslash is itself. The body begins
 * behind the first empty line and ends before the line end that stands before
 * the next line of "=== ". A line of a body that begins with "=== ", backslashes
 * before it or none, gets one backslash more. Nothing follows "=== end".
 *
 * Pure functions; no file is touched.
 */
enum case_column {
	CASE_DISPLAY_ID,
	CASE_SUBJECT,
	CASE_SUBMITTED_BY,
	CASE_TIME_CREATED,
	CASE_SEVERITY,
	CASE_SERVICE,
	CASE_CATEGORY,
	CASE_BASIC, /* columns that every file has */
	CASE_STATUS = CASE_BASIC,
	CASE_SOURCE_ID,
	CASE_LANGUAGE,
	CASE_TIME_RESOLVED,
	CASE_LINK,
	CASE_ACCESS,
	CASE_CHANNEL,
	CASE_COLUMNS,
};

/* "displayId", "subject", ... */
extern const char *const case_columns[CASE_COLUMNS];

/* The field of that column; NULL for the two times. */
struct slice *case_form_field(struct support_case *c, enum case_column column);

/* What an import sets unless it is told. */
#define CASE_FORM_ACCESS SLICE("staff")
#define CASE_FORM_CHANNEL SLICE("import")

/* The columns that this case needs: 1 << column each. */
unsigned case_form_needs(const struct support_case *c);

/* Appends the head of a CSV of those columns; the line of a case. */
void case_form_head(unsigned columns, struct buf *out);
void case_form_row(const struct support_case *c, unsigned columns,
                   struct buf *out);

/* Appends "2026-01", or "undated". */
void case_form_month(int64_t created, struct buf *out);

/* Appends the name of its text, without ".txt": the id, where bytes other than
 * letters and digits of ASCII, '-', '_' and (not at the start) '.' are written
 * %XX. Of an id that makes a name too long, its start and a hash. */
void case_form_name(struct slice native, struct buf *out);

/* Whether a clean text is read as one reply and nothing else: it is not empty,
 * does not begin as this form, as JSON or with a byte order mark, and no line
 * of it begins with "submittedBy:" or "timeCreated:". */
bool case_form_is_plain(struct slice text);

/* Appends the text of replies, of which there are some. */
void case_form_write(const struct case_reply *replies, size_t count,
                     struct buf *out);

/* Whether a text says that it is of this form. */
bool case_form_is(struct slice text);

/*
 * Reads a clean text of this form; what it gives lives in `a`, or is borrowed
 * from the text. FAULT_INPUT with the line; FAULT_LIMIT.
 */
MUST_USE
bool case_form_read(struct slice text, struct arena *a, struct case_reply **out,
                    size_t *count, struct fault *f);

#endif
