/* The header specifies the form; see there. */

#include "schema/case_form.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/memory.h"
#include "base/text/csv.h"
#include "base/text/lines.h"

enum { FORM_NAME = 180 }; /* bytes of a name; file systems take 255 */

#define FORM_HEAD SLICE("opslore case replies, form 1")
#define FORM_MARK SLICE("=== ")
#define FORM_REPLY SLICE("=== reply")
#define FORM_END SLICE("=== end")

const char *const case_columns[CASE_COLUMNS] = {
	[CASE_DISPLAY_ID] = "displayId",
	[CASE_SUBJECT] = "subject",
	[CASE_SUBMITTED_BY] = "submittedBy",
	[CASE_TIME_CREATED] = "timeCreated",
	[CASE_SEVERITY] = "severityCode",
	[CASE_SERVICE] = "serviceCode",
	[CASE_CATEGORY] = "categoryCode",
	[CASE_STATUS] = "status",
	[CASE_SOURCE_ID] = "caseId",
	[CASE_LANGUAGE] = "language",
	[CASE_TIME_RESOLVED] = "timeResolved",
	[CASE_LINK] = "link",
	[CASE_ACCESS] = "accessLabel",
	[CASE_CHANNEL] = "collectedAs",
};

struct slice *case_form_field(struct support_case *c, enum case_column column)
{
	struct slice *const fields[CASE_COLUMNS] = {
		[CASE_DISPLAY_ID] = &c->native,
		[CASE_SUBJECT] = &c->subject,
		[CASE_SUBMITTED_BY] = &c->submitted_by,
		[CASE_SEVERITY] = &c->severity,
		[CASE_SERVICE] = &c->service,
		[CASE_CATEGORY] = &c->category,
		[CASE_STATUS] = &c->status,
		[CASE_SOURCE_ID] = &c->source_id,
		[CASE_LANGUAGE] = &c->language,
		[CASE_LINK] = &c->link,
		[CASE_ACCESS] = &c->access,
		[CASE_CHANNEL] = &c->channel,
	};

	return fields[column];
}

/* 2026-01-02T03:04:05.678Z, or nothing for CLOCK_NONE. */
static void write_time(int64_t time, struct buf *out)
{
	char text[CLOCK_TEXT];

	clock_write(text, time);
	if (!text[0])
		return;
	text[10] = 'T';
	buf_text(out, text);
	buf_byte(out, 'Z');
}

unsigned case_form_needs(const struct support_case *c)
{
	struct support_case copy = *c;
	unsigned columns = (1u << CASE_BASIC) - 1;
	int i;

	for (i = CASE_BASIC; i < CASE_COLUMNS; i++) {
		struct slice *field =
		        case_form_field(&copy, (enum case_column)i);
		bool needed =
		        field ? field->len > 0 : c->resolved != CLOCK_NONE;

		if (i == CASE_ACCESS)
			needed = !slice_eq(*field, CASE_FORM_ACCESS);
		if (i == CASE_CHANNEL)
			needed = !slice_eq(*field, CASE_FORM_CHANNEL);
		columns |= needed ? 1u << i : 0;
	}
	return columns;
}

void case_form_head(unsigned columns, struct buf *out)
{
	int i;

	for (i = 0; i < CASE_COLUMNS; i++) {
		if (!(columns & 1u << i))
			continue;
		buf_text(out, i ? "," : "");
		buf_text(out, case_columns[i]);
	}
	buf_byte(out, '\n');
}

void case_form_row(const struct support_case *c, unsigned columns,
                   struct buf *out)
{
	struct support_case copy = *c;
	int i;

	for (i = 0; i < CASE_COLUMNS; i++) {
		struct slice *field =
		        case_form_field(&copy, (enum case_column)i);

		if (!(columns & 1u << i))
			continue;
		if (i)
			buf_byte(out, ',');
		if (field)
			csv_cell(*field, out);
		else
			write_time(i == CASE_TIME_CREATED ? c->created
			                                  : c->resolved,
			           out);
	}
	buf_byte(out, '\n');
}

void case_form_month(int64_t created, struct buf *out)
{
	char text[CLOCK_TEXT];

	clock_write(text, created);
	text[7] = '\0';
	buf_text(out, text[0] ? text : "undated");
}

static bool is_plain(char c, bool first)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z') || c == '-' || c == '_' ||
	       (c == '.' && !first);
}

void case_form_name(struct slice native, struct buf *out)
{
	size_t start = out->len, i;

	for (i = 0; i < native.len; i++) {
		if (is_plain(native.at[i], i == 0))
			buf_byte(out, native.at[i]);
		else
			buf_addf(out, "%%%02X", (unsigned char)native.at[i]);
	}
	if (out->len - start <= FORM_NAME)
		return;
	buf_cut(out, start + FORM_NAME);
	buf_addf(out, "~%016llx", (unsigned long long)hash64(native));
}

