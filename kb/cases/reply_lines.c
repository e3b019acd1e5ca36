/* "Problem: ..." line by line, with the marks of Markdown around the names;
 * lines without a name go on with the field before. */

#include "kb/cases/reply.h"

#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/text/lines.h"

enum { NAME_MOST = 80 };

/* Without what Markdown puts around a name: bullets, stars, numbers. */
static struct slice name_bare(struct slice s)
{
	static const char marks[] = " \t*_#>-`\"'|0123456789.)([]{}";

	while (s.len && strchr(marks, s.at[0]))
		s = slice_cut(s, 1, s.len);
	while (s.len && strchr(marks, s.at[s.len - 1]))
		s.len--;
	return s;
}

/* A value in quotes, as in JSON that is broken elsewhere. */
static struct slice value_bare(struct slice s)
{
	struct slice inner = slice_trim(s);

	if (slice_ends(inner, SLICE(",")))
		inner.len--;
	if (inner.len < 2 || inner.at[0] != '"' ||
	    inner.at[inner.len - 1] != '"')
		return s;
	return slice_cut(inner, 1, inner.len - 1);
}

/* The line's name and what stands behind its colon. */
static bool line_split(struct slice line, enum reply_field *field,
                       struct slice *value)
{
	size_t at, width = 0;

	for (at = 0; at < line.len && at < NAME_MOST && !width; at++) {
		if (line.at[at] == ':')
			width = 1;
		else if (slice_starts(slice_cut(line, at, line.len),
		                      SLICE("：")))
			width = sizeof("：") - 1;
	}
	if (!width ||
	    !reply_field_read(name_bare(slice_cut(line, 0, at - 1)), field))
		return false;
	*value = slice_cut(line, at - 1 + width, line.len);
	while (value->len && strchr(" \t*_", value->at[0]))
		*value = slice_cut(*value, 1, value->len);
	*value = value_bare(*value);
	return true;
}

static void lines_keep(struct case_answer *r, enum reply_field field,
                       const struct buf *value, struct arena *a)
{
	if (field < REPLY_FIELDS)
		reply_set(r, field, arena_copy(a, buf_slice(value)), a);
}

bool reply_lines(struct slice text, struct arena *a, struct case_answer *out)
{
	struct buf value = BUF_INIT(LIMIT_DIGEST_REPLY);
	enum reply_field field = REPLY_FIELDS, next;
	struct case_answer r = { .shape = REPLY_LINES };
	size_t at = 0;

	while (at < text.len) {
		struct slice line = lines_next(text, &at), rest;

		if (line_split(line, &next, &rest)) {
			lines_keep(&r, field, &value, a);
			field = next;
			buf_reset(&value);
			buf_add(&value, rest);
		} else if (slice_starts(slice_trim(line), SLICE("```"))) {
			continue;
		} else if (field >= REPLY_STEPS || slice_trim(line).len) {
			buf_byte(&value, '\n');
			buf_add(&value, line);
		} else if (value.len) {
			/* A blank line ends a sentence. */
			lines_keep(&r, field, &value, a);
			field = REPLY_FIELDS;
		}
	}
	lines_keep(&r, field, &value, a);
	buf_release(&value);
	if (!reply_enough(&r))
		return false;
	*out = r;
	return true;
}
