/* The head is read once, into the number of the column of each field. */

#include "crawler/cases/import_csv.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/text/csv.h"
#include "base/text/lines.h"
#include "crawler/cases/import_opened.h"
#include "crawler/cases/import_replies.h"

enum { NO_COLUMN = -1 };

struct csv_case {
	struct import_reading *r;
	const struct import_file *file;
	const char *name;
	int columns[CASE_COLUMNS];
	int body, answer;
	size_t width;
};

static bool head_bad(const struct csv_case *x, int64_t line, const char *code,
                     struct slice about, const char *what, struct fault *f)
{
	fault(f, FAULT_INPUT, code, "'%.*s' %s",
	      SLICE_ARG(slice_cut(about, 0, 60)), what);
	return fault_at(f, x->name, line);
}

/* The column of that name, or NO_COLUMN; twice is a fault. */
static bool find_column(const struct csv_case *x, const struct csv_row *head,
                        struct slice name, int *out, struct fault *f)
{
	size_t i;

	*out = NO_COLUMN;
	for (i = 0; name.len && i < head->count; i++) {
		if (!line_same(slice_trim(head->fields[i].text), name))
			continue;
		if (*out != NO_COLUMN)
			return head_bad(x, head->line, "import-columns", name,
			                "is the name of two columns", f);
		*out = (int)i;
	}
	return true;
}

/* A column that the mapping names is to be there; of the plain one's those
 * without which there is no case. */
static bool is_wanted(const struct import_mapping *m, int column)
{
	return m->name.len || column == CASE_DISPLAY_ID ||
	       column == CASE_SUBJECT || column == CASE_TIME_CREATED;
}

static bool value_column(const struct csv_case *x, const struct csv_row *head,
                         const struct import_value *v, bool wanted, int *out,
                         struct fault *f)
{
	*out = NO_COLUMN;
	if (v->constant || !v->path.len)
		return true;
	return find_column(x, head, v->path, out, f) &&
	       (*out != NO_COLUMN || !wanted ||
	        head_bad(x, head->line, "import-columns", v->path,
	                 "is no column of this file; --mapping NAME says which "
	                 "column is what",
	                 f));
}

static bool read_head(struct csv_case *x, const struct csv_row *head,
                      struct fault *f)
{
	const struct import_mapping *m = x->r->mapping;
	int i;

	x->width = head->count;
	for (i = 0; i < CASE_COLUMNS; i++) {
		x->columns[i] = NO_COLUMN;
		if (!value_column(x, head, &m->fields[i], is_wanted(m, i),
		                  &x->columns[i], f))
			return false;
	}
	return value_column(x, head, &m->body, true, &x->body, f) &&
	       value_column(x, head, &m->answer, true, &x->answer, f);
}

static bool read_fields(struct csv_case *x, const struct csv_row *row,
                        struct fault *f)
{
	const struct import_mapping *m = x->r->mapping;
	int i;

	for (i = 0; i < CASE_COLUMNS; i++) {
		const struct import_value *v = &m->fields[i];
		struct import_place at = { x->name, row->line, NULL };
		struct slice value = v->path;

		if (i == CASE_ACCESS && x->r->relabel)
			continue;
		if (x->columns[i] != NO_COLUMN) {
			value = csv_undo(&row->fields[x->columns[i]]);
			at.line = row->fields[x->columns[i]].line;
		} else if (!v->constant) {
			continue;
		}
		at.column = v->constant ? "(constant)" : v->path.at;
		if (!import_draft_field(x->r, (enum case_column)i, value,
		                        !m->name.len && i != CASE_DISPLAY_ID,
		                        &at, f))
			return false;
	}
	return true;
}

static bool read_words(struct csv_case *x, const struct csv_row *row,
                       int column, enum case_side side, struct fault *f)
{
	struct import_place at = { x->name, row->line, NULL };

	if (column == NO_COLUMN)
		return true;
	at.line = row->fields[column].line;
	at.column = side == SIDE_CUSTOMER ? "body" : "answer";
	return import_draft_words(x->r, csv_undo(&row->fields[column]), side,
	                          &at, f);
}

static bool read_row(struct csv_case *x, const struct csv_row *row,
                     struct fault *f)
{
	const struct import_mapping *m = x->r->mapping;
	const struct import_place at = { x->name, row->line, NULL };

	if (row->count != x->width) {
		fault(f, FAULT_INPUT, "import-width",
		      "row %lld has %zu fields, and the head has %zu",
		      (long long)row->number, row->count, x->width);
		return fault_at(f, x->name, row->line);
	}
	import_draft_start(x->r);
	if (!read_fields(x, row, f))
		return false;
	return (m->name.len ? read_words(x, row, x->body, SIDE_CUSTOMER, f) &&
	                              read_words(x, row, x->answer,
	                                         SIDE_PROVIDER, f)
	                    : import_replies_find(x->r, x->file, &at, f)) &&
	       import_draft_take(x->r, &at, f);
}

/* Something else that lies in the folder: it has not even ids. */
static bool is_other(const struct csv_case *x, const struct csv_row *head)
{
	const struct import_mapping *m = x->r->mapping;
	struct fault ignored;
	int column;

	return !x->file->named && !m->name.len &&
	       find_column(x, head, m->fields[CASE_DISPLAY_ID].path, &column,
	                   &ignored) &&
	       column == NO_COLUMN;
}

/* Rows up to the end. */
static bool read_rows(struct csv_case *x, struct csv *c, struct fault *f)
{
	struct csv_row row;
	bool headed = false;

	for (;;) {
		if (!csv_next(c, &row, f)) {
			if (!f->subject[0])
				fault_at(f, x->name, f->line);
		} else if (!row.count) {
			return true;
		} else if (headed) {
			if (read_row(x, &row, f))
				continue;
			if (!f->subject[0])
				fault_at(f, x->name, row.line);
		} else {
			headed = true;
			if (is_other(x, &row)) {
				import_passed_over(x->r, x->name);
				return true;
			}
			if (read_head(x, &row, f))
				continue;
			/* Without a head, rows mean nothing. */
			return import_trouble(x->r, f);
		}
		if (!import_trouble(x->r, f))
			return false;
		if (!headed)
			return true;
	}
}

static bool read_csv(void *self, struct import_input *in, const char *name,
                     struct fault *f)
{
	struct csv_case *x = self;
	const struct csv_options o = { .delimiter = x->r->mapping->delimiter };
	struct csv *c;
	bool ok;

	x->name = name;
	x->r->beside = in->encoding;
	csv_open(&c, import_input_next, in, &o);
	ok = read_rows(x, c, f);
	csv_close(c);
	return ok;
}

bool import_csv(struct import_reading *r, const struct import_file *file,
                struct fault *f)
{
	struct csv_case x = { .r = r, .file = file };

	return import_opened(r, file, read_csv, &x, f);
}
