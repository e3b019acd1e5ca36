/*
 * A machine fed byte by byte. Outside of values it knows the brackets that it
 * has entered: an array at the top, an object whose array it goes through, that
 * array. A value is gathered until its brackets are closed; while it is an
 * object that might have the array, its keys are watched, and when the array
 * comes, what was gathered is thrown away and the array entered.
 */

#include "crawler/cases/import_values.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/memory.h"

enum where {
	AT_TOP,    /* between values */
	IN_ARRAY,  /* of the top */
	IN_MEMBER, /* in the named array */
	BEHIND,    /* in the object behind that array: passed over */
};

struct import_values {
	csv_fill *fill;
	void *self;
	struct slice member;
	bool lines;
	struct slice bytes;
	size_t at;
	bool end, over, arrayed; /* the top is an array */
	int64_t line, offset;
	enum where where;
	/* The value that is gathered. */
	struct buf text;
	bool gathering, too_large;
	int64_t depth, text_line, text_offset;
	bool in_text, escaped, scalar;
	/* Of an object that may have the array. */
	bool key_next, is_member;
	size_t key; /* where the last text of depth 1 began */
};

void import_values_open(struct import_values **out, csv_fill *fill, void *self,
                        struct slice member, bool lines)
{
	struct import_values *v = memory_new(1, sizeof(*v));

	*v = (struct import_values){
		.fill = fill,
		.self = self,
		.member = member,
		.lines = lines,
		.line = 1,
		.text = BUF_INIT(LIMIT_ROW),
	};
	*out = v;
}

void import_values_close(struct import_values *v)
{
	if (!v)
		return;
	buf_release(&v->text);
	free(v);
}

static bool more(struct import_values *v, struct fault *f)
{
	if (v->at < v->bytes.len || v->end)
		return true;
	v->at = 0;
	v->bytes = (struct slice){ 0 };
	if (!v->fill(v->self, &v->bytes, f))
		return false;
	v->end = !v->bytes.len;
	return true;
}

/* All behind it is lost, since nobody can say where the next one begins. */
static bool broken(struct import_values *v, int64_t line, const char *what,
                   struct fault *f)
{
	v->over = true;
	fault(f, FAULT_INPUT, "import-json",
	      "%s; the rest of the file was not read", what);
	f->line = line;
	return false;
}

