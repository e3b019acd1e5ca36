/*
 * Attributes of the document: set by entries, said by {name}. Values are
 * expanded when they are set, and what they may grow to is bounded, so that
 * no chain of them makes more than a constant of each byte.
 */

#include <string.h>

#include "base/text/asciidoc_parts.h"
#include "base/text/document_field.h"
#include "base/text/lines.h"
#include "base/utf8.h"

enum { VALUE_MOST = 4096, SPENT_MOST = 1 << 20 };

struct slice asciidoc_intrinsic(struct slice name)
{
	static const struct {
		const char *name, *value;
	} table[] = {
		{ "nbsp", " " },
		{ "sp", " " },
		{ "empty", "" },
		{ "blank", "" },
		{ "zwsp", "" },
		{ "wj", "" },
		{ "lt", "<" },
		{ "gt", ">" },
		{ "amp", "&" },
		{ "apos", "'" },
		{ "quot", "\"" },
		{ "plus", "+" },
		{ "asterisk", "*" },
		{ "caret", "^" },
		{ "tilde", "~" },
		{ "vbar", "|" },
		{ "startsb", "[" },
		{ "endsb", "]" },
		{ "backtick", "`" },
		{ "backslash", "\\" },
		{ "two-colons", "::" },
		{ "two-semicolons", ";;" },
		{ "cpp", "C++" },
		{ "deg", "\xC2\xB0" },
		{ "lsquo", "\xE2\x80\x98" },
		{ "rsquo", "\xE2\x80\x99" },
		{ "ldquo", "\xE2\x80\x9C" },
		{ "rdquo", "\xE2\x80\x9D" },
	};
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (line_same(name, slice_of(table[i].name)))
			return slice_of(table[i].value);
	return (struct slice){ 0 };
}

static struct slice folded(struct slice name, char out[64])
{
	size_t i;

	if (name.len > 64)
		return (struct slice){ 0 };
	for (i = 0; i < name.len; i++)
		out[i] = name.at[i] >= 'A' && name.at[i] <= 'Z'
		                 ? (char)(name.at[i] | 0x20)
		                 : name.at[i];
	return (struct slice){ out, name.len };
}

const struct slice *asciidoc_value(const struct asciidoc *p, struct slice name)
{
	char key[64];
	const struct map_entry *entry =
	        map_get(&p->attributes, folded(name, key));

	return entry ? entry->pointer : NULL;
}

void asciidoc_attribute(struct asciidoc *p, struct slice name,
                        struct slice value)
{
	char key[64];
	struct slice *kept = arena_new(p->a, sizeof(*kept));

	name = folded(name, key);
	if (!name.len)
		return;
	*kept = arena_copy(p->a, utf8_head(value, VALUE_MOST));
	map_put(&p->attributes, name, NULL)->pointer = kept;
	if (!line_same(name, SLICE("version")))
		document_field(p->d, p->a, arena_copy(p->a, name), *kept);
}

/* Length of a name at the start. */
static size_t name_length(struct slice s)
{
	size_t i = 0;

	while (i < s.len && i < 64 && (line_word(s.at[i]) || s.at[i] == '-'))
		i++;
	return i;
}

bool asciidoc_entry(struct asciidoc *p, struct slice line)
{
	struct slice name, value, more;
	struct buf all = BUF_INIT(VALUE_MOST);
	bool unset = false;
	size_t end;

	if (line.len < 3 || line.at[0] != ':')
		return false;
	unset = line.at[1] == '!';
	end = 1 + unset + name_length(slice_cut(line, 1 + unset, line.len));
	name = slice_cut(line, 1 + unset, end);
	if (end < line.len && line.at[end] == '!') {
		unset = true;
		end++;
	}
	if (!name.len || end >= line.len || line.at[end] != ':' ||
	    (end + 1 < line.len && line.at[end + 1] != ' '))
		return false;
	value = slice_trim(slice_cut(line, end + 1, line.len));
	while (slice_ends(value, SLICE(" \\")) && p->at < p->text.len) {
		buf_add(&all, slice_cut(value, 0, value.len - 1));
		more = slice_trim(lines_next(p->text, &p->at));
		value = more;
	}
	buf_add(&all, value);
	if (unset) {
		char key[64];
		struct map_entry *entry =
		        map_get(&p->attributes, folded(name, key));

		if (entry)
			entry->pointer = NULL;
	} else {
		asciidoc_attribute(p, name,
		                   asciidoc_expand(p, buf_slice(&all)));
	}
	buf_release(&all);
	return true;
}

