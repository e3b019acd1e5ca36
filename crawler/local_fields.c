/*
 * Fields are looked for from the left: lines are short. Encoding is that of
 * addresses, so every byte but letters, digits and -._~ is %XX.
 */

#include "crawler/local_fields.h"

#include "base/net/url.h"

void local_fields_add(struct buf *line, const char *name, struct slice value)
{
	if (line->len && line->at[line->len - 1] != '\n' &&
	    line->at[line->len - 1] != '?')
		buf_byte(line, '&');
	buf_text(line, name);
	buf_byte(line, '=');
	url_escape(value, line);
}

void local_fields_number(struct buf *line, const char *name, int64_t value)
{
	struct buf digits = BUF_INIT(32);

	buf_number(&digits, value);
	local_fields_add(line, name, buf_slice(&digits));
	buf_release(&digits);
}

/* As it stands in the line. */
static struct slice find(struct slice line, const char *name)
{
	const struct slice wanted = slice_of(name);

	while (line.len) {
		struct slice field = slice_cut(line, 0, slice_find(line, '&'));
		size_t equals = slice_find(field, '=');

		if (slice_eq(slice_cut(field, 0, equals), wanted) &&
		    equals < field.len)
			return slice_cut(field, equals + 1, field.len);
		line = slice_cut(line, field.len + 1, line.len);
	}
	return (struct slice){ 0 };
}

struct slice local_fields_get(struct slice line, const char *name,
                              struct arena *a)
{
	struct slice raw = find(line, name);
	struct buf out = BUF_INIT(raw.len + 1);

	if (slice_find(raw, '%') == raw.len)
		return raw;
	url_unescape(raw, &out);
	raw = arena_copy(a, buf_slice(&out));
	buf_release(&out);
	return raw;
}

bool local_fields_get_number(struct slice line, const char *name, int64_t *out)
{
	return slice_number(find(line, name), out);
}

bool local_fields_line(struct slice *rest, struct slice *line)
{
	while (rest->len) {
		*line = slice_cut(*rest, 0, slice_find(*rest, '\n'));
		*rest = slice_cut(*rest, line->len + 1, rest->len);
		if (line->len)
			return true;
	}
	return false;
}