static void start(struct import_values *v, char byte)
{
	buf_reset(&v->text);
	v->gathering = true;
	v->too_large = v->in_text = v->escaped = v->is_member = false;
	v->scalar = byte != '{' && byte != '[' && byte != '"';
	v->key_next = byte == '{' && v->member.len &&
	              (v->where == AT_TOP || v->where == IN_ARRAY);
	v->depth = 0;
	v->key = 0;
	v->text_line = v->line;
	v->text_offset = v->offset;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Moves behind a byte. */
static void pass(struct import_values *v)
{
	v->line += v->bytes.at[v->at] == '\n';
	v->offset++;
	v->at++;
}

static void gather(struct import_values *v, char byte)
{
	if (v->text.len == LIMIT_ROW)
		v->too_large = true;
	else
		buf_byte(&v->text, byte);
}

/* The last text of depth 1, without its quotes, is the name of the array. */
static bool is_array_key(const struct import_values *v)
{
	struct slice s =
	        slice_trim(slice_cut(buf_slice(&v->text), v->key, v->text.len));

	return v->key && s.len == v->member.len + 2 &&
	       slice_eq(slice_cut(s, 1, s.len - 1), v->member);
}

/* Watches depth 1 of an object for `"member": [`; true: here it is. */
static bool found_member(struct import_values *v, char byte)
{
	if (!v->key_next || v->depth != 1 || is_blank(byte))
		return false;
	if (byte == ':') {
		v->is_member = is_array_key(v);
		return false;
	}
	if (v->is_member && byte == '[')
		return true;
	v->is_member = false;
	return false;
}

enum step { STEP_ON, STEP_VALUE, STEP_ENTER };

/* One byte within a text. */
static enum step text_byte(struct import_values *v, char byte)
{
	gather(v, byte);
	if (v->escaped) {
		v->escaped = false;
	} else if (byte == '\\') {
		v->escaped = true;
	} else if (byte == '"') {
		v->in_text = false;
		return v->depth ? STEP_ON : STEP_VALUE;
	}
	return STEP_ON;
}

/* One byte of a value that is no text. */
static enum step value_byte(struct import_values *v, char byte)
{
	if (found_member(v, byte))
		return STEP_ENTER;
	if (v->depth == 1 && v->key_next && byte == '"')
		v->key = v->text.len;
	gather(v, byte);
	if (byte == '"')
		v->in_text = true;
	else if (byte == '{' || byte == '[')
		v->depth++;
	else if (byte == '}' || byte == ']')
		v->depth--;
	return v->depth > 0 || v->in_text || v->scalar ? STEP_ON : STEP_VALUE;
}

static void give(struct import_values *v, struct import_value_text *out)
{
	v->gathering = false;
	*out = (struct import_value_text){ buf_slice(&v->text), v->text_line,
		                           v->text_offset };
}

static bool ends_scalar(char byte)
{
	return is_blank(byte) || strchr(",]}[{\"", byte);
}

static bool refuse_large(struct import_values *v, struct fault *f)
{
	v->gathering = false;
	fault(f, FAULT_LIMIT, "limit-row", "the value is larger than 64 MB");
	f->line = v->text_line;
	return false;
}

/* Goes on with the value at hand. *whole: it is complete. */
static bool go_on(struct import_values *v, bool *whole, struct fault *f)
{
	char byte = v->bytes.at[v->at];
	enum step step;

	*whole = false;
	if (v->scalar && ends_scalar(byte)) {
		*whole = true;
		return true;
	}
	step = v->in_text ? text_byte(v, byte) : value_byte(v, byte);
	pass(v);
	if (step == STEP_ENTER) {
		v->gathering = false;
		v->where = IN_MEMBER;
		return true;
	}
	*whole = step == STEP_VALUE;
	return !*whole || !v->too_large || refuse_large(v, f);
}

/* A byte between values. */
static bool between(struct import_values *v, struct fault *f)
{
	char byte = v->bytes.at[v->at];

	if (is_blank(byte) || (byte == ',' && v->where != AT_TOP)) {
		pass(v);
		return true;
	}
	if (byte == '[' && v->where == AT_TOP && !v->lines) {
		v->where = IN_ARRAY;
		v->arrayed = true;
		pass(v);
		return true;
	}
	if (byte == ']' && v->where == IN_ARRAY) {
		v->where = AT_TOP;
		v->arrayed = false;
		pass(v);
		return true;
	}
	if (byte == ']' && v->where == IN_MEMBER) {
		/* What follows is gathered as a value and thrown away. */
		pass(v);
		v->where = BEHIND;
		start(v, '{');
		v->depth = 1;
		return true;
	}
	if (strchr("]}:,", byte))
		return broken(v, v->line, "this is no JSON", f);
	start(v, byte);
	return true;
}

/* The whole line is the value. */
static bool next_line(struct import_values *v, struct import_value_text *out,
                      struct fault *f)
{
	start(v, 'x');
	for (;;) {
		if (!more(v, f))
			return false;
		if (v->end || v->bytes.at[v->at] == '\n') {
			if (!v->end)
				pass(v);
			if (v->too_large)
				return refuse_large(v, f);
			if (slice_trim(buf_slice(&v->text)).len) {
				give(v, out);
				return true;
			}
			if (v->end)
				return true;
			start(v, 'x');
			continue;
		}
		gather(v, v->bytes.at[v->at]);
		pass(v);
	}
}

static bool at_end(struct import_values *v, struct import_value_text *out,
                   struct fault *f)
{
	if (v->gathering && v->scalar) {
		give(v, out);
		return true;
	}
	if (v->gathering)
		return broken(v, v->text_line,
		              "the value that begins here is cut off", f);
	return v->where == AT_TOP ||
	       broken(v, v->line, "the file ends within an array", f);
}

bool import_values_next(struct import_values *v, struct import_value_text *out,
                        struct fault *f)
{
	bool whole = false;

	*out = (struct import_value_text){ 0 };
	if (v->over)
		return true;
	if (v->lines)
		return next_line(v, out, f);
	for (;;) {
		if (!more(v, f))
			return false;
		if (v->end)
			return at_end(v, out, f);
		if (!(v->gathering ? go_on(v, &whole, f) : between(v, f)))
			return false;
		if (!whole)
			continue;
		whole = false;
		if (v->where == BEHIND) {
			v->gathering = false;
			v->where = v->arrayed ? IN_ARRAY : AT_TOP;
			continue;
		}
		give(v, out);
		return true;
	}
}
