/* CSV: the same rows however the text is cut, and what is written of them is
 * read again. */

#include "base/text/csv.h"
#include "must.h"

struct pieces {
	struct slice text;
	size_t at, step;
};

static bool next_piece(void *self, struct slice *bytes, struct fault *f)
{
	struct pieces *p = self;

	(void)f;
	*bytes = slice_cut(p->text, p->at, p->at + p->step);
	p->at += bytes->len;
	return true;
}

static bool same_rows(const struct csv_row *a, const struct csv_row *b)
{
	size_t i;

	if (a->count != b->count || a->line != b->line ||
	    a->number != b->number)
		return false;
	for (i = 0; i < a->count; i++)
		if (!slice_eq(a->fields[i].text, b->fields[i].text) ||
		    a->fields[i].line != b->fields[i].line ||
		    a->fields[i].quoted != b->fields[i].quoted)
			return false;
	return true;
}

/* A row written by csv_cell() is that row again. */
static void again(const struct csv_row *row)
{
	struct csv_options o = { .delimiter = ',' };
	struct buf text = BUF_INIT(64 << 20);
	struct pieces p = { .step = SIZE_MAX / 2 };
	struct csv_row read;
	struct fault f;
	struct csv *c;
	size_t i;

	buf_text(&text, "x");
	for (i = 0; i < row->count; i++) {
		buf_byte(&text, ',');
		csv_cell(row->fields[i].text, &text);
	}
	p.text = buf_slice(&text);
	csv_open(&c, next_piece, &p, &o);
	must(csv_next(c, &read, &f));
	must(read.count == row->count + 1);
	for (i = 0; i < row->count; i++)
		must(slice_eq(csv_undo(&read.fields[i + 1]),
		              row->fields[i].text));
	csv_close(c);
	buf_release(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice s = { (const char *)data, size };
	struct pieces p = { s, 0, 1 + size % 5 }, q = { s, 0, size + 1 };
	struct csv_options o = { 0, 300, 1000, 50 };
	struct csv_row a = { 0 }, b = { 0 };
	struct fault f = { 0 }, g = { 0 };
	struct csv *c, *d;
	bool ok;

	csv_open(&c, next_piece, &p, &o);
	csv_open(&d, next_piece, &q, &o);
	while (!(ok = csv_next(c, &a, &f)) || a.count) {
		must(csv_next(d, &b, &g) == ok);
		if (ok) {
			must(same_rows(&a, &b));
			again(&a);
		} else {
			must(f.line == g.line && f.code == g.code);
		}
	}
	must(csv_next(d, &b, &g) && !b.count);
	csv_close(c);
	csv_close(d);
	return 0;
}