static void write_value(const char *name, struct slice value, struct buf *out)
{
	size_t i;

	if (!value.len)
		return;
	buf_text(out, name);
	for (i = 0; i < value.len; i++) {
		if (value.at[i] == '\n')
			buf_text(out, "\\n");
		else if (value.at[i] == '\\')
			buf_text(out, "\\\\");
		else
			buf_byte(out, value.at[i]);
	}
	buf_byte(out, '\n');
}

/* A line that is a mark, or one with backslashes before it. */
static bool looks_like_mark(struct slice line)
{
	while (line.len && *line.at == '\\')
		line = slice_cut(line, 1, line.len);
	return slice_starts(line, FORM_MARK);
}

static struct slice next_line(struct slice text, size_t *at)
{
	struct slice rest = slice_cut(text, *at, text.len);
	struct slice line = slice_cut(rest, 0, slice_find(rest, '\n'));

	*at += line.len < rest.len ? line.len + 1 : line.len;
	return line;
}

static void write_body(struct slice body, struct buf *out)
{
	bool last = false;

	while (!last) {
		size_t end = slice_find(body, '\n');
		struct slice line = slice_cut(body, 0, end);

		last = end == body.len;
		if (looks_like_mark(line))
			buf_byte(out, '\\');
		buf_add(out, line);
		buf_byte(out, '\n');
		body = slice_cut(body, end + 1, body.len);
	}
}

static void write_reply(const struct case_reply *r, struct buf *out)
{
	size_t i;

	buf_add(out, FORM_REPLY);
	buf_byte(out, '\n');
	write_value("by: ", r->by, out);
	write_value("side: ", slice_of(case_side_name(r->side)), out);
	if (r->time != CLOCK_NONE) {
		buf_text(out, "time: ");
		write_time(r->time, out);
		buf_byte(out, '\n');
	}
	for (i = 0; i < r->attachment_count; i++)
		write_value("attachment: ", r->attachments[i], out);
	buf_byte(out, '\n');
	write_body(r->body, out);
}

bool case_form_is(struct slice text)
{
	return slice_starts(text, FORM_HEAD) &&
	       (text.len == FORM_HEAD.len || text.at[FORM_HEAD.len] == '\n');
}

bool case_form_is_plain(struct slice text)
{
	struct slice first = slice_trim(text);
	size_t at = 0;

	if (!first.len || case_form_is(text) || strchr("[{", first.at[0]) ||
	    slice_starts(text, SLICE("\xEF\xBB\xBF")))
		return false;
	while (at < text.len) {
		struct slice line = next_line(text, &at);

		if (line_starts(line, SLICE("submittedBy:")) ||
		    line_starts(line, SLICE("timeCreated:")))
			return false;
	}
	return true;
}

static bool is_bare(const struct case_reply *r)
{
	return !r->by.len && r->side == SIDE_UNKNOWN && r->time == CLOCK_NONE &&
	       !r->attachment_count && case_form_is_plain(r->body);
}

void case_form_write(const struct case_reply *replies, size_t count,
                     struct buf *out)
{
	size_t i;

	if (count == 1 && is_bare(replies)) {
		buf_add(out, replies->body);
		return;
	}
	buf_add(out, FORM_HEAD);
	buf_byte(out, '\n');
	for (i = 0; i < count; i++)
		write_reply(&replies[i], out);
	buf_add(out, FORM_END);
	buf_byte(out, '\n');
}

struct form {
	struct slice text;
	size_t at;
	int64_t line; /* of the one at `at` */
	struct arena *arena;
	struct case_reply *replies;
	size_t count, cap;
	struct slice *attachments; /* of the present reply */
	size_t attachment_count, attachment_cap;
};

static bool form_bad(const struct form *x, struct fault *f, const char *what,
                     struct slice about)
{
	fault(f, FAULT_INPUT, "case-form", "%s '%.*s'", what,
	      SLICE_ARG(slice_cut(about, 0, 60)));
	f->line = x->line;
	return false;
}

static struct slice read_value(struct form *x, struct slice value)
{
	struct buf out = BUF_INIT(value.len + 1);
	struct slice s = value;
	size_t i;

	if (slice_find(value, '\\') < value.len) {
		for (i = 0; i < value.len; i++) {
			struct slice two = slice_cut(value, i, i + 2);
			bool end = slice_eq(two, SLICE("\\n"));
			bool slash = slice_eq(two, SLICE("\\\\"));

			buf_byte(&out, end ? '\n' : value.at[i]);
			i += end || slash;
		}
		s = arena_copy(x->arena, buf_slice(&out));
	}
	buf_release(&out);
	return s;
}

static bool read_side(struct slice value, enum case_side *out)
{
	int i;

	for (i = SIDE_CUSTOMER; i <= SIDE_PROVIDER; i++)
		if (slice_eq(value,
		             slice_of(case_side_name((enum case_side)i)))) {
			*out = (enum case_side)i;
			return true;
		}
	return false;
}

