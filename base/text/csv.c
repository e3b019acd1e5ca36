/*
 * A machine of five states, fed byte by byte; runs of plain bytes are found
 * and copied at once. A row's fields lie one behind the other in one buffer,
 * as offsets until the row is whole. When a row goes wrong, the first fault is
 * kept, and its bytes are no longer.
 */

#include "base/text/csv.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/memory.h"

enum csv_state {
	CSV_START, /* of a field */
	CSV_PLAIN,
	CSV_QUOTED,
	CSV_QUOTE,  /* a quote within a quoted field: its end, or half of two */
	CSV_BEHIND, /* a quoted field has ended, and more follows: bad */
};

struct csv {
	csv_fill *fill;
	void *self;
	struct csv_options options;
	struct slice bytes;
	size_t at;
	bool end, begun, after_cr, quoted;
	enum csv_state state;
	int64_t line, column; /* of the next byte; characters, from 1 */
	int64_t quote_line, quote_column;
	struct buf text, head;
	struct csv_field *fields;
	size_t *ends; /* of the fields, in `text` */
	size_t count, cap, ends_cap;
	size_t from; /* where the present field begins in `text` */
	int64_t rows, row_line, field_line, field_column;
	bool bad;
	struct fault why;
};

void csv_open(struct csv **out, csv_fill *fill, void *self,
              const struct csv_options *options)
{
	struct csv *c = memory_new(1, sizeof(*c));

	*c = (struct csv){ .fill = fill, .self = self };
	if (options)
		c->options = *options;
	if (!c->options.field)
		c->options.field = LIMIT_TEXT;
	if (!c->options.row)
		c->options.row = LIMIT_ROW;
	if (!c->options.columns)
		c->options.columns = LIMIT_COLUMNS;
	c->line = c->column = 1;
	c->text = BUF_INIT(c->options.row);
	c->head = BUF_INIT(SIZE_MAX / 2); /* a run more than LIMIT_CSV_HEAD */
	*out = c;
}

void csv_close(struct csv *c)
{
	if (!c)
		return;
	buf_release(&c->text);
	buf_release(&c->head);
	free(c->fields);
	free(c->ends);
	free(c);
}

static bool more(struct csv *c, struct fault *f)
{
	while (c->at == c->bytes.len && !c->end) {
		c->at = 0;
		c->bytes = (struct slice){ 0 };
		if (!c->fill(c->self, &c->bytes, f))
			return false;
		c->end = !c->bytes.len;
	}
	return true;
}

/*
 * The first line decides what divides fields. It is read ahead into `head`,
 * which then is the first run of bytes.
 */
static bool read_head(struct csv *c, struct fault *f)
{
	bool quoted = false, whole = false, some = false;
	size_t i;

	while (!whole) {
		if (!more(c, f))
			return false;
		for (i = c->at; i < c->bytes.len && !whole; i++) {
			char byte = c->bytes.at[i];
			bool end = byte == '\n' || byte == '\r';

			quoted ^= byte == '"';
			/* A byte order mark is no row. */
			some |= !end && !strchr("\xEF\xBB\xBF", byte);
			whole = end && some && !quoted;
		}
		if (c->end || c->head.len + c->bytes.len > LIMIT_CSV_HEAD)
			whole = true;
		if (!whole || c->head.len) {
			buf_add(&c->head,
			        slice_cut(c->bytes, c->at, c->bytes.len));
			c->at = c->bytes.len;
		}
	}
	if (c->head.len) {
		c->bytes = buf_slice(&c->head);
		c->at = 0;
		/* The end of the text is found again. */
		c->end = false;
	}
	return true;
}

/* Of the first row that is not blank; a quoted delimiter is none. */
static char find_delimiter(struct slice head)
{
	static const char marks[] = { ',', ';', '\t' };
	size_t counts[3] = { 0 }, i, j, best = 0;
	bool quoted = false, some = false;

	for (i = 0; i < head.len; i++) {
		if (head.at[i] == '"')
			quoted = !quoted;
		if (quoted)
			continue;
		if (head.at[i] == '\n' || head.at[i] == '\r') {
			if (some)
				break;
			continue;
		}
		some = true;
		for (j = 0; j < 3; j++)
			counts[j] += head.at[i] == marks[j];
	}
	for (j = 1; j < 3; j++)
		if (counts[j] > counts[best])
			best = j;
	return marks[best];
}

