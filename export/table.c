/* One pass to measure, one to write; numbers stand at the right. */

#include "export/table.h"

#include "base/memory.h"
#include "base/text/csv.h"
#include "base/text/unicode.h"
#include "base/utf8.h"

bool table_form_read(const char *name, enum table_form *out, struct fault *f)
{
	static const char *const names[] = { "table", "csv", "json" };
	int i;

	*out = TABLE_TEXT;
	for (i = 0; name && i < 3; i++)
		if (!strcmp(name, names[i])) {
			*out = (enum table_form)i;
			return true;
		}
	return !name || fault(f, FAULT_USAGE, "table-form",
	                      "there is no form '%s': it is one of table, "
	                      "csv, json",
	                      name);
}

static size_t width_of(struct slice s)
{
	size_t at = 0;
	int width = 0;

	while (at < s.len)
		width += unicode_width(utf8_next(s, &at));
	return (size_t)width;
}

static void cell_text(const struct cell *c, struct buf *out)
{
	if (c->is_number)
		buf_number(out, c->number);
	else
		buf_add(out, c->text);
}

static void pad(struct buf *out, size_t count)
{
	while (count--)
		buf_byte(out, ' ');
}

static void text_cell(const struct cell *c, size_t width, bool last,
                      struct buf *cell, struct buf *out)
{
	size_t own;

	buf_reset(cell);
	cell_text(c, cell);
	own = width_of(buf_slice(cell));
	if (c->is_number && own < width)
		pad(out, width - own);
	buf_add(out, buf_slice(cell));
	if (!c->is_number && !last && own < width)
		pad(out, width - own);
	buf_text(out, last ? "\n" : "  ");
}

static void table_text(const struct table *t, struct buf *out)
{
	size_t *widths = memory_new(t->width, sizeof(*widths));
	struct buf cell = BUF_INIT(1 << 20);
	size_t i, j;

	for (j = 0; j < t->width; j++)
		widths[j] = width_of(slice_of(t->columns[j]));
	for (i = 0; i < t->height * t->width; i++) {
		buf_reset(&cell);
		cell_text(&t->cells[i], &cell);
		if (width_of(buf_slice(&cell)) > widths[i % t->width])
			widths[i % t->width] = width_of(buf_slice(&cell));
	}
	for (j = 0; j < t->width; j++) {
		bool right = t->height && t->cells[j].is_number;
		struct slice head = slice_of(t->columns[j]);

		if (right)
			pad(out, widths[j] - width_of(head));
		buf_add(out, head);
		if (!right && j + 1 < t->width)
			pad(out, widths[j] - width_of(head));
		buf_text(out, j + 1 < t->width ? "  " : "\n");
	}
	for (i = 0; i < t->height; i++)
		for (j = 0; j < t->width; j++)
			text_cell(&t->cells[i * t->width + j], widths[j],
			          j + 1 == t->width, &cell, out);
	buf_release(&cell);
	free(widths);
}

static void table_csv(const struct table *t, struct buf *out)
{
	size_t i;

	for (i = 0; i < t->width; i++) {
		csv_cell(slice_of(t->columns[i]), out);
		buf_text(out, i + 1 < t->width ? "," : "\r\n");
	}
	for (i = 0; i < t->height * t->width; i++) {
		if (t->cells[i].is_number)
			buf_number(out, t->cells[i].number);
		else
			csv_cell(t->cells[i].text, out);
		buf_text(out, (i + 1) % t->width ? "," : "\r\n");
	}
}

void table_rows(const struct table *t, struct json_out *o)
{
	size_t i, j;

	json_key(o, t->title);
	json_open(o, '[');
	for (i = 0; i < t->height; i++) {
		json_open(o, '{');
		for (j = 0; j < t->width; j++) {
			const struct cell *c = &t->cells[i * t->width + j];

			if (c->is_number)
				json_pair_number(o, t->columns[j], c->number);
			else
				json_pair(o, t->columns[j], c->text);
		}
		json_close(o, '}');
	}
	json_close(o, ']');
}

static void table_json(const struct table *t, struct buf *out)
{
	struct json_out o;

	json_start(&o, out);
	json_open(&o, '{');
	json_pair_number(&o, "version", 1);
	table_rows(t, &o);
	json_close(&o, '}');
	buf_byte(out, '\n');
}

void table_write(const struct table *t, enum table_form form, struct buf *out)
{
	if (form == TABLE_CSV)
		table_csv(t, out);
	else if (form == TABLE_JSON)
		table_json(t, out);
	else
		table_text(t, out);
}
