#ifndef EXPORT_TABLE_H
#define EXPORT_TABLE_H

#include "base/buf.h"
#include "base/fault.h"
#include "base/json.h"
#include "base/slice.h"

/*
 * A small table for reports, in one of three spellings: columns aligned for
 * people (wide characters count two), CSV (RFC 4180; a cell that a
 * spreadsheet would run as a formula gets an apostrophe before it), or JSON.
 */
enum table_form { TABLE_TEXT, TABLE_CSV, TABLE_JSON };

/* FAULT_USAGE names the forms there are. NULL means text. */
MUST_USE
bool table_form_read(const char *name, enum table_form *out, struct fault *f);

struct cell {
	struct slice text;
	int64_t number;
	bool is_number;
};

#define CELL(t) ((struct cell){ .text = (t) })
#define CELL_NUMBER(n) ((struct cell){ .number = (n), .is_number = true })

struct table {
	const char *title;          /* key of the rows in JSON */
	const char *const *columns; /* `width` of them */
	size_t width;
	const struct cell *cells; /* height * width, row by row */
	size_t height;
};

/* Appends. JSON spells {"version":1,TITLE:[{column:cell,...},...]}. */
void table_write(const struct table *t, enum table_form form, struct buf *out);

/* The member TITLE:[...] alone, for an object of several tables. */
void table_rows(const struct table *t, struct json_out *o);

#endif
