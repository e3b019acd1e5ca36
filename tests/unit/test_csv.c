/* CSV: tests/data/csv/NAME.csv is read as NAME.want says, however it is cut. */

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/text/csv.h"

/* A text that comes `step` bytes at a time. */
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

static void show(struct slice s, struct buf *out)
{
	size_t i;

	buf_byte(out, '[');
	for (i = 0; i < s.len; i++) {
		if (s.at[i] == '\n')
			buf_text(out, "\\n");
		else if (s.at[i] == '\r')
			buf_text(out, "\\r");
		else
			buf_byte(out, s.at[i]);
	}
	buf_byte(out, ']');
}

/* Every row as "LINE: [field][field]", every fault as "LINE! text". */
static void read_all(struct slice text, size_t step,
                     const struct csv_options *options, struct buf *out)
{
	struct pieces p = { text, 0, step };
	struct csv_row row = { 0 };
	struct fault f;
	struct csv *c;
	bool ok;
	size_t i;

	csv_open(&c, next_piece, &p, options);
	while (!(ok = csv_next(c, &row, &f)) || row.count) {
		if (!ok) {
			buf_addf(out, "%lld! %s\n", (long long)f.line, f.text);
			continue;
		}
		buf_addf(out, "%lld: ", (long long)row.line);
		for (i = 0; i < row.count; i++)
			show(row.fields[i].text, out);
		buf_byte(out, '\n');
	}
	csv_close(c);
}

static void compare_file(const char *name)
{
	static const size_t steps[] = { 1, 2, 3, 7, 64, 1 << 20 };
	struct buf have = BUF_INIT(1 << 20);
	char path[4096], *text, *want;
	size_t len, want_len, i;
	struct fault f;

	snprintf(path, sizeof(path), TEST_DATA "/csv/%s", name);
	assert_true(file_read(path, 1 << 20, &text, &len, &f));
	snprintf(path + strlen(path) - 3, 5, "want");
	assert_true(file_read(path, 1 << 20, &want, &want_len, &f));
	for (i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		buf_reset(&have);
		read_all((struct slice){ text, len }, steps[i], NULL, &have);
		if (strcmp(buf_string(&have), want))
			fail_msg("%s, %zu bytes at a time:\n%s\nwanted:\n%s",
			         name, steps[i], have.at, want);
	}
	buf_release(&have);
	free(text);
	free(want);
}

static void reads_what_the_world_writes(void **state)
{
	struct dirent *e;
	DIR *dir = opendir(TEST_DATA "/csv");
	int count = 0;

	(void)state;
	assert_non_null(dir);
	while ((e = readdir(dir)))
		if (slice_ends(slice_of(e->d_name), SLICE(".csv"))) {
			compare_file(e->d_name);
			count++;
		}
	closedir(dir);
	assert_true(count > 10);
}

static void ceilings_reject_one_row(void **state)
{
	const struct csv_options o = { ',', 8, 20, 3 };
	struct buf have = BUF_INIT(1 << 16);

	(void)state;
	read_all(SLICE("a,b\n123456789,x\n1,2,3,4\n"
	               "\"1234\n567\",12345678,12345678\nc,d\n"),
	         3, &o, &have);
	assert_string_equal(
	        buf_string(&have),
	        "1: [a][b]\n"
	        "2! row 2, column 1: the field that begins here is larger than "
	        "allowed; is a quote not closed?\n"
	        "3! row 3, column 7: the row has more fields than allowed\n"
	        "5! row 4, column 15: the row is larger than allowed from here "
	        "on; is a quote not closed?\n"
	        "6: [c][d]\n");
	buf_release(&have);
}

/* Without a file of that size: the same piece over and over. */
struct flood {
	struct slice piece;
	int64_t left;
};

static bool next_flood(void *self, struct slice *bytes, struct fault *f)
{
	struct flood *x = self;

	(void)f;
	*bytes = x->left-- > 0 ? x->piece : SLICE("");
	if (x->left == 0)
		*bytes = SLICE("\nnext,row\n");
	return true;
}

static void a_field_past_the_ceiling_costs_no_memory(void **state)
{
	static char piece[1 << 20];
	struct flood x = { { piece, sizeof(piece) }, 100 };
	struct csv_row row;
	struct fault f;
	struct csv *c;

	(void)state;
	memset(piece, 'x', sizeof(piece));
	csv_open(&c, next_flood, &x, NULL);
	assert_false(csv_next(c, &row, &f));
	assert_string_equal(f.code, "limit-field");
	assert_true(csv_next(c, &row, &f));
	assert_int_equal(row.count, 2);
	assert_true(slice_eq(row.fields[1].text, SLICE("row")));
	assert_true(csv_next(c, &row, &f));
	assert_int_equal(row.count, 0);
	csv_close(c);
}

static bool broken_pipe(void *self, struct slice *bytes, struct fault *f)
{
	(void)self;
	(void)bytes;
	return fault(f, FAULT_SYSTEM, "file", "gone");
}

static void a_fault_below_comes_through(void **state)
{
	struct csv_row row;
	struct fault f;
	struct csv *c;

	(void)state;
	csv_open(&c, broken_pipe, NULL, NULL);
	assert_false(csv_next(c, &row, &f));
	assert_int_equal(f.kind, FAULT_SYSTEM);
	csv_close(c);
}

static void cells_come_back(void **state)
{
	static const struct {
		const char *text, *cell;
	} cells[] = {
		{ "", "" },
		{ "plain text", "plain text" },
		{ "a,b", "\"a,b\"" },
		{ "say \"hi\"", "\"say \"\"hi\"\"\"" },
		{ "two\nlines", "\"two\nlines\"" },
		{ "=1+1", "\"'=1+1\"" },
		{ "-rf", "\"'-rf\"" },
		{ "@sum", "\"'@sum\"" },
		{ "\tx", "\"'\tx\"" },
		{ "'=1", "\"''=1\"" },
		{ "''+", "\"'''+\"" },
		{ "'tis", "'tis" },
		{ "'", "'" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cells) / sizeof(*cells); i++) {
		struct buf out = BUF_INIT(4096);
		struct pieces p = { .step = 1 };
		struct csv_row row;
		struct fault f;
		struct csv *c;

		csv_cell(slice_of(cells[i].text), &out);
		assert_string_equal(buf_string(&out), cells[i].cell);
		buf_text(&out, ",end\r\n");
		p.text = buf_slice(&out);
		csv_open(&c, next_piece, &p, NULL);
		assert_true(csv_next(c, &row, &f));
		assert_int_equal(row.count, 2);
		assert_true(slice_eq(csv_undo(&row.fields[0]),
		                     slice_of(cells[i].text)));
		csv_close(c);
		buf_release(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_the_world_writes),
		cmocka_unit_test(ceilings_reject_one_row),
		cmocka_unit_test(a_field_past_the_ceiling_costs_no_memory),
		cmocka_unit_test(a_fault_below_comes_through),
		cmocka_unit_test(cells_come_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