static bool read_heading(struct form *x, struct case_reply *r,
                         struct slice line, struct fault *f)
{
	size_t colon = slice_find(line, ':');
	struct slice name = slice_cut(line, 0, colon);
	struct slice value = slice_cut(line, colon + 2, line.len);

	if (!slice_starts(slice_cut(line, colon, line.len), SLICE(": ")))
		return form_bad(x, f, "this is no heading of a reply:", line);
	if (slice_eq(name, SLICE("by"))) {
		r->by = read_value(x, value);
		return true;
	}
	if (slice_eq(name, SLICE("side")))
		return read_side(value, &r->side) ||
		       form_bad(x, f, "a side is customer or provider, not",
		                value);
	if (slice_eq(name, SLICE("time")))
		return clock_read(value, &r->time) ||
		       form_bad(x, f,
		                "a time is written 2026-01-31T08:00:00Z, not",
		                value);
	if (!slice_eq(name, SLICE("attachment")))
		return form_bad(x, f, "a reply has no heading", name);
	if (x->attachment_count == LIMIT_CASE_ATTACHMENTS)
		return fault(f, FAULT_LIMIT, "limit-case-attachments",
		             "a reply has more than %d attachments",
		             LIMIT_CASE_ATTACHMENTS);
	x->attachments =
	        memory_room(x->attachments, x->attachment_count,
	                    &x->attachment_cap, sizeof(*x->attachments));
	x->attachments[x->attachment_count++] = read_value(x, value);
	return true;
}

/* Up to the next mark; the backslashes that marks had to get are taken off. */
static bool read_body(struct form *x, struct case_reply *r, struct fault *f)
{
	size_t from = x->at, end = x->at;
	struct buf out = BUF_INIT(x->text.len + 1);
	struct slice line;
	bool changed = false;

	for (;;) {
		size_t next = x->at;

		if (x->at == x->text.len) {
			buf_release(&out);
			return form_bad(x, f,
			                "the text is cut off; it ends with",
			                FORM_END);
		}
		line = next_line(x->text, &next);
		if (slice_starts(line, FORM_MARK))
			break;
		if (looks_like_mark(line)) {
			line = slice_cut(line, 1, line.len);
			changed = true;
		}
		buf_add(&out, line);
		buf_byte(&out, '\n');
		x->at = end = next;
		x->line++;
	}
	if (out.len)
		buf_cut(&out, out.len - 1);
	r->body = slice_cut(x->text, from, end > from ? end - 1 : end);
	if (changed)
		r->body = arena_copy(x->arena, buf_slice(&out));
	buf_release(&out);
	return true;
}

static bool read_reply(struct form *x, struct fault *f)
{
	struct case_reply r = { .time = CLOCK_NONE };
	struct slice line, *names;

	x->attachment_count = 0;
	for (;;) {
		if (x->at == x->text.len)
			return form_bad(x, f,
			                "the text is cut off; it ends with",
			                FORM_END);
		line = next_line(x->text, &x->at);
		if (line.len && !read_heading(x, &r, line, f))
			return false;
		x->line++;
		if (!line.len)
			break;
	}
	if (!read_body(x, &r, f))
		return false;
	if (x->count == LIMIT_CASE_REPLIES)
		return fault(f, FAULT_LIMIT, "limit-case-replies",
		             "a case has more than %d replies",
		             LIMIT_CASE_REPLIES);
	names = arena_array(x->arena, x->attachment_count, sizeof(*names));
	if (x->attachment_count)
		memcpy(names, x->attachments,
		       x->attachment_count * sizeof(*names));
	r.attachments = names;
	r.attachment_count = x->attachment_count;
	x->replies =
	        memory_room(x->replies, x->count, &x->cap, sizeof(*x->replies));
	x->replies[x->count++] = r;
	return true;
}

static bool read_replies(struct form *x, struct fault *f)
{
	struct slice line;

	next_line(x->text, &x->at);
	x->line = 2;
	for (;;) {
		if (x->at == x->text.len)
			return form_bad(x, f,
			                "the text is cut off; it ends with",
			                FORM_END);
		line = next_line(x->text, &x->at);
		if (slice_eq(line, FORM_END))
			break;
		if (!slice_eq(line, FORM_REPLY))
			return form_bad(x, f,
			                "neither '=== reply' nor '=== "
			                "end':",
			                line);
		x->line++;
		if (!read_reply(x, f))
			return false;
	}
	x->line++;
	return x->at == x->text.len ||
	       form_bad(x, f, "something follows '=== end':",
	                slice_cut(x->text, x->at, x->text.len));
}

bool case_form_read(struct slice text, struct arena *a, struct case_reply **out,
                    size_t *count, struct fault *f)
{
	struct form x = { .text = text, .arena = a };
	bool ok = read_replies(&x, f);

	if (ok) {
		*out = arena_array(a, x.count, sizeof(**out));
		if (x.count)
			memcpy(*out, x.replies, x.count * sizeof(**out));
		*count = x.count;
	}
	free(x.replies);
	free(x.attachments);
	return ok;
}