static bool begin(struct csv *c, struct fault *f)
{
	struct slice head;

	if (!read_head(c, f))
		return false;
	c->begun = true;
	head = slice_cut(c->bytes, c->at, c->bytes.len);
	if (slice_starts(head, SLICE("\xEF\xBB\xBF"))) {
		c->at += 3;
		head = slice_cut(head, 3, head.len);
	}
	/* As Excel has it: the line ends right behind the delimiter. */
	if (slice_starts(head, SLICE("sep=")) && head.len > 5 && head.at[4] &&
	    strchr(",;\t|:", head.at[4]) &&
	    (head.at[5] == '\r' || head.at[5] == '\n')) {
		if (!c->options.delimiter)
			c->options.delimiter = head.at[4];
		c->at += 5;
	}
	if (!c->options.delimiter)
		c->options.delimiter = find_delimiter(head);
	return true;
}

/* The first thing wrong with the row; its bytes are of no use then. */
static void row_bad(struct csv *c, enum fault_kind kind, const char *code,
                    int64_t line, int64_t column, const char *what)
{
	if (c->bad)
		return;
	c->bad = true;
	fault(&c->why, kind, code, "row %lld, column %lld: %s",
	      (long long)c->rows, (long long)column, what);
	c->why.line = line;
}

/* Said of where the field begins, so that it does not depend on pieces. */
static void put(struct csv *c, struct slice s)
{
	size_t field = c->options.field - (c->text.len - c->from);
	size_t row = c->options.row - c->text.len;

	if (c->bad)
		return;
	if (s.len <= field && s.len <= row)
		buf_add(&c->text, s);
	else if (field <= row)
		row_bad(c, FAULT_LIMIT, "limit-field", c->field_line,
		        c->field_column,
		        "the field that begins here is larger than allowed; "
		        "is a quote not closed?");
	else
		row_bad(c, FAULT_LIMIT, "limit-row", c->field_line,
		        c->field_column,
		        "the row is larger than allowed from here on; is a "
		        "quote not closed?");
}

static void end_field(struct csv *c)
{
	/* Nothing at all behind the last delimiter. */
	c->quoted &= c->state != CSV_START;
	c->state = CSV_START;
	if (c->bad)
		return;
	if (c->count == c->options.columns) {
		row_bad(c, FAULT_LIMIT, "limit-columns", c->field_line,
		        c->field_column,
		        "the row has more fields than allowed");
		return;
	}
	c->fields =
	        memory_room(c->fields, c->count, &c->cap, sizeof(*c->fields));
	c->ends =
	        memory_room(c->ends, c->count, &c->ends_cap, sizeof(*c->ends));
	c->fields[c->count].line = c->field_line;
	c->fields[c->count].quoted = c->quoted;
	c->ends[c->count++] = c->from = c->text.len;
}

/* Moves behind a run of bytes that stays within a line. */
static void pass(struct csv *c, size_t to)
{
	for (; c->at < to; c->at++)
		c->column += ((unsigned char)c->bytes.at[c->at] & 0xC0) != 0x80;
}

/* Moves behind a line end of one byte; the LF of a CRLF counts for none. */
static void pass_line(struct csv *c)
{
	bool cr = c->bytes.at[c->at++] == '\r';

	if (!c->after_cr || cr) {
		c->line++;
		c->column = 1;
	}
	c->after_cr = cr;
}

/* Bytes up to the next that means something in this state. */
static size_t run_end(const struct csv *c)
{
	size_t i;

	for (i = c->at; i < c->bytes.len; i++) {
		char byte = c->bytes.at[i];

		if (byte == '\n' || byte == '\r' || !byte)
			break;
		if (c->state == CSV_QUOTED ? byte == '"'
		                           : byte == c->options.delimiter)
			break;
	}
	return i;
}

static void field_start(struct csv *c, char byte)
{
	c->field_line = c->line;
	c->field_column = c->column;
	c->state = CSV_PLAIN;
	c->quoted = byte == '"';
	if (!c->quoted)
		return;
	c->state = CSV_QUOTED;
	c->quote_line = c->line;
	c->quote_column = c->column;
	pass(c, c->at + 1);
}

/* Behind a quote within a quoted field. */
static void behind_quote(struct csv *c, char byte)
{
	if (byte == '"') {
		put(c, SLICE("\""));
		c->state = CSV_QUOTED;
		pass(c, c->at + 1);
		return;
	}
	c->state = CSV_BEHIND;
	if (byte == c->options.delimiter || byte == '\n' || byte == '\r')
		return;
	row_bad(c, FAULT_INPUT, "csv-quote", c->line, c->column,
	        "text behind the quote that ends a field; a quote within a "
	        "field is written twice");
}