struct slice asciidoc_expand(struct asciidoc *p, struct slice s)
{
	size_t at = 0, from = 0, end;

	buf_reset(&p->expanded);
	while ((at += slice_find(slice_cut(s, at, s.len), '{')) < s.len) {
		struct slice name = slice_cut(s, at + 1, s.len);
		const struct slice *value;

		end = at + 1 + name_length(name);
		name = slice_cut(s, at + 1, end);
		value = end < s.len && s.at[end] == '}' && name.len &&
		                        !(at && s.at[at - 1] == '\\')
		                ? asciidoc_value(p, name)
		                : NULL;
		if (!value || p->spent > SPENT_MOST + s.len) {
			at++;
			continue;
		}
		buf_add(&p->expanded, slice_cut(s, from, at));
		buf_add(&p->expanded, *value);
		p->spent += value->len;
		at = from = end + 1;
	}
	buf_add(&p->expanded, slice_cut(s, from, s.len));
	return buf_slice(&p->expanded);
}

/* One of "name=value" or a position; quotes are gone. */
static void style_part(struct asciidoc *p, struct slice part, unsigned position)
{
	struct asciidoc_style *style = &p->style;
	size_t mark = slice_find(part, '=');
	struct slice name = slice_trim(slice_cut(part, 0, mark));
	struct slice value = slice_trim(slice_cut(part, mark + 1, part.len));

	if (value.len > 1 && (value.at[0] == '"' || value.at[0] == '\''))
		value = slice_cut(value, 1, value.len - 1);
	if (mark == part.len) {
		if (name.len > 1 && (name.at[0] == '"' || name.at[0] == '\''))
			name = slice_cut(name, 1, name.len - 1);
		if (position == 2)
			style->second = name;
		else if (position == 3)
			style->third = name;
	} else if (slice_eq(name, SLICE("cols"))) {
		style->columns = value;
	} else if (slice_eq(name, SLICE("separator"))) {
		style->separator = value;
	} else if (slice_eq(name, SLICE("format"))) {
		style->format = value;
	} else if (slice_eq(name, SLICE("language"))) {
		style->second = value;
	} else if (slice_eq(name, SLICE("start"))) {
		slice_number(value, &style->start);
	} else if (slice_eq(name, SLICE("subs"))) {
		style->attributes =
		        line_find(value, SLICE("attributes")) < value.len ||
		        slice_eq(value, SLICE("normal"));
	} else if (slice_eq(name, SLICE("options")) ||
	           slice_eq(name, SLICE("opts"))) {
		style->hard |=
		        line_find(value, SLICE("hardbreaks")) < value.len;
	}
}

/* The first position: "name#id.role%option". */
static void style_first(struct asciidoc *p, struct slice part)
{
	size_t end = 0;

	part = slice_trim(part);
	if (line_find(part, SLICE("%hardbreaks")) < part.len)
		p->style.hard = true;
	while (end < part.len && !memchr("#.%", part.at[end], 3))
		end++;
	if (end)
		p->style.name = slice_cut(part, 0, end);
}

