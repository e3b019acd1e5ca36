/* Two kinds of keys in one map: "name" and "@domain". */

#include "export/case_departments.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/map.h"
#include "base/memory.h"
#include "base/text/csv.h"
#include "base/text/unicode.h"

struct case_departments {
	struct map names; /* folded -> struct slice */
	struct arena arena;
};

void case_departments_free(struct case_departments *d)
{
	if (!d)
		return;
	map_release(&d->names);
	arena_release(&d->arena);
	free(d);
}

static struct slice folded(struct slice s, struct buf *b)
{
	buf_reset(b);
	unicode_fold(slice_trim(s), b);
	return buf_slice(b);
}

static bool departments_add(struct case_departments *d, struct slice name,
                            struct slice department, struct fault *f)
{
	struct buf key = BUF_INIT(2 * LIMIT_NAME);
	struct buf clean = BUF_INIT(2 * LIMIT_NAME);
	struct map_entry *e;
	struct slice *value;
	bool added, ok;

	unicode_clean(slice_trim(department), &clean);
	if (slice_starts(name, SLICE("*@")))
		name = slice_cut(name, 1, name.len);
	e = map_put(&d->names, folded(name, &key), &added);
	if (added) {
		value = arena_new(&d->arena, sizeof(*value));
		*value = arena_copy(&d->arena, buf_slice(&clean));
		e->pointer = value;
	}
	value = e->pointer;
	ok = slice_eq(*value, buf_slice(&clean)) ||
	     fault(f, FAULT_INPUT, "departments-twice",
	           "'%.*s' is of '%.*s' and of '%.*s'", SLICE_ARG(name),
	           SLICE_ARG(*value), SLICE_ARG(buf_slice(&clean)));
	buf_release(&key);
	buf_release(&clean);
	return ok;
}

static bool departments_row(struct case_departments *d,
                            const struct csv_row *row, struct fault *f)
{
	struct slice name = slice_trim(csv_undo(&row->fields[0])), department;

	if (row->count != 2)
		return fault(f, FAULT_INPUT, "departments-row",
		             "a row has %zu fields, not submitter and "
		             "department",
		             row->count);
	department = slice_trim(csv_undo(&row->fields[1]));
	if (!name.len || !department.len || name.len > LIMIT_NAME ||
	    department.len > LIMIT_NAME)
		return fault(f, FAULT_INPUT, "departments-row",
		             "a row lacks its submitter or its department, or "
		             "they are too long");
	if (row->number == 1 && slice_eq(name, SLICE("submitter")) &&
	    slice_eq(department, SLICE("department")))
		return true;
	return departments_add(d, name, department, f);
}

static bool fill_once(void *self, struct slice *bytes, struct fault *f)
{
	struct slice *left = self;

	(void)f;
	*bytes = *left;
	left->len = 0;
	return true;
}

bool case_departments_parse(struct case_departments **out, struct slice text,
                            const char *path, struct fault *f)
{
	struct case_departments *d = memory_new(1, sizeof(*d));
	struct csv_row row = { .count = 0 };
	struct csv *c;
	bool ok;

	csv_open(&c, fill_once, &text, NULL);
	while ((ok = csv_next(c, &row, f)) && row.count) {
		ok = departments_row(d, &row, f);
		if (ok)
			continue;
		fault_at(f, path, row.line);
		break;
	}
	if (!ok && !f->subject[0])
		fault_at(f, path, f->line);
	csv_close(c);
	if (ok)
		*out = d;
	else
		case_departments_free(d);
	return ok;
}

bool case_departments_read(struct case_departments **out, const char *path,
                           struct fault *f)
{
	struct slice text = { 0 };
	char *bytes;
	bool ok;

	if (!file_read(path, LIMIT_BODY, &bytes, &text.len, f))
		return false;
	text.at = bytes;
	ok = case_departments_parse(out, text, path, f);
	free(bytes);
	return ok;
}

struct slice case_department(const struct case_departments *d,
                             struct slice submitter)
{
	struct buf key = BUF_INIT(16 * LIMIT_NAME);
	const struct map_entry *e = NULL;
	struct slice name;
	size_t at;

	if (!d)
		return (struct slice){ 0 };
	name = folded(submitter, &key);
	e = map_get(&d->names, name);
	for (at = name.len; !e && at; at--)
		if (name.at[at - 1] == '@') {
			e = map_get(&d->names,
			            slice_cut(name, at - 1, name.len));
			break;
		}
	buf_release(&key);
	return e ? *(const struct slice *)e->pointer : (struct slice){ 0 };
}