/* A byte that is no run: true when it ends the row. */
static bool take_mark(struct csv *c)
{
	char byte = c->bytes.at[c->at];

	if (!byte) {
		row_bad(c, FAULT_INPUT, "csv-nul", c->line, c->column,
		        "a NUL byte; is the file in another encoding?");
		pass(c, c->at + 1);
		return false;
	}
	if (byte == '\n' || byte == '\r') {
		bool ends = c->state != CSV_QUOTED;

		if (!ends)
			put(c, slice_cut(c->bytes, c->at, c->at + 1));
		else
			end_field(c);
		pass_line(c);
		return ends;
	}
	pass(c, c->at + 1);
	if (c->state == CSV_QUOTED)
		c->state = CSV_QUOTE;
	else
		end_field(c);
	return false;
}

/* One step; true when the row has ended. */
static bool step(struct csv *c)
{
	size_t to;
	bool line_end;

	if (c->state == CSV_START)
		field_start(c, c->bytes.at[c->at]);
	else if (c->state == CSV_QUOTE)
		behind_quote(c, c->bytes.at[c->at]);
	if (c->at == c->bytes.len || c->state == CSV_QUOTE)
		return false;
	to = run_end(c);
	if (to > c->at) {
		c->after_cr = false;
		put(c, slice_cut(c->bytes, c->at, to));
		pass(c, to);
		return false;
	}
	line_end = c->bytes.at[c->at] == '\n' || c->bytes.at[c->at] == '\r';
	if (!line_end)
		c->after_cr = false;
	return take_mark(c);
}

/* Line ends before a row: blank lines, and the LF of the last row's CRLF. */
static bool skip_blank(struct csv *c, struct fault *f)
{
	while (more(c, f)) {
		if (c->end ||
		    (c->bytes.at[c->at] != '\n' && c->bytes.at[c->at] != '\r'))
			return true;
		pass_line(c);
	}
	return false;
}

/* The text has ended within a row. */
static void end_text(struct csv *c)
{
	if (c->state == CSV_QUOTED)
		row_bad(c, FAULT_INPUT, "csv-unclosed", c->quote_line,
		        c->quote_column,
		        "the quote opened here is never closed, so that all "
		        "behind it is lost");
	else
		end_field(c);
}

static void give(struct csv *c, struct csv_row *row)
{
	size_t i, from = 0;

	for (i = 0; i < c->count; i++) {
		c->fields[i].text =
		        slice_cut(buf_slice(&c->text), from, c->ends[i]);
		from = c->ends[i];
	}
	*row = (struct csv_row){ c->fields, c->count, c->rows, c->row_line };
}

bool csv_next(struct csv *c, struct csv_row *row, struct fault *f)
{
	*row = (struct csv_row){ 0 };
	if ((!c->begun && !begin(c, f)) || !skip_blank(c, f))
		return false;
	if (c->end)
		return true;
	buf_reset(&c->text);
	c->count = c->from = 0;
	c->bad = c->after_cr = false;
	c->state = CSV_START;
	c->rows++;
	c->row_line = c->line;
	for (;;) {
		if (!more(c, f))
			return false;
		if (c->end) {
			end_text(c);
			break;
		}
		if (step(c))
			break;
	}
	if (!c->bad) {
		give(c, row);
		return true;
	}
	*f = c->why;
	return false;
}

/* Whether a spreadsheet might run it, now or once apostrophes are gone. */
static bool is_formula(struct slice s)
{
	size_t i = 0;

	while (i < s.len && s.at[i] == '\'')
		i++;
	return i < s.len && s.at[i] && strchr("=+-@\t\r", s.at[i]);
}

void csv_cell(struct slice text, struct buf *out)
{
	bool formula = is_formula(text), quote = formula;
	size_t i;

	for (i = 0; i < text.len && !quote; i++)
		quote = strchr("\",\n\r", text.at[i]) && text.at[i];
	if (!quote) {
		buf_add(out, text);
		return;
	}
	buf_text(out, formula ? "\"'" : "\"");
	for (i = 0; i < text.len; i++) {
		if (text.at[i] == '"')
			buf_byte(out, '"');
		buf_byte(out, text.at[i]);
	}
	buf_byte(out, '"');
}

struct slice csv_undo(const struct csv_field *field)
{
	struct slice text = field->text;

	if (field->quoted && text.len && text.at[0] == '\'' && is_formula(text))
		return slice_cut(text, 1, text.len);
	return text;
}