bool asciidoc_style(struct asciidoc *p, struct slice line)
{
	struct slice s = line_trim_end(line);
	size_t at = 0, from = 0;
	unsigned position = 1;
	char quote = 0;

	if (s.len < 2 || s.at[0] != '[' || s.at[s.len - 1] != ']')
		return false;
	if (s.at[1] == '[')
		return slice_ends(s, SLICE("]]"));
	if (!(s.len == 2 || line_word(s.at[1]) ||
	      memchr("#.%\",{", s.at[1], 6)))
		return false;
	s = arena_copy(p->a, asciidoc_expand(p, slice_cut(s, 1, s.len - 1)));
	for (; at <= s.len; at++) {
		if (at < s.len && quote && s.at[at] != quote)
			continue;
		if (at < s.len && (s.at[at] == '"' || s.at[at] == '\'')) {
			quote = quote ? 0 : s.at[at];
			continue;
		}
		if (at < s.len && s.at[at] != ',')
			continue;
		if (position == 1 &&
		    slice_find(slice_cut(s, from, at), '=') == at - from)
			style_first(p, slice_cut(s, from, at));
		else
			style_part(p, slice_cut(s, from, at), position);
		position++;
		from = at + 1;
	}
	return true;
}

/* Whether the names in a condition are set: "a", "a,b" (any), "a+b" (all). */
static bool condition_holds(const struct asciidoc *p, struct slice names)
{
	bool all = slice_find(names, '+') < names.len, any = false,
	     every = true;
	size_t at = 0;

	while (at < names.len) {
		struct slice rest = slice_cut(names, at, names.len);
		size_t end = slice_find(rest, all ? '+' : ',');
		bool is = asciidoc_value(p, slice_cut(rest, 0, end)) != NULL;

		any |= is;
		every &= is;
		at += end + 1;
	}
	return all ? every : any;
}

/* What conditions have left out so far: 0, or from which depth on. */
struct conditions {
	size_t depth, off;
};

/* A line that begins or ends a condition; `inner` is what "ifdef::a[inner]"
 * holds, if anything is to be shown of it. False: it is none. */
static bool condition(const struct asciidoc *p, struct conditions *c,
                      struct slice line, struct slice *inner)
{
	bool ifdef = slice_starts(line, SLICE("ifdef::"));
	bool ifndef = slice_starts(line, SLICE("ifndef::")), holds;
	size_t open = slice_find(line, '[');

	inner->len = 0;
	if (slice_starts(line, SLICE("endif::"))) {
		c->off = c->off == c->depth ? 0 : c->off;
		c->depth -= c->depth > 0;
		return true;
	}
	if (slice_starts(line, SLICE("ifeval::"))) {
		c->depth++;
		return true;
	}
	if (!ifdef && !ifndef)
		return false;
	holds = condition_holds(p, slice_cut(line, ifdef ? 7 : 8, open)) ==
	        ifdef;
	*inner = slice_cut(line, open + 1, line.len);
	inner->len = slice_find(*inner, ']');
	if (inner->len) {
		if (!holds || c->off)
			inner->len = 0;
		return true;
	}
	c->depth++;
	if (!c->off && !holds)
		c->off = c->depth;
	return true;
}

struct slice asciidoc_conditions(struct asciidoc *p, struct slice text,
                                 struct buf *out)
{
	struct conditions c = { 0 };
	struct slice line, inner;
	size_t from;

	if (line_find(text, SLICE("\nif")) == text.len &&
	    !slice_starts(text, SLICE("if")))
		return text;
	p->text = text;
	for (p->at = 0; p->at < text.len && !buf_full(out);) {
		from = p->at;
		line = lines_next(text, &p->at);
		if (condition(p, &c, line, &inner)) {
			buf_add(out, inner);
			if (inner.len)
				buf_byte(out, '\n');
		} else if (!c.off) {
			asciidoc_entry(p, line);
			buf_add(out, slice_cut(text, from, p->at));
		}
	}
	/* They are set again as the blocks are read. */
	map_reset(&p->attributes);
	return buf_slice(out);
}
