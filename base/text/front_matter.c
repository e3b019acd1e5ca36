/*
 * A line at a time, and only what stands at the first level: a key with a
 * value, an inline list or a list of lines. A block is front matter only when
 * every line of it looks like that, so that text between two rules is none.
 */

#include "base/text/front_matter.h"

#include <string.h>

#include "base/json.h"
#include "base/limits.h"
#include "base/text/document_field.h"
#include "base/text/lines.h"

enum { FRONT_MOST = 256 << 10 };

struct front {
	struct arena *a;
	struct document *d;
	struct slice key;  /* whose values may follow on lines of their own */
	bool block;        /* they are one text (| or >) */
	bool bracket;      /* an inline list is not closed yet */
	struct buf folded; /* the text so far */
};

/* A value without its quotes and what they escape. */
static struct slice front_unquote(struct front *p, struct slice s)
{
	struct buf out = BUF_INIT(LIMIT_NAME);
	struct slice copy = s;
	char quote;
	size_t i;

	s = slice_trim(s);
	if (s.len < 2 || (s.at[0] != '"' && s.at[0] != '\'') ||
	    s.at[s.len - 1] != s.at[0])
		return s;
	quote = s.at[0];
	s = slice_cut(s, 1, s.len - 1);
	for (i = 0; i < s.len; i++) {
		if (i + 1 < s.len &&
		    ((quote == '"' && s.at[i] == '\\') ||
		     (quote == '\'' && s.at[i] == '\'' && s.at[i + 1] == '\'')))
			i++;
		buf_byte(&out, s.at[i]);
	}
	copy = out.len == s.len ? s : arena_copy(p->a, buf_slice(&out));
	buf_release(&out);
	return copy;
}

/* Length of a quoted text at the start, its quotes included, or 0. */
static size_t front_quoted(struct slice s)
{
	size_t i;

	if (!s.len || (s.at[0] != '"' && s.at[0] != '\''))
		return 0;
	for (i = 1; i < s.len; i++) {
		if (s.at[i] == '\\' && s.at[0] == '"')
			i++;
		else if (s.at[i] == s.at[0])
			return i + 1;
	}
	return 0;
}

/* Without a comment behind it. */
static struct slice front_comment(struct slice s)
{
	size_t i = front_quoted(s);

	for (; i < s.len; i++)
		if (s.at[i] == '#' && i && strchr(" \t", s.at[i - 1]))
			return slice_trim(slice_cut(s, 0, i));
	return s;
}

/* The items of "a, b]", up to the bracket if it is there. */
static void front_list(struct front *p, struct slice s)
{
	size_t at = 0;

	p->bracket = true;
	while (at < s.len && p->bracket) {
		struct slice rest = slice_cut(s, at, s.len);
		size_t lead = rest.len, end;

		for (lead = 0; lead < rest.len && rest.at[lead] == ' '; lead++)
			;
		end = lead + front_quoted(slice_cut(rest, lead, rest.len));
		while (end < rest.len && rest.at[end] != ',' &&
		       rest.at[end] != ']')
			end++;
		p->bracket = end >= rest.len || rest.at[end] != ']';
		document_field_item(p->d, p->a, p->key,
		                    front_unquote(p, slice_cut(rest, 0, end)));
		at += end + 1;
	}
}

/* The text that came line by line is whole. */
static void front_folded(struct front *p)
{
	if (p->block && p->folded.len)
		document_field(p->d, p->a, p->key,
		               arena_copy(p->a, buf_slice(&p->folded)));
	buf_reset(&p->folded);
	p->block = p->bracket = false;
	p->key = (struct slice){ 0 };
}

static void front_value(struct front *p, struct slice key, struct slice value)
{
	front_folded(p);
	p->key = key;
	value = front_comment(slice_trim(value));
	if (value.len && value.at[0] == '[')
		front_list(p, slice_cut(value, 1, value.len));
	else if (value.len && (value.at[0] == '|' || value.at[0] == '>'))
		p->block = true;
	else if (value.len)
		document_field(p->d, p->a, key, front_unquote(p, value));
}

/* A line below its key: an item, more of a list or of a text. */
static void front_more(struct front *p, struct slice line)
{
	line = slice_trim(line);
	if (p->block) {
		if (p->folded.len)
			buf_byte(&p->folded, ' ');
		buf_add(&p->folded, line);
	} else if (p->bracket) {
		front_list(p, front_comment(line));
	} else if (p->key.len && line.len > 1 && line.at[0] == '-' &&
	           line.at[1] == ' ') {
		line = slice_trim(slice_cut(line, 2, line.len));
		document_field_item(p->d, p->a, p->key,
		                    front_unquote(p, front_comment(line)));
	}
}

/* Where the key of a line ends, before `mark`; 0: there is none. */
static size_t front_key(struct slice line, char mark)
{
	size_t i = front_quoted(line);

	while (i < line.len && i < 100 &&
	       (line_word(line.at[i]) || line.at[i] == '-' ||
	        line.at[i] == '.'))
		i++;
	if (!i)
		return 0;
	while (mark == '=' && i < line.len && line.at[i] == ' ')
		i++;
	if (i >= line.len || line.at[i] != mark)
		return 0;
	return mark == '=' || i + 1 == line.len || strchr(" \t", line.at[i + 1])
	               ? i
	               : 0;
}

/* Whether a line may stand in front matter at all. */
static bool front_allowed(struct slice line, char mark, bool open)
{
	if (line_blank(line) || line.at[0] == '#' || line.at[0] == ' ' ||
	    line.at[0] == '\t')
		return true;
	if (mark == '=')
		return open || line.at[0] == '[' || line.at[0] == ']' ||
		       front_key(line, mark);
	return (line.at[0] == '-' && (line.len == 1 || line.at[1] == ' ')) ||
	       open || line.at[0] == ']' || front_key(line, mark);
}

/* The lines between the fences, or at NULL when it is no front matter; *end
 * is behind them. */
static struct slice front_lines(struct slice text, const char *fence, char mark,
                                size_t *end)
{
	static const struct slice none;
	size_t at = 0, from, here, key;
	bool open = false, any = false;

	if (!slice_eq(line_trim_end(lines_next(text, &at)), slice_of(fence)))
		return none;
	from = here = at;
	while (at < text.len && at < FRONT_MOST) {
		struct slice line = line_trim_end(lines_next(text, &at));

		if (slice_eq(line, slice_of(fence)) ||
		    (mark == ':' && slice_eq(line, SLICE("...")))) {
			*end = at;
			return any || here == from ? slice_cut(text, from, here)
			                           : none;
		}
		if (!front_allowed(line, mark, open) ||
		    (here == from && line_blank(line)))
			return none;
		key = front_key(line, mark);
		any |= key > 0;
		if (key &&
		    slice_starts(slice_trim(slice_cut(line, key + 1, line.len)),
		                 SLICE("[")))
			open = true;
		if (slice_find(line, ']') < line.len)
			open = false;
		here = at;
	}
	return none;
}

static void front_read(struct front *p, struct slice lines, char mark)
{
	size_t at = 0;
	bool section = false;

	while (at < lines.len) {
		struct slice line = line_trim_end(lines_next(lines, &at));
		size_t key = front_key(line, mark);
		struct slice name = slice_trim(slice_cut(line, 0, key));

		if (line_blank(line) || (line.at[0] == '#' && !p->block)) {
			continue;
		} else if (mark == '=' && line.at[0] == '[' && !p->bracket) {
			front_folded(p);
			section = !line_same(line, SLICE("[taxonomies]"));
		} else if (!key) {
			front_more(p, line);
		} else if (!section) {
			front_value(p, front_unquote(p, name),
			            slice_cut(line, key + 1, line.len));
		}
	}
	front_folded(p);
}

static void front_json_value(struct front *p, const struct json *j)
{
	struct slice name = arena_copy(p->a, json_name(j)), value;
	const struct json *item;
	bool yes;

	if (json_text(j, &value))
		document_field(p->d, p->a, name, arena_copy(p->a, value));
	else if (json_bool(j, &yes))
		document_field(p->d, p->a, name,
		               yes ? SLICE("true") : SLICE("false"));
	else if (json_is_array(j))
		for (item = json_first(j); item; item = json_next(item))
			if (json_text(item, &value))
				document_field_item(p->d, p->a, name,
				                    arena_copy(p->a, value));
}

/* An object that ends with a line of its own. */
static size_t front_json(struct front *p, struct slice text)
{
	const struct json *member;
	struct json *all = NULL;
	struct fault ignored;
	size_t at = 0;

	if (!slice_starts(text, SLICE("{")))
		return 0;
	while (at < text.len && at < FRONT_MOST) {
		struct slice line = line_trim_end(lines_next(text, &at));

		if (slice_eq(line, SLICE("}")))
			break;
		if (!line.len)
			return 0;
	}
	if (!json_parse(&all, slice_trim(slice_cut(text, 0, at)), &ignored))
		return 0;
	if (!json_is_object(all))
		at = 0;
	for (member = json_first(all); at && member; member = json_next(member))
		front_json_value(p, member);
	json_free(all);
	return at;
}

size_t front_matter_read(struct slice text, struct arena *a, struct document *d)
{
	struct front p = { .a = a, .d = d, .folded = BUF_INIT(LIMIT_NAME) };
	size_t mark = slice_starts(text, SLICE("\xEF\xBB\xBF")) ? 3 : 0,
	       end = 0;
	struct slice lines;

	text = slice_cut(text, mark, text.len);
	lines = front_lines(text, "---", ':', &end);
	if (lines.at) {
		front_read(&p, lines, ':');
	} else {
		lines = front_lines(text, "+++", '=', &end);
		if (lines.at)
			front_read(&p, lines, '=');
		else
			end = front_json(&p, text);
	}
	buf_release(&p.folded);
	return end ? end + mark : 0;
}
